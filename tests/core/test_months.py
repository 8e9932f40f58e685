from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.errors import InputError
from peelian.core.months import Month, MonthSpan

MONTHS = st.builds(Month, st.integers(1990, 2100), st.integers(1, 12))


def test_a_month_is_read_as_the_publisher_writes_it() -> None:
    assert Month.parse("2018-03") == Month(2018, 3)
    assert str(Month(2018, 3)) == "2018-03"
    assert Month(2018, 3).in_words == "March 2018"
    assert Month(2018, 3).first_day == date(2018, 3, 1)
    assert Month.of(date(2018, 3, 31)) == Month(2018, 3)


@pytest.mark.parametrize("text", ["2018-13", "2018-00", "2018-3", "2018/03", "2018-03-01", "", "x"])
def test_anything_else_is_refused_with_the_rule(text: str) -> None:
    with pytest.raises(InputError, match="A month is written YYYY-MM"):
        Month.parse(text)


def test_december_is_followed_by_january() -> None:
    assert Month(2017, 12).plus(1) == Month(2018, 1)
    assert Month(2018, 1).plus(-1) == Month(2017, 12)
    assert Month(2018, 1).minus(Month(2017, 12)) == 1


@given(MONTHS, st.integers(-600, 600))
def test_months_added_can_be_taken_away(month: Month, step: int) -> None:
    moved = month.plus(step)

    assert moved.minus(month) == step
    assert moved.plus(-step) == month
    assert (moved > month) == (step > 0)


@given(MONTHS)
def test_a_month_survives_being_written_down(month: Month) -> None:
    assert Month.parse(str(month)) == month
    assert Month.of(month.first_day) == month


def test_a_span_has_both_its_ends() -> None:
    span = MonthSpan.parse("2017-11/2018-02")

    assert [str(m) for m in span] == ["2017-11", "2017-12", "2018-01", "2018-02"]
    assert len(span) == 4
    assert Month(2018, 2) in span
    assert Month(2018, 3) not in span
    assert "2018-02" not in span
    assert str(span) == "2017-11/2018-02"
    assert span.in_words == "November 2017 to February 2018"


def test_one_month_is_a_span() -> None:
    span = MonthSpan.parse("2018-02")

    assert list(span) == [Month(2018, 2)]
    assert span.in_words == "February 2018"


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InputError, match=r"2018-02 to 2017-11\. Swap the two"):
        MonthSpan.parse("2018-02/2017-11")


def test_a_span_of_four_months_that_ends_in_february_starts_the_year_before() -> None:
    assert MonthSpan.ending(Month(2018, 2), months=4) == MonthSpan.parse("2017-11/2018-02")


@given(MONTHS, st.integers(1, 200))
def test_a_span_ending_somewhere_has_the_months_asked_for(last: Month, months: int) -> None:
    span = MonthSpan.ending(last, months=months)

    assert len(span) == len(list(span)) == months
    assert span.last == last
    assert MonthSpan.parse(str(span)) == span
