"""Counting again: one look at every record for every place and month."""

from __future__ import annotations

from typing import Any

from peelian.core.months import Month, MonthSpan
from peelian.core.places import MicroPlace


def count_records(
    rows: list[dict[str, Any]],
    crime_types: list[str],
    place: MicroPlace | None,
    span: MonthSpan,
    missing: set[Month],
) -> list[int | None]:
    """Records by month; of one place, or of all rows where place is None."""
    counts: list[int | None] = []
    for month in span:
        if month in missing:
            counts.append(None)
            continue
        here = 0
        for row in rows:
            at = (row["location"], row["longitude"], row["latitude"])
            points = place.snap_points if place else ()
            is_here = place is None or at in [(p.location, p.longitude, p.latitude) for p in points]
            same_month = (row["month"].year, row["month"].month) == (month.year, month.number)
            here += is_here and same_month and row["crime_type"] in crime_types
        counts.append(here)
    return counts
