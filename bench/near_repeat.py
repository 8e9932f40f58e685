"""Near repeats beside pointpats' Knox test: seconds, peak memory, the ratio.

Records lie in a city of 22 by 22 km, two a place on average and many at a few, over three
years: at four times the records there are sixteen times the pairs. Each contestant runs in a
process of its own and once untimed on a few records, so that compiling is not counted.

    python -m bench.near_repeat
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.memory import figures_of, peak_gb

SIZES = (12_500, 50_000, 200_000, 1_000_000)
REPLICATES = 999
GOAL_RECORDS, GOAL_SECONDS, GOAL_GB = 50_000, 12.0, 1.0
# The peer takes every pair into memory: half a minute and 2 GB at 10,000 records.
PEER_SIZES = (2_500, 5_000)
PEER_REPLICATES = 99
_SIDE_M = 22_000
_DAYS = 1_096


@dataclass(frozen=True)
class Measured:
    seconds: float
    peak_gb: float
    close: int  # pairs within 100 m and a week: a sign that both did the same work

    def line(self, name: str, records: int, replicates: int) -> str:
        return (
            f"{name:<10}{records:>10,} records × {replicates}{self.seconds:9.2f} s"
            f"{self.peak_gb:8.2f} GB peak{self.close:>12,} close pairs"
        )


def main() -> None:
    print("Near repeats: to 100, 200 and 300 m, to 7, 14 and 21 days")
    for records in SIZES:
        ours = _run("ours", records, REPLICATES)
        print(ours.line("peelian", records, REPLICATES), flush=True)
        if records == GOAL_RECORDS:
            met = ours.seconds <= GOAL_SECONDS and ours.peak_gb <= GOAL_GB
            goal = f"goal {GOAL_SECONDS:.0f} s and {GOAL_GB:.0f} GB"
            print(f"{goal}: {'met' if met else 'MISSED'}", flush=True)
    for records in PEER_SIZES:
        ours = _run("ours", records, PEER_REPLICATES)
        peer = _run("pointpats", records, PEER_REPLICATES)
        print(ours.line("peelian", records, PEER_REPLICATES))
        print(peer.line("pointpats", records, PEER_REPLICATES))
        print(f"{ours.seconds / peer.seconds:.5f} times pointpats' time", flush=True)


def _run(contestant: str, records: int, replicates: int) -> Measured:
    return Measured(*figures_of("bench.near_repeat", contestant, records, replicates))


def _contest(contestant: str, records: int, replicates: int) -> None:
    prepare = {"ours": _ours, "pointpats": _pointpats}[contestant]
    prepare(64, 9)()
    work = prepare(records, replicates)
    began = time.perf_counter()
    close = work()
    print(json.dumps([time.perf_counter() - began, peak_gb(), close]))


def _city(records: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Where and when: shape (records, 2) in metres, and days."""
    draw = np.random.default_rng(1964)
    places = draw.uniform(0, _SIDE_M, (records // 2, 2))
    busy = draw.pareto(2, len(places)) + 0.2
    return (
        places[draw.choice(len(places), records, p=busy / busy.sum())],
        draw.integers(0, _DAYS, records),
    )


def _ours(records: int, replicates: int) -> Callable[[], int]:
    from peelian.analysis.near_repeat import near_repeat

    where, days = _city(records)

    def work() -> int:
        found = near_repeat(*where.T, days, metric="euclidean", replicates=replicates, seed=1)
        return found.of("repeat")[0].observed + found.of("near")[0].observed

    return work


def _pointpats(records: int, replicates: int) -> Callable[[], int]:
    import warnings

    warnings.simplefilter("ignore")
    from pointpats import knox

    where, days = _city(records)

    def work() -> int:
        # Its ends are included: a day less, and no pair is at 100 m to the last digit.
        found = knox(where, days[:, None], delta=100, tau=6, permutations=replicates)
        return int(found["stat"])

    return work


if __name__ == "__main__":
    if len(sys.argv) == 4:
        _contest(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
