"""How a worker measures, on a clock that the engine moves; run by pytest from the repository's root."""

from types import SimpleNamespace

import numpy as np
import pytest

from bench.trees import worker

_EMPTY, _FOREST = 13e-6, 16e-6  # seconds a call, on a machine that is not disturbed


class _Engine:
    """Moves the clock as a machine does that is disturbed at times and becomes slower and slower."""

    def __init__(self):
        self.now = 0.0
        self._calls = 0

    def _spend(self, seconds: float) -> None:
        self._calls += 1
        self.now += seconds * (10 if self._calls % 7 == 0 else 1 + self.now)

    def predict(self, x: np.ndarray) -> None:
        self._spend(_FOREST * len(x))

    def empty(self, x: np.ndarray) -> None:
        self._spend(_EMPTY * len(x))


@pytest.fixture
def host(monkeypatch):
    host = worker.Host()
    host._engine, host._rows, host._batches = _Engine(), np.zeros((1000, 3), np.float32), {}
    host._job = SimpleNamespace(threads=1, full_pace=20e-6)
    host.paces = iter(())
    monkeypatch.setattr(worker.machine, "pace", lambda threads: next(host.paces, 20e-6))
    monkeypatch.setattr(worker.machine.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(worker.time, "perf_counter", lambda: host._engine.now)
    return host


def test_one_row_is_measured_in_pairs_which_a_drift_does_not_touch(host):
    turn = host.turn(1, 0.5)
    slowest = 1 + host._engine.now
    assert slowest > 1.4  # which is 6 us of a forest's call, and twice what the difference is
    assert _FOREST < turn.seconds < _FOREST * slowest
    assert _FOREST - _EMPTY <= turn.net_seconds <= (_FOREST - _EMPTY) * slowest * 1.05


def test_a_batch_is_not_measured_in_pairs(host):
    turn = host.turn(100, 0.5)
    assert turn.net_seconds is None
    assert turn.seconds > 100 * _FOREST


def test_an_engine_without_an_empty_model_has_no_net_time(host, monkeypatch):
    monkeypatch.delattr(_Engine, "empty")
    assert host.turn(1, 0.01).net_seconds is None


def test_a_turn_of_no_time_still_has_a_pair(host):
    turn = host.turn(1, 0.0)
    assert turn.calls == worker.BLOCK_CALLS and turn.net_seconds > 0


def test_a_turn_waits_for_the_full_pace_and_tells_when_it_was_lost(host):
    host.paces = iter([35e-6, 30e-6, 20.5e-6])
    assert host.turn(100, 0.1).slowness < 1
    host.paces = iter([35e-6, 20e-6, 30e-6])  # the last: after the turn
    assert host.turn(100, 0.1).slowness > 1
