"""KServe v2 over gRPC, with tritonclient and with messages made by hand, against the real server."""

import concurrent.futures
import time

import grpc
import numpy as np
import pytest
import tritonclient.grpc as triton
from tritonclient.grpc import service_pb2, service_pb2_grpc
from tritonclient.utils import InferenceServerException, serialize_byte_tensor

from . import models
from .conftest import SANITIZED
from .shared_server import server  # noqa: F401


@pytest.fixture(scope="module")
def client(server):
    with triton.InferenceServerClient(server.address) as client:
        yield client


@pytest.fixture(scope="module")
def stub(server):
    with grpc.insecure_channel(server.address) as channel:
        yield service_pb2_grpc.GRPCInferenceServiceStub(channel)


def tensor(name, datatype, values):
    values = np.asarray(values)
    result = triton.InferInput(name, values.shape, datatype)
    result.set_data_from_numpy(values)
    return result


def infer_tiny(client, x, **options):
    return client.infer("tiny", [tensor("x", "FP32", np.asarray(x, np.float32))], **options)


def request_tiny(shape=(1, 4), raw=bytes(16), name="x", datatype="FP32", model="tiny", version=""):
    """A ModelInfer request by hand, so that it can be wrong."""
    request = service_pb2.ModelInferRequest(model_name=model, model_version=version)
    request.inputs.add(name=name, datatype=datatype, shape=shape)
    if raw is not None:
        request.raw_input_contents.append(raw)
    return request


def refused(stub, request, code=grpc.StatusCode.INVALID_ARGUMENT):
    with pytest.raises(grpc.RpcError) as error:
        stub.ModelInfer(request)
    assert error.value.code() == code, error.value.details()
    return error.value.details()


