"""Load tools that others made: perf_analyzer (Triton's) and h2load (nghttp2's)."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

# perf_analyzer is a program inside the wheels of tritonclient up to this version; it wants a library of CUDA's, unused.
_WHEELS = {"tritonclient": "2.43.0", "nvidia-cuda-runtime-cu12": "12.4.127"}


def need_debian(program: str, package: str) -> Path:
    if found := shutil.which(program):
        return Path(found)
    raise SystemExit(f"error: {program} is not installed: apt-get install {package}")


class PerfAnalyzer:
    """The program and the environment that it runs in; fetched from PyPI into `folder` the first time."""

    def __init__(self, folder: Path):
        self.path = folder / "perf_analyzer"
        self.environment = os.environ | {"LD_LIBRARY_PATH": str(folder)}
        if not self.path.exists():
            _fetch(folder)
        lacking = subprocess.run(["ldd", self.path], env=self.environment, capture_output=True, text=True).stdout
        if "libb64.so.0d => not found" in lacking:
            raise SystemExit("error: perf_analyzer needs libb64: apt-get install libb64-0d")


def _fetch(folder: Path) -> None:
    print("fetching perf_analyzer from PyPI", file=sys.stderr)
    wheels = folder / "wheels"
    for name, version in _WHEELS.items():
        line = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "-d", wheels]
        subprocess.run(
            [*line, "--platform", "manylinux1_x86_64", "--platform", "manylinux2014_x86_64", f"{name}=={version}"],
            check=True,
        )
    for wheel in wheels.iterdir():
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.endswith(("/bin/perf_analyzer", "/libcudart.so.12")):
                    (folder / Path(name).name).write_bytes(archive.read(name))
    path = folder / "perf_analyzer"
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
