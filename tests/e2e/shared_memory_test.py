"""Tensors in system shared memory, over gRPC and REST, with tritonclient and memory that this process makes."""

import os
import threading
import types

import numpy as np
import pytest
import requests
import tritonclient.grpc as triton_grpc
import tritonclient.http as triton_http
import tritonclient.utils.shared_memory as shm
from tritonclient.utils import InferenceServerException, serialize_byte_tensor

from .models import LABELS
from .shared_server import server  # noqa: F401

X = np.arange(12, dtype=np.float32).reshape(3, 4)
SIZE, BACK = 4096, 2048  # of the region; where in it outputs go


class Side:
    """tritonclient's face of one protocol."""

    def __init__(self, module, address):
        self.module, self.client = module, module.InferenceServerClient(address)
        self.over_rest = module is triton_http

    def regions(self, name=""):
        status = self.client.get_system_shared_memory_status(name)
        if not self.over_rest:
            return {r.name: (r.key, r.offset, r.byte_size) for r in status.regions.values()}
        return {r["name"]: (r["key"], r["offset"], r["byte_size"]) for r in status}

    def input(self, name, shape, datatype, *place):
        tensor = self.module.InferInput(name, list(shape), datatype)
        tensor.set_shared_memory(*place)
        return tensor

    def output(self, name, *place):
        wanted = self.module.InferRequestedOutput(name)
        wanted.set_shared_memory(*place)
        return wanted

    def tiny(self, place, back):
        """Runs the model with X there, and gives the reply's description of y as a dict, as REST has it."""
        result = self.client.infer("tiny", [self.input("x", X.shape, "FP32", *place)], outputs=[self.output("y", *back)])
        y = result.get_output("y")
        return y if self.over_rest else {"name": y.name, "datatype": y.datatype, "shape": list(y.shape)}

    def refuses(self, code, grpc_code, match, call):
        with pytest.raises(InferenceServerException, match=match) as error:
            call()
        assert error.value.status() == (str(code) if self.over_rest else f"StatusCode.{grpc_code}")


@pytest.fixture(scope="module")
def sides(server):  # noqa: F811
    sides = types.SimpleNamespace(grpc=Side(triton_grpc, server.address), http=Side(triton_http, server.address))
    yield sides
    sides.grpc.client.close()
    sides.http.client.close()


@pytest.fixture(autouse=True)
def no_regions_are_left(sides):
    yield
    sides.grpc.client.unregister_system_shared_memory()


@pytest.fixture(params=["grpc", "http"])
def side(sides, request):
    return getattr(sides, request.param)


@pytest.fixture
def region():
    """What shm_open knows the memory as, and tritonclient's handle of it; X is at its begin."""
    key = f"/lamina_e2e_{os.getpid()}"
    handle = shm.create_shared_memory_region("mine", key, SIZE)
    shm.set_shared_memory_region(handle, [X])
    yield key, handle
    shm.destroy_shared_memory_region(handle)


def expected_y(side):
    tensor = side.module.InferInput("x", list(X.shape), "FP32")
    tensor.set_data_from_numpy(X)
    return side.client.infer("tiny", [tensor]).as_numpy("y")


def test_the_server_says_that_it_can(sides):
    assert "system_shared_memory" in sides.grpc.client.get_server_metadata().extensions
    assert "system_shared_memory" in sides.http.client.get_server_metadata()["extensions"]


def test_regions_are_registered(side, region):
    key, _ = region
    assert side.regions() == {}
    side.client.register_system_shared_memory("r", key, 512, 64)
    side.client.register_system_shared_memory("a b?", key, SIZE)
    assert side.regions() == {"r": (key, 64, 512), "a b?": (key, 0, SIZE)}
    assert side.regions("a b?") == {"a b?": (key, 0, SIZE)}
    for name, where, size, code, grpc_code, match in [
        ("r", key, 512, 409, "ALREADY_EXISTS", "registered already"),
        ("s", key, SIZE + 1, 400, "INVALID_ARGUMENT", f"has {SIZE} bytes"),
        ("s", "/lamina_nobody", 1, 404, "NOT_FOUND", "no shared memory"),
        ("s", "/a/b", 1, 400, "INVALID_ARGUMENT", "is no key"),
    ]:
        side.refuses(code, grpc_code, match, lambda: side.client.register_system_shared_memory(name, where, size))
    side.refuses(404, "NOT_FOUND", "no region 's'", lambda: side.regions("s"))
    side.client.unregister_system_shared_memory("r")
    assert list(side.regions()) == ["a b?"]
    side.client.unregister_system_shared_memory()
    assert side.regions() == {}


def test_tensors_in_shared_memory(side, region):
    key, handle = region
    side.client.register_system_shared_memory("r", key, SIZE)
    expected = expected_y(side)
    y = side.tiny(("r", X.nbytes), ("r", expected.nbytes + 8, BACK))
    placed = {"shared_memory_region": "r", "shared_memory_offset": BACK, "shared_memory_byte_size": expected.nbytes}
    assert y == {"name": "y", "datatype": "FP32", "shape": [3, 3], **({"parameters": placed} if side.over_rest else {})}
    np.testing.assert_array_equal(shm.get_contents_as_numpy(handle, np.float32, expected.shape, BACK), expected)
    result = side.client.infer("tiny", [side.input("x", X.shape, "FP32", "r", X.nbytes)])
    np.testing.assert_array_equal(result.as_numpy("y"), expected)


