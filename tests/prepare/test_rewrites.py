"""Rewrites to the engine's own operators: stock OpenVINO, no library of ours, against other implementations."""

import numpy as np
import onnx
import onnx.parser
import onnxruntime
import pytest
from onnx.backend.test.loader import load_model_tests
from onnx.reference import ReferenceEvaluator
from prepare.models import model, normalizer_max

RNG = np.random.default_rng(7)


def onnxruntime_says(proto, feeds):
    return onnxruntime.InferenceSession(proto.SerializeToString()).run(None, feeds)


def test_normalizer_max_divides_by_the_largest_value(stock):
    x = np.array([[-8, 2, 4], [-8, -2, -4], [0, 0, 0], [-1, 0, -3]], np.float32)
    expected = onnxruntime_says(normalizer_max(), {"x": x})[0]
    np.testing.assert_array_equal(stock.run(normalizer_max(), {"x": x})[0], expected)


FUNCTION = """
g (float[N, 3] x, bool c) => (float[N, 3] y, float[N, 3] z) {
  y = local.Scale <factor = 3.0> (x, c)
  t = local.Scale (y, c)
  z = Identity (t)
}
<domain: "local", opset_import: ["" : 18, "local" : 1]>
Scale <factor: float = 0.5> (x, c) => (y) {
  f = Constant <value_float: float = @factor> ()
  y = If (c) <
    then_branch = t () => (b) { a = local.Twice (x)  b = Mul (a, f) },
    else_branch = e () => (b) { a = Neg (x)  b = Mul (a, f) }
  >
}
<domain: "local", opset_import: ["" : 18]>
Twice (x) => (y) { y = Add (x, x) }
"""


@pytest.mark.parametrize("condition", [True, False])
def test_functions_nested_in_branches_with_attributes(stock, condition):
    proto = model(FUNCTION, domains='"local" : 1')
    feeds = {"x": RNG.random((4, 3), np.float32), "c": np.array(condition)}
    for got, expected in zip(stock.run(proto, feeds), onnxruntime_says(proto, feeds), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-6)


def test_knn_imputer_of_skl2onnx(stock):
    from skl2onnx import to_onnx
    from sklearn.impute import KNNImputer

    rows = RNG.random((50, 4), np.float32)
    rows[::7, 1] = np.nan
    imputer = KNNImputer(n_neighbors=3).fit(rows)
    proto = to_onnx(imputer, rows[:1])
    assert proto.functions
    some = RNG.random((20, 4), np.float32)
    some[3, 1] = some[9, 0] = some[9, 2] = np.nan
    a_row_of_nothing = some.copy()
    a_row_of_nothing[5] = np.nan  # onnxruntime fails here
    for batch in (RNG.random((5, 4), np.float32), some, a_row_of_nothing):
        np.testing.assert_allclose(stock.run(proto, {"X": batch})[0], imputer.transform(batch), rtol=1e-5)


@pytest.mark.parametrize("op, gates", [("RNN", 1), ("GRU", 3), ("LSTM", 4)])
def test_recurrent_layers_with_the_batch_first(stock, op, gates):
    batch, steps, inputs, hidden = 2, 5, 3, 4
    cell = ", float[2, 1, 4] last_c" if op == "LSTM" else ""
    proto = model(f"""
g (float[2, 5, 3] x, float[2, 1, 4] h) => (float[2, 5, 1, 4] y, float[2, 1, 4] last{cell}) {{
  y, last{", last_c" if cell else ""} = {op} <hidden_size = 4, layout = 1> (x, w, r, b, , h)
}}""")
    for name, shape in (("w", (1, gates * hidden, inputs)), ("r", (1, gates * hidden, hidden)), ("b", (1, 2 * gates * hidden))):
        tensor = onnx.numpy_helper.from_array(RNG.normal(size=shape).astype(np.float32), name)
        proto.graph.initializer.append(tensor)
    feeds = {"x": RNG.normal(size=(batch, steps, inputs)).astype(np.float32),
             "h": RNG.normal(size=(batch, 1, hidden)).astype(np.float32)}
    # The same network with layout 0, which all agree on.
    plain = model(f"""
g (float[5, 2, 3] x, float[1, 2, 4] h) => (float[5, 1, 2, 4] y, float[1, 2, 4] last{cell.replace("2, 1", "1, 2")}) {{
  y, last{", last_c" if cell else ""} = {op} <hidden_size = 4> (x, w, r, b, , h)
}}""")
    plain.graph.initializer.extend(proto.graph.initializer)
    swapped = {name: np.ascontiguousarray(value.swapaxes(0, 1)) for name, value in feeds.items()}
    expected = onnxruntime_says(plain, swapped)
    got = stock.run(proto, feeds)
    np.testing.assert_allclose(got[0], expected[0].transpose(2, 0, 1, 3), rtol=1e-4, atol=1e-5)
    for state, other in zip(got[1:], expected[1:], strict=True):
        np.testing.assert_allclose(state, other.swapaxes(0, 1), rtol=1e-4, atol=1e-5)


