"""gRPC itself: health, reflection, deadlines, and messages that mean no good, against the real server."""

import random

import grpc
import numpy as np
import pytest
import tritonclient.grpc as triton
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from tritonclient.grpc import service_pb2
from tritonclient.utils import InferenceServerException

from . import models
from .shared_server import server  # noqa: F401

SERVICES = ["inference.GRPCInferenceService", "tensorflow.serving.PredictionService", "tensorflow.serving.ModelService"]


@pytest.fixture(scope="module")
def channel(server):
    with grpc.insecure_channel(server.address) as channel:
        yield channel


def test_health(channel):
    stub = health_pb2_grpc.HealthStub(channel)
    for service in ["", *SERVICES]:
        status = stub.Check(health_pb2.HealthCheckRequest(service=service)).status
        assert status == health_pb2.HealthCheckResponse.SERVING, service


def test_reflection(channel):
    database = ProtoReflectionDescriptorDatabase(channel)
    assert set(SERVICES) <= set(database.get_services())
    service = DescriptorPool(database).FindServiceByName("inference.GRPCInferenceService")
    assert "ModelInfer" in service.methods_by_name
    assert service.methods_by_name["ModelInfer"].input_type.fields_by_name["raw_input_contents"].number == 7


def test_a_deadline_that_has_passed(server):
    with triton.InferenceServerClient(server.address) as client:
        x = triton.InferInput("x", [1, 4], "FP32")
        x.set_data_from_numpy(np.ones((1, 4), np.float32))
        with pytest.raises(InferenceServerException) as error:
            client.infer("tiny", [x], client_timeout=-1)
        assert error.value.status() == "StatusCode.DEADLINE_EXCEEDED"
        assert client.infer("tiny", [x], client_timeout=30).as_numpy("y").shape == (1, 3)


def test_damaged_messages_are_answered(channel, server):
    """A good message with bytes changed, inserted or cut may get any answer but a crash, a hang or an internal error."""
    good = service_pb2.ModelInferRequest(model_name="labels")
    good.inputs.add(name="text", datatype="BYTES", shape=[2])
    good.inputs.add(name="index", datatype="INT64", shape=[2])
    good.raw_input_contents.extend([b"\3\0\0\0cat\0\0\0\0", bytes(16)])
    call = channel.unary_unary(
        "/inference.GRPCInferenceService/ModelInfer",
        request_serializer=bytes,
        response_deserializer=service_pb2.ModelInferResponse.FromString,
    )
    chance = random.Random(2026)
    codes = {}
    for _ in range(3000):
        message = bytearray(good.SerializeToString())
        for _ in range(chance.randint(1, 2)):
            where, what = chance.randrange(len(message)), chance.randrange(10)
            if what == 0:
                message[where:where] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 4)))
            elif what == 1:
                del message[where : where + chance.randint(1, 4)]
            else:
                message[where] = chance.choice([message[where] ^ 1 << chance.randrange(8), chance.randrange(256)])
        try:
            call(bytes(message), timeout=30)
            code = grpc.StatusCode.OK
        except grpc.RpcError as error:
            code = error.code()
        codes[code] = codes.get(code, 0) + 1
    assert server.process.poll() is None, server.log
    # UNIMPLEMENTED is what gRPC itself answers to bytes that are no such message.
    expected = {
        grpc.StatusCode.OK,
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.UNIMPLEMENTED,
    }
    assert set(codes) <= expected, codes
    assert codes[grpc.StatusCode.INVALID_ARGUMENT] > 100, codes
    with triton.InferenceServerClient(server.address) as client:
        x = triton.InferInput("x", [1, 4], "FP32")
        x.set_data_from_numpy(np.ones((1, 4), np.float32))
        np.testing.assert_allclose(
            client.infer("tiny", [x]).as_numpy("y"), models.tiny_reference(np.ones((1, 4))), rtol=1e-5
        )
