"""A page of the documentation: its fenced code blocks, what they are for, and what they are to print.

The info string of a block, what follows the fence, says what it is for:

    bash, python              is run, by itself, in the page's folder; what the block exports is there in later ones
    bash server               starts a server, which stays until the next one or the end of the page
    LANGUAGE FILE             is written to FILE, whose name has a dot in it: `json config.json`
    bash not run: REASON      is not run; the reason is counted and shown
    text                      is what the block before prints; `...` stands for anything

Any other block is only shown. Blocks that are indented instead of fenced are run by nobody: a page that has them says why, in a
comment, `<!-- indented blocks are not run: REASON -->`.
"""

import dataclasses
import re

RUN, START, WRITE, LEAVE, SHOW = "run", "start", "write", "leave", "show"
LANGUAGES = ("bash", "python")
FENCE = re.compile(r"^( *)```(.*)$")


class BadPage(Exception):
    """A block that does not say what it is for."""


@dataclasses.dataclass
class Block:
    language: str
    kind: str
    text: str
    line: int
    file: str = ""
    reason: str = ""
    expected: str | None = None


def blocks(markdown):
    """The blocks of a page, in order; one of text is the `expected` of the one before."""
    found = []
    for line, info, text in _fences(markdown):
        if info.strip() == "text":
            if not found or found[-1].kind not in (RUN, START) or found[-1].expected is not None:
                raise BadPage(f"line {line}: a block of text follows no block that prints; take away the word text")
            found[-1].expected = text
        else:
            found.append(_block(line, info, text))
    return found


def unfenced(markdown):
    """The lines at which blocks of code begin that are indented instead of fenced, so that nothing runs them."""
    lines, inside, begun = [], False, False
    for number, line in enumerate(markdown.splitlines(), 1):
        if FENCE.match(line):
            inside, begun = not inside, False
        elif not inside:
            indented = line.startswith("    ")
            if indented and not begun and (number == 1 or not markdown.splitlines()[number - 2].strip()):
                lines.append(number)
            begun = indented or (begun and not line.strip())
    return lines


def reason_for_unfenced(markdown):
    """Why a page has blocks that are indented; empty: it does not say so."""
    found = re.search(r"<!-- indented blocks are not run: (.+?) -->", markdown)
    return found[1] if found else ""


def _fences(markdown):
    """Line, info string and text of each fenced block."""
    opened = None
    for number, line in enumerate(markdown.splitlines(), 1):
        fence = FENCE.match(line)
        if opened and fence and not fence[2].strip():
            yield opened[0], opened[2], "".join(text + "\n" for text in opened[3])
            opened = None
        elif opened:
            opened[3].append(line[len(opened[1]) :] if line.startswith(opened[1]) else line)
        elif fence:
            opened = (number, fence[1], fence[2], [])
    if opened:
        raise BadPage(f"line {opened[0]}: the block has no end")


def _block(line, info, text):
    language, _, words = info.strip().partition(" ")
    if not words:
        return Block(language, RUN if language in LANGUAGES else SHOW, text, line)
    if words.startswith("not run:"):
        reason = words.removeprefix("not run:").strip()
        if not reason:
            raise BadPage(f"line {line}: '{info}' gives no reason")
        return Block(language, LEAVE, text, line, reason=reason)
    if words == "server" and language == "bash":
        return Block(language, START, text, line)
    if re.fullmatch(r"[\w/-]+\.\w+", words):
        return Block(language, WRITE, text, line, file=words)
    raise BadPage(f"line {line}: '{words}' says nothing; expected server, a file's name, or not run: REASON")
