"""What a series' level, drift and season say of its next months."""

from __future__ import annotations

from calendar import monthrange
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles.forecast_level import expected_records
from peelian.core.errors import CoverageError
from peelian.core.months import Month
from peelian.measures.typical_season import typical_season
from peelian.scanning import forecast_level
from peelian.scanning.forecast_level import expected_total

JANUARY = Month(2016, 1)


def days(months: int, first: Month = JANUARY) -> np.ndarray:
    return np.array(
        [monthrange(m.year, m.number)[1] for m in (first.plus(i) for i in range(months))], float
    )


@given(st.floats(0.2, 500), st.integers(1, 40), st.integers(1, 6))
def test_a_steady_series_goes_on(a_day: float, months: int, horizon: int) -> None:
    every = days(months + horizon) * a_day

    total = expected_total(every[:months], first=JANUARY, horizon_months=horizon)

    assert total == pytest.approx(every[months:].sum(), rel=1e-9)


def test_a_series_that_follows_the_typical_season_goes_on_with_it() -> None:
    season = typical_season("bicycle-theft")
    assert season is not None
    first = Month(2016, 9)
    usual = np.array([season[first.plus(i).number - 1] for i in range(20)])
    every = days(20, first) * usual * 10

    total = expected_total(every[:17], first=first, season=season)

    assert total == pytest.approx(every[17:].sum(), rel=1e-9)


def test_a_season_of_ones_own_takes_over_with_the_years() -> None:
    # Junes have half as many again, which the typical season, a flat one, does not know.
    kept = []
    for years in (2, 4, 8):
        series = days(12 * years + 5) * 50
        series[5::12] *= 1.5
        june = expected_total(series, first=JANUARY, horizon_months=1, season=[1.0] * 12)
        kept.append(june / (30 * 50) - 1)

    assert kept == sorted(kept)
    assert 0 < kept[0] < 0.25
    # Nothing stands between it and the whole but the first years' doubt.
    assert kept[-1] == pytest.approx(0.5, abs=0.15)


def test_a_season_seen_once_is_taken_in_part() -> None:
    series = days(14) * 50
    series[3] *= 3  # April, which would be two months on

    more = expected_total(series, first=JANUARY) / (days(17) * 50)[14:].sum() - 1

    assert 0 < more < 2 / 3 / 2


def test_a_missing_month_changes_nothing_in_a_steady_series() -> None:
    whole = days(27) * 20
    gaps = whole.copy()
    gaps[[2, 13, 26]] = np.nan

    assert expected_total(gaps, first=JANUARY) == pytest.approx(
        expected_total(whole, first=JANUARY), rel=1e-9
    )


def test_a_rise_is_followed_and_damped() -> None:
    rising = days(24) * 10 * 1.03 ** np.arange(24)
    straight_on = (days(27) * 10 * 1.03 ** np.arange(27))[24:].sum()

    total = expected_total(rising, first=JANUARY)

    assert rising[-3:].sum() < total < straight_on * 1.01


def test_few_records_move_the_level_less_than_many() -> None:
    few, many = np.full(24, 4.0), np.full(24, 4_000.0)
    few[-1], many[-1] = 8, 8_000

    assert expected_total(few, first=JANUARY) / 4 < expected_total(many, first=JANUARY) / 4_000


def test_months_without_a_record_are_counted_as_they_are() -> None:
    # None and two by turns are one a month; a mean of logarithms would say less.
    by_turns = np.tile([0.0, 2.0], 12)

    assert expected_total(by_turns, first=JANUARY) == pytest.approx(3, rel=0.15)


@given(st.lists(st.none() | st.integers(0, 20_000), min_size=1, max_size=40))
def test_any_series_has_a_finite_total(counts: list[int | None]) -> None:
    series = np.array([np.nan if each is None else float(each) for each in counts])
    if np.isnan(series).all():
        series[0] = 1

    total = expected_total(series, first=JANUARY, season=typical_season("robbery"))

    assert 0 <= total < np.inf
    assert total > 0 or not np.nansum(series)


