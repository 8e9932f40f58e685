"""DBSCAN on records that repeat at snap points, beside scikit-learn on every record.

Snap points lie as in the archive: 573,000 positions for 20 M records, so 35 records a position on
average, and many at a few. The figure is the number of groups: both should say the same. Each
contestant runs in a process of its own.

    python -m bench.density_clusters
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bench.memory import answer, run_apart

SIZES = (100_000, 1_000_000, 4_000_000)
# At a million records scikit-learn was measured at 73 s and 20.8 GB (guide to methods).
PEER_SIZES = (25_000, 50_000, 100_000)
_WITHIN_M, _LEAST = 100.0, 50
_RECORDS_A_POINT = 35


def main() -> None:
    print(f"Dense groups: {_LEAST} records within {_WITHIN_M:.0f} m")
    for size in PEER_SIZES:
        ours, peer = (run_apart("bench.density_clusters", who, size) for who in ("ours", "sklearn"))
        print(ours.line("peelian", size, "records", "groups"))
        print(peer.line("scikit-learn", size, "records", "groups"))
        print(
            f"{ours.seconds / peer.seconds:.3f} times scikit-learn's time, "
            f"{ours.peak_gb / peer.peak_gb:.2f} times its memory",
            flush=True,
        )
    for size in SIZES:
        ours = run_apart("bench.density_clusters", "ours", size)
        print(ours.line("peelian", size, "records", "groups"), flush=True)


def _records(size: int) -> NDArray[np.float64]:
    """Positions of records, shape (size, 2), metres; the city grows with its records."""
    draw = np.random.default_rng(1829)
    points = size // _RECORDS_A_POINT
    side = 75.0 * np.sqrt(points)  # as near to one another as in inner London
    spots = np.round(draw.uniform(0, side, (points, 2)), 1)
    busy = draw.pareto(2, points) + 0.2
    return spots[draw.choice(points, size, p=busy / busy.sum())]


def _ours(size: int) -> Callable[[], float]:
    from peelian.scanning.density_clusters import density_clusters

    records = _records(size)
    density_clusters([0.0], [0.0], within_m=1, least_records=1)

    def work() -> float:
        found = density_clusters(*records.T, within_m=_WITHIN_M, least_records=_LEAST)
        return float(len(found.records))

    return work


def _sklearn(size: int) -> Callable[[], float]:
    from sklearn.cluster import DBSCAN

    records = _records(size)

    def work() -> float:
        labels = DBSCAN(eps=_WITHIN_M, min_samples=_LEAST).fit_predict(records)
        return float(labels.max() + 1)

    return work


if __name__ == "__main__":
    if len(sys.argv) == 3:
        answer({"ours": _ours, "sklearn": _sklearn}[sys.argv[1]](int(sys.argv[2])))
    else:
        main()
