"""What the server is started into: a console that nobody reads, streams that are closed, signals, files that are none."""

import fcntl
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import time

import numpy as np
import pytest
import requests
import tritonclient.grpc as triton
from tritonclient.utils import InferenceServerException

from . import models
from .conftest import BIN, SANITIZED
from .free_port import free_port

PIPE_BYTES = 4096
TIMES = PIPE_BYTES // 250
INFER = {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 4], "data": [1, 1, 1, 1]}]}


@pytest.fixture
def unread(models_dir):
    """A server whose log goes to a pipe that holds a page: its process, its address, and the pipe."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    port = free_port()
    process = subprocess.Popen([BIN / "lamina", "serve", "--model_name", "m", "--model_path", models_dir / "tiny",
                                "--port", str(port)], stdout=writer, stderr=writer)
    os.close(writer)
    url = f"http://127.0.0.1:{port}/v2"
    end = time.monotonic() + 60
    while not ready(url):
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.05)
    yield process, url, reader
    ended = process.poll()
    if ended is None:
        process.kill()
    process.wait()
    print("ended with", ended, "and left unread:", rest_of(reader))  # shown where the test fails
    os.close(reader)


def rest_of(pipe):
    return b"".join(iter(lambda: os.read(pipe, 65536), b"")).decode()


def ready(url):
    try:
        return requests.get(f"{url}/health/ready", timeout=5).status_code == 200
    except requests.exceptions.ConnectionError:
        return False


def fill(url):
    """An unload and a load are told in more than 250 bytes."""
    for _ in range(TIMES):
        for step in ("unload", "load"):
            assert requests.post(f"{url}/repository/models/m/{step}", json={}, timeout=20).status_code == 200


@pytest.mark.skipif(SANITIZED, reason="ThreadSanitizer's _exit waits for whoever reads")
def test_a_log_that_nobody_reads_keeps_nobody_waiting(unread):
    process, url, _ = unread
    fill(url)
    assert requests.post(f"{url}/models/m/infer", json=INFER, timeout=5).status_code == 200
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert time.monotonic() - began < 5


def test_a_log_that_is_read_late_is_whole(unread):
    process, url, reader = unread
    fill(url)
    process.send_signal(signal.SIGTERM)
    text = rest_of(reader)
    assert process.wait(60) == 0
    assert " I stopped\n" in text and "were dropped" not in text and text.endswith("version 1: unloaded\n")
    assert text.count("version 1: unloaded\n") == text.count(": loading ") == TIMES + 1


def test_streams_that_are_closed_are_no_sockets(start, models_dir, tmp_path):
    command = [BIN / "lamina", "serve", "--model_name", "m", "--model_path", models_dir / "tiny", "--port", "0",
               "--log_path", tmp_path / "server0.log"]
    server = start("/bin/sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', *command).wait_until_serving()
    for stream in range(3):
        assert os.readlink(f"/proc/{server.process.pid}/fd/{stream}") == "/dev/null"


def test_a_terminal_that_goes_stops_it(start, models_dir):
    server = start("lamina", "serve", "--model_name", "m", "--model_path", models_dir / "tiny", "--port", "0")
    server.wait_until_serving().process.send_signal(signal.SIGHUP)
    assert server.wait_until_ended() == 0
    assert "SIGHUP: draining requests" in server.log


def test_with_nohup_a_terminal_that_goes_is_nothing_to_it(start, models_dir):
    server = start("/bin/sh", "-c", 'trap "" HUP; exec "$0" "$@"', BIN / "lamina", "serve", "--model_name", "m",
                   "--model_path", models_dir / "tiny", "--port", "0").wait_until_serving()
    server.process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    assert ready(f"http://{server.address}/v2")


@pytest.mark.parametrize("folder", ["/proc/nowhere", "/proc", "a_file"])
def test_without_its_cache_it_serves(start, models_dir, tmp_path, folder):
    (tmp_path / "a_file").touch()
    server = start("lamina", "serve", "--model_name", "m", "--model_path", models_dir / "tiny", "--port", "0",
                   "--cache_dir", tmp_path / folder).wait_until_serving()
    assert f" W cache_dir: {tmp_path / folder} cannot be " in server.log
    assert "models are compiled at each start" in server.log


def test_what_has_no_end_is_not_read(start, models_dir, tmp_path):
    """Of two models one has a pipe where its weights should be; then config.json is a device."""
    shutil.copytree(models_dir / "tiny", tmp_path / "good")
    (tmp_path / "bad/1").mkdir(parents=True)
    (tmp_path / "bad/1/model.xml").write_text("<net/>")
    os.mkfifo(tmp_path / "bad/1/model.bin")
    (tmp_path / "config.json").write_text(json.dumps(
        {"model_config_list": [{"config": {"name": m, "base_path": str(tmp_path / m)}} for m in ("bad", "good")]}))
    server = start("lamina", "serve", "--config_path", tmp_path / "config.json", "--port", "0").wait_until_serving()
    assert f"{tmp_path}/bad/1/model.bin is a pipe, expected a regular file; put one there" in server.log
    assert "will be serving models: good" in server.log
    endless = start("lamina", "serve", "--config_path", "/dev/zero", "--port", "0")
    assert endless.wait_until_ended(10) == 1
    assert "error: /dev/zero is a device, expected a regular file; put one there" in endless.log


@pytest.mark.skipif(SANITIZED, reason="a sanitizer takes address space without end")
def test_out_of_memory_is_told_and_outlived(start, tmp_path):
    """Larger and larger answers and bodies, while the process may have 64 MB more than it has (by default each thread's heap takes
    as much as that). Where there is not even memory for a sentence, the connection is closed."""
    models.repeat(tmp_path / "m", 2000)
    server = start("lamina", "serve", "--model_name", "m", "--model_path", tmp_path / "m", "--port", "0",
                   environment={"MALLOC_ARENA_MAX": "1"}).wait_until_serving()
    url = f"http://{server.address}/v2/models/m/infer"

    def ask(rows, spaces=0):
        inputs = [{"name": "x", "datatype": "FP32", "shape": [rows], "data": [1] * rows}]
        try:
            return requests.post(url, data=json.dumps({"inputs": inputs}) + " " * spaces, timeout=30).status_code
        except requests.exceptions.ConnectionError:
            return 429

    assert ask(10) == 200
    size = int(re.search(r"VmSize:\s+(\d+)", (pathlib.Path("/proc") / str(server.process.pid) / "status").read_text())[1])
    resource.prlimit(server.process.pid, resource.RLIMIT_AS, 2 * ((size << 10) + (64 << 20),))
    for _ in range(3):
        assert ask(100_000) == ask(300_000) == 429
        assert ask(10, spaces=80 << 20) == 429
        with triton.InferenceServerClient(server.address) as client, pytest.raises(InferenceServerException) as error:
            x = triton.InferInput("x", [100_000], "FP32").set_data_from_numpy(np.ones(100_000, np.float32))
            client.infer("m", [x], client_timeout=30)
        assert error.value.status() == "StatusCode.RESOURCE_EXHAUSTED", error.value
        assert ask(10) == 200


def test_the_engine_trims_the_heap_by_our_rules():
    """A program's symbols come before those of libraries, if it shows them: server/engine/heap_trim.h."""
    shown = subprocess.run(["readelf", "--dyn-syms", "--wide", BIN / "lamina"], text=True, capture_output=True, check=True)
    assert re.search(r"FUNC +GLOBAL +DEFAULT +\d+ +malloc_trim\b", shown.stdout)
