"""Models that are loaded, changed and unloaded while the server runs, by KServe's repository extension, by TensorFlow
Serving's HandleReloadConfigRequest and by config.json itself; and statistics, metrics and streams."""

import json
import queue
import threading
import time

import grpc
import numpy as np
import pytest
import requests
import tritonclient.grpc as triton
import tritonclient.http as triton_http
from tensorflow_serving.apis import model_management_pb2, model_service_pb2_grpc
from tensorflow_serving.config import model_server_config_pb2
from tritonclient.utils import InferenceServerException

from . import models
from .lifecycle_test import answering_version, eventually

X = np.ones((3, 4), np.float32)


def entry(path, name, **more):
    return {"config": {"name": name, "base_path": str(path), **more}}


def write_config(tmp_path, *entries):
    (tmp_path / "beside.json").write_text(json.dumps({"model_config_list": list(entries)}))
    (tmp_path / "beside.json").rename(tmp_path / "config.json")


@pytest.fixture
def server(start, tmp_path):
    """Serves m, which has the versions 1 and 2; config.json is looked at by request alone."""
    for version in (1, 2):
        models.tiny(tmp_path / "m", version, factor=version)
    models.tiny(tmp_path / "n", 5, factor=5)
    write_config(tmp_path, entry(tmp_path / "m", "m"))
    server = start("lamina", "serve", "--config_path", tmp_path / "config.json", "--port", "0",
                   environment={"FILE_SYSTEM_POLL_WAIT_SECONDS": "0"})
    return server.wait_until_serving()


@pytest.fixture
def client(server):
    with triton.InferenceServerClient(server.address) as client:
        yield client


def infer(client, model, **options):
    tensor = triton.InferInput("x", X.shape, "FP32")
    tensor.set_data_from_numpy(X)
    return client.infer(model, [tensor], **options)


def index(client):
    return {(m.name, m.version): m.state for m in client.get_model_repository_index().models}


def test_load_and_unload(client):
    assert index(client) == {("m", "2"): "READY"}
    client.unload_model("m")
    assert not client.is_model_ready("m")
    eventually(lambda: index(client) == {("m", "2"): "UNAVAILABLE"})
    assert client.get_model_repository_index().models[0].reason == "unloaded"
    client.load_model("m")
    assert answering_version(client) == 2


def test_load_with_settings(client, tmp_path):
    client.load_model("m", config=json.dumps({"model_version_policy": {"all": {}}, "version_labels": {"old": 1}}))
    assert index(client) == {("m", "1"): "READY", ("m", "2"): "READY"}
    assert infer(client, "m", model_version="old").get_response().model_version == "1"
    assert client.is_model_ready("m", "old") and not client.is_model_ready("m", "new")
    client.load_model("n", config=json.dumps({"base_path": str(tmp_path / "n"), "nireq": 2}))
    assert answering_version(client, "n") == 5
    client.load_model("m")
    eventually(lambda: index(client)[("m", "1")] == "UNAVAILABLE")


def test_what_cannot_be_loaded(client, tmp_path):
    def refused(match, model, **options):
        with pytest.raises(InferenceServerException, match=match):
            client.load_model(model, **options)

    refused("There is no model 'nobody'", "nobody")
    refused("did you mean 'nireq'", "m", config='{"nirek": 1}')
    refused("cpu_extension: libraries of layers are named in config.json alone", "m", config='{"cpu_extension": "/x.so"}')
    refused("file:1/model.onnx cannot be taken", "m", config="{}", files={"file:1/model.onnx": b"model"})
    refused("there is no /nowhere; correct the path", "m", config='{"base_path": "/nowhere"}')
    (tmp_path / "bad/1").mkdir(parents=True)
    (tmp_path / "bad/1/model.onnx").write_bytes(b"no model")
    refused("cannot be loaded.*stays as it was", "m", config=json.dumps({"base_path": str(tmp_path / "bad")}))
    with pytest.raises(InferenceServerException, match="no model 'nobody' to unload"):
        client.unload_model("nobody")
    assert answering_version(client) == 2, "through all of this"


