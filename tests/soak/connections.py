"""Ten thousand connections at once: half HTTP/1.1, half HTTP/2, each kept open after a request; a few go on working."""

import socket
import time

import numpy as np
import requests
import tritonclient.grpc as triton

from tests.e2e import models
from tests.e2e.raw_http2 import RawHttp2

from . import served

READY = b"GET /v2/health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n"
LIVE = "/inference.GRPCInferenceService/ServerLive"
WORKING = 500


def http1(port):
    connection = socket.create_connection(("127.0.0.1", port), 20)
    connection.sendall(READY)
    assert connection.recv(4096).startswith(b"HTTP/1.1 200 "), "a connection of HTTP/1.1 was not answered"
    return connection


def http2(port):
    connection = RawHttp2(port)
    connection.request(1, LIVE, b"")
    connection.wait_for_end(1)
    return connection.socket


def work(server):
    """Inferences over gRPC and REST, one after the other: their times in ms, sorted."""
    x = np.ones((1, 4), np.float32)
    expected = models.tiny_reference(x)
    tensor = triton.InferInput("x", [1, 4], "FP32")
    tensor.set_data_from_numpy(x)
    times = []
    with triton.InferenceServerClient(server.address) as client, requests.Session() as session:
        for _ in range(WORKING):
            began = time.perf_counter()
            np.testing.assert_allclose(client.infer("tiny", [tensor]).as_numpy("y"), expected, rtol=1e-5)
            reply = session.post(f"http://{server.address}/v1/models/tiny:predict", json={"instances": x.tolist()})
            np.testing.assert_allclose(reply.json()["predictions"], expected, rtol=1e-5)
            times.append(1000 * (time.perf_counter() - began) / 2)
    return sorted(times)


def open_files(server):
    text = requests.get(f"http://{server.address}/metrics", timeout=20).text
    return next(int(float(line.split()[1])) for line in text.splitlines() if line.startswith("process_open_fds "))


def run(folder, count):
    server = served.start(folder).wait_until_serving()
    connections = []
    try:
        alone = work(server)
        before, files_before = served.resident_kb(server), open_files(server)
        for i in range(count):
            connections.append(http1(server.port) if i % 2 else http2(server.port))
        files, resident = open_files(server), served.resident_kb(server)
        busy = work(server)
        for connection in connections[1::100]:  # of HTTP/1.1
            connection.sendall(READY)
            assert connection.recv(4096).startswith(b"HTTP/1.1 200 "), "an idle connection was not answered"
        for connection in connections:
            connection.close()
        time.sleep(1)
        left = open_files(server)
    finally:
        server.stop()
    held = files - files_before >= count and left < files_before + 10
    return table(count, (before, resident), (files_before, files, left), alone, busy), held


def table(count, resident, files, alone, busy):
    def row(name, times):
        return f"| {name} | {times[len(times) // 2]:.2f} | {times[len(times) * 99 // 100]:.2f} |"

    before, after = resident
    return ["## Ten thousand connections", "",
            f"{count:,} connections open at once, half HTTP/1.1, half HTTP/2, each after a request. "
            f"The server's open files: {files[0]} before, {files[1]} with them, {files[2]} after "
            f"they were closed. Resident memory: {before / 1024:.1f} MB before, {after / 1024:.1f} MB with them: "
            f"**{(after - before) / count:.1f} KB a connection**.", "",
            f"Meanwhile one client asks for {2 * WORKING} inferences, over gRPC and REST in turns:", "",
            "| | p50, ms | p99, ms |", "|---|---|---|", row("without them", alone), row("with them", busy)]
