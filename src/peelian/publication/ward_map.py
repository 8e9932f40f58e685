"""The map under the places: the ward's line, its streets and grounds, as few points as serve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from peelian.publication.disclosed import DisclosedGround, DisclosedMap, DisclosedStreet, Ring
from peelian.publication.translation import _

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from peelian.core.areas import Area
    from peelian.products.ward_page import MapLayers

MARGIN_M = 150.0  # streets are drawn this far beyond the ward's line
TOLERANCE_M = 2.0  # a line may move this far to lose points
_GROUND_KINDS = ("park", "estate", "station")


def disclosed_map(area: Area, layers: MapLayers) -> DisclosedMap:
    """Simplify what the map draws, clip it to the ward and its margin, and round to 0.1 m."""
    frame = area.shape.buffer(MARGIN_M)
    streets = [
        DisclosedStreet(street.name, street.highway, lines)
        for street in layers.streets
        if (lines := lines_of(street.line.intersection(frame)))
    ]
    grounds = [
        DisclosedGround(place.name, place.kind, rings_of(shape), _point(shape))
        for place in layers.places
        if place.kind in _GROUND_KINDS and not (shape := place.shape.intersection(frame)).is_empty
    ]
    drawn = _("© OpenStreetMap contributors, Open Database Licence") if streets or grounds else ""
    return DisclosedMap(rings_of(area.shape), tuple(streets), tuple(grounds), drawn)


def rings_of(shape: BaseGeometry | None) -> tuple[Ring, ...]:
    """The outer and inner rings of a shape, simplified, in metres; none for lines and points."""
    if shape is None:
        return ()
    from shapely.geometry.polygon import orient

    simple = shape.simplify(TOLERANCE_M, preserve_topology=True)
    return tuple(
        _rounded(ring.coords)
        for piece in _pieces(simple)
        if piece.geom_type == "Polygon" and (polygon := orient(piece))
        for ring in (polygon.exterior, *polygon.interiors)
        if not ring.is_empty
    )


def lines_of(shape: BaseGeometry) -> tuple[Ring, ...]:
    """The lines of a shape, simplified, in metres."""
    pieces = (p for p in _pieces(shape) if p.geom_type in ("LineString", "LinearRing"))
    return tuple(_rounded(piece.simplify(TOLERANCE_M).coords) for piece in pieces if piece.length)


def _pieces(shape: Any) -> Iterator[Any]:
    if hasattr(shape, "geoms"):
        for piece in shape.geoms:
            yield from _pieces(piece)
    elif not shape.is_empty:
        yield shape


def _point(shape: BaseGeometry) -> tuple[float, float]:
    point = shape.representative_point()
    return round(point.x, 1), round(point.y, 1)


def _rounded(points: Any) -> Ring:
    return tuple((round(point[0], 1), round(point[1], 1)) for point in points)
