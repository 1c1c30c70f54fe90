"""MLServer with a runtime of its own process (no workers beside it, which is its quickest way)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from bench.serving.peers.venv import Venv, free_port
from bench.serving.programs import Program

_REQUIREMENTS = ("mlserver==1.7.1", "onnxruntime==1.31.1")


def start(build: Path, folder: Path, model: Path, rest: bool) -> Program:
    """Serves `model`, an ONNX file in a folder of its version."""
    venv = Venv(build / "peers/mlserver", _REQUIREMENTS)
    home = folder / "mlserver"
    home.mkdir(exist_ok=True)
    shutil.copy(Path(__file__).parent / "mlserver_model.py", home)
    ports = {name: free_port() for name in ("http_port", "grpc_port", "metrics_port")}
    settings = {"host": "127.0.0.1", "parallel_workers": 0, "debug": False, **ports}
    (home / "settings.json").write_text(json.dumps(settings))
    parameters = {"uri": str(model), "version": "1"}
    name = model.parent.parent.name
    (home / "model-settings.json").write_text(
        json.dumps({"name": name, "implementation": "mlserver_model.Onnxruntime", "parameters": parameters})
    )
    port = ports["http_port" if rest else "grpc_port"]
    line = [venv.folder / "bin/mlserver", "start", home]
    program = Program(line, rf"Uvicorn running on http://\S+:({ports['http_port']})", folder / "mlserver.log")
    program.address = f"127.0.0.1:{port}"
    return program
