"""Cover reckoned minute by minute, and every change of a roster tried out in full."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

# A shift is (weekday from Monday 0, minute of the day it begins, minutes).
Plain = tuple[int, int, int]
WEEK = 7 * 24 * 60


def shares(shifts: Sequence[Plain]) -> list[Fraction]:
    """Each hour's share of the minutes worked."""
    minutes = [0] * (7 * 24)
    for day, start, length in shifts:
        for minute in range(length):
            minutes[(day * 1440 + start + minute) % WEEK // 60] += 1
    return [Fraction(each, sum(minutes)) for each in minutes]


def fit(concern: Sequence[Fraction], shifts: Sequence[Plain]) -> Fraction:
    """What two shares have in common."""
    return sum(
        (min(one, other) for one, other in zip(concern, shares(shifts), strict=True)), Fraction(0)
    )


def all_changes(shifts: Sequence[Plain]) -> list[tuple[Fraction, int, list[Plain]]]:
    """Every change: unit-hours changed, kind (0 start, 1 day, 2 added), the roster after it."""
    changes = []
    for index, (day, start, length) in enumerate(shifts):
        others = [shift for at, shift in enumerate(shifts) if at != index]
        now = _minutes(day, start, length)
        for begins in range(start % 60, 1440, 60):
            if begins != start:
                new = _minutes(day, begins, length)
                changes.append((_new_hours(now, new), 0, [*others, (day, begins, length)]))
        for another in range(7):
            if another != day:
                new = _minutes(another, start, length)
                changes.append((_new_hours(now, new), 1, [*others, (another, start, length)]))
    lengths = sorted(length for _day, _start, length in shifts)
    usual = max(dict.fromkeys(lengths), key=lengths.count)  # of equals the first: the shortest
    for day in range(7):
        for hour in range(24):
            changes.append((Fraction(usual, 60), 2, [*shifts, (day, 60 * hour, usual)]))
    return changes


def _minutes(day: int, start: int, length: int) -> list[int]:
    return [(day * 1440 + start + minute) % WEEK for minute in range(length)]


def _new_hours(now: list[int], new: list[int]) -> Fraction:
    """Hours worked after and not before, hour by hour of the week."""
    total = Fraction(0)
    for hour in {minute // 60 for minute in new}:
        before = sum(minute // 60 == hour for minute in now)
        after = sum(minute // 60 == hour for minute in new)
        total += Fraction(max(after - before, 0), 60)
    return total
