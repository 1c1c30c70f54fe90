"""A server with all the models and a port for REST, shared by the tests of one protocol."""

import json

import pytest

from .conftest import BIN, Server
from .free_port import free_port
from .shared_server import MODELS


@pytest.fixture(scope="module")
def rest(models_dir, tmp_path_factory):
    """The address of the REST side: "127.0.0.1:1234"."""
    folder = tmp_path_factory.mktemp("rest")
    config = {"model_config_list": [{"config": {"base_path": str(models_dir / m["name"]), **m}} for m in MODELS]}
    (folder / "config.json").write_text(json.dumps(config))
    port = free_port()
    server = Server(
        [BIN / "lamina", "serve", "--config_path", folder / "config.json", "--port", "0", "--rest_port", port],
        folder / "log",
    )
    server.wait_until_serving()
    yield f"127.0.0.1:{port}"
    assert server.stop() == 0, server.log