def test_server_and_models_are_ready(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("tiny")
    assert client.is_model_ready("versions", "3")
    assert not client.is_model_ready("versions", "2")
    assert not client.is_model_ready("nobody")


def test_metadata(client):
    assert client.get_server_metadata().name == "lamina"
    metadata = client.get_model_metadata("versions")
    assert (metadata.name, list(metadata.versions), metadata.platform) == ("versions", ["1", "3"], "onnx")
    assert [(t.name, t.datatype, list(t.shape)) for t in metadata.inputs] == [("x", "FP32", [-1, 4])]
    assert [(t.name, t.datatype, list(t.shape)) for t in metadata.outputs] == [("y", "FP32", [-1, 3])]
    metadata = client.get_model_metadata("types")
    assert {t.name: t.datatype for t in metadata.inputs} == {f"in_{t[0]}": t[0] for t in models.TYPES}
    metadata = client.get_model_metadata("labels")
    assert {t.name: t.datatype for t in metadata.outputs} == {"code": "INT64", "back": "BYTES"}
    config = client.get_model_config("versions", as_json=True)["config"]
    assert config["input"] == [{"name": "x", "data_type": "TYPE_FP32", "dims": ["-1", "4"]}]
    assert (config["platform"], config["backend"], config.get("max_batch_size", 0)) == ("onnx", "openvino", 0)


def test_which_column_is_which_class(client, stub):
    config = client.get_model_config("classes").config
    assert config.parameters["lamina.classes.probabilities"].string_value == '["no","yes"]'
    # tritonclient does not know the field 6, map<string, string> properties, of the open inference protocol.
    metadata = stub.ModelMetadata(service_pb2.ModelMetadataRequest(name="classes")).SerializeToString()
    assert b"\x0a\x1clamina.classes.probabilities\x12\x0c[\"no\",\"yes\"]" in metadata


@pytest.mark.parametrize("rows", [1, 2, 3, 17, 1000])
def test_infer(client, rows):
    x = np.random.default_rng(rows).normal(size=(rows, 4)).astype(np.float32)
    result = infer_tiny(client, x)
    np.testing.assert_allclose(result.as_numpy("y"), models.tiny_reference(x), rtol=1e-5, atol=1e-6)


def test_no_rows_at_all(client):
    assert infer_tiny(client, np.zeros((0, 4))).as_numpy("y").shape == (0, 3)


def test_versions_and_labels(client):
    x = np.ones((1, 4), np.float32)
    for version, factor, answered in [
        ("", 3, "3"),
        ("1", 1, "1"),
        ("3", 3, "3"),
        ("stable", 1, "1"),
        ("canary", 3, "3"),
    ]:
        result = client.infer("versions", [tensor("x", "FP32", x)], model_version=version)
        np.testing.assert_allclose(result.as_numpy("y"), models.tiny_reference(x, factor), rtol=1e-5)
        assert result.get_response().model_version == answered


def test_the_request_id_comes_back(client):
    response = infer_tiny(client, np.ones((1, 4)), request_id="a request").get_response()
    assert (response.id, response.model_name) == ("a request", "tiny")


def test_outputs_in_the_order_asked_for(client):
    a, b = np.full((2, 3), 5, np.float32), np.full((2, 3), 2, np.float32)
    inputs = [tensor("b", "FP32", b), tensor("a", "FP32", a)]
    every = client.infer("two", inputs)
    assert [o.name for o in every.get_response().outputs] == ["sum", "difference"]
    np.testing.assert_array_equal(every.as_numpy("difference"), a - b)
    for names in (["difference"], ["difference", "sum"], ["sum"]):
        result = client.infer("two", inputs, outputs=[triton.InferRequestedOutput(n) for n in names])
        assert [o.name for o in result.get_response().outputs] == names
        for name in names:
            np.testing.assert_array_equal(result.as_numpy(name), a + b if name == "sum" else a - b)


def type_inputs():
    for i, (name, _, dtype, _) in enumerate(models.TYPES):
        values = np.arange(6).reshape(2, 3) + i
        yield name, (values % 2 == 0) if dtype == np.bool_ else values.astype(dtype)


def test_every_type(client):
    expected = dict(type_inputs())
    result = client.infer("types", [tensor(f"in_{name}", name, values) for name, values in expected.items()])
    for name, values in expected.items():
        np.testing.assert_array_equal(result.as_numpy(f"out_{name}"), values.T)
        assert result.as_numpy(f"out_{name}").dtype == values.dtype


def test_typed_contents(stub):
    lists = {
        "BOOL": "bool_contents",
        "INT8": "int_contents",
        "INT16": "int_contents",
        "INT32": "int_contents",
        "INT64": "int64_contents",
        "UINT8": "uint_contents",
        "UINT16": "uint_contents",
        "UINT32": "uint_contents",
        "UINT64": "uint64_contents",
        "FP32": "fp32_contents",
        "FP64": "fp64_contents",
    }
    expected = {name: values for name, values in type_inputs() if name in lists}
    request = service_pb2.ModelInferRequest(model_name="listed_types")
    for name, values in expected.items():
        new = request.inputs.add(name=f"in_{name}", datatype=name, shape=values.shape)
        getattr(new.contents, lists[name]).extend(values.flatten().tolist())
    response = stub.ModelInfer(request)
    assert {o.name for o in response.outputs} == {f"out_{name}" for name in expected}
    for output, raw in zip(response.outputs, response.raw_output_contents):
        values = expected[output.datatype].T
        np.testing.assert_array_equal(np.frombuffer(raw, values.dtype).reshape(output.shape), values)


def test_strings(client, stub):
    text = np.array([s.encode() for s in [*models.LABELS, "unknown"]], dtype=object)
    index = np.array([2, 1, 0, 99], np.int64)
    result = client.infer("labels", [tensor("text", "BYTES", text), tensor("index", "INT64", index)])
    np.testing.assert_array_equal(result.as_numpy("code"), [0, 1, 2, -1])
    assert [s.decode() for s in result.as_numpy("back")] == [*reversed(models.LABELS), "?"]

    request = service_pb2.ModelInferRequest(model_name="labels")
    request.inputs.add(name="text", datatype="BYTES", shape=[1]).contents.bytes_contents.append(b"cat")
    request.inputs.add(name="index", datatype="INT64", shape=[1]).contents.int64_contents.append(0)
    response = stub.ModelInfer(request)
    outputs = {o.name: raw for o, raw in zip(response.outputs, response.raw_output_contents)}
    assert outputs["code"] == bytes(8)
    assert outputs["back"] == b"\3\0\0\0cat"


@pytest.mark.parametrize(
    "model,version,told",
    [
        ("nobody", "", "Servable not found for request: Specific(nobody, 0)"),
        ("tiny", "2", "Servable not found for request: Specific(tiny, 2)"),
        ("versions", "beta", "model 'versions' has no version labelled 'beta'"),
    ],
)
def test_a_model_or_version_that_is_not_there(stub, model, version, told):
    assert refused(stub, request_tiny(model=model, version=version), grpc.StatusCode.NOT_FOUND).startswith(told)


def test_a_wrong_input_name_is_told_with_the_right_ones(stub):
    details = refused(stub, request_tiny(name="X"))
    assert "X" in details and "x" in details.split("set")[-1], details


def test_a_wrong_type_is_told_with_both(stub):
    details = refused(stub, request_tiny(datatype="INT32"))
    assert "x" in details and "i32" in details and "f32" in details, details


def test_a_wrong_shape_is_told_with_both(stub):
    details = refused(stub, request_tiny(shape=(1, 5), raw=bytes(20)))
    assert "5" in details and "4" in details and "x" in details, details


def test_missing_and_double_inputs(stub):
    request = service_pb2.ModelInferRequest(model_name="two")
    request.inputs.add(name="a", datatype="FP32", shape=[2, 3])
    request.raw_input_contents.append(bytes(24))
    assert "b" in refused(stub, request)
    request.inputs.add(name="a", datatype="FP32", shape=[2, 3])
    request.raw_input_contents.append(bytes(24))
    assert "input 'a' is there twice" in refused(stub, request)


def test_an_output_that_is_not_there(stub):
    request = request_tiny()
    request.outputs.add(name="z")
    assert "z" in refused(stub, request)


def test_what_does_not_fit_is_refused(stub):
    assert "need 16 bytes in raw_input_contents, got 15" in refused(stub, request_tiny(raw=bytes(15)))
    assert "need 16 bytes in raw_input_contents, got 17" in refused(stub, request_tiny(raw=bytes(17)))
    assert "got 0" in refused(stub, request_tiny(raw=None))
    assert "negative or too large" in refused(stub, request_tiny(shape=(-1, 4)))
    assert "negative or too large" in refused(stub, request_tiny(shape=(1 << 40, 1 << 40)))
    assert "bytes in raw_input_contents, got 16" in refused(stub, request_tiny(shape=(1000000000, 4)))
    assert "datatype 'FLOAT' is not known" in refused(stub, request_tiny(datatype="FLOAT"))


def test_cut_off_strings_are_refused(stub):
    request = service_pb2.ModelInferRequest(model_name="labels")
    request.inputs.add(name="text", datatype="BYTES", shape=[2])
    request.inputs.add(name="index", datatype="INT64", shape=[2])
    whole = serialize_byte_tensor(np.array([b"cat", b"dog"], dtype=object)).item()
    request.raw_input_contents.extend([whole[:-1], bytes(16)])
    assert "element 1 of 2 is cut off at byte 7 of 13" in refused(stub, request)


def test_calls_that_are_not_there_are_unimplemented(client):
    with pytest.raises(InferenceServerException) as error:
        client.get_log_settings()
    assert error.value.status() == "StatusCode.UNIMPLEMENTED"


def test_many_callers_get_their_own_answers(client):
    def ask(seed):
        x = np.random.default_rng(seed).normal(size=(1 + seed % 5, 4)).astype(np.float32)
        np.testing.assert_allclose(infer_tiny(client, x).as_numpy("y"), models.tiny_reference(x), rtol=1e-5, atol=1e-6)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(ask, seed) for seed in range(400)]:
            done.result()


