"""What our extension says that it runs: it logs a line for every forest that it lays out, kernels and target in it."""

from __future__ import annotations

import re

LOG_VARIABLE = {"LAMINA_LOG": "info"}  # with which the library says it
_LINE = re.compile(r"(\d+ trees, .*)")
_TARGET = re.compile(r"\b(AVX3|AVX2|SSE4)\w*")  # Highway's names; AVX3 and what begins so is AVX-512
_ISAS = {"AVX3": "avx512", "AVX2": "avx2", "SSE4": "sse42"}


def layout_line(log: str) -> str | None:
    """The last line about a forest in what the library wrote, or None."""
    lines = _LINE.findall(log)
    return lines[-1].strip() if lines else None


def objection(line: str | None, cap: str) -> str | None:
    """Why a library that said `line` can't stand for the instructions of `cap`; None if it can, or without a cap."""
    if not cap:
        return None
    if line is None:
        return "the library does not say which instructions it runs: that a cap works is not shown"
    target = _TARGET.search(line)
    if target and _ISAS[target.group(1)] != cap:
        return f"with CPU_EXTENSION_ISA={cap} the library says that it runs {target.group(0)}"
    return None  # The target asked for, or trees that are walked one by one, for which there are none.
