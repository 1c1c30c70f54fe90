"""The library that trained a forest, and oneDAL (daal4py), which reads that library's models."""

from __future__ import annotations

import importlib.metadata
import pickle
from typing import Callable

import numpy as np

from bench.trees.job import Job


def _xgboost(job: Job):
    import xgboost

    model = xgboost.Booster(model_file=str(job.native))
    model.set_param({"nthread": job.threads})
    return model, model.inplace_predict, f"xgboost {xgboost.__version__}"


def _lightgbm(job: Job):
    import lightgbm

    model = lightgbm.Booster(model_file=str(job.native))
    return model, lambda x: model.predict(x, num_threads=job.threads), f"lightgbm {lightgbm.__version__}"


def _catboost(job: Job):
    import catboost

    model = catboost.CatBoost().load_model(str(job.native))
    return model, lambda x: model.predict(x, thread_count=job.threads), f"catboost {catboost.__version__}"


def _sklearn(job: Job):
    import sklearn

    model = pickle.loads(job.native.read_bytes())
    model.set_params(n_jobs=job.threads)
    return model, model.predict_proba if job.classes else model.predict, f"scikit-learn {sklearn.__version__}"


_OPEN: dict[str, Callable] = {"xgboost": _xgboost, "lightgbm": _lightgbm, "catboost": _catboost, "sklearn": _sklearn}


class OwnLibrary:
    """The forest's own library on its own file."""

    def __init__(self, job: Job):
        self._model, self._predict, self._version = _OPEN[job.library](job)

    @staticmethod
    def why_not(job: Job) -> str | None:
        return None

    def predict(self, x: np.ndarray) -> np.ndarray:
        return self._predict(x)

    def facts(self) -> dict[str, str]:
        name, version = self._version.split()
        return {name: version}


class Daal4py:
    """oneDAL's gradient-boosting prediction on a converted model."""

    def __init__(self, job: Job):
        import daal4py

        daal4py.daalinit(job.threads)
        self._model = daal4py.mb.convert_model(_OPEN[job.library](job)[0])
        self._predict = self._model.predict_proba if job.classes else self._model.predict

    @staticmethod
    def why_not(job: Job) -> str | None:
        return "converts boosted models only" if job.library == "sklearn" else None

    def predict(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(self._predict(x))

    def facts(self) -> dict[str, str]:
        return {
            "scikit-learn-intelex": importlib.metadata.version("scikit-learn-intelex"),
            "daal": importlib.metadata.version("daal"),
        }
