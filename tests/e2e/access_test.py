"""Who may ask: bearer tokens over gRPC and REST, and scripts of pages (CORS), against the real server."""

import subprocess
import time

import grpc
import numpy as np
import pytest
import requests
import tensorflow as tf
import tritonclient.grpc
import tritonclient.http
from grpc_health.v1 import health_pb2, health_pb2_grpc
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc
from tritonclient.grpc.auth import BasicAuth
from tritonclient.utils import InferenceServerException

from . import models
from .certificates import Authority

ORIGIN = "https://app.example:8443"
BEARER = {"authorization": "Bearer first-token"}
TINY = {"instances": [[1, 2, 3, 4]]}


@pytest.fixture
def serve(start, models_dir, tmp_path):
    """Starts a server whose tokens are in tmp_path / "tokens"."""
    tokens = tmp_path / "tokens"
    tokens.write_text("# for the tests\nfirst-token\nsecond-token\n")

    def start_serving(*flags, wait=True):
        tiny = ["--model_name", "tiny", "--model_path", models_dir / "tiny", "--port", "0"]
        local = [] if "--grpc_bind_address" in flags else ["--grpc_bind_address", "127.0.0.1"]
        server = start("lamina", "serve", *tiny, *local, "--auth_token_file", tokens, *flags)
        return server.wait_until_serving() if wait else server

    return start_serving


def infer(client, module, headers):
    x = np.array([[1, 2, 3, 4]], np.float32)
    tensor = module.InferInput("x", [1, 4], "FP32")
    tensor.set_data_from_numpy(x)
    answer = client.infer("tiny", [tensor], headers=headers).as_numpy("y")
    np.testing.assert_allclose(answer, models.tiny_reference(x), rtol=1e-5)


def test_grpc(serve):
    server = serve()
    with tritonclient.grpc.InferenceServerClient(server.address) as client:
        assert client.is_server_live() and client.is_server_ready()
        infer(client, tritonclient.grpc, dict(BEARER))
        infer(client, tritonclient.grpc, {"authorization": "bearer second-token"})
        for headers in (None, {"authorization": "Bearer first-tok"}, {"authorization": "first-token"}):
            with pytest.raises(InferenceServerException, match="UNAUTHENTICATED.*token"):
                infer(client, tritonclient.grpc, headers)
            with pytest.raises(InferenceServerException, match="UNAUTHENTICATED"):
                client.get_model_metadata("tiny", headers=headers)
            with pytest.raises(InferenceServerException, match="UNAUTHENTICATED"):
                client.unload_model("tiny", headers=headers)
        client.register_plugin(BasicAuth("first-token", "x"))  # another scheme than the server's
        with pytest.raises(InferenceServerException, match="UNAUTHENTICATED.*asks for a token"):
            infer(client, tritonclient.grpc, None)
    with grpc.insecure_channel(server.address) as channel:
        reply = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=30)
        assert reply.status == health_pb2.HealthCheckResponse.SERVING
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        request = predict_pb2.PredictRequest()
        request.model_spec.name = "tiny"
        request.inputs["x"].CopyFrom(tf.make_tensor_proto(np.ones((1, 4), np.float32)))
        with pytest.raises(grpc.RpcError) as error:
            stub.Predict(request, timeout=30)
        assert error.value.code() == grpc.StatusCode.UNAUTHENTICATED
        assert stub.Predict(request, timeout=30, metadata=[("authorization", "Bearer first-token")]).outputs["y"]


def test_grpc_by_call_credentials_over_tls(serve, tmp_path):
    """As gRPC's own libraries send tokens: only where there is TLS."""
    authority = Authority(tmp_path / "certificates")
    certificate, key = authority.issue("server")
    server = serve("--tls_certificate_file", certificate, "--tls_key_file", key, "--grpc_bind_address", "::")
    assert "without TLS" not in server.log
    credentials = grpc.composite_channel_credentials(
        grpc.ssl_channel_credentials(authority.certificate.read_bytes()),
        grpc.access_token_call_credentials("first-token"),
    )
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "tiny"
    request.inputs["x"].CopyFrom(tf.make_tensor_proto(np.ones((1, 4), np.float32)))
    with grpc.secure_channel(f"localhost:{server.port}", credentials) as channel:
        assert prediction_service_pb2_grpc.PredictionServiceStub(channel).Predict(request, timeout=30).outputs["y"]
    line = ["curl", "-sS", "--fail", "--cacert", authority.certificate, "--oauth2-bearer", "second-token"]
    url = f"https://localhost:{server.port}/v1/models/tiny"
    assert subprocess.run([*line, url], capture_output=True, timeout=60).returncode == 0
    # Over HTTP/2 a refusal is no error of the stream, however large the body.
    for size in (10, 3_000_000):
        (tmp_path / "body").write_bytes(b"x" * size)
        line = ["curl", "-sS", "--http2", "--cacert", authority.certificate, "--data-binary", f"@{tmp_path}/body"]
        refused = subprocess.run([*line, f"{url}:predict"], capture_output=True, text=True, timeout=60)
        assert refused.returncode == 0 and "asks for a token" in refused.stdout, refused.stderr


