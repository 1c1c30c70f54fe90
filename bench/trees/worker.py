"""One engine with one forest in a process of its own, so that thread pools, OpenMP runtimes and ISA caps can't meet.

Takes pickled (question, arguments) on standard input and answers on standard output, as `measure.Worker` asks.
"""

from __future__ import annotations

import os
import pickle
import statistics
import sys
import time
import traceback
from dataclasses import replace
from typing import Callable, Iterator

import numpy as np

from bench import machine
from bench.trees.engines import ENGINES
from bench.trees.job import BLOCK_CALLS, Job, Turn

_LEAST_CALLS = 3  # in a turn,
_ENOUGH_TURNS = 2  # unless they have taken the time of so many turns
_PATIENCE = 2.0  # seconds a turn waits for a machine that runs at its full pace


class Host:
    """Holds the engine and its rows."""

    def load(self, job: Job) -> dict[str, str]:
        self._job = job
        self._rows = np.load(job.rows)
        self._engine = ENGINES[job.engine](job)
        self._batches: dict[int, Iterator[np.ndarray]] = {}
        return self._engine.facts()

    def answers(self, count: int) -> tuple[np.ndarray, np.ndarray | None]:
        """Scores and, where the engine gives them, labels of the first `count` rows."""
        x = self._rows[:count]
        labels = self._engine.labels(x) if hasattr(self._engine, "labels") else None
        labels = None if labels is None else np.array(labels)
        return np.array(self._engine.predict(x)), labels

    def turn(self, rows: int, seconds: float) -> Turn:
        """What a batch takes; of one row also without what the model that does nothing takes, if the engine has one."""
        batches = self._batches.setdefault(rows, self._cycle(rows))
        slowness = machine.slowness(self._job.threads, self._job.full_pace, _PATIENCE if seconds > 0 else 0)
        measure = self._paired if rows == 1 and hasattr(self._engine, "empty") else self._plain
        turn = measure(batches, seconds)
        if self._job.threads == 1:  # Else threads of the engine's own may still spin, and tell nothing of others.
            slowness = max(slowness, machine.slowness(1, self._job.full_pace))
        return replace(turn, slowness=slowness)

    def _plain(self, batches: Iterator[np.ndarray], seconds: float) -> Turn:
        times = []
        before = machine.usage()
        while not times or time.perf_counter() < before.wall + seconds * (
            1 if len(times) >= _LEAST_CALLS else _ENOUGH_TURNS
        ):
            times.append(_timed(self._engine.predict, next(batches)))
        return Turn(statistics.median(times), len(times), machine.usage() - before, 0)

    def _paired(self, batches: Iterator[np.ndarray], seconds: float) -> Turn:
        """Blocks of the forest and of the empty model by turns, so short that both of a pair meet the same machine."""
        forest, net = [], []
        before = machine.usage()
        while not net or time.perf_counter() < before.wall + seconds:
            times = [
                statistics.median(_timed(call, next(batches)) for _ in range(BLOCK_CALLS))
                for call in (self._engine.predict, self._engine.empty)
            ]
            forest.append(times[0])
            net.append(times[0] - times[1])
        usage = machine.usage() - before
        return Turn(statistics.median(forest), len(forest) * BLOCK_CALLS, usage, 0, statistics.median(net))

    def _cycle(self, rows: int) -> Iterator[np.ndarray]:
        """Batches for ever: other rows in every call, until all of them were seen."""
        while True:
            for start in range(0, len(self._rows) - rows + 1, rows):
                yield self._rows[start : start + rows]


def _timed(call: Callable, x: np.ndarray) -> float:
    start = time.perf_counter()
    call(x)
    return time.perf_counter() - start


def main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # What engines print must not mix with the answers.
    host = Host()
    while True:
        try:
            question, arguments = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = (True, getattr(host, question)(*arguments))
        except Exception as error:  # Any engine may throw anything: the benchmark goes on without it.
            traceback.print_exc()
            answer = (False, f"{type(error).__name__}: {error}")
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    main()
