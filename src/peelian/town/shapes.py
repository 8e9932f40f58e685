"""The parts of the town's map, in metres from its origin, and how lines are taken out of shapes."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from peelian.town.plan import PlotKind


@dataclass(frozen=True)
class Plot:
    """A piece of ground between streets."""

    kind: PlotKind
    name: str  # empty for an ordinary block
    shape: Polygon


@dataclass(frozen=True)
class Street:
    """A way, whole or between two junctions. `name` is empty where it has none."""

    name: str
    highway: str  # OpenStreetMap's class
    line: LineString


def lines_of(shape: BaseGeometry) -> list[LineString]:
    """The lines among the parts of a shape."""
    return [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]


def longest_line(shape: BaseGeometry) -> LineString:
    """The longest line among the parts of a shape."""
    return max(lines_of(shape), key=lambda part: part.length)
