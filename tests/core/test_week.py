from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles.week as oracle
from peelian.core.errors import InputError
from peelian.core.week import (
    day_numbers,
    is_time_of_day,
    minute_of_day,
    minute_of_week,
    minutes_by_hour,
    minutes_from,
    mondays,
    week_of,
)

TUESDAY = date(2026, 12, 1)
SUNDAY_NOON = datetime(2026, 12, 6, 12, 0)
SPANS = st.tuples(st.integers(0, 3000), st.integers(1, 700)).map(
    lambda m: (
        SUNDAY_NOON + timedelta(minutes=m[0]),
        SUNDAY_NOON + timedelta(minutes=m[0] + m[1]),
    )
)


def test_a_week_is_called_by_its_monday():
    assert week_of(TUESDAY) == date(2026, 11, 30)
    assert week_of(date(2026, 11, 30)) == date(2026, 11, 30)


def test_mondays_begin_with_the_week_of_the_first_day_and_end_with_that_of_the_last():
    assert mondays(TUESDAY, date(2026, 12, 7)) == [date(2026, 11, 30), date(2026, 12, 7)]
    assert mondays(TUESDAY, TUESDAY) == [date(2026, 11, 30)]


def test_days_are_numbered_once_and_in_order():
    assert day_numbers(["sunday", "Monday ", "sunday"]) == (0, 6)


@pytest.mark.parametrize("wrong", [[], ["funday"], ["monday", "mon"]])
def test_a_day_that_is_none_is_told_with_those_there_are(wrong):
    with pytest.raises(InputError, match=r"Days are written as monday, tuesday.*Correct"):
        day_numbers(wrong)


@pytest.mark.parametrize("wrong", ["", "24:00", "9:00", "09:60", "09:00 or so"])
def test_a_time_is_hours_and_minutes_of_two_figures(wrong):
    assert not is_time_of_day(wrong)
    with pytest.raises(InputError, match="A time is written as HH:MM"):
        minute_of_day(wrong)


def test_a_time_is_minutes_from_midnight():
    assert is_time_of_day("23:59")
    assert minute_of_day("23:59") == 24 * 60 - 1


def test_an_end_that_is_not_later_is_the_next_days():
    assert minutes_from("22:00", "06:30") == 510
    assert minutes_from("07:00", "07:00") == 24 * 60


def test_the_minutes_of_a_week_begin_on_monday_at_midnight():
    assert minute_of_week(datetime(2026, 11, 30)) == 0
    assert minute_of_week(datetime(2026, 12, 1, 0, 1, 30)) == 24 * 60 + 1.5


@given(st.lists(SPANS, max_size=6))
def test_hours_of_the_week_agree_with_counting_minute_by_minute(spans):
    table = minutes_by_hour(
        [(minute_of_week(start), (end - start) / timedelta(minutes=1)) for start, end in spans]
    )

    counted = oracle.minutes_by_hour(spans)
    assert table.shape == (7, 24)
    assert {
        (day, hour): minutes
        for day, hours in enumerate(table.tolist())
        for hour, minutes in enumerate(hours)
        if minutes
    } == counted
