"""Emerging hot spots of many places by month, and the concentration of their records.

Made records: places on a grid, a tenth of which have most records. Each size runs in a
process of its own. No peer is installed: the packages that class emerging hot spots are R's
and ArcGIS's.

    python -m bench.emerging
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

import numpy as np

SIZES = ((1_100, 12_500), (4_400, 50_000), (17_600, 200_000))  # places, records
MONTHS = 36
GOAL = {50_000: 2.0}  # seconds


def main() -> None:
    for places, records in SIZES:
        done = subprocess.run(
            [sys.executable, "-m", "bench.emerging", str(places), str(records)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        seconds, grown, concentrating, classes = json.loads(done.stdout.splitlines()[-1])
        print(
            f"emerging hot spots, {records:>7,} records, {places:>6,} places x {MONTHS} months"
            f"{seconds:8.2f} s{1_000 * grown:8.0f} MB more; concentration {concentrating:.2f} s; "
            f"{classes}",
            flush=True,
        )
        if goal := GOAL.get(records):
            verdict = "met" if seconds <= goal else "MISSED"
            print(f"emerging hot spots: {seconds:.2f} s (goal {goal}): {verdict}", flush=True)


def _contest(places: int, records: int) -> None:
    from collections import Counter

    from bench.memory import peak_gb
    from peelian.scanning.concentration import concentration
    from peelian.scanning.emerging import emerging_hot_spots
    from peelian.scanning.neighbours import within_distance

    rng = np.random.default_rng(1829)
    side = int(np.ceil(np.sqrt(places)))
    at = np.arange(places)
    neighbours = within_distance(at % side, at // side, distance_m=1.5)
    rate = np.where(rng.random(places) < 0.1, 20.0, 1.0)
    place = rng.choice(places, size=records, p=rate / rate.sum())
    month = rng.integers(0, MONTHS, records)
    emerging_hot_spots(np.ones((9, MONTHS)), within_distance(at[:9], at[:9], distance_m=1.5))
    held, began = peak_gb(), time.perf_counter()
    counts = np.zeros((places, MONTHS))
    np.add.at(counts, (place, month), 1)
    found = emerging_hot_spots(counts, neighbours)
    seconds, grown = time.perf_counter() - began, peak_gb() - held
    concentration([1, 2], replicates=9, seed=1)
    began = time.perf_counter()
    concentration(counts.sum(axis=1), seed=1)
    concentrating = time.perf_counter() - began
    classes = ", ".join(f"{n:,} {kind}" for kind, n in Counter(p.kind for p in found).most_common())
    print(json.dumps([seconds, grown, concentrating, classes]))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _contest(int(sys.argv[1]), int(sys.argv[2]))
    else:
        main()
