"""lamina.read_model and lamina.prepare: what stands in for core.read_model."""

import gc
import json
import os

import numpy as np
import onnx
import onnxruntime
import openvino
import pytest
from prepare.models import model, normalizer_max

import lamina

ROWS = np.random.default_rng(3).normal(size=(20, 4)).astype(np.float32)


@pytest.fixture(scope="module")
def pipeline():
    """A scikit-learn pipeline as skl2onnx writes it, ZipMap and all."""
    from skl2onnx import to_onnx
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    labels = np.where(ROWS[:, 0] > 0.3, "yes", np.where(ROWS[:, 1] > 0, "no", "perhaps"))
    fitted = make_pipeline(StandardScaler(), RandomForestClassifier(10, random_state=1)).fit(ROWS, labels)
    proto = to_onnx(fitted, ROWS[:1])
    assert [node.op_type for node in proto.graph.node].count("ZipMap") == 1
    return proto


def test_a_pipeline_with_zipmap(extended, pipeline):
    labels, scores = extended.run(pipeline, {"X": ROWS})
    expected = onnxruntime.InferenceSession(pipeline.SerializeToString()).run(None, {"X": ROWS})
    np.testing.assert_array_equal(labels.astype(str), expected[0].astype(str))
    prepared = onnx.load_from_string(lamina.prepare(pipeline.SerializeToString()).model)
    (classes,) = (json.loads(entry.value) for entry in prepared.metadata_props if entry.key.startswith("lamina.classes."))
    assert classes == ["no", "perhaps", "yes"]
    np.testing.assert_allclose(scores, [[row[name] for name in classes] for row in expected[1]], atol=1e-5)


def test_the_report_has_a_line_a_node_kind(pipeline):
    report = lamina.prepare(pipeline.SerializeToString()).report
    assert any(line.startswith("ai.onnx.ml.ZipMap (1 node): ") for line in report)
    assert any(line.startswith("ai.onnx.ml.TreeEnsembleClassifier (1 node): ") for line in report)
    kinds = [line.partition(" (")[0] for line in report]
    assert len(kinds) == len(set(kinds))


def test_what_prepare_writes_is_read_by_stock_openvino(extended, pipeline, tmp_path):
    onnx.save(pipeline, tmp_path / "in.onnx")
    lamina.prepare_to_file(tmp_path / "in.onnx", tmp_path / "out.onnx")
    compiled = extended.core.compile_model(extended.core.read_model(tmp_path / "out.onnx"), "CPU")
    expected = onnxruntime.InferenceSession(pipeline.SerializeToString()).run(None, {"X": ROWS})
    np.testing.assert_array_equal(compiled(ROWS)[0].astype(str), expected[0].astype(str))


def external_model(folder, size=100_000):
    """Normalizer MAX, which is rewritten, and weights in a file of their own."""
    weights = np.arange(3 * size, dtype=np.float32).reshape(3, size)
    proto = model(f"g (float[N, 3] x) => (float[N, {size}] y) {{ n = ai.onnx.ml.Normalizer <norm = \"MAX\"> (x)  y = MatMul (n, w) }}",
                  domains='"ai.onnx.ml" : 1')
    proto.graph.initializer.append(onnx.numpy_helper.from_array(weights, "w"))
    onnx.save_model(proto, folder / "m.onnx", save_as_external_data=True, location="w.bin", size_threshold=0)
    return folder / "m.onnx", weights


def test_external_weights_are_mapped_and_live_with_the_model(stock, tmp_path):
    path, weights = external_model(tmp_path)
    read = stock.read(path)
    (tmp_path / "w.bin").unlink()
    gc.collect()
    compiled = stock.core.compile_model(read, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    del read
    gc.collect()
    x = np.array([[1, 2, 4]], np.float32)
    np.testing.assert_allclose(compiled(x)[0], (x / 4) @ weights, rtol=1e-5)


def files_of_constants(read, shape):
    """The names of the files in which the model's constants of this shape lie in memory, one for each."""
    with open("/proc/self/maps") as maps:
        lines = [line.split(maxsplit=5) for line in maps]
    areas = [(*(int(end, 16) for end in line[0].split("-")), line[5].strip() if len(line) > 5 else "") for line in lines]
    files = []
    for node in read.get_ordered_ops():
        if node.get_type_name() == "Constant" and tuple(node.get_output_shape(0)) == shape:
            address = node.get_data().__array_interface__["data"][0]
            files += [os.path.basename(name) for begin, end, name in areas if begin <= address < end]
    return files


@pytest.mark.parametrize("dtype", ["float32", "float16", "float64", "int8", "uint8", "int16", "int32", "int64", "bool"])
def test_external_weights_are_not_copied(stock, tmp_path, dtype):
    weights = (np.arange(300).reshape(3, 100) % 7).astype(dtype)
    proto = model("g (float[N, 3] x) => (float[N, 100] y) { n = ai.onnx.ml.Normalizer <norm = \"MAX\"> (x)"
                  "  f = Cast <to = 1> (w)  y = MatMul (n, f) }", domains='"ai.onnx.ml" : 1')
    proto.graph.initializer.append(onnx.numpy_helper.from_array(weights, "w"))
    onnx.save_model(proto, tmp_path / "m.onnx", save_as_external_data=True, location="w.bin", size_threshold=0)
    read = stock.read(tmp_path / "m.onnx")
    assert files_of_constants(read, (3, 100)) == ["w.bin"]
    compiled = stock.core.compile_model(read, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    del read
    gc.collect()
    x = np.array([[1, 2, 4]], np.float32)
    np.testing.assert_allclose(compiled(x)[0], (x / 4) @ weights.astype(np.float32), rtol=1e-5)


def test_an_address_that_a_model_brings_is_no_weight(stock, tmp_path):
    path, _ = external_model(tmp_path)
    stock.read(path)  # the core knows the operator now
    secret = np.ones(3, np.float32)
    node = onnx.helper.make_node("Weights", [], ["y"], domain="lamina.mapped", type="f32", dims=[3],
                                 address=secret.__array_interface__["data"][0])
    graph = onnx.helper.make_graph([node], "g", [], [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [3])])
    proto = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("lamina.mapped", 1)], ir_version=8)
    with pytest.raises(lamina.UnknownOperatorError, match="lamina.mapped.Weights"):
        stock.read(proto)
    with pytest.raises(RuntimeError, match="these are none"):
        stock.core.read_model(proto.SerializeToString())


