"""Areas in law (wards, boroughs, LSOAs) and the dated boundary sets they belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# Codes of the Office for National Statistics; K stands for England and Wales together.
AREA_CODE = re.compile(r"[EWSNK]\d{8}")


@dataclass(frozen=True)
class BoundarySet:
    """A published, dated set of boundaries: "camden_wards_2022", vintage 2022."""

    name: str
    kind: str  # "ward", "lsoa", "borough"; "neighbourhood" from police.uk
    vintage: int | None  # the year of the boundaries; None where the file does not say
    source: str  # the file's name
    licence: str


@dataclass(frozen=True)
class Area:
    """One area of a boundary set. `shape` is a valid (multi)polygon in EPSG:27700, metres."""

    code: str
    name: str
    boundary_set: BoundarySet
    shape: BaseGeometry
    repaired: str | None = None  # what was wrong with the published shape, where something was

    def holds(self, easting: ArrayLike, northing: ArrayLike) -> NDArray[np.bool_]:
        """Which points lie in the area. A point on the line is in; a point without place is not.

        easting, northing: EPSG:27700, metres; NaN where the place is not known.
        """
        import shapely

        east, north = np.asarray(easting, dtype=float), np.asarray(northing, dtype=float)
        inside: NDArray[np.bool_] = shapely.intersects_xy(self.shape, east, north)
        known: NDArray[np.bool_] = ~np.isnan(east)
        return known & inside

    def distance_to_line_m(self, easting: ArrayLike, northing: ArrayLike) -> NDArray[Any]:
        """Metres from each point to the area's boundary line, whichever side it is on."""
        import shapely

        points = shapely.points(np.asarray(easting, float), np.asarray(northing, float))
        distance: NDArray[Any] = shapely.distance(points, self.shape.boundary)
        return distance
