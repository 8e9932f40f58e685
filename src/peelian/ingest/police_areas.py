"""An area as data.police.uk is asked for it: simple rings in degrees, latitude first.

The ring lies outside the boundary, so that no record on the line is lost to rounding, and
so that a page can say what would change if the line moved by 10 m.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peelian.core.errors import ShapeError
from peelian.core.grid import shape_to_degrees

if TYPE_CHECKING:
    from shapely.geometry import Polygon
    from shapely.geometry.base import BaseGeometry

RIM_M = 20.0
# Simplified by at most this, so the ring stays at least 15 m outside the boundary.
_SIMPLIFIED_BY_M = 5.0
_DECIMALS = 6  # as the service writes snap points; 0.1 m
_HALF_A_STEP = 0.5e-6


def asked_polygons(boundary: BaseGeometry) -> list[Polygon]:
    """The rings to ask for, in degrees: one for each part of the area, its holes filled.

    boundary: EPSG:27700, metres. Fewer than three different vertices, which the service
    answers with a crash (502), are a ShapeError; so is anything but a polygon.
    """
    import shapely

    polygons = [p for p in shapely.get_parts(boundary) if p.geom_type == "Polygon" and p.area > 0]
    if not polygons:
        raise ShapeError(
            f"An area is asked for by a polygon of at least three corners; found a "
            f"{boundary.geom_type} of {boundary.area:.0f} square metres. Take the ward's "
            f"boundary from a boundary file."
        )
    rims = [shapely.Polygon(p.exterior).buffer(RIM_M, join_style="mitre") for p in polygons]
    simple = shapely.union_all(rims).simplify(_SIMPLIFIED_BY_M)
    rounded = shapely.set_precision(shape_to_degrees(simple), 10.0**-_DECIMALS)
    return [shapely.Polygon(part.exterior) for part in shapely.get_parts(rounded)]


def halves(polygon: Polygon) -> list[Polygon]:
    """The polygon cut in two across its longer side, in degrees.

    The cut runs half a step beside the decimals that the service writes, so no snap point
    lies on it and none comes back twice.
    """
    import shapely

    west, south, east, north = polygon.bounds
    if (east - west) * 0.62 > north - south:  # a degree of longitude at 52 N is 0.62 of latitude
        middle = _between_steps((west + east) / 2)
        boxes = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    else:
        middle = _between_steps((south + north) / 2)
        boxes = [shapely.box(west, south, east, middle), shapely.box(west, middle, east, north)]
    pieces = [piece for box in boxes for piece in shapely.get_parts(polygon.intersection(box))]
    return [piece for piece in pieces if piece.geom_type == "Polygon" and piece.area > 0]


def poly_text(polygon: Polygon) -> str:
    """The service's `poly`: latitude,longitude pairs joined by colons, the ring not closed."""
    ring: list[Any] = list(polygon.exterior.coords)[:-1]
    return ":".join(f"{latitude:.7f},{longitude:.7f}" for longitude, latitude in ring)


def _between_steps(value: float) -> float:
    return round(value, _DECIMALS) + _HALF_A_STEP
