"""Where names go on a map: along their streets, upright, and never over one another.

Greedy: the first names asked for get the best places, and a name for which no free place
is found is left out. All positions are in the drawing's own units, y downwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Points = Sequence[tuple[float, float]]
GroundToName = tuple[str, str, tuple[float, float], Sequence[Points]]  # name, kind, point, rings

_WIDTH_OF_A_LETTER = 0.53  # of the letters' size, on average
_STRAIGHT = 0.985  # chord over arc: a name is set straight, so its street should be


@dataclass(frozen=True)
class Label:
    """A name with its place: the middle of the words, or the mark of a station."""

    text: str  # a line break where it is set on two lines
    kind: str
    x: float
    y: float
    degrees: float
    letters: float


class Taken:
    """The parts of a map that something already stands on."""

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height = width, height
        self._boxes: list[BaseGeometry] = []

    def add(self, west: float, top: float, east: float, bottom: float) -> None:
        """Keep an upright box free of names."""
        import shapely

        self._boxes.append(shapely.box(west, top, east, bottom))

    def claim(self, x: float, y: float, *, wide: float, tall: float, degrees: float = 0) -> bool:
        """Take a turned box around a middle if it is free and in view; say whether it was."""
        import shapely
        from shapely import affinity

        box = shapely.box(x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
        turned = affinity.rotate(box, degrees, origin=(x, y)) if degrees else box
        west, top, east, bottom = turned.bounds
        inside = west >= 0 and top >= 0 and east <= self._width and bottom <= self._height
        if not inside or any(turned.intersects(other) for other in self._boxes):
            return False
        self._boxes.append(turned)
        return True

    def near(self, x: float, y: float, *, radius: float) -> tuple[float, float]:
        """Take a disc at a position, or the nearest free one round it; the position if none is."""
        wide = 2 * radius
        for distance in (0.0, 2.3, 3.4, 4.6):
            for step in range(8 if distance else 1):
                angle = math.radians(45 * step - 90)
                to_x = x + distance * radius * math.cos(angle)
                to_y = y + distance * radius * math.sin(angle)
                if self.claim(to_x, to_y, wide=wide, tall=wide):
                    return to_x, to_y
        return x, y


def street_labels(
    streets: Mapping[str, Sequence[Points]],
    *,
    within: Sequence[Points],
    letters: float,
    taken: Taken,
    at_most: int,
) -> list[Label]:
    """Name the longest streets along a straight stretch of theirs that lies in the ward."""
    import shapely

    ward = shapely.union_all(shapely.make_valid([shapely.Polygon(r) for r in within if len(r) > 3]))
    shapely.prepare(ward)
    lines = {
        name: shapely.line_merge(shapely.union_all([shapely.LineString(p) for p in parts]))
        for name, parts in streets.items()
        if parts
    }
    placed: list[Label] = []
    for name in sorted(lines, key=lambda n: (-lines[n].length, n)):
        if len(placed) == at_most:
            break
        wide = len(name) * letters * _WIDTH_OF_A_LETTER
        for x, y, degrees in _straight_stretches(lines[name], wide):
            if ward.contains(shapely.Point(x, y)) and taken.claim(
                x, y, wide=wide, tall=letters * 1.1, degrees=degrees
            ):
                placed.append(Label(name, "street", x, y, degrees, letters))
                break
    return placed


def _straight_stretches(shape: BaseGeometry, wide: float) -> Iterator[tuple[float, float, float]]:
    """Middles and angles of stretches so long that are nearly straight, the middle ones first."""
    import numpy as np
    import shapely

    for line in sorted(shapely.get_parts(shape), key=lambda part: -part.length):
        room = line.length - wide
        if line.geom_type != "LineString" or room < 0:
            continue
        starts = np.linspace(0, room, 2 * int(room / wide * 2) + 3)  # odd: the middle is one
        starts = starts[np.argsort(np.abs(starts - room / 2), kind="stable")]
        at = [
            shapely.get_coordinates(shapely.line_interpolate_point(line, starts + along))
            for along in (0, wide / 2, wide)
        ]
        for first, middle, last in zip(*at, strict=True):
            across = last - first
            chord = float(np.hypot(*across))
            off = float(np.hypot(*(middle - (first + last) / 2)))
            if chord < _STRAIGHT * wide or off > wide * 0.04:
                continue
            degrees = math.degrees(math.atan2(across[1], across[0]))
            upright = (degrees + 90) % 180 - 90
            yield float(middle[0]), float(middle[1]), upright


def ground_labels(
    grounds: Sequence[GroundToName], *, letters: float, taken: Taken, at_most: int
) -> list[Label]:
    """Name stations beside their mark, and parks and estates in their middle, largest first."""
    placed: list[Label] = []
    for name, kind, point, _rings in sorted(grounds, key=lambda g: (-_size(g[3]), g[0])):
        if len(placed) == at_most:
            break
        lines = [name] if kind == "station" else _in_two_lines(name)
        wide = max(map(len, lines)) * letters * _WIDTH_OF_A_LETTER
        tall = letters * 1.15 * len(lines)
        if kind == "station":
            middle = point[0] + wide / 2 + letters * 0.3
            free = taken.claim(middle, point[1], wide=wide + letters, tall=tall)
        else:
            free = taken.claim(*point, wide=wide, tall=tall)
        if free:
            placed.append(Label("\n".join(lines), kind, *point, 0, letters))
    return placed


def _in_two_lines(name: str) -> list[str]:
    """A long name broken at the space nearest its middle."""
    spaces = [i for i, letter in enumerate(name) if letter == " "]
    if len(name) < 14 or not spaces:
        return [name]
    middle = min(spaces, key=lambda i: abs(i - len(name) / 2))
    return [name[:middle], name[middle + 1 :]]


def _size(rings: Sequence[Points]) -> float:
    import shapely

    return sum(float(shapely.Polygon(ring).area) for ring in rings if len(ring) > 3)
