"""Every format of model that the engine reads, each as the one model y = 2 x + 1 on rows of four numbers."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import pytest
import tritonclient.grpc as triton
from onnx import TensorProto, helper


def openvino_ir(folder):
    import openvino as ov
    from openvino import opset15 as ops
    x = ops.parameter([-1, 4], np.float32, name="x")
    x.output(0).set_names({"x"})
    y = ops.add(ops.multiply(x, np.float32(2)), np.float32(1))
    y.output(0).set_names({"y"})
    ov.save_model(ov.Model([y], [x], "m"), folder / "model.xml")


def onnx(folder):
    import onnx as onnx_package
    nodes = [helper.make_node("Mul", ["x", "two"], ["d"]), helper.make_node("Add", ["d", "one"], ["y"])]
    values = [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["n", 4]) for n in ("x", "y")]
    constants = [helper.make_tensor(n, TensorProto.FLOAT, [], [v]) for n, v in (("two", 2), ("one", 1))]
    graph = helper.make_graph(nodes, "m", values[:1], values[1:], constants)
    onnx_package.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / "model.onnx")


def _tensorflow_function():
    import tensorflow as tf

    class Model(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32, "x")])
        def serve(self, x):
            return {"y": tf.identity(2 * x + 1, "y")}
    return Model()


def saved_model(folder):
    import tensorflow as tf
    model = _tensorflow_function()
    tf.saved_model.save(model, str(folder), signatures={"serving_default": model.serve})


def frozen_graph(folder):
    import tensorflow as tf
    graph = tf.Graph()
    with graph.as_default():
        x = tf.compat.v1.placeholder(tf.float32, [None, 4], "x")
        tf.identity(2 * x + 1, "y")
    (folder / "model.pb").write_bytes(graph.as_graph_def().SerializeToString())


def tflite(folder):
    import tensorflow as tf
    model = _tensorflow_function()
    (folder / "model.tflite").write_bytes(
        tf.lite.TFLiteConverter.from_concrete_functions([model.serve.get_concrete_function()], model).convert())


def paddle(folder):
    """PaddlePaddle's ProgramDesc, encoded by hand: feed -> scale -> fetch."""
    FP32, LOD_TENSOR, FEED, FETCH = 5, 7, 9, 10
    INT, FLOAT, BOOL = 0, 1, 6

    def varint(n):
        n &= (1 << 64) - 1
        out = bytearray()
        while n >= 0x80:
            out.append(n & 0x7F | 0x80)
            n >>= 7
        return bytes(out + bytes([n]))

    def number(field, value):
        return varint(field << 3) + varint(value)

    def nested(field, *parts):
        body = b"".join(p.encode() if isinstance(p, str) else p for p in parts)
        return varint(field << 3 | 2) + varint(len(body)) + body

    def real(field, value):
        return varint(field << 3 | 5) + np.float32(value).tobytes()

    def tensor(name):
        desc = nested(1, number(1, FP32), number(2, -1), number(2, 4))
        return nested(3, nested(1, name), nested(2, number(1, LOD_TENSOR), nested(3, desc)))

    def holder(name, kind):
        return nested(3, nested(1, name), nested(2, number(1, kind)), number(3, 1))

    def attribute(name, kind, value):
        return nested(4, nested(1, name), number(2, kind), value)

    def operator(kind, inputs, outputs, *attributes):
        ports = [nested(field, nested(1, port), nested(2, argument))
                 for field, side in ((1, inputs), (2, outputs)) for port, argument in side.items()]
        return nested(4, *ports, nested(3, kind), *attributes)

    program = nested(
        1, number(1, 0), number(2, -1), holder("feed", FEED), holder("fetch", FETCH), tensor("x"), tensor("y"),
        operator("feed", {"X": "feed"}, {"Out": "x"}, attribute("col", INT, number(3, 0))),
        operator("scale", {"X": "x"}, {"Out": "y"}, attribute("scale", FLOAT, real(4, 2)),
                 attribute("bias", FLOAT, real(4, 1)), attribute("bias_after_scale", BOOL, number(10, 1))),
        operator("fetch", {"X": "y"}, {"Out": "fetch"}, attribute("col", INT, number(3, 0))))
    (folder / "model.pdmodel").write_bytes(program)


FORMATS = [
    (openvino_ir, "openvino", ("x", "y")),
    (onnx, "onnx", ("x", "y")),
    (saved_model, "tensorflow", ("x", "y")),
    (frozen_graph, "tensorflow", ("x:0", "y:0")),
    (tflite, "tflite", ("serving_default_x:0", "PartitionedCall:0")),
    (paddle, "paddle", ("x", "y")),
]


@pytest.mark.parametrize("make,platform,names", FORMATS, ids=[f[0].__name__ for f in FORMATS])
def test_a_model_of_every_format(start, tmp_path, make, platform, names):
    (tmp_path / "m/1").mkdir(parents=True)
    make(tmp_path / "m/1")
    server = start("lamina", "serve", "--model_name", "m", "--model_path", tmp_path / "m", "--port", "0").wait_until_serving()
    x = np.arange(8, dtype=np.float32).reshape(2, 4)
    with triton.InferenceServerClient(server.address) as client:
        metadata = client.get_model_metadata("m")
        assert metadata.platform == platform
        assert list(metadata.inputs[0].shape) == [-1, 4]
        assert (metadata.inputs[0].name, metadata.outputs[0].name) == names
        tensor = triton.InferInput(metadata.inputs[0].name, [2, 4], "FP32")
        tensor.set_data_from_numpy(x)
        result = client.infer("m", [tensor])
        np.testing.assert_allclose(result.as_numpy(metadata.outputs[0].name), 2 * x + 1)
