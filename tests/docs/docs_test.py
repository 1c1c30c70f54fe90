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


# The indented blocks of the catalogue are the layers' examples: its own first block proves them.
@pytest.mark.parametrize("path", [path for path in PAGES if path.name != "layers.md"],
                         ids=[name for name in NAMES if name != "docs/layers.md"])
def test_no_block_escapes(path):
    """Indented blocks would be run by nobody, and counted by nobody."""
    assert page.unfenced(path.read_text()) == [], "fence these blocks with ```, and say what they are"
