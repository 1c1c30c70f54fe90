"""The server under test: the model tiny, on a port for everything."""

import json

from bench import machine
from tests.e2e import models
from tests.e2e.conftest import BIN, Server


def start(folder, port=0):
    """Starts it; the models are made the first time."""
    if not (folder / "tiny").exists():
        models.tiny(folder / "tiny")
        config = {"model_config_list": [{"config": {"name": "tiny", "base_path": str(folder / "tiny")}}]}
        (folder / "config.json").write_text(json.dumps(config))
    arguments = [BIN / "lamina", "serve", "--config_path", folder / "config.json", "--port", port]
    return Server(arguments, folder / "log")


def resident_kb(server):
    """Its memory that is in RAM."""
    return machine.memory_kib(server.process.pid)[0]
