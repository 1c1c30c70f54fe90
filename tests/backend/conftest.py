"""The engine for the whole run, and the summary `backend: passed N of M`."""

import pytest
from zoo.engine import Engine


@pytest.fixture(scope="session")
def engine():
    running = Engine()
    yield running
    running.close()


def pytest_terminal_summary(terminalreporter):
    outcomes = {
        report.nodeid.partition("[")[2].rstrip("]"): report.passed
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and "backend/test_backend.py" in report.nodeid and report.when == "call"
        and dict(report.user_properties).get("counted")
    }
    if not outcomes:
        return
    terminalreporter.write_line(f"backend: passed {sum(outcomes.values())} of {len(outcomes)}")
    for name, passed in outcomes.items():
        if not passed:
            terminalreporter.write_line(f"  missing: {name}")
