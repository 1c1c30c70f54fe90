"""The presets that compile the extension for one instruction set, or for this machine, as README has them."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
LEVELS = {"sse42": "x86-64-v2", "avx2": "x86-64-v3", "avx512": "x86-64-v4"}


@pytest.mark.parametrize("preset", [*LEVELS, "native"])
def test_a_preset_makes_the_library(tmp_path, preset):
    done = subprocess.run(["cmake", "--preset", preset, "-B", tmp_path], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    targets = subprocess.run(["ninja", "-C", tmp_path, "-t", "targets", "all"], capture_output=True, text=True).stdout
    isa = re.search(r"^lib/libcpu_extension_(\w+)\.so:", targets, re.MULTILINE)[1]
    assert isa == preset or (preset == "native" and isa in LEVELS)
    commands = subprocess.run(["ninja", "-C", tmp_path, "-t", "commands", f"cpu_extension_{isa}"], capture_output=True, text=True)
    assert set(re.findall(r" -march=(\S+)", commands.stdout)) == {LEVELS[isa]}
