"""The week on the clock: its days by name, its minutes, and times as people write them.

Hours are the clock on the wall. Monday is day 0; a minute or an hour of the week is counted from
Monday 00:00.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import InputError

# As a tasking file writes them.
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOUR_MINUTES = 60
DAY_MINUTES = 24 * HOUR_MINUTES
WEEK_HOURS = 7 * 24
WEEK_MINUTES = WEEK_HOURS * HOUR_MINUTES

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def mondays(first: date, last: date) -> list[date]:
    """The Mondays of the weeks from a day's to another's, both included."""
    weeks = (week_of(last) - week_of(first)).days // 7 + 1
    return [week_of(first) + timedelta(weeks=week) for week in range(weeks)]


def day_numbers(days: Sequence[str]) -> tuple[int, ...]:
    """Days by number, 0 is Monday, each once and in order; no day, or none such: InputError."""
    unknown = [day for day in days if day.strip().lower() not in DAYS]
    if unknown or not days:
        raise InputError(
            f"Days are written as {', '.join(DAYS)}; found "
            f"{', '.join(map(repr, unknown)) or 'none'}. Correct the tasking file."
        )
    return tuple(sorted({DAYS.index(day.strip().lower()) for day in days}))


def is_time_of_day(written: str) -> bool:
    """Whether it is a time as HH:MM, from 00:00 to 23:59, and nothing around it."""
    return _TIME.fullmatch(written) is not None


def minute_of_day(written: str) -> int:
    """A time as HH:MM in minutes from midnight; InputError for anything else."""
    time = _TIME.fullmatch(written.strip())
    if time is None:
        raise InputError(
            f"A time is written as HH:MM, from 00:00 to 23:59; found {written!r}. Correct the "
            f"tasking file."
        )
    return HOUR_MINUTES * int(time[1]) + int(time[2])


def minutes_from(start: str, end: str) -> int:
    """Minutes from one time to another, HH:MM both; over midnight where it is not later."""
    return (minute_of_day(end) - minute_of_day(start)) % DAY_MINUTES or DAY_MINUTES


def minute_of_week(moment: datetime) -> float:
    """Minutes since the Monday 00:00 before it, with what is left of a minute."""
    since = moment - datetime.combine(week_of(moment.date()), datetime.min.time())
    return since / timedelta(minutes=1)


def minutes_by_hour(spans: Iterable[tuple[float, float]]) -> NDArray[np.float64]:
    """Minutes of spans of time in each hour of the week, shape (7, 24), Monday first.

    spans: the minute of the week on which each begins, and how many minutes it has, of any
    length. One is divided where hours change, and goes on from Sunday's last to Monday's first.
    """
    week = np.zeros(WEEK_HOURS)
    for first, minutes in spans:
        end = first + minutes
        for hour in range(int(first // HOUR_MINUTES), int(-(-end // HOUR_MINUTES))):
            begins = hour * HOUR_MINUTES
            week[hour % WEEK_HOURS] += min(end, begins + HOUR_MINUTES) - max(first, begins)
    return week.reshape(7, 24)
