"""The wards: two roads part them from west to east, canal and railway from north to south."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from peelian.town import plan
from peelian.town.shapes import Street


def draw_wards(
    main: Sequence[Street], canal: LineString, railway: LineString, town: Polygon
) -> tuple[Polygon, ...]:
    """The wards in the order of plan.WARDS, each one polygon.

    North of the canal is one ward and south of the railway another. Between them Priory Road
    and Staithe Road part three.
    """
    road = {street.name: street.line for street in main}
    sides = [road["Priory Road"], road["Staithe Road"]]
    # Canal and railway run on past the town's edge, so that they surely cross it.
    noded = shapely.unary_union([canal, railway, town.exterior, *sides])
    pieces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(noded))))

    def place(point: Point) -> tuple[int, int]:
        band = int(is_north_of(point, canal)) - int(not is_north_of(point, railway))
        return band, 0 if band else _sides_passed(point, sides)

    wanted = [place(Point(ward.inside)) for ward in plan.WARDS]
    found = [place(piece.representative_point()) for piece in pieces]
    return tuple(
        shapely.unary_union([p for p, at in zip(pieces, found, strict=True) if at == ward])
        for ward in wanted
    )


def is_north_of(point: BaseGeometry, line: LineString) -> bool:
    """Whether a point lies north of a line that runs from west to east."""
    along = shapely.get_coordinates(line)
    return bool(point.y > np.interp(point.x, along[:, 0], along[:, 1]))


def _sides_passed(point: Point, sides: Sequence[LineString]) -> int:
    """How many of the roads from south to north lie west of the point."""
    passed = 0
    for side in sides:
        along = shapely.get_coordinates(side)
        along = along[np.argsort(along[:, 1])]
        passed += int(point.x > np.interp(point.y, along[:, 1], along[:, 0]))
    return passed
