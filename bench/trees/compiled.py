"""Engines that turn a forest into machine code once: lleaves (LLVM) and tl2cgen (C, gcc); the code is kept."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import numpy as np

from bench.trees.job import Job

_MOST_LEAVES = 10_000  # gcc takes minutes for more


class LLeaves:
    """lleaves: LightGBM models through LLVM."""

    def __init__(self, job: Job):
        import lleaves

        self._threads = job.threads
        self._model = lleaves.Model(str(job.native))
        self._model.compile(cache=str(job.artifacts / f"lleaves-{importlib.metadata.version('lleaves')}.o"))

    @staticmethod
    def why_not(job: Job) -> str | None:
        return None if job.library == "lightgbm" else "reads LightGBM models only"

    def predict(self, x: np.ndarray) -> np.ndarray:
        return self._model.predict(x, n_jobs=self._threads)

    def facts(self) -> dict[str, str]:
        return {p: importlib.metadata.version(p) for p in ("lleaves", "llvmlite")}


class Tl2cgen:
    """tl2cgen: models that treelite reads, as C compiled by gcc."""

    def __init__(self, job: Job):
        import tl2cgen

        self._matrix = tl2cgen.DMatrix
        self._predictor = tl2cgen.Predictor(self._library(job), nthread=job.threads)

    @staticmethod
    def why_not(job: Job) -> str | None:
        if job.library not in ("xgboost", "lightgbm"):
            return (
                "treelite reads no CatBoost models"
                if job.library == "catboost"
                else f"too big for gcc: {job.leaves:,} leaves"
            )
        return None if job.leaves <= _MOST_LEAVES else f"too big for gcc: {job.leaves:,} leaves"

    @staticmethod
    def _library(job: Job) -> Path:
        """The compiled forest; gcc runs when it is not there yet."""
        import tl2cgen
        import treelite

        path = job.artifacts / f"tl2cgen-{tl2cgen.__version__}.so"
        if not path.exists():
            load = (
                treelite.frontend.load_xgboost_model
                if job.library == "xgboost"
                else treelite.frontend.load_lightgbm_model
            )
            made = path.with_suffix(".new.so")
            tl2cgen.export_lib(
                load(str(job.native)),
                toolchain="gcc",
                libpath=made,
                params={"parallel_comp": 16, "quantize": 1},
                nthread=1,
            )
            made.rename(path)
        return path

    def predict(self, x: np.ndarray) -> np.ndarray:
        return self._predictor.predict(self._matrix(x, dtype="float32"))

    def facts(self) -> dict[str, str]:
        return {p: importlib.metadata.version(p) for p in ("tl2cgen", "treelite")}
