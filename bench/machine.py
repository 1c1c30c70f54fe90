"""The machine under the benchmark: its CPU and instructions, how fast it runs now, and who else is using it."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_WORK = bytes(1 << 14)  # to hash: 20 us that need nothing but a core and its first-level cache
_PIECES = 60
_SLOWER = 0.12  # than the full pace by this much is no longer the full pace
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


def memory_kib(pid: int) -> tuple[int, int]:
    """What a process has in RAM now, and the most that it had."""
    status = Path(f"/proc/{pid}/status").read_text()
    now, most = (int(re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE)[1]) for name in ("VmRSS", "VmHWM"))
    return now, most


def pace(threads: int) -> float:
    """Seconds that a fixed piece of work takes now, in the slowest of `threads` threads at once.

    It tells what no clock of a virtual machine counts: somebody else's work on the other hardware thread of our core,
    which leaves us half of it, or a lower clock frequency.
    """
    with ThreadPoolExecutor() as pool:
        others = [pool.submit(_piece) for _ in range(threads - 1)]
        return max([_piece(), *(other.result() for other in others)])


def _piece() -> float:
    times = []
    for _ in range(_PIECES):
        start = time.perf_counter()
        hashlib.blake2b(_WORK).digest()  # It lets other threads of this process run meanwhile.
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def full_pace(threads: int, seconds: float = 15) -> float:
    """The least pace seen in so many seconds."""
    end = time.perf_counter() + seconds
    least = pace(threads)
    while time.perf_counter() < end:
        time.sleep(0.005)
        least = min(least, pace(threads))
    return least


def slowness(threads: int, full: float, patience: float = 0) -> float:
    """How far from its full pace the machine is, once it has it or `patience` (seconds) is over: 1 is where a measured
    time is no longer to be believed."""
    end = time.perf_counter() + patience
    while (slow := (pace(threads) / full - 1) / _SLOWER) >= 1 and time.perf_counter() < end:
        time.sleep(0.01)
    return slow
