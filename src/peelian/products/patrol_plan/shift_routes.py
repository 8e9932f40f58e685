"""Each shift of a plan as a round: from its base to its visits in order, and back, by street."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from peelian.core.errors import CoverageError, UnknownPlaceError
from peelian.response.directions import directions

if TYPE_CHECKING:
    from peelian.core.patrols import (
        Abstraction,
        Hotspot,
        PatrolMode,
        PatrolPlan,
        PlannedVisit,
        Shift,
    )
    from peelian.core.streets import StreetNetwork
    from peelian.response.directions import Directions

Point = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Leg:
    """The way to a visit, or back to the base where `visit` and `hotspot` are None.

    way: None where the street map held knows none. leaves: the last whole minute at which a
    unit sets out and still keeps the visit's time; on the way back, the end of the visit before.
    """

    way: Directions | None
    leaves: datetime
    visit: PlannedVisit | None = None
    hotspot: Hotspot | None = None

    @property
    def arrives(self) -> datetime:
        """When the visit begins, or by which whole minute the unit is back."""
        return self.visit.start if self.visit else self.leaves + _minutes(self.way)


@dataclass(frozen=True, eq=False)
class ShiftRoute:
    """A unit's round in one shift. lost: hours that it has lost to other work, by their start."""

    shift: Shift
    legs: tuple[Leg, ...]
    lost: tuple[Abstraction, ...] = ()

    @property
    def stops(self) -> tuple[Leg, ...]:
        """The legs that lead to a visit."""
        return tuple(leg for leg in self.legs if leg.visit)


def shift_routes(plan: PatrolPlan, network: StreetNetwork) -> tuple[ShiftRoute, ...]:
    """Every shift's round in order of time; a shift without visits has no legs.

    Where hours are lost between two visits, the unit is back at its base in between.
    """
    hotspots = {place.place_id: place for place in plan.hotspots}
    ways = _Ways(network)
    shifts = sorted(plan.shifts, key=lambda shift: (shift.start, shift.band, shift.unit))
    return tuple(
        ShiftRoute(
            shift,
            tuple(_legs(shift, visits, lost, hotspots=hotspots, ways=ways)),
            lost,
        )
        for shift in shifts
        for visits, lost in [_of_shift(plan, shift.shift_id)]
    )


class _Ways:
    """Ways already found, since units go the same ways day by day."""

    def __init__(self, network: StreetNetwork) -> None:
        self._network = network
        self._found: dict[tuple[Point, Point, PatrolMode], Directions | None] = {}

    def between(self, start: Point, end: Point, mode: PatrolMode) -> Directions | None:
        if (start, end, mode) not in self._found:
            try:
                way = directions(self._network, start, end, mode=mode)
            except (CoverageError, UnknownPlaceError):
                way = None
            self._found[start, end, mode] = way
        return self._found[start, end, mode]


def _of_shift(
    plan: PatrolPlan, shift_id: str
) -> tuple[list[PlannedVisit], tuple[Abstraction, ...]]:
    visits = sorted((v for v in plan.visits if v.shift_id == shift_id), key=lambda v: v.start)
    lost = sorted((a for a in plan.abstractions if a.shift_id == shift_id), key=lambda a: a.start)
    return visits, tuple(lost)


def _legs(
    shift: Shift,
    visits: list[PlannedVisit],
    lost: tuple[Abstraction, ...],
    *,
    hotspots: Mapping[str, Hotspot],
    ways: _Ways,
) -> Iterator[Leg]:
    at, free = shift.base, shift.start
    for visit in visits:
        if at != shift.base and any(free <= each.start < visit.start for each in lost):
            yield Leg(ways.between(at, shift.base, shift.mode), free)
            at = shift.base
        hotspot = hotspots[visit.place_id]
        way = ways.between(at, hotspot.centre, shift.mode)
        yield Leg(way, max(free, visit.start - _minutes(way)), visit, hotspot)
        at, free = hotspot.centre, visit.end
    if visits:
        yield Leg(ways.between(at, shift.base, shift.mode), free)


def _minutes(way: Directions | None) -> timedelta:
    return timedelta(minutes=ceil(way.minutes) if way else 0)
