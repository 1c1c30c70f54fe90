"""Values of 64 bits on their way to layers: docs/design/sixty-four-bits.md."""

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto
from prepare.models import model

BIG = 2**40 + 7
X = np.array([[1, 2], [BIG, -BIG], [3, BIG]], np.int64)
ENCODE = f"ai.onnx.ml.LabelEncoder <keys_int64s = [1, {BIG}, {-BIG}], values_int64s = [{BIG + 1}, 5, 7], default_int64 = -1>"
ML = '"ai.onnx.ml" : 2'
MOVES = [
    "m = Identity (x)",
    "s = Constant <value_ints = [-1, 1]> ()  m = Reshape (x, s)",
    "m = Transpose <perm = [1, 0]> (x)",
    "m = Concat <axis = 1> (x, x)",
    "i = Constant <value_ints = [1, 0]> ()  m = Gather <axis = 1> (x, i)",
    "m, rest = Split <axis = 1, num_outputs = 2> (x)",
    "a = Constant <value_ints = [1]> ()  b = Constant <value_ints = [3]> ()  m = Slice (x, a, b)",
    "i = Constant <value_ints = [1]> ()  c = Concat <axis = 1> (x, x)  g = Gather <axis = 1> (c, i)  m = Flatten (g)",
]


def check(extended, proto, feeds):
    expected = onnxruntime.InferenceSession(proto.SerializeToString()).run(None, feeds)
    for got, wanted in zip(extended.run(proto, feeds), expected, strict=True):
        assert got.dtype == wanted.dtype
        np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("rows", ["N", "3"])
@pytest.mark.parametrize("moves", MOVES)
def test_from_an_input_to_a_layer(extended, moves, rows):
    proto = model(f"g (int64[{rows}, 2] x) => (int64[?, ?] y) {{ {moves}  y = {ENCODE} (m) }}", domains=ML)
    check(extended, proto, {"x": X})


@pytest.mark.parametrize("rows", ["N", "3"])
@pytest.mark.parametrize("moves", MOVES)
@pytest.mark.parametrize("kind, x", [("int64", X), ("double", np.array([[1e308, 1.1], [-3e200, 0.1], [3, 1 + 2**-40]]))])
def test_from_an_input_to_an_output(extended, moves, rows, kind, x):
    proto = model(f"g ({kind}[{rows}, 2] x) => ({kind}[?, ?] m) {{ {moves} }}")
    check(extended, proto, {"x": x})


def test_between_layers_through_moves(extended):
    text = f"a = {ENCODE} (x)  b = Concat <axis = 0> (a, x)  c = Identity (b)  y = {ENCODE} (c)  z = Identity (a)"
    proto = model(f"g (int64[N, 2] x) => (int64[?, ?] y, int64[?, ?] z) {{ {text} }}", domains=ML)
    check(extended, proto, {"x": X})


def test_an_input_that_the_engine_reads_too(extended):
    text = f"y = {ENCODE} (x)  z = Add (small, small)  w = Cast <to = 1> (x)"
    proto = model(f"g (int64[N, 2] x, int64[2] small) => (int64[?, ?] y, int64[2] z, float[?, ?] w) {{ {text} }}", domains=ML)
    check(extended, proto, {"x": X, "small": np.array([4, -5], np.int64)})


@pytest.mark.parametrize("kind", ["int64", "uint64", "double"])
@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("dims, axis", [("0, 2", 0), ("3, 0", 1), ("3, 0", -1)])
def test_constants_without_elements_are_nothing_to_concatenate(extended, kind, first, dims, axis):
    inputs = "e, x" if first else "x, e"
    proto = model(f"g ({kind}[N, 2] x) => ({kind}[?, ?] y) <{kind}[{dims}] e = {{}}> {{ y = Concat <axis = {axis}> ({inputs}) }}")
    check(extended, proto, {"x": np.abs(X).astype("float64" if kind == "double" else kind)})


