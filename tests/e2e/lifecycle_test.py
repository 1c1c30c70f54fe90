"""Models over time: versions that come and go, requests that wait, deadlines, and a server that is told to stop."""

import shutil
import threading
import time

import grpc
import numpy as np
import pytest
import tritonclient.grpc as triton
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from onnx import TensorProto, helper

from . import models

QUICKLY = {"FILE_SYSTEM_POLL_WAIT_SECONDS": "0.05"}
SLOW_SIZE = 1400


def serve(start, name, path, *arguments, environment=None):
    server = start("lamina", "serve", "--model_name", name, "--model_path", path, "--port", "0", *arguments,
                   environment={**QUICKLY, **(environment or {})})
    return server.wait_until_serving()


def eventually(holds, seconds=30):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "did not come about in time"
        time.sleep(0.02)


def answering_version(client, model="m"):
    tensor = triton.InferInput("x", [1, 4], "FP32")
    tensor.set_data_from_numpy(np.ones((1, 4), np.float32))
    result = client.infer(model, [tensor])
    factor = result.as_numpy("y")[0, 2] / models.tiny_reference(np.ones((1, 4), np.float32))[0, 2]
    version = int(result.get_response().model_version)
    assert round(float(factor)) == version, "the version that is named has computed the answer"
    return version


def put_version(folder, version):
    """As a careful deployer does: beside, then moved to its place."""
    models.tiny(folder.parent / "beside", version, factor=version)
    (folder.parent / "beside" / str(version)).rename(folder / str(version))


def slow_model(folder, times=24):
    """A chain of products of matrices: about a second."""
    nodes = [helper.make_node("MatMul", [f"m{i}" if i else "x", "x"], [f"m{i + 1}" if i + 1 < times else "y"])
             for i in range(times)]
    values = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [SLOW_SIZE, SLOW_SIZE]) for n in ("x", "y")]
    models.save(folder, 1, helper.make_graph(nodes, "slow", values[:1], values[1:]))


def slow_input():
    tensor = triton.InferInput("x", [SLOW_SIZE, SLOW_SIZE], "FP32")
    tensor.set_data_from_numpy(np.zeros((SLOW_SIZE, SLOW_SIZE), np.float32))
    return [tensor]


class Background:
    """An inference that runs while the test goes on."""

    def __init__(self, client, model, inputs, **options):
        self.done = threading.Event()
        self.result = self.error = None
        self.call = client.async_infer(model, inputs, self._finish, **options)

    def _finish(self, result, error):
        self.result, self.error = result, error
        self.done.set()

    def wait(self):
        assert self.done.wait(240), "no answer within 240 s"
        return self


def test_versions_come_and_go_while_requests_run(start, tmp_path):
    folder = tmp_path / "m"
    models.tiny(folder, 1, factor=1)
    server = serve(start, "m", folder)
    stop, answers, errors = threading.Event(), [], []

    def ask():
        with triton.InferenceServerClient(server.address) as client:
            while not stop.is_set():
                try:
                    answers.append(answering_version(client))
                except Exception as error:  # the test fails with it, in its own thread
                    errors.append(error)

    callers = [threading.Thread(target=ask) for _ in range(2)]
    for caller in callers:
        caller.start()
    with triton.InferenceServerClient(server.address) as client:
        for version in (2, 3):
            put_version(folder, version)
            eventually(lambda: answering_version(client) == version)
            eventually(lambda: f"model 'm' version {version - 1}: unloaded" in server.log)
        shutil.rmtree(folder / "3")
        eventually(lambda: answering_version(client) == 2)
    stop.set()
    for caller in callers:
        caller.join()
    # Between the end of version 3 and the return of version 2 there is no version.
    assert all("Servable not found" in str(e) or "still loading" in str(e) for e in errors), errors[:3]
    assert {1, 2, 3} <= set(answers)


