"""Measures what loading a forest takes and keeps: our server, and an onnxruntime session in Python, in turns.

Memory is that of the whole process, in RAM: 2 s after the model can be asked, and the most that there was until then.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import astuple, dataclass
from pathlib import Path

from bench import machine
from bench.serving.programs import Program
from bench.trees import forests
from bench.trees.tables import table
from bench.trees.train import trained

_ROOT = Path(__file__).resolve().parents[2]
_FORESTS = ("xgb-d6-100x28", "xgb-d6-1000x100", "rf-300")
_SETTLE_SECONDS = 2
_SESSION = """\
import sys, time, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
print("listens on port 0", flush=True)
time.sleep(3600)
"""


@dataclass(frozen=True)
class Loaded:
    resident_mb: float
    peak_mb: float
    seconds: float  # from the process's start until the model can be asked


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("--build", type=Path, default=_ROOT / "build/release", help="folder of the server's build")
    parser.add_argument("--cache", type=Path, default=_ROOT / "build/bench/trees", help="trained forests")
    parser.add_argument("--forests", nargs="+", choices=[f.name for f in forests.FORESTS], default=list(_FORESTS))
    parser.add_argument("--rounds", type=int, default=3, help="each loads everything once; medians are printed")
    parser.add_argument("--write", action="store_true", help="write the table to docs/benchmarks, too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lamina-bench-") as folder:
        text = measure(arguments, Path(folder))
    print(text, end="")
    if arguments.write:
        path = _ROOT / f"docs/benchmarks/memory-{machine.cpu().slug}.md"
        path.write_text(text)
        print(f"written to {path.relative_to(_ROOT)}", file=sys.stderr)
    return 0


def measure(arguments: argparse.Namespace, folder: Path) -> str:
    rows = []
    for name in arguments.forests:
        onnx = trained(forests.find(name), arguments.cache, lambda text: print(text, file=sys.stderr)).onnx
        version = folder / name / "1"
        version.mkdir(parents=True)
        (version / "model.onnx").symlink_to(onnx.resolve())
        serve = [arguments.build / "bin/lamina", "serve", "--model_name", name, "--model_path", version.parent]
        serve += ["--port", "0", "--grpc_bind_address", "127.0.0.1"]
        session = [sys.executable, "-c", _SESSION, onnx]
        rounds = [(load(serve, folder), load(session, folder)) for _ in range(arguments.rounds)]
        for label, turns in zip(("Lamina, server", "onnxruntime, session"), zip(*rounds)):
            resident, peak, seconds = (statistics.median(values) for values in zip(*map(astuple, turns)))
            file_mb = onnx.stat().st_size / 1e6
            rows.append([f"`{name}`", f"{file_mb:,.1f}", label, f"{resident:,.0f}", f"{peak:,.0f}", f"{seconds:.2f}"])
            print(" | ".join(rows[-1]), file=sys.stderr)
    cpu = machine.cpu()
    command = " ".join(["python -m bench.memory", *sys.argv[1:]])
    head = ["forest", "ONNX file, MB", "who", "resident, MB", "peak, MB", "loading, s"]
    return (
        f"# Memory of forests: {cpu.name}, {cpu.detail}, {cpu.cores} cores\n\n"
        f"`{command}`: medians of {arguments.rounds} rounds, in turns. {' '.join(__doc__.split())} Forests are those of\n"
        f"`bench/trees`.\n\n{table(head, rows)}"
    )


def load(arguments: list, folder: Path) -> Loaded:
    began = time.monotonic()
    program = Program(arguments, r"listens on port (\d+)", folder / "log")
    try:
        seconds = time.monotonic() - began
        time.sleep(_SETTLE_SECONDS)
        return Loaded(*(kib * 1.024e-3 for kib in program.memory_kib()), seconds)
    finally:
        program.stop()


if __name__ == "__main__":
    sys.exit(main())
