"""Measures engines in turns: each has one in every round, so that all of them share a slow minute."""

from __future__ import annotations

import os
import pickle
import random
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.trees import proof
from bench.trees.job import Job, Turn

_ROOT = Path(__file__).resolve().parents[2]
_PAUSE_SECONDS = 0.005  # between turns
_SPIN_SECONDS = 0.15  # more with several threads: onnxruntime's pool spins for tens of milliseconds after its turn
_MOST_ROUNDS = 3  # times the rounds asked for, when the machine is disturbed,
_MOST_SECONDS = 60.0  # but none are added to a cell that took so long
_CLOCK_SECONDS = 1e-7  # what the clock can tell: no difference is said to be less


class EngineFailed(RuntimeError):
    """The engine of the contestant `label` can't do what it was asked; the message is its own."""

    def __init__(self, label: str, message: str):
        super().__init__(message)
        self.label = label


@dataclass(frozen=True)
class Contestant:
    """An engine in a table's column; `isa` caps our extension's instructions ('' is no cap)."""

    label: str
    engine: str
    isa: str = ""


class Worker:
    """A process that runs one engine on one forest. Not thread-safe."""

    def __init__(self, contestant: Contestant, job: Job, log: Path):
        job = replace(job, engine=contestant.engine)
        environment = {k: v for k, v in os.environ.items() if k != "CPU_EXTENSION_ISA"} | {
            "OMP_NUM_THREADS": str(job.threads)
        }
        environment.update(proof.LOG_VARIABLE)
        if contestant.isa:
            environment["CPU_EXTENSION_ISA"] = contestant.isa
        self.label = contestant.label
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.trees.worker"],
            cwd=_ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        try:
            self.facts = self.ask("load", job)
        except EngineFailed:
            self.close()
            raise

    def ask(self, question: str, *arguments):
        try:
            pickle.dump((question, arguments), self._process.stdin)
            self._process.stdin.flush()
            fine, answer = pickle.load(self._process.stdout)
        except (EOFError, BrokenPipeError) as error:
            code = self._process.wait()
            raise EngineFailed(
                self.label, f"its process ended with {code} at '{question}'; see {self._log.name}"
            ) from error
        if not fine:
            raise EngineFailed(self.label, answer)
        return answer

    def log_text(self) -> str:
        """What the process wrote to its standard error so far."""
        return Path(self._log.name).read_text(errors="replace")

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._log.close()


@dataclass(frozen=True)
class Measured:
    """Median of an engine's turns on batches of one size."""

    seconds: float
    net_seconds: float | None  # without what an empty model costs; None where that was not measured
    turns: int
    dropped: int  # turns thrown away because the machine was disturbed
    contaminated: bool  # too few clean turns were left: the least disturbed count


@dataclass(frozen=True)
class Agreement:
    """How an engine's answers differ from onnxruntime's."""

    greatest: float  # |a - b| / (1 + |b|)
    rows_beyond: int  # rows with a difference above TOLERANCE
    labels_differ: int | None
    rows: int


TOLERANCE = 1e-5


def agreement(worker: Worker, reference: Worker, rows: int) -> Agreement:
    scores, labels = worker.ask("answers", rows)
    wanted, wanted_labels = reference.ask("answers", rows)
    if scores.size != wanted.size:
        raise EngineFailed(worker.label, f"answers have shape {scores.shape}, onnxruntime's {wanted.shape}")
    wanted = wanted.reshape(len(wanted), -1)
    difference = np.abs(scores.reshape(wanted.shape) - wanted) / (1 + np.abs(wanted))
    difference[np.isnan(difference)] = np.inf
    labels_differ = (
        None if labels is None or wanted_labels is None else int(np.sum(labels.ravel() != wanted_labels.ravel()))
    )
    return Agreement(
        float(difference.max()), int(np.sum(difference.max(axis=1) > TOLERANCE)), labels_differ, len(wanted)
    )


def cell(workers: list[Worker], rows: int, repeats: int, turn_seconds: float, threads: int) -> dict[str, Measured]:
    """Every worker's time for a batch of `rows`, by label; at least `repeats` turns each, in another order each round."""
    turns: dict[str, list[Turn]] = {worker.label: [] for worker in workers}
    for worker in workers:
        worker.ask("turn", rows, 0.0)  # Not counted: first touch of memory, threads started.
    start = time.perf_counter()
    for done in range(repeats * _MOST_ROUNDS):
        clean = min(sum(t.disturbance < 1 for t in turns[w.label]) for w in workers)
        if done >= repeats and (clean >= repeats or time.perf_counter() - start > _MOST_SECONDS):
            break
        for worker in random.sample(workers, len(workers)):
            time.sleep(_PAUSE_SECONDS if threads == 1 else _SPIN_SECONDS)
            turns[worker.label].append(worker.ask("turn", rows, turn_seconds))
    return {label: _measured(turns[label], repeats) for label in turns}


def _measured(turns: list[Turn], repeats: int) -> Measured:
    clean = [turn for turn in turns if turn.disturbance < 1]
    contaminated = len(clean) < (repeats + 1) // 2
    kept = sorted(turns, key=lambda turn: turn.disturbance)[: (repeats + 1) // 2] if contaminated else clean
    seconds = statistics.median(turn.seconds for turn in kept)
    nets = [turn.net_seconds for turn in kept if turn.net_seconds is not None]
    net_seconds = max(statistics.median(nets), _CLOCK_SECONDS) if nets else None
    return Measured(seconds, net_seconds, len(kept), len(turns) - len(kept), contaminated)
