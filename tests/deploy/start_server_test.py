"""The line of the 2019 server's page, its words after the image name run by hand and answered by a tensorflow-serving-api
client. LAMINA_BIN names the folder of the programs under test (build/release/bin without it)."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys

import pytest
from e2e.free_port import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("LAMINA_BIN", ROOT / "build/release/bin")).resolve()


@pytest.fixture
def start_server(tmp_path):
    """start_server.sh where it is installed, beside the programs under test."""
    share = tmp_path / "installed" / "share" / "lamina"
    share.mkdir(parents=True)
    (tmp_path / "installed" / "bin").symlink_to(BIN)
    return shutil.copy(ROOT / "deploy" / "start_server.sh", share)


@pytest.fixture(scope="module")
def ml(tmp_path_factory):
    """What a user mounts as /opt/ml: a model, a configuration and a library."""
    folder = tmp_path_factory.mktemp("ml")
    subprocess.run([sys.executable, ROOT / "examples/breast_cancer/train.py", folder / "breast_cancer"], check=True)
    shutil.copy(BIN.parent / "lib" / "libcpu_extension.so", folder)
    entry = {"config": {"name": "breast_cancer", "base_path": str(folder / "breast_cancer")}}
    (folder / "config.json").write_text(json.dumps({"model_config_list": [entry]}))
    return folder


def test_the_line_of_2019_is_answered(start_server, ml, tmp_path):
    log, port = tmp_path / "server.log", str(free_port())
    line = [start_server, "ie_serving", "config", "--config_path", ml / "config.json", "--port", port]
    environment = {**os.environ, "CPU_EXTENSION": str(ml / "libcpu_extension.so")}
    with open(log, "wb") as out:
        server = subprocess.Popen(list(map(str, line)), stdout=out, stderr=out, env=environment)
    try:
        answer = subprocess.run([sys.executable, ROOT / "deploy" / "ask.py", port, ml / "breast_cancer.held_out.npz"],
                                capture_output=True, text=True, timeout=240)
    finally:
        server.send_signal(signal.SIGTERM)
        code = server.wait(60)
    assert answer.returncode == 0, answer.stdout + answer.stderr + log.read_text()
    assert "143 rows" in answer.stdout
    assert code == 0, log.read_text()
    assert f"extension library {ml / 'libcpu_extension.so'}: lamina" in log.read_text()


def test_without_a_command_it_says_how_it_is_used(start_server):
    run = subprocess.run([start_server], capture_output=True, text=True)
    assert run.returncode == 2
    assert run.stderr.startswith("usage: start_server.sh ie_serving config")


def test_any_other_command_finds_our_programs_first(start_server):
    run = subprocess.run([start_server, "sh", "-c", "command -v lamina"], capture_output=True, text=True)
    assert run.stdout.strip() == str(BIN / "lamina")
