"""Layers and redirected nodes in the bodies of Loop, Scan and If, whose values the engine keeps in 32 bits."""

import numpy as np
import onnxruntime
import pytest
from prepare.models import model

ML = '"ai.onnx.ml" : 2'
ENCODE = "ai.onnx.ml.LabelEncoder <keys_int64s = [0, 1, 2], values_int64s = [5, 6, 7], default_int64 = -1>"
# Of the iteration number i, of k from outside: the integer m.
OF_THE_ITERATION = {
    "Mod": "two = Constant <value_int = 2> ()  m = Mod (i, two)",
    "fmod": "two = Constant <value_int = 2> ()  m = Mod <fmod = 1> (i, two)",
    "Mod by a negative": "three = Constant <value_int = -3> ()  m = Mod (i, three)",
    "Abs": "two = Constant <value_int = 2> ()  d = Sub (i, two)  m = Abs (d)",
    "Less": "l = Less (k, i)  j = Cast <to = 7> (l)  m = ReduceSum <keepdims = 0> (j)",
    "Tile": "u = Unsqueeze (i, zero)  t = Tile (u, twice)  m = ReduceSum <keepdims = 0> (t)",
    "LabelEncoder": f"u = Unsqueeze (i, zero)  l = {ENCODE} (u)  m = ReduceSum <keepdims = 0> (l)",
    "LabelEncoder alone": f"m = {ENCODE} (i)",
    "LabelEncoder twice": f"two = Constant <value_int = 2> ()  l = {ENCODE} (i)  d = Mod (l, two)  m = {ENCODE} (d)",
    "OneHotEncoder": "u = Unsqueeze (i, zero)  o = ai.onnx.ml.OneHotEncoder <cats_int64s = [0, 1], zeros = 1> (u)"
    "  r = ReduceSum <keepdims = 0> (o)  m = Cast <to = 7> (r)",
    "ArrayFeatureExtractor": "u = Unsqueeze (i, zero)  q = ai.onnx.ml.ArrayFeatureExtractor (a, u)"
    "  r = ReduceSum <keepdims = 0> (q)  m = Cast <to = 7> (r)",
    "Cast": "s = Cast <to = 8> (i)  m = Cast <to = 7> (s)",
}
FEEDS = {"n": np.array(3), "c": np.array(True), "x": np.array([1, 2, 5], np.float32), "k": np.array([3, -4, 0])}


def check(extended, proto, feeds):
    expected = onnxruntime.InferenceSession(proto.SerializeToString()).run(None, feeds)
    for got, wanted in zip(extended.run(proto, feeds), expected, strict=True):
        assert got.dtype == wanted.dtype
        np.testing.assert_array_equal(got, wanted)


def loop(body, outputs):
    inits = "int64[1] zero = {0}, int64[1] twice = {2}"
    return model(
        f"g (int64 n, bool c, float[3] x, int64[3] k) => ({outputs}) <{inits}> {{ {body} }}", domains=ML, opset=20)


@pytest.mark.parametrize("nodes", OF_THE_ITERATION.values(), ids=OF_THE_ITERATION)
@pytest.mark.parametrize("is_output", [False, True], ids=["inside", "as an output"])
def test_of_the_iteration_number(extended, nodes, is_output):
    nodes += "  co = Identity (ci)  f = Cast <to = 1> (m)  b = Add (a, f)"
    outer, inner, outputs = ("y, z", ", int64 m2", "float[?] y, int64[?] z") if is_output else ("y", "", "float[?] y")
    nodes += "  m2 = Identity (m)" if is_output else ""
    body = f"body = b (int64 i, bool ci, float[3] a) => (bool co, float[3] b{inner}) {{ {nodes} }}"
    check(extended, loop(f"{outer} = Loop <{body}> (n, c, x)", outputs), FEEDS)


@pytest.mark.parametrize("kind, x", [("int64", [0, 1, 9]), ("double", [0.5, -1.25, 3])])
def test_carried_through_a_layer(extended, kind, x):
    node = f"b = {ENCODE} (a)" if kind == "int64" else "s = Cast <to = 8> (a)  d = Cast <to = 11> (s)  b = Add (d, d)"
    body = f"body = b (int64 i, bool ci, {kind}[N] a) => (bool co, {kind}[N] b) {{ {node}  co = Identity (ci) }}"
    text = f"g (int64 n, bool c, {kind}[N] x) => ({kind}[N] y) {{ y = Loop <{body}> (n, c, x) }}"
    feeds = {"n": FEEDS["n"], "c": FEEDS["c"], "x": np.array(x, kind)}
    check(extended, model(text, domains=ML, opset=20), feeds)


