"""Points that may collect records of elsewhere: noticed here, removed by a person alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from peelian.core.micro_places import place_name
from peelian.scanning.change import exact_rate_ratio

if TYPE_CHECKING:
    from peelian.core.places import MicroPlace, NamedPlace

# Records taken at a counter, in a cell, on a ward or a train are put at the building's point.
_KINDS = {
    "a police station": re.compile(r"\bpolice (?:station|office)\b", re.I),
    "a hospital": re.compile(r"\b(?:hospital|infirmary)\b", re.I),
    "a prison": re.compile(r"\b(?:prison|HMP)\b"),
    "a station": re.compile(r"(?<!police )(?<!petrol )(?<!fire )\bstation\b", re.I),
}
AT_THE_DOOR_M = 50.0
AROUND_M = 300.0
# At least this many times the records of a point nearby, surely. In Camden's 20 wards it points
# at 10 points of 1,424: four at or beside a hospital, five of stations, a police station.
LEAST_TIMES = 2.0
LEAST_NEIGHBOURS = 3


@dataclass(frozen=True)
class Artefact:
    """A point that may be one. place: its micro-place's name. records: in twelve months.

    standing_for: "a hospital (St Pancras Hospital)". low: how many times those of a mean
    point within 300 m they are at least, the low end of an exact 95 % interval.
    """

    place: str
    standing_for: str
    records: int
    low: float


def suspected_artefacts(
    points: Sequence[MicroPlace], records: ArrayLike, named_places: Sequence[NamedPlace]
) -> tuple[Artefact, ...]:
    """Points at a station, hospital, police station or prison with far more records than others.

    points: each snap point under its micro-place's name. records: of the last twelve months,
    one entry a point. A point is suspected where its published name says such a kind, or where a
    hospital, police station or prison of the map is at most 50 m away, and where it surely has
    at least twice the records of a mean point within 300 m; with fewer than three points around,
    nothing is said. A street beside a railway station is not suspected: most of the eleven such
    in Camden were high streets and their shops, busy by themselves. Most records first; equal
    ones by name.
    """
    recent = np.asarray(records, dtype=float)
    positions = np.array([point.centre for point in points]).reshape(-1, 2)
    buildings = [(kind, place) for place in named_places if (kind := _kind_of(place))]
    found = []
    for index, point in enumerate(points):
        away = np.hypot(*(positions - positions[index]).T)
        around = np.flatnonzero((away <= AROUND_M) & (np.arange(len(points)) != index))
        standing_for = _standing_for(point, buildings) if recent[index] else ""
        if not standing_for or len(around) < LEAST_NEIGHBOURS:
            continue
        beside = int(recent[around].sum())
        ratio = exact_rate_ratio(beside, int(recent[index]), exposure_before=len(around))
        if ratio.low >= LEAST_TIMES:
            found.append(Artefact(point.name, standing_for, int(recent[index]), ratio.low))
    return tuple(sorted(found, key=lambda each: (-each.records, each.place)))


def _standing_for(point: MicroPlace, buildings: Sequence[tuple[str, NamedPlace]]) -> str:
    """Which such building the point may stand for; empty where none."""
    import shapely

    published = place_name(point.snap_points[0].location)
    for kind, words in _KINDS.items():
        if words.search(published):
            return kind
    spot = shapely.Point(*point.centre)
    near = [
        (place.shape.distance(spot), place.name, kind)
        for kind, place in buildings
        if shapely.dwithin(place.shape, spot, AT_THE_DOOR_M)
    ]
    return f"{min(near)[2]} ({min(near)[1]})" if near else ""


def _kind_of(place: NamedPlace) -> str:
    """The kind of a building that records may be put at; empty for any other place."""
    kind = next((kind for kind, words in _KINDS.items() if words.search(place.name)), "")
    return kind if place.kind == "building" and kind != "a station" else ""
