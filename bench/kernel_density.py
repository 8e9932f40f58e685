"""Kernel density on a 250 m grid beside KDEpy, scikit-learn and scipy: seconds, memory, ratios.

Records lie on snap points of a region of 60 by 50 km, a Gaussian kernel of 500 m. The figure is
the density at the highest cell, in records a square kilometre for each thousand: all should say
the same. Each contestant runs in a process of its own, and imports before it is timed.

    python -m bench.kernel_density
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bench.memory import answer, run_apart

SIZES = (250_000, 1_000_000, 4_000_000)
# At a million, scikit-learn takes a quarter of a minute and scipy three minutes.
SMALL = 50_000
_WIDE_M, _HIGH_M, _CELL_M, _BANDWIDTH_M = 60_000, 50_000, 250, 500


def main() -> None:
    print(f"Kernel density, {_CELL_M} m cells, Gaussian of {_BANDWIDTH_M} m")
    for size in SIZES:
        ours, peer = (run_apart("bench.kernel_density", who, size) for who in ("ours", "kdepy"))
        print(ours.line("peelian", size, "records", "at the top"))
        print(peer.line("KDEpy", size, "records", "at the top"))
        print(f"{ours.seconds / peer.seconds:.2f} times KDEpy's time", flush=True)
    ours = run_apart("bench.kernel_density", "ours", SMALL)
    print(ours.line("peelian", SMALL, "records", "at the top"))
    for who, name in (("sklearn", "scikit-learn"), ("scipy", "scipy")):
        peer = run_apart("bench.kernel_density", who, SMALL)
        print(peer.line(name, SMALL, "records", "at the top"))
        print(f"{ours.seconds / peer.seconds:.4f} times {name}'s time", flush=True)


def _records(size: int) -> NDArray[np.float64]:
    """Positions of records, shape (size, 2), metres: towns of snap points, some busy."""
    draw = np.random.default_rng(1829)
    towns = draw.uniform(5_000, 45_000, (40, 2))
    points = towns[draw.integers(40, size=20_000)] + draw.normal(0, 1_500, (20_000, 2))
    points = np.clip(np.round(points, 1), 1, [_WIDE_M - 1, _HIGH_M - 1])
    busy = draw.pareto(2, len(points)) + 0.2
    return points[draw.choice(len(points), size, p=busy / busy.sum())]


def _middles() -> NDArray[np.float64]:
    """Middles of the cells, shape (cells, 2), columns changing last."""
    x = np.arange(_CELL_M / 2, _WIDE_M, _CELL_M)
    y = np.arange(_CELL_M / 2, _HIGH_M, _CELL_M)
    return np.array([(east, north) for east in x for north in y])


def _per_thousand(highest_share: float) -> float:
    """A share of records a square metre as records a square kilometre for each thousand."""
    return float(highest_share * 1e6 * 1_000)


def _ours(size: int) -> Callable[[], float]:
    from peelian.scanning.kernel_density import kernel_density

    records = _records(size)
    kernel_density([0.0], [0.0], bounds=(0, 0, 500, 500), cell_m=250, bandwidth_m=500)

    def work() -> float:
        found = kernel_density(
            *records.T,
            bounds=(0, 0, _WIDE_M, _HIGH_M),
            cell_m=_CELL_M,
            bandwidth_m=_BANDWIDTH_M,
            kernel="gaussian",
        )
        return _per_thousand(found.density.max() / 1e6 / size)

    return work


def _kdepy(size: int) -> Callable[[], float]:
    from KDEpy import FFTKDE

    records, middles = _records(size), _middles()
    # Its grid has to hold every record: a cell more on each side.
    x = np.unique(np.concatenate([middles[:, 0], [-125, _WIDE_M + 125]]))
    y = np.unique(np.concatenate([middles[:, 1], [-125, _HIGH_M + 125]]))
    grid = np.array([(east, north) for east in x for north in y])

    def work() -> float:
        found = FFTKDE(kernel="gaussian", bw=_BANDWIDTH_M).fit(records).evaluate(grid)
        return _per_thousand(found.max())

    return work


def _sklearn(size: int) -> Callable[[], float]:
    from sklearn.neighbors import KernelDensity

    records, middles = _records(size), _middles()

    def work() -> float:
        found = KernelDensity(bandwidth=_BANDWIDTH_M, rtol=1e-3).fit(records)
        return _per_thousand(np.exp(found.score_samples(middles)).max())

    return work


def _scipy(size: int) -> Callable[[], float]:
    from scipy.stats import gaussian_kde

    records, middles = _records(size), _middles()

    def work() -> float:
        found = gaussian_kde(records.T)
        # Its bandwidth is a share of the records' own spread; this makes it round and ours.
        found.covariance = np.eye(2) * _BANDWIDTH_M**2
        found.cho_cov = np.eye(2) * _BANDWIDTH_M
        found.log_det = 2 * np.log(2 * np.pi * _BANDWIDTH_M**2)
        return _per_thousand(found(middles.T).max())

    return work


if __name__ == "__main__":
    if len(sys.argv) == 3:
        contestants = {"ours": _ours, "kdepy": _kdepy, "sklearn": _sklearn, "scipy": _scipy}
        answer(contestants[sys.argv[1]](int(sys.argv[2])))
    else:
        main()