def test_external_weights_of_a_model_in_memory(stock, tmp_path):
    path, weights = external_model(tmp_path)
    read = lamina.read_model(stock.core, path.read_bytes(), [], weights_folder=tmp_path)
    x = np.array([[1, 2, 4]], np.float32)
    compiled = stock.core.compile_model(read, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    np.testing.assert_allclose(compiled(x)[0], (x / 4) @ weights, rtol=1e-5)


def test_external_weights_go_with_a_prepared_file(stock, tmp_path):
    path, weights = external_model(tmp_path)
    (tmp_path / "out").mkdir()
    lamina.prepare_to_file(path, tmp_path / "out" / "m.onnx", [])
    compiled = stock.core.compile_model(str(tmp_path / "out" / "m.onnx"), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    x = np.array([[1, 2, 4]], np.float32)
    np.testing.assert_allclose(compiled(x)[0], (x / 4) @ weights, rtol=1e-5)


def test_weights_outside_the_models_folder_are_refused(stock, tmp_path):
    path, _ = external_model(tmp_path)
    proto = onnx.load(path, load_external_data=False)
    for entry in proto.graph.initializer[0].external_data:
        if entry.key == "location":
            entry.value = "../../etc/passwd"
    (tmp_path / "m.onnx").write_bytes(proto.SerializeToString())
    with pytest.raises(lamina.PrepareError, match="must be in the model's folder"):
        stock.read(path)


def test_a_model_that_needs_nothing_is_read_from_its_file(stock, tmp_path):
    onnx.save(model("g (float[N, 3] x) => (float[N, 3] y) { y = Relu (x) }"), tmp_path / "relu.onnx")
    assert lamina.prepare(tmp_path / "relu.onnx", []).report == []
    np.testing.assert_array_equal(stock.run(tmp_path / "relu.onnx", {"x": np.array([[-1, 0, 2]], np.float32)})[0], [[0, 0, 2]])


def test_unknown_operators_are_listed(stock):
    proto = model("g (float[N, 3] x) => (float[N, 3] y) { a = my.Rleu (x)  b = my.Rleu (a)  y = Quux (b) }", domains='"my" : 1')
    with pytest.raises(lamina.UnknownOperatorError) as error:
        stock.read(proto)
    text = str(error.value)
    assert "2 operators that neither OpenVINO nor a layer at hand takes" in text
    assert "my.Rleu, domain 'my', 2 nodes; the nearest known is Relu" in text
    assert "Quux, domain 'ai.onnx', 1 node; no known name is near" in text
    assert 'LAMINA_LAYER(Rleu, .Onnx("my") ...)' in text


def test_damaged_files(stock, tmp_path):
    data = normalizer_max().SerializeToString()
    for name, content, words in (
        ("empty", b"", "it is empty"),
        ("text", b"<html>404</html>", "are no ONNX model"),
        ("lfs", b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "git lfs pull"),
        ("cut", data[: len(data) // 2], "cut off or damaged|it holds no graph|which nothing makes|is made by no node"),
    ):
        path = tmp_path / f"{name}.onnx"
        path.write_bytes(content)
        with pytest.raises(lamina.PrepareError, match=words) as error:
            stock.read(path)
        assert str(path) in str(error.value)
    with pytest.raises(lamina.PrepareError, match="needs at least 2"):
        stock.read(model("g (float[1, 1, 3, 3] x) => (float[1, 1, 3, 3] y) { y = Conv (x) }"))


def test_other_formats_pass_through(stock, tmp_path):
    openvino.save_model(stock.read(normalizer_max()), tmp_path / "ir.xml", compress_to_fp16=False)
    x = np.array([[-8, 2, 4]], np.float32)
    np.testing.assert_array_equal(stock.run(tmp_path / "ir.xml", {"x": x})[0], x / 4)


def test_bad_libraries_are_named(stock, tmp_path):
    (tmp_path / "no.so").write_text("not a library")
    with pytest.raises(lamina.PrepareError, match="no.so"):
        lamina.prepare(normalizer_max().SerializeToString(), [tmp_path / "no.so"])
