"""What one model of the zoo is, and the register that the family modules fill."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Built:
    """A trained and converted model with held-out rows for its inputs."""

    onnx: bytes
    feeds: dict[str, np.ndarray]
    trained: tuple = ()  # names of the estimator classes inside


@dataclass(frozen=True)
class Case:
    """One model. `build` trains and converts it; it is called once, inside the test."""

    name: str
    build: Callable[[], Built]
    estimators: tuple[str, ...]  # names of the classes it is meant to cover
    rtol: float = 1e-5
    atol: float = 1e-5
    tolerance_reason: str = ""  # REQUIRED where a tolerance is above 1e-5
    refused: str = ""  # words of the error with which converter or onnxruntime refuse it: not counted, but checked


CASES: dict[str, Case] = {}


def add(name, estimators, build, **options):
    """Registers a case. A name may be used once."""
    if name in CASES:
        raise ValueError(f"zoo case {name!r} is registered twice")
    case = Case(name, build, tuple(estimators), **options)
    if max(case.rtol, case.atol) > 1e-5 and not case.tolerance_reason:
        raise ValueError(f"zoo case {name!r} has a wide tolerance and no tolerance_reason")
    CASES[name] = case
