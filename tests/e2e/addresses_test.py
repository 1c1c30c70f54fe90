"""Where the server listens: several addresses, IPv6, unix sockets; with grpcio, tritonclient and curl."""

import pathlib
import shutil
import signal
import stat
import subprocess
import tempfile

import grpc
import numpy as np
import pytest
import requests
import tritonclient.grpc as triton
from grpc_health.v1 import health_pb2, health_pb2_grpc

from . import models


@pytest.fixture
def folder():
    """One with a short path, as those of unix sockets have to be."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="lamina", dir="/tmp"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def serve(start, models_dir):
    def start_serving(*arguments):
        tiny = ["--model_name", "tiny", "--model_path", models_dir / "tiny", "--port", "0"]
        return start("lamina", "serve", *tiny, *arguments)

    return start_serving


def infer(address):
    """Asks the model through tritonclient, and checks its answer."""
    x = np.array([[1, 2, 3, 4]], np.float32)
    tensor = triton.InferInput("x", [1, 4], "FP32")
    tensor.set_data_from_numpy(x)
    with triton.InferenceServerClient(address) as client:
        answer = client.infer("tiny", [tensor], client_timeout=30).as_numpy("y")
    np.testing.assert_allclose(answer, models.tiny_reference(x), rtol=1e-5)


def test_several_addresses_share_the_port(serve, folder):
    socket = folder / "lamina.sock"
    server = serve("--grpc_bind_address", f"127.0.0.1,::1,unix:{socket}").wait_until_serving()
    for address in (f"127.0.0.1:{server.port}", f"[::1]:{server.port}", f"unix:{socket}"):
        infer(address)
    for host in ("127.0.0.1", "[::1]"):
        assert requests.get(f"http://{host}:{server.port}/v2/health/ready", timeout=30).status_code == 200
    # Another address of this machine, which was not named.
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.2:{server.port}/v2", timeout=5)
    listed = f"gRPC and REST are spoken on 127.0.0.1:{server.port}, [::1]:{server.port}, unix:{socket}"
    assert listed in server.log


def test_a_unix_socket_alone(serve, folder):
    socket = folder / "lamina.sock"
    server = serve("--grpc_bind_address", f"unix:{socket}").wait_until_serving()
    assert server.port is None
    infer(f"unix:{socket}")
    infer(f"unix://{socket}")
    with grpc.insecure_channel(f"unix:{socket}") as channel:
        reply = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=30)
    assert reply.status == health_pb2.HealthCheckResponse.SERVING
    assert stat.S_IMODE(socket.stat().st_mode) == 0o660
    body = '{"instances": [[1, 2, 3, 4]]}'
    for protocol in ("--http1.1", "--http2-prior-knowledge"):
        line = ["curl", "-sS", "--fail", protocol, "--unix-socket", socket, "http://lamina/v1/models/tiny:predict"]
        answer = subprocess.run([*line, "-d", body], capture_output=True, text=True, timeout=60)
        assert '"predictions"' in answer.stdout, answer.stderr
    assert server.stop() == 0
    assert not socket.exists(), "it goes with the server"


def test_a_unix_socket_of_rest_without_a_port(serve, folder):
    socket = folder / "rest.sock"
    server = serve("--rest_bind_address", f"unix:{socket}").wait_until_serving()
    line = ["curl", "-sS", "--fail", "--unix-socket", socket, "http://lamina/v2/health/ready"]
    assert subprocess.run(line, timeout=60).returncode == 0
    assert f"REST server listens on unix:{socket}" in server.log
    infer(server.address)


def test_a_live_socket_is_refused_and_a_stale_one_replaced(serve, folder):
    socket = folder / "lamina.sock"
    first = serve("--grpc_bind_address", f"unix:{socket}").wait_until_serving()
    second = serve("--grpc_bind_address", f"unix:{socket}")
    assert second.wait_until_ended() == 1
    assert f"cannot listen on unix:{socket}: another server listens there; stop it or give another path" in second.log
    infer(f"unix:{socket}")
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    assert socket.exists()
    serve("--grpc_bind_address", f"unix:{socket}").wait_until_serving()
    infer(f"unix:{socket}")


def test_addresses_that_are_none(serve, folder):
    (folder / "file").touch()
    for flags, reason in [
        (["--grpc_bind_address", "127.0.0.1:9000"], "grpc_bind_address: '127.0.0.1:9000' has a port"),
        (["--grpc_bind_address", "127.0.0.1,127.0.0.1"], "grpc_bind_address: '127.0.0.1' is named twice; name it once"),
        (["--rest_bind_address", "unix:"], "rest_bind_address: 'unix:' names no file"),
        (["--grpc_bind_address", f"unix:{folder}/file"], f"unix:{folder}/file: there is a file that is no socket"),
        (["--grpc_bind_address", f"unix:{folder}/none/s"], f"unix:{folder}/none/s: No such file or directory"),
        (["--grpc_bind_address", "192.0.2.1"], "cannot listen on 192.0.2.1:0 (Cannot assign requested address)"),
    ]:
        server = serve(*flags)
        assert server.wait_until_ended() == 1, flags
        assert reason in server.log, server.log