def test_no_request_fails_while_a_model_is_replaced(server, client):
    stop, answers, errors = threading.Event(), [], []

    def ask():
        with triton.InferenceServerClient(server.address) as own:
            while not stop.is_set():
                try:
                    answers.append(answering_version(own))
                except Exception as error:  # the test fails with it, in its own thread
                    errors.append(error)

    callers = [threading.Thread(target=ask) for _ in range(2)]
    for caller in callers:
        caller.start()
    for round in range(5):
        client.load_model("m", config=json.dumps({"nireq": 1 + round}))
    stop.set()
    for caller in callers:
        caller.join()
    assert not errors and answers


def reload_request(*entries):
    request = model_management_pb2.ReloadConfigRequest()
    for path, name in entries:
        request.config.model_config_list.config.add(name=name, base_path=str(path), model_platform="tensorflow")
    return request


def test_tensorflow_servings_reload(server, client, tmp_path):
    with grpc.insecure_channel(server.address) as channel:
        service = model_service_pb2_grpc.ModelServiceStub(channel)
        request = reload_request((tmp_path / "m", "m"), (tmp_path / "n", "n"))
        request.config.model_config_list.config[0].model_version_policy.specific.versions.append(1)
        request.config.model_config_list.config[1].version_labels["stable"] = 5
        assert service.HandleReloadConfigRequest(request).status.error_code == 0
        assert answering_version(client) == 1
        assert infer(client, "n", model_version="stable").get_response().model_version == "5"
        assert service.HandleReloadConfigRequest(reload_request((tmp_path / "n", "n"))).status.error_code == 0
        assert not client.is_model_ready("m") and client.is_model_ready("n")
        for bad, match in [(model_management_pb2.ReloadConfigRequest(), "no model_config_list"),
                           (reload_request(("/a", "a"), ("/b", "a")), "'a' is there twice"),
                           (reload_request(("/nowhere", "a"), (tmp_path / "n", "n")), "there is no /nowhere")]:
            with pytest.raises(grpc.RpcError) as error:
                service.HandleReloadConfigRequest(bad)
            assert match in error.value.details()
        assert client.is_model_ready("n")


def test_config_json_is_looked_at(start, tmp_path):
    models.tiny(tmp_path / "a", 1, factor=1)
    models.tiny(tmp_path / "b", 2, factor=2)
    write_config(tmp_path, entry(tmp_path / "a", "a"))
    server = start("lamina", "serve", "--config_path", tmp_path / "config.json", "--port", "0",
                   environment={"FILE_SYSTEM_POLL_WAIT_SECONDS": "0.05"}).wait_until_serving()
    with triton.InferenceServerClient(server.address) as client:
        write_config(tmp_path, entry(tmp_path / "a", "a", nirek=3), entry(tmp_path / "b", "b"))
        eventually(lambda: "nirek: unknown key" in server.log)
        assert answering_version(client, "a") == 1 and not client.is_model_ready("b"), "a broken file changes nothing"
        write_config(tmp_path, entry(tmp_path / "b", "b"))
        eventually(lambda: client.is_model_ready("b") and not client.is_model_ready("a"))
        assert answering_version(client, "b") == 2


def test_statistics(client):
    before = client.get_inference_statistics("m").model_stats
    assert [(s.name, s.version, s.execution_count) for s in before] == [("m", "2", 0)]
    for _ in range(5):
        infer(client, "m")
    with pytest.raises(InferenceServerException):
        wrong = triton.InferInput("z", X.shape, "FP32")
        wrong.set_data_from_numpy(X)
        client.infer("m", [wrong])
    (one,) = client.get_inference_statistics("m", "2").model_stats
    assert (one.execution_count, one.inference_count) == (5, 15)
    stats = one.inference_stats
    assert (stats.success.count, stats.fail.count) == (5, 1)
    parts = [stats.queue, stats.compute_input, stats.compute_infer, stats.compute_output]
    assert [p.count for p in parts] == [5] * 4
    assert sum(p.ns for p in parts) == stats.success.ns > 0
    assert [(b.batch_size, b.compute_infer.count) for b in one.batch_stats] == [(3, 5)]
    assert abs(one.last_inference / 1000 - time.time()) < 60
    assert [s.name for s in client.get_inference_statistics().model_stats] == ["m"]
    with pytest.raises(InferenceServerException, match="Servable not found"):
        client.get_inference_statistics("nobody")


