"""The roster of a usual week: each unit's shifts, by weekday and time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import TYPE_CHECKING

from peelian.core.errors import InputError
from peelian.core.week import DAY_MINUTES, DAYS, day_numbers, minute_of_day, minutes_from

if TYPE_CHECKING:
    from peelian.core.tasking import RosteredShift


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

    An end that is not after the start is the next morning's. A day or a time that is none, or
    units below 1 or more than there are letters, are an InputError.
    """
    return tuple(
        sorted(
            WeeklyShift(
                day, minute_of_day(row.start), row.band, unit, minutes_from(row.start, row.end)
            )
            for day in range(len(DAYS))
            for row, unit in units_of_day(rostered, day)
        )
    )


def units_of_day(
    rostered: Sequence[RosteredShift], day: int
) -> tuple[tuple[RosteredShift, str], ...]:
    """Each unit that is out on a weekday, 0 is Monday: its row of the roster, and its letter.

    Units of a band are lettered A, B and so on, across its rows. A row without days is of all
    of them. Units below 1 or more than there are letters are an InputError.
    """
    found: list[tuple[RosteredShift, str]] = []
    lettered: Counter[str] = Counter()
    for row in rostered:
        if day not in day_numbers(row.days or DAYS):
            continue
        first = lettered[row.band]
        lettered[row.band] += row.units
        if row.units < 1 or lettered[row.band] > len(ascii_uppercase):
            raise InputError(
                f"A band of a day has from 1 to {len(ascii_uppercase)} units, lettered; found "
                f"{lettered[row.band]} in {row.band!r}. Correct the tasking file."
            )
        found += [(row, unit) for unit in ascii_uppercase[first : lettered[row.band]]]
    return tuple(found)
