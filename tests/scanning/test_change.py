from __future__ import annotations

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.e_test import e_test
from oracles.rate_ratio import rate_ratio_limits, two_sided_p_value
from peelian.core.counts import Series
from peelian.core.errors import CoverageError, InputError
from peelian.core.months import Month, MonthSpan
from peelian.scanning.change import (
    breaks_crossed,
    change_since_year_before,
    exact_rate_ratio,
    poisson_e_test,
)

COUNTS = st.integers(0, 200)
LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])


def series(*counts: int | None, last: str = "2018-03", **breaks: str) -> Series:
    span = MonthSpan.ending(Month.parse(last), months=len(counts))
    missing = {m: "no file" for m, n in zip(span, counts, strict=True) if n is None}
    dated = {Month.parse(m.removeprefix("m").replace("_", "-")): why for m, why in breaks.items()}
    return Series("robbery", "the ward", span, counts, missing, dated)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 60), st.integers(0, 60), LEVELS)
def test_limits_and_p_value_agree_with_sums_and_bisection(
    before: int, after: int, level: float
) -> None:
    found = exact_rate_ratio(before, after, level=level)
    low, high = rate_ratio_limits(before, after, level)

    assert found.low == pytest.approx(low, rel=1e-9, abs=1e-12)
    assert found.high == pytest.approx(high, rel=1e-9)
    assert found.p_value == pytest.approx(two_sided_p_value(before, after), rel=1e-9)


@settings(deadline=None)
@given(COUNTS, COUNTS, LEVELS)
def test_the_interval_holds_the_estimate(before: int, after: int, level: float) -> None:
    found = exact_rate_ratio(before, after, level=level)

    if found.estimate is not None:
        assert found.low <= found.estimate <= found.high


@settings(deadline=None)
@given(st.integers(1, 200), st.integers(1, 200))
def test_swapping_the_periods_inverts_the_ratio(before: int, after: int) -> None:
    forth, back = exact_rate_ratio(before, after), exact_rate_ratio(after, before)

    assert forth.estimate == pytest.approx(1 / (back.estimate or inf))
    assert forth.low == pytest.approx(1 / back.high)
    assert forth.high == pytest.approx(1 / back.low)
    assert forth.p_value == pytest.approx(back.p_value)


@settings(deadline=None)
@given(COUNTS, COUNTS, LEVELS)
def test_the_p_value_and_the_interval_never_disagree(before: int, after: int, level: float) -> None:
    found = exact_rate_ratio(before, after, level=level)

    excluded = found.low > 1 + 1e-9 or found.high < 1 - 1e-9
    if abs(found.p_value - (1 - level)) > 1e-9:
        assert excluded == (found.p_value < 1 - level)


@settings(deadline=None)
@given(st.integers(0, 50), st.integers(0, 50), st.floats(0.1, 10))
def test_twice_the_exposure_halves_the_rate(before: int, after: int, months: float) -> None:
    plain = exact_rate_ratio(before, after, exposure_before=months, exposure_after=months)
    double = exact_rate_ratio(before, after, exposure_before=months, exposure_after=2 * months)

    assert double.low == pytest.approx(plain.low / 2)
    assert double.high == pytest.approx(plain.high / 2)


def test_nothing_before_gives_no_estimate_and_no_upper_limit() -> None:
    found = exact_rate_ratio(0, 3)

    # Given 3 records in all, all 3 came after: the chance is at least 0.025 ** (1/3).
    least = 0.025 ** (1 / 3)
    assert found.estimate is None
    assert found.low == pytest.approx(least / (1 - least))
    assert found.high == inf
    assert found.p_value == pytest.approx(2 * 0.5**3)


def test_nothing_in_both_periods_says_nothing() -> None:
    found = exact_rate_ratio(0, 0)

    assert (found.estimate, found.low, found.high, found.p_value) == (None, 0, inf, 1)


def test_the_last_six_months_are_compared_with_the_same_months_a_year_before() -> None:
    # October 2016 to March 2018: 18 months, the last six against the first six.
    found = change_since_year_before(series(*[2] * 6, *[9] * 6, *[1] * 6))

    assert (found.before, found.after, found.months) == (12, 6, 6)
    assert found.estimate == 0.5
    assert found.span == MonthSpan.parse("2017-10/2018-03")


