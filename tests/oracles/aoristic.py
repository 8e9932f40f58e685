"""Aoristic weights again, slowly: minute by minute of time that passed, as the clock showed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

LONDON, UTC = ZoneInfo("Europe/London"), ZoneInfo("UTC")


def minutes_shown(start: datetime, end: datetime) -> list[datetime]:
    """What the clock in London showed in each minute from start to end, the end not included."""
    # A time that comes twice is its first; one that was skipped is an hour later: fold=0.
    moment = start.replace(tzinfo=LONDON).astimezone(UTC)
    last = end.replace(tzinfo=LONDON).astimezone(UTC)
    shown = []
    while moment < last:
        shown.append(moment.astimezone(LONDON).replace(tzinfo=None))
        moment += timedelta(minutes=1)
    return shown or [start]


def weights_by_hour_of_week(times: Sequence[tuple[datetime, datetime]]) -> list[list[float]]:
    week = [[0.0] * 24 for _ in range(7)]
    for start, end in times:
        shown = minutes_shown(start, end)
        for minute in shown:
            week[minute.weekday()][minute.hour] += 1 / len(shown)
    return week


def weights_by_bin(
    times: Sequence[tuple[datetime, datetime]], edges: Sequence[datetime]
) -> list[float]:
    bins = [0.0] * (len(edges) - 1)
    for start, end in times:
        shown = minutes_shown(start, end)
        for minute in shown:
            for number, (one, other) in enumerate(pairwise(edges)):
                if one <= minute < other:
                    bins[number] += 1 / len(shown)
    return bins
