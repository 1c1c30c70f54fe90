"""The engine for the whole run, and the summary `zoo: passed N of M` with what is missing."""

import collections
import os
import re

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small models: threads cost more than they give

import pytest  # noqa: E402

from .engine import Engine  # noqa: E402

SHOWN = 8  # names in a line of the summary


@pytest.fixture(scope="session")
def engine():
    running = Engine()
    yield running
    running.close()


def _reason(text):
    """The words to group a failure by: the operators that are missing, or the kind of failure."""
    operators = sorted(set(re.findall(r"\b(?:ai\.onnx\.ml|com\.microsoft|local_domain)\.[A-Z]\w+", text)))
    if operators and ("UnknownOperatorError" in text or "No conversion rule" in text):
        return "operators: " + ", ".join(operators)
    for words in ("values differ", "element type", "shape", "is missing", "process ended", "no answer"):
        if words in text:
            return words
    return "errors"


def pytest_terminal_summary(terminalreporter):
    passed, missing, known, refused = 0, collections.defaultdict(list), {}, 0
    reports = [r for kind in terminalreporter.stats.values() for r in kind if isinstance(r, pytest.TestReport)]
    for report in reports:
        properties = dict(report.user_properties)
        name = report.nodeid.partition("[")[2].rstrip("]")
        if "zoo/test_zoo.py" not in report.nodeid or report.when != "call":
            continue
        if "known_missing" in properties:
            known[name] = properties["known_missing"]
        elif "counted" in properties and report.passed:
            passed += 1
        elif "counted" in properties:
            missing[_reason(report.longreprtext)].append(name)
        refused += "refused" in properties
    total = passed + len(known) + sum(map(len, missing.values()))
    if not total:
        return
    write = terminalreporter.write_line
    write(f"zoo: passed {passed} of {total}; {refused} more are refused by their converter or by onnxruntime")
    for reason, names in sorted(missing.items(), key=lambda item: -len(item[1])):
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        write(f"  missing {len(names)}, {reason}: {', '.join(names[:SHOWN])}{more}")
    for name, reason in known.items():
        write(f"  known to be missing: {name}: {reason}")
