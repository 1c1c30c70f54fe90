"""What a worker process is asked to run, what it reports, and what an engine has to offer it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from bench.machine import Usage

BLOCK_CALLS = 50  # of a forest, and then as many of the empty model, where one row is measured


@dataclass(frozen=True)
class Job:
    """Files of one trained forest, the engine to run them on and how many threads may work on it."""

    engine: str
    library: str  # the forest's own: xgboost, lightgbm, catboost or sklearn
    features: int
    classes: int
    leaves: int
    onnx: Path
    native: Path
    artifacts: Path  # a folder for what engines compile, kept from run to run
    rows: Path
    threads: int
    full_pace: float  # `machine.pace` of so many threads, when nobody disturbs them
    extension: Path


@dataclass(frozen=True)
class Turn:
    """What one engine did before the next one's turn."""

    seconds: float  # a call's, the median of the turn
    calls: int
    usage: Usage
    slowness: float  # of the machine, `machine.slowness`
    net_seconds: float | None = None  # the same without what an empty model costs, where that was measured

    @property
    def disturbance(self) -> float:
        """By others, seen or not: at 1 and beyond the turn does not count, if enough others do."""
        return max(self.usage.disturbance, self.slowness)


class Engine(Protocol):
    """Made from a Job, after `why_not` said None. It may also have `labels(x)`, and `empty(x)`: a call of no forest."""

    @staticmethod
    def why_not(job: Job) -> str | None:
        """Why this engine can't run the forest, or None when it can. Imports nothing heavy."""

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Scores of the rows: [N] or [N, classes]."""

    def facts(self) -> dict[str, str]:
        """What the report says about it: versions, and how it runs."""
