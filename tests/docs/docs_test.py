"""Every command that README.md and docs/ show is run, in order, against the server that the page starts."""

import pytest

from . import page
from .page_run import ROOT, PageRun

# Not the pages on design and benchmarks, whose blocks are drawings and commands that take hours.
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs/migrate").glob("*.md"))]
NAMES = [str(path.relative_to(ROOT)) for path in PAGES]


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_the_page_is_true(path, tmp_path, record_property):
    blocks = page.blocks(path.read_text())
    commands = [b for b in blocks if b.language in page.LANGUAGES and b.kind in (page.RUN, page.START, page.LEAVE)]
    record_property("blocks", len(commands))
    record_property("not_run", [f"{path.name}:{b.line}: {b.reason}" for b in commands if b.kind == page.LEAVE])
    run = PageRun(tmp_path)
    try:
        for block in blocks:
            try:
                run.do(block)
            except AssertionError as error:
                raise AssertionError(f"{path}:{block.line}: {error}") from None
    finally:
        run.end()


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_no_block_escapes(path, record_property):
    """Indented blocks would be run by nobody, and counted by nobody; a page that needs them says why."""
    text = path.read_text()
    lines, reason = page.unfenced(text), page.reason_for_unfenced(text)
    assert bool(lines) == bool(reason), (
        f"{path}: blocks at lines {lines} are indented. Fence them with ```, and say what they are; or write "
        "<!-- indented blocks are not run: REASON -->" if lines else f"{path} has no indented blocks any more: take '{reason}' away")
    if reason:
        record_property("unfenced", f"{path.name}: {len(lines)} indented blocks: {reason}")
