"""Known faults of the publisher's records, and the rule by which each is put right.

Sources are named beside each rule. A repair is counted and reported, never silent.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from peelian.core.crimes import CRIME_TYPES, slug_of_label

# West, south, east, north of the United Kingdom with its islands, in degrees. Northern
# Ireland publishes in the same archive. Anything outside is a fault of the publisher's.
UNITED_KINGDOM = (-8.8, 49.8, 1.9, 61.0)

# The last LSOA codes of the 2011 census in England and in Wales; higher ones are new in
# 2021. Office for National Statistics, LSOA (2011) to LSOA (2021) lookup.
_LAST_OF_2011 = {"E": "E01033768", "W": "W01001958"}

LONDON = "Europe/London"
_YEARS = (1900, 2200)  # Polars reads years before Christ, Python cannot hold them


def coordinates_repaired(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Blank positions that cannot be true, and how many for each reason.

    The publisher writes zeros where no snap point is within 20 km (data.police.uk/about). A
    position outside the United Kingdom, or half a position, is no position either.
    """
    longitude, latitude = pl.col("longitude"), pl.col("latitude")
    west, south, east, north = UNITED_KINGDOM
    is_zero = (longitude == 0) & (latitude == 0)
    is_half = longitude.is_null() ^ latitude.is_null()
    is_inside = longitude.is_between(west, east) & latitude.is_between(south, north)
    is_outside = ~is_inside & ~is_zero & ~is_half
    faults = {
        "coordinates are zero": is_zero,
        "coordinates outside the United Kingdom": is_outside,
        "only one of two coordinates": is_half,
    }
    found = rows.select(fault.sum().alias(name) for name, fault in faults.items()).row(
        0, named=True
    )
    counts = {name: int(count) for name, count in found.items() if count}
    if counts:
        at_fault = pl.any_horizontal(fault.fill_null(value=False) for fault in faults.values())
        rows = rows.with_columns(
            pl.when(~at_fault).then(longitude).alias("longitude"),
            pl.when(~at_fault).then(latitude).alias("latitude"),
        )
    return rows, counts


def slugs_of(labels: Iterable[str | None]) -> dict[str, str]:
    """Each crime type's published label and its slug; labels nobody knows are left out."""
    found = {label: slug_of_label(label) for label in labels if label is not None}
    return {label: slug for label, slug in found.items() if slug is not None}


def is_retired(label: str) -> bool:
    """Whether the publisher no longer writes a crime type so."""
    return label not in CRIME_TYPES.values()


def utc_times(written: pl.Series) -> pl.Series:
    """Times as published (2016-06-30T23:02:00+00:00) as UTC; null where they cannot be read.

    A time without an offset is UTC, as all others are: the publisher's summer months start
    at 23:00 on the evening before. Another offset is taken at its word. A year outside 1900
    to 2200 cannot be read.
    """
    text = written.str.strip_chars()
    plain = text.str.strip_suffix("+00:00")
    times = plain.str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False)
    if times.null_count() > written.null_count():
        # ISO 8601 in any other form. %#z would read some of it, but not a bare date.
        times = pl.Series([_utc(value) for value in text], dtype=pl.Datetime("us"))
    times = times.set(~times.dt.year().is_between(*_YEARS), None)
    return times.dt.replace_time_zone("UTC").alias(written.name)


def london_clock(times: pl.Series) -> pl.Series:
    """What the clock in London showed at these times."""
    return times.dt.convert_time_zone(LONDON).dt.replace_time_zone(None)


def is_code_of_2021(lsoa_code: str) -> bool:
    """Whether an LSOA code was first given out in 2021, so that earlier boundaries lack it."""
    last = _LAST_OF_2011.get(lsoa_code[:1])
    return last is not None and lsoa_code > last


def _utc(text: str | None) -> object:
    from datetime import UTC, datetime

    try:
        time = datetime.fromisoformat(text or "")
        return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    except (ValueError, OverflowError):
        return None
