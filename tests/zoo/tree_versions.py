"""Trained forests told in the forms of tree operators that no converter writes yet.

Version 3 of ai.onnx.ml may hold thresholds and weights as double tensors; version 5 has one operator, TreeEnsemble,
with leaves apart from nodes and sets of categories.
"""

import lightgbm as lgb
import numpy as np
import onnx
from onnx import helper, numpy_helper
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor

from .boosters import lightgbm_onnx
from .case import Built, add
from .data import as_categories, split, with_missing
from .sklearn_case import ML3, convert, fit, tensor_type

_MODES = {"BRANCH_LEQ": 0, "BRANCH_LT": 1, "BRANCH_GTE": 2, "BRANCH_GT": 3, "BRANCH_EQ": 4, "BRANCH_NEQ": 5}
_MEMBER = 6
_SUM = 1


def _regressor(model):
    node = next(n for n in model.graph.node if n.op_type == "TreeEnsembleRegressor")
    return node, {a.name: helper.get_attribute_value(a) for a in node.attribute}


def _as_double_tensors(onnx_bytes):
    """Version 3, whose values are double tensors instead of lists of floats; the input becomes double."""
    model = onnx.load_from_string(onnx_bytes)
    node, old = _regressor(model)
    for name in ("nodes_values", "nodes_hitrates", "target_weights", "base_values"):
        if name in old:
            node.attribute.remove(next(a for a in node.attribute if a.name == name))
            values = np.array(old[name], np.float64)
            node.attribute.append(helper.make_attribute(f"{name}_as_tensor", numpy_helper.from_array(values)))
    model.graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.DOUBLE
    return _with_version(model, 3)


def _with_version(model, version):
    for entry in model.opset_import:
        if entry.domain == "ai.onnx.ml":
            entry.version = version
    return model.SerializeToString()


class _Flat:
    """Nodes and leaves of TreeEnsemble-5, collected from the root of every tree of a TreeEnsembleRegressor."""

    def __init__(self, old):
        self._old = old
        self._place = {key: i for i, key in enumerate(zip(old["nodes_treeids"], old["nodes_nodeids"]))}
        self._weights = dict(zip(zip(old["target_treeids"], old["target_nodeids"]), old["target_weights"]))
        self.nodes, self.leaves, self.roots = [], [], []
        for tree in dict.fromkeys(old["nodes_treeids"]):
            self.roots.append(self._add(tree, 0)[1])

    def _add(self, tree, node):
        """(is a leaf, its number). A node that two parents share is copied: version 5 knows no such."""
        i = self._place[tree, node]
        if self._old["nodes_modes"][i] == b"LEAF":
            self.leaves.append(self._weights[tree, node])
            return True, len(self.leaves) - 1
        number = len(self.nodes)
        self.nodes.append(None)
        sides = [self._add(tree, self._old[f"nodes_{side}nodeids"][i]) for side in ("true", "false")]
        self.nodes[number] = (i, *sides)
        return False, number


def _tree_ensemble(old, member, dtype):
    """The attributes of TreeEnsemble-5 for those of a TreeEnsembleRegressor with one target."""
    flat = _Flat(old)
    rows = [i for i, _, _ in flat.nodes]
    codes = [_MODES[old["nodes_modes"][i].decode()] for i in rows]
    values = np.array([old["nodes_values"][i] for i in rows], dtype)
    attributes = {}
    if member:
        sets = [value for value, code in zip(values, codes) if code == _MODES["BRANCH_EQ"]]
        attributes["membership_values"] = np.array([v for value in sets for v in (value, np.nan)], dtype)
        codes = [_MEMBER if code == _MODES["BRANCH_EQ"] else code for code in codes]
    for name, end in (("true", 1), ("false", 2)):
        attributes[f"nodes_{name}leafs"] = [int(node[end][0]) for node in flat.nodes]
        attributes[f"nodes_{name}nodeids"] = [node[end][1] for node in flat.nodes]
    missing = old.get("nodes_missing_value_tracks_true") or [0] * len(old["nodes_modes"])
    return attributes | {
        "nodes_featureids": [old["nodes_featureids"][i] for i in rows],
        "nodes_missing_value_tracks_true": [missing[i] for i in rows],
        "nodes_modes": np.array(codes, np.uint8), "nodes_splits": values,
        "tree_roots": flat.roots, "leaf_targetids": [0] * len(flat.leaves),
        "leaf_weights": np.array(flat.leaves, dtype),
        "n_targets": 1, "aggregate_function": _SUM, "post_transform": 0,
    }


def _as_tree_ensemble(onnx_bytes, member=False, dtype=np.float32):
    """Version 5: TreeEnsemble; with `member`, equality becomes membership in a set of one."""
    model = onnx.load_from_string(onnx_bytes)
    node, old = _regressor(model)
    assert "base_values" not in old and old["n_targets"] == 1
    attributes = {
        name: numpy_helper.from_array(value) if isinstance(value, np.ndarray) else value
        for name, value in _tree_ensemble(old, member, dtype).items()
    }
    node.CopyFrom(helper.make_node("TreeEnsemble", node.input, node.output, domain="ai.onnx.ml", **attributes))
    if dtype == np.float64:
        for port in (model.graph.input[0], model.graph.output[0]):
            port.type.tensor_type.elem_type = onnx.TensorProto.DOUBLE
    return _with_version(model, 5)


def _add(name, model, change, rewrite, dtype=np.float32, **options):
    def build():
        halves = split("diabetes")
        train, test = (change(rows) if change else rows for rows in (halves.train, halves.test))
        trained = fit(model, train, halves.target) if "fit" not in options else model.fit(
            train, halves.target, **options["fit"])
        if isinstance(model, lgb.LGBMRegressor):
            source = lightgbm_onnx(trained, train.shape[1])
        else:
            source = convert(trained, [("X", tensor_type("float32", train.shape[1]))], target_opset=ML3)
        return Built(rewrite(source), {"X": test.astype(dtype)})

    add(name, (type(model).__name__,), build)


def _bins(rows):
    return as_categories(rows, [1, 3])


_L = {"verbose": -1, "n_jobs": 1, "random_state": 0, "min_child_samples": 5}
_FIT = {"fit": {"categorical_feature": [1, 3]}}
_plain, _forest = lgb.LGBMRegressor(n_estimators=30, **_L), RandomForestRegressor(8, random_state=0)
_categories = lgb.LGBMRegressor(n_estimators=15, min_data_per_group=5, cat_smooth=1.0, **_L)
for _name, _rewrite, _dtype in [
    ("v3-double", _as_double_tensors, np.float64),
    ("v5", _as_tree_ensemble, np.float32),
    ("v5-double", lambda source: _as_tree_ensemble(source, dtype=np.float64), np.float64),
]:
    _add(f"TreeEnsemble-{_name}-LightGBM", _plain, None, _rewrite, _dtype)
    _add(f"TreeEnsemble-{_name}-missing", _plain, with_missing, _rewrite, _dtype)
    _add(f"TreeEnsemble-{_name}-categories", _categories, _bins, _rewrite, _dtype, **_FIT)
    _add(f"TreeEnsemble-{_name}-forest", _forest, None, _rewrite, _dtype)
    _add(f"TreeEnsemble-{_name}-extra-trees", ExtraTreesRegressor(5, random_state=0), None, _rewrite, _dtype)
_add("TreeEnsemble-v5-member", _categories, _bins, lambda source: _as_tree_ensemble(source, member=True), **_FIT)
_add("TreeEnsemble-v5-member-double", _categories, _bins,
     lambda source: _as_tree_ensemble(source, member=True, dtype=np.float64), np.float64, **_FIT)
