"""The roster of a usual week: each unit's shifts, by weekday and time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import TYPE_CHECKING

from peelian.core.errors import InputError

if TYPE_CHECKING:
    from peelian.core.tasking import RosteredShift

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_MINUTES = 24 * 60
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, order=True)
class WeeklyShift:
    """One unit's hours on one day of a usual week.

    day: 0 is Monday, the day on which it begins. start: minutes from that midnight.
    """

    day: int
    start: int
    band: str
    unit: str
    minutes: int

    @property
    def first_minute(self) -> int:
        """Its start in minutes from Monday 00:00."""
        return DAY_MINUTES * self.day + self.start

    def moved(self, *, day: int | None = None, start: int | None = None) -> WeeklyShift:
        """The same shift on another day, or beginning at another time."""
        return replace(
            self,
            day=self.day if day is None else day,
            start=self.start if start is None else start,
        )


def weekly_shifts(rostered: Sequence[RosteredShift]) -> tuple[WeeklyShift, ...]:
    """Every unit's shifts of a usual week, from Monday on.

    Units of a day and band are lettered A, B and so on, across its shifts. A shift without days
    is on all of them; an end that is not after the start is the next morning's. A day or a time
    that is none, or units below 1 or more than there are letters, are an InputError.
    """
    found = []
    units: Counter[tuple[int, str]] = Counter()
    for shift in rostered:
        start, length = minute_of_day(shift.start), minutes_from(shift.start, shift.end)
        for day in day_numbers(shift.days or DAYS):
            first = units[day, shift.band]
            units[day, shift.band] += shift.units
            if shift.units < 1 or units[day, shift.band] > len(ascii_uppercase):
                raise InputError(
                    f"A band of a day has from 1 to {len(ascii_uppercase)} units, lettered; found "
                    f"{units[day, shift.band]} in {shift.band!r}. Correct the tasking file."
                )
            found += [
                WeeklyShift(day, start, shift.band, unit, length)
                for unit in ascii_uppercase[first : units[day, shift.band]]
            ]
    return tuple(sorted(found))


def day_numbers(days: Sequence[str]) -> tuple[int, ...]:
    """Days by number, 0 is Monday, each once and in order; no day, or none such: InputError."""
    unknown = [day for day in days if day.strip().lower() not in DAYS]
    if unknown or not days:
        raise InputError(
            f"Days are written as {', '.join(DAYS)}; found "
            f"{', '.join(map(repr, unknown)) or 'none'}. Correct the tasking file."
        )
    return tuple(sorted({DAYS.index(day.strip().lower()) for day in days}))


def minute_of_day(written: str) -> int:
    """A time as HH:MM in minutes from midnight; InputError for anything else."""
    time = _TIME.fullmatch(written.strip())
    if time is None:
        raise InputError(
            f"A time is written as HH:MM, from 00:00 to 23:59; found {written!r}. Correct the "
            f"tasking file."
        )
    return 60 * int(time[1]) + int(time[2])


def minutes_from(start: str, end: str) -> int:
    """Minutes from one time to another, HH:MM both; over midnight where it is not later."""
    return (minute_of_day(end) - minute_of_day(start)) % DAY_MINUTES or DAY_MINUTES
