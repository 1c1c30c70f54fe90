"""Our .proto files against the descriptors that the official clients carry: every message, field, enum value and call
that we define must be theirs, with the same number, type, label and oneof."""

import os
import pathlib
import shutil
import subprocess

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from google.protobuf import descriptor_pb2

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"

# Of the open inference protocol, which Triton's client does not have; it passes over the field.
BESIDES = {
    "inference.ModelMetadataResponse.PropertiesEntry",
    ("properties", 6, 11, 3, ".inference.ModelMetadataResponse.PropertiesEntry", None),
}


def _theirs():
    """Every official message, enum and service, by full name, as descriptor protos."""
    from grpc_health.v1 import health_pb2
    from grpc_reflection.v1alpha import reflection_pb2
    from tensorflow.core.framework import tensor_pb2
    from tensorflow.core.protobuf import meta_graph_pb2
    from tensorflow_serving.apis import (
        get_model_metadata_pb2,
        get_model_status_pb2,
        model_service_pb2,
        predict_pb2,
        prediction_service_pb2,
    )
    from tritonclient.grpc import service_pb2

    files, todo = (
        {},
        [
            m.DESCRIPTOR
            for m in (
                health_pb2,
                reflection_pb2,
                service_pb2,
                tensor_pb2,
                meta_graph_pb2,
                get_model_metadata_pb2,
                get_model_status_pb2,
                model_service_pb2,
                predict_pb2,
                prediction_service_pb2,
            )
        ],
    )
    while todo:
        file = todo.pop()
        if file.name not in files:
            files[file.name] = descriptor_pb2.FileDescriptorProto()
            file.CopyToProto(files[file.name])
            todo.extend(file.dependencies)
    return _by_name([*files.values(), _reflection_v1(files)])


def _reflection_v1(files):
    """gRPC's reflection, version 1: that of v1alpha under another name."""
    alpha = next(file for file in files.values() if file.package == "grpc.reflection.v1alpha")
    renamed = descriptor_pb2.FileDescriptorProto()
    renamed.CopyFrom(alpha)
    renamed.package = "grpc.reflection.v1"
    for message in renamed.message_type:
        for field in message.field:
            field.type_name = field.type_name.replace(".v1alpha.", ".v1.")
    for service in renamed.service:
        for method in service.method:
            method.input_type = method.input_type.replace(".v1alpha.", ".v1.")
            method.output_type = method.output_type.replace(".v1alpha.", ".v1.")
    return renamed


def _ours(tmp_path):
    out = tmp_path / "ours.pb"
    names = [str(p.relative_to(PROTO.parent)) for p in sorted(PROTO.rglob("*.proto"))]
    assert names, "no .proto file found"
    subprocess.run(
        [shutil.which("protoc"), "--proto_path=.", f"--descriptor_set_out={out}", *names], cwd=PROTO.parent, check=True
    )
    return _by_name(descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file)


def _by_name(files):
    found = {}

    def add(prefix, message):
        name = f"{prefix}.{message.name}"
        found[name] = message
        for nested in message.nested_type:
            add(name, nested)
        for enum in message.enum_type:
            found[f"{name}.{enum.name}"] = enum

    for file in files:
        for message in file.message_type:
            add(file.package, message)
        for item in [*file.enum_type, *file.service]:
            found[f"{file.package}.{item.name}"] = item
    return found


def _field(message, field):
    oneof = None
    if field.HasField("oneof_index") and not field.proto3_optional:
        oneof = message.oneof_decl[field.oneof_index].name
    return field.name, field.number, field.type, field.label, field.type_name, oneof


def _members(item):
    """What must be equal, as a set: fields, enum values, or calls."""
    if isinstance(item, descriptor_pb2.DescriptorProto):
        return {_field(item, f) for f in item.field}
    if isinstance(item, descriptor_pb2.EnumDescriptorProto):
        return {(v.name, v.number) for v in item.value}
    return {(m.name, m.input_type, m.output_type, m.client_streaming, m.server_streaming) for m in item.method}


def test_every_definition_is_the_official_one(tmp_path):
    theirs, ours = _theirs(), _ours(tmp_path)
    assert "inference.ModelInferRequest" in ours and "tensorflow.serving.PredictRequest" in ours
    problems = [f"{name}: not in the official interface" for name in ours if name not in theirs and name not in BESIDES]
    for name in ours.keys() & theirs.keys():
        wrong = _members(ours[name]) - _members(theirs[name]) - BESIDES
        problems += [f"{name}: {member} is not in {sorted(map(str, _members(theirs[name])))}" for member in wrong]
    assert not problems, "\n".join(problems)


def test_a_wrong_number_would_be_noticed():
    field = descriptor_pb2.FieldDescriptorProto(name="name", number=1, type=9, label=1)
    right = descriptor_pb2.DescriptorProto(name="M", field=[field])
    wrong = descriptor_pb2.DescriptorProto()
    wrong.CopyFrom(right)
    wrong.field[0].number = 2
    assert _members(right) != _members(wrong)
