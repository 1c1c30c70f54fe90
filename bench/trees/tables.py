"""The measured tables in Markdown: one for batches, one for single rows."""

from __future__ import annotations

from typing import Iterable, Sequence

from bench import machine
from bench.trees.engines import DYNAMIC, PEERS
from bench.trees.forests import Forest
from bench.trees.measure import Measured
from bench.trees.run import REFERENCE, Results, label_of
from bench.trees.verdict import AGAINST_PEERS, Verdict

OURS = tuple(label_of(isa) for isa in machine.ISAS)  # Columns that stay when this CPU or run can't fill them.


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def batches(
    results: Results, verdicts: list[Verdict], forests: list[Forest], threads: int, sizes: Sequence[int]
) -> str:
    """Ratios to onnxruntime for batches of more than one row."""
    lines = []
    for forest in forests:
        for size in sizes:
            cell = results.cells.get((forest.name, threads, size))
            if not cell:
                continue
            base = cell[REFERENCE]
            judged = _judged(verdicts, forest, threads, size)
            ours = [_ours(cell.get(label), base, judged.get(label)) for label in OURS]
            peers = [_ratio(cell.get(peer), base) for peer in (DYNAMIC, *PEERS)]
            time = _time(base.seconds) + _mark(base)
            lines.append([forest.title, f"{size:,}", time, *ours, *peers, _best_other(judged.get(AGAINST_PEERS))])
    return table(["forest", "rows", REFERENCE, *OURS, DYNAMIC, *PEERS, "Lamina to the best of these"], lines)


def single(results: Results, verdicts: list[Verdict], forests: list[Forest], threads: int) -> str:
    """Times and ratios of one row, with and without what an empty model costs."""
    lines = []
    for forest in forests:
        cell = results.cells.get((forest.name, threads, 1))
        if not cell:
            continue
        base = cell[REFERENCE]
        judged = _judged(verdicts, forest, threads, 1)
        ours = [_ours_single(cell.get(label), base, judged.get(label)) for label in OURS]
        peers = [_ratio(cell.get(peer), base) for peer in (DYNAMIC, *PEERS)]
        lines.append([forest.title, _times(base) + _mark(base), *ours, *peers])
    return table(["forest", REFERENCE, *OURS, DYNAMIC, *PEERS], lines)


def _judged(verdicts: list[Verdict], forest: Forest, threads: int, rows: int) -> dict[str, Verdict]:
    return {v.label: v for v in verdicts if (v.forest, v.threads, v.rows) == (forest.name, threads, rows)}


def _ours(mine: Measured | None, base: Measured, judged: Verdict | None) -> str:
    return "not shown" if mine is None else _ratio(mine, base) + _aim(judged)


def _ours_single(mine: Measured | None, base: Measured, judged: Verdict | None) -> str:
    if mine is None:
        return "not shown"
    net = base.net_seconds / mine.net_seconds
    return f"{_times(mine)}: {_ratio(mine, base)} ({net:.2f}x){_aim(judged)}"


def _best_other(judged: Verdict | None) -> str:
    return "-" if judged is None else f"{judged.ratio:.1f}x {judged.against}{_aim(judged)}"


def _aim(judged: Verdict | None) -> str:
    return "" if judged is None else f", {'reached' if judged.reached else '**missed**'} {judged.aim:g}x"


def _ratio(mine: Measured | None, base: Measured) -> str:
    return "-" if mine is None else f"{base.seconds / mine.seconds:.2f}x{_mark(mine)}"


def _mark(measured: Measured) -> str:
    return "~" if measured.contaminated else ""


def _times(measured: Measured) -> str:
    return f"{_time(measured.seconds)} ({_time(measured.net_seconds)})"


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.3g} s"
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} us"
