"""What a series' level, drift and season say of its next months."""

from __future__ import annotations

from calendar import monthrange

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.errors import CoverageError
from peelian.core.months import Month
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


def test_half_of_last_years_season_is_expected_again() -> None:
    # A level year with one month 44 % higher, the next but one after the series ends.
    series = days(24) * 50
    series[12 + 1] *= 1.44
    level = days(27)[24:] * 50

    total = expected_total(series, first=JANUARY)

    # The square root of 1.44 is 1.2; what is left of it in the level is under 1 %.
    assert total == pytest.approx(level[0] + 1.2 * level[1] + level[2], rel=0.01)


def test_under_a_year_and_a_quarter_knows_no_season() -> None:
    series = days(14) * 50
    series[3] *= 3  # April, which would be two months on

    assert expected_total(series, first=JANUARY) == pytest.approx(
        (days(17) * 50)[14:].sum(), rel=0.12
    )


def test_few_records_move_the_level_less_than_many() -> None:
    few, many = np.full(24, 4.0), np.full(24, 4_000.0)
    few[-1], many[-1] = 8, 8_000

    assert expected_total(few, first=JANUARY) / 4 < expected_total(many, first=JANUARY) / 4_000


def test_no_records_expect_none() -> None:
    assert expected_total(np.zeros(20), first=JANUARY) == 0


def test_one_month_is_enough_to_say_something() -> None:
    assert expected_total(np.array([31.0]), first=JANUARY) == pytest.approx(29 + 31 + 30)


def test_no_month_held_says_what_to_do() -> None:
    with pytest.raises(CoverageError, match=r"none of 3 is\. Ingest an archive"):
        expected_total(np.full(3, np.nan), first=JANUARY)
