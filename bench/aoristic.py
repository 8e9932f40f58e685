"""Aoristic hours of the week beside a plain loop over hours: seconds, peak memory, the ratio.

The loop is what analysts' scripts do; crimepy, which has one too, is not in the package
registry (what stands there by that name is another package). Each contestant runs in a process
of its own.

    python -m bench.aoristic
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bench.memory import figures_of, peak_gb

SIZES = (250_000, 1_000_000, 4_000_000)
GOAL_INTERVALS, GOAL_SECONDS = 1_000_000, 0.5
PEER_SIZE = 50_000
ROUNDS = 3


@dataclass(frozen=True)
class Measured:
    seconds: float
    grown_gb: float  # peak memory above what the intervals themselves take
    noon: float  # weight from twelve to one on Wednesdays: a sign of the same work

    def line(self, name: str, intervals: int) -> str:
        return (
            f"{name:<10}{intervals:>10,} intervals{self.seconds:9.3f} s"
            f"{self.grown_gb * 1000:9.0f} MB more{self.noon:14.4f} at noon"
        )


def main() -> None:
    print("Aoristic: intervals of ten hours on average over the hours of the week")
    for intervals in SIZES:
        ours = _run("ours", intervals)
        print(ours.line("peelian", intervals), flush=True)
        if intervals == GOAL_INTERVALS:
            verdict = "met" if ours.seconds <= GOAL_SECONDS else "MISSED"
            print(f"goal {GOAL_SECONDS} s: {verdict}", flush=True)
    ours, peer = _run("ours", PEER_SIZE), _run("loop", PEER_SIZE)
    print(ours.line("peelian", PEER_SIZE))
    print(peer.line("loop", PEER_SIZE))
    print(f"{ours.seconds / peer.seconds:.5f} times the loop's time", flush=True)


def _run(contestant: str, intervals: int) -> Measured:
    return Measured(*figures_of("bench.aoristic", contestant, intervals))


def _contest(contestant: str, intervals: int) -> None:
    prepare = {"ours": _ours, "loop": _loop}[contestant]
    prepare(100)()
    work = prepare(intervals)
    held, rounds = peak_gb(), []
    for _ in range(ROUNDS):  # the quickest counts: other work on the machine slows some
        began = time.perf_counter()
        noon = work()
        rounds.append(time.perf_counter() - began)
    print(json.dumps([min(rounds), peak_gb() - held, noon]))


def _nights(intervals: int) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    draw = np.random.default_rng(2002)
    start = np.datetime64("2021-01-01", "s") + draw.integers(0, 3 * 365 * 1440, intervals) * 60
    return start, start + draw.exponential(600, intervals).astype(np.int64) * 60


def _ours(intervals: int) -> Callable[[], float]:
    from peelian.analysis.aoristic import aoristic_hours

    start, end = _nights(intervals)
    # The loop knows of no summer time.
    return lambda: float(aoristic_hours(start, end, zone="UTC").weights[2, 12])


def _loop(intervals: int) -> Callable[[], float]:
    start, end = _nights(intervals)

    def work() -> float:
        week = [[0.0] * 24 for _ in range(7)]
        for one, other in zip(start.tolist(), end.tolist(), strict=True):
            _spread(one, other, week)
        return week[2][12]

    return work


def _spread(start: datetime, end: datetime, week: list[list[float]]) -> None:
    if start == end:
        week[start.weekday()][start.hour] += 1
        return
    length, at = end - start, start
    while at < end:
        until = min(end, at.replace(minute=0, second=0) + timedelta(hours=1))
        week[at.weekday()][at.hour] += (until - at) / length
        at = until


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _contest(sys.argv[1], int(sys.argv[2]))
    else:
        main()
