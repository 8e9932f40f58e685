"""Hours of the week, counted minute by minute."""

from collections import Counter
from datetime import timedelta


def minutes_by_hour(spans):
    """(weekday, hour) to whole minutes, for spans of whole minutes."""
    counts = Counter()
    for start, end in spans:
        at = start
        while at < end:
            counts[at.weekday(), at.hour] += 1
            at += timedelta(minutes=1)
    return counts
