"""Small ONNX models, each made to show one thing, and what they compute in numpy."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TINY_WEIGHTS = (np.arange(12, dtype=np.float32).reshape(4, 3) - 4) / 10

# KServe's name, TensorFlow's name, numpy's type, ONNX's type.
TYPES = [
    ("BOOL", "DT_BOOL", np.bool_, TensorProto.BOOL),
    ("INT8", "DT_INT8", np.int8, TensorProto.INT8),
    ("INT16", "DT_INT16", np.int16, TensorProto.INT16),
    ("INT32", "DT_INT32", np.int32, TensorProto.INT32),
    ("INT64", "DT_INT64", np.int64, TensorProto.INT64),
    ("UINT8", "DT_UINT8", np.uint8, TensorProto.UINT8),
    ("UINT16", "DT_UINT16", np.uint16, TensorProto.UINT16),
    ("UINT32", "DT_UINT32", np.uint32, TensorProto.UINT32),
    ("UINT64", "DT_UINT64", np.uint64, TensorProto.UINT64),
    ("FP16", "DT_HALF", np.float16, TensorProto.FLOAT16),
    ("FP32", "DT_FLOAT", np.float32, TensorProto.FLOAT),
    ("FP64", "DT_DOUBLE", np.float64, TensorProto.DOUBLE),
]

LABELS = ["cat", "", "große Maus"]


def save(folder, version, graph, opsets=(("", 17),)):
    """Writes `folder`/`version`/model.onnx."""
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid(*o) for o in opsets], ir_version=8)
    (folder / str(version)).mkdir(parents=True)
    onnx.save(model, folder / str(version) / "model.onnx")


def tiny(folder, version=1, factor=1.0):
    """y = relu(x W) * factor, any number of rows."""
    constants = [numpy_helper.from_array(TINY_WEIGHTS, "W"), numpy_helper.from_array(np.float32(factor), "factor")]
    nodes = [
        helper.make_node("MatMul", ["x", "W"], ["m"]),
        helper.make_node("Relu", ["m"], ["r"]),
        helper.make_node("Mul", ["r", "factor"], ["y"]),
    ]
    save(
        folder,
        version,
        helper.make_graph(
            nodes,
            "tiny",
            [_value("x", TensorProto.FLOAT, ["n", 4])],
            [_value("y", TensorProto.FLOAT, ["n", 3])],
            constants,
        ),
    )


def tiny_reference(x, factor=1.0):
    return np.maximum(x @ TINY_WEIGHTS, 0) * np.float32(factor)


def repeat(folder, times):
    """y = x, so many times over."""
    constants = [numpy_helper.from_array(np.array([times], np.int64), "times")]
    nodes = [helper.make_node("Tile", ["x", "times"], ["y"])]
    save(
        folder,
        1,
        helper.make_graph(
            nodes,
            "repeat",
            [_value("x", TensorProto.FLOAT, ["n"])],
            [_value("y", TensorProto.FLOAT, ["m"])],
            constants,
        ),
    )


def two(folder):
    """sum = a + b, difference = a - b, of fixed shape."""
    nodes = [helper.make_node("Add", ["a", "b"], ["sum"]), helper.make_node("Sub", ["a", "b"], ["difference"])]
    save(
        folder,
        1,
        helper.make_graph(
            nodes,
            "two",
            [_value(n, TensorProto.FLOAT, [2, 3]) for n in ("a", "b")],
            [_value(n, TensorProto.FLOAT, [2, 3]) for n in ("sum", "difference")],
        ),
    )


def one_hot(folder):
    """y = which of the categories 1, 2, 3 each x is; another is refused by the layer."""
    node = helper.make_node("OneHotEncoder", ["x"], ["y"], domain="ai.onnx.ml", cats_int64s=[1, 2, 3], zeros=0)
    x, y = _value("x", TensorProto.INT64, ["n"]), _value("y", TensorProto.FLOAT, ["n", 3])
    save(folder, 1, helper.make_graph([node], "one_hot", [x], [y]), (("", 17), ("ai.onnx.ml", 3)))


def types(folder, some):
    """For each of some of TYPES: out_T = in_T with its two dimensions swapped."""
    nodes = [helper.make_node("Transpose", [f"in_{name}"], [f"out_{name}"], perm=[1, 0]) for name, *_ in some]
    save(
        folder,
        1,
        helper.make_graph(
            nodes,
            "types",
            [_value(f"in_{t[0]}", t[3], ["a", "b"]) for t in some],
            [_value(f"out_{t[0]}", t[3], ["b", "a"]) for t in some],
        ),
    )


def labels(folder):
    """code = index of the label, back = the label of the index: strings in and out, by a layer that OpenVINO lacks."""
    keys, values = list(range(len(LABELS))), LABELS
    nodes = [
        helper.make_node(
            "LabelEncoder",
            ["text"],
            ["code"],
            domain="ai.onnx.ml",
            keys_strings=values,
            values_int64s=keys,
            default_int64=-1,
        ),
        helper.make_node(
            "LabelEncoder",
            ["index"],
            ["back"],
            domain="ai.onnx.ml",
            keys_int64s=keys,
            values_strings=values,
            default_string="?",
        ),
    ]
    save(
        folder,
        1,
        helper.make_graph(
            nodes,
            "labels",
            [_value("text", TensorProto.STRING, ["n"]), _value("index", TensorProto.INT64, ["n"])],
            [_value("code", TensorProto.INT64, ["n"]), _value("back", TensorProto.STRING, ["n"])],
        ),
        (("", 17), ("ai.onnx.ml", 2)),
    )


def classes(folder):
    """probabilities: a column for "no" and one for "yes", a map for each row in the file."""
    constants = [numpy_helper.from_array(TINY_WEIGHTS[:, :2], "W")]
    nodes = [
        helper.make_node("MatMul", ["x", "W"], ["scores"]),
        helper.make_node(
            "ZipMap", ["scores"], ["probabilities"], domain="ai.onnx.ml", classlabels_strings=["no", "yes"]
        ),
    ]
    key_and_score = helper.make_map_type_proto(
        TensorProto.STRING, helper.make_tensor_type_proto(TensorProto.FLOAT, None)
    )
    output = helper.make_value_info("probabilities", helper.make_sequence_type_proto(key_and_score))
    inputs = [_value("x", TensorProto.FLOAT, ["n", 4])]
    save(folder, 1, helper.make_graph(nodes, "classes", inputs, [output], constants), (("", 17), ("ai.onnx.ml", 1)))


def halves(folder):
    """For x in 0 .. 63: label = "less" below 32 and "more" from there on, scores = 63 - x, x and 0; a tree of 64 leaves."""
    branches, leaves = list(range(63)), list(range(63, 127))
    nodes = branches + leaves
    # A complete tree: the node n has the children 2n + 1 and 2n + 2, and the leaves are in the order of x.
    low = {63 + i: float(i) for i in range(64)}
    for node in reversed(branches):
        low[node] = low[2 * node + 1]
    forest = helper.make_node(
        "TreeEnsembleClassifier",
        ["x"],
        ["label", "scores"],
        domain="ai.onnx.ml",
        nodes_treeids=[0] * 127,
        nodes_nodeids=nodes,
        nodes_featureids=[0] * 127,
        nodes_modes=["BRANCH_LT"] * 63 + ["LEAF"] * 64,
        nodes_values=[low[2 * node + 2] - 0.5 for node in branches] + [0.0] * 64,
        nodes_truenodeids=[2 * node + 1 for node in branches] + [0] * 64,
        nodes_falsenodeids=[2 * node + 2 for node in branches] + [0] * 64,
        class_treeids=[0] * 64 * 2,
        class_nodeids=[leaf for leaf in leaves for _ in range(2)],
        class_ids=[0, 1] * 64,
        class_weights=[weight for i in range(64) for weight in (float(63 - i), float(i))],
        classlabels_strings=["less", "more", "none"],  # of two classes the second has it from 0.5 on
    )
    graph = helper.make_graph(
        [forest],
        "halves",
        [_value("x", TensorProto.FLOAT, ["n", 1])],
        [_value("label", TensorProto.STRING, ["n"]), _value("scores", TensorProto.FLOAT, ["n", 3])],
    )
    save(folder, 1, graph, (("", 17), ("ai.onnx.ml", 2)))


def _value(name, onnx_type, shape):
    return helper.make_tensor_value_info(name, onnx_type, shape)
