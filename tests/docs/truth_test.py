"""What the pages say of flags, keys, variables, limits and each other is what the programs and the source say."""

import json
import re
import subprocess

import pytest

from .page import FENCE
from .page_run import BIN, ROOT

PAGES = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
SERVER = (ROOT / "docs/server.md").read_text()
LIMITS = (ROOT / "docs/limits.md").read_text()


def prose(path):
    """A page without its blocks."""
    kept, inside = [], False
    for line in path.read_text().splitlines():
        if FENCE.match(line):
            inside = not inside
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def anchors(path):
    """What a link to a heading of the page is called."""
    titles = re.findall(r"^#+ (.*)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def table(page, heading):
    """The first cells of the table below a heading."""
    section = page.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [row.split("|")[1] for row in section.splitlines() if row.startswith("| `")]


@pytest.mark.parametrize("path", PAGES, ids=[str(p.relative_to(ROOT)) for p in PAGES])
def test_links_lead_somewhere(path):
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name) if name else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_flag_is_on_the_page_and_no_other():
    said = subprocess.run([BIN / "lamina", "serve", "--help"], capture_output=True, text=True, check=True).stdout
    flags = set(re.findall(r"^  (--\w+)", said, re.MULTILINE))
    assert len(flags) > 15
    everywhere = "".join(page.read_text() for page in (ROOT / "docs").glob("*.md"))
    assert [flag for flag in flags if f"`{flag}`" not in everywhere] == []
    on_page = set(re.findall(r"`(--\w+)`", " ".join(table(SERVER, "Flags of `lamina serve`"))))
    assert on_page - flags == set()


def test_every_key_of_config_json_is_on_the_page_and_no_other(tmp_path):
    entry = {"config": {"name": "m", "base_path": "m", "unheard_of": 1}}
    (tmp_path / "config.json").write_text(json.dumps({"model_config_list": [entry]}))
    run = subprocess.run([BIN / "lamina", "serve", "--config_path", tmp_path / "config.json", "--port", "0"],
                         capture_output=True, text=True)
    known = re.search(r"unheard_of: unknown key; known are: ([\w, ]+)", run.stdout + run.stderr)
    assert known, run.stdout + run.stderr
    on_page = re.findall(r"`(\w+)`", " ".join(table(SERVER, "config.json")))
    assert sorted(on_page) == sorted(known[1].split(", "))


def test_every_variable_of_the_server_is_on_the_page():
    read = re.findall(r'get\("(\w+)"\)', (ROOT / "server/config/environment.cc").read_text())
    assert len(read) > 5
    on_page = re.findall(r"`(\w+)`", " ".join(table(SERVER, "Environment")))
    assert set(read) - set(on_page) == set()


@pytest.mark.parametrize("name, row, said", [
    ("max_connections", "| connections |", "{}"),
    ("max_streams", "| requests of one HTTP/2 connection", "{}"),
    ("max_control_frames_per_s", "| PING, SETTINGS,", "{} a second"),
    ("stream_resets_burst", "| requests that one connection takes back |", "{} at once"),
    ("stream_resets_per_s", "| requests that one connection takes back |", "then {} a second"),
    ("handshake_timeout", "| seconds until a TLS handshake is over |", "{}"),
    ("header_timeout", "| seconds until a request's headers are whole |", "{}"),
    ("body_timeout", "| seconds without 8 KiB of a body", "{}"),
    ("write_timeout", "| seconds without a byte read by the client |", "{}"),
    ("idle_timeout", "| seconds of a connection without a request |", "{}"),
])
def test_limits_are_those_of_the_transport(name, row, said):
    source = (ROOT / "server/transport/transport_limits.h").read_text()
    value = re.search(rf"\b{name}(?: = |\{{)([\d']+)", source)[1].replace("'", "")
    if name.endswith("timeout"):
        value = str(int(value) // 1000)
    line = next(line for line in LIMITS.splitlines() if line.startswith(row))
    assert re.search(rf"\b{said.format(value)}\b", line.split("|")[2]), f"{name} is {value}: {line}"


def test_metrics_that_pages_for_migration_name_are_there():
    there = set(re.findall(r"^\| `(\w+)`", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE))
    for path in (ROOT / "docs/migrate").glob("*.md"):
        ours = " ".join(row.split("|")[2] for row in path.read_text().splitlines() if row.count("|") == 3)
        named = {re.sub("_(sum|count)$", "", name) for name in re.findall(r"`((?:ovms|lamina)_\w+)", ours)}
        assert named - {"lamina_"} <= there, path
