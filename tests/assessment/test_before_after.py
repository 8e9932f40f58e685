"""Before and after in the same months: the worked cases, what is left out, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.assessment.before_after import before_after
from peelian.assessment.effect import Effect
from peelian.core.counts import Series
from peelian.core.errors import CoverageError, InputError
from peelian.core.months import Month, MonthSpan
from peelian.scanning.change import exact_rate_ratio

FIRST = Month(2015, 1)
BEFORE = MonthSpan.parse("2015-01/2016-12")
AFTER = MonthSpan.parse("2017-01/2017-06")


def series(*counts: int | None, breaks: dict[Month, str] | None = None) -> Series:
    span = MonthSpan(FIRST, FIRST.plus(len(counts) - 1))
    return Series("burglary", "A ward", span, counts, breaks=breaks or {})


def steady(before: int, after: int) -> Series:
    return series(*[before] * 24, *[after] * 6)


def compared(each: Series, *, after: MonthSpan = AFTER) -> Effect:
    return before_after(each, before=BEFORE, after=after)


def test_months_stand_against_the_same_months_of_both_years_before() -> None:
    # January to June: 10, 20 and 5 a month; July to December another number, not compared.
    found = compared(series(*[10] * 6, *[99] * 6, *[20] * 6, *[99] * 6, *[5] * 6))

    assert (found.untreated, found.treated) == (6 * 30, 6 * 5)
    # 2016 was a leap year: 363 days before, 181 after.
    assert found.estimate == pytest.approx(30 / 181 / (180 / 363))
    assert found.maryland_level == 2
    assert "2 years before" in found.design


def test_the_interval_holds_the_exact_one_and_is_named_wider() -> None:
    found = compared(steady(40, 20))

    exact = exact_rate_ratio(480, 120, exposure_before=363, exposure_after=181)
    assert found.low < exact.low
    assert found.high > exact.high
    assert f"{exact.low:.2f} to {exact.high:.2f}" in found.notices[0]
    assert "% (standard deviation)" in found.notices[0]


def test_a_fall_by_three_quarters_of_many_records_is_beyond_chance() -> None:
    found = compared(steady(60, 15))

    assert found.direction == "down"
    assert found.p_value < 0.05
    assert found.low < 0.25 < found.high


def test_a_series_that_moved_by_itself_before_is_less_sure() -> None:
    draw = np.random.default_rng(3)
    calm = draw.poisson(40, 24)
    wild = draw.poisson(40 * np.exp(0.6 * np.sin(np.arange(24) / 3.7)))

    steady_place, moving_place = (
        compared(series(*map(int, before), *[30] * 6)) for before in (calm, wild)
    )

    widths = [np.log(each.high / each.low) for each in (steady_place, moving_place)]
    assert widths[1] > 1.25 * widths[0]


def test_a_month_that_is_missing_on_one_side_is_left_out_on_both() -> None:
    counts: list[int | None] = [10] * 30
    counts[1] = None

    found = compared(series(*counts))

    assert (found.untreated, found.treated) == (100, 50)
    assert "2017-02" in found.notices[1]


def test_more_than_a_year_after_stands_against_months_two_years_back() -> None:
    counts = [10] * 24 + [20] * 18

    found = before_after(series(*counts), before=BEFORE, after=MonthSpan.parse("2017-01/2018-06"))

    assert (found.untreated, found.treated) == (180, 360)


def test_a_placebo_date_before_the_response_shows_a_fall_that_came_earlier() -> None:
    found = compared(series(*[200] * 12, *[20] * 12, *[20] * 6))

    checks = [check for check in found.checks if check.kind == "placebo date"]
    assert [check.changed for check in checks] == [True, True]
    assert "July 2016" in checks[0].says


def test_the_latest_year_alone_and_the_first_half_are_looked_at() -> None:
    found = compared(series(*[10] * 12, *[40] * 12, *[40] * 6))

    windows = [check.says for check in found.checks if check.kind == "window"]
    assert windows[0].startswith("Against the latest of the years before alone, the ratio is 1.0")
    assert windows[1].startswith("With the months to March 2017 alone")


def test_a_place_without_a_record_can_have_had_any_change() -> None:
    found = compared(steady(0, 0))

    assert (found.estimate, found.low, found.high, found.p_value) == (None, 0, np.inf, 1)
    assert found.is_too_few_to_say


def test_a_single_record_is_too_few_to_say() -> None:
    found = compared(series(1, *[0] * 29))

    assert (found.estimate, found.low) == (0, 0)
    assert found.is_too_few_to_say


def test_no_record_after_has_a_lower_end_of_nothing_and_an_upper_one() -> None:
    found = compared(steady(10, 0))

    assert (found.estimate, found.low) == (0, 0)
    assert 0 < found.high < 0.5


def test_a_break_between_the_months_compared_is_refused_with_its_reason() -> None:
    broken = series(*[10] * 30, breaks={Month(2016, 6): "a new system of recording"})

    with pytest.raises(InputError, match="2016-06: a new system of recording"):
        compared(broken)


def test_a_break_before_the_months_compared_does_no_harm() -> None:
    counts = [10] * 30
    broken = series(*counts, breaks={FIRST: "a new system of recording"})

    assert compared(broken).estimate == compared(series(*counts)).estimate


def test_spans_that_overlap_are_refused() -> None:
    with pytest.raises(InputError, match="End the first by 2016-11"):
        before_after(steady(1, 1), before=BEFORE, after=MonthSpan.parse("2016-12/2017-03"))


def test_months_after_without_the_same_months_before_are_refused() -> None:
    with pytest.raises(CoverageError, match="none in 2017-01/2017-06 is held together"):
        before_after(steady(1, 1), before=MonthSpan.parse("2016-08/2016-12"), after=AFTER)


def test_the_series_is_left_as_it_was() -> None:
    one = steady(10, 5)
    counts = one.counts

    compared(one)

    assert one.counts == counts
