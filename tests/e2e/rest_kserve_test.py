"""KServe v2 over REST, with tritonclient and with plain requests, against the real server."""

import http.client
import json
import subprocess

import numpy as np
import pytest
import requests
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

from . import models
from .conftest import BIN
from .free_port import free_port
from .rest_server import rest  # noqa: F401


@pytest.fixture(scope="module")
def client(rest):
    with triton.InferenceServerClient(rest) as client:
        yield client


def infer_input(name, value, datatype, binary=True):
    tensor = triton.InferInput(name, list(value.shape), datatype)
    tensor.set_data_from_numpy(value, binary_data=binary)
    return tensor


def post(rest, model, body, **headers):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return requests.post(f"http://{rest}/v2/models/{model}/infer", data=data, headers=headers)


def tiny_body(**changes):
    return {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 4], "data": [1, 2, 3, 4], **changes}]}


def refused(rest, model, body, code=400, **headers):
    reply = post(rest, model, body, **headers)
    assert reply.status_code == code, reply.text
    assert reply.headers["Content-Type"] == "application/json"
    return reply.json()["error"]


def test_health_and_metadata(client, rest):
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("tiny") and client.is_model_ready("versions", "1")
    assert not client.is_model_ready("nobody") and not client.is_model_ready("tiny", "9")
    server = client.get_server_metadata()
    assert (server["name"], server["extensions"][0]) == ("lamina", "binary_tensor_data")
    model = client.get_model_metadata("versions")
    assert model["versions"] == ["1", "3"]
    assert model["inputs"] == [{"name": "x", "datatype": "FP32", "shape": [-1, 4]}]
    assert client.get_model_config("versions")["input"] == [{"name": "x", "data_type": "TYPE_FP32", "dims": [-1, 4]}]
    with pytest.raises(InferenceServerException, match=r"Specific\(nobody, 0\)"):
        client.get_model_metadata("nobody")


def test_which_column_is_which_class(client):
    said = '["no","yes"]'
    assert client.get_model_metadata("classes")["properties"] == {"lamina.classes.probabilities": said}
    assert client.get_model_config("classes")["parameters"] == {"lamina.classes.probabilities": {"string_value": said}}
    assert "properties" not in client.get_model_metadata("tiny")


def test_which_column_is_which_class_of_a_model_that_was_prepared_before(start, tmp_path):
    models.classes(tmp_path / "before")
    (tmp_path / "after").mkdir()
    subprocess.run([BIN / "lamina", "prepare", tmp_path / "before/1/model.onnx", tmp_path / "after/model.onnx"],
                   check=True)
    (tmp_path / "after/mapping_config.json").write_text('{"outputs": {"probabilities": "p"}}')
    port = free_port()
    start("lamina", "serve", "--model_name", "m", "--model_path", tmp_path / "after", "--port", "0", "--rest_port",
          port).wait_until_serving()
    with triton.InferenceServerClient(f"127.0.0.1:{port}") as client:
        assert client.get_model_metadata("m")["properties"] == {"lamina.classes.p": '["no","yes"]'}


@pytest.mark.parametrize("binary_in", [True, False])
@pytest.mark.parametrize("binary_out", [True, False])
@pytest.mark.parametrize("rows", [1, 33])
def test_infer(client, binary_in, binary_out, rows):
    x = np.random.default_rng(rows).normal(size=(rows, 4)).astype(np.float32)
    result = client.infer(
        "tiny",
        [infer_input("x", x, "FP32", binary_in)],
        outputs=[triton.InferRequestedOutput("y", binary_data=binary_out)],
        request_id="id 7",
    )
    np.testing.assert_allclose(result.as_numpy("y"), models.tiny_reference(x), rtol=1e-5, atol=1e-6)
    reply = result.get_response()
    assert (reply["model_name"], reply["model_version"], reply["id"]) == ("tiny", "1", "id 7")


@pytest.mark.parametrize("algorithm", ["gzip", "deflate"])
def test_compressed(client, algorithm):
    x = np.ones((64, 4), np.float32)
    result = client.infer(
        "tiny",
        [infer_input("x", x, "FP32")],
        request_compression_algorithm=algorithm,
        response_compression_algorithm=algorithm,
    )
    np.testing.assert_allclose(result.as_numpy("y"), models.tiny_reference(x), rtol=1e-5, atol=1e-6)


def test_versions(client):
    x = np.ones((1, 4), np.float32)
    for version, factor in [("", 3), ("1", 1), ("3", 3), ("stable", 1)]:
        result = client.infer("versions", [infer_input("x", x, "FP32")], model_version=version)
        np.testing.assert_allclose(result.as_numpy("y"), models.tiny_reference(x, factor), rtol=1e-5)


@pytest.mark.parametrize("binary", [True, False])
def test_every_type(client, binary):
    """FP16 has no form in JSON: listed_types is without it."""
    model, types = ("types", models.TYPES) if binary else ("listed_types", [t for t in models.TYPES if t[0] != "FP16"])
    inputs, expected = [], {}
    for i, (name, _, dtype, _) in enumerate(types):
        values = (np.arange(6).reshape(2, 3) + i).astype(dtype)
        inputs.append(infer_input(f"in_{name}", values, name, binary))
        expected[f"out_{name}"] = values.T
    outputs = [triton.InferRequestedOutput(name, binary_data=binary) for name in expected]
    result = client.infer(model, inputs, outputs=outputs)
    for name, values in expected.items():
        got = result.as_numpy(name)
        np.testing.assert_array_equal(got, values, err_msg=name)
        assert got.dtype == values.dtype


