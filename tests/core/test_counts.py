from __future__ import annotations

import pytest

from peelian.core.counts import Series
from peelian.core.months import Month, MonthSpan

SERIES = Series(
    "robbery",
    "the ward",
    MonthSpan.parse("2018-01/2018-04"),
    (3, None, 0, 5),
    {Month(2018, 2): "no file"},
    {Month(2018, 3): "a new system"},
)


def test_a_missing_month_is_not_a_zero() -> None:
    assert SERIES.at(Month(2018, 2)) is None
    assert SERIES.at(Month(2018, 3)) == 0
    assert SERIES.held == (Month(2018, 1), Month(2018, 3), Month(2018, 4))
    assert SERIES.total == 8


def test_a_month_outside_the_span_is_not_known() -> None:
    assert SERIES.at(Month(2017, 12)) is None
    assert SERIES.at(Month(2018, 5)) is None


def test_a_part_keeps_counts_reasons_and_breaks() -> None:
    part = SERIES.over(MonthSpan.parse("2018-02/2018-03"))

    assert part.counts == (None, 0)
    assert part.missing == {Month(2018, 2): "no file"}
    assert part.breaks == {Month(2018, 3): "a new system"}


def test_months_beyond_what_is_held_are_missing_in_a_part() -> None:
    part = SERIES.over(MonthSpan.parse("2018-04/2018-05"))

    assert part.counts == (5, None)
    assert part.missing == {Month(2018, 5): "not held"}
    assert part.breaks == {}


def test_a_series_with_an_entry_too_few_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="one entry a month: 4 months, 1 entries"):
        Series("robbery", "the ward", SERIES.span, (3,))
