"""How much memory a process has held at most."""

from __future__ import annotations

from pathlib import Path


def peak_gb() -> float:
    """The most memory this process has held so far, in GB; each contestant has its own process."""
    # ru_maxrss would count what the parent held when it started this process.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (peak_kb,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak_kb) / 1024**2