def test_a_month_missing_in_either_year_is_left_out_of_both() -> None:
    held = series(4, 4, None, 4, 4, 4, *[9] * 6, 1, 1, 50, 1, None, 1)

    found = change_since_year_before(held)

    # December and February are out: 2016-12 and 2018-02 are not held.
    assert [str(m) for m in found.compared] == ["2017-10", "2017-11", "2018-01", "2018-03"]
    assert (found.before, found.after, found.months) == (16, 4, 4)


def test_a_missing_month_and_a_month_without_records_differ() -> None:
    year = [5] * 12
    empty = change_since_year_before(series(*year, *[5] * 11, 0), months=12)
    missing = change_since_year_before(series(*year, *[5] * 10, None, 5), months=12)

    assert (empty.before, empty.after, empty.months) == (60, 55, 12)
    assert (missing.before, missing.after, missing.months) == (55, 55, 11)


def test_the_comparison_can_end_earlier() -> None:
    held = series(*[2] * 12, *[4] * 12, *[8] * 2)

    found = change_since_year_before(held, months=12, ending=Month.parse("2018-01"))

    assert (found.before, found.after) == (24, 48)
    assert found.direction == "up"


def test_the_last_month_held_ends_the_comparison() -> None:
    found = change_since_year_before(series(*[2] * 13, 2, None), months=1)

    assert found.compared == (Month.parse("2018-02"),)


def test_no_month_held_in_both_years_is_an_error_that_says_so() -> None:
    with pytest.raises(CoverageError, match=r"None of October 2017 to March 2018 is held together"):
        change_since_year_before(series(1, 2, 3))


def test_a_series_without_a_month_held_is_an_error() -> None:
    with pytest.raises(CoverageError, match="No month of robbery is held for the ward"):
        change_since_year_before(series(None, None))


@pytest.mark.parametrize("months", [0, 13, 24])
def test_no_month_may_stand_on_both_sides(months: int) -> None:
    with pytest.raises(InputError, match="takes 1 to 12 months"):
        change_since_year_before(series(*[1] * 40), months=months)


def test_a_break_between_the_years_is_found() -> None:
    broken = series(*[5] * 24, last="2024-08", m2024_03="a new system", m2022_10="long before")

    assert breaks_crossed(broken, change_since_year_before(broken)) == {
        Month.parse("2024-03"): "a new system"
    }


def test_a_break_before_both_years_does_not_matter() -> None:
    broken = series(*[5] * 24, last="2024-08", m2022_10="long before", m2023_03="as it began")

    assert breaks_crossed(broken, change_since_year_before(broken)) == {}


@settings(max_examples=25)
@given(st.integers(0, 25), st.integers(0, 25), st.sampled_from([0.5, 1.0, 3.0]))
def test_the_e_test_is_that_of_listing_every_pair_of_counts(
    before: int, after: int, exposure: float
) -> None:
    found = poisson_e_test(before, after, exposure_after=exposure)

    if before + after:
        listed = e_test(before, after, 1.0, exposure)
        assert found == pytest.approx(listed, abs=1e-9)
    else:
        assert found == 1


@given(COUNTS, COUNTS)
def test_the_e_test_does_not_mind_which_period_comes_first(before: int, after: int) -> None:
    assert poisson_e_test(before, after) == pytest.approx(poisson_e_test(after, before))


@given(COUNTS)
def test_equal_counts_are_no_difference(count: int) -> None:
    assert poisson_e_test(count, count) == pytest.approx(1)


def test_the_test_of_a_million_records_is_that_of_the_normal_distribution() -> None:
    # (b - a) / sqrt(a + b) of 1,000,000 and 1,003,000 is 2.1197: two-sided 0.03403.
    assert poisson_e_test(1_000_000, 1_003_000) == pytest.approx(0.03403, abs=2e-5)


def test_small_chances_keep_their_digits() -> None:
    assert poisson_e_test(0, 50) == pytest.approx(e_test(0, 50, 1, 1), rel=1e-6)