def test_space_to_depth_by_columns(stock):
    cases = {case.name: case for case in load_model_tests(kind="node") if case.name.startswith("test_spacetodepth")}
    case = cases["test_spacetodepth_crd_mode_example"]
    for inputs, outputs in case.data_sets:
        np.testing.assert_array_equal(stock.run(case.model, inputs)[0], outputs[0])
    x = RNG.random((2, 3, 4, 6), np.float32)
    dynamic = onnx.ModelProto()
    dynamic.CopyFrom(case.model)
    for value in (*dynamic.graph.input, *dynamic.graph.output):
        for index, dim in enumerate(value.type.tensor_type.shape.dim):
            dim.dim_param = f"d{index}"
    (block,) = (a.i for a in dynamic.graph.node[0].attribute if a.name == "blocksize")
    n, c, h, w = x.shape
    parts = x.reshape(n, c, h // block, block, w // block, block).transpose(0, 1, 3, 5, 2, 4)
    expected = parts.reshape(n, c * block * block, h // block, w // block)
    np.testing.assert_array_equal(stock.run(dynamic, [x])[0], expected)


def test_two_constants_after_a_product_of_doubles(stock):
    text = "v = Log (a)  d = Sub (w, v)  p = MatMul (x, d)  s = ReduceSum (v, axis)  q = Add (p, s)  y = Add (q, b)"
    proto = model(f"g (double[N, 4] x) => (double[N, 3] y) {{ {text} }}")
    for name, value in (("w", RNG.random((4, 3))), ("a", RNG.random((4, 3)) + 1), ("b", RNG.random((1, 3)) + 1), ("axis", np.array([0]))):
        proto.graph.initializer.append(onnx.numpy_helper.from_array(value, name))
    feeds = {"x": RNG.normal(size=(5, 4))}
    expected = onnxruntime_says(proto, feeds)[0]
    np.testing.assert_allclose(stock.run(proto, feeds)[0], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", [(2, 3, 4), (None, None, None)])
@pytest.mark.parametrize("axis, keepdims, constant", [
    (2, 0, (3,)), (-1, 0, (3,)), (2, 1, (3, 1)), (-1, 1, (1, 3, 1)), (0, 0, (3, 1)), (0, 1, (3, 1)), (-3, 1, (1, 3, 1)), (1, 1, (4,)),
])
def test_a_constant_of_channels_after_a_reduction(stock, shape, axis, keepdims, constant):
    dims = ", ".join(str(dim or name) for dim, name in zip(shape, "abc", strict=True))
    proto = model(f"g (float[{dims}] x) => (float[] y) {{ r = ReduceMax <keepdims = {keepdims}> (x, axis)  y = Mul (r, c) }}")
    del proto.graph.output[0].type.tensor_type.shape.dim[:]
    proto.graph.output[0].type.tensor_type.ClearField("shape")
    c = RNG.random(constant, np.float32)
    for name, value in (("axis", np.array([axis])), ("c", c)):
        proto.graph.initializer.append(onnx.numpy_helper.from_array(value, name))
    x = RNG.random((2, 3, 4), np.float32)
    np.testing.assert_array_equal(stock.run(proto, {"x": x})[0], x.max(axis=axis, keepdims=bool(keepdims)) * c)


def test_dict_vectorizer_reads_a_tensor(stock):
    proto = model("g (float[N] x) => (float[N, 3] y) { y = Identity (x) }", domains='"ai.onnx.ml" : 1')
    node = proto.graph.node[0]
    node.op_type, node.domain = "DictVectorizer", "ai.onnx.ml"
    node.attribute.append(onnx.helper.make_attribute("string_vocabulary", ["b", "a", "c"]))
    proto.graph.input[0].type.map_type.key_type = onnx.TensorProto.STRING
    proto.graph.input[0].type.map_type.value_type.tensor_type.elem_type = onnx.TensorProto.FLOAT
    maps = [{"a": 1.0, "b": 2.0}, {"c": 3.0}]
    tensor = np.array([[row.get(key, 0) for key in ("b", "a", "c")] for row in maps], np.float32)
    expected = np.concatenate([ReferenceEvaluator(proto).run(None, {"x": row})[0].reshape(1, -1) for row in maps])
    np.testing.assert_array_equal(stock.run(proto, {"x": tensor})[0], expected)


@pytest.mark.parametrize("body", [
    "m = Cast <to = NARROW> (x)  y = Cast <to = BACK> (m)",
    "m = Cast <to = NARROW> (x)  i = Identity (m)  n = Transpose (i)  y = Cast <to = BACK> (n)  z = Cast <to = BACK> (i)",
    "y = If (b) <then_branch = t () => (TYPE[?, ?] p) { m = Cast <to = NARROW> (x)  p = Cast <to = BACK> (m) }, "
    "else_branch = e () => (TYPE[?, ?] q) { q = Cast <to = BACK> (x) }>",
])
@pytest.mark.parametrize("kind, narrow, x", [
    ("float", 10, [0.1, 70000, 65519.9, -1e-9, np.inf, 1 + 2**-12]),
    ("float", 16, [0.1, 1e-40, 3.3895314e38, np.inf, np.nan, 1 + 2**-9]),
    ("double", 10, [0.1, 1e30, 1 + 2**-11 + 2**-40, 0, 1, 2]),
    ("int32", 5, [32767, 32768, -32769, 70000, 1, -1]),
    ("int32", 4, [65535, 65536, -1, 70000, 1, 0]),
])
def test_a_cast_to_16_bits_and_back_rounds(extended, kind, narrow, x, body):
    back, output = (6, "int32") if kind == "int32" else (1, "float")
    body = body.replace("NARROW", str(narrow)).replace("BACK", str(back)).replace("TYPE", output)
    inputs = f"{kind}[N, 3] x" + (", bool b" if "If" in body else "")
    proto = model(f"g ({inputs}) => ({output}[?, ?] y{f', {output}[?, ?] z' if 'z =' in body else ''}) {{ {body} }}", opset=19)
    feeds = {"x": np.array(x, {"float": "float32"}.get(kind, kind)).reshape(2, 3)} | ({"b": np.array(True)} if "If" in body else {})
    for got, wanted in zip(extended.run(proto, feeds), onnxruntime_says(proto, feeds), strict=True):
        np.testing.assert_array_equal(got, wanted)
