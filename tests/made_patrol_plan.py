"""A small plan of two places, to count what was delivered of it by hand."""

from dataclasses import replace
from datetime import datetime, timedelta

import made_patrols
from made_patrols import MONDAY
from peelian.core.patrols import PatrolPlan, PlannedVisit, Shift, Visit
from walked_traces import hotspot

BASE = (530_000.0, 183_000.0)


def at(day: int, clock: str) -> datetime:
    """A time so many days after MONDAY."""
    hour, minute = clock.split(":")
    return datetime.combine(MONDAY + timedelta(days=day), datetime.min.time()) + timedelta(
        hours=int(hour), minutes=int(minute)
    )


def shift(day: int, start: str = "14:00", end: str = "22:00", *, band="late", unit="A") -> Shift:
    begins, ends = at(day, start), at(day, end)
    if ends <= begins:
        ends += timedelta(days=1)
    return Shift(f"{begins.date()} {band} {unit}", band, unit, "foot", begins, ends, BASE)


def planned(place_id: str, of: Shift, day: int, start: str, minutes: int = 14) -> PlannedVisit:
    begins = at(day, start)
    return PlannedVisit(place_id, of.shift_id, begins, begins + timedelta(minutes=minutes))


def visit(place_id: str, day: int, start: str, minutes: float = 14, **other) -> Visit:
    begins = at(day, start)
    of = {"mode": "foot", "unit": "", **other}
    return Visit(place_id, begins, begins + timedelta(minutes=minutes), **of)


def plan(shifts, visits, *, days: int = 7, hotspots=None, dose=None) -> PatrolPlan:
    spots = hotspots or (
        hotspot("a", (530_500.0, 183_000.0), name="Plender Street"),
        hotspot("b", (530_000.0, 183_600.0), name="Curnock Estate"),
    )
    made = made_patrols.plan(spots, visits, days=days)
    return replace(made, shifts=tuple(shifts), dose=dose or made.dose)
