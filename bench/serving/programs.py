"""The programs that are measured: our server, the bare echo, and OpenVINO without a server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path

from bench import machine

_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE_S = 60


class Program:
    """One that listens, started on a free port of 127.0.0.1."""

    def __init__(self, arguments: list, port_line: str, log: Path, environment: dict[str, str] | None = None):
        self._log = log
        with open(log, "wb") as out:
            self._process = subprocess.Popen(
                [str(a) for a in arguments],
                stdout=out,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        end = time.monotonic() + _PATIENCE_S
        while not (found := re.search(port_line, log.read_text(errors="replace"), re.MULTILINE)):
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(f"{arguments[0]} does not listen:\n{log.read_text(errors='replace')}")
            time.sleep(0.05)
        self.address = f"127.0.0.1:{found[1]}"

    def cpu_seconds(self) -> float:
        """Of the program and all that it started."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended meanwhile
            if int(fields[3]) == self._process.pid:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / _TICKS

    def memory_kib(self) -> tuple[int, int]:
        """What it has in RAM now, and the most that it had."""
        return machine.memory_kib(self._process.pid)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(_PATIENCE_S)


def start_server(build: Path, config: Path, log: Path) -> Program:
    return Program(
        [build / "bin/lamina", "serve", "--config_path", config, "--port", "0", "--grpc_bind_address", "127.0.0.1"],
        r"gRPC server listens on port (\d+) and",
        log,
    )


def start_echo(build: Path, folder: Path, *arguments: str) -> Program:
    """A gRPC echo, which answers what `metadata`, `config` and `response` in the folder hold."""
    files = [x for name in ("metadata", "config", "response") for x in (f"--{name}", folder / name)]
    return Program([build / "bin/serving_echo", *files, *arguments], r"^(\d+)$", folder / "echo.log")


def start_http_echo(build: Path, folder: Path) -> Program:
    return Program(
        [build / "bin/serving_http_echo", "--response", folder / "body"], r"^(\d+)$", folder / "http_echo.log"
    )


def in_process(build: Path, model: Path, request: Path, callers: int, seconds: float) -> dict:
    return _run(
        [
            build / "bin/serving_inprocess",
            "--model",
            model,
            "--library",
            build / "lib/libcpu_extension.so",
            "--request",
            request,
            "--callers",
            callers,
            "--seconds",
            seconds,
        ]
    )


def _run(arguments: list) -> dict:
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{arguments[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return json.loads(done.stdout)
