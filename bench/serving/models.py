"""The models that are served: each a folder with version 1, and one request for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tritonclient.grpc import service_pb2


def tiny(path: Path) -> np.ndarray:
    """relu(x W + b), 16 wide: nothing but overhead."""
    chance = np.random.default_rng(1)
    weights = [
        numpy_helper.from_array(chance.normal(size=size).astype(np.float32), name)
        for name, size in (("W", (16, 16)), ("b", (16,)))
    ]
    nodes = [helper.make_node("Gemm", ["x", "W", "b"], ["g"]), helper.make_node("Relu", ["g"], ["y"])]
    _save(path, nodes, [-1, 16], [-1, 16], weights)
    return chance.normal(size=(1, 16)).astype(np.float32)


def gbdt(path: Path) -> np.ndarray:
    """LightGBM, 200 trees on 50 features: microseconds of computing."""
    import lightgbm
    from onnxmltools.convert import convert_lightgbm
    from onnxmltools.convert.common.data_types import FloatTensorType

    chance = np.random.default_rng(2)
    rows = chance.normal(size=(4000, 50))
    labels = (rows[:, :5].sum(axis=1) + chance.normal(size=4000) > 0).astype(int)
    model = lightgbm.LGBMClassifier(n_estimators=200, num_leaves=31, verbose=-1, n_jobs=1).fit(rows, labels)
    proto = convert_lightgbm(model, initial_types=[("x", FloatTensorType([None, 50]))], zipmap=False, target_opset=15)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(proto, path)
    return rows[:1].astype(np.float32)


def large(path: Path) -> np.ndarray:
    """The mean of each channel of an image of 1x3x224x224: 602 KB in, 12 bytes out, little computing."""
    nodes = [helper.make_node("GlobalAveragePool", ["x"], ["p"]), helper.make_node("Flatten", ["p"], ["y"])]
    _save(path, nodes, [-1, 3, 224, 224], [-1, 3], [])
    return np.random.default_rng(3).normal(size=(1, 3, 224, 224)).astype(np.float32)


MODELS = {"tiny": tiny, "gbdt": gbdt, "large": large}


def request(name: str, x: np.ndarray) -> service_pb2.ModelInferRequest:
    """x as raw contents, as official clients send it."""
    message = service_pb2.ModelInferRequest(model_name=name)
    message.inputs.add(name="x", datatype="FP32", shape=x.shape)
    message.raw_input_contents.append(x.tobytes())
    return message


def _save(path: Path, nodes: list, input_shape: list[int], output_shape: list[int], weights: list) -> None:
    graph = helper.make_graph(
        nodes,
        path.parent.parent.name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, _named(input_shape))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, _named(output_shape))],
        weights,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def _named(shape: list[int]) -> list:
    return ["n" if size < 0 else size for size in shape]
