"""Ways to load a server. Each sends one request again and again, from so many callers, and tells what came of it."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from bench.serving.programs import Program
from bench.serving.tools import PerfAnalyzer, need_debian


@dataclass(frozen=True)
class Target:
    """A model's request as files, in the forms that the load tools want."""

    model: str
    shape: tuple[int, ...]
    message: Path  # a serialised ModelInferRequest
    frame: Path  # the same behind the 5 bytes of gRPC
    body: Path  # KServe over REST: JSON and then binary data
    json: Path  # KServe over REST, all in JSON
    json_bytes: int


@dataclass(frozen=True)
class Result:
    requests_per_s: float
    p50_us: float = 0
    p99_us: float = 0
    cpu_us: float = 0  # of the server's process, a request


class Loads:
    """The load tools, by name."""

    def __init__(self, build: Path):
        self._build = build
        self._perf_analyzer: PerfAnalyzer | None = None

    def run(self, name: str, program: Program, target: Target, callers: int, seconds: float) -> Result:
        with ThreadPoolExecutor(1) as other:
            result = other.submit(getattr(self, "_" + name), program, target, callers, seconds)
            # CPU in the middle of the run, where every tool loads the server evenly.
            time.sleep(0.4 * seconds)
            cpu, began = program.cpu_seconds(), time.monotonic()
            time.sleep(0.5 * seconds)
            busy = (program.cpu_seconds() - cpu) / (time.monotonic() - began)
            return replace(result.result(), cpu_us=busy / result.result().requests_per_s * 1e6)

    def _grpc_cpp(self, program: Program, target: Target, callers: int, seconds: float) -> Result:
        line = [self._build / "bin/serving_load", "--address", program.address, "--request", target.message]
        found = json.loads(_run([*line, "--callers", callers, "--seconds", seconds]))
        return Result(**found)

    def _perf_analyzer_grpc(self, program: Program, target: Target, callers: int, seconds: float) -> Result:
        if self._perf_analyzer is None:
            self._perf_analyzer = PerfAnalyzer(self._build / "tools")
        shape = ",".join(map(str, target.shape))
        line = [
            self._perf_analyzer.path,
            "-m",
            target.model,
            "-u",
            program.address,
            "-i",
            "grpc",
            "--shape",
            f"x:{shape}",
        ]
        # Three windows of a third of the time; all of them count, however they differ.
        window = int(seconds * 1000 / 3)
        line += ["--concurrency-range", callers, "-p", window, "-r", 3, "-s", 999, "--percentile", 50]
        text = _run(line, env=self._perf_analyzer.environment)
        rate = float(re.search(r"throughput: ([\d.]+) infer/sec", text)[1])
        p50, p99 = (float(re.search(rf"{p} latency: (\d+) usec", text)[1]) for p in ("p50", "p99"))
        return Result(rate, p50, p99)

    def _h2load_grpc(self, program: Program, target: Target, callers: int, seconds: float) -> Result:
        headers = ["-H", "content-type: application/grpc", "-H", "te: trailers"]
        path = "inference.GRPCInferenceService/ModelInfer"
        return self._h2load(program, [*headers, "-d", target.frame], path, callers, seconds)

    def _h2load_rest(self, program: Program, target: Target, callers: int, seconds: float) -> Result:
        headers = ["--h1", "-H", "content-type: application/octet-stream"]
        headers += ["-H", f"inference-header-content-length: {target.json_bytes}"]
        return self._h2load(program, [*headers, "-d", target.body], f"v2/models/{target.model}/infer", callers, seconds)

    def _h2load_json(self, program: Program, target: Target, callers: int, seconds: float) -> Result:
        arguments = ["--h1", "-H", "content-type: application/json", "-d", target.json]
        return self._h2load(program, arguments, f"v2/models/{target.model}/infer", callers, seconds)

    def _h2load(self, program: Program, arguments: list, path: str, callers: int, seconds: float) -> Result:
        tool = need_debian("h2load", "nghttp2-client")
        line = [tool, "-t", 1, "-m", 1, "-c", callers, "--warm-up-time", "500ms", "-D", max(1, round(seconds)), *arguments]
        text = _run([*line, f"http://{program.address}/{path}"])
        good, *others = map(int, re.search(r"(\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", text).groups())
        if any(others) or good == 0:
            raise RuntimeError(f"{path} of {program.address}:\n{text}")
        return Result(float(re.search(r"([\d.]+) req/s", text)[1]))


def grpc_frame(message: bytes) -> bytes:
    """A message as it travels: not compressed, its length, itself."""
    return struct.pack(">BI", 0, len(message)) + message


def _run(arguments: list, **settings) -> str:
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, **settings)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, arguments))}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
