"""A server with all the models, shared by the tests of one protocol."""

import json

import pytest

from .conftest import BIN, Server

MODELS = [
    {"name": "tiny"},
    {"name": "versions", "model_version_policy": {"all": {}}, "version_labels": {"stable": 1, "canary": 3}},
    {"name": "two"},
    {"name": "one_hot"},
    {"name": "types"},
    {"name": "listed_types"},
    {"name": "labels"},
    {"name": "halves"},
    {"name": "classes"},
]


@pytest.fixture(scope="module")
def server(models_dir, tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    config = {"model_config_list": [{"config": {"base_path": str(models_dir / m["name"]), **m}} for m in MODELS]}
    (folder / "config.json").write_text(json.dumps(config))
    server = Server([BIN / "lamina", "serve", "--config_path", folder / "config.json", "--port", "0"], folder / "log")
    yield server.wait_until_serving()
    assert server.stop() == 0, server.log
