"""TensorFlow Serving over gRPC, with tensorflow-serving-api, against the real server."""

import grpc
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework import tensor_pb2, tensor_shape_pb2, types_pb2
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from . import models
from .shared_server import server  # noqa: F401


@pytest.fixture(scope="module")
def channel(server):
    size = ("grpc.max_receive_message_length", 1 << 30), ("grpc.max_send_message_length", 1 << 30)
    with grpc.insecure_channel(server.address, options=size) as channel:
        yield channel


@pytest.fixture(scope="module")
def stub(channel):
    return prediction_service_pb2_grpc.PredictionServiceStub(channel)


def predict_request(model, inputs, version=None, label=None, signature=None):
    request = predict_pb2.PredictRequest()
    request.model_spec.name = model
    if version is not None:
        request.model_spec.version.value = version
    if label is not None:
        request.model_spec.version_label = label
    if signature is not None:
        request.model_spec.signature_name = signature
    for name, value in inputs.items():
        proto = value if isinstance(value, tensor_pb2.TensorProto) else tf.make_tensor_proto(value)
        request.inputs[name].CopyFrom(proto)
    return request


def tensor_proto(dtype, shape, **fields):
    dims = [tensor_shape_pb2.TensorShapeProto.Dim(size=s) for s in shape]
    return tensor_pb2.TensorProto(dtype=dtype, tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=dims), **fields)


def refused(call, request, code=grpc.StatusCode.INVALID_ARGUMENT):
    with pytest.raises(grpc.RpcError) as error:
        call(request)
    assert error.value.code() == code, error.value.details()
    return error.value.details()


@pytest.mark.parametrize("rows", [1, 2, 33])
def test_predict(stub, rows):
    x = np.random.default_rng(rows).normal(size=(rows, 4)).astype(np.float32)
    response = stub.Predict(predict_request("tiny", {"x": x}))
    np.testing.assert_allclose(tf.make_ndarray(response.outputs["y"]), models.tiny_reference(x), rtol=1e-5, atol=1e-6)
    spec = response.model_spec
    assert (spec.name, spec.version.value, spec.signature_name) == ("tiny", 1, "serving_default")


def test_versions_and_labels(stub):
    x = np.ones((1, 4), np.float32)
    for which, factor in [
        ({}, 3),
        ({"version": 0}, 3),
        ({"version": 1}, 1),
        ({"label": "stable"}, 1),
        ({"label": "canary"}, 3),
    ]:
        response = stub.Predict(predict_request("versions", {"x": x}, **which))
        np.testing.assert_allclose(tf.make_ndarray(response.outputs["y"]), models.tiny_reference(x, factor), rtol=1e-5)


def test_every_type_as_bytes_and_as_lists(stub):
    """Made by hand: which form make_tensor_proto chooses depends on its version."""
    lists = {
        "DT_BOOL": "bool_val",
        "DT_INT8": "int_val",
        "DT_INT16": "int_val",
        "DT_INT32": "int_val",
        "DT_INT64": "int64_val",
        "DT_UINT8": "int_val",
        "DT_UINT16": "int_val",
        "DT_UINT32": "uint32_val",
        "DT_UINT64": "uint64_val",
        "DT_HALF": "half_val",
        "DT_FLOAT": "float_val",
        "DT_DOUBLE": "double_val",
    }
    expected, as_bytes, as_lists = {}, {}, {}
    for i, (name, tf_name, dtype, _) in enumerate(models.TYPES):
        values = (np.arange(6).reshape(2, 3) + i).astype(dtype)
        expected[f"out_{name}"] = values.T
        dtype_number = types_pb2.DataType.Value(tf_name)
        as_bytes[f"in_{name}"] = tensor_proto(dtype_number, (2, 3), tensor_content=values.tobytes())
        flat = values.view(np.uint16) if dtype == np.float16 else values
        as_lists[f"in_{name}"] = tensor_proto(dtype_number, (2, 3), **{lists[tf_name]: flat.flatten().tolist()})
    for inputs in (as_bytes, as_lists):
        response = stub.Predict(predict_request("types", inputs))
        for name, values in expected.items():
            got = tf.make_ndarray(response.outputs[name])
            np.testing.assert_array_equal(got, values, err_msg=name)
            assert got.dtype == values.dtype


def test_the_last_element_stands_for_those_left_out(stub):
    sent = tensor_proto(types_pb2.DT_FLOAT, (2, 4), float_val=[1, 2, 3])
    response = stub.Predict(predict_request("tiny", {"x": sent}))
    x = np.array([[1, 2, 3, 3], [3, 3, 3, 3]], np.float32)
    np.testing.assert_allclose(tf.make_ndarray(response.outputs["y"]), models.tiny_reference(x), rtol=1e-5)


def test_strings(stub):
    text = [s.encode() for s in [*models.LABELS, "unknown"]]
    response = stub.Predict(predict_request("labels", {"text": text, "index": np.array([2, 1, 0, 99], np.int64)}))
    np.testing.assert_array_equal(tf.make_ndarray(response.outputs["code"]), [0, 1, 2, -1])
    assert [s.decode() for s in tf.make_ndarray(response.outputs["back"])] == [*reversed(models.LABELS), "?"]


