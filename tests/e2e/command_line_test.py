"""The programs as a user starts them: both names, files and flags, right and wrong."""

import json
import os
import signal
import socket
import subprocess
import urllib.request

import grpc
import numpy as np
import pytest
import tensorflow as tf
import tritonclient.grpc as triton
from tensorflow_serving.apis import (
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from . import models
from .conftest import BIN, ROOT


def predict(address, model):
    """Asks a model of the tiny kind through tensorflow-serving-api, and checks its answer."""
    x = np.array([[1, 2, 3, 4]], np.float32)
    request = predict_pb2.PredictRequest()
    request.model_spec.name = model
    request.inputs["x"].CopyFrom(tf.make_tensor_proto(x))
    with grpc.insecure_channel(address) as channel:
        response = prediction_service_pb2_grpc.PredictionServiceStub(channel).Predict(request, timeout=30)
    np.testing.assert_allclose(tf.make_ndarray(response.outputs["y"]), models.tiny_reference(x), rtol=1e-5)
    return response.model_spec.version.value


def write_config(folder, *configs):
    path = folder / "config.json"
    path.write_text(json.dumps({"model_config_list": [{"config": c} for c in configs]}))
    return path


def test_the_line_of_2019(start, models_dir, tmp_path):
    """start_server.sh ie_serving config --config_path ... --port ..., by tensorflow-serving-api."""
    config = write_config(
        tmp_path,
        {"name": "tiny", "base_path": str(models_dir / "tiny")},
        {"name": "labels", "base_path": str(models_dir / "labels"), "batch_size": "auto", "nireq": 1},
    )
    # As in the image, the program is found on PATH.
    server = start(
        ROOT / "deploy/start_server.sh",
        "ie_serving",
        "config",
        "--config_path",
        config,
        "--port",
        "0",
        environment={"PATH": f"{BIN}:{os.environ['PATH']}"},
    ).wait_until_serving()
    assert predict(server.address, "tiny") == 1
    assert server.stop() == 0


def test_old_words_for_one_model(start, models_dir):
    server = start(
        "ie_serving",
        "model",
        "--model_name",
        "m",
        "--model_path",
        models_dir / "versions",
        "--port",
        "0",
        "--batch_size",
        "auto",
        "--model_version_policy",
        '{"specific": {"versions": [1]}}',
        "--grpc_workers",
        "2",
        "--nireq",
        "2",
        "--target_device",
        "CPU",
        "--plugin_config",
        '{"CPU_THROUGHPUT_STREAMS": "1"}',
    )
    server.wait_until_serving()
    assert predict(server.address, "m") == 1
    assert "CPU_THROUGHPUT_STREAMS=1 is taken as NUM_STREAMS=1" in server.log
    assert "will be serving models: m" in server.log


def test_bad_entries_are_told_and_the_others_served(start, models_dir, tmp_path):
    config = write_config(
        tmp_path,
        {"name": "good", "base_path": str(models_dir / "tiny")},
        {"name": "typo", "base_path": str(models_dir / "tiny"), "nirek": 2},
        {"name": "nowhere", "base_path": str(tmp_path / "nowhere")},
        {"base_path": str(models_dir / "tiny")},
    )
    server = start("ie_serving", "config", "--config_path", config, "--port", "0").wait_until_serving()
    assert predict(server.address, "good") == 1
    for told in [
        "model_config_list[1].config.nirek: unknown key; did you mean 'nireq'?",
        "model 'typo' is left out",
        "nowhere",
        "model_config_list[3]: 'name' is missing",
    ]:
        assert told in server.log


def test_a_model_that_cannot_be_loaded_is_told_by_its_status(start, models_dir, tmp_path):
    (tmp_path / "broken/1").mkdir(parents=True)
    (tmp_path / "broken/1/model.onnx").write_bytes(b"not a model")
    config = write_config(
        tmp_path,
        {"name": "good", "base_path": str(models_dir / "tiny")},
        {"name": "broken", "base_path": str(tmp_path / "broken")},
    )
    server = start("lamina", "serve", "--config_path", config, "--port", "0").wait_until_serving()
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = "broken"
    with grpc.insecure_channel(server.address) as channel:
        (version,) = model_service_pb2_grpc.ModelServiceStub(channel).GetModelStatus(request).model_version_status
    assert version.version == 1
    assert version.status.error_code == 2
    assert version.status.error_message.startswith("Error occurred while loading version")
    with triton.InferenceServerClient(server.address) as client:
        assert client.is_model_ready("good")
        assert not client.is_model_ready("broken")


@pytest.mark.parametrize("contents", [None, "{", '{"models": []}'])
def test_a_config_that_cannot_be_read_ends_the_start(start, tmp_path, contents):
    path = tmp_path / "config.json"
    if contents is not None:
        path.write_text(contents)
    server = start("ie_serving", "config", "--config_path", path)
    assert server.wait_until_ended() == 1
    assert f"error: {path}: " in server.log


def test_nothing_to_serve_ends_the_start(start, tmp_path):
    server = start("lamina", "serve", "--model_name", "m", "--model_path", tmp_path / "nowhere", "--port", "0")
    assert server.wait_until_ended() == 1
    assert "Could not access any of provided models. Server will exit now." in server.log
    assert str(tmp_path / "nowhere") in server.log


def test_every_wrong_flag_is_told(start):
    server = start(
        "lamina",
        "serve",
        "--model_name",
        "m",
        "--model_path",
        "/m",
        "--port",
        "70000",
        "--batch_size",
        "x",
        "--shape",
        "(a)",
        environment={"FILE_SYSTEM_POLL_WAIT_SECONDS": "often"},
    )
    assert server.wait_until_ended() == 1
    for told in ["port: 70000", "--batch_size: 'x'", "--shape: 'a'", "FILE_SYSTEM_POLL_WAIT_SECONDS: 'often'"]:
        assert told in server.log


@pytest.mark.parametrize(
    "arguments,told",
    [([], "Usage: lamina"), (["serve", "--modelname", "m"], "--modelname"), (["serv"], "not expected: serv")],
)
def test_usage_errors_have_their_own_exit_code(start, arguments, told):
    program = start("lamina", *arguments)
    assert program.wait_until_ended() == 2
    assert told in program.log


@pytest.mark.parametrize(
    "arguments", [["--help"], ["serve", "--help"], ["prepare", "--help"], ["inspect", "--help"], ["layers", "--help"]]
)
def test_help_has_examples(start, arguments):
    program = start("lamina", *arguments)
    assert program.wait_until_ended() == 0
    assert "Example" in program.log


def test_both_ports_speak_grpc_and_http(start, models_dir):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        rest_port = free.getsockname()[1]
    server = start(
        "lamina", "serve", "--model_name", "m", "--model_path", models_dir / "tiny", "--port", "0", "--rest_port", rest_port
    )
    server.wait_until_serving()
    assert f"REST server listens on port {rest_port}" in server.log
    for address in (server.address, f"127.0.0.1:{rest_port}"):
        assert predict(address, "m") == 1
        with urllib.request.urlopen(f"http://{address}/v2/health/ready", timeout=10) as answer:
            assert answer.status == 200


def test_the_log_also_goes_to_a_file(start, models_dir, tmp_path):
    server = start(
        "lamina",
        "serve",
        "--model_name",
        "m",
        "--model_path",
        models_dir / "tiny",
        "--port",
        "0",
        environment={"LOG_PATH": str(tmp_path / "file.log"), "LOG_LEVEL": "debug"},
    ).wait_until_serving()
    assert server.stop() == 0
    assert f"gRPC server listens on port {server.port}" in (tmp_path / "file.log").read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_stop_it(start, models_dir, number):
    server = start(
        "lamina", "serve", "--model_name", "m", "--model_path", models_dir / "tiny", "--port", "0"
    ).wait_until_serving()
    server.process.send_signal(number)
    assert server.wait_until_ended() == 0


def test_a_taken_port_is_told(start, models_dir):
    first = start(
        "lamina", "serve", "--model_name", "m", "--model_path", models_dir / "tiny", "--port", "0"
    ).wait_until_serving()
    second = start(
        "lamina", "serve", "--model_name", "m", "--model_path", models_dir / "tiny", "--port", str(first.port)
    )
    assert second.wait_until_ended() == 1
    assert f"cannot listen on [::]:{first.port}" in second.log and "give another --port" in second.log
    assert "loading" not in second.log  # told before anything that takes time


def test_words_that_are_not_understood_are_answered_with_what_is(start):
    unknown = start("lamina", "frob")
    assert unknown.wait_until_ended() == 2
    assert "frob" in unknown.log and "Commands: serve check prepare" in unknown.log
    number = start("lamina", "serve", "--port", "80x")
    assert number.wait_until_ended() == 2
    assert "--port: '80x' is not a whole number" in number.log
    near = start("lamina", "serve", "--prot", "80")
    assert near.wait_until_ended() == 2
    assert "--prot: did you mean --port?" in near.log


def test_help_begins_with_models_and_ports(start):
    said = start("lamina", "serve", "--help")
    assert said.wait_until_ended() == 0
    groups = [line[:-1] for line in said.log.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert groups[1:4] == ["Models", "Settings of that model, as the keys of config.json", "Ports"]
    assert groups[-2:] == ["Log", "Examples"]


def test_tools_on_libraries_and_models(start, models_dir, tmp_path):
    layers = start("lamina", "layers")
    assert layers.wait_until_ended() == 0
    assert "onnx ai.onnx.ml TreeEnsembleClassifier" in layers.log
    inspect = start("lamina", "inspect")
    assert inspect.wait_until_ended() == 0
    for told in ["name: lamina", "ABI: 0.", "LabelEncoder", "this machine has"]:
        assert told in inspect.log
    (tmp_path / "text.so").write_text("not a library")
    bad = start("lamina", "inspect", tmp_path / "text.so", tmp_path / "missing.so", tmp_path)
    assert bad.wait_until_ended() == 1
    assert bad.log.count("error: ") == 3
    prepared = start("lamina", "prepare", models_dir / "labels/1/model.onnx", tmp_path / "out.onnx")
    assert prepared.wait_until_ended() == 0
    assert (tmp_path / "out.onnx").stat().st_size > 0
    bad = start("lamina", "prepare", tmp_path / "text.so", tmp_path / "out2.onnx")
    assert bad.wait_until_ended() == 1
    assert "text.so" in bad.log


def test_check_loads_a_model_as_the_server_would(start, models_dir, tmp_path):
    good = start("lamina", "check", models_dir / "labels/1/model.onnx")
    assert good.wait_until_ended() == 0, good.log
    for told in ["the server can serve it (onnx)", "input text: string [-1]", "output code: i64 [-1]"]:
        assert told in good.log
    bad = start("lamina", "check", models_dir / "labels/1/model.onnx", "--cpu_extension", "")
    assert bad.wait_until_ended() == 1
    assert "LabelEncoder" in bad.log
    missing = start("lamina", "check", tmp_path / "missing.onnx")
    assert missing.wait_until_ended() == 1
    assert "missing.onnx" in missing.log


def test_a_near_command_is_named():
    run = subprocess.run([BIN / "lamina", "serv"], capture_output=True, text=True)
    assert run.returncode == 2
    assert "serv: did you mean serve?" in run.stderr


def test_a_device_that_is_not_there(start, models_dir):
    server = start("lamina", "serve", "--model_name", "m", "--model_path", models_dir / "tiny", "--port", "0",
                   "--target_device", "ABACUS")
    assert server.wait_until_ended() == 1
    assert "target_device: the device ABACUS is not available here; there are: CPU" in server.log
    assert "Name one of these, or install the driver that ABACUS needs" in server.log


def test_an_unknown_operator_says_how_to_add_a_library(tmp_path):
    graph = models.helper.make_graph([models.helper.make_node("Frobnicate", ["x"], ["y"], domain="my.domain")], "g",
                                     [models._value("x", models.TensorProto.FLOAT, [1])],
                                     [models._value("y", models.TensorProto.FLOAT, [1])])
    models.save(tmp_path, 1, graph, (("", 17), ("my.domain", 1)))
    run = subprocess.run([BIN / "lamina", "check", tmp_path / "1"], capture_output=True, text=True)
    assert run.returncode == 1
    assert "named by --cpu_extension, by the variable CPU_EXTENSION" in run.stderr
