"""ONNX's own test cases of the operators that our library brings to OpenVINO."""

import warnings
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx.backend.test.loader import load_model_tests
from zoo.compare import differences

# Every operator of ai.onnx.ml, and of other domains those that a layer or a rewrite of ours takes.
OPERATORS = {"RegexFullMatch", "StringConcat", "StringNormalizer", "StringSplit", "TfIdfVectorizer"}
# Cases of operators that the engine has, but gets wrong here, and ours corrects.
NAMES = {"test_equal_string", "test_equal_string_broadcast", "test_top_k_same_values", "test_top_k_same_values_2d",
         "test_top_k_same_values_largest", "test_tile", "test_tile_precomputed"}
ML_CASES = 8  # in the suite of onnx 1.23


def _tensor(value):
    """The array of a case's input or output."""
    array = np.asarray(value)
    return array.astype(str) if array.dtype.kind == "O" else array


def _stored(folder, kind):
    """The tensors of one data set on disk, in order."""
    files = sorted(folder.glob(f"{kind}_*.pb"), key=lambda path: int(path.stem.rpartition("_")[2]))
    return [onnx.numpy_helper.to_array(onnx.load_tensor(str(path))) for path in files]


def _loaded(case):
    """The model and [(inputs, outputs)] of a case, which the loader holds in memory or on disk."""
    if case.model is not None:
        return case.model, case.data_sets
    folder = Path(case.model_dir)
    sets = [(_stored(data, "input"), _stored(data, "output")) for data in sorted(folder.glob("test_data_set_*"))]
    return onnx.load(folder / "model.onnx"), sets


def _cases():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # casts that overflow on purpose
        every = load_model_tests(kind="node") + load_model_tests(kind="simple")
    kept = {}
    for case in every:
        model = case.model or onnx.load(Path(case.model_dir) / "model.onnx")
        nodes = model.graph.node
        if case.name in NAMES or any(n.domain == "ai.onnx.ml" or n.op_type in OPERATORS for n in nodes):
            kept[case.name] = case
    return kept


CASES = _cases()


def test_every_ml_operator_of_the_suite_is_here():
    assert len([name for name in CASES if name.startswith("test_ai_onnx_ml_")]) == ML_CASES
    assert not NAMES - CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_case(name, engine, record_property):
    record_property("counted", True)
    case = CASES[name]
    model, sets = _loaded(case)
    for inputs, outputs in sets:
        feeds = {port.name: _tensor(value) for port, value in zip(model.graph.input, inputs)}
        want = {port.name: _tensor(value) for port, value in zip(model.graph.output, outputs)}
        (got,) = engine.run(model.SerializeToString(), [feeds])
        lines = differences(want, got, case.rtol, case.atol)
        assert not lines, "\n".join(lines)
