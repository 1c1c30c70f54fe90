"""The reader and the runner of pages find what is wrong with a page."""

import textwrap

import pytest

from . import page
from .page_run import PageRun, matches


def read(markdown):
    return page.blocks(textwrap.dedent(markdown))


def test_blocks_say_what_they_are_for():
    blocks = read("""
        ```bash
        echo 1
        ```
        prints
        ```text
        1
        ```
        1. in a list
           ```json config.json
           {
             "a": 1}
           ```
        ```bash server
        lamina serve
        ```
        ```bash not run: it needs Docker
        docker run
        ```
        ```cpp
        int x;
        ```
        """)
    assert [(b.language, b.kind) for b in blocks] == [
        ("bash", page.RUN), ("json", page.WRITE), ("bash", page.START), ("bash", page.LEAVE), ("cpp", page.SHOW)]
    assert blocks[0].expected == "1\n" and blocks[0].line == 2
    assert blocks[1].file == "config.json" and blocks[1].text == '{\n  "a": 1}\n'
    assert blocks[3].reason == "it needs Docker"


@pytest.mark.parametrize("markdown", [
    "```bash not run:\nx\n```", "```bash somehow\nx\n```", "```bash\nx\n", "```text\nx\n```",
    "```bash\nx\n```\n```text\nx\n```\n```text\nx\n```", "```python server\nx\n```"])
def test_a_block_that_does_not_say_what_it_is_for_is_refused(markdown):
    with pytest.raises(page.BadPage):
        page.blocks(markdown)


def test_indented_blocks_are_found():
    assert page.unfenced("a\n\n    b\n\n    c\n\nd\n```\n\n    e\n```\n- f\n  g\n") == [3]


def test_a_page_may_say_why_its_blocks_are_indented():
    assert page.reason_for_unfenced("a\n<!-- indented blocks are not run: they are art -->\n\n    b\n") == "they are art"
    assert page.reason_for_unfenced("a\n\n    b\n") == ""


@pytest.mark.parametrize("printed, expected, same", [
    ("a\nb\n", "a\nb", True), ("a \nb", "a\nb\n", True), ("a\nc", "a\nb", False), ("a\nb\nc", "a\n...\nc", True),
    ("took 12 s", "took ... s", True), ("took 12 m", "took ... s", False), ("x", "", False), ("a+b", "a+b", True)])
def test_what_is_printed_is_compared(printed, expected, same):
    assert matches(printed, expected) == same


def do(tmp_path, markdown):
    run = PageRun(tmp_path)
    try:
        for block in read(markdown):
            run.do(block)
    finally:
        run.end()


def test_what_is_exported_stays_and_files_are_written(tmp_path):
    do(tmp_path, """
        ```bash
        export A='b c'
        ```
        ```json x/y.json
        {"port": 9000}
        ```
        ```bash
        echo "$A"; cat x/y.json
        ```
        ```text
        b c
        {"port": 9000}
        ```
        """)
    assert "9000" not in (tmp_path / "x/y.json").read_text()


@pytest.mark.parametrize("markdown, told", [
    ("```bash\necho 1\n```\n```text\n2\n```", "where the page says"), ("```bash\nfalse\ntrue\n```", "code 1"),
    ("```python\nraise SystemExit('no')\n```", "no"), ("```bash server\nexit 3\n```", "code 3"),
    ("```bash server\necho 'gRPC server listens on port 1'; exec sleep 30\n```", "the server ended with code -15")])
def test_a_page_that_is_not_true_fails(tmp_path, markdown, told):
    with pytest.raises(AssertionError, match=told):
        do(tmp_path, markdown)
