"""Synthetic rows that a forest can learn from: smooth, interacting signals on some features, and noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_SEED = 20260
_GROUPS = 4  # Friedman terms that add up to the signal, on five features each.


@dataclass(frozen=True)
class Rows:
    """Rows and what they should give; `x` is float32 and C-contiguous, `y` is float32 or a class number."""

    x: np.ndarray
    y: np.ndarray


def make_rows(
    count: int,
    features: int,
    *,
    classes: int = 0,
    missing: float = 0.0,
    categories: tuple[int, ...] = (),
    part: int = 0,
) -> Rows:
    """`count` rows of part `part` (0 to train on, 1 to predict) of one fixed population.

    `classes` 0 asks for a number to regress, else for that many classes. `missing` is the share of values replaced by
    NaN. The first len(categories) features hold whole numbers below the given bounds, each of which shifts the signal
    by an amount of its own.
    """
    population = np.random.default_rng([_SEED, features])
    groups = [population.permutation(features)[:5] for _ in range(_GROUPS)]
    shifts = [population.normal(0, 3, size=bound) for bound in categories]
    random = np.random.default_rng([_SEED, features, 1 + part])
    x = random.random((count, features), dtype=np.float32)
    scores = [_friedman(x, group) for group in groups]
    for feature, shift in enumerate(shifts):
        x[:, feature] = random.integers(0, len(shift), size=count)
        scores[feature % _GROUPS] += shift[x[:, feature].astype(int)]
    y = (
        _classes_of(scores, classes, random)
        if classes
        else (sum(scores) + random.normal(0, 2, size=count)).astype(np.float32)
    )
    if missing:
        x[random.random(x.shape) < missing] = np.nan
    return Rows(np.ascontiguousarray(x), y)


def _friedman(x: np.ndarray, group: np.ndarray) -> np.ndarray:
    a, b, c, d, e = (x[:, feature].astype(np.float64) for feature in group)
    return 10 * np.sin(np.pi * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e


def _classes_of(scores: list[np.ndarray], classes: int, random: np.random.Generator) -> np.ndarray:
    """The class of the greatest of `classes` mixed scores, some noise added."""
    mixed = [scores[k % _GROUPS] - 0.5 * scores[(k + 1) % _GROUPS] * (k // _GROUPS + 1) for k in range(classes)]
    mixed = np.stack([(m - m.mean()) / m.std() for m in mixed], axis=1)
    return np.argmax(mixed + random.normal(0, 0.2, size=mixed.shape), axis=1)
