"""Stop-and-search records: plausible categories, times as the publisher writes them (UTC).

Who is searched and what comes of it are drawn from one table for the whole town, at every
place and hour alike: no disparity is planted, so a method that finds one errs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from peelian.core.months import Month
from peelian.town.rates import SPAN
from peelian.town.snap_points import MadeSnapPoint

STOP_COLUMNS = (
    "Type", "Date", "Part of a policing operation", "Policing operation", "Latitude",
    "Longitude", "Gender", "Age range", "Self-defined ethnicity", "Officer-defined ethnicity",
    "Legislation", "Object of search", "Outcome", "Outcome linked to object of search",
    "Removal of more than just outer clothing",
)  # fmt: skip

MISSING_MONTH = Month(2022, 2)
PART_MONTH, PART_MONTH_LAST_DAY = Month(2022, 11), 17
DUPLICATED_MONTH, DUPLICATES = Month(2023, 8), 24

_A_MONTH = 110.0
_WITHOUT_PLACE = 0.12
# Of the 24 hours of a local day: quiet before dawn, most in the afternoon and evening.
_HOURS = np.array([5, 4, 3, 2, 1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 8, 8, 7, 6.0])
_DRAWN_TO = {"high": 6.0, "park": 4.0, "estate": 3.0, "main": 2.0, "nightclub": 4.0, "station": 0.0}

_TYPES = (("Person search", 0.78), ("Person and Vehicle search", 0.2), ("Vehicle search", 0.02))
_GENDERS = (("Male", 0.9), ("Female", 0.08), ("Other", 0.005), (None, 0.015))
_AGES = (("18-24", 0.32), ("25-34", 0.24), ("over 34", 0.22), ("10-17", 0.14), (None, 0.08))
# self-defined, officer-defined, share
_ETHNICITIES = (
    ("White - English/Welsh/Scottish/Northern Irish/British", "White", 0.34),
    ("White - Any other White background", "White", 0.12),
    ("Black/African/Caribbean/Black British - African", "Black", 0.1),
    ("Black/African/Caribbean/Black British - Caribbean", "Black", 0.07),
    ("Asian/Asian British - Bangladeshi", "Asian", 0.08),
    ("Asian/Asian British - Any other Asian background", "Asian", 0.07),
    ("Mixed/Multiple ethnic groups - Any other Mixed/Multiple ethnic background", "Mixed", 0.04),
    ("Other ethnic group - Not stated", "Other", 0.16),
    (None, None, 0.02),
)
_LAWS = (
    ("Misuse of Drugs Act 1971 (section 23)", "Controlled drugs", 0.6),
    ("Police and Criminal Evidence Act 1984 (section 1)", "Offensive weapons", 0.16),
    ("Police and Criminal Evidence Act 1984 (section 1)", "Stolen goods", 0.14),
    ("Police and Criminal Evidence Act 1984 (section 1)", "Article for use in theft", 0.08),
    ("Firearms Act 1968 (section 47)", "Firearms", 0.02),
)
_OUTCOMES = (
    ("A no further action disposal", "False", 0.7),
    ("Arrest", "True", 0.14),
    ("Community resolution", "True", 0.09),
    ("Penalty Notice for Disorder", "True", 0.04),
    ("Arrest", "False", 0.03),
)


@dataclass(frozen=True, eq=False)
class Stops:
    """The rows of one monthly file, in the order of their times."""

    month: Month
    rows: pl.DataFrame


def draw_stops(points: tuple[MadeSnapPoint, ...], rng: np.random.Generator) -> tuple[Stops, ...]:
    """One table a month. The missing month has none; the part month ends early.

    The file's month is that of the London clock, so in summer a month's first stops are
    written with the evening before: 23:00 UTC on the last day of the month before.
    """
    pull = np.array([_DRAWN_TO.get(point.surroundings, 1.0) for point in points])
    pull *= rng.lognormal(0, 1, size=len(points)) * (pull > 0)
    tables = []
    for month in SPAN:
        rows = _month(month, points, pull / pull.sum(), rng)
        if month == DUPLICATED_MONTH:
            rows = pl.concat([rows, rows.head(DUPLICATES)]).sort("Date", maintain_order=True)
        if month != MISSING_MONTH:
            tables.append(Stops(month, rows))
    return tuple(tables)


def _month(
    month: Month, points: tuple[MadeSnapPoint, ...], share: NDArray[np.float64],
    rng: np.random.Generator,
) -> pl.DataFrame:  # fmt: skip
    days = month.plus(1).first_day - month.first_day
    count = int(rng.poisson(_A_MONTH))
    day = rng.integers(0, days.days, size=count)
    hour = rng.choice(24, size=count, p=_HOURS / _HOURS.sum())
    minutes = (day * 24 + hour) * 60 + rng.integers(0, 60, size=count)
    where = rng.choice(len(points), size=count, p=share)
    placed = rng.random(count) >= _WITHOUT_PLACE
    rows = pl.DataFrame(
        {
            "local": pl.Series(minutes).cast(pl.Int64) * 60_000_000,
            "Type": _drawn(_TYPES, count, rng),
            "Part of a policing operation": ["False"] * count,
            "Policing operation": pl.Series([None] * count, dtype=pl.String),
            "Latitude": [f"{points[w].latitude:.6f}" if p else None
                         for w, p in zip(where, placed, strict=True)],
            "Longitude": [f"{points[w].longitude:.6f}" if p else None
                          for w, p in zip(where, placed, strict=True)],
            "Gender": _drawn(_GENDERS, count, rng),
            "Age range": _drawn(_AGES, count, rng),
            **_drawn_pair(_ETHNICITIES, STOP_COLUMNS[8:10], count, rng),
            **_drawn_pair(_LAWS, STOP_COLUMNS[10:12], count, rng),
            **_drawn_pair(_OUTCOMES, STOP_COLUMNS[12:14], count, rng),
            "Removal of more than just outer clothing": _drawn(
                (("False", 0.96), ("True", 0.04)), count, rng
            ),
        }
    )  # fmt: skip
    local = pl.lit(month.first_day).cast(pl.Datetime("us")) + pl.col("local").cast(
        pl.Duration("us")
    )
    rows = rows.with_columns(local.alias("local")).with_columns(
        # The hour that the clock skips in March has no stops; the one it repeats is the first.
        pl.col("local").dt.replace_time_zone("Europe/London", ambiguous="earliest",
                                             non_existent="null").alias("time")
    ).drop_nulls("time")  # fmt: skip
    if month == PART_MONTH:
        rows = rows.filter(pl.col("local").dt.day() <= PART_MONTH_LAST_DAY)
    rows = rows.with_columns(
        pl.col("time").dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S+00:00")
        .alias("Date")
    )  # fmt: skip
    # Two alike rows by chance would be taken for a planted duplicate.
    return rows.sort("time", maintain_order=True).select(STOP_COLUMNS).unique(maintain_order=True)


def _drawn(
    table: tuple[tuple[str | None, float], ...], count: int, rng: np.random.Generator
) -> list[str | None]:
    shares = np.array([share for _, share in table])
    picked = rng.choice(len(table), size=count, p=shares / shares.sum())
    return [table[index][0] for index in picked]


def _drawn_pair(
    table: tuple[tuple[str | None, str | None, float], ...],
    columns: tuple[str, ...],
    count: int,
    rng: np.random.Generator,
) -> dict[str, list[str | None]]:
    shares = np.array([share for _, _, share in table])
    picked = rng.choice(len(table), size=count, p=shares / shares.sum())
    return {
        columns[0]: [table[index][0] for index in picked],
        columns[1]: [table[index][1] for index in picked],
    }
