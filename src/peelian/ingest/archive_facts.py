"""What a file of the archive tells about itself: types, blanks, repeats, how much of its month."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from peelian.core.months import Month
from peelian.ingest.repair import is_code_of_2021, is_retired, slugs_of

# A month is partly held where days at its start or end have hardly any stops, and so many
# would be expected on them that chance alone leaves them empty once in a million times.
_EXPECTED_ON_EMPTY_DAYS = 14  # exp(-14) is 0.8 in a million
_HARDLY_ANY = 0.1  # of what is expected
_MOSTLY = 0.5  # of a file's rows


def record_facts(rows: pl.DataFrame, repairs: Mapping[str, int]) -> dict[str, Any]:
    """Of any table: rows without a place, repairs, and rows of other forces than the file's."""
    blank = rows["longitude"].null_count()
    facts: dict[str, Any] = {"blank_coordinates": blank}
    if rows.height and blank > rows.height * _MOSTLY:
        facts["mostly_without_place"] = f"{blank:,} of {rows.height:,} rows have no coordinates"
    if repairs:
        facts["repairs"] = dict(repairs)
    for column in ("falls_within", "reported_by"):
        if column in rows.columns and rows[column].ne_missing(rows[column].first()).any():
            counts: dict[str, int] = dict(rows[column].drop_nulls().value_counts().iter_rows())
            own = max(counts, key=lambda name: (counts[name], name), default="")
            others = {name: count for name, count in sorted(counts.items()) if name != own}
            if others:
                facts[f"other_{column}"] = others
    if "lsoa_code" in rows.columns:
        codes: dict[str, int] = dict(rows["lsoa_code"].drop_nulls().value_counts().iter_rows())
        facts["lsoa_codes"] = len(codes)
        facts["rows_with_lsoa_codes_of_2021"] = sum(
            count for code, count in codes.items() if is_code_of_2021(code)
        )
    return facts


def crime_facts(rows: pl.DataFrame, labels: Mapping[str, int]) -> dict[str, Any]:
    """Of crimes: rows of each type, and Crime IDs that stand a second time in the file.

    labels: how often the publisher wrote each type in these rows, retired labels among them.
    """
    types: dict[str, int] = {}
    for label, slug in slugs_of(labels).items():
        types[slug] = types.get(slug, 0) + labels[label]
    facts: dict[str, Any] = {
        "crime_types": dict(sorted(types.items())),
        "repeated_ids": int(rows["crime_id_repeats"].sum()),
    }
    retired = {label: count for label, count in sorted(labels.items()) if is_retired(label)}
    if retired:
        facts["retired_labels"] = retired
    return facts


def stop_facts(rows: pl.DataFrame, month: Month) -> dict[str, Any]:
    """Of stops: the first and last on the London clock, and how much of the month they cover.

    at_midnight: stops at 00:00 exactly, in London or UTC; where that is most, only the day is
    known. outside_month: stops that the London clock puts in another month than the file's.
    """
    if rows.is_empty():
        return {}
    clock = rows["date_local"]
    days = clock.dt.date()
    facts: dict[str, Any] = {
        "first_local": str(clock.min()),
        "last_local": str(clock.max()),
        "at_midnight": max(
            int((times == times.dt.truncate("1d")).sum()) for times in (clock, rows["date_utc"])
        ),
    }
    if facts["at_midnight"] > rows.height * _MOSTLY:
        facts["only_days_known"] = (
            f"{facts['at_midnight']:,} of {rows.height:,} stops are at midnight exactly, "
            f"so the time of day is not known"
        )
    outside = int((days.dt.month_start() != month.first_day).sum())
    if outside:
        facts["outside_month"] = outside
    part = part_of_month(days, month)
    if part:
        facts["part_of_month"] = part
    return facts


def part_of_month(days: pl.Series, month: Month) -> str:
    """Which days a month's stops cover, where they do not cover all of it; empty where they do."""
    length = monthrange(month.year, month.number)[1]
    counts = [0] * length
    for day, count in days.value_counts().iter_rows():
        if Month.of(day) == month:
            counts[day.day - 1] += count
    if not any(counts):
        return "no stop falls in the month"
    late, early = _days_hardly_held(counts), _days_hardly_held(counts[::-1])
    if not late and not early:
        return ""
    covered = counts[late : length - early]
    return (
        f"stops run from {late + 1} to {length - early} {month.in_words}, "
        f"{sum(covered) / len(covered):.0f} a day, and hardly any stand on the other days"
    )


def _days_hardly_held(counts: Sequence[int]) -> int:
    """How many of the first days miss stops that the days after them let one expect."""
    for days in range(len(counts) - 1, 0, -1):
        daily = sum(counts[days:]) / (len(counts) - days)
        expected = daily * days
        if (
            expected >= _EXPECTED_ON_EMPTY_DAYS
            and sum(counts[:days]) <= expected * _HARDLY_ANY
            and counts[days - 1] <= daily * _HARDLY_ANY
        ):
            return days
    return 0