def test_a_bad_new_version_leaves_the_old_one_and_is_tried_again(start, tmp_path):
    folder = tmp_path / "m"
    models.tiny(folder, 1, factor=1)
    server = serve(start, "m", folder)
    (folder / "2").mkdir()
    (folder / "2/model.onnx").write_bytes(b"half a mod")
    with triton.InferenceServerClient(server.address) as client:
        eventually(lambda: "model 'm' version 2 cannot be loaded" in server.log)
        assert answering_version(client) == 1
        models.tiny(tmp_path / "good", 2, factor=2)
        shutil.copy(tmp_path / "good/2/model.onnx", folder / "2/model.onnx")
        eventually(lambda: answering_version(client) == 2)


def test_a_model_that_is_not_there_yet_is_served_when_it_comes(start, tmp_path, models_dir):
    (tmp_path / "config.json").write_text(
        '{"model_config_list": [{"config": {"name": "now", "base_path": "%s"}}, {"config": {"name": "later", "base_path": "%s"}}]}'
        % (models_dir / "tiny", tmp_path / "later"))
    server = start("lamina", "serve", "--config_path", tmp_path / "config.json", "--port", "0", environment=QUICKLY)
    server.wait_until_serving()
    with triton.InferenceServerClient(server.address) as client:
        assert client.is_model_ready("now") and not client.is_model_ready("later")
        models.tiny(tmp_path / "later", 1, factor=1)
        eventually(lambda: client.is_model_ready("later"))


@pytest.mark.parametrize("below", ["", "1/model.onnx"])
def test_a_path_may_be_the_model_itself(start, models_dir, tmp_path, below):
    if not below:
        shutil.copytree(models_dir / "tiny/1", tmp_path / "flat")
    server = serve(start, "m", models_dir / "tiny" / below if below else tmp_path / "flat")
    with triton.InferenceServerClient(server.address) as client:
        assert answering_version(client) == 1


def test_sigterm_lets_running_requests_finish(start, tmp_path):
    slow_model(tmp_path / "slow")
    server = serve(start, "slow", tmp_path / "slow")
    with triton.InferenceServerClient(server.address) as client:
        running = Background(client, "slow", slow_input())
        time.sleep(0.3)
        assert not running.done.is_set(), "the model is too quick for this test"
        assert server.stop() == 0
        running.wait()
        assert running.error is None, running.error
        assert running.result.as_numpy("y").shape == (SLOW_SIZE, SLOW_SIZE)
    assert "SIGTERM: draining requests" in server.log


def test_deadlines_and_cancelled_calls(start, tmp_path):
    slow_model(tmp_path / "slow")
    server = serve(start, "slow", tmp_path / "slow", "--nireq", "1")
    with triton.InferenceServerClient(server.address) as client:
        running = Background(client, "slow", slow_input())
        with pytest.raises(triton.InferenceServerException, match="DEADLINE_EXCEEDED"):
            client.infer("slow", slow_input(), client_timeout=0.2)
        cancelled = Background(client, "slow", slow_input())
        time.sleep(0.1)
        cancelled.call.cancel()
        assert "CANCELLED" in str(cancelled.wait().error)
        assert running.wait().error is None, "the one that runs is not disturbed"
        assert Background(client, "slow", slow_input()).wait().error is None, "and the next one is answered"


def test_a_request_does_not_wait_for_ever(start, tmp_path):
    slow_model(tmp_path / "slow")
    server = serve(start, "slow", tmp_path / "slow", "--nireq", "1", environment={"ENGINE_REQUESTS_QUEUE_TIMEOUT": "0.1"})
    with triton.InferenceServerClient(server.address) as client:
        running = Background(client, "slow", slow_input())
        time.sleep(0.05)
        late = Background(client, "slow", slow_input()).wait()
        assert late.error.status() == "StatusCode.UNAVAILABLE" and "waited 0.1 s" in late.error.message()
        assert running.wait().error is None


def test_health_and_reflection(start, models_dir):
    server = serve(start, "m", models_dir / "tiny")
    with grpc.insecure_channel(server.address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        for service in ("", "inference.GRPCInferenceService", "tensorflow.serving.PredictionService"):
            answer = health.Check(health_pb2.HealthCheckRequest(service=service), timeout=10)
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
        services = ProtoReflectionDescriptorDatabase(channel).get_services()
        assert {"inference.GRPCInferenceService", "tensorflow.serving.PredictionService", "tensorflow.serving.ModelService",
                "grpc.health.v1.Health"} <= set(services)
