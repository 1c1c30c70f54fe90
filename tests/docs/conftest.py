"""The summary: `docs: ran N blocks of M`, and why the others were not run."""

import pytest


def pytest_terminal_summary(terminalreporter):
    passed = [dict(report.user_properties) for kind in terminalreporter.stats.values() for report in kind
              if isinstance(report, pytest.TestReport) and report.when == "call" and report.passed]
    pages = [properties for properties in passed if "not_run" in properties]
    if not pages:
        return
    total, left = sum(page["blocks"] for page in pages), [why for page in pages for why in page["not_run"]]
    terminalreporter.write_line(f"docs: ran {total - len(left)} blocks of {total}, of {len(pages)} pages")
    for why in left + [properties["unfenced"] for properties in passed if "unfenced" in properties]:
        terminalreporter.write_line(f"  not run: {why}")
