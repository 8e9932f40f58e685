"""Which of 7,000 areas each of a million points lies in, beside a Shapely tree on all points.

Areas are six-sided with ragged sides of 60 corners, as wards have; points repeat at snap points,
35 a position as in the archive. The figure is the share of points in some area: both should say
the same. Each contestant runs in a process of its own.

    python -m bench.points_in_areas
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bench.memory import answer, run_apart

SIZES = (250_000, 1_000_000, 4_000_000)
AREAS = 7_000
_SIDE_M = 900.0
_RECORDS_A_POINT = 35


def main() -> None:
    print(f"Points in {AREAS:,} areas")
    for size in SIZES:
        ours, peer = (run_apart("bench.points_in_areas", who, size) for who in ("ours", "shapely"))
        print(ours.line("peelian", size, "points", "inside"))
        print(peer.line("Shapely tree", size, "points", "inside"))
        print(f"{ours.seconds / peer.seconds:.2f} times the tree's time", flush=True)


def _shapes() -> NDArray[np.object_]:
    """Ragged areas side by side on a lattice; they overlap a little, and leave gaps."""
    import shapely

    draw = np.random.default_rng(1829)
    across = int(np.ceil(np.sqrt(AREAS)))
    at = np.arange(AREAS)
    middle = np.column_stack([at % across, at // across]) * _SIDE_M
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    reach = _SIDE_M / 2 * (1 + draw.uniform(-0.1, 0.1, (AREAS, 60)))
    corners = np.stack([np.cos(angles) * reach, np.sin(angles) * reach], axis=-1)
    return shapely.polygons(corners + middle[:, None, :])


def _points(size: int) -> NDArray[np.float64]:
    draw = np.random.default_rng(1856)
    across = np.ceil(np.sqrt(AREAS)) * _SIDE_M
    spots = np.round(draw.uniform(0, across, (size // _RECORDS_A_POINT, 2)), 1)
    return spots[draw.integers(len(spots), size=size)]


def _ours(size: int) -> Callable[[], float]:
    from peelian.core.areas import Area, BoundarySet
    from peelian.scanning.units import areas

    made = BoundarySet("made", "ward", None, "made", "none")
    wards = areas([Area(f"W{i:08}", "", made, shape) for i, shape in enumerate(_shapes())])
    points = _points(size)
    return lambda: float((wards.of_points(*points.T) >= 0).mean())


def _shapely(size: int) -> Callable[[], float]:
    import shapely

    shapes, points = _shapes(), _points(size)

    def work() -> float:
        tree = shapely.STRtree(shapely.points(points))
        _, inside = tree.query(shapes, predicate="intersects")
        return len(np.unique(inside)) / size

    return work


if __name__ == "__main__":
    if len(sys.argv) == 3:
        answer({"ours": _ours, "shapely": _shapely}[sys.argv[1]](int(sys.argv[2])))
    else:
        main()
