"""Measures the server over gRPC at several numbers of callers, and prints the ratios of medians.

In turns with it runs a bare gRPC echo of the same bytes, and OpenVINO in process.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

import grpc
from tritonclient.grpc import service_pb2_grpc

from bench.serving import programs
from bench.serving.models import MODELS, request
from bench.trees import machine

_ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description=__doc__)
    parser.add_argument(
        "--build", type=Path, default=_ROOT / "build/bench", help="build folder, made with the bench preset"
    )
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--callers", nargs="+", type=int, default=[1, 8, 64])
    parser.add_argument("--rounds", type=int, default=5, help="each runs everything once; medians of these are printed")
    parser.add_argument("--seconds", type=float, default=2, help="of each measurement")
    parser.add_argument("--write", action="store_true", help="write the table to docs/benchmarks, too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lamina-bench-") as folder:
        text = "\n".join(measure(arguments, Path(folder)))
    print(text)
    if arguments.write:
        path = _ROOT / f"docs/benchmarks/serving-{machine.cpu().slug}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
        print(f"written to {path.relative_to(_ROOT)}", file=sys.stderr)
    return 0


def measure(arguments: argparse.Namespace, folder: Path) -> list[str]:
    cpu = machine.cpu()
    lines = [
        f"# Serving over gRPC: {cpu.name}, {cpu.detail}, {cpu.cores} cores shared by client and server",
        "",
        f"`{' '.join(['python -m bench.serving', *sys.argv[1:]])}`: medians of {arguments.rounds} rounds of "
        f"{arguments.seconds:g} s, in turns; every model takes one row. "
        "CPU: what the server's process used for one request.",
        "",
        "| model | callers | served, requests/s | p50, p99 us | of bare echo | of in-process | CPU us | echo's CPU us "
        "| others' load |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    inputs = {name: MODELS[name](folder / name / "1/model.onnx") for name in arguments.models}
    config = folder / "config.json"
    config.write_text(
        json.dumps({"model_config_list": [{"config": {"name": n, "base_path": str(folder / n)}} for n in inputs]})
    )
    server = programs.start_server(arguments.build, config, folder / "server.log")
    try:
        for name, x in inputs.items():
            message = request(name, x)
            (folder / f"{name}.request").write_bytes(message.SerializeToString())
            with grpc.insecure_channel(server.address) as channel:
                answer = service_pb2_grpc.GRPCInferenceServiceStub(channel).ModelInfer(message)
            (folder / f"{name}.response").write_bytes(answer.SerializeToString())
            for callers in arguments.callers:
                lines.append(measure_cell(arguments, folder, server, name, callers))
                print(lines[-1], file=sys.stderr)
    finally:
        server.stop()
    return lines


def measure_cell(arguments: argparse.Namespace, folder: Path, server: programs.Program, name: str, callers: int) -> str:
    build, message = arguments.build, folder / f"{name}.request"
    echo = programs.start_echo(build, folder / f"{name}.response", folder / "echo.log")
    served, echoed, bare = [], [], []
    others = OthersLoad(server, echo)
    try:
        for _ in range(arguments.rounds):
            for program, results in ((server, served), (echo, echoed)):
                cpu = program.cpu_seconds()
                result = programs.load(build, program.address, message, callers, arguments.seconds)
                # The client's warm-up is not counted as requests, so CPU is taken a second of the whole run.
                result["cpu_us"] = (
                    (program.cpu_seconds() - cpu) / (result["requests_per_s"] * (arguments.seconds + 0.5)) * 1e6
                )
                results.append(result)
            bare.append(programs.in_process(build, folder / name / "1/model.onnx", message, callers, arguments.seconds))
        share = others.share()
    finally:
        echo.stop()
    ours, theirs, alone = (_medians(results) for results in (served, echoed, bare))
    return (
        f"| {name} | {callers} | {ours['requests_per_s']:,.0f} | {ours['p50_us']:.0f}, {ours['p99_us']:.0f} "
        f"| {ours['requests_per_s'] / theirs['requests_per_s']:.2f} "
        f"| {ours['requests_per_s'] / alone['requests_per_s']:.3f} "
        f"| {ours['cpu_us']:.0f} | {theirs['cpu_us']:.0f} | {share:.0%} |"
    )


class OthersLoad:
    """How much of the machine's CPU went to programs that are no part of the measurement, since this was made."""

    def __init__(self, *ours: programs.Program):
        self._ours = ours
        self._begin = self._read()

    def share(self) -> float:
        wall, everybody, ours = (now - then for now, then in zip(self._read(), self._begin))
        return max(everybody - ours, 0) / (wall * machine.cpu().cores)

    def _read(self) -> tuple[float, float, float]:
        usage, times = machine.usage(), os.times()
        ours = times.user + times.system + times.children_user + times.children_system
        return usage.wall, usage.machine, ours + sum(program.cpu_seconds() for program in self._ours)


def _medians(results: list[dict]) -> dict:
    return {key: statistics.median(r[key] for r in results) for key in results[0]}


if __name__ == "__main__":
    sys.exit(main())
