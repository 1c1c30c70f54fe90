"""The machine under the benchmark: its CPU and instructions, and who else is using it."""

from __future__ import annotations

import os
import platform
import re
import time
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_NEEDS = {  # x86-64 levels by the flags of /proc/cpuinfo, widest first.
    "avx512": {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
    "avx2": {"avx2", "fma", "bmi1", "bmi2"},
    "sse42": {"sse4_2", "popcnt"},
}
ISAS = tuple(_NEEDS)
TITLES = {"avx512": "AVX-512", "avx2": "AVX2", "sse42": "SSE4.2"}


@dataclass(frozen=True)
class Cpu:
    name: str
    detail: str  # family and model, because some clouds hide the name
    cores: int
    isas: tuple[str, ...]  # of ISAS, widest first
    vbmi: bool

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", f"{self.name} {self.detail}".lower()).strip("-")


def cpu() -> Cpu:
    text = Path("/proc/cpuinfo").read_text().split("\n\n")[0]
    held = dict(re.findall(r"^([^\t:]+)\s*: (.*)$", text, re.MULTILINE))
    flags = set(held["flags"].split())
    return Cpu(
        name=re.sub(r"\((R|TM)\)|CPU|@.*$|Processor", "", held["model name"]).strip(),
        detail=f"family {held['cpu family']} model {held['model']}",
        cores=len(os.sched_getaffinity(0)),
        isas=tuple(isa for isa, needed in _NEEDS.items() if needed <= flags),
        vbmi="avx512_vbmi" in flags or "avx512vbmi" in flags,
    )


def system() -> str:
    return f"Linux {platform.release()}, Python {platform.python_version()}"


@dataclass(frozen=True)
class Usage:
    """A reading of clocks, to be subtracted from a later one."""

    wall: float
    machine: float  # CPU seconds of everybody, and those stolen by other virtual machines
    own: float  # CPU seconds of this process
    waited: float  # seconds that threads of this process were ready to run and did not

    def __sub__(self, other: Usage) -> Usage:
        return Usage(
            self.wall - other.wall, self.machine - other.machine, self.own - other.own, self.waited - other.waited
        )

    @property
    def disturbance(self) -> float:
        """How much others used the machine meanwhile: 1 is where a measured time is no longer to be believed.

        That is 15 % of a core by others, or 3 % of the time waiting for a core. /proc/stat counts in ticks of 10 ms:
        three of them prove nothing.
        """
        others = max(self.machine - self.own - 3 / _TICKS, 0)
        return max(others / (0.15 * self.wall), self.waited / (0.03 * self.wall))

    @property
    def contaminated(self) -> bool:
        return self.disturbance >= 1


def usage() -> Usage:
    """Clocks of this process and the machine, now."""
    user, nice, kernel, _idle, _io, irq, soft, steal = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    waited = 0
    for task in Path("/proc/self/task").iterdir():
        try:
            waited += int((task / "schedstat").read_text().split()[1])
        except (FileNotFoundError, ProcessLookupError):  # The thread has just ended.
            continue
    return Usage(
        time.perf_counter(), (user + nice + kernel + irq + soft + steal) / _TICKS, time.process_time(), waited / 1e9
    )
