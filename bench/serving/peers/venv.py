"""Virtual environments that are made when they are first needed."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path


class Venv:
    """Packages of PyPI, pinned, apart from those of the tests."""

    def __init__(self, folder: Path, requirements: tuple[str, ...]):
        self.folder = folder
        self.python = f"{sys.version_info.major}.{sys.version_info.minor}"
        self.packages = folder / f"lib/python{self.python}/site-packages"
        done = folder / ".requirements"
        if done.exists() and done.read_text() == "\n".join(requirements):
            return
        print(f"installing {', '.join(requirements)} into {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *requirements], check=True)
        done.write_text("\n".join(requirements))


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