@pytest.mark.parametrize("reduction", ["add", "mul", "max", "min"])
@pytest.mark.parametrize("kind", ["int64", "uint64", "uint32"])
@pytest.mark.parametrize("op, at", [("ScatterElements", "int64[2, 2] {0, 1, 0, 0}"), ("ScatterND", "int64[2, 1] {2, 0}")])
def test_scatters_reduce(extended, kind, reduction, op, at):
    body = f"i = Constant <value = {at}> ()  y = {op} <reduction = \"{reduction}\"> (x, i, u)"
    proto = model(f"g ({kind}[N, 2] x, {kind}[2, 2] u) => ({kind}[?, ?] y) {{ {body} }}")
    top = np.iinfo(kind).max
    check(extended, proto, {"x": np.array([[1, 2], [3, 4], [5, 0]], kind), "u": np.array([[top // 2, 3], [7, 1]], kind)})


def test_integers_become_floats_whole(extended):
    proto = model("g (int64[N, 2] x, int64[N, 1] k) => (float[?, ?] y) { c = Concat <axis = 1> (x, k)  y = Cast <to = 1> (c) }")
    check(extended, proto, {"x": X, "k": X[:, :1]})


@pytest.mark.parametrize("op", ["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"])
@pytest.mark.parametrize("kind, base", [("int32", 2**24), ("uint32", 2**24), ("int64", 2**53)])
def test_integers_that_lie_close_are_compared(extended, op, kind, base):
    proto = model(f"g ({kind}[N] x, {kind}[N] y) => (bool[N] z) {{ z = {op} (x, y) }}")
    x = np.array([base, base + 1, base + 2, 5], kind)
    check(extended, proto, {"x": x, "y": np.array([base + 1, base + 1, base + 1, 5], kind)})


@pytest.mark.parametrize("is_sorted", [0, 1])
@pytest.mark.parametrize("axis", [None, 0, 1])
@pytest.mark.parametrize("kind, x", [
    ("int64", [[BIG, 7], [7, BIG], [BIG, 7]]),
    ("double", [[1 + 2**-40, 1], [1, 1 + 2**-40], [1 + 2**-40, 1]]),
    ("int8", [[-2, 1], [1, 3], [-2, 1]]),
])
def test_numbers_that_are_there_once(extended, kind, x, axis, is_sorted):
    attributes = f"sorted = {is_sorted}" + (f", axis = {axis}" if axis is not None else "")
    outputs = f"{kind}[{'?' if axis is None else '?, ?'}] y, int64[?] i, int64[?] v, int64[?] c"
    proto = model(f"g ({kind}[N, 2] x) => ({outputs}) {{ y, i, v, c = Unique <{attributes}> (x) }}")
    check(extended, proto, {"x": np.array(x, {"double": "float64"}.get(kind, kind))})


def test_a_choice_by_integers_that_lie_close(extended):
    proto = model("g (int32[N] x, int32[N] y) => (int32[N] z) { c = Less (x, y)  z = Where (c, x, y) }")
    check(extended, proto, {"x": np.array([2**24, 2**24 + 1], np.int32), "y": np.array([2**24 + 1, 2**24], np.int32)})


@pytest.mark.parametrize("kind, big", [("int32", 2**31 - 1), ("int64", BIG)])
def test_integers_are_divided_whole(extended, kind, big):
    proto = model(f"g ({kind}[N] x, {kind}[N] y) => ({kind}[N] z) {{ z = Div (x, y) }}")
    check(extended, proto, {"x": np.array([big, -big, 7, -7], kind), "y": np.array([1, 2, 2, 2], kind)})


@pytest.mark.parametrize("kind", ["int8", "uint8"])
@pytest.mark.parametrize("divisor", ["x", "k"])
def test_integers_of_eight_bits_are_divided_towards_zero(extended, kind, divisor):
    proto = model(f"g ({kind}[N] v, {kind}[N] x) => ({kind}[N] z) <{kind}[1] k = {{2}}> {{ z = Div (v, {divisor}) }}")
    values = [7, 127, 5, 11] + ([-7, -128, -5, -11] if kind == "int8" else [255, 251, 9, 1])
    check(extended, proto, {"v": np.array(values, kind), "x": np.array([2, 3, 3, 4] * 2, kind)})


@pytest.mark.parametrize("to", [TensorProto.INT64, TensorProto.UINT32])
def test_a_cast_of_floats_is_whole(extended, to):
    kind = {TensorProto.INT64: "int64", TensorProto.UINT32: "uint32"}[to]
    proto = model(f"g (float[N] x) => ({kind}[N] y, {kind}[?] z) {{ y = Cast <to = {to}> (x)  z = Concat <axis = 0> (y, y) }}")
    big = [1e10, -3e9, 2.0**40] if to == TensorProto.INT64 else [4e9, 2.0**31]
    check(extended, proto, {"x": np.array([*big, 3.7, 0], np.float32)})


def test_doubles_reach_a_layer_whole(extended):
    near = np.array([[1.0, 1.0 + 2**-40], [2.0, 3.0]])
    text = "y = ai.onnx.ml.Scaler <offset = [1.0, 1.0], scale = [1048576.0, 1048576.0]> (x)"
    proto = model(f"g (double[N, 2] x) => (float[?, 2] y) {{ {text} }}", domains=ML)
    got = extended.run(proto, {"x": near})[0]
    np.testing.assert_allclose(got, (near - 1) * 2**20, rtol=1e-6)
