"""Starts the real server for the end-to-end tests.

LAMINA_BIN names the folder of the programs under test (build/release/bin without it). They may be built with sanitizers: then
what those report fails the test.
"""

import os
import pathlib
import re
import signal
import subprocess
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pytest

from . import models

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("LAMINA_BIN", ROOT / "build/release/bin"))
SANITIZED = "ASAN_OPTIONS" in os.environ or "TSAN_OPTIONS" in os.environ
START_SECONDS = 300 if SANITIZED else 60
STOP_SECONDS = 120 if SANITIZED else 40
SANITIZERS_REPORT = re.compile(
    r"^.*(?:ERROR: (?:Address|Leak)Sanitizer|WARNING: ThreadSanitizer|: runtime error: ).*$", re.MULTILINE
)


class Server:
    """A running server. Its port is one that was free, unless the arguments name one; its log is a file."""

    def __init__(self, arguments, log, environment=None, cwd=None):
        self.log_path = log
        inherited = {
            k: v for k, v in os.environ.items() if k not in ("CPU_EXTENSION", "DEVICE", "LOG_LEVEL", "LOG_PATH")
        }
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                [str(a) for a in arguments],
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env={**inherited, **(environment or {})},
            )
        self.port = None

    @property
    def log(self):
        return self.log_path.read_text(errors="replace")

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def wait_until_serving(self):
        """Until the line that says so; fails with the log if the server ends first or takes too long."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            listening = re.search(r"gRPC server listens on (?:port (\d+)|unix:.*) and will be serving models", self.log)
            if listening:
                self.port = int(listening[1] or 0) or None
                return self
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with code {self.process.returncode}:\n{self.log}")
            time.sleep(0.02)
        raise AssertionError(f"the server did not listen within {START_SECONDS} s:\n{self.log}")

    def says(self, text, seconds=10):
        """Whether the log has it, which is written a moment after what it tells of."""
        end = time.monotonic() + seconds
        while text not in self.log and time.monotonic() < end:
            time.sleep(0.01)
        return text in self.log

    def wait_until_ended(self, seconds=STOP_SECONDS):
        """Returns the exit code."""
        return self.process.wait(seconds)

    def stop(self, seconds=STOP_SECONDS):
        """Asks it to stop, within so many seconds, as an orchestrator does; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.wait_until_ended(seconds)
            assert not SANITIZERS_REPORT.search(self.log), f"a sanitizer has something to report:\n{self.log}"
            return code
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the server did not stop within {seconds} s:\n{self.log}")


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory):
    """One folder a model, in the layout that base_path names."""
    folder = tmp_path_factory.mktemp("models")
    models.tiny(folder / "tiny")
    models.tiny(folder / "versions", 1, factor=1)
    models.tiny(folder / "versions", 3, factor=3)
    models.two(folder / "two")
    models.one_hot(folder / "one_hot")
    models.types(folder / "types", models.TYPES)
    models.types(folder / "listed_types", [t for t in models.TYPES if t[0] != "FP16"])
    models.labels(folder / "labels")
    models.halves(folder / "halves")
    models.classes(folder / "classes")
    return folder


@pytest.fixture
def start(tmp_path):
    """A function that starts a server, which ends with the test: start("lamina", "serve", ..., environment={...})."""
    servers = []

    def start_server(program, *arguments, environment=None, cwd=None):
        path = program if os.path.isabs(str(program)) else BIN / program
        servers.append(Server([path, *arguments], tmp_path / f"server{len(servers)}.log", environment, cwd))
        return servers[-1]

    yield start_server
    for server in servers:
        server.stop()
