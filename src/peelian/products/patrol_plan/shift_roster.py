"""The shifts of a plan's days: from the tasking file, or the usual hours where none is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from peelian.core.errors import InputError, UnknownPlaceError
from peelian.core.gazetteer import Gazetteer
from peelian.core.patrols import Abstraction, Dose, Shift
from peelian.core.place_names import normalised
from peelian.core.tasking import RosteredShift
from peelian.core.week import minute_of_day, minutes_from
from peelian.response.roster import units_of_day

if TYPE_CHECKING:
    from peelian.core.areas import Area
    from peelian.core.places import NamedPlace
    from peelian.core.tasking import LostHours, Tasking

# Six hours of a late tour of eight: what is left is for briefing, a meal and other work.
_USUAL_HOURS = (("afternoon", "15:00", "18:00"), ("evening", "19:00", "22:00"))
_STATION = "police station"


@dataclass(frozen=True)
class Base:
    """Where shifts begin and end. point: easting and northing, EPSG:27700, metres."""

    name: str
    point: tuple[float, float]
    notice: str = ""  # where nobody named it


def usual_shifts(*, units: int) -> list[RosteredShift]:
    """The hours taken where no tasking file says which: 15:00 to 18:00 and 19:00 to 22:00."""
    return [
        RosteredShift(band=band, start=start, end=end, units=units)
        for band, start, end in _USUAL_HOURS
    ]


def usual_hours_notice(shifts: Sequence[RosteredShift]) -> str:
    """That the hours are the program's and not the team's, and how to change them."""
    hours = " and ".join(f"{shift.start} to {shift.end}" for shift in shifts)
    return (
        f"No tasking file gives shifts, so the usual hours are taken: {shifts[0].units} units on "
        f"foot, {hours}, every day. Write the team's own hours in a tasking file and name it with "
        f"--tasking."
    )


def shifts_of_days(
    rostered: Sequence[RosteredShift], days: Sequence[date], base: tuple[float, float]
) -> tuple[Shift, ...]:
    """Every unit's shift on every day, lettered as `response.roster.units_of_day` has them."""
    found = [
        _shift(row, day, unit, base)
        for day in days
        for row, unit in units_of_day(rostered, day.weekday())
    ]
    return tuple(sorted(found, key=lambda shift: (shift.start, shift.band, shift.unit)))


def _shift(row: RosteredShift, day: date, unit: str, base: tuple[float, float]) -> Shift:
    start = _at(day, row.start)
    end = start + timedelta(minutes=minutes_from(row.start, row.end))
    shift_id = f"{day.isoformat()} {row.band} {unit}"
    return Shift(shift_id, row.band, unit, row.mode, start, end, base)


def lost_from(
    told: Iterable[LostHours], shifts: Sequence[Shift], *, first: date, last: date
) -> tuple[Abstraction, ...]:
    """Hours lost in a plan's days; those of other days are for other plans.

    An InputError for hours of a shift that the plan does not have.
    """
    return tuple(
        _lost(shifts, each) for each in told if first.isoformat() <= each.date <= last.isoformat()
    )


def _lost(shifts: Sequence[Shift], lost: LostHours) -> Abstraction:
    shift_id = f"{lost.date} {lost.band} {lost.unit}"
    shift = next((each for each in shifts if each.shift_id == shift_id), None)
    if shift is None:
        on_day = [s.shift_id for s in shifts if s.shift_id.startswith(lost.date)]
        raise InputError(
            f"Hours are lost from a shift that the plan has; it has no {shift_id}. On that day "
            f"it has: {', '.join(on_day) or 'none'}. Correct the tasking file."
        )
    start, end = shift.start, shift.end
    if lost.start:
        start, end = _within(shift, lost.start), _within(shift, lost.end)
    start, end = max(start, shift.start), min(end, shift.end)
    if end <= start:
        raise InputError(
            f"Hours are lost within a shift; {lost.start} to {lost.end} are none of {shift_id}, "
            f"which is from {shift.start:%H:%M} to {shift.end:%H:%M}. Correct the tasking file."
        )
    return Abstraction(shift_id, start, end, lost.reason)


def _within(shift: Shift, written: str) -> datetime:
    """A time of the shift's own day, or of the next where the shift runs over midnight."""
    moment = _at(shift.start.date(), written)
    runs_over = shift.end.date() > shift.start.date() and moment < shift.start
    return moment + timedelta(days=1) if runs_over else moment


def _at(day: date, written: str) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minute_of_day(written))


def dose_of(tasking: Tasking) -> Dose:
    """The usual dose with what the tasking file changes."""
    changes, usual = tasking.dose, Dose()
    shortest = (
        usual.shortest_minutes if changes.shortest_minutes is None else changes.shortest_minutes
    )
    longest = usual.longest_minutes if changes.longest_minutes is None else changes.longest_minutes
    return Dose(
        shortest_minutes=shortest,
        longest_minutes=longest,
        route_minutes=min(max(usual.route_minutes, shortest), longest),
        gap_minutes=usual.gap_minutes if changes.gap_minutes is None else changes.gap_minutes,
        visits_a_day=usual.visits_a_day
        if changes.visits_a_day is None
        else tuple((rank, visits) for rank, visits in changes.visits_a_day),
    )


def base_of(named: Sequence[NamedPlace], area: Area, *, told: str) -> Base:
    """Where shifts begin and end: as told, else the nearest police station, else the middle.

    told: a name that the map knows; empty for none. UnknownPlaceError for one that it does not.
    """
    if told:
        return _told(named, area, told)
    stations = sorted(
        (place for place in named if _is_police_station(place)),
        key=lambda place: (round(float(place.shape.distance(area.shape))), place.name),
    )
    if stations:
        nearest = stations[0]
        metres = round(float(nearest.shape.distance(area.shape)), -1)
        where = f"{metres:.0f} m from the ward" if metres else "in the ward"
        return Base(
            nearest.name,
            _point(nearest),
            f"No base is named, so units start from {nearest.name}, the police station nearest on "
            f"the map, {where}. Name the team's own as `base` in a tasking file.",
        )
    middle = area.shape.representative_point()
    return Base(
        f"the middle of {area.name}",
        (float(middle.x), float(middle.y)),
        "No base is named and the map shows no police station within reach, so units start from "
        "the middle of the ward. Name the team's own as `base` in a tasking file.",
    )


def _told(named: Sequence[NamedPlace], area: Area, told: str) -> Base:
    found = Gazetteer(named, near=area.shape).resolve(told)
    if found.place is None or found.certainty not in ("exact", "alias"):
        near = ", ".join(dict.fromkeys(_near_names(found.place, found.alternatives)))
        raise UnknownPlaceError(
            f"A base is a place that the map knows by name; {told!r} is none"
            + (f". Near it: {near}. " if near else ". ")
            + "Write its name as on the map, in the tasking file."
        )
    return Base(found.place.name, _point(found.place))


def _near_names(place: NamedPlace | None, others: Sequence[NamedPlace]) -> Iterator[str]:
    yield from (each.name for each in (place, *others) if each is not None)


def _is_police_station(place: NamedPlace) -> bool:
    return any(_STATION in normalised(name) for name in (place.name, *place.aliases))


def _point(place: NamedPlace) -> tuple[float, float]:
    point = place.shape.representative_point()
    return round(float(point.x), 1), round(float(point.y), 1)
