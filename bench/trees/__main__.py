"""Measures forests on every engine and writes the table of docs/benchmarks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench import machine
from bench.trees import forests, report, run
from bench.trees.engines import ENGINES
from bench.trees.train import trained

_ROOT = Path(__file__).resolve().parents[2]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench/trees/run.sh", description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    names = [forest.name for forest in forests.FORESTS]
    isas = machine.cpu().isas
    parser.add_argument(
        "--forests", nargs="+", choices=names, default=names, metavar="NAME", help=f"of {', '.join(names)}"
    )
    parser.add_argument(
        "--engines",
        nargs="+",
        choices=list(ENGINES),
        default=list(ENGINES),
        metavar="NAME",
        help=f"of {', '.join(ENGINES)}; onnxruntime always runs",
    )
    parser.add_argument(
        "--isas",
        nargs="+",
        choices=machine.ISAS,
        default=list(isas),
        metavar="ISA",
        help="caps of our extension, each a column",
    )
    parser.add_argument(
        "--rows", nargs="+", type=int, choices=forests.ROWS, default=list(forests.ROWS), metavar="N", help="batch sizes"
    )
    parser.add_argument(
        "--threads",
        nargs="+",
        type=int,
        default=sorted({1, machine.cpu().cores}),
        metavar="N",
        help="threads an engine may use",
    )
    parser.add_argument("--repeats", type=int, default=7, help="turns of every engine in every cell")
    parser.add_argument("--turn-seconds", type=float, default=0.1, help="how long a turn lasts, at least three calls")
    parser.add_argument(
        "--extension", type=Path, default=_ROOT / "build/release/lib/libcpu_extension.so", help="our library"
    )
    parser.add_argument(
        "--cache", type=Path, default=_ROOT / "build/bench/trees", help="trained forests and what engines compile"
    )
    parser.add_argument(
        "--output", type=Path, help="the table's file; docs/benchmarks/trees-CPU.md for a run of everything, else none"
    )
    parser.add_argument("--train-only", action="store_true", help="train and export, measure nothing")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    asked = [forests.find(name) for name in args.forests]
    files = [trained(forest, args.cache, _say) for forest in asked]
    if args.train_only:
        return 0
    engines = (run.REFERENCE, *(e for e in args.engines if e != run.REFERENCE))
    isas = tuple(isa for isa in machine.cpu().isas if isa in args.isas)
    _say("looking for the machine's full pace")
    full_paces = {threads: machine.full_pace(threads) for threads in args.threads}
    _say("  " + ", ".join(f"{seconds * 1e6:.1f} us with {threads} threads" for threads, seconds in full_paces.items()))
    plan = run.Plan(
        run.contestants(engines, isas),
        tuple(args.rows),
        tuple(args.threads),
        args.repeats,
        args.turn_seconds,
        args.extension.resolve(),
        full_paces,
    )
    results = run.Results()
    whole = len(asked) == len(forests.FORESTS) and set(engines) == set(ENGINES) and args.extension.exists()
    output = args.output or (_ROOT / "docs/benchmarks" / f"trees-{machine.cpu().slug}.md" if whole else None)
    for done, trained_forest in enumerate(files, start=1):
        _say(f"{trained_forest.forest.name}: {trained_forest.facts}")
        run.measure_forest(trained_forest, plan, results, _say)
        text = report.text(results, plan, asked[:done], _command())
        if output:  # After every forest: what was measured is there even if the run is stopped.
            output.parent.mkdir(parents=True, exist_ok=True)
            output.write_text(text)
    print(text)
    if output:
        _say(f"written to {output}")
    return 0 if report.our_answers_agree(results) else 1


def _command() -> str:
    return " ".join(["bench/trees/run.sh", *sys.argv[1:]])


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
