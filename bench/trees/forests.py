"""The forests of the benchmark: what is trained, on what, and how many times onnxruntime's speed is aimed at."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Mapping

ROWS = (10_000, 100, 1)


@dataclass(frozen=True)
class Target:
    """Times onnxruntime's speed to reach with a batch of `rows`, by the widest instructions in use."""

    avx2: float
    avx512: float


def _targets(many: tuple[float, float], some: tuple[float, float], one: float) -> Mapping[int, Target]:
    return MappingProxyType({ROWS[0]: Target(*many), ROWS[1]: Target(*some), ROWS[2]: Target(one, one)})


@dataclass(frozen=True)
class Forest:
    """One forest. All of it but `title` and `targets` is part of the cache's key; `params` are its library's words."""

    name: str
    title: str
    library: str  # xgboost, lightgbm, catboost or sklearn
    params: Mapping[str, object]
    targets: Mapping[int, Target]
    features: int = 28
    train_rows: int = 30_000
    classes: int = 0
    missing: float = 0.0
    categories: tuple[int, ...] = field(default=())


_BOOSTED = {"max_depth": 6, "learning_rate": 0.1, "tree_method": "hist"}
_LEAVES_31 = {"n_estimators": 500, "num_leaves": 31, "learning_rate": 0.05}
_MIXED = _targets((10, 15), (5, 7), 2)

FORESTS = (
    Forest(
        "xgb-d6-100x28",
        "XGBoost, 100 trees, depth 6, 28 features",
        "xgboost",
        {**_BOOSTED, "n_estimators": 100},
        _targets((15, 20), (8, 10), 2),
    ),
    Forest(
        "xgb-d6-1000x100",
        "XGBoost, 1,000 trees, depth 6, 100 features",
        "xgboost",
        {**_BOOSTED, "n_estimators": 1000},
        _targets((16, 24), (12, 16), 4),
        features=100,
    ),
    Forest(
        "xgb-d6-100x100",
        "XGBoost, 100 trees, depth 6, 100 features",
        "xgboost",
        {**_BOOSTED, "n_estimators": 100},
        _targets((8, 12), (5, 7), 2),
        features=100,
    ),
    Forest(
        "xgb-d8-1000x28",
        "XGBoost, 1,000 trees, depth 8, 28 features",
        "xgboost",
        {**_BOOSTED, "n_estimators": 1000, "max_depth": 8},
        _targets((8, 14), (6, 11), 4),
    ),
    Forest(
        "lgbm-500x31",
        "LightGBM, 500 trees, 31 leaves, 28 features",
        "lightgbm",
        _LEAVES_31,
        _targets((18, 26), (9, 11), 1.5),
    ),
    Forest(
        "cat-d6-1000x28",
        "CatBoost, 1,000 trees, depth 6, 28 features",
        "catboost",
        {"iterations": 1000, "depth": 6, "learning_rate": 0.1},
        _targets((50, 90), (30, 45), 4),
    ),
    Forest(
        "rf-300",
        "scikit-learn random forest, 300 unlimited trees",
        "sklearn",
        {"n_estimators": 300, "max_features": 0.3},
        _targets((10, 14), (3, 3), 1),
        train_rows=20_000,
    ),
    Forest(
        "xgb-5-classes",
        "XGBoost, 5 classes, 100 rounds, depth 6",
        "xgboost",
        {**_BOOSTED, "n_estimators": 100},
        _MIXED,
        classes=5,
    ),
    Forest(
        "xgb-missing",
        "XGBoost, 100 trees, depth 6, missing values",
        "xgboost",
        {**_BOOSTED, "n_estimators": 100},
        _MIXED,
        missing=0.15,
    ),
    Forest(
        "xgb-5-classes-missing",
        "XGBoost, 5 classes, 100 rounds, depth 6, missing values",
        "xgboost",
        {**_BOOSTED, "n_estimators": 100},
        _MIXED,
        classes=5,
        missing=0.15,
    ),
    Forest(
        "lgbm-missing", "LightGBM, 500 trees, 31 leaves, missing values", "lightgbm", _LEAVES_31, _MIXED, missing=0.15
    ),
    Forest(
        "lgbm-categories",
        "LightGBM, 500 trees, 31 leaves, categories and missing values",
        "lightgbm",
        _LEAVES_31,
        _MIXED,
        missing=0.05,
        categories=(4, 6, 10, 16),
    ),
    Forest(
        "xgb-categories",
        "XGBoost, 100 trees, depth 6, categories",
        "xgboost",
        {**_BOOSTED, "n_estimators": 100},
        _MIXED,
        categories=(4, 6, 10, 16),
    ),
)


def find(name: str) -> Forest:
    for forest in FORESTS:
        if forest.name == name:
            return forest
    raise KeyError(f"no forest named '{name}'; there are: {', '.join(forest.name for forest in FORESTS)}")