def test_a_layer_decides_when_a_loop_ends(extended):
    nodes = "co = Less (i, last)  b = Add (a, a)"
    body = f"body = b (int64 i, bool ci, float[3] a) => (bool co, float[3] b) {{ {nodes} }}"
    nodes = f"d = Constant <value_int = 2> ()  last = Sub (n, d)  y = Loop <{body}> (n, c, x)"
    check(extended, loop(nodes, "float[?] y"), FEEDS)


@pytest.mark.parametrize("other", ["e = Identity (k)", "e = Add (k, k)", f"e = {ENCODE} (k)"])
@pytest.mark.parametrize("taken", [True, False])
def test_one_branch_ends_in_a_layer(extended, other, taken):
    then = f"then_branch = t () => (int64[?] t) {{ t = {ENCODE} (k) }}"
    proto = loop(f"y = If (c) <{then}, else_branch = e () => (int64[?] e) {{ {other} }}>", "int64[?] y")
    check(extended, proto, {**FEEDS, "c": np.array(taken)})


def test_moved_before_a_layer_of_a_branch(extended):
    nodes = "u = Unsqueeze (n, zero)  l = Tile (u, twice)  s = ReduceSum <keepdims = 0> (l)  f = Cast <to = 1> (s)  t = Add (x, f)"
    branches = f"then_branch = t () => (float[3] t) {{ {nodes} }}, else_branch = e () => (float[3] e) {{ e = Identity (x) }}"
    check(extended, loop(f"y = If (c) <{branches}>", "float[3] y"), FEEDS)


