"""The extension in stock OpenVINO. LAMINA_BUILD names the build directory (build/release without it)."""

import os
import pathlib
import subprocess
import sys

import pytest

from . import models

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("LAMINA_BUILD", ROOT / "build/release"))
SECONDS = 120


def _environment(more):
    kept = {k: v for k, v in os.environ.items() if k not in ("LD_LIBRARY_PATH", "LAMINA_LAYERS", "LAMINA_LOG", "CPU_EXTENSION_ISA")}
    return {**kept, **more}


@pytest.fixture
def extension():
    return BUILD / "lib/libcpu_extension.so"


@pytest.fixture
def test_layers():
    """A library of layers that was built against the SDK alone."""
    return BUILD / "lib/liblamina_bridge_test_layers.so"


@pytest.fixture
def throwing_layers():
    return BUILD / "sdk/loader/testdata/libloader_throws.so"


@pytest.fixture
def python(tmp_path):
    """Runs Python code in a process of its own, far from the build, and returns what it printed and its exit code."""

    def run(code, **environment):
        return subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=_environment(environment), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS)

    return run


@pytest.fixture
def run_model(tmp_path):
    """Runs a C++ program that links OpenVINO alone: run_model(extension, model, cpu="Nehalem")."""

    def run(extension, model, cpu=None, **environment):
        emulator = ["qemu-x86_64", "-cpu", cpu] if cpu else []
        return subprocess.run([*emulator, BUILD / "bin/lamina_run_model", extension, model], cwd=tmp_path,
                              env=_environment(environment), text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=SECONDS)

    return run


@pytest.fixture
def tree_model(tmp_path):
    return models.save(tmp_path / "tree.onnx", models.trees())


@pytest.fixture
def isa_model(tmp_path):
    return models.save(tmp_path / "isa.onnx", models.one_node("test", "Isa", output=models.INT32))
