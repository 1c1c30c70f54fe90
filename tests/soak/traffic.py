"""Requests of every kind, sent by h2load, whose answers are checked by Python in between."""

import json
import re
import subprocess

import grpc
import numpy as np
import requests
from tensorflow.core.framework import tensor_pb2, types_pb2
from tensorflow_serving.apis import predict_pb2
from tritonclient.grpc import service_pb2, service_pb2_grpc

from tests.e2e import models
from tests.e2e.raw_http2 import framed

KSERVE = "/inference.GRPCInferenceService/ModelInfer"
PREDICT = "/tensorflow.serving.PredictionService/Predict"
GRPC = ["-m", "4", "-H", "content-type: application/grpc", "-H", "te: trailers"]


def infer_message(model="tiny", rows=1):
    request = service_pb2.ModelInferRequest(model_name=model)
    request.inputs.add(name="x", datatype="FP32", shape=[rows, 4])
    request.raw_input_contents.append(np.ones((rows, 4), np.float32).tobytes())
    return request


def predict_message():
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "tiny"
    tensor = tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT, tensor_content=np.ones((1, 4), np.float32).tobytes())
    for size in (1, 4):
        tensor.tensor_shape.dim.add(size=size)
    request.inputs["x"].CopyFrom(tensor)
    return request


def _kinds():
    """Name: path, what h2load is told, body, HTTP status, share."""
    tensor = {"name": "x", "datatype": "FP32", "shape": [1, 4]}
    head = json.dumps({"inputs": [{**tensor, "parameters": {"binary_data_size": 16}}]}).encode()
    plain = json.dumps({"inputs": [{**tensor, "data": [1, 1, 1, 1]}]}).encode()
    binary = ["--h1", "-H", f"Inference-Header-Content-Length: {len(head)}"]
    ones = np.ones(4, np.float32).tobytes()
    return {
        "KServe gRPC": (KSERVE, GRPC, framed(infer_message().SerializeToString()), 200, 0.28),
        "KServe gRPC, 64 KB": (KSERVE, GRPC, framed(infer_message(rows=4096).SerializeToString()), 200, 0.02),
        "KServe gRPC, unknown model": (KSERVE, GRPC, framed(infer_message("nobody").SerializeToString()), 200, 0.1),
        "TensorFlow Serving gRPC": (PREDICT, GRPC, framed(predict_message().SerializeToString()), 200, 0.2),
        "KServe REST, JSON": ("/v2/models/tiny/infer", ["--h1"], plain, 200, 0.1),
        "KServe REST, binary": ("/v2/models/tiny/infer", binary, head + ones, 200, 0.1),
        "TensorFlow Serving REST": ("/v1/models/tiny:predict", [], b'{"instances": [[1, 1, 1, 1]]}', 200, 0.1),
        "REST, unknown model": ("/v2/models/nobody/infer", ["--h1"], plain, 404, 0.05),
        "REST, broken JSON": ("/v2/models/tiny/infer", [], plain[:-7], 400, 0.05),
    }


KINDS = _kinds()


def send(address, folder, total):
    """Sends about `total` requests of all kinds at once; returns how many had which HTTP status, by kind."""
    running = {}
    for i, (name, (path, told, body, _, share)) in enumerate(KINDS.items()):
        file = folder / f"body{i}"
        file.write_bytes(body)
        command = ["h2load", "-c", "4", "-n", str(round(total * share)), "-d", file, *told, f"http://{address}{path}"]
        running[name] = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    counts = {}
    for name, process in running.items():
        said = process.communicate(timeout=600)[0]
        found = re.search(r"status codes: (\d+) 2xx, \d+ 3xx, (\d+) 4xx, (\d+) 5xx", said)
        assert process.returncode == 0 and found and " 0 errored, 0 timeout" in said, f"{name}: {said}"
        counts[name] = dict(zip((200, 400, 500), map(int, found.groups())))
    return counts


def check_counts(counts, total):
    """Every request has had the status of its kind."""
    for name, (_, _, _, status, share) in KINDS.items():
        expected = {kind: round(total * share) if status // 100 == kind // 100 else 0 for kind in (200, 400, 500)}
        assert counts[name] == expected, f"{name}: got {counts[name]}, expected {expected}"


def check_answers(address):
    """One of each protocol gets the right answer."""
    expected = models.tiny_reference(np.ones((1, 4), np.float32))
    with grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
        answer = service_pb2_grpc.GRPCInferenceServiceStub(channel).ModelInfer(infer_message(), timeout=20)
    np.testing.assert_allclose(np.frombuffer(answer.raw_output_contents[0], np.float32), expected[0], rtol=1e-5)
    answer = requests.post(f"http://{address}/v1/models/tiny:predict", json={"instances": [[1, 1, 1, 1]]}, timeout=20)
    np.testing.assert_allclose(answer.json()["predictions"], expected, rtol=1e-5)
