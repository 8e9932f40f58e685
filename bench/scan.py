"""The prospective space-time permutation scan: seconds and peak memory at three sizes.

Records at 4,400 places in a town of 10 by 10 km, most at a few of them, over 1,096 days; circles
to 500 m, 999 replicates. The time counts making the circles. Each size runs in a process of its
own and once untimed on a few records, so that compiling is not counted. SaTScan cannot be had
from a package registry: its seconds are those that the project's guide to methods gives for as
many records, places and days on two processors. They were not measured in this run, and its
circles and windows may have been others.

    python -m bench.scan
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.memory import figures_of, peak_gb

SIZES = (50_000, 200_000, 1_000_000)
WINDOWS = (7, 28)
PLACES, DAYS, REPLICATES, RADIUS_M = 4_400, 1_096, 999, 500
GOAL_SECONDS = {50_000: 3.0, 1_000_000: 15.0}
SATSCAN_SECONDS = {50_000: 8.0, 1_000_000: 92.0}  # 49,773 and 995,614 records, 4,385 places
_SIDE_M = 10_000


@dataclass(frozen=True)
class Measured:
    seconds: float
    processor_seconds: float
    peak_gb: float
    in_zones: int  # entries of all zones: how many circles were looked at

    def line(self, records: int, window: int) -> str:
        return (
            f"{records:>10,} records, windows to {window:>2} days, {self.in_zones:,} circles"
            f"{self.seconds:8.2f} s{self.processor_seconds:8.2f} s on processors"
            f"{self.peak_gb:8.2f} GB peak"
        )


def main() -> None:
    print(f"Space-time permutation scan, prospective: {PLACES:,} places, {REPLICATES} replicates")
    for records in SIZES:
        for window in WINDOWS:
            ours = _run(records, window)
            print(ours.line(records, window), flush=True)
            if records in GOAL_SECONDS and window == WINDOWS[0]:
                goal, theirs = GOAL_SECONDS[records], SATSCAN_SECONDS[records]
                met = "met" if ours.seconds <= goal else "MISSED"
                print(
                    f"goal {goal:.0f} s: {met}; {ours.seconds / theirs:.2f} times the "
                    f"{theirs:.0f} s published for SaTScan 10.3.2 (not run here)",
                    flush=True,
                )


def _run(records: int, window: int) -> Measured:
    return Measured(*figures_of("bench.scan", records, window))


def _contest(records: int, window: int) -> None:
    _scan(64, window)()
    work = _scan(records, window)
    began, used = time.perf_counter(), time.process_time()
    in_zones = work()
    figures = [time.perf_counter() - began, time.process_time() - used, peak_gb(), in_zones]
    print(json.dumps(figures))


def _scan(records: int, window: int) -> Callable[[], int]:
    from peelian.scanning.scan import scan_space_time_permutation
    from peelian.scanning.zones import circles

    random = np.random.default_rng(7)
    easting, northing = random.uniform(0, _SIDE_M, (2, PLACES))
    busy = random.gamma(0.5, size=PLACES)
    place = random.choice(PLACES, records, p=busy / busy.sum())
    day = random.integers(0, DAYS, records)

    def work() -> int:
        zones = circles(easting, northing, radius_m=RADIUS_M)
        scan_space_time_permutation(
            place,
            day,
            zones,
            steps=DAYS,
            longest_window=window,
            prospective=True,
            replicates=REPLICATES if records > 64 else 9,
            seed=7,
        )
        return len(zones.index)

    return work


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _contest(int(sys.argv[1]), int(sys.argv[2]))
    else:
        main()
