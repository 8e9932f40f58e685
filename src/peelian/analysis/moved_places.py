"""Places moved as a whole over a map, so that only the tie between the two is cut.

What clusters stays clustered. See `place_features.feature_association` for what is asked of
it, and what it assumes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from peelian.core.places import MicroPlace, UnitPlace

# A shift that leaves fewer of the places on the ground says too little.
LEAST_KEPT = 0.5
_TRIES_A_SHIFT = 100
_POINTS_AT_ONCE = 500_000


def positions_of(places: Sequence[MicroPlace | UnitPlace]) -> NDArray[np.float64]:
    """One row a snap point, in the order of the places: easting and northing."""
    spots = [(p.easting, p.northing) for place in places for p in place.snap_points]
    return np.array(spots, dtype=float).reshape(-1, 2)


class MovedPlaces:
    """The places at their own positions and after each of many shifts, with their records.

    ground_m: the ground is what lies this near a snap point; a place that a shift moves off
    the ground is left out of it. shifts: so many are drawn, each from its own random stream,
    among those at most half the places' extent east and north that keep half of them; fewer,
    down to none, where hardly any keeps half. The first row of every table is no shift; the
    attribute `shifts` has metres east and north, a row each.
    """

    def __init__(
        self,
        places: Sequence[MicroPlace | UnitPlace],
        records: NDArray[np.float64],
        *,
        ground_m: float,
        shifts: int,
        seed: int,
    ) -> None:
        import shapely

        self._positions = positions_of(places)
        self._first = np.cumsum([0, *(len(place.snap_points) for place in places)])[:-1]
        self._points = np.array([len(place.snap_points) for place in places], dtype=float)
        self._records = records
        self._ground = _reached([shapely.Point(spot) for spot in self._positions], ground_m)
        still = np.zeros((1, 2))
        drawn = self._drawn(shifts, seed) if len(places) else np.empty((0, 2))
        self.shifts = np.concatenate([still, drawn])
        self._kept = self._any_point(self._ground, self.shifts)

    def near(self, features: Sequence[BaseGeometry], radius_m: float) -> NDArray[np.bool_]:
        """Shifts by places: whether one of the place's points lies so near a feature."""
        return self._any_point(_reached(features, radius_m), self.shifts)

    def rate(self, places: NDArray[np.bool_]) -> float:
        """Records a snap point at some of the places, where they are."""
        return float(self._records[places].sum() / self._points[places].sum())

    def compared(self, near: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The log ratio of the rates near and not near after each shift, and its weight.

        Half a record more on each side. The ratio varies inversely to the square of its weight,
        as a difference of two means does; a weight of zero marks a shift without one side.
        """
        records, points = self._records, self._points
        with_, without = near & self._kept, ~near & self._kept
        points_near, points_else = with_ @ points, without @ points
        with np.errstate(divide="ignore", invalid="ignore"):
            log_ratio: NDArray[np.float64] = np.log(
                (with_ @ records + 0.5) / points_near / ((without @ records + 0.5) / points_else)
            )
            weight = np.sqrt(points_near * points_else / (points_near + points_else))
        lacking = (points_near == 0) | (points_else == 0)
        log_ratio[lacking] = weight[lacking] = 0.0
        return log_ratio, weight

    def _drawn(self, shifts: int, seed: int) -> NDArray[np.float64]:
        from peelian.core.seeds import share, stream

        half = np.ptp(self._positions, axis=0) / 2
        enough = LEAST_KEPT * len(self._points)
        streams = [stream(seed, shift) for shift in range(shifts)]
        found = np.full((shifts, 2), np.nan)
        waiting = np.arange(shifts)
        for _ in range(_TRIES_A_SHIFT):
            tried = np.array([(share(streams[i]), share(streams[i])) for i in waiting])
            tried = (2 * tried - 1) * half
            fits = self._any_point(self._ground, tried).sum(axis=1) >= enough
            found[waiting[fits]] = tried[fits]
            waiting = waiting[~fits]
            if not len(waiting):
                break
        drawn: NDArray[np.float64] = found[~np.isnan(found[:, 0])]
        return drawn

    def _any_point(self, shape: Any, shifts: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Shifts by places: whether one of the place's points comes to lie in the shape."""
        import shapely

        found = np.zeros((len(shifts), len(self._points)), dtype=np.bool_)
        if not len(self._points):
            return found
        at_once = max(1, _POINTS_AT_ONCE // len(self._positions))
        for start in range(0, len(shifts), at_once):
            some = slice(start, start + at_once)
            moved = self._positions + shifts[some, None, :]
            inside = shapely.intersects_xy(shape, moved[..., 0], moved[..., 1])
            found[some] = np.logical_or.reduceat(inside, self._first, axis=1)
        return found


def _reached(shapes: Sequence[BaseGeometry], radius_m: float) -> Any:
    import shapely

    # 64 segments a quarter circle: the radius is short by under a ten-thousandth.
    reach = shapely.union_all(
        shapely.buffer(np.array(shapes, dtype=object), radius_m, quad_segs=64)
    )
    shapely.prepare(reach)
    return reach
