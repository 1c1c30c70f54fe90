"""Writes the small model that the documentation's examples ask: y = relu(x W).

    python examples/tiny/make.py DIRECTORY

writes DIRECTORY/1/model.onnx: the input x is [rows, 4] f32, the output y [rows, 3] f32; [1, 2, 3, 4] gives [5, 6, 7]."""
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WEIGHTS = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], np.float32)


def make(directory):
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "W"], ["xW"]), helper.make_node("Relu", ["xW"], ["y"])],
        "tiny",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", 3])],
        [numpy_helper.from_array(WEIGHTS, "W")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    os.makedirs(os.path.join(directory, "1"), exist_ok=True)
    onnx.save(model, os.path.join(directory, "1", "model.onnx"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    make(sys.argv[1])
