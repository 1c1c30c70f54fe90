"""Clients that mean no good, against the real server: each gets the right answer or is cut off, others are served
meanwhile, and the server's memory stays bounded."""

import socket
import struct
import time
import zlib

import grpc
import numpy as np
import pytest
import requests
from tensorflow.core.framework import tensor_pb2, types_pb2
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc
from tritonclient.grpc import service_pb2, service_pb2_grpc

from . import models
from .conftest import SANITIZED
from .raw_http2 import (CONTINUATION, DATA, END_HEADERS, END_STREAM, ENHANCE_YOUR_CALM, GOAWAY, HEADERS, INTERNAL_ERROR,
                        PING, RST_STREAM, STREAM_CLOSED, WINDOW_UPDATE, RawHttp2, frame, framed, grpc_headers, header_block)
from .shared_server import server  # noqa: F401

MODEL_INFER = "/inference.GRPCInferenceService/ModelInfer"
LIVE = "/inference.GRPCInferenceService/ServerLive"
MB = 1 << 20
PATIENCE = 300 if SANITIZED else 60  # seconds, for a gigabyte


def infer_message(rows, model="tiny"):
    request = service_pb2.ModelInferRequest(model_name=model)
    request.inputs.add(name="x", datatype="FP32", shape=[rows, 4])
    request.raw_input_contents.append(np.ones((rows, 4), np.float32).tobytes())
    return request