def test_what_is_wrong_is_said(side, region):
    key, _ = region
    side.client.register_system_shared_memory("r", key, SIZE)
    right, back = ("r", X.nbytes), ("r", 36, BACK)
    for place, to, match in [
        (("r", X.nbytes - 1), back, "input 'x': datatype FP32 and shape .3, 4. need 48 bytes in shared memory, got 47"),
        (("r", SIZE + 1), back, f"input 'x': .* holds no {SIZE + 1} bytes from 0"),
        (("s", X.nbytes), back, "input 'x': there is no region 's'"),
        (right, ("r", 35, BACK), "output 'y' has 36 bytes, its place in shared memory 35"),
        (right, ("r", 36, SIZE - 35), "output 'y': .* holds no 36 bytes"),
        (right, ("s", 36), "output 'y': there is no region 's'"),
    ]:
        side.refuses(400, "INVALID_ARGUMENT", match, lambda: side.tiny(place, to))
    side.tiny(right, back)


@pytest.mark.parametrize("registers, infers", [("grpc", "http"), ("http", "grpc")])
def test_a_region_of_one_protocol_is_the_other_ones(sides, region, registers, infers):
    key, handle = region
    registers, infers = getattr(sides, registers), getattr(sides, infers)
    registers.client.register_system_shared_memory("r", key, SIZE)
    assert infers.regions() == {"r": (key, 0, SIZE)}
    infers.tiny(("r", X.nbytes), ("r", 36, BACK))
    np.testing.assert_array_equal(shm.get_contents_as_numpy(handle, np.float32, (3, 3), BACK), expected_y(registers))
    infers.client.unregister_system_shared_memory("r")
    registers.refuses(400, "INVALID_ARGUMENT", "no region 'r'", lambda: registers.tiny(("r", X.nbytes), ("r", 36, BACK)))


def test_bytes(side, region):
    key, handle = region
    text = np.array([LABELS[2].encode(), b"not one of them"], dtype=np.object_)
    elements = serialize_byte_tensor(text)
    size = len(elements.item())
    index = np.array([1, 0], dtype=np.int64)
    shm.set_shared_memory_region(handle, [elements])
    shm.set_shared_memory_region(handle, [index], offset=1024)
    side.client.register_system_shared_memory("r", key, SIZE)
    inputs = [side.input("text", [2], "BYTES", "r", size), side.input("index", [2], "INT64", "r", 16, 1024)]
    side.client.infer("labels", inputs, outputs=[side.output("code", "r", 16, BACK), side.output("back", "r", 512, 3000)])
    np.testing.assert_array_equal(shm.get_contents_as_numpy(handle, np.int64, [2], BACK), [2, -1])
    assert [b.decode() for b in shm.get_contents_as_numpy(handle, np.object_, [2], 3000)] == [LABELS[1], LABELS[0]]
    inputs[0].set_shared_memory("r", size - 1)
    side.refuses(400, "INVALID_ARGUMENT", "input 'text': .* element 1 of 2 is cut off",
                 lambda: side.client.infer("labels", inputs))


def test_memory_that_is_made_shorter(side, region):
    key, _ = region
    side.client.register_system_shared_memory("r", key, SIZE)
    os.truncate(f"/dev/shm{key}", 1024)
    for place, back in [(("r", X.nbytes), ("r", 36, BACK)), (("r", X.nbytes, BACK), ("r", 36))]:
        side.refuses(412, "FAILED_PRECONDITION", "was made shorter", lambda: side.tiny(place, back))
    side.client.unregister_system_shared_memory("r")
    side.client.register_system_shared_memory("r", key, 1024)
    side.tiny(("r", X.nbytes), ("r", 36, 512))


def test_a_region_goes_while_it_is_used(server, sides, region):  # noqa: F811
    """Each answer is the right one or that there is no such region."""
    key, _ = region
    stop, answers = threading.Event(), []
    place = {"shared_memory_region": "r", "shared_memory_byte_size": X.nbytes}
    body = {"inputs": [{"name": "x", "datatype": "FP32", "shape": X.shape, "parameters": place}]}

    def register():
        while not stop.is_set():
            sides.grpc.client.register_system_shared_memory("r", key, SIZE)
            sides.grpc.client.unregister_system_shared_memory("r")

    def infer():
        while not stop.is_set():
            reply = requests.post(f"http://{server.address}/v2/models/tiny/infer", json=body)
            answers.append((reply.status_code, reply.json()))

    threads = [threading.Thread(target=register)] + [threading.Thread(target=infer) for _ in range(2)]
    for thread in threads:
        thread.start()
    stop.wait(2)
    stop.set()
    for thread in threads:
        thread.join()
    right = [reply for status, reply in answers if status == 200]
    assert all(reply["outputs"][0]["data"] == right[0]["outputs"][0]["data"] for reply in right)
    np.testing.assert_array_equal(np.reshape(np.float32(right[0]["outputs"][0]["data"]), (3, 3)), expected_y(sides.grpc))
    refused = {(status, reply["error"]) for status, reply in answers if status != 200}
    assert right and refused == {(400, "input 'x': there is no region 'r' of shared memory; register it first")}
