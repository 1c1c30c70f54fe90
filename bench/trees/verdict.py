"""Whether the aims were reached: ours against onnxruntime, and against the best of the other engines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Sequence

from bench import machine
from bench.trees.engines import PEERS
from bench.trees.forests import Forest
from bench.trees.measure import Measured
from bench.trees.run import REFERENCE, Results, label_of

AGAINST_PEERS = "to the best other engine"
_PEER_AIMS = {10_000: 2.0, 100: 1.5}  # times the best of PEERS, by rows


@dataclass(frozen=True)
class Verdict:
    """One aim: `label` is our column, or AGAINST_PEERS, and then `against` is the best of them."""

    forest: str
    threads: int
    rows: int
    label: str
    ratio: float
    aim: float
    against: str = REFERENCE

    @property
    def reached(self) -> bool:
        return self.ratio >= self.aim


def judge(results: Results, threads: Sequence[int], rows: Sequence[int], forests: Sequence[Forest]) -> list[Verdict]:
    """All the aims that the cells of `results` can say something about, in the order of its tables."""
    verdicts = []
    for forest in forests:
        for thread_count in threads:
            for size in rows:
                cell = results.cells.get((forest.name, thread_count, size))
                if cell:
                    verdicts += _of_cell(forest, thread_count, size, cell)
    return verdicts


def _of_cell(forest: Forest, threads: int, rows: int, cell: Mapping[str, Measured]) -> list[Verdict]:
    """Aims exist for AVX-512 and AVX2, and for the widest of ours against the others."""
    base = cell[REFERENCE]
    target = forest.targets[rows]
    verdicts = []
    for isa, aim in (("avx512", target.avx512), ("avx2", target.avx2)):
        mine = cell.get(label_of(isa))
        if mine:
            ratio = base.net_seconds / mine.net_seconds if rows == 1 else base.seconds / mine.seconds
            verdicts.append(Verdict(forest.name, threads, rows, label_of(isa), ratio, aim))
    widest = next((cell[label_of(isa)] for isa in machine.ISAS if label_of(isa) in cell), None)
    peers = {peer: cell[peer].seconds for peer in PEERS if peer in cell}
    if widest and peers and rows in _PEER_AIMS:
        best = min(peers, key=peers.get)
        ratio = peers[best] / widest.seconds
        verdicts.append(Verdict(forest.name, threads, rows, AGAINST_PEERS, ratio, _PEER_AIMS[rows], best))
    return verdicts
