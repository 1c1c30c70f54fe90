"""Small ONNX models for the tests of the extension."""

import onnx
from onnx import TensorProto, helper

FLOAT, INT32 = TensorProto.FLOAT, TensorProto.INT32
TREE_OUTPUT = 3.5  # what trees() gives for a row of ones


def _model(nodes, inputs, outputs, *domains):
    graph = helper.make_graph(nodes, "g", inputs, outputs)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18), *(helper.make_opsetid(d, v) for d, v in domains)])


def one_node(domain, operator, version=1, output=FLOAT, **attributes):
    return _model([helper.make_node(operator, ["x"], ["y"], domain=domain, **attributes)],
                  [helper.make_tensor_value_info("x", FLOAT, [None, 3])],
                  [helper.make_tensor_value_info("y", output, None)], (domain, version))


def trees():
    """Two trees: x0 < 0.5 ? 1 : 2 and x1 <= 1 ? 1.5 : 9."""
    return one_node(
        "ai.onnx.ml", "TreeEnsembleRegressor", 3, n_targets=1,
        nodes_treeids=[0, 0, 0, 1, 1, 1], nodes_nodeids=[0, 1, 2, 0, 1, 2], nodes_featureids=[0, 0, 0, 1, 0, 0],
        nodes_modes=["BRANCH_LT", "LEAF", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF"], nodes_values=[0.5, 0, 0, 1.0, 0, 0],
        nodes_truenodeids=[1, 0, 0, 1, 0, 0], nodes_falsenodeids=[2, 0, 0, 2, 0, 0],
        target_treeids=[0, 0, 1, 1], target_nodeids=[1, 2, 1, 2], target_ids=[0, 0, 0, 0], target_weights=[1.0, 2.0, 1.5, 9.0])


def save(path, model):
    onnx.save(model, path)
    return path
