"""Snap points grouped into named micro-places, the finest places that open crime records know.

The publisher moves each record to one of its fixed points, "On or near Pratt Street", and
issues points anew every few years a little to the side. Points of one name that lie
together are therefore one place. Names such as "Supermarket" are those of a kind of
place, not of a place: they are told apart by the nearest street.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from peelian.core.place_names import normalised
from peelian.core.places import MicroPlace, NamedPlace, SnapPoint

# The publisher's names for kinds of place, and how a reader would write them: all that stand in
# Metropolitan, British Transport and City of London records of 2016 to 2022. The archive
# writes "Theatre/Concert Hall", the service "Theatre/concert Hall".
GENERIC_NAMES: dict[str, str] = {
    "airport/airfield": "Airport or airfield",
    "bus/coach station": "Bus or coach station",
    "conference/exhibition centre": "Conference or exhibition centre",
    "further/higher educational building": "Further or higher education building",
    "hospital": "Hospital",
    "motorway service area": "Motorway service area",
    "nightclub": "Nightclub",
    "park/open space": "Park or open space",
    "parking area": "Parking area",
    "pedestrian subway": "Pedestrian subway",
    "petrol station": "Petrol station",
    "police station": "Police station",
    "prison": "Prison",
    "race track": "Race track",
    "shopping area": "Shopping area",
    "sports/recreation area": "Sports or recreation area",
    "supermarket": "Supermarket",
    "theatre/concert hall": "Theatre or concert hall",
    "theme/adventure park": "Theme or adventure park",
}

ON_OR_NEAR = re.compile(r"^on or near\b\s*", re.IGNORECASE)
_UNDERGROUND = re.compile(
    r"^(?P<name>.+?)(?: lu station)? \((?:lu station|underground)\)$", re.IGNORECASE
)
_RAILWAY = re.compile(r"^(?P<name>.+?) \(station\)$", re.IGNORECASE)

# Two supermarkets of one street are two places; a point issued anew lies closer than this.
GENERIC_WITHIN_M = 50.0
# A street further away than this tells nobody where a supermarket is.
NEAREST_WITHIN_M = 400.0
# Of streets at most this far away the longest is named first: people know Camden High Street,
# not the yard behind it.
AT_THE_CORNER_M = 40.0


def group_snap_points(
    points: Iterable[SnapPoint],
    named_streets: Sequence[NamedPlace] = (),
    *,
    within_m: float = 150.0,
    generic_within_m: float = GENERIC_WITHIN_M,
) -> tuple[MicroPlace, ...]:
    """Group snap points into micro-places, each with a name of its own.

    Points of one name that are linked by steps of at most `within_m` metres, ends included,
    are one place (`generic_within_m` for generic names). Every point is in exactly one place.
    named_streets: to tell places of one name, or without a name, apart by the nearest street.
    Sorted by name; no points give no places.
    """
    by_name: dict[str, list[SnapPoint]] = defaultdict(list)
    for point in sorted(set(points), key=_position):
        by_name[normalised(place_name(point.location))].append(point)
    groups = [
        group
        for _, same in sorted(by_name.items())
        for group in _linked(
            same, generic_within_m if is_generic(place_name(same[0].location)) else within_m
        )
    ]
    names = _own_names(groups, _Streets(named_streets))
    places = [
        MicroPlace(_place_id(name, group[0]), name, tuple(group))
        for name, group in zip(names, groups, strict=True)
    ]
    return tuple(sorted(places, key=lambda place: (place.name, place.place_id)))


def place_name(location: str) -> str:
    """The published location as a reader would write it; empty where it names nothing.

    "On or near Pratt Street" is "Pratt Street"; "Euston (station)" is "Euston station";
    "On or near Theatre/concert Hall" is "Theatre or concert hall".
    """
    name = ON_OR_NEAR.sub("", " ".join(location.split()))
    for pattern, words in ((_UNDERGROUND, "underground station"), (_RAILWAY, "station")):
        match = pattern.match(name)
        if match:
            return f"{match['name']} {words}"
    if name.casefold() in GENERIC_NAMES:
        return GENERIC_NAMES[name.casefold()]
    # The archive writes each word with a capital, "Queen'S Road".
    return re.sub(r"(?<=['’])S\b", "s", name)


def is_generic(name: str) -> bool:
    """Whether a place's name says a kind of place rather than a place, or nothing at all."""
    return not name or name in GENERIC_NAMES.values()