def test_rest(serve):
    server = serve()
    url = f"http://{server.address}"
    for path in ("/v2/health/live", "/v2/health/ready"):
        assert requests.get(url + path, timeout=30).status_code == 200
    for path in ("/v2", "/v2/models/tiny", "/v1/models/tiny", "/v1/config", "/metrics", "/openapi.json", "/none"):
        reply = requests.get(url + path, timeout=30)
        assert reply.status_code == 401, path
        assert reply.headers["WWW-Authenticate"] == 'Bearer realm="lamina"'
        assert "send authorization: Bearer TOKEN" in reply.json()["error"]
        assert requests.get(url + path, headers=BEARER, timeout=30).status_code == (404 if path == "/none" else 200)
    session = requests.Session()
    predict = f"{url}/v1/models/tiny:predict"
    wrong = session.post(predict, json=TINY, headers={"authorization": "Bearer third-token"}, timeout=30)
    assert wrong.status_code == 401
    assert 'error="invalid_token"' in wrong.headers["WWW-Authenticate"]
    # With a body of its own the refusal may end the connection; the session makes another.
    assert session.post(predict, json=TINY, headers=BEARER, timeout=30).json()["predictions"]
    assert session.post(predict, data=b"x" * 20_000_000, timeout=30).status_code == 401
    with tritonclient.http.InferenceServerClient(server.address) as client:
        infer(client, tritonclient.http, dict(BEARER))  # it adds to them
        with pytest.raises(InferenceServerException, match="token"):
            infer(client, tritonclient.http, None)


def test_tokens_change_without_a_restart(serve, tmp_path):
    server = serve("--file_system_poll_wait_seconds", "0.1")

    def status(token):
        headers = {"authorization": f"Bearer {token}"}
        return requests.get(f"http://{server.address}/v2", headers=headers, timeout=30).status_code

    def wait_for(condition):
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, server.log
            time.sleep(0.05)

    assert (status("first-token"), status("new-token")) == (200, 401)
    (tmp_path / "tokens").write_text("new-token\n")
    wait_for(lambda: status("new-token") == 200)
    assert status("first-token") == 401
    (tmp_path / "tokens").write_text("not a token\n")
    wait_for(lambda: "tokens:1: this is no token" in server.log)
    assert "the tokens from before count on" in server.log
    assert status("new-token") == 200
    assert server.stop() == 0


def test_what_is_said_at_the_start(serve, tmp_path):
    assert "without TLS" not in serve().log, "only this machine reaches it"
    server = serve("--grpc_bind_address", "0.0.0.0")
    assert f"tokens come to 0.0.0.0:{server.port} without TLS: whoever sees the network can read" in server.log
    assert "requests need one of the 2 tokens of" in server.log
    for text, sentence in [("", "has no token; write one a line"), ("two words\n", ":1: this is no token")]:
        (tmp_path / "tokens").write_text(text)
        broken = serve(wait=False)
        assert broken.wait_until_ended() == 1
        assert f"auth_token_file: {tmp_path}/tokens" in broken.log and sentence in broken.log
    (tmp_path / "tokens").unlink()
    missing = serve(wait=False)
    assert missing.wait_until_ended() == 1
    assert "tokens cannot be read (No such file or directory)" in missing.log


def preflight(server, origin, headers="authorization,content-type,inference-header-content-length"):
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": headers}
    return requests.options(f"http://{server.address}/v2/models/tiny/infer", headers=asked, timeout=30)


def test_cors_with_tokens(serve):
    server = serve("--rest_cors_origins", f"https://other.example,{ORIGIN}")
    reply = preflight(server, ORIGIN)
    assert (reply.status_code, reply.content) == (204, b"")
    assert reply.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "POST" in reply.headers["Access-Control-Allow-Methods"]
    assert reply.headers["Access-Control-Allow-Headers"] == "authorization,content-type,inference-header-content-length"
    refused = preflight(server, "https://evil.example")
    assert refused.status_code == 403 and "rest_cors_origins" in refused.json()["error"]
    assert "Access-Control-Allow-Origin" not in refused.headers
    # A page asks for binary outputs and has to read where the JSON ends.
    body = {
        "inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 4], "data": [1, 2, 3, 4]}],
        "parameters": {"binary_data_output": True},
    }
    url = f"http://{server.address}/v2/models/tiny/infer"
    answer = requests.post(url, json=body, headers={"Origin": ORIGIN, **BEARER}, timeout=30)
    assert answer.status_code == 200
    assert "inference-header-content-length" in answer.headers["Access-Control-Expose-Headers"].lower()
    assert int(answer.headers["Inference-Header-Content-Length"]) > 0
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    without = requests.post(url, json=body, headers={"Origin": ORIGIN}, timeout=30)
    assert without.status_code == 401
    assert without.headers["Access-Control-Allow-Origin"] == ORIGIN, "the page may know why"
    missing = requests.get(f"http://{server.address}/none", headers={"Origin": ORIGIN, **BEARER}, timeout=30)
    assert (missing.status_code, missing.headers["Access-Control-Allow-Origin"]) == (404, ORIGIN)


def test_cors_for_all_and_for_none(start, models_dir):
    tiny = ["--model_name", "tiny", "--model_path", models_dir / "tiny", "--port", "0"]
    server = start("lamina", "serve", *tiny, "--rest_cors_origins", "*").wait_until_serving()
    assert preflight(server, "https://anyone.example").headers["Access-Control-Allow-Origin"] == "*"
    reply = requests.get(f"http://{server.address}/v2", headers={"Origin": "https://anyone.example"}, timeout=30)
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    server = start("lamina", "serve", *tiny).wait_until_serving()
    assert preflight(server, ORIGIN).status_code == 405
    reply = requests.get(f"http://{server.address}/v2", headers={"Origin": ORIGIN}, timeout=30)
    assert "Access-Control-Allow-Origin" not in reply.headers
    wrong = start("lamina", "serve", *tiny, "--rest_cors_origins", "app.example")
    assert wrong.wait_until_ended() == 1
    assert "rest_cors_origins: 'app.example' is no origin" in wrong.log
