"""The project's own scripts: how they run what is long, and what they remember of the tests."""

import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def tree(tmp_path):
    """A small project: the scripts, a source, a program, an environment of Python's."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    for file in ("server/a.cc", "build/release/bin/lamina", "build/release/lib/libx.so"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("one")
    (tmp_path / "build/venv/lib/python3.11/site-packages/numpy").mkdir(parents=True)
    return tmp_path


def shell(tree, script, **environment):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LAMINA", "CPU_EXTENSION"))}
    return subprocess.run(["bash", "-c", f"set -euo pipefail; source scripts/lib.sh; source scripts/tested.sh; {script}"],
                          cwd=tree, env={**clean, **environment}, capture_output=True, text=True)


def state(tree, **environment):
    run = shell(tree, "state_of_tests", **environment)
    assert run.returncode == 0 and not run.stderr, run.stderr
    return run.stdout.strip()


def test_the_state_of_the_tests_is_the_same_until_something_changes(tree):
    before = state(tree)
    assert len(before) == 64 and state(tree) == before
    (tree / "build/log").mkdir()
    (tree / "build/log/x.log").write_text("what was built is what counts, not what was said")
    assert state(tree) == before


@pytest.mark.parametrize("file", ["server/a.cc", "server/b.cc", "build/release/bin/lamina", "build/release/lib/libx.so",
                                  "build/venv/lib/python3.11/site-packages/pandas"])
def test_another_file_is_another_state(tree, file):
    before = state(tree)
    (tree / file).write_text("two")
    assert state(tree) != before


def test_a_variable_that_our_programs_read_is_another_state(tree):
    assert state(tree, CPU_EXTENSION_ISA="sse42") != state(tree)


def test_what_passed_is_remembered_for_that_state_alone(tree):
    (tree / "unit.log").write_text("1/1 Test #1: x ... Passed\n100% tests passed, 0 tests failed out of 1\nTotal Test time\n")
    (tree / "e2e.log").write_text("....\n========= 4 passed, 1 skipped in 2.00s ========\n")
    assert shell(tree, "passed_before some").returncode == 1
    assert shell(tree, "remember_passed some unit.log e2e.log").returncode == 0
    known = shell(tree, "passed_before some")
    assert known.returncode == 0 and "nothing has changed since all tests passed" in known.stdout
    assert "100% tests passed, 0 tests failed out of 1\n" in known.stdout and "4 passed, 1 skipped in 2.00s\n" in known.stdout
    assert shell(tree, "passed_before another").returncode == 1


def test_a_long_step_shows_how_far_it_is(tree):
    run = shell(tree, "logged step bash -c 'echo [1/2] first; sleep 32; echo [2/2] second'; say after")
    assert run.returncode == 0 and " s: [1/2] first\n" in run.stdout and "[2/2]" not in run.stdout
    assert (tree / "build/log/step.log").read_text() == "[1/2] first\n[2/2] second\n"


def test_a_step_that_fails_shows_its_end_and_ends_the_script(tree):
    run = shell(tree, "logged step bash -c 'echo no such thing; exit 3'; say after")
    assert run.returncode == 1 and "after" not in run.stdout
    assert run.stderr == "no such thing\nerror: 'bash -c echo no such thing; exit 3' failed; all it said is in build/log/step.log\n"
