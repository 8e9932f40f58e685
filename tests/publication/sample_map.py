"""The sample page's map: a bent grid of streets, two parks, an estate, two stations. All made."""

from __future__ import annotations

import math
from collections.abc import Sequence

from peelian.publication.disclosed import DisclosedGround, DisclosedMap, DisclosedStreet, Ring

WEST, SOUTH = 529_400.0, 182_600.0


def moved(points: Sequence[tuple[float, float]]) -> Ring:
    return tuple((WEST + east, SOUTH + north) for east, north in points)


def _bent(east: float, north: float) -> tuple[float, float]:
    """The grid of streets, turned by 14 degrees and bowed a little, as a real ward's would be."""
    turn = math.radians(14)
    x, y = east - 600, north - 700
    bow = 40 * math.sin(y / 300)
    return (
        600 + x * math.cos(turn) - y * math.sin(turn) + bow,
        700 + x * math.sin(turn) + y * math.cos(turn),
    )


_ACROSS = (
    "Tanner's Row", "Market Parade", "Chapel Street", "Lock Street", "Millfield Road", "Basin Walk",
    "Old Wharf Road", "Foundry Lane", "", "Dyers Passage",
)  # fmt: skip
_ALONG = (
    "Canal Street", "Quay Road", "Bellfounder Street", "Rope Walk", "Granary Street", "",
    "St Anne's Place",
)  # fmt: skip


def made_map() -> DisclosedMap:
    """A bent grid of streets, two parks, an estate and two stations in a seven-cornered ward."""
    streets = []
    for row, name in enumerate(_ACROSS):
        north = 60 + row * 135
        line = [_bent(east, north) for east in range(-80, 1321, 70)]
        streets.append(
            DisclosedStreet(name, "secondary" if row == 4 else "residential", (moved(line),))
        )
    for column, name in enumerate(_ALONG):
        east = 40 + column * 185
        line = [_bent(east, north) for north in range(-40, 1441, 70)]
        highway = "primary" if column == 3 else "footway" if not name else "residential"
        streets.append(DisclosedStreet(name, highway, (moved(line),)))
    park = [_bent(*p) for p in ((60, 620), (215, 620), (215, 860), (60, 860), (60, 620))]
    green = [_bent(*p) for p in ((790, 350), (930, 350), (930, 450), (790, 450), (790, 350))]
    estate = [_bent(*p) for p in ((60, 210), (210, 210), (210, 320), (60, 320), (60, 210))]
    outline = (
        (120, 60),
        (700, 20),
        (1120, 260),
        (1130, 900),
        (860, 1290),
        (300, 1330),
        (40, 900),
        (120, 60),
    )
    return DisclosedMap(
        outline=(moved(outline),),
        streets=tuple(streets),
        grounds=(
            DisclosedGround(
                "Millfield Gardens", "park", (moved(park),), moved([_bent(137, 740)])[0]
            ),
            DisclosedGround("Foundry Green", "park", (moved(green),), moved([_bent(860, 400)])[0]),
            DisclosedGround(
                "Old Wharf Estate", "estate", (moved(estate),), moved([_bent(135, 265)])[0]
            ),
            DisclosedGround("Quayside", "station", (), (WEST + 240, SOUTH + 610)),
            DisclosedGround("Millfield", "station", (), (WEST + 920, SOUTH + 1010)),
        ),
        attribution="Streets, parks and stations: © OpenStreetMap contributors, ODbL.",
    )
