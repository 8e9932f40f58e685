"""How much memory a process has held at most, and contestants in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


def peak_gb() -> float:
    """The most memory this process has held so far, in GB; each contestant has its own process."""
    # ru_maxrss would count what the parent held when it started this process.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (peak_kb,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak_kb) / 1024**2


@dataclass(frozen=True)
class Apart:
    """What a contestant in a process of its own took, and a figure that shows its work."""

    seconds: float
    peak_gb: float
    figure: float

    def line(self, name: str, size: int, what: str, sign: str) -> str:
        return (
            f"{name:<14}{size:>11,} {what}{self.seconds:9.2f} s{self.peak_gb:8.2f} GB peak"
            f"{self.figure:14,.4g} {sign}"
        )


def figures_of(module: str, *arguments: str | int) -> list[float]:
    """Run a benchmark's module in a process of its own: the list that it prints last, as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    figures: list[float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def run_apart(module: str, contestant: str, size: int) -> Apart:
    """Run a contestant of a benchmark's module: it answers with `answer`."""
    return Apart(*figures_of(module, contestant, size))


def answer(work: Callable[[], float]) -> None:
    """In the contestant's own process: work, then print seconds, peak memory and the figure."""
    began = time.perf_counter()
    figure = work()
    print(json.dumps([time.perf_counter() - began, peak_gb(), figure]))
