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
    from peelian.core.places import MicroPlace

_TRIES = 100
_POINTS_AT_ONCE = 1_000_000


def positions_of(places: Sequence[MicroPlace]) -> NDArray[np.float64]:
    """One row a snap point, in the order of the places: easting and northing."""
    spots = [(p.easting, p.northing) for place in places for p in place.snap_points]
    return np.array(spots, dtype=float).reshape(-1, 2)


class MovedPlaces:
    """The places' snap points, moved over the map, and their records."""

    def __init__(self, places: Sequence[MicroPlace], records: NDArray[np.float64]) -> None:
        self.positions = positions_of(places)
        self.first = np.cumsum([0, *(len(place.snap_points) for place in places)])[:-1]
        self.points = np.array([len(place.snap_points) for place in places], dtype=float)
        self.records = records
        corners = self.positions.reshape(-1, 2)
        self.corner = corners.min(axis=0) if len(corners) else np.zeros(2)
        # Places on one line are moved along it alone.
        self.size = np.maximum(np.ptp(corners, axis=0) if len(corners) else np.zeros(2), 1e-6)

    def near(self, reach: Any, shifts: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Shifts by places: whether one of the place's points comes to lie within reach."""
        import shapely

        moved = (self.positions - self.corner + shifts[:, None, :]) % self.size + self.corner
        # A point at the far edge stays there: unmoved, it is where it was.
        moved[(shifts == 0).all(axis=1)] = self.positions
        inside = shapely.intersects_xy(reach, moved[..., 0], moved[..., 1])
        if not len(self.points):
            return np.zeros((len(shifts), 0), dtype=bool)
        near: NDArray[np.bool_] = np.logical_or.reduceat(inside, self.first, axis=1)
        return near

    def log_ratios(self, near: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Of the rate near to the rate not near; half a record more on each side."""
        with_, points = near @ self.records, near @ self.points
        log_ratio: NDArray[np.float64] = np.log(
            (with_ + 0.5)
            / points
            / ((self.records.sum() - with_ + 0.5) / (self.points.sum() - points))
        )
        return log_ratio


def shifted_log_ratios(
    ground: MovedPlaces, reach: Any, near: NDArray[np.bool_], replicates: int, seed: int
) -> NDArray[np.float64] | None:
    """The log ratio after each of so many shifts; None where no shift is like the observed."""
    from peelian.core.seeds import share, stream

    streams = [stream(seed, replicate) for replicate in range(replicates)]
    observed = near[0] @ ground.points
    others = ground.points.sum() - observed
    ratios = np.full(replicates, np.nan)
    waiting = np.arange(replicates)
    at_once = max(1, _POINTS_AT_ONCE // len(ground.positions))
    for _ in range(_TRIES):
        again = []
        for start in range(0, len(waiting), at_once):
            chunk = waiting[start : start + at_once]
            shifts = np.array([(share(streams[i]), share(streams[i])) for i in chunk])
            moved = ground.near(reach, shifts * ground.size)
            points = moved @ ground.points
            fits = (
                (points >= observed / 2) & (points <= observed * 2)
                & (ground.points.sum() - points >= others / 2)
                & (ground.points.sum() - points <= others * 2)
            )  # fmt: skip
            ratios[chunk[fits]] = ground.log_ratios(moved[fits])
            again.append(chunk[~fits])
        waiting = np.concatenate(again)
        if not len(waiting):
            return ratios
    return None