class _Streets:
    """Named streets to tell places apart by."""

    def __init__(self, streets: Sequence[NamedPlace]) -> None:
        import shapely

        self._names = [s.name for s in streets if s.kind == "street"]
        self._shapes = np.array([s.shape for s in streets if s.kind == "street"], dtype=object)
        self._tree = shapely.STRtree(self._shapes)

    def nearest(self, group: Sequence[SnapPoint], *, count: int) -> list[str]:
        """Names of the streets that tell best where the group's middle is, but for its own."""
        import shapely

        middle = shapely.Point(*MicroPlace("", "", tuple(group)).centre)
        near = self._tree.query(middle, predicate="dwithin", distance=NEAREST_WITHIN_M)
        away = shapely.distance(self._shapes[near], middle)
        length = shapely.length(self._shapes[near])
        at_the_corner = away <= AT_THE_CORNER_M
        ranked = sorted(
            zip(
                np.where(at_the_corner, 0.0, away).tolist(),
                np.where(at_the_corner, -length, 0.0).tolist(),
                (self._names[i] for i in near),
                strict=True,
            )
        )
        own = normalised(place_name(group[0].location))
        names = dict.fromkeys(name for *_, name in ranked if normalised(name) != own)
        return list(names)[:count]


def _linked(points: list[SnapPoint], within_m: float) -> list[list[SnapPoint]]:
    """Points split into groups linked by steps of at most so many metres, each in its order."""
    spots = np.array([(p.easting, p.northing) for p in points])
    group_of = np.full(len(points), -1)
    for first in range(len(points)):
        if group_of[first] >= 0:
            continue
        group_of[first] = first
        edge = [first]
        while edge:
            away = np.hypot(*(spots - spots[edge.pop()]).T)
            found = np.flatnonzero((away <= within_m) & (group_of < 0))
            group_of[found] = first
            edge += found.tolist()
    return [[points[i] for i in np.flatnonzero(group_of == first)] for first in np.unique(group_of)]


def _own_names(groups: Sequence[Sequence[SnapPoint]], streets: _Streets) -> list[str]:
    """A name for each group that no other has: with nearest streets, at last with a number."""
    plain = [place_name(group[0].location) for group in groups]
    shared = Counter(normalised(name) for name in plain)
    near = [
        streets.nearest(group, count=3) if is_generic(name) or shared[normalised(name)] > 1 else []
        for name, group in zip(plain, groups, strict=True)
    ]
    names = [
        _with_streets(name, streets_near[:1] if is_generic(name) else [])
        for name, streets_near in zip(plain, near, strict=True)
    ]
    for used in (1, 2, 3):
        taken = Counter(normalised(name) for name in names)
        names = [
            _with_streets(own, streets_near[:used]) if taken[normalised(name)] > 1 else name
            for own, name, streets_near in zip(plain, names, near, strict=True)
        ]
    return _numbered(names)


def _with_streets(name: str, streets: Sequence[str]) -> str:
    called = name or "A place without a name"
    return f"{called} near {' and '.join(streets)}" if streets else called


def _numbered(names: Sequence[str]) -> list[str]:
    """Names that are still shared, numbered in the order given."""
    shared = Counter(normalised(name) for name in names)
    met: Counter[str] = Counter()
    numbered = []
    for name in names:
        key = normalised(name)
        met[key] += 1
        numbered.append(f"{name} ({met[key]})" if shared[key] > 1 else name)
    return numbered


def _place_id(name: str, first: SnapPoint) -> str:
    """Stable as long as the name and the most south-westerly snap point stay."""
    words = re.sub(r"[^a-z0-9]+", "-", normalised(name)).strip("-")
    return f"{words}-{first.easting:.0f}-{first.northing:.0f}"


def _position(point: SnapPoint) -> tuple[float, float, str]:
    return (point.easting, point.northing, point.location)