@pytest.mark.parametrize("binary", [True, False])
def test_strings(client, binary):
    text = np.array([s.encode() for s in [*models.LABELS, "unknown"]], np.object_)
    index = np.array([2, 1, 0, 99], np.int64)
    outputs = [triton.InferRequestedOutput(n, binary_data=binary) for n in ("back", "code")]
    result = client.infer(
        "labels", [infer_input("text", text, "BYTES", binary), infer_input("index", index, "INT64")], outputs=outputs
    )
    np.testing.assert_array_equal(result.as_numpy("code"), [0, 1, 2, -1])
    back = [s.decode() if isinstance(s, bytes) else s for s in result.as_numpy("back")]
    assert back == [*reversed(models.LABELS), "?"]


def test_bytes_that_are_not_text_go_in_binary(client):
    text = np.array([b"\xff\x00"], np.object_)
    index = np.array([0], np.int64)
    result = client.infer("labels", [infer_input("text", text, "BYTES"), infer_input("index", index, "INT64")])
    assert result.as_numpy("code").tolist() == [-1]


def test_plain_json_as_curl_sends_it(rest):
    sent = json.dumps(tiny_body(data=[[1, 2, 3, 4]]))
    reply = subprocess.run(
        ["curl", "-sS", "--fail", f"http://{rest}/v2/models/tiny/infer", "-d", sent], capture_output=True, check=True
    )
    (y,) = json.loads(reply.stdout)["outputs"]
    expected = models.tiny_reference(np.array([[1, 2, 3, 4]], np.float32))
    assert (y["name"], y["datatype"], y["shape"]) == ("y", "FP32", [1, 3])
    np.testing.assert_allclose(y["data"], expected.flatten(), rtol=1e-5)


def test_a_large_body(client):
    x = np.random.default_rng(0).normal(size=(50000, 4)).astype(np.float32)
    for binary in (True, False):
        result = client.infer("tiny", [infer_input("x", x, "FP32", binary)])
        np.testing.assert_allclose(result.as_numpy("y"), models.tiny_reference(x), rtol=1e-5, atol=1e-5)


def test_what_is_wrong_is_said(rest):
    assert refused(rest, "nobody", tiny_body(), 404) == "Servable not found for request: Specific(nobody, 0)"
    assert refused(rest, "tiny", b"{").startswith("Invalid JSON in request body: ")
    assert refused(rest, "tiny", b'{"inputs": [NaN]}').startswith("Invalid JSON in request body: ")
    assert "shape is missing" in refused(rest, "tiny", {"inputs": [{"name": "x", "datatype": "FP32", "data": [1]}]})
    assert "negative or too large" in refused(rest, "tiny", tiny_body(shape=[-1, 4]))
    assert "cannot hold" in refused(rest, "tiny", tiny_body(shape=[10**9, 4]))
    assert "need 4 elements in data" in refused(rest, "tiny", tiny_body(data=[1, 2, 3]))
    assert "expected a number" in refused(rest, "tiny", tiny_body(data=[1, 2, 3, "4"]))
    assert "is not known" in refused(rest, "tiny", tiny_body(datatype="FLOAT"))
    details = refused(rest, "tiny", tiny_body(name="input"))
    assert details.startswith("input tensor alias not found in signature: input. Inputs expected to be in the set {x}.")
    assert "more than 64" in refused(rest, "tiny", b'{"inputs": ' + b"[" * 100000)
    twice = tiny_body()
    twice["inputs"] *= 2
    assert "'x' is there twice" in refused(rest, "tiny", twice)


def test_what_a_layer_refuses_is_the_clients_fault(rest):
    body = tiny_body(datatype="INT64", shape=[2], data=[1, 9])
    assert post(rest, "one_hot", tiny_body(datatype="INT64", shape=[2], data=[1, 3])).status_code == 200
    text = refused(rest, "one_hot", body)
    assert "OneHotEncoder" in text and "element 1" in text and "INVALID_ARGUMENT" not in text


def test_binary_data_of_wrong_sizes(rest):
    head = json.dumps(tiny_body(parameters={"binary_data_size": 16}, data=None)).encode()
    head = head.replace(b', "data": null', b"")
    size = {"Inference-Header-Content-Length": str(len(head))}
    assert post(rest, "tiny", head + bytes(16), **size).status_code == 200
    assert "15 bytes are left" in refused(rest, "tiny", head + bytes(15), **size)
    assert "belong to no input" in refused(rest, "tiny", head + bytes(17), **size)
    for bad in ("-1", "x", "999999999"):
        text = refused(rest, "tiny", head + bytes(16), **{"Inference-Header-Content-Length": bad})
        assert "Inference-Header-Content-Length" in text


def test_paths(rest):
    def get(path):
        reply = requests.Request("GET", f"http://{rest}").prepare()
        reply.url = f"http://{rest}{path}"  # as it is: requests would tidy it up
        with requests.Session() as session:
            return session.send(reply)

    assert get("/v2/models/%2e%2e%2f%2e%2e%2fetc%2fpasswd").status_code == 404
    assert get("/v2/models/../../etc/passwd").status_code == 404
    assert get("/v2/nothing").status_code == 404
    raw = http.client.HTTPConnection(rest)
    raw.request("GET", "/v2/models/%zz")  # requests would make it %25zz
    assert raw.getresponse().status == 400
    raw.close()
    wrong = get("/v2/models/tiny/infer")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")
    assert set(get("/openapi.json").json()["paths"]) >= {"/v2/models/{model}/infer", "/v1/models/{model}:predict"}


def test_many_requests_on_one_connection(rest):
    with requests.Session() as session:
        for _ in range(200):
            assert session.post(f"http://{rest}/v2/models/tiny/infer", json=tiny_body()).status_code == 200
