"""Dosage counted the slow way: minute by minute, and by trying every matching."""

from datetime import timedelta
from itertools import permutations

MINUTE = timedelta(minutes=1)


def most_on_time(planned, came, tolerance_minutes):
    """The most pairs of planned and delivered starts that any matching has on time."""
    few, many = sorted([list(planned), list(came)], key=len)
    limit = timedelta(minutes=tolerance_minutes)
    return max(
        sum(abs(one - other) <= limit for one, other in zip(few, order, strict=True))
        for order in permutations(many, len(few))
    )


def minutes_of(spans):
    """The minutes that lie in any of some spans of whole minutes, each once."""
    return {
        start + MINUTE * each for start, end in spans for each in range(int((end - start) / MINUTE))
    }


def longest_gap(shifts, visits):
    """The most patrolled minutes in a row without a visit, for whole minutes, one run."""
    out, present = minutes_of(shifts), minutes_of(visits)
    longest = now = 0
    for minute in sorted(out | present):
        now = 0 if minute in present else now + (minute in out)
        longest = max(longest, now)
    return longest
