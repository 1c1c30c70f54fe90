"""The models that are served: each a folder with version 1, and one request for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tritonclient.grpc import service_pb2
from tritonclient.utils import np_to_triton_dtype


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


def resnet50(path: Path) -> np.ndarray:
    """ResNet-50's architecture, its batch norms folded into the convolutions; random weights."""
    net = _Network(4)
    y = net.conv("x", 3, 64, 7, stride=2)
    y = net.node("MaxPool", [y], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    width = 64
    for stage, (inner, blocks) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
        for block in range(blocks):
            stride = 2 if stage > 0 and block == 0 else 1
            z = net.conv(y, width, inner, 1)
            z = net.conv(z, inner, inner, 3, stride=stride)
            z = net.conv(z, inner, 4 * inner, 1, relu=False)
            if block == 0:
                y = net.conv(y, width, 4 * inner, 1, stride=stride, relu=False)
            y, width = net.node("Relu", [net.node("Add", [y, z])]), 4 * inner
    y = net.node("Flatten", [net.node("GlobalAveragePool", [y])])
    net.node("Gemm", [y, net.weight(width, 1000), net.weight(1000)], output="y")
    _save(path, net.nodes, [1, 3, 224, 224], [1, 1000], net.weights)
    return np.random.default_rng(5).normal(size=(1, 3, 224, 224)).astype(np.float32)


def minilm(path: Path) -> np.ndarray:
    """The architecture of MiniLM's encoder: 6 layers, 384 wide, 12 heads, 128 tokens; random weights."""
    net, wide, heads, tokens = _Network(6), 384, 12, 128
    net.constant("split", [1, tokens, heads, wide // heads])
    net.constant("joined", [1, tokens, wide])
    y = net.node("Add", [net.node("Gather", [net.weight(30522, wide), "x"]), net.weight(tokens, wide)])
    for _ in range(6):
        q, k, v = (net.node("Reshape", [net.dense(y, wide, wide), "split"]) for _ in range(3))
        q, v = (net.node("Transpose", [t], perm=[0, 2, 1, 3]) for t in (q, v))
        k = net.node("Transpose", [k], perm=[0, 2, 3, 1])
        scores = net.node("Softmax", [net.node("Mul", [net.node("MatMul", [q, k]), net.weight(1)])], axis=-1)
        mixed = net.node("Transpose", [net.node("MatMul", [scores, v])], perm=[0, 2, 1, 3])
        y = net.norm(net.node("Add", [y, net.dense(net.node("Reshape", [mixed, "joined"]), wide, wide)]), wide)
        inner = net.node("Gelu", [net.dense(y, wide, 4 * wide)])
        y = net.norm(net.node("Add", [y, net.dense(inner, 4 * wide, wide)]), wide)
    net.node("ReduceMean", [y, net.constant("axes", [1])], output="y", keepdims=0)
    _save(path, net.nodes, [1, tokens], [1, wide], net.weights, opset=20, input_type=TensorProto.INT64)
    return np.random.default_rng(7).integers(0, 30522, size=(1, tokens))


class _Network:
    """Nodes and weights of a network that is built one after the other."""

    def __init__(self, seed: int):
        self.nodes, self.weights = [], []
        self._chance = np.random.default_rng(seed)

    def node(self, kind: str, inputs: list[str], output: str = "", **attributes) -> str:
        output = output or f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def weight(self, *shape: int) -> str:
        values = self._chance.normal(size=shape) * np.sqrt(2 / max(1, np.prod(shape[1:])))
        return self._initializer(f"w{len(self.weights)}", values.astype(np.float32))

    def constant(self, name: str, values: list[int]) -> str:
        return self._initializer(name, np.array(values, np.int64))

    def _initializer(self, name: str, values: np.ndarray) -> str:
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def conv(self, x: str, ins: int, outs: int, size: int, stride: int = 1, relu: bool = True) -> str:
        inputs = [x, self.weight(outs, ins, size, size), self.weight(outs)]
        y = self.node("Conv", inputs, strides=[stride] * 2, pads=[size // 2] * 4)
        return self.node("Relu", [y]) if relu else y

    def dense(self, x: str, ins: int, outs: int) -> str:
        return self.node("Add", [self.node("MatMul", [x, self.weight(ins, outs)]), self.weight(outs)])

    def norm(self, x: str, wide: int) -> str:
        return self.node("LayerNormalization", [x, self.weight(wide), self.weight(wide)])


MODELS = {"tiny": tiny, "gbdt": gbdt, "large": large, "resnet50": resnet50, "minilm": minilm}


def request(name: str, x: np.ndarray) -> service_pb2.ModelInferRequest:
    """x as raw contents, as official clients send it."""
    message = service_pb2.ModelInferRequest(model_name=name)
    message.inputs.add(name="x", datatype=np_to_triton_dtype(x.dtype), shape=x.shape)
    message.raw_input_contents.append(x.tobytes())
    return message


def _save(
    path: Path, nodes: list, ins: list[int], outs: list[int], weights: list, opset=17, input_type=TensorProto.FLOAT
):
    graph = helper.make_graph(
        nodes,
        path.parent.parent.name,
        [helper.make_tensor_value_info("x", input_type, _named(ins))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, _named(outs))],
        weights,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9), path)


def _named(shape: list[int]) -> list:
    return ["n" if size < 0 else size for size in shape]
