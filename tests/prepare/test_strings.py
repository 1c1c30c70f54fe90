"""Strings through the engine's operations and ours. Each model runs in a process of its own: where the engine frees strings
twice, the process ends when the model goes."""

import multiprocessing

import numpy as np
import onnxruntime
import pytest
from onnx.reference import ReferenceEvaluator
from prepare.models import model

TEXT = np.array([["yes", "a long string that is on the heap"], ["no", ""], ["yes", "b"]])
ENCODE = 'ai.onnx.ml.LabelEncoder <keys_strings = ["yes", "no"], values_strings = ["aye", "a nay that is as long as that"], default_string = "?">'


def _run(proto, feeds, pipe):
    from prepare.conftest import Runner

    pipe.send(Runner(extensions=None).run(proto, feeds))


def run_apart(proto, feeds):
    """The outputs; fails if the process ends badly."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(proto, feeds, theirs))
    process.start()
    theirs.close()
    try:
        outputs = ours.recv()
    finally:
        process.join(120)
    assert process.exitcode == 0, f"the process ended with {process.exitcode}"
    return outputs


@pytest.mark.parametrize(
    "body",
    [
        "y = Identity (x)",
        f"e = {ENCODE} (x)  i = Identity (e)  y = Identity (i)",
        "a = Constant <value_ints = [1]> ()  b = Constant <value_ints = [3]> ()  y = Slice (x, a, b)",
        f"e = {ENCODE} (x)  y, z = Split <axis = 1, num_outputs = 2> (e)",
        "c = Concat <axis = 0> (x, x)  i = Constant <value_ints = [4, 0]> ()  y = Gather <axis = 0> (c, i)",
        "q = Equal (x, k)  y = Where (q, x, k)",
        "r = Constant <value_ints = [2, 1]> ()  y = Tile (x, r)",
    ],
)
def test_moves(body):
    outputs = "string[?, ?] y" + (", string[?, ?] z" if "z" in body.split() or "y, z" in body else "")
    proto = model(f"g (string[N, 2] x, string[1] k) => ({outputs}) {{ {body} }}", opset=19, domains='"ai.onnx.ml" : 2')
    feeds = {"x": TEXT, "k": np.array(["yes"])}
    # Not onnxruntime 1.31: its Gather loses long strings.
    expected = ReferenceEvaluator(proto).run(None, {n: v.astype(object) for n, v in feeds.items()})
    for got, wanted in zip(run_apart(proto, feeds), expected, strict=True):
        np.testing.assert_array_equal(got.astype(str), wanted.astype(str))


def test_what_a_layer_compares_the_engine_selects_by():
    text = "q = Equal (x, k)  n = Not (q)  y = Where (q, a, b)  z = Where (n, a, b)  c = Cast <to = 1> (q)"
    proto = model(f"g (string[N, 2] x, string[1] k, float[1] a, float[1] b) => (float[?, ?] y, float[?, ?] z, float[?, ?] c) {{ {text} }}")
    feeds = {"x": TEXT, "k": np.array(["yes"]), "a": np.array([1], np.float32), "b": np.array([2], np.float32)}
    is_yes = TEXT == "yes"
    for got, wanted in zip(run_apart(proto, feeds), (np.where(is_yes, 1, 2), np.where(is_yes, 2, 1), is_yes), strict=True):
        np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("rows", ["N", "3"])
@pytest.mark.parametrize(
    "body",
    [
        "i = Constant <value = int64[2, 2] {0, 1, 1, -1}> ()  y = GatherElements <axis = 1> (x, i)",
        "i = Constant <value = int64[2, 2] {0, 1, 2, -1}> ()  y = GatherND (x, i)",
        "i = Constant <value = int64[2, 1] {2, -3}> ()  y = GatherND (x, i)",
        "i = Constant <value = int64[1, 2] {1, 2}> ()  r = Identity (u)  y = ScatterElements <axis = 0> (x, i, r)",
        "i = Constant <value = int64[1, 1] {-1}> ()  y = ScatterND (x, i, u)",
    ],
)
def test_gathers_and_scatters(body, rows):
    rank = "string[?]" if "GatherND (x, i)" in body and "[2, 2]" in body else "string[?, ?]"
    proto = model(f"g (string[{rows}, 2] x, string[1, 2] u) => ({rank} y) {{ {body} }}")
    feeds = {"x": TEXT, "u": np.array([["new", "another string that is on the heap"]])}
    session = onnxruntime.InferenceSession(proto.SerializeToString())
    wanted = session.run(None, {n: v.astype(object) for n, v in feeds.items()})[0]
    np.testing.assert_array_equal(run_apart(proto, feeds)[0].astype(str), wanted.astype(str))


@pytest.mark.parametrize("constant", ['value_strings = ["yes", "é", ""]', 'value_string = "yes"'])
def test_constants(constant):
    body = f"k = Constant <{constant}> ()  y = Equal (x, k)  z = Where (y, k, x)"
    proto = model(f"g (string[N, 3] x) => (bool[N, 3] y, string[?, ?] z) {{ {body} }}", opset=19)
    feeds = {"x": np.array([["yes", "é", "a"], ["no", "yes", ""]])}
    equal, chosen = run_apart(proto, feeds)
    expected = onnxruntime.InferenceSession(proto.SerializeToString()).run(None, {"x": feeds["x"].astype(object)})
    np.testing.assert_array_equal(equal, expected[0])
    np.testing.assert_array_equal(chosen.astype(str), expected[1].astype(str))


def test_expand():
    proto = model("g (string[N, 2] x) => (string[?, ?, ?] y) { s = Constant <value_ints = [2, 3, 2]> ()  y = Expand (x, s) }")
    np.testing.assert_array_equal(run_apart(proto, {"x": TEXT})[0].astype(str), np.broadcast_to(TEXT, (2, 3, 2)))


@pytest.mark.parametrize("rows", ["N", "4"])
@pytest.mark.parametrize("is_sorted", [0, 1])
@pytest.mark.parametrize("axis", [None, 0, 1, -2])
def test_unique(axis, is_sorted, rows):
    attributes = f"sorted = {is_sorted}" + (f", axis = {axis}" if axis is not None else "")
    dims = "?" if axis is None else "?, ?"
    outputs = f"string[{dims}] y, int64[?] i, int64[?] v, int64[?] c"
    proto = model(f"g (string[{rows}, 2] x) => ({outputs}) {{ y, i, v, c = Unique <{attributes}> (x) }}")
    x = np.array([["b", "a long string that is on the heap"], ["", "b"], ["b", "a long string that is on the heap"], ["é", ""]])
    expected = onnxruntime.InferenceSession(proto.SerializeToString()).run(None, {"x": x.astype(object)})
    for got, wanted in zip(run_apart(proto, {"x": x}), expected, strict=True):
        np.testing.assert_array_equal(got.astype(wanted.dtype if wanted.dtype != object else str), wanted.astype(str) if wanted.dtype == object else wanted)


def test_some_outputs_of_unique():
    proto = model("g (string[N, 2] x) => (int64[?] v) { y, , v = Unique (x)  z = Identity (y) }")
    np.testing.assert_array_equal(run_apart(proto, {"x": TEXT})[0], np.unique(TEXT, return_inverse=True)[1].reshape(-1))


@pytest.mark.parametrize("name", "L Ll Lu Lt Lo M N Nd P Po S Sm Z Zs C Cf".split())
def test_classes_of_unicode(name):
    proto = model("g (string[N] x) => (bool[N] y) { y = RegexFullMatch <pattern = \"?\"> (x) }", opset=20)
    proto.graph.node[0].attribute[0].s = rf"\p{{{name}}}".encode()
    codes = [c for c in range(1, 0x110000) if (c < 0x3400 or c % 61 == 0 or 0x1D000 <= c < 0x1FC00) and not 0xD800 <= c < 0xE000]
    x = np.array([chr(c) for c in codes])
    expected = onnxruntime.InferenceSession(proto.SerializeToString()).run(None, {"x": x.astype(object)})[0]
    np.testing.assert_array_equal(run_apart(proto, {"x": x})[0], expected)


@pytest.mark.parametrize("constant", ["<string[0, 2] k = {}> {", "{ k = Constant <value = string[0, 2] {}> ()"])
@pytest.mark.parametrize("body", ["y = Concat <axis = 0> (k, x)", "y = StringConcat (k, k)", "y = Identity (k)"])
def test_constants_without_elements(body, constant):
    proto = model(f"g (string[N, 2] x) => (string[?, 2] y) {constant} {body} }}", opset=20)
    expected = onnxruntime.InferenceSession(proto.SerializeToString()).run(None, {"x": TEXT.astype(object)})[0]
    got = run_apart(proto, {"x": TEXT})[0]
    assert got.shape == expected.shape
    np.testing.assert_array_equal(got.astype(str), expected.astype(str))


def test_numbers_and_text():
    proto = model("g (float[N] x, string[N] t) => (string[N] s, int64[N] i) { s = Cast <to = 8> (x)  i = Cast <to = 7> (t) }")
    feeds = {"x": np.array([1.5, -2, 1e10], np.float32), "t": np.array(["12", "-3", "1099511627783"])}
    text, numbers = run_apart(proto, feeds)
    expected = onnxruntime.InferenceSession(proto.SerializeToString()).run(None, {n: v.astype(object) if n == "t" else v for n, v in feeds.items()})
    np.testing.assert_array_equal(text.astype(str), expected[0].astype(str))
    np.testing.assert_array_equal(numbers, expected[1])
