"""Runs contestants over forests, threads and batch sizes, and collects what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from bench import machine
from bench.trees import measure, proof
from bench.trees.engines import ENGINES
from bench.trees.forests import Forest
from bench.trees.job import Job
from bench.trees.measure import Agreement, Contestant, EngineFailed, Measured, Worker
from bench.trees.train import Trained

REFERENCE = "onnxruntime"
OUR_LABEL = "Lamina"
_CHECKED_ROWS = 10_000


@dataclass(frozen=True)
class Plan:
    """What to measure."""

    contestants: tuple[Contestant, ...]
    rows: tuple[int, ...]
    threads: tuple[int, ...]
    repeats: int
    turn_seconds: float
    extension: Path
    full_paces: dict[int, float]  # `machine.full_pace` by number of threads


@dataclass
class Results:
    """Everything measured so far; keys are (forest name, threads), labels of contestants inside."""

    facts: dict[str, dict] = field(default_factory=dict)  # of the forests: trees, leaves, score
    agreements: dict[str, dict[str, Agreement]] = field(default_factory=dict)
    cells: dict[tuple[str, int, int], dict[str, Measured]] = field(default_factory=dict)  # (forest, threads, rows)
    absent: dict[str, dict[str, str]] = field(default_factory=dict)  # by forest and label: why it can't run
    versions: dict[str, str] = field(default_factory=dict)
    layouts: dict[str, dict[str, str]] = field(
        default_factory=dict
    )  # by forest and label: what our library says it runs


def contestants(engines: tuple[str, ...], isas: tuple[str, ...]) -> tuple[Contestant, ...]:
    """The engines asked for; ours once for each of `isas` (widest first), the widest that the CPU has without a cap."""
    found = []
    widest = machine.cpu().isas[0]
    for engine in engines:
        if engine != "lamina":
            found.append(Contestant(engine, engine))
            continue
        found += [Contestant(label_of(isa), engine, "" if isa == widest else isa) for isa in isas]
    return tuple(found)


def label_of(isa: str) -> str:
    return f"{OUR_LABEL} {machine.TITLES[isa]}"


def measure_forest(files: Trained, plan: Plan, results: Results, say: Callable[[str], None]) -> None:
    """Adds all cells of one forest to `results`."""
    forest = files.forest
    results.facts[forest.name] = files.facts
    for threads in plan.threads:
        workers = _start(files, plan, threads, results, say)
        try:
            workers = _check(workers, forest, results, say)
            for rows in plan.rows:
                workers = _measure(workers, (forest.name, threads, rows), plan, results, say)
        finally:
            for worker in workers:
                worker.close()


def _start(files: Trained, plan: Plan, threads: int, results: Results, say) -> list[Worker]:
    forest = files.forest
    absent = results.absent.setdefault(forest.name, {})
    workers = []
    for contestant in plan.contestants:
        job = Job(
            contestant.engine,
            forest.library,
            forest.features,
            forest.classes,
            files.facts["leaves"],
            files.onnx,
            files.native,
            files.onnx.parent,
            files.rows,
            threads,
            plan.full_paces[threads],
            plan.extension,
        )
        reason = ENGINES[contestant.engine].why_not(job)
        if reason is None:
            try:
                worker = Worker(contestant, job, files.onnx.parent / f"{contestant.label.replace(' ', '-')}.log")
                _note(worker, contestant, forest, results)
                workers.append(worker)
                continue
            except EngineFailed as error:
                reason = str(error)
                say(f"  {contestant.label}: {reason}")
        absent[contestant.label] = reason
    return workers


def _note(worker: Worker, contestant: Contestant, forest: Forest, results: Results) -> None:
    """Keeps versions and what our extension says that it runs; raises when that is not what its column is for."""
    results.versions.update(worker.facts)
    if contestant.engine != "lamina":
        return
    line = proof.layout_line(worker.log_text())
    objection = proof.objection(line, contestant.isa)
    if objection:
        worker.close()
        raise EngineFailed(worker.label, objection)
    if line:
        results.layouts.setdefault(forest.name, {})[worker.label] = line


def _check(workers: list[Worker], forest: Forest, results: Results, say) -> list[Worker]:
    """Holds every worker's answers against onnxruntime's; one that can't answer is left out."""
    reference = next(worker for worker in workers if worker.label == REFERENCE)
    found = results.agreements.setdefault(forest.name, {})
    kept = [reference]
    for worker in workers:
        if worker is reference:
            continue
        try:
            agreement = measure.agreement(worker, reference, _CHECKED_ROWS)
        except EngineFailed as error:
            if error.label == REFERENCE:
                raise
            _leave_out(worker, error, forest.name, results, say)
            continue
        known = found.get(worker.label)
        found[worker.label] = agreement if known is None or agreement.greatest > known.greatest else known
        kept.append(worker)
    return kept


def _measure(workers: list[Worker], key: tuple[str, int, int], plan: Plan, results: Results, say) -> list[Worker]:
    """One cell; returns the workers that are still there."""
    name, threads, rows = key
    while True:
        try:
            results.cells[key] = times = measure.cell(workers, rows, plan.repeats, plan.turn_seconds, threads)
            break
        except EngineFailed as error:
            if error.label == REFERENCE:
                raise
            failed = next(worker for worker in workers if worker.label == error.label)
            _leave_out(failed, error, name, results, say)
            workers = [worker for worker in workers if worker is not failed]
    base = times[REFERENCE].seconds
    ratios = "  ".join(f"{label} {base / m.seconds:.2f}x" for label, m in times.items() if label != REFERENCE)
    busy = "  (the machine was disturbed)" if any(m.contaminated for m in times.values()) else ""
    say(f"  {threads} thread{'s' * (threads > 1)}, {rows} rows: onnxruntime {base * 1e6:.0f} us  {ratios}{busy}")
    return workers


def _leave_out(worker: Worker, error: EngineFailed, forest: str, results: Results, say) -> None:
    say(f"  {worker.label}: {error}")
    results.absent.setdefault(forest, {})[worker.label] = str(error)
    worker.close()
