"""The benchmark's page: its tables, the machine, the versions, and the command that made it."""

from __future__ import annotations

import datetime

from bench import machine
from bench.trees import tables, verdict
from bench.trees.forests import Forest
from bench.trees.job import BLOCK_CALLS
from bench.trees.measure import TOLERANCE
from bench.trees.run import OUR_LABEL, Plan, Results
from bench.trees.verdict import Verdict

_READ = """\
Times of onnxruntime on an ONNX file, and how many times its speed every other engine answers the same rows at (1: as
fast). Lamina is `libcpu_extension.so` through the whole of OpenVINO: the model read, reshaped to the batch, compiled, and asked
through an infer request from Python; "any batch": compiled with the batch left open, and then the engine does work on
shapes before every inference. With all cores its property EXCLUSIVE_ASYNC_REQUESTS is set, which spares it from binding the
thread to cores and back. onnxruntime is asked from Python, too. Every call gets other rows. Each engine has a
process of its own; they take turns, and medians count. A turn counts where nobody else used the machine and the machine ran at
its full pace when the turn began (with one thread: and when it ended), which a fixed piece of work tells: below a virtual
machine, others may have the other half of a core, which no clock inside it shows. "-": the engine can't run the forest.
"""
_ONE_ROW = f"""\
In brackets: without what an empty model (one node, which negates the input) costs in the same engine. The aims are
about these. Both are measured in the same turn, {BLOCK_CALLS} calls of the one and {BLOCK_CALLS} of the other: in
brackets is the median of the pairs' differences, each between the medians of its blocks.
"""


def text(results: Results, plan: Plan, forests: list[Forest], command: str) -> str:
    """The page in Markdown."""
    verdicts = verdict.judge(results, plan.threads, plan.rows, forests)
    cpu = machine.cpu()
    parts = [f"# Forests on {cpu.name} ({cpu.detail})\n", _READ, _circumstances(results, cpu, command), _sum(verdicts)]
    sizes = [rows for rows in plan.rows if rows > 1]
    for threads in plan.threads:
        title = "One thread" if threads == 1 else f"{threads} threads" + ", all there are" * (threads == cpu.cores)
        if sizes:
            parts += [f"## {title}: batches\n", tables.batches(results, verdicts, forests, threads, sizes)]
        if 1 in plan.rows:
            parts += [f"## {title}: one row\n", _ONE_ROW, tables.single(results, verdicts, forests, threads)]
    parts += ["## Answers\n", _answers(results, forests), "## Forests\n", _forests(results, forests)]
    parts += [_layouts(results, forests), _absent(results, forests)]
    return "\n".join(part for part in parts if part)


def our_answers_agree(results: Results) -> bool:
    ours = [a for found in results.agreements.values() for label, a in found.items() if label.startswith(OUR_LABEL)]
    return all(a.rows_beyond == 0 and not a.labels_differ for a in ours)


def _circumstances(results: Results, cpu: machine.Cpu, command: str) -> str:
    turns = [m for cell in results.cells.values() for m in cell.values()]
    dropped = sum(m.dropped for m in turns)
    lacking = [machine.TITLES[isa] for isa in machine.ISAS if isa not in cpu.isas]
    vbmi = " with VBMI" if cpu.vbmi else ""
    return f"""\
- CPU: {cpu.name}, {cpu.detail}, {cpu.cores} cores, up to {machine.TITLES[cpu.isas[0]]}{vbmi}; {machine.system()}
- Made on {datetime.date.today()} by `{command}`
- Versions: {", ".join(f"{name} {version}" for name, version in sorted(results.versions.items()))}
- Turns dropped because the machine was disturbed: {dropped} of {dropped + sum(m.turns for m in turns)}
- Figures marked `~`, which had too few undisturbed turns (the least disturbed count): \
{sum(m.contaminated for m in turns)} of {len(turns)}
- Not shown, because this CPU has no such instructions: {", ".join(lacking) or "nothing"}
"""


def _sum(verdicts: list[Verdict]) -> str:
    if not verdicts:
        return ""
    missed = [v for v in verdicts if not v.reached]
    lines = [f"**Aims reached: {len(verdicts) - len(missed)} of {len(verdicts)}.**" + " Missed:" * bool(missed)]
    for v in missed:
        threads = f"{v.threads} thread{'s' * (v.threads > 1)}"
        lines.append(f"- {v.forest}, {v.rows:,} rows, {threads}, {v.label}: {v.ratio:.1f}x of {v.aim:g}x")
    return "\n".join(lines) + "\n"


def _answers(results: Results, forests: list[Forest]) -> str:
    lines = []
    for forest in forests:
        for label, a in results.agreements.get(forest.name, {}).items():
            labels = "" if a.labels_differ is None else f"{a.labels_differ} of {a.rows:,}"
            lines.append([forest.title, label, f"{a.greatest:.1e}", f"{a.rows_beyond} of {a.rows:,}", labels])
    head = ["forest", "engine", "greatest", f"rows beyond {TOLERANCE:g}", "labels that differ"]
    return "|a - b| / (1 + |b|) of the scores against onnxruntime's.\n\n" + tables.table(head, lines)


def _forests(results: Results, forests: list[Forest]) -> str:
    lines = []
    for forest in forests:
        facts = results.facts[forest.name]
        sizes = [f"{facts[key]:,}" for key in ("trees", "leaves", "most_leaves")]
        lines.append([forest.title, f"`{forest.name}`", *sizes, str(facts["score"])])
    head = ["forest", "name", "trees", "leaves", "most in a tree", "score"]
    return "Trained on synthetic rows. Score: R2 or accuracy on other rows.\n\n" + tables.table(head, lines)


def _layouts(results: Results, forests: list[Forest]) -> str:
    said = ((forest.title, *item) for forest in forests for item in results.layouts.get(forest.name, {}).items())
    rows = tables.table(["forest", "column", "runs"], said)
    return "## What our library says that it runs\n\n" + (rows if results.layouts else "Nothing: not shown.\n")


def _absent(results: Results, forests: list[Forest]) -> str:
    reasons: dict[tuple[str, str], list[str]] = {}
    for forest in forests:
        for label, reason in results.absent.get(forest.name, {}).items():
            reasons.setdefault((label, reason), []).append(forest.name)
    lines = [f"- {label}: {reason} ({', '.join(names)})\n" for (label, reason), names in reasons.items()]
    return "## Who could not run what\n\n" + "".join(lines) if lines else ""
