"""A server with the models that every client asks, on a port for gRPC and one for REST."""

import json
import time

import pytest
import requests

from e2e import models
from e2e.conftest import BIN, Server
from e2e.lifecycle_test import slow_model
from e2e.free_port import free_port

MODELS = ("tiny", "slow", "labels")


@pytest.fixture(scope="package")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clients")
    models.tiny(folder / "tiny")
    models.labels(folder / "labels")
    slow_model(folder / "slow")
    config = {"model_config_list": [{"config": {"name": n, "base_path": str(folder / n)}} for n in MODELS]}
    (folder / "config.json").write_text(json.dumps(config))
    rest_port = free_port()
    server = Server([BIN / "lamina", "serve", "--config_path", folder / "config.json", "--port", "0", "--rest_port",
                     rest_port], folder / "log")
    server.rest_port = rest_port
    server.wait_until_serving()
    end = time.monotonic() + 60
    while requests.get(f"http://{server.address}/v2/health/ready", timeout=10).status_code != 200:
        assert time.monotonic() < end, server.log
        time.sleep(0.05)
    yield server
    assert server.stop() == 0, server.log