@pytest.mark.parametrize(
    ("crime_type", "scale"), [("bicycle-theft", 1.0), ("burglary", 40.0), (None, 0.05)]
)
def test_the_most_likely_course_is_that_of_the_oracle(crime_type: str | None, scale: float) -> None:
    season = None if crime_type is None else typical_season(crime_type)
    series = np.random.default_rng(4).poisson(days(19) * scale).astype(float)
    series[7] = np.nan

    total = expected_total(series, first=JANUARY, season=season)

    months = [JANUARY.plus(i) for i in range(22)]
    factors = season or (1.0,) * 12
    again = expected_records(
        [None if np.isnan(each) else float(each) for each in series],
        [d * factors[m.number - 1] for d, m in zip(days(22), months, strict=True)],
        [m.number - 1 for m in months],
        level_drift=forecast_level.LEVEL_DRIFT,
        trend_change=forecast_level.TREND_CHANGE,
        damping=forecast_level.DAMPING,
        season_spread=forecast_level.UNKNOWN_SEASON_SPREAD
        if season is None
        else forecast_level.SEASON_SPREAD,
        scatter=forecast_level.SCATTER,
        level_at_first=forecast_level.LEVEL_AT_FIRST,
    )
    # The oracle stops climbing where the slope is under a thousandth.
    assert total == pytest.approx(again, rel=1e-3)


OFFICIAL_TYPES = {
    "BICYCLE THEFT": "bicycle-theft",
    "BURGLARY": "burglary",
    "ARSON AND CRIMINAL DAMAGE": "criminal-damage-arson",
    "OTHER THEFT": "other-theft",
    "PUBLIC ORDER OFFENCES": "public-order",
    "ROBBERY": "robbery",
    "SHOPLIFTING": "shoplifting",
    "THEFT FROM THE PERSON": "theft-from-the-person",
    "VEHICLE OFFENCES": "vehicle-crime",
}


def test_the_totals_of_six_boroughs_come_within_a_twentieth(real_data: Path) -> None:
    # Rolled over 8 times, from the 17th month of 27, as a back-test of the archive does. The six
    # boroughs of the archive are left out, and the years from which the seasons were read.
    path = real_data / "mps-recorded-crime" / "recorded-crime-borough-historical.parquet"
    months = [Month(2016, 1).plus(i) for i in range(48)]
    columns = [f"{month.year}{month.number:02d}" for month in months]
    official = pl.col("majortext").replace({"THEFT": None}).fill_null(pl.col("minortext"))
    archive = ["Camden", "Islington", "Westminster", "Brent", "Barnet", "Haringey"]
    counts = (
        pl.read_parquet(path)
        .filter(~pl.col("boroughname").is_in([*archive, "Unknown"]), pl.col(columns[0]) >= 0)
        .group_by("boroughname", official=official)
        .agg(pl.col(columns).sum())
        .sort("boroughname")
    )

    ratios: dict[str, list[float]] = {}
    for name, crime_type in OFFICIAL_TYPES.items():
        boroughs = counts.filter(pl.col("official") == name).select(columns).to_numpy()
        for group in (boroughs[start : start + 6].sum(axis=0) for start in (0, 6, 12, 18)):
            for begin in range(0, 48 - 26, 3):
                window = group[begin : begin + 27].astype(float)
                predicted = came = 0.0
                for origin in range(17, 25):
                    predicted += expected_total(
                        window[:origin], first=months[begin], season=typical_season(crime_type)
                    )
                    came += window[origin : origin + 3].sum()
                ratios.setdefault(crime_type, []).append(predicted / came)

    every = np.concatenate(list(ratios.values()))
    assert {len(each) for each in ratios.values()} == {32}
    # Decision 14 has what was found over more groups and years: 88 of 100.
    assert (np.abs(every - 1) <= 0.05).mean() >= 0.85
    assert max(abs(np.mean(each) - 1) for each in ratios.values()) <= 0.05


def test_no_records_expect_none() -> None:
    assert expected_total(np.zeros(20), first=JANUARY) == 0


def test_one_month_is_enough_to_say_something() -> None:
    assert expected_total(np.array([31.0]), first=JANUARY) == pytest.approx(29 + 31 + 30)


def test_no_month_held_says_what_to_do() -> None:
    with pytest.raises(CoverageError, match=r"none of 3 is\. Ingest an archive"):
        expected_total(np.full(3, np.nan), first=JANUARY)