def test_saved_and_read_back(extended, tmp_path):
    import openvino

    nodes = f"m = {ENCODE} (i)  co = Identity (ci)  f = Cast <to = 1> (m)  b = Add (a, f)"
    body = f"body = b (int64 i, bool ci, float[3] a) => (bool co, float[3] b, int64 m) {{ {nodes} }}"
    proto = loop(f"y, z = Loop <{body}> (n, c, x)", "float[?] y, int64[?] z")
    openvino.save_model(extended.read(proto), tmp_path / "m.xml")
    compiled = extended.core.compile_model(tmp_path / "m.xml", "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    known = {name for port in compiled.inputs for name in port.names}
    y, z = compiled({name: value for name, value in FEEDS.items() if name in known}).values()
    np.testing.assert_array_equal(y, FEEDS["x"] + 18)
    np.testing.assert_array_equal(z, [5, 6, 7])


def in_graph(inputs, outputs, nodes, constants=""):
    return model(f"g ({inputs}) => ({outputs}) <{constants}> {{ {nodes} }}", domains=ML, opset=20)


def only(*names):
    return {name: FEEDS[name] for name in names}


def test_scan(extended):
    body = f"body = b (int64 s, int64 r) => (int64 so, int64 o) {{ l = {ENCODE} (r)  so = Add (s, l)  o = {ENCODE} (l) }}"
    nodes = f"y, z = Scan <{body}, num_scan_inputs = 1> (s0, k)"
    check(extended, in_graph("int64[3] k", "int64 y, int64[3] z", nodes, "int64 s0 = {0}"), only("k"))


def test_an_if_in_a_loop(extended):
    branches = f"then_branch = t () => (int64 t) {{ t = {ENCODE} (i) }}, else_branch = e () => (int64 e) {{ e = Identity (i) }}"
    nodes = f"w = Greater (i, one)  q = If <{branches}> (w)  m = {ENCODE} (q)  b = Add (a, q)  co = Identity (ci)"
    body = f"body = b (int64 i, bool ci, int64[3] a) => (bool co, int64[3] b, int64 m) {{ {nodes} }}"
    proto = in_graph("int64 n, bool c, int64[3] k", "int64[3] y, int64[3] z", f"y, z = Loop <{body}> (n, c, k)", "int64 one = {1}")
    check(extended, proto, only("n", "c", "k"))


# The engine may put such bodies into the main graph.
def test_a_loop_of_constant_length(extended):
    nodes = f"m = {ENCODE} (i)  b = {ENCODE} (a)  co = Identity (ci)"
    body = f"body = b (int64 i, bool ci, int64[3] a) => (bool co, int64[3] b, int64 m) {{ {nodes} }}"
    constants = "int64 n = {3}, bool c = {1}"
    check(extended, in_graph("int64[3] k", "int64[3] y, int64[3] z", f"y, z = Loop <{body}> (n, c, k)", constants), only("k"))


BOTH = f"then_branch = t () => (int64[?] t) {{ t = {ENCODE} (k) }}, else_branch = e () => (int64[?] e) {{ u = Neg (k)  e = {ENCODE} (u) }}"


@pytest.mark.parametrize("condition", [0, 1])
def test_a_constant_condition(extended, condition):
    nodes = f"q = If (c) <{BOTH}>  y = {ENCODE} (q)  w = Add (q, k)"
    check(extended, in_graph("int64[3] k", "int64[?] y, int64[?] w", nodes, f"bool c = {{{condition}}}"), only("k"))


@pytest.mark.parametrize("reader", ["Add (q, k)", "Concat <axis = 0> (q, k)", f"{ENCODE} (q)", "Cast <to = 1> (q)"])
def test_what_an_if_gives_is_read(extended, reader):
    kind = "float" if reader.startswith("Cast") else "int64"
    check(extended, in_graph("bool c, int64[3] k", f"{kind}[?] w", f"q = If (c) <{BOTH}>  w = {reader}"), only("c", "k"))


NUMBER = "{0} = Cast <to = 7> (s)"


@pytest.mark.parametrize("taken", [True, False])
@pytest.mark.parametrize("nodes", [
    f"y = If (c) <then_branch = t () => (int64[?] t) {{ {NUMBER.format('t')} }}, else_branch = e () => (int64[?] e) {{ {NUMBER.format('u')}  e = Identity (u) }}>",
    f"q = If (c) <then_branch = t () => (int64[?] t) {{ {NUMBER.format('t')} }}, else_branch = e () => (int64[?] e) {{ {NUMBER.format('e')} }}>  y = {ENCODE} (q)",
    f"y, z = If (c) <then_branch = t () => (int64[?] t, int64[?] a) {{ {NUMBER.format('t')}  f = Add (k, k)  a = Neg (f) }}, "
    f"else_branch = e () => (int64[?] e, int64[?] b) {{ {NUMBER.format('e')}  b = Add (k, k) }}>",
], ids=["an output", "a layer", "beside the engine's"])
def test_layers_end_both_branches(extended, nodes, taken):
    outputs = "int64[?] y, int64[?] z" if "z =" in nodes else "int64[?] y"
    proto = in_graph("bool c, string[N] s" + (", int64[3] k" if "z =" in nodes else ""), outputs, nodes)
    feeds = {"c": np.array(taken), "s": np.array([str(2**40 + 7), str(-(2**50)), "3"], object)} | (only("k") if "z =" in nodes else {})
    expected = onnxruntime.InferenceSession(proto.SerializeToString()).run(None, feeds)
    for got, wanted in zip(extended.run(proto, {**feeds, "s": feeds["s"].astype(str)}), expected, strict=True):
        np.testing.assert_array_equal(got, wanted)


# What the engine reads, or makes in one of the branches, is in 32 bits.
@pytest.mark.parametrize("other", ["e = Add (k, k)", "e = Identity (k)", "e = Constant <value_ints = [1, 2, 3]> ()", NUMBER.format("e")])
@pytest.mark.parametrize("reader", ["y = Add (q, k)", "y = Identity (q)"])
def test_a_layer_ends_a_branch_beside_the_engine(extended, other, reader):
    then = f"then_branch = t () => (int64[?] t) {{ {NUMBER.format('t')}  l = Abs (k) }}"
    proto = in_graph("bool c, string[3] s, int64[3] k", "int64[?] y", f"q = If (c) <{then}, else_branch = e () => (int64[?] e) {{ {other} }}>  {reader}")
    for taken in (True, False):
        feeds = {"c": np.array(taken), "s": np.array(["1", "-2", "3"], object), **only("k")}
        expected = onnxruntime.InferenceSession(proto.SerializeToString()).run(None, feeds)
        np.testing.assert_array_equal(extended.run(proto, {**feeds, "s": feeds["s"].astype(str)})[0], expected[0])
