"""Trains a forest, exports it to ONNX and keeps both, and rows to predict, under a key of all that went in."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import pickle
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np
import onnx

from bench.trees import data
from bench.trees.forests import Forest

PREDICTED_ROWS = 20_000
_OPSET = 3  # of ai.onnx.ml, and 15 of ai.onnx: what all the converters write.
_LAYOUT = 1  # Raise it when this file trains or writes something else.
_PACKAGES = {
    "xgboost": ("xgboost-cpu", "onnxmltools"),
    "lightgbm": ("lightgbm", "onnxmltools"),
    "catboost": ("catboost",),
    "sklearn": ("scikit-learn", "skl2onnx"),
}


@dataclass(frozen=True)
class Trained:
    """Files of one trained forest; all of them exist."""

    forest: Forest
    onnx: Path
    native: Path
    rows: Path
    facts: dict  # trees, leaves, depth, score on rows not trained on, seconds


def trained(forest: Forest, cache: Path, say: Callable[[str], None]) -> Trained:
    """The forest from the cache, trained first when it is not there."""
    folder = cache / f"{forest.name}-{_key(forest)}"
    files = Trained(forest, folder / "model.onnx", folder / f"native{_SUFFIX[forest.library]}", folder / "rows.npy", {})
    if not (folder / "facts.json").exists():
        say(f"training {forest.name}: {forest.title}")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        facts = _train(forest, files)
        (folder / "facts.json").write_text(json.dumps(facts))
    files.facts.update(json.loads((folder / "facts.json").read_text()))
    return files


def _key(forest: Forest) -> str:
    parts = {
        "forest": {
            k: v if not hasattr(v, "items") else dict(v)
            for k, v in vars(forest).items()
            if k not in ("title", "targets")
        },
        "packages": {p: importlib.metadata.version(p) for p in ("numpy", "onnx", *_PACKAGES[forest.library])},
        "data": _fingerprint(forest),
        "layout": _LAYOUT,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def _fingerprint(forest: Forest) -> str:
    """Of what the forest is trained on: a sample of it."""
    rows = _rows(forest, 64, part=0)
    return hashlib.sha256(rows.x.tobytes() + rows.y.tobytes()).hexdigest()


def _rows(forest: Forest, count: int, part: int) -> data.Rows:
    kinds = {"classes": forest.classes, "missing": forest.missing, "categories": forest.categories}
    return data.make_rows(count, forest.features, **kinds, part=part)


def _train(forest: Forest, files: Trained) -> dict:
    rows = _rows(forest, forest.train_rows, part=0)
    unseen = _rows(forest, PREDICTED_ROWS, part=1)
    start = time.perf_counter()
    model, exported = _TRAINERS[forest.library](forest, rows, files.native)
    onnx.save(exported, files.onnx)
    np.save(files.rows, unseen.x)
    return {
        **_shape_of(exported),
        "score": round(float(model.score(unseen.x, unseen.y)), 4),
        "seconds": round(time.perf_counter() - start, 1),
    }


def _xgboost(forest: Forest, rows: data.Rows, native: Path):
    import xgboost
    from onnxmltools import convert_xgboost

    kinds = ["c"] * len(forest.categories) + ["q"] * (forest.features - len(forest.categories))
    extra = {"feature_types": kinds, "enable_categorical": True} if forest.categories else {}
    model = (xgboost.XGBClassifier if forest.classes else xgboost.XGBRegressor)(**forest.params, **extra, n_jobs=2)
    model.fit(rows.x, rows.y)
    model.save_model(native)
    return model, convert_xgboost(model, initial_types=_float_rows(forest), target_opset=15)


def _lightgbm(forest: Forest, rows: data.Rows, native: Path):
    import lightgbm
    from onnxmltools import convert_lightgbm

    model = (lightgbm.LGBMClassifier if forest.classes else lightgbm.LGBMRegressor)(
        **forest.params, n_jobs=2, verbose=-1
    )
    model.fit(rows.x, rows.y, categorical_feature=list(range(len(forest.categories))) or "auto")
    model.booster_.save_model(native)
    return model, convert_lightgbm(model, initial_types=_float_rows(forest), target_opset=15, zipmap=False)


def _catboost(forest: Forest, rows: data.Rows, native: Path):
    import catboost

    model = (catboost.CatBoostClassifier if forest.classes else catboost.CatBoostRegressor)(
        **forest.params, thread_count=2, verbose=False, allow_writing_files=False, random_seed=1
    )
    model.fit(rows.x, rows.y)
    model.save_model(str(native))
    onnx_file = native.with_suffix(".onnx")
    model.save_model(str(onnx_file), format="onnx")
    exported = onnx.load(onnx_file)
    onnx_file.unlink()
    return model, exported


def _sklearn(forest: Forest, rows: data.Rows, native: Path):
    from skl2onnx import to_onnx
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    model = (RandomForestClassifier if forest.classes else RandomForestRegressor)(
        **forest.params, n_jobs=2, random_state=1
    )
    model.fit(rows.x, rows.y)
    native.write_bytes(pickle.dumps(model))
    return model, to_onnx(
        model,
        rows.x[:1],
        target_opset={"": 15, "ai.onnx.ml": _OPSET},
        options={"zipmap": False} if forest.classes else None,
    )


def _float_rows(forest: Forest):
    from onnxmltools.convert.common.data_types import FloatTensorType

    return [("input", FloatTensorType([None, forest.features]))]


def _shape_of(model: onnx.ModelProto) -> dict:
    """Trees and leaves of the one tree ensemble in `model`."""
    node = next(n for n in model.graph.node if n.op_type.startswith("TreeEnsemble"))
    held = {a.name: a for a in node.attribute}
    trees = np.asarray(held["nodes_treeids"].ints)
    leaves = np.bincount(trees[np.asarray(held["nodes_modes"].strings) == b"LEAF"])
    return {"trees": len(leaves), "leaves": int(leaves.sum()), "most_leaves": int(leaves.max())}


_SUFFIX = {"xgboost": ".json", "lightgbm": ".txt", "catboost": ".cbm", "sklearn": ".pickle"}
_TRAINERS = {"xgboost": _xgboost, "lightgbm": _lightgbm, "catboost": _catboost, "sklearn": _sklearn}
