"""The emptiest model that still runs a node: what a call costs before the first tree is looked at."""

from __future__ import annotations

import onnx
from onnx import TensorProto, helper


def empty_model(features: int) -> bytes:
    """An ONNX model that negates [N, features] floats. (OpenVINO drops an Identity, and then runs no node at all.)"""
    shape = [None, features]
    graph = helper.make_graph(
        [helper.make_node("Neg", ["input"], ["output"])],
        "empty",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, shape)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()
