"""kill -9 and a restart, again and again, under clients that retry: no wrong answer, and the time until it is ready."""

import threading
import time

import grpc
import numpy as np
import requests
from tritonclient.grpc import service_pb2_grpc

from tests.e2e import models
from tests.e2e.free_port import free_port

from . import served
from .traffic import infer_message

CALLERS = 4
EXPECTED = models.tiny_reference(np.ones((1, 4), np.float32))
# What a client has to take for "ask again": the connection broke, or the model is not there yet.
RETRIED = (grpc.StatusCode.UNAVAILABLE,)


class Caller(threading.Thread):
    """Asks without a pause, each time until it is answered."""

    def __init__(self, address, stop):
        super().__init__()
        self.address, self.stop = address, stop
        self.right, self.retries, self.wrong = 0, 0, []

    def run(self):
        while not self.stop.is_set():
            answered = self.ask()
            if answered is None:
                self.retries += 1
                time.sleep(0.01)
            elif np.allclose(answered, EXPECTED, rtol=1e-5):
                self.right += 1
            else:
                self.wrong.append(str(answered))


class GrpcCaller(Caller):
    def run(self):
        options = [("grpc.initial_reconnect_backoff_ms", 50), ("grpc.max_reconnect_backoff_ms", 50),
                   ("grpc.use_local_subchannel_pool", 1), ("grpc.enable_retries", 0)]
        with grpc.insecure_channel(self.address, options=options) as channel:
            self.stub = service_pb2_grpc.GRPCInferenceServiceStub(channel)
            super().run()

    def ask(self):
        try:
            answer = self.stub.ModelInfer(infer_message(), timeout=10)
            return np.frombuffer(answer.raw_output_contents[0], np.float32)[None]
        except grpc.RpcError as error:
            if error.code() not in RETRIED:
                self.wrong.append(f"{error.code()}: {error.details()}")
            return None


class RestCaller(Caller):
    def run(self):
        with requests.Session() as self.session:
            super().run()

    def ask(self):
        try:
            url = f"http://{self.address}/v1/models/tiny:predict"
            reply = self.session.post(url, json={"instances": [[1, 1, 1, 1]]}, timeout=10)
        except requests.ConnectionError:
            return None
        if reply.status_code == 503:
            return None
        if reply.status_code != 200:
            self.wrong.append(reply.text)
            return None
        return np.array(reply.json()["predictions"], np.float32)


def wait_until_ready(address):
    while True:
        try:
            if requests.get(f"http://{address}/v2/models/tiny/ready", timeout=5).status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.002)


def run(folder, kills):
    port = free_port()
    address = f"127.0.0.1:{port}"
    stop = threading.Event()
    server = served.start(folder, port)
    wait_until_ready(address)
    callers = [(GrpcCaller if i % 2 else RestCaller)(address, stop) for i in range(CALLERS)]
    for caller in callers:
        caller.start()
    ready_ms = []
    for _ in range(kills):
        time.sleep(1)
        server.process.kill()
        server.process.wait()
        began = time.monotonic()
        server = served.start(folder, port)
        wait_until_ready(address)
        ready_ms.append(1000 * (time.monotonic() - began))
    time.sleep(1)
    stop.set()
    for caller in callers:
        caller.join()
    server.stop()
    wrong = [what for caller in callers for what in caller.wrong]
    return table(kills, callers, wrong, sorted(ready_ms)), not wrong and all(c.right > kills for c in callers)


def table(kills, callers, wrong, ready_ms):
    lines = ["## kill -9 under load", "",
             f"{CALLERS} clients that retry, two over gRPC, two over REST, while the server is killed (SIGKILL) and "
             f"started again {kills} times, once a second.", "",
             "| right answers | wrong answers or errors that are not to be retried | retries | from start to ready under this "
             "load, ms: least, median, most |", "|---|---|---|---|",
             f"| {sum(c.right for c in callers):,} | {len(wrong)} | {sum(c.retries for c in callers):,} | "
             f"{ready_ms[0]:.0f}, {ready_ms[len(ready_ms) // 2]:.0f}, {ready_ms[-1]:.0f} |"]
    return lines + [f"- {what}" for what in wrong[:10]]
