"""Layers of one's own, and models of one of them."""

import subprocess

import tritonclient.grpc as triton

from . import models
from .conftest import ROOT


def make_layers(path, source):
    """A library of layers of domain my.domain; returns its path."""
    subprocess.run(["c++", "-std=c++20", "-shared", "-fPIC", "-x", "c++", "-", f"-I{ROOT}/sdk/include", "-o", path],
                   input=source, text=True, check=True)
    return path


def save_model_of(layer, folder, **attributes):
    """y = layer(x), n floats each."""
    models.save(folder, 1, models.helper.make_graph(
        [models.helper.make_node(layer, ["x"], ["y"], domain="my.domain", **attributes)], "g",
        [models._value("x", models.TensorProto.FLOAT, ["n"])],
        [models._value("y", models.TensorProto.FLOAT, ["n"])]), (("", 17), ("my.domain", 1)))


def infer(server, model, **inputs):
    tensors = []
    for name, (datatype, value) in inputs.items():
        tensors.append(triton.InferInput(name, list(value.shape), datatype))
        tensors[-1].set_data_from_numpy(value)
    with triton.InferenceServerClient(server.address) as client:
        return client.infer(model, tensors)