def test_stream(client):
    answers = queue.Queue()
    client.start_stream(lambda result, error: answers.put((result, error)))
    tensor = triton.InferInput("x", X.shape, "FP32")
    tensor.set_data_from_numpy(X)
    for i in range(20):
        client.async_stream_infer("nobody" if i == 7 else "m", [tensor], request_id=str(i))
    for i in range(20):
        result, error = answers.get(timeout=20)
        if i == 7:
            assert "Servable not found" in str(error)
        else:
            assert error is None and result.get_response().id == str(i)
            np.testing.assert_array_equal(result.as_numpy("y"), infer(client, "m").as_numpy("y"))
    client.stop_stream()


def test_over_rest(server, client, tmp_path):
    with triton_http.InferenceServerClient(server.address) as rest:
        def states():
            return {(m["name"], m["version"]): m["state"] for m in rest.get_model_repository_index()}

        assert states() == {("m", "2"): "READY"}
        rest.unload_model("m")
        assert not client.is_model_ready("m")
        rest.load_model("m", config=json.dumps({"model_version_policy": {"all": {}}}))
        assert states() == {("m", "1"): "READY", ("m", "2"): "READY"}
        with pytest.raises(InferenceServerException, match="There is no model 'nobody'"):
            rest.load_model("nobody")
        infer(client, "m")
        (one,) = rest.get_inference_statistics("m", "2")["model_stats"]
        assert one["inference_stats"]["success"]["count"] == 1
        assert {s["version"] for s in rest.get_inference_statistics()["model_stats"]} == {"1", "2"}
    url = f"http://{server.address}"
    assert list(requests.get(f"{url}/v1/config").json()) == ["m"]
    write_config(tmp_path, entry(tmp_path / "n", "n"))
    reply = requests.post(f"{url}/v1/config/reload")
    assert reply.status_code == 200
    assert reply.json()["n"]["model_version_status"][0]["state"] == "AVAILABLE"
    assert client.is_model_ready("n") and not client.is_model_ready("m")
    write_config(tmp_path, entry(tmp_path / "n", "n", nirek=3))
    reply = requests.post(f"{url}/v1/config/reload")
    assert reply.status_code == 400 and "nirek: unknown key" in reply.json()["error"]
    assert client.is_model_ready("n")


def test_metrics_say_where_requests_came_from(server, client):
    infer(client, "m")
    url = f"http://{server.address}"
    body = {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 4], "data": [1, 2, 3, 4]}]}
    for _ in range(2):
        assert requests.post(f"{url}/v2/models/m/infer", json=body).status_code == 200
    for _ in range(3):
        assert requests.post(f"{url}/v1/models/m:predict", json={"instances": [[1, 2, 3, 4]]}).status_code == 200
    requests.get(f"{url}/v1/models/m")
    reply = requests.get(f"{url}/metrics")
    assert reply.headers["Content-Type"].startswith("text/plain; version=0.0.4")

    def count(api, interface, method):
        (line,) = [line for line in reply.text.splitlines() if line.startswith("ovms_requests_success{")
                   and f'api="{api}"' in line and f'interface="{interface}"' in line and f'method="{method}"' in line]
        return int(float(line.split()[-1]))

    assert count("KServe", "gRPC", "ModelInfer") == 1
    assert count("KServe", "REST", "ModelInfer") == 2
    assert count("TensorFlowServing", "REST", "Predict") == 3
    assert count("TensorFlowServing", "REST", "GetModelStatus") == 1
