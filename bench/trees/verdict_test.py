"""What the benchmark concludes from given times; run by pytest from the repository's root."""

from bench.machine import Usage
from bench.trees import measure, proof, report, run, verdict
from bench.trees.forests import FORESTS
from bench.trees.job import Turn
from bench.trees.measure import Agreement, Measured

_FOREST = FORESTS[0]  # Aims: 10,000 rows 15x / 20x, 1 row 2x.
_PLAN = run.Plan((), (10_000, 1), (1,), 7, 0.1, None, {1: 20e-6})


def _measured(seconds: float, net_seconds: float | None = None) -> Measured:
    return Measured(seconds, net_seconds, turns=7, dropped=0, contaminated=False)


def _results(cells: dict) -> run.Results:
    results = run.Results(facts={_FOREST.name: {"trees": 100, "leaves": 6400, "most_leaves": 64, "score": 0.9}})
    results.cells = {(_FOREST.name, 1, rows): cell for rows, cell in cells.items()}
    return results


def _judge(cells: dict) -> dict:
    return {(v.rows, v.label): v for v in verdict.judge(_results(cells), _PLAN.threads, _PLAN.rows, [_FOREST])}


def test_each_isa_has_its_own_aim():
    cell = {"onnxruntime": _measured(1.0), "Lamina AVX-512": _measured(1 / 19), "Lamina AVX2": _measured(1 / 15.5)}
    verdicts = _judge({10_000: cell})
    assert not verdicts[10_000, "Lamina AVX-512"].reached
    assert verdicts[10_000, "Lamina AVX2"].reached
    assert (10_000, "Lamina SSE4.2") not in verdicts


def test_one_row_is_judged_without_the_empty_model():
    cell = {"onnxruntime": _measured(12e-6, 5e-6), "Lamina AVX-512": _measured(22e-6, 2e-6)}
    judged = _judge({1: cell})[1, "Lamina AVX-512"]
    assert judged.ratio > 2.4 and judged.reached


def test_the_best_other_engine_counts():
    cell = {"onnxruntime": _measured(1.0), "Lamina AVX-512": _measured(0.1), "daal4py": _measured(0.15)}
    cell["own library"] = _measured(0.4)
    judged = _judge({10_000: cell})[10_000, verdict.AGAINST_PEERS]
    assert judged.against == "daal4py" and not judged.reached


def test_what_did_not_run_is_said_not_to_be_shown():
    results = _results({10_000: {"onnxruntime": _measured(1.0), "Lamina AVX2": _measured(0.05)}})
    text = report.text(results, _PLAN, [_FOREST], "command")
    row = next(line for line in text.splitlines() if line.startswith(f"| {_FOREST.title} | 10,000"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[3] == "not shown" and cells[4] == "20.00x, reached 15x" and cells[5] == "not shown"


def test_wrong_answers_of_ours_fail_the_run():
    results = run.Results(
        agreements={"f": {"Lamina AVX2": Agreement(1e-3, 1, None, 10), "daal4py": Agreement(0, 0, None, 10)}}
    )
    assert not report.our_answers_agree(results)
    results.agreements["f"] = {"Lamina AVX2": Agreement(1e-7, 0, 0, 10), "daal4py": Agreement(1e-3, 1, None, 10)}
    assert report.our_answers_agree(results)


def test_a_cap_has_to_be_proven():
    line = proof.layout_line("[info] TreeEnsembleRegressor 'n': 100 trees, 100 complete, 28 columns, AVX3_DL\n")
    assert line == "100 trees, 100 complete, 28 columns, AVX3_DL"
    assert proof.objection(line, "") is None and proof.objection(None, "") is None
    assert proof.objection(line, "avx512") is None
    assert "AVX3_DL" in proof.objection(line, "avx2")
    assert proof.objection(None, "avx2") is not None


def test_others_on_the_machine_contaminate_a_turn():
    assert Usage(wall=0.1, machine=0.12, own=0.1, waited=0.001).disturbance < 1
    assert Usage(wall=0.1, machine=0.2, own=0.1, waited=0.0).disturbance >= 1
    assert Usage(wall=0.1, machine=0.1, own=0.1, waited=0.005).disturbance >= 1


def test_a_dropped_turn_counts_neither_whole_nor_net():
    clean, busy = Usage(wall=0.1, machine=0.1, own=0.1, waited=0), Usage(wall=0.1, machine=0.2, own=0.1, waited=0)
    turns = [Turn(16e-6, 50, clean, 0, 3e-6), Turn(17e-6, 50, clean, 0.9, 3.2e-6)]
    turns += [Turn(90e-6, 50, busy, 0, 30e-6), Turn(70e-6, 50, clean, 3.5, 20e-6)]
    measured = measure._measured(turns, 3)
    assert (measured.turns, measured.dropped, measured.contaminated) == (2, 2, False)
    assert measured.seconds < 18e-6 and measured.net_seconds < 4e-6
    assert measure._measured([Turn(16e-6, 50, clean, 0, -1e-6)], 1).net_seconds == 1e-7