def test_a_large_message(client):
    x = np.random.default_rng(0).normal(size=(1 << 20, 4)).astype(np.float32)  # 16 MiB
    np.testing.assert_allclose(infer_tiny(client, x).as_numpy("y"), models.tiny_reference(x), rtol=1e-4, atol=1e-5)


def executions(stub, model):
    (one,) = stub.ModelStatistics(service_pb2.ModelStatisticsRequest(name=model)).model_stats
    return one.execution_count, one.inference_count


@pytest.mark.skipif(SANITIZED, reason="a sanitizer makes every model too slow for this")
def test_rows_that_come_together_run_together(stub):
    """Soon after the model was loaded, and if the server finds several rows at once."""
    deadline = time.monotonic() + 60
    while True:
        before = executions(stub, "halves")
        for _ in range(10):
            rows = [np.array([[x]], np.float32) for x in range(64)]
            asked = [stub.ModelInfer.future(request_tiny((1, 1), x.tobytes(), model="halves")) for x in rows]
            for x, answer in enumerate(future.result() for future in asked):
                label, scores = answer.raw_output_contents
                assert label[4:] == (b"less" if x < 32 else b"more")
                assert np.frombuffer(scores, np.float32).tolist() == [63 - x, x, 0]
        ran, asked = (after - count for after, count in zip(executions(stub, "halves"), before))
        assert asked == 10 * 64
        if ran < asked:
            return
        assert time.monotonic() < deadline, "each row was run by itself"
