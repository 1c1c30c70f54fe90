"""A library of an older minor version loads; one of another major version is refused with both versions named."""

import re
import struct

import pytest

from . import models
from .stock_openvino_test import RUN

MAGIC = b"LAMINA\0\0"


def _versions(header):
    return struct.unpack_from("<3I", header, len(MAGIC))  # struct_size, abi_major, abi_minor


@pytest.fixture
def library_of(test_layers, tmp_path):
    """The test's library as one of another ABI version."""

    def make(major, minor):
        content = bytearray(test_layers.read_bytes())
        tables = [m.start() for m in re.finditer(re.escape(MAGIC), content) if _versions(content[m.start():m.start() + 20])[0] < 256]
        assert len(tables) == 1
        struct.pack_into("<2I", content, tables[0] + len(MAGIC) + 4, major, minor)
        path = tmp_path / f"libof_{major}_{minor}.so"
        path.write_bytes(content)
        return path

    return make


@pytest.fixture
def versions(test_layers):
    content = test_layers.read_bytes()
    return next(_versions(content[m.start():m.start() + 20])[1:] for m in re.finditer(re.escape(MAGIC), content))


def _run(python, extension, library, tmp_path):
    model = models.save(tmp_path / "m.onnx", models.one_node("test", "LeakyRelu"))
    return python(RUN.format(extension=str(extension), model=str(model)), LAMINA_LAYERS=str(library))


def test_an_older_minor_version_loads(python, extension, library_of, versions, tmp_path):
    major, minor = versions
    done = _run(python, extension, library_of(major, minor - 1), tmp_path)
    assert done.returncode == 0 and "values [1.0" in done.stdout, done.stdout


@pytest.mark.parametrize("step", [(1, 0), (0, 1)], ids=["another major", "newer minor"])
def test_others_are_refused_with_both_versions(python, extension, library_of, versions, step, tmp_path):
    major, minor = versions[0] + step[0], versions[1] + step[1]
    done = _run(python, extension, library_of(major, minor), tmp_path)
    assert done.returncode != 0
    refusal = next(line for line in done.stdout.splitlines() if "LAMINA_LAYERS" in line)
    assert f"{major}.{minor}" in refusal and f"{versions[0]}.{versions[1]}" in refusal
