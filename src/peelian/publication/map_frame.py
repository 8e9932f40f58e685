"""Where things stand on a map, and how large they are on a phone and on a desk."""

from __future__ import annotations

from dataclasses import dataclass

from peelian.publication.disclosed import DisclosedMap, Ring

WIDTH = 1000  # the drawing's own units: half a pixel on a desk, a third on a phone
_MARGIN = 0.04  # of the ward's longer side
_TALLEST, _WIDEST = 1.25, 1.6  # height over width, and width over height, at most


@dataclass(frozen=True)
class Size:
    """How large letters and rings are: pixels, at the width the map is shown."""

    name: str
    shown_px: int
    letters_px: float
    number_px: float  # radius of the disc behind a place's number
    largest_px: float  # radius of the ring of the place with most records expected
    streets: int  # labels at most
    grounds: int

    def units(self, pixels: float) -> float:
        """Pixels as the drawing's own units."""
        return pixels * WIDTH / self.shown_px


PHONE = Size("phone", 300, 11, 8.5, 26, streets=6, grounds=4)
DESK = Size("desk", 560, 12, 10, 38, streets=18, grounds=12)


@dataclass(frozen=True)
class Frame:
    """From eastings and northings to the drawing's units; north is up."""

    west: float
    north: float
    metres: float  # a unit
    height: int

    @classmethod
    def around(cls, ward_map: DisclosedMap) -> Frame:
        """The frame that holds the ward's line, not too tall for a phone."""
        points = [point for ring in ward_map.outline for point in ring]
        west, east = min(p[0] for p in points), max(p[0] for p in points)
        south, north = min(p[1] for p in points), max(p[1] for p in points)
        margin = _MARGIN * max(east - west, north - south)
        wide, tall = east - west + 2 * margin, north - south + 2 * margin
        shown_wide, shown_tall = max(wide, tall / _TALLEST), max(tall, wide / _WIDEST)
        metres = shown_wide / WIDTH
        return cls(
            west - margin - (shown_wide - wide) / 2,
            north + margin + (shown_tall - tall) / 2,
            metres,
            round(shown_tall / metres),
        )

    def at(self, easting: float, northing: float) -> tuple[float, float]:
        """The drawing's x and y of a position."""
        return (easting - self.west) / self.metres, (self.north - northing) / self.metres

    def ring(self, points: Ring) -> list[tuple[float, float]]:
        """A line's points in the drawing's units."""
        return [self.at(*point) for point in points]
