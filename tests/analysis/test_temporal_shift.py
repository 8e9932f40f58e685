from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from oracles.temporal_shift import difference_limits, share_as_far, u2
from peelian.analysis.temporal_shift import share_change, temporal_shift
from peelian.core.errors import InputError

MONDAY = datetime(2024, 5, 13)
MINUTES = st.lists(st.integers(1, 24 * 60 - 1), min_size=1, max_size=30)


def at(minutes: list[int]) -> list[datetime]:
    """Minutes past midnight, each on its own day."""
    return [MONDAY + timedelta(days=day, minutes=m) for day, m in enumerate(minutes)]


def drawn(rng: np.random.Generator, count: int, first: int, last: int) -> NDArray[np.datetime64]:
    return np.datetime64(MONDAY) + rng.integers(first * 60, last * 60, count) * np.timedelta64(
        1, "m"
    )


@settings(max_examples=40)
@given(MINUTES, MINUTES)
def test_the_statistic_is_watsons(before: list[int], after: list[int]) -> None:
    found = temporal_shift(at(before), at(after), seed=1, replicates=9)

    assert found.statistic == pytest.approx(u2(before, after), abs=1e-9)


def test_the_p_value_is_that_of_every_division() -> None:
    before, after = [60, 90, 100, 300, 420], [90, 400, 700, 800, 900, 1000]

    found = temporal_shift(at(before), at(after), seed=1, replicates=9999)

    # 462 divisions, all tried by the oracle; three standard errors of 9,999 shuffles.
    assert found.p_value == pytest.approx(share_as_far(before, after), abs=0.012)


@settings(max_examples=20)
@given(MINUTES, MINUTES, st.integers(1, 1438))
def test_where_the_day_is_cut_does_not_matter(
    before: list[int], after: list[int], turn: int
) -> None:
    # Midnight itself is left alone: many records there would be dates without a time.
    def turned(minutes: list[int]) -> list[int]:
        return [(m + turn) % 1440 for m in minutes]

    still = u2(before, after)
    moved = temporal_shift(at(turned(before)), at(turned(after)), seed=1, replicates=9)

    if moved.set_aside == 0:
        assert moved.statistic == pytest.approx(still, abs=1e-9)


def test_a_shift_from_morning_to_evening_is_found() -> None:
    rng = np.random.default_rng(1)

    found = temporal_shift(drawn(rng, 40, 8, 14), drawn(rng, 40, 16, 22), seed=2)

    assert (found.p_value, found.is_shift) == (1 / 1000, True)
    late = found.parts[1]
    assert late.name == "late"
    assert late.low > 0.5


def test_the_same_hours_are_no_shift_and_enough_to_say() -> None:
    rng = np.random.default_rng(2)

    found = temporal_shift(drawn(rng, 100, 8, 22), drawn(rng, 100, 8, 22), seed=2)

    assert not found.is_shift
    assert found.power > 0.99
    assert not found.is_too_few_to_say


def test_two_searches_are_too_few_to_say() -> None:
    found = temporal_shift(["2024-05-13T15:00"], ["2024-06-13T23:00"], seed=1)

    assert (found.p_value, found.power) == (1, 0)
    assert found.is_too_few_to_say


def test_two_on_each_side_are_too_few_however_far_apart() -> None:
    found = temporal_shift(at([600, 610]), at([1300, 1310]), seed=1)

    # Six ways to divide four times, of which two at least are as far apart.
    assert found.p_value > 0.3
    assert found.is_too_few_to_say


def test_a_period_without_records_is_too_few() -> None:
    found = temporal_shift(at([600, 610]), [], seed=1)

    assert (found.before, found.after, found.p_value) == (2, 0, 1)
    assert found.is_too_few_to_say
    assert {(part.low, part.high) for part in found.parts} == {(-1, 1)}


def test_no_records_at_all_are_too_few() -> None:
    found = temporal_shift([], [], seed=1, kind="weekdays")

    assert (found.before, found.after, found.is_too_few_to_say) == (0, 0, True)