def test_output_filter(stub):
    ones = np.ones((2, 3), np.float32)
    request = predict_request("two", {"a": ones, "b": ones})
    assert set(stub.Predict(request).outputs) == {"sum", "difference"}
    request.output_filter.append("difference")
    response = stub.Predict(request)
    assert set(response.outputs) == {"difference"}
    np.testing.assert_array_equal(tf.make_ndarray(response.outputs["difference"]), ones - ones)
    request.output_filter.append("nothing")
    assert "nothing" in refused(stub.Predict, request)


def test_texts_that_clients_match_on(stub):
    x = np.ones((1, 4), np.float32)
    not_found = grpc.StatusCode.NOT_FOUND
    assert (
        refused(stub.Predict, predict_request("nobody", {"x": x}), not_found)
        == "Servable not found for request: Specific(nobody, 0)"
    )
    assert (
        refused(stub.Predict, predict_request("tiny", {"x": x}, version=5), not_found)
        == "Servable not found for request: Specific(tiny, 5)"
    )
    details = refused(stub.Predict, predict_request("tiny", {"input": x}))
    assert details.startswith("input tensor alias not found in signature: input. Inputs expected to be in the set {x}.")
    details = refused(
        stub.Predict, predict_request("two", {"a": np.ones((2, 4), np.float32), "b": np.ones((2, 3), np.float32)})
    )
    assert "The input data is incorrect. Obtained shape" in details and "required shape" in details, details


def test_what_does_not_fit_is_refused(stub):
    def details(tensor):
        return refused(stub.Predict, predict_request("tiny", {"x": tensor}))

    assert "needs 16 bytes in tensor_content, got 15" in details(
        tensor_proto(types_pb2.DT_FLOAT, (1, 4), tensor_content=bytes(15))
    )
    assert "has 4 elements, got 5 in float_val" in details(tensor_proto(types_pb2.DT_FLOAT, (1, 4), float_val=[1] * 5))
    assert "negative or too large" in details(tensor_proto(types_pb2.DT_FLOAT, (-1, 4)))
    assert "possible up to 256 MiB" in details(tensor_proto(types_pb2.DT_FLOAT, (1 << 30, 4), float_val=[1]))
    assert "DT_COMPLEX64 is not supported" in details(tensor_proto(types_pb2.DT_COMPLEX64, (1, 4)))
    assert 'signature key "other" not found' in refused(
        stub.Predict, predict_request("tiny", {"x": np.ones((1, 4), np.float32)}, signature="other")
    )


def test_metadata(stub):
    request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
    request.model_spec.name = "versions"
    response = stub.GetModelMetadata(request)
    assert (response.model_spec.name, response.model_spec.version.value) == ("versions", 3)
    signatures = get_model_metadata_pb2.SignatureDefMap()
    assert response.metadata["signature_def"].Unpack(signatures)
    signature = signatures.signature_def["serving_default"]
    assert signature.method_name == "tensorflow/serving/predict"
    x, y = signature.inputs["x"], signature.outputs["y"]
    assert (x.dtype, [d.size for d in x.tensor_shape.dim]) == (types_pb2.DT_FLOAT, [-1, 4])
    assert (y.dtype, [d.size for d in y.tensor_shape.dim]) == (types_pb2.DT_FLOAT, [-1, 3])

    request.metadata_field[:] = ["graph"]
    assert refused(stub.GetModelMetadata, request) == "Metadata field graph is not supported"
    request.metadata_field[:] = ["signature_def"]
    request.model_spec.name = "nobody"
    details = refused(stub.GetModelMetadata, request, grpc.StatusCode.NOT_FOUND)
    assert details == "Servable not found for request: Specific(nobody, 0)"


def test_status(channel):
    stub = model_service_pb2_grpc.ModelServiceStub(channel)

    def status(model, version=None):
        request = get_model_status_pb2.GetModelStatusRequest()
        request.model_spec.name = model
        if version is not None:
            request.model_spec.version.value = version
        return request

    available = get_model_status_pb2.ModelVersionStatus.AVAILABLE
    for request, versions in [
        (status("versions"), [1, 3]),
        (status("versions", 0), [1, 3]),
        (status("versions", 3), [3]),
    ]:
        answer = stub.GetModelStatus(request).model_version_status
        assert sorted(v.version for v in answer) == versions
        assert all((v.state, v.status.error_code) == (available, 0) for v in answer)
    for request, text in [(status("nobody"), "Specific(nobody, 0)"), (status("tiny", 9), "Specific(tiny, 9)")]:
        details = refused(stub.GetModelStatus, request, grpc.StatusCode.NOT_FOUND)
        assert details == f"Servable not found for request: {text}"


def test_calls_that_are_not_there_are_unimplemented(stub):
    from tensorflow_serving.apis import classification_pb2

    refused(stub.Classify, classification_pb2.ClassificationRequest(), grpc.StatusCode.UNIMPLEMENTED)
