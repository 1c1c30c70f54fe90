"""Runs the blocks of a page, in order, in a folder of its own, and compares what they print with what the page says."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import time

from e2e.free_port import free_port

from .page import LEAVE, RUN, SHOW, START, WRITE

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("LAMINA_BIN", ROOT / "build/release/bin")).resolve()
SEEN = ("deploy", "examples", "python", "sdk")  # of the project's folder
PORTS = ("8000", "8001", "8002", "8080", "8500", "8501", "9000", "9001", "9100")
BLOCK_SECONDS, START_SECONDS, STOP_SECONDS = 180, 60, 40
# What is left of a block's environment for the next one.
KEEP = "trap 'export -p > .exported' EXIT\n"


def matches(printed, expected):
    """Whether `printed` is `expected`, in which `...` stands for anything; blanks at the ends of lines do not count."""
    pattern = ".*".join(re.escape(_trimmed(part)) for part in _trimmed(expected).split("..."))
    return re.fullmatch(pattern, _trimmed(printed), re.DOTALL) is not None


def _trimmed(text):
    return "\n".join(line.rstrip(" ") for line in text.strip("\n").split("\n"))


class PageRun:
    """Where a page's blocks run. The ports that the page names stand for free ones of this machine."""

    def __init__(self, folder):
        self.folder = folder
        self.server = None
        self.ports = {port: str(free_port()) for port in PORTS}
        for name in SEEN:
            (folder / name).symlink_to(ROOT / name)
        # As one reads it on a terminal: an answer a line, and no bar.
        (folder / ".curlrc").write_text('silent\nshow-error\nwrite-out = "\\n"\n')
        (folder / "build").mkdir()
        (folder / "build/release").symlink_to(BIN.parent)
        (folder / "build/venv").symlink_to(pathlib.Path(sys.executable).parent.parent)
        clean = {k: v for k, v in os.environ.items() if not re.match("LAMINA|CPU_EXTENSION|DEVICE|LOG_|PORT", k)}
        path = f"{pathlib.Path(sys.executable).parent}:{BIN}:{os.environ['PATH']}"
        self.environment = {**clean, "PATH": path, "CURL_HOME": str(folder), "LAMINA_LIBRARIES": str(BIN.parent / "lib"),
                            "TF_CPP_MIN_LOG_LEVEL": "3", "GRPC_VERBOSITY": "ERROR"}

    def do(self, block):
        """Does what a block is for; an AssertionError says what was not as the page says."""
        text = self._with(self.ports, block.text)
        if block.kind == WRITE:
            (self.folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / block.file).write_text(text)
        elif block.kind == START:
            self._start(text, block.expected)
        elif block.kind == RUN:
            self._check(self._run(block.language, text), block.expected)
        else:
            assert block.kind in (LEAVE, SHOW)

    def end(self):
        """Stops the server, which must end well."""
        if self.server is None:
            return
        server, self.server = self.server, None
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
        try:
            code = server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
            raise AssertionError(f"the server did not stop within {STOP_SECONDS} s:\n{self._log()}")
        assert code == 0, f"the server ended with code {code}:\n{self._log()}"

    def _run(self, language, text):
        if language == "python":
            (self.folder / ".block.py").write_text(text)
            text = "exec python .block.py"
        command = ["bash", "-euo", "pipefail", "-c", self._exported() + KEEP + text]
        run = subprocess.run(command, cwd=self.folder, env=self.environment, timeout=BLOCK_SECONDS, capture_output=True)
        printed = run.stdout.decode(errors="replace")
        errors = run.stderr.decode(errors="replace")
        log = f"\nThe server says:\n{self._log()}" if self.server else ""
        assert run.returncode == 0, f"it ended with code {run.returncode}:\n{printed}{errors}{log}"
        return printed

    def _start(self, text, expected):
        self.end()
        with open(self.folder / "server.log", "wb") as log:
            self.server = subprocess.Popen(
                ["bash", "-euo", "pipefail", "-c", self._exported() + text],
                cwd=self.folder, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        until = time.monotonic() + START_SECONDS
        while "gRPC server listens on port" not in self._log():
            assert self.server.poll() is None, f"it ended with code {self.server.returncode}:\n{self._log()}"
            assert time.monotonic() < until, f"the server did not listen within {START_SECONDS} s:\n{self._log()}"
            time.sleep(0.02)
        self._check(self._log(), expected)

    def _check(self, printed, expected):
        if expected is None:
            return
        printed = self._with({free: port for port, free in self.ports.items()}, printed)
        assert matches(printed, expected), f"it printed\n{printed}\nwhere the page says\n{expected}"

    def _exported(self):
        return "source ./.exported\n" if (self.folder / ".exported").exists() else ""

    def _log(self):
        return (self.folder / "server.log").read_text(errors="replace")

    @staticmethod
    def _with(ports, text):
        return re.sub(r"(?<![\w.])(%s)(?!\w)" % "|".join(ports), lambda found: ports[found[1]], text)
