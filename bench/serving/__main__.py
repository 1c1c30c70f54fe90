"""Measures the server over gRPC and REST, and prints the ratios of medians to the aims.

In turns with it runs what it is compared to: bare echoes of the same bytes, which compute nothing, or OpenVINO in
process.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import machine
from bench.serving.cells import CELLS, LOADS, PEERS, REST, Cell
from bench.serving.loads import Loads, Result
from bench.serving.models import MODELS
from bench.serving.programs import Program
from bench.serving.rivals import OthersLoad, Rivals

_ROOT = Path(__file__).resolve().parents[2]
_UNDISTURBED = 0.02  # of the machine for others: a round in which they had more is repeated,
_MOST_ROUNDS = 3  # until there are so many times the rounds that were asked for


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description=__doc__)
    parser.add_argument("--build", type=Path, default=_ROOT / "build/bench", help="folder made with the bench preset")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--loads", nargs="+", choices=LOADS, default=list(LOADS))
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
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
        f"# Serving: {cpu.name}, {cpu.detail}, {cpu.cores} cores shared by client and server",
        "",
        f"`{' '.join(['python -m bench.serving', *sys.argv[1:]])}`: medians of {arguments.rounds} rounds of "
        f"{arguments.seconds:g} s (four times that for resnet50 and minilm), in turns; every request is one row. "
        f"Rounds in which others had more than {_UNDISTURBED:.0%} of the machine were repeated, up to {_MOST_ROUNDS} "
        "times as many in all, and the least disturbed count; others' load is the greatest in these. "
        "CPU: what the server's process used for one request. "
        "A peer that is an echo computes nothing.",
        "",
        "| model | load | callers | requests/s | p50, p99 us | peer | of the peer | CPU us | peer's CPU us "
        "| others' load |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    loads = Loads(arguments.build)
    chosen = [
        cell
        for cell in CELLS
        if cell.model in arguments.models
        and cell.load in arguments.loads
        and cell.peer in arguments.peers
        and cell.callers in arguments.callers
    ]
    with Rivals(arguments.build, folder, list(dict.fromkeys(cell.model for cell in chosen))) as rivals:
        for cell in chosen:
            lines.append(measure_cell(cell, arguments, loads, rivals))
            print(lines[-1], file=sys.stderr)
    return lines


@dataclass(frozen=True)
class Round:
    """One measurement of ours and one of the peer's, right after it."""

    ours: Result
    theirs: Result
    others_load: float  # the share of the machine that went to programs that are no part of it meanwhile


def measure_cell(cell: Cell, arguments: argparse.Namespace, loads: Loads, rivals: Rivals) -> str:
    """As many rounds as are wanted, and more for those in which others used the machine: the least disturbed count."""
    rounds: list[Round] = []
    wanted = arguments.rounds
    with rivals.peer(cell.peer, cell.model, rest=cell.load in REST) as peer:
        while sum(r.others_load <= _UNDISTURBED for r in rounds) < wanted and len(rounds) < _MOST_ROUNDS * wanted:
            rounds.append(measure_round(cell, cell.longer * arguments.seconds, loads, rivals, peer))
    rounds = sorted(rounds, key=lambda r: r.others_load)[:wanted]
    return _row(cell, _medians([r.ours for r in rounds]), _medians([r.theirs for r in rounds]), rounds[-1].others_load)


def measure_round(cell: Cell, seconds: float, loads: Loads, rivals: Rivals, peer: Program | None) -> Round:
    target = rivals.targets[cell.model]
    others = OthersLoad(rivals.server, *([peer] if peer else []))
    ours = loads.run(cell.load, rivals.server, target, cell.callers, seconds)
    if peer is None:
        theirs = rivals.in_process(cell.model, cell.callers, seconds)
    else:
        theirs = loads.run(cell.load, peer, target, cell.callers, seconds)
    return Round(ours, theirs, others.share())


def _row(cell: Cell, ours: Result, theirs: Result, share: float) -> str:
    speed = _verdict(ours.requests_per_s / theirs.requests_per_s, cell.aim, more=True)
    cpu = f"{ours.cpu_us:.0f}"
    if cell.most_cpu:
        cpu += f" ({_verdict(ours.cpu_us / theirs.cpu_us, cell.most_cpu, more=False)} of the peer's)"
    latency = f"{ours.p50_us:.0f}, {ours.p99_us:.0f}" if ours.p50_us else ""
    peer_cpu = f"{theirs.cpu_us:.0f}" if theirs.cpu_us else ""
    return (
        f"| {cell.model} | {LOADS[cell.load]} | {cell.callers} | {ours.requests_per_s:,.0f} | {latency} "
        f"| {PEERS[cell.peer]} | {speed} | {cpu} | {peer_cpu} | {share:.0%} |"
    )


def _verdict(ratio: float, aim: float, more: bool) -> str:
    if not aim:
        return f"{ratio:.2f}"
    reached = ratio >= aim if more else ratio <= aim
    return f"{ratio:.2f}, {'reached' if reached else '**missed**'} {aim:g}"


def _medians(results: list[Result]) -> Result:
    fields = ("requests_per_s", "p50_us", "p99_us", "cpu_us")
    return Result(**{name: statistics.median(getattr(r, name) for r in results) for name in fields})


if __name__ == "__main__":
    sys.exit(main())
