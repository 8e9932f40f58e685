"""The hour at which clocks are changed: no visit is planned in it, since nobody could tell when.

In March the hour from one to two is skipped, in October it comes twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# O'clock on the wall, where the hour begins and ends.
CLOCKS_CHANGE = (1, 2)

_LONDON = ZoneInfo("Europe/London")
_HOUR = timedelta(hours=1)


def is_unclear(wall: datetime) -> bool:
    """Whether a time on the wall is one that clocks never show, or show twice."""
    before, after = (wall.replace(tzinfo=_LONDON, fold=fold) for fold in (0, 1))
    return before.utcoffset() != after.utcoffset()


def unclear_hours(start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The hours from start to end, on the wall, at which clocks are changed."""
    first = start.replace(minute=0, second=0, microsecond=0)
    hours = [first + n * _HOUR for n in range(int((end - first) / _HOUR) + 1)]
    return [(hour, hour + _HOUR) for hour in hours if is_unclear(hour)]
