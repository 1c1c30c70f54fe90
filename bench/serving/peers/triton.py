"""Triton with its Python backend, the one that its PyPI package brings."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import onnx
from onnx import helper

from bench.serving.peers.venv import Venv, free_port
from bench.serving.programs import Program

_REQUIREMENTS = ("nvidia-pytriton==0.7.0", "onnxruntime==1.31.1")
_TYPES = {"FLOAT": "TYPE_FP32", "INT64": "TYPE_INT64"}


def start(build: Path, folder: Path, model: Path, rest: bool) -> Program:
    """Serves `model`, an ONNX file in a folder of its version, with two instances."""
    venv = Venv(build / "peers/triton", _REQUIREMENTS)
    server = venv.packages / "pytriton/tritonserver"
    stub = server / "python_backend_stubs" / venv.python / "triton_python_backend_stub"
    shutil.copy(stub, server / "backends/python")
    repository = folder / "triton"
    _write_model(repository / model.parent.parent.name, model)
    environment = os.environ | {
        "LD_LIBRARY_PATH": str(venv.packages.parent.parent.parent / "lib")
        + f":{venv.packages / 'nvidia_pytriton.libs'}",
        "PYTHONPATH": str(venv.packages),
        "PATH": f"{venv.folder / 'bin'}:{os.environ['PATH']}",
    }
    line = [server / "bin/tritonserver", f"--model-repository={repository}", "--allow-metrics=false"]
    line += [f"--backend-directory={server / 'backends'}", "--http-address=127.0.0.1", "--grpc-address=127.0.0.1"]
    line += [f"--http-port={free_port()}", f"--grpc-port={free_port()}"]
    # REST is the last to listen.
    listens = r"Started HTTPService at \S+:(\d+)"
    if not rest:
        listens = r"Started GRPCInferenceService at \S+:(\d+)[^$]*Started HTTPService"
    return Program(line, listens, folder / "triton.log", environment)


def _write_model(folder: Path, model: Path) -> None:
    (folder / "1").mkdir(parents=True, exist_ok=True)
    shutil.copy(model, folder / "1")
    shutil.copy(Path(__file__).parent / "triton_model.py", folder / "1/model.py")
    graph = onnx.load(model).graph
    lines = ['backend: "python"', "instance_group [{ count: 2 kind: KIND_CPU }]"]
    for word, tensors in (("input", graph.input), ("output", graph.output)):
        lines += [f"{word} [{_tensor(tensor)}]" for tensor in tensors]
    (folder / "config.pbtxt").write_text("\n".join(lines))


def _tensor(value: onnx.ValueInfoProto) -> str:
    kind = value.type.tensor_type
    dims = [d.dim_value or -1 for d in kind.shape.dim]
    datatype = _TYPES[helper.tensor_dtype_to_string(kind.elem_type).removeprefix("TensorProto.")]
    return f"{{ name: {json.dumps(value.name)} data_type: {datatype} dims: {dims} }}"
