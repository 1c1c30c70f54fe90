"""Every model of the zoo: OpenVINO with our extension answers as onnxruntime does on the same ONNX bytes."""

from pathlib import Path

import pytest
from skl2onnx._supported_operators import sklearn_operator_name_map

from .catalogue import CASES
from .compare import differences
from .reference import Reference, map_tensors

# Supported by name, with no model that onnxruntime runs, or with none that could be trained on its own.
WITHOUT_CASE = {
    "GaussianProcessClassifier": "its models hold com.microsoft.Solve, which onnxruntime doesn't know",
    "_ConstantPredictor": "private to scikit-learn: part of OneVsRestClassifier with a class that never occurs",
}


def _listed(file):
    """{case: words} of a file with lines "case: words"."""
    lines = (Path(__file__).parent / file).read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


REFUSED = _listed("refused.txt")
_ON_SOME_CPUS = " on some CPUs"
KNOWN_MISSING = {case.removesuffix(_ON_SOME_CPUS): reason for case, reason in _listed("known_missing.txt").items()}
MAY_PASS = {case.removesuffix(_ON_SOME_CPUS) for case in _listed("known_missing.txt") if case.endswith(_ON_SOME_CPUS)}


def _batches(feeds):
    """All rows, one row, no row."""
    return [feeds, {k: v[:1] for k, v in feeds.items()}, {k: v[:0] for k, v in feeds.items()}]


def _expected(built):
    """The reference's answers, and the batches it has answered: an empty one it may refuse."""
    reference = Reference(built.onnx)
    rows, one, none = _batches(built.feeds)
    answers = [reference.run(rows), reference.run(one)]
    try:
        answers.append(reference.run(none))
    except Exception:
        return answers, [rows, one]
    return answers, [rows, one, none]


def _compare(case, engine):
    built = case.build()
    expected, batches = _expected(built)
    lines = []
    tensors = [map_tensors(built.onnx, batch) for batch in batches]
    for want, got, batch in zip(expected, engine.run(built.onnx, tensors), batches):
        count = len(next(iter(batch.values())))
        lines += [f"{count} rows, {line}" for line in differences(want, got, case.rtol, case.atol)]
    assert not lines, "\n".join(lines)


@pytest.mark.parametrize("name", [n for n in CASES if n not in REFUSED])
def test_model(name, engine, record_property):
    record_property("counted", True)
    if name not in KNOWN_MISSING:
        _compare(CASES[name], engine)
        return
    try:
        _compare(CASES[name], engine)
    except (AssertionError, RuntimeError):
        record_property("known_missing", KNOWN_MISSING[name])
        pytest.xfail(KNOWN_MISSING[name])
    assert name in MAY_PASS, f"{name} passes: take it out of known_missing.txt"


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, record_property):
    """What the converter or onnxruntime refuses is not counted, and is checked to be refused."""
    record_property("refused", REFUSED[name])
    with pytest.raises(Exception) as error:
        _expected(CASES[name].build())
    assert REFUSED[name] in str(error.value)


def test_lists_name_cases():
    assert not (REFUSED.keys() | KNOWN_MISSING.keys()) - CASES.keys()


def test_every_estimator_that_converts_has_a_case():
    covered = {e for name, case in CASES.items() if name not in REFUSED for e in case.estimators}
    supported = {c.__name__ for c in sklearn_operator_name_map}
    assert supported - covered == WITHOUT_CASE.keys() & supported