def memory(server, what="VmRSS"):
    """Bytes of the server in RAM; VmHWM: the most that there ever were."""
    with open(f"/proc/{server.process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(what)) << 10


class most_memory:
    """`growth`: how many bytes more than at its beginning there were in RAM at most."""

    def __init__(self, server):
        self.server = server

    def __enter__(self):
        with open(f"/proc/{self.server.process.pid}/clear_refs", "w") as refs:
            refs.write("5")  # forgets VmHWM
        self.before = memory(self.server)
        return self

    def __exit__(self, *_):
        self.growth = memory(self.server, "VmHWM") - self.before


def assert_serves(server):
    x = np.ones((1, 4), np.float32)
    reply = requests.post(f"http://{server.address}/v1/models/tiny:predict", json={"instances": x.tolist()}, timeout=10)
    np.testing.assert_allclose(reply.json()["predictions"], models.tiny_reference(x), rtol=1e-5)


def closed_within(connection, seconds):
    connection.settimeout(seconds)
    try:
        while connection.recv(65536):
            pass
    except ConnectionResetError:
        pass
    except TimeoutError:
        return False
    return True


def test_slow_loris(server):
    """Headers and bodies a byte at a time: given up after ten seconds, though bytes go on coming."""
    begun = {
        "HTTP/1.1": b"POST /v2/models/tiny/infer HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0) + frame(HEADERS, 0, 1, b""),
        "neither": b"PRI * HTT",
    }
    clients = []
    for first in begun.values():
        for _ in range(50):
            clients.append(socket.create_connection(("127.0.0.1", server.port)))
            clients[-1].sendall(first)
    slow = clients[:50]
    for _ in range(9):
        time.sleep(1)
        assert_serves(server)
        for client in slow:
            client.sendall(b"x")
    for client in clients:
        assert closed_within(client, 5)


def test_a_client_that_never_reads(server):
    """It asks for 600 MB of answers and takes none: from some point on the server takes no more requests of it."""
    message = framed(infer_message(1 << 16).SerializeToString())  # 1 MB for 768 KB
    pieces = [message[at : at + 16384] for at in range(0, len(message), 16384)]
    before = memory(server)
    allowed = 65535
    with RawHttp2(server.port, window=0, timeout=2) as client:
        with pytest.raises(TimeoutError):
            for stream in range(1, 1601, 2):
                while allowed < len(message):
                    allowed += int.from_bytes(client.wait_for(WINDOW_UPDATE), "big")
                allowed -= len(message)
                client.send(HEADERS, END_HEADERS, stream, header_block(grpc_headers(MODEL_INFER)))
                for i, piece in enumerate(pieces):
                    client.send(DATA, END_STREAM if i + 1 == len(pieces) else 0, stream, piece)
        assert stream < 600, "the client could send on and on"
        assert_serves(server)
        assert SANITIZED or memory(server) - before < 500 * MB


def test_small_requests_for_large_answers_that_are_not_read(start, tmp_path):
    """Their requests fit into any window: they are refused when there is too much to read."""
    models.repeat(tmp_path / "repeat", 1 << 20)  # 4 bytes for 4 MB
    server = start("lamina", "serve", "--model_name", "repeat", "--model_path", tmp_path / "repeat", "--port", "0")
    server.wait_until_serving()
    request = service_pb2.ModelInferRequest(model_name="repeat")
    request.inputs.add(name="x", datatype="FP32", shape=[1])
    request.raw_input_contents.append(bytes(4))
    with grpc.insecure_channel(server.address) as channel:
        grpc.channel_ready_future(channel).result(10)
        wait_until_loaded(channel, "repeat")
    with RawHttp2(server.port, window=0) as client:
        for stream in range(1, 1001, 2):  # 2 GB
            client.request(stream, MODEL_INFER, request.SerializeToString())
        client.wait_for_end(999)  # without an answer
    assert SANITIZED or memory(server, "VmHWM") < 1000 * MB  # a sanitizer takes several times as much


def wait_until_loaded(channel, model):
    stub = service_pb2_grpc.GRPCInferenceServiceStub(channel)
    end = time.monotonic() + 30
    while not stub.ModelReady(service_pb2.ModelReadyRequest(name=model)).ready:
        assert time.monotonic() < end, f"{model} did not load"
        time.sleep(0.02)


@pytest.fixture
def bystander(server):
    """A connection that is open before an attack, and is served after it; the attack leaves no memory taken."""
    time.sleep(1.1)  # the log takes one line a second
    before = memory(server)
    with RawHttp2(server.port) as client:
        client.request(1, LIVE, b"")
        client.wait_for_end(1)
        yield client
        client.request(3, LIVE, b"")
        client.wait_for_end(3)
    assert_serves(server)
    assert memory(server) - before < 50 * MB


def take_back(client, streams):
    """Begins as many requests, and takes each back at once."""
    block = header_block(grpc_headers(LIVE))
    client.socket.sendall(b"".join(frame(HEADERS, END_HEADERS, stream, block) +
                                   frame(RST_STREAM, 0, stream, struct.pack(">I", 8))
                                   for stream in range(1, 2 * streams, 2)))


def test_a_thousand_resets_are_borne(server, bystander):
    with RawHttp2(server.port) as client:
        take_back(client, 990)
        client.request(2001, LIVE, b"")
        client.wait_for_end(2001)


def test_rapid_resets(server, bystander):
    """1000 at once, and 200 in each second that begins meanwhile."""
    began = time.monotonic()
    with RawHttp2(server.port) as client:
        take_back(client, 3000)
        last, error = client.goaway()
    assert error == INTERNAL_ERROR, "which is nghttp2's word for it"
    seconds = int(time.monotonic() - began) + 1
    assert 1000 <= (last + 1) // 2 <= 1001 + 200 * seconds
    assert server.says("INTERNAL_ERROR: it takes back more requests than 1000 at once and 200 a second")


def test_pings_without_end(server, bystander):
    """5000 in a second, with what else is no request."""
    answered = 0
    with RawHttp2(server.port) as client:
        client.socket.sendall(frame(PING, 0, 0, bytes(8)) * 500)
        for kind, _, _, payload in client.frames():
            answered += kind == PING
            if kind == GOAWAY or answered > 20000:
                break
            if kind == PING and answered % 500 == 0:
                client.socket.sendall(frame(PING, 0, 0, bytes(8)) * 500)
    assert kind == GOAWAY and struct.unpack(">I", payload[4:8])[0] == ENHANCE_YOUR_CALM
    assert 4490 <= answered <= 10000, "the last 500 may be left unanswered, and two seconds have a part in it"
    assert server.says("ENHANCE_YOUR_CALM: it sends more than 5000 PING, SETTINGS, PRIORITY or empty DATA frames")


def test_pings_whose_answers_are_not_waited_for(server, bystander):
    with RawHttp2(server.port) as client:
        client.socket.sendall(frame(PING, 0, 0, bytes(8)) * 6000)
        client.wait_for_cut_off()
    assert server.says("is cut off: Flooding was detected in this HTTP/2 session")


def continue_headers(client, stream, count, size):
    """A request whose headers go on for as many CONTINUATION frames, and end there."""
    client.send(HEADERS, END_STREAM, stream, header_block(grpc_headers(LIVE)))
    for i in range(1, count + 1):
        client.send(CONTINUATION, END_HEADERS if i == count else 0, stream, header_block([(f"x-{i}", "y" * size)]))


def test_eight_continuations_are_borne(server, bystander):
    with RawHttp2(server.port) as client:
        continue_headers(client, 1, 8, 100)
        client.wait_for_end(1)


@pytest.mark.parametrize(["count", "size"], [(9, 1), (1000, 16000)])
def test_continuations_without_end(server, bystander, count, size):
    with RawHttp2(server.port) as client:
        try:
            continue_headers(client, 1, count, size)
        except (BrokenPipeError, ConnectionResetError):
            assert count > 9
        assert not any(stream == 1 for _, _, stream, _ in client.wait_for_cut_off()), "it was answered"
    assert server.says("is cut off: Too many CONTINUATION frames following a HEADER frame")


def test_a_stream_is_used_after_its_end(server, bystander):
    with RawHttp2(server.port) as client:
        client.request(1, LIVE, b"")
        client.wait_for_end(1)
        client.send(HEADERS, END_HEADERS | END_STREAM, 1, header_block(grpc_headers(LIVE)))
        assert client.goaway() == (1, STREAM_CLOSED)


def test_large_headers(server):
    reply = requests.get(f"http://{server.address}/v2", headers={f"x-{i}": "y" * 1000 for i in range(100)}, timeout=10)
    assert reply.status_code == 431, reply.text
    assert "headers are larger" in reply.json()["error"]


@pytest.fixture(scope="module")
def bomb():
    """A little over 1 GiB of zeros in 1 MB of gzip."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(MB)
    return b"".join([packer.compress(zeros) for _ in range(1025)] + [packer.flush()])


def test_a_bomb_over_rest(server, bomb):
    reply = requests.post(f"http://{server.address}/v2/models/tiny/infer", data=bomb,
                          headers={"Content-Encoding": "gzip"}, timeout=PATIENCE)
    assert reply.status_code == 413, reply.text
    assert "larger than the 1073741824 bytes" in reply.json()["error"], reply.text
    assert_serves(server)


def test_a_bomb_over_grpc(server):
    with grpc.insecure_channel(server.address) as channel:
        call = channel.unary_unary(MODEL_INFER, request_serializer=bytes)
        with pytest.raises(grpc.RpcError) as error:
            call(bytes(1025 * MB), compression=grpc.Compression.Gzip, timeout=PATIENCE)
    assert error.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED, error.value
    assert "1073741824" in error.value.details(), error.value
    assert_serves(server)


@pytest.mark.parametrize(
    ["shape", "sentence"],
    [([10**9, 4], "input 'x': DT_FLOAT of shape [1000000000, 4] has 4000000000 elements, got 1 in float_val"),
     ([10**9], "input 'x': DT_FLOAT of shape [1000000000] has 1000000000 elements, got 1 in float_val"),
     ([10**9, 10**9, 10**9], "input 'x': shape [1000000000, 1000000000, 1000000000] is negative or too large"),
     ([-(10**9), 4], "input 'x': shape [-1000000000, 4] is negative or too large")])
def test_shapes_of_a_thousand_million_over_tensorflow(server, shape, sentence):
    """A single element may stand for all of a shape, but not for gigabytes."""
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "tiny"
    tensor = tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT, float_val=[1.0])
    for size in shape:
        tensor.tensor_shape.dim.add(size=size)
    request.inputs["x"].CopyFrom(tensor)
    with most_memory(server) as most, grpc.insecure_channel(server.address) as channel:
        for _ in range(5):
            with pytest.raises(grpc.RpcError) as error:
                prediction_service_pb2_grpc.PredictionServiceStub(channel).Predict(request, timeout=10)
            assert error.value.code() == grpc.StatusCode.INVALID_ARGUMENT, error.value
            assert error.value.details().startswith(sentence), error.value
    assert most.growth < 50 * MB


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "tiny/../tiny", "..", "tiny\0", "%2e%2e"])
def test_paths_in_model_names(server, name):
    with grpc.insecure_channel(server.address) as channel:
        stub = service_pb2_grpc.GRPCInferenceServiceStub(channel)
        for call in (lambda: stub.ModelInfer(infer_message(1, name), timeout=10),
                     lambda: stub.RepositoryModelLoad(service_pb2.RepositoryModelLoadRequest(model_name=name)),
                     lambda: stub.RepositoryModelUnload(service_pb2.RepositoryModelUnloadRequest(model_name=name))):
            with pytest.raises(grpc.RpcError) as error:
                call()
            assert error.value.code() in (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.INVALID_ARGUMENT), error.value
            assert "root:" not in error.value.details()
    assert_serves(server)
