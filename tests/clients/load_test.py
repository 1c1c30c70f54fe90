"""The load generators that people measure servers with: every answer is a good one, and the server is there after it."""

import json
import re
import subprocess

import pytest
from tritonclient.grpc import service_pb2

from e2e.raw_http2 import framed

from . import programs

REQUESTS = 2000


@pytest.fixture(scope="module")
def message():
    request = service_pb2.ModelInferRequest(model_name="tiny")
    request.inputs.add(name="x", datatype="FP32", shape=[1, 4])
    request.raw_input_contents.append(bytes(16))
    return request.SerializeToString()


@pytest.fixture(scope="module")
def ghz():
    return programs.ghz()


# Without proto files ghz asks the server's reflection what there is to call.
@pytest.mark.parametrize("known", [["--import-paths=.", "--proto=proto/kserve/inference.proto"], []],
                         ids=["proto", "reflection"])
def test_ghz(server, ghz, message, tmp_path, known):
    (tmp_path / "message").write_bytes(message)
    said = programs.run(ghz, "--insecure", *known, "--call=inference.GRPCInferenceService.ModelInfer",
                        f"--binary-file={tmp_path / 'message'}", f"--total={REQUESTS}", "--concurrency=32",
                        "--connections=4", "--format=json", server.address)
    report = json.loads(said)
    assert report["statusCodeDistribution"] == {"OK": REQUESTS}, report["errorDistribution"]


def h2load(*arguments):
    """Requests that were answered with each kind of status."""
    said = programs.run("h2load", "-n", REQUESTS, *arguments)
    counts = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", said)
    assert counts and "0 errored, 0 timeout" in said, said
    return [int(count) for count in counts.groups()]


def test_h2load_grpc(server, message, tmp_path):
    (tmp_path / "message").write_bytes(framed(message))
    url = f"http://{server.address}/inference.GRPCInferenceService/ModelInfer"
    assert h2load("-c", 8, "-m", 4, "-H", "content-type: application/grpc", "-H", "te: trailers", "-d",
                  tmp_path / "message", url) == [REQUESTS, 0, 0, 0]


@pytest.mark.parametrize("protocol", [[], ["--h1"]], ids=["http2", "http1"])
def test_h2load_rest(server, tmp_path, protocol):
    tensor = {"name": "x", "datatype": "FP32", "shape": [1, 4], "data": [1, 2, 3, 4]}
    (tmp_path / "body").write_text(json.dumps({"inputs": [tensor]}))
    url = f"http://127.0.0.1:{server.rest_port}/v2/models/tiny/infer"
    for address, statuses in [(url, [REQUESTS, 0, 0, 0]), (url.replace("tiny", "nobody"), [0, 0, REQUESTS, 0])]:
        assert h2load("-c", 8, *protocol, "-d", tmp_path / "body", address) == statuses