def test_more_records_give_more_power() -> None:
    rng = np.random.default_rng(3)
    powers = [
        temporal_shift(drawn(rng, n, 8, 22), drawn(rng, n, 8, 22), seed=1, replicates=99).power
        for n in (4, 12, 60)
    ]

    assert powers[0] < powers[1] < powers[2]


def test_weekdays_are_compared_by_day() -> None:
    weekdays = np.datetime64("2024-05-13T12:00") + np.arange(50) % 5 * np.timedelta64(1, "D")
    weekend = np.datetime64("2024-05-18T12:00") + np.arange(50) % 2 * np.timedelta64(1, "D")

    found = temporal_shift(weekdays, weekend, kind="weekdays", seed=1)

    # All 100 on one side only: chi-square is the number of records.
    assert found.statistic == pytest.approx(100)
    assert found.is_shift
    assert [(p.name, p.before, p.after) for p in found.parts][4:] == [
        ("Friday", 10, 0), ("Saturday", 0, 25), ("Sunday", 0, 25)
    ]  # fmt: skip


def test_dates_without_times_are_no_shift() -> None:
    rng = np.random.default_rng(4)
    with_times, dates = drawn(rng, 80, 8, 22), np.datetime64("2024-05-13") + np.arange(40)

    found = temporal_shift(drawn(rng, 80, 8, 22), np.r_[with_times, dates], seed=1)

    assert (found.set_aside, found.after) == (40, 80)
    assert not found.is_shift


def test_a_record_without_a_time_is_counted_apart() -> None:
    found = temporal_shift(["NaT", "2024-05-13T15:00"], ["2024-05-13T16:00"], seed=1)

    assert (found.before, found.after, found.without_time) == (1, 1, 1)


@pytest.mark.parametrize("kind", ["hours", "weekdays"])
def test_periods_that_are_alike_give_even_p_values(kind: str) -> None:
    rng = np.random.default_rng(9)
    week = 7 * 1440
    p_values = []
    for run in range(100):
        one, other = rng.integers(1, week, 30), rng.integers(1, week, 20)
        start, minute = np.datetime64(MONDAY), np.timedelta64(1, "m")
        found = temporal_shift(
            start + one * minute,
            start + other * minute,
            kind=kind,
            seed=run,
            replicates=99,  # type: ignore[arg-type]
        )
        p_values.append(found.p_value)

    # Of 100, 5 are expected to be at most 0.05; 12 or more have a chance under 1 in 200.
    assert sum(p <= 0.05 for p in p_values) < 12
    assert 0.40 < np.mean(p_values) < 0.62


def test_results_do_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    before, after = drawn(rng, 20, 8, 14), drawn(rng, 20, 10, 18)
    found = []
    for threads in (1, 3):
        monkeypatch.setattr("os.cpu_count", lambda threads=threads: threads)
        found.append(temporal_shift(before, after, seed=4))

    assert found[0] == found[1]


def test_another_kind_is_an_error() -> None:
    with pytest.raises(InputError, match="found 'months'"):
        temporal_shift([], [], kind="months", seed=1)  # type: ignore[arg-type]


@settings(max_examples=300)
@given(st.integers(0, 20), st.integers(1, 20), st.integers(0, 20), st.integers(1, 20))
def test_the_interval_of_a_difference_holds_it(one: int, n: int, other: int, m: int) -> None:
    found = share_change("late", min(one, n), n, min(other, m), m)

    assert -1 <= found.low <= found.difference <= found.high <= 1


@settings(max_examples=40)
@given(st.integers(1, 60), st.integers(1, 60), st.floats(0, 1), st.floats(0, 1))
def test_the_interval_of_a_difference_is_newcombes(
    total_before: int, total_after: int, one: float, two: float
) -> None:
    before, after = round(one * total_before), round(two * total_after)

    found = share_change("late", before, total_before, after, total_after)

    low, high = difference_limits(before, total_before, after, total_after, 1.959963984540054)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-7)
