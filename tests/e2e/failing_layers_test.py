"""Layers that fail, or never return, when a request has certain values."""

import signal
import time

import numpy as np
import pytest
import tritonclient.grpc as triton
from tritonclient.utils import InferenceServerException

from .conftest import SANITIZED, STOP_SECONDS
from .own_layers import infer, make_layers, save_model_of

FAILS = """
#include <lamina/layer.h>

#include <algorithm>
#include <stdexcept>

struct Fails {
  void Compute(lamina::In<float> x, lamina::Out<float> y) const {
    if (x.size() > 0 && x[0] > 1) throw std::runtime_error("the sensor is gone");
    std::copy(x.begin(), x.end(), y.begin());
  }
};
LAMINA_LAYER(Fails, .Doc("fails above 1").Onnx("my.domain").SameShape());
"""

CRASHES = """
#include <lamina/layer.h>

#include <algorithm>
#include <cstdlib>

struct Crashes {
  bool aborts = false;
  void Compute(lamina::In<float> x, lamina::Out<float> y) const {
    if (x.size() > 0 && x[0] > 1) aborts ? std::abort() : void(*static_cast<volatile int*>(nullptr) = 1);
    std::copy(x.begin(), x.end(), y.begin());
  }
};
LAMINA_LAYER(Crashes, .Doc("crashes above 1").Onnx("my.domain").SameShape().Attribute<&Crashes::aborts>("aborts"));
"""

FOREVER = """
#include <lamina/layer.h>

#include <algorithm>
#include <chrono>
#include <thread>

/// From the first value, if that is more than `from`.
struct Forever {
  float from = -1;
  void Compute(lamina::In<float> x, lamina::Out<float> y) const {
    if (x.size() > 0 && x[0] > from) std::this_thread::sleep_for(std::chrono::hours(1));
    std::copy(x.begin(), x.end(), y.begin());
  }
};
LAMINA_LAYER(Forever, .Doc("never returns").Onnx("my.domain").Attribute<&Forever::from>("from").SameShape());
"""


def test_a_layer_that_fails_is_in_the_log(start, tmp_path):
    save_model_of("Fails", tmp_path / "m")
    server = start("lamina", "serve", "--model_name", "m", "--model_path", tmp_path / "m", "--port", "0",
                   "--cpu_extension", make_layers(tmp_path / "fails.so", FAILS)).wait_until_serving()
    with pytest.raises(InferenceServerException):
        infer(server, "m", x=("INT64", np.array([1])))
    for _ in range(5):
        with pytest.raises(InferenceServerException, match="the sensor is gone"):
            infer(server, "m", x=("FP32", np.array([2], np.float32)))
    assert server.says("the sensor is gone")
    assert server.stop() == 0
    errors = [line for line in server.log.splitlines() if " E " in line]
    assert "E model 'm' version 1: a request failed: " in errors[0] and "the sensor is gone" in errors[0]
    assert len(errors) < 5 and "more failed" in errors[-1]


@pytest.mark.skipif(SANITIZED, reason="a sanitizer reports faults itself")
@pytest.mark.parametrize("aborts, name, number", [(0, "SIGSEGV", signal.SIGSEGV), (1, "SIGABRT", signal.SIGABRT)])
def test_a_layer_that_ends_the_process_is_named(start, tmp_path, aborts, name, number):
    save_model_of("Crashes", tmp_path / "m", aborts=aborts)
    library = make_layers(tmp_path / "crashes.so", CRASHES)
    server = start("lamina", "serve", "--model_name", "m", "--model_path", tmp_path / "m", "--port", "0", "--log_path",
                   tmp_path / "file.log", environment={"CPU_EXTENSION": str(library)}).wait_until_serving()
    with pytest.raises(InferenceServerException):
        infer(server, "m", x=("FP32", np.array([2], np.float32)))
    assert server.wait_until_ended() == -number
    for log in (server.log, (tmp_path / "file.log").read_text()):
        assert f" C {name} in {library}: the process ends" in log


@pytest.fixture
def start_forever(start, tmp_path):
    """Starts a server of a model whose layer never returns once a value is more than `above`."""
    def start_above(above):
        save_model_of("Forever", tmp_path / "m", **{"from": float(above)})
        return start("lamina", "serve", "--model_name", "m", "--model_path", tmp_path / "m", "--port", "0",
                     environment={"CPU_EXTENSION": str(make_layers(tmp_path / "forever.so", FOREVER))})
    return start_above


def test_a_layer_that_never_returns_does_not_keep_the_server(start_forever):
    server = start_forever(-1)
    while "goes to a layer" not in server.log and server.process.poll() is None:
        time.sleep(0.05)
    time.sleep(1)  # it is compiled and warmed up then
    assert server.stop() == 0
    assert "is left behind" in server.log


def test_an_inference_that_never_returns_does_not_keep_the_server(start_forever):
    """The model was quick on zeros: the layer has the thread that reads requests. Requests drain 30 s, then 10 s are left."""
    server = start_forever(1).wait_until_serving()
    assert infer(server, "m", x=("FP32", np.array([1], np.float32))).as_numpy("y").tolist() == [1]
    with triton.InferenceServerClient(server.address) as client, pytest.raises(InferenceServerException):
        x = triton.InferInput("x", [1], "FP32").set_data_from_numpy(np.array([2], np.float32))
        client.infer("m", [x], client_timeout=1)
    assert server.stop(max(STOP_SECONDS, 60)) == 0
    assert "is left behind" in server.log


def test_an_inference_that_never_returns_holds_up_nobody(start_forever):
    """The model was quick on zeros: the layer has a thread that reads requests, for 60 ms. Several clients each time, so that
    all event loops have some."""
    server = start_forever(1).wait_until_serving()
    clients = [triton.InferenceServerClient(server.address) for _ in range(6)]
    x = triton.InferInput("x", [1], "FP32")
    try:
        assert all(client.is_server_live() for client in clients)
        late = triton.InferInput("x", [1], "FP32").set_data_from_numpy(np.array([2], np.float32))
        clients[0].async_infer("m", [late], callback=lambda result, error: None)
        for value in (0.25, 0.5, 0.75, 1):
            for client in clients:
                assert client.is_server_live(client_timeout=5)
                x.set_data_from_numpy(np.array([value], np.float32))
                assert client.infer("m", [x], client_timeout=5).as_numpy("y").tolist() == [value]
        # Those that follow wait for the engine's threads, and nobody for them.
        for client in clients:
            client.async_infer("m", [late], callback=lambda result, error: None)
        for _ in range(3):
            for client in (*clients, triton.InferenceServerClient(server.address)):
                assert client.is_server_live(client_timeout=5)
    finally:
        server.process.kill()
        server.process.wait()
        for client in clients:
            client.close()
