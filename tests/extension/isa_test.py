"""One library for every CPU: which instruction set runs, on this machine and on older ones (emulated)."""

import re
import shutil

import pytest

from . import models

SSE42, AVX2, AVX512 = 1, 2, 3
TARGETS = {SSE42: {"SSE4"}, AVX2: {"AVX2"}, AVX512: {"AVX3", "AVX3_DL"}}
WORDS = {SSE42: "sse42", AVX2: "avx2", AVX512: "avx512"}

emulated = pytest.mark.skipif(not shutil.which("qemu-x86_64"), reason="no qemu-x86_64 on this machine (package qemu-user)")


def machine():
    flags = set(re.search(r"^flags\s*:(.*)$", open("/proc/cpuinfo").read(), re.M).group(1).split())
    if {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"} <= flags:
        return AVX512
    return AVX2 if {"avx2", "fma", "bmi2"} <= flags else SSE42


def _check(run_model, extension, tree_model, isa_model, layers, isa, **how):
    """Trees give the right value on a target of this instruction set, and another library's layers are told it, too."""
    done = run_model(extension, tree_model, LAMINA_LOG="info", **how)
    assert done.returncode == 0 and str(models.TREE_OUTPUT) in done.stdout, done.stdout
    assert re.search(r"Highway's target (\w+)", done.stdout).group(1) in TARGETS[isa], done.stdout
    done = run_model(extension, isa_model, LAMINA_LAYERS=str(layers), **how)
    assert done.returncode == 0 and done.stdout.split()[-1] == str(isa), done.stdout  # qemu warns of what it lacks


def test_this_machine(run_model, extension, tree_model, isa_model, test_layers):
    _check(run_model, extension, tree_model, isa_model, test_layers, machine())


@pytest.mark.parametrize("isa", [SSE42, AVX2, AVX512], ids=WORDS.get)
def test_capped(run_model, extension, tree_model, isa_model, test_layers, isa):
    if isa > machine():
        pytest.skip(f"not shown: this machine has no {WORDS[isa]}")
    _check(run_model, extension, tree_model, isa_model, test_layers, isa, CPU_EXTENSION_ISA=WORDS[isa])


@emulated
@pytest.mark.parametrize("cpu, isa", [("Nehalem", SSE42), ("Haswell", AVX2)])
def test_older_machines(run_model, extension, tree_model, isa_model, test_layers, cpu, isa):
    _check(run_model, extension, tree_model, isa_model, test_layers, isa, cpu=cpu)


@emulated
def test_a_library_for_avx2_is_refused_with_words(run_model, extension, isa_model, test_layers):
    for_avx2 = test_layers.with_name("liblamina_bridge_test_layers_avx2.so")
    done = run_model(extension, isa_model, cpu="Haswell", LAMINA_LAYERS=str(for_avx2))
    assert done.returncode == 0 and done.stdout.split()[-1] == str(AVX2), done.stdout
    done = run_model(extension, isa_model, cpu="Nehalem", LAMINA_LAYERS=str(for_avx2))
    assert done.returncode == 1 and f"'{for_avx2}' needs a CPU with AVX2, this one has SSE4.2" in done.stdout
    # The dynamic loader itself, for programs that do not ask ours.
    done = run_model(for_avx2, isa_model, cpu="Nehalem")
    assert done.returncode == 1 and "CPU ISA level is lower than required" in done.stdout


ONE_TARGET = [(SSE42, "Nehalem", None), (AVX2, "Haswell", "Nehalem"), (AVX512, None, "Haswell")]


@pytest.mark.parametrize("isa, runs_on, refused_on", ONE_TARGET, ids=[WORDS[t[0]] for t in ONE_TARGET])
def test_libraries_for_one_instruction_set(run_model, extension, tree_model, isa_model, test_layers, isa, runs_on, refused_on):
    library = extension.with_name(f"libcpu_extension_{WORDS[isa]}.so")
    if not library.exists():
        pytest.skip(f"{library.name} was not built (-DENABLE_{WORDS[isa].upper()}{'F' if isa == AVX512 else ''}=ON)")
    if isa > machine():
        pytest.skip(f"not shown: this machine has no {WORDS[isa]}")
    done = run_model(library, tree_model, cpu=runs_on, LAMINA_LOG="info")
    assert done.returncode == 0 and str(models.TREE_OUTPUT) in done.stdout, done.stdout
    assert re.search(r"Highway's target (\w+)", done.stdout).group(1) in TARGETS[isa], done.stdout
    if refused_on:
        done = run_model(library, tree_model, cpu=refused_on)
        assert done.returncode == 1 and "CPU ISA level is lower than required" in done.stdout


def test_an_unknown_word_is_told_and_caps_nothing(run_model, extension, isa_model, test_layers):
    done = run_model(extension, isa_model, LAMINA_LAYERS=str(test_layers), CPU_EXTENSION_ISA="avx3")
    assert done.returncode == 0 and "'avx3' is none of sse42, avx2, avx512" in done.stdout
    assert done.stdout.split()[-1] == str(machine())


def test_a_level_of_the_log_that_is_none_is_told(run_model, extension, tree_model):
    done = run_model(extension, tree_model, LAMINA_LOG="loud")
    assert done.returncode == 0 and "LAMINA_LOG: 'loud' is none of debug, info, warning, error" in done.stdout
