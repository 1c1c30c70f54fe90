"""LightGBM, XGBoost and CatBoost on their own."""

import catboost as cb
import lightgbm as lgb
import numpy as np
import xgboost as xgb

from .boosters import catboost_onnx, lightgbm_onnx, xgboost_onnx
from .case import Built, add
from .data import as_categories, split, with_missing


def _groups(count, size=15):
    """Sizes of the groups a ranker is trained on."""
    sizes = [size] * (count // size)
    return sizes + ([count % size] if count % size else [])


def _rows(data, labels, change):
    halves = split(data)
    train, test = halves.train, halves.test
    if change:
        train, test = change(train), change(test)
    return train, halves.labels(labels) if labels else halves.target, test


def _lightgbm(name, model, data, labels=None, change=None, fit=None, convert=None, **case):
    def build():
        train, target, test = _rows(data, labels, change)
        extra = {"group": _groups(len(train))} if isinstance(model, lgb.LGBMRanker) else {}
        model.fit(train, target, **extra, **(fit or {}))
        return Built(lightgbm_onnx(model, train.shape[1], **(convert or {})), {"X": test})

    add(f"LightGBM-{name}", (type(model).__name__,), build, **case)


def _xgboost(name, model, data, labels=None, change=None, **case):
    def build():
        train, target, test = _rows(data, labels, change)
        extra = {"group": _groups(len(train))} if isinstance(model, xgb.XGBRanker) else {}
        model.fit(train, target, **extra)
        source = model.get_booster() if isinstance(model, xgb.XGBRanker) else model
        return Built(xgboost_onnx(source, train.shape[1]), {"X": test})

    add(f"XGBoost-{name}", (type(model).__name__,), build, **case)


def _catboost(name, model, data, labels=None, change=None, fit=None, **case):
    def build():
        train, target, test = _rows(data, labels, change)
        extra = dict(fit or {})
        if isinstance(model, cb.CatBoostRanker):
            extra["group_id"] = np.repeat(np.arange(len(train)), 15)[: len(train)]
        model.fit(train, target, **extra)
        return Built(catboost_onnx(model), {"features": test})

    add(f"CatBoost-{name}", (type(model).__name__,), build, **case)


_L = {"verbose": -1, "n_jobs": 1, "random_state": 0, "min_child_samples": 5}
_bins = lambda rows: as_categories(rows, [1, 3])  # noqa: E731
_lightgbm("binary", lgb.LGBMClassifier(n_estimators=20, **_L), "cancer", "int")
_lightgbm("binary-no-zipmap", lgb.LGBMClassifier(n_estimators=9, **_L), "cancer", "odd", convert={"zipmap": False})
_lightgbm("binary-strings", lgb.LGBMClassifier(n_estimators=20, **_L), "cancer", "str")
_lightgbm("multi", lgb.LGBMClassifier(n_estimators=10, **_L), "wine", "int")
_lightgbm("multi-strings", lgb.LGBMClassifier(n_estimators=10, **_L), "iris", "str")
_lightgbm("multi-ova", lgb.LGBMClassifier(n_estimators=5, objective="multiclassova", **_L), "iris", "int")
_lightgbm("digits", lgb.LGBMClassifier(n_estimators=5, num_leaves=63, **_L), "digits", "int")
_lightgbm("missing", lgb.LGBMClassifier(n_estimators=20, **_L), "cancer", "int", with_missing)
_lightgbm("missing-multi", lgb.LGBMClassifier(n_estimators=8, **_L), "wine", "str", with_missing)
_lightgbm("zero-as-missing", lgb.LGBMRegressor(n_estimators=8, zero_as_missing=True, **_L), "digits")
_lightgbm("categories", lgb.LGBMRegressor(n_estimators=15, min_data_per_group=5, cat_smooth=1.0, **_L), "diabetes",
          change=_bins, fit={"categorical_feature": [1, 3]})
_lightgbm("categories-classes", lgb.LGBMClassifier(n_estimators=10, min_data_per_group=5, cat_smooth=1.0, **_L),
          "cancer", "str", change=_bins, fit={"categorical_feature": [1, 3]})
_lightgbm("random-forest", lgb.LGBMClassifier(n_estimators=8, boosting_type="rf", bagging_freq=1,
                                              bagging_fraction=0.7, **_L), "cancer", "int")
_lightgbm("random-forest-regressor", lgb.LGBMRegressor(n_estimators=8, boosting_type="rf", bagging_freq=1,
                                                       bagging_fraction=0.7, **_L), "diabetes")
_lightgbm("goss", lgb.LGBMClassifier(n_estimators=10, data_sample_strategy="goss", **_L), "cancer", "int")
_lightgbm("dart", lgb.LGBMRegressor(n_estimators=15, boosting_type="dart", **_L), "diabetes")
_lightgbm("regressor", lgb.LGBMRegressor(n_estimators=100, **_L), "diabetes")
_lightgbm("regressor-split", lgb.LGBMRegressor(n_estimators=50, **_L), "diabetes", convert={"split": 10})
_lightgbm("one-tree", lgb.LGBMRegressor(n_estimators=1, num_leaves=2, **_L), "diabetes")
_lightgbm("300-leaves", lgb.LGBMRegressor(n_estimators=3, num_leaves=300, **{**_L, "min_child_samples": 1}), "diabetes")
for _objective in ("poisson", "gamma", "tweedie", "quantile", "mae", "huber", "fair", "mape"):
    _lightgbm(_objective, lgb.LGBMRegressor(n_estimators=10, objective=_objective, **_L), "diabetes")
_lightgbm("ranker", lgb.LGBMRanker(n_estimators=10, **_L), "iris", "int")

_X = {"n_jobs": 1, "random_state": 0}
_xgboost("binary", xgb.XGBClassifier(n_estimators=20, **_X), "cancer", "int")
_xgboost("multi", xgb.XGBClassifier(n_estimators=10, **_X), "wine", "int")
_xgboost("digits", xgb.XGBClassifier(n_estimators=4, max_depth=4, **_X), "digits", "int")
_xgboost("depth-9", xgb.XGBRegressor(n_estimators=12, max_depth=9, **_X), "diabetes")
_xgboost("missing", xgb.XGBClassifier(n_estimators=15, **_X), "cancer", "int", with_missing)
_xgboost("missing-regressor", xgb.XGBRegressor(n_estimators=15, **_X), "diabetes", change=with_missing)
_xgboost("categories", xgb.XGBRegressor(n_estimators=8, enable_categorical=True, feature_types=list("qcqc") + ["q"] * 6,
                                        **_X), "diabetes", change=_bins)
_xgboost("dart", xgb.XGBRegressor(n_estimators=10, booster="dart", **_X), "diabetes")
_xgboost("linear", xgb.XGBRegressor(n_estimators=10, booster="gblinear", **_X), "diabetes")
_xgboost("random-forest", xgb.XGBRFClassifier(n_estimators=8, **_X), "cancer", "int")
_xgboost("random-forest-multi", xgb.XGBRFClassifier(n_estimators=5, **_X), "iris", "int")
_xgboost("random-forest-regressor", xgb.XGBRFRegressor(n_estimators=8, **_X), "diabetes")
_xgboost("regressor", xgb.XGBRegressor(n_estimators=100, max_depth=6, **_X), "diabetes")
_xgboost("targets", xgb.XGBRegressor(n_estimators=5, **_X), "linnerud")
for _objective in ("count:poisson", "reg:gamma", "reg:tweedie", "reg:absoluteerror", "reg:squaredlogerror"):
    _xgboost(_objective.replace(":", "-"), xgb.XGBRegressor(n_estimators=10, objective=_objective, **_X), "diabetes")
_xgboost("softprob", xgb.XGBClassifier(n_estimators=5, objective="multi:softprob", **_X), "iris", "int")
_xgboost("softmax", xgb.XGBClassifier(n_estimators=5, objective="multi:softmax", **_X), "iris", "int")
_xgboost("logitraw", xgb.XGBClassifier(n_estimators=5, objective="binary:logitraw", **_X), "cancer", "int")
_xgboost("base-score", xgb.XGBRegressor(n_estimators=5, base_score=0.3, **_X), "diabetes")
_xgboost("ranker", xgb.XGBRanker(n_estimators=10, **_X), "iris", "int")

_C = {"verbose": False, "thread_count": 2, "random_seed": 0, "allow_writing_files": False}
_catboost("binary", cb.CatBoostClassifier(iterations=20, **_C), "cancer", "int")
_catboost("binary-strings", cb.CatBoostClassifier(iterations=10, **_C), "cancer", "str")
_catboost("multi", cb.CatBoostClassifier(iterations=10, **_C), "wine", "int")
_catboost("multi-strings", cb.CatBoostClassifier(iterations=10, **_C), "iris", "str")
_catboost("multi-ova", cb.CatBoostClassifier(iterations=5, loss_function="MultiClassOneVsAll", **_C), "iris", "int")
_catboost("missing", cb.CatBoostClassifier(iterations=15, **_C), "cancer", "int", with_missing)
_catboost("missing-max", cb.CatBoostRegressor(iterations=15, nan_mode="Max", **_C), "diabetes", change=with_missing)
_catboost("regressor", cb.CatBoostRegressor(iterations=100, **_C), "diabetes")
_catboost("depth-10", cb.CatBoostRegressor(iterations=4, depth=10, **_C), "diabetes")
_catboost("lossguide", cb.CatBoostRegressor(iterations=10, grow_policy="Lossguide", **_C), "diabetes")
_catboost("depthwise", cb.CatBoostRegressor(iterations=10, grow_policy="Depthwise", **_C), "diabetes")
for _loss in ("Poisson", "Quantile:alpha=0.8", "MAE", "Huber:delta=10", "Tweedie:variance_power=1.5"):
    _catboost(_loss.split(":")[0].lower(), cb.CatBoostRegressor(iterations=10, loss_function=_loss, **_C), "diabetes")
_catboost("targets", cb.CatBoostRegressor(iterations=5, loss_function="MultiRMSE", **_C), "linnerud")
_catboost("ranker", cb.CatBoostRanker(iterations=10, loss_function="YetiRank", **_C), "iris", "int")
_catboost("categories", cb.CatBoostClassifier(iterations=5, cat_features=[1], **_C), "cancer", "int",
          change=lambda rows: as_categories(rows, [1]).astype(int).astype(object))
