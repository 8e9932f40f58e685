"""When a profile's records fall, as finely as they know it themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelian.core.errors import CoverageError, MonthOnlyError
from peelian.products.measure_words import in_words
from peelian.products.problem_profile import Unanswered, When
from peelian.products.ward_records import each_crime_once

if TYPE_CHECKING:
    import polars as pl

    from peelian.analysis.near_repeat import NearRepeat
    from peelian.analysis.seasonality import Seasonality
    from peelian.analysis.time_of_week import HoursOfWeek
    from peelian.core.counts import Series
    from peelian.core.measures import Measure
    from peelian.scanning.exact_share import Share

REPLICATES = 999


def when_recorded(series: Series, rows: pl.DataFrame, measure: Measure, *, seed: int) -> When:
    """Season of the year, hours of the week, and whether records follow close on one another.

    series: by month. rows: the records themselves; where they have no times, the two finer
    questions stay unanswered, with the reason.
    """
    hours = _hours(rows)
    return When(
        season=_season(series, measure),
        hours=hours,
        weekdays=() if isinstance(hours, Unanswered) else _weekdays(hours),
        near_repeat=_near_repeat(rows, seed=seed),
    )


def _season(series: Series, measure: Measure) -> Seasonality | Unanswered:
    from peelian.analysis.seasonality import seasonality

    try:
        return seasonality(series)
    except CoverageError as error:
        return Unanswered(in_words(str(error), measure))


def _hours(rows: pl.DataFrame) -> HoursOfWeek | Unanswered:
    from peelian.analysis.time_of_week import hours_of_week, require_times

    try:
        require_times(rows, to="say at which hours and on which days")
    except MonthOnlyError as error:
        return Unanswered(str(error))
    if "occurred_from" not in rows.columns:
        return Unanswered("No record is held whose time could be known.")
    return hours_of_week(rows["occurred_from"].to_numpy(), rows["occurred_to"].to_numpy())


def _weekdays(hours: HoursOfWeek) -> tuple[Share, ...]:
    """Each day's share, its interval widened so that all seven hold at once (Bonferroni)."""
    from peelian.scanning.exact_share import exact_share

    days = [round(float(day)) for day in hours.counts.sum(axis=1)]
    level = 1 - (1 - hours.level) / len(days)
    return tuple(exact_share(day, sum(days), level=level) for day in days)


def _near_repeat(rows: pl.DataFrame, *, seed: int) -> NearRepeat | Unanswered:
    """Pairs close in place and days, of the records whose day is known, each crime once."""
    import polars as pl

    from peelian.analysis.near_repeat import near_repeat
    from peelian.analysis.time_of_week import require_times

    try:
        require_times(rows, to="say whether one record soon follows another nearby")
        dated = (
            each_crime_once(rows)
            .filter(pl.col("occurred_from").dt.date() == _last_day())
            .drop_nulls("easting")
        )
        return near_repeat(
            dated["easting"].to_numpy(),
            dated["northing"].to_numpy(),
            dated["occurred_from"].dt.date().to_numpy(),
            metric="euclidean",
            replicates=REPLICATES,
            seed=seed,
        )
    except MonthOnlyError as error:
        return Unanswered(str(error))


def _last_day() -> pl.Expr:
    """The day of a record's latest time; of its only time, where it has one."""
    import polars as pl

    return pl.coalesce("occurred_to", "occurred_from").dt.date()
