"""British National Grid inside, degrees at the edges.

The projection is the seven-parameter one that needs no grid file, so positions agree
with the Ordnance Survey's own to about 5 m, and with each other exactly: points and
boundaries pass through the same function.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from pyproj import Transformer
    from shapely.geometry.base import BaseGeometry

GRID = "EPSG:27700"
DEGREES = "EPSG:4326"


@cache
def _transformer(source: str, target: str) -> Transformer:
    from pyproj import Transformer
    from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

    # Without this, a machine with access to a grid server would give other positions.
    set_network_enabled(active=False)
    return Transformer.from_crs(source, target, always_xy=True)


def to_grid(longitude: ArrayLike, latitude: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Eastings and northings in metres (EPSG:27700) of longitudes and latitudes (EPSG:4326)."""
    east, north = _transformer(DEGREES, GRID).transform(
        np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)
    )
    return np.asarray(east), np.asarray(north)


def to_degrees(easting: ArrayLike, northing: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Longitudes and latitudes (EPSG:4326) of eastings and northings (EPSG:27700)."""
    lon, lat = _transformer(GRID, DEGREES).transform(
        np.asarray(easting, dtype=float), np.asarray(northing, dtype=float)
    )
    return np.asarray(lon), np.asarray(lat)


def shape_to_grid(shape: BaseGeometry, *, crs: str = DEGREES) -> BaseGeometry:
    """A shape moved from its coordinate system (degrees unless said) to EPSG:27700."""
    return _moved(shape, crs, GRID)


def shape_to_degrees(shape: BaseGeometry) -> BaseGeometry:
    """A shape in EPSG:27700 moved to EPSG:4326, x = longitude."""
    return _moved(shape, GRID, DEGREES)


def _moved(shape: BaseGeometry, source: str, target: str) -> BaseGeometry:
    import shapely

    if source == target:
        return shape
    transformer = _transformer(source, target)

    def move(points: NDArray[Any]) -> NDArray[Any]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    moved: BaseGeometry = shapely.transform(shape, move)
    return moved
