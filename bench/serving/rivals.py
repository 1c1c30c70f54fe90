"""The server with its models, and the programs that it is compared to."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import grpc
import numpy as np
from tritonclient.grpc import service_pb2, service_pb2_grpc
from tritonclient.http import InferenceServerClient, InferInput
from tritonclient.utils import np_to_triton_dtype

from bench import machine
from bench.serving import programs
from bench.serving.loads import Result, Target, grpc_frame
from bench.serving.models import MODELS, request
from bench.serving.peers import mlserver, triton


class Rivals:
    """While it is entered, the server runs; what it answers to each model's request is kept for the echoes."""

    def __init__(self, build: Path, folder: Path, models: list[str]):
        self._build, self._folder = build, folder
        self._inputs = {name: MODELS[name](folder / name / "1/model.onnx") for name in models}
        self.targets = {name: _write_target(folder / name, name, x) for name, x in self._inputs.items()}

    def __enter__(self) -> Rivals:
        config = self._folder / "config.json"
        models = [{"config": {"name": name, "base_path": str(self._folder / name)}} for name in self._inputs]
        config.write_text(json.dumps({"model_config_list": models}))
        self.server = programs.start_server(self._build, config, self._folder / "server.log")
        try:
            for name in self._inputs:
                self._keep_answers(name)
        except BaseException:
            self.server.stop()
            raise
        return self

    def __exit__(self, *_) -> None:
        self.server.stop()

    def _keep_answers(self, name: str) -> None:
        folder = self._folder / name
        with grpc.insecure_channel(self.server.address) as channel:
            ask = service_pb2_grpc.GRPCInferenceServiceStub(channel)
            for file, answer in (
                ("metadata", ask.ModelMetadata(service_pb2.ModelMetadataRequest(name=name))),
                ("config", ask.ModelConfig(service_pb2.ModelConfigRequest(name=name))),
                ("response", ask.ModelInfer(request(name, self._inputs[name]))),
            ):
                (folder / file).write_bytes(answer.SerializeToString())
        client = InferenceServerClient(self.server.address)
        outputs = client.infer(name, [_rest_tensor(self._inputs[name])])
        names = [output["name"] for output in outputs.get_response()["outputs"]]
        (folder / "body").write_bytes(b"".join(outputs.as_numpy(name).tobytes() for name in names))

    @contextmanager
    def peer(self, kind: str, model: str, rest: bool) -> Iterator[programs.Program | None]:
        """What listens, over REST or gRPC; None for what has no server."""
        folder = self._folder / model
        if kind == "in_process":
            yield None
            return
        start = {
            "grpc": lambda: programs.start_echo(self._build, folder),
            "grpc_raw": lambda: programs.start_echo(self._build, folder, "--raw"),
            "beast": lambda: programs.start_http_echo(self._build, folder),
            "triton": lambda: triton.start(self._build, folder, folder / "1/model.onnx", rest),
            "mlserver": lambda: mlserver.start(self._build, folder, folder / "1/model.onnx", rest),
        }[kind]
        program = start()
        try:
            yield program
        finally:
            program.stop()

    def in_process(self, model: str, callers: int, seconds: float) -> Result:
        path = self._folder / model / "1/model.onnx"
        return Result(**programs.in_process(self._build, path, self.targets[model].message, callers, seconds))


class OthersLoad:
    """How much of the machine's CPU went to programs that are no part of the measurement, since this was made."""

    def __init__(self, *ours: programs.Program):
        self._ours = ours
        self._begin = self._read()

    def share(self) -> float:
        wall, everybody, ours = (now - then for now, then in zip(self._read(), self._begin))
        return max(everybody - ours, 0) / (wall * machine.cpu().cores)

    def _read(self) -> tuple[float, float, float]:
        usage, times = machine.usage(), os.times()
        ours = times.user + times.system + times.children_user + times.children_system
        return usage.wall, usage.machine, ours + sum(program.cpu_seconds() for program in self._ours)


def _write_target(folder: Path, name: str, x: np.ndarray) -> Target:
    message = request(name, x).SerializeToString()
    tensor = _rest_tensor(x)
    body, json_bytes = InferenceServerClient.generate_request_body([tensor])
    text = {"inputs": [{"name": "x", "datatype": tensor.datatype(), "shape": x.shape, "data": x.ravel().tolist()}]}
    files = {
        "message": message,
        "frame": grpc_frame(message),
        "body": body,
        "json": json.dumps(text).encode(),
    }
    for file, content in files.items():
        (folder / f"request.{file}").write_bytes(content)
    return Target(name, x.shape, *(folder / f"request.{file}" for file in files), json_bytes=json_bytes or len(body))


def _rest_tensor(x: np.ndarray) -> InferInput:
    return InferInput("x", x.shape, np_to_triton_dtype(x.dtype)).set_data_from_numpy(x)
