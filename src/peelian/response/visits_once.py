"""Records of one unit that overlap, made into time that is counted once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from peelian.core.patrols import Visit


@dataclass(frozen=True)
class VisitsOnce:
    """Visits, in order of time, in which no unit's minute at a place counts twice.

    joined: records that told of a visit already told of. at_two_places: pairs of visits that
    have one unit at two hot spots at a time; both are kept, and one of them must be wrong.
    perhaps_twice: visits to a place during another visit to it, of which either has no unit.
    """

    visits: tuple[Visit, ...]
    joined: int
    at_two_places: tuple[tuple[Visit, Visit], ...]
    perhaps_twice: int


def visits_once(visits: Iterable[Visit]) -> VisitsOnce:
    """Put together what a log and a trace, or two logs, both tell of one unit.

    Overlapping visits of a unit to the same place become one from the first start to the last
    end, with the mode of the earlier. Background patrol is cut where the unit was at a hot
    spot. Without a unit two records may be two units', and both count.
    """
    held = sorted(visits, key=lambda v: (v.unit, v.place_id, v.start, v.end, v.mode, v.visible))
    kept: list[Visit] = [each for each in held if not each.unit]
    joined = 0
    for _, group in groupby(
        (each for each in held if each.unit), key=lambda v: (v.unit, v.place_id)
    ):
        own: list[Visit] = []
        for each in group:
            if own and each.start < own[-1].end:
                own[-1] = replace(own[-1], end=max(own[-1].end, each.end))
                joined += 1
            else:
                own.append(each)
        kept += own
    placed = [each for each in kept if each.place_id]
    of_unit = {unit: _Placed([v for v in placed if v.unit == unit]) for unit in _units(placed)}
    cut = [
        part
        for each in kept
        if not each.place_id
        for part in _apart_from(
            each, of_unit[each.unit].during(each) if each.unit in of_unit else ()
        )
    ]
    ordered = sorted([*placed, *cut], key=lambda v: (v.start, v.end, v.place_id, v.unit, v.mode))
    return VisitsOnce(
        tuple(ordered), joined, tuple(_at_two_places(ordered)), _perhaps_twice(ordered)
    )


def _units(visits: Iterable[Visit]) -> set[str]:
    """The units that are named."""
    return {each.unit for each in visits if each.unit}


class _Placed:
    """A unit's visits by their start, so that those during another are found without a search."""

    def __init__(self, visits: Iterable[Visit]) -> None:
        self._visits = sorted(visits, key=lambda v: v.start)
        self._starts = [each.start for each in self._visits]
        self._longest = max(each.end - each.start for each in self._visits)

    def during(self, other: Visit) -> Sequence[Visit]:
        """Those that may overlap it, and every one that does."""
        # Not other.start less the longest: in the year 1 there is no such time.
        first = bisect_left(self._starts, other.start, key=lambda start: start + self._longest)
        return self._visits[first : bisect_left(self._starts, other.end)]


def _apart_from(background: Visit, placed: Sequence[Visit]) -> Iterable[Visit]:
    """What is left of background patrol without the unit's visits."""
    at: datetime = background.start
    for each in sorted(placed, key=lambda v: v.start):
        if each.end > at and each.start < background.end:
            if each.start > at:
                yield replace(background, start=at, end=each.start)
            at = max(at, each.end)
    if at < background.end:
        yield replace(background, start=at)


def _at_two_places(ordered: Sequence[Visit]) -> Iterable[tuple[Visit, Visit]]:
    by_unit: dict[str, list[Visit]] = {}
    for each in ordered:
        if not each.place_id or not each.unit:
            continue
        still = [v for v in by_unit.get(each.unit, []) if v.end > each.start]
        yield from ((before, each) for before in still)
        by_unit[each.unit] = [*still, each]


def _perhaps_twice(ordered: Sequence[Visit]) -> int:
    found = 0
    by_place: dict[str, list[Visit]] = {}
    for each in ordered:
        if each.place_id:
            still = [v for v in by_place.get(each.place_id, []) if v.end > each.start]
            found += any(not (v.unit and each.unit) for v in still)
            by_place[each.place_id] = [*still, each]
    return found
