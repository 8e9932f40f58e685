from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oracles.aoristic import weights_by_bin, weights_by_hour_of_week
from peelian.analysis.aoristic import aoristic_bins, aoristic_hours
from peelian.core.errors import InputError

# Whole minutes; most of them around the nights on which London changes its clocks.
NIGHTS = [datetime(2022, 3, 26, 20), datetime(2022, 10, 29, 20), datetime(2023, 3, 25, 20)]
STARTS = st.builds(
    lambda night, minutes: night + timedelta(minutes=minutes),
    st.sampled_from(NIGHTS),
    st.integers(0, 900),
)
LENGTHS = st.one_of(st.integers(0, 600), st.integers(0, 12_000))
TIMES = st.lists(
    st.builds(lambda start, length: (start, start + timedelta(minutes=length)), STARTS, LENGTHS),
    min_size=1,
    max_size=4,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def split(times: list[tuple[datetime, datetime]]) -> tuple[list[datetime], list[datetime]]:
    return [start for start, _ in times], [end for _, end in times]


@settings(max_examples=40)
@example([(at("2022-03-27T01:30"), at("2022-03-27T04:00"))])  # starts in the hour that was skipped
@example([(at("2022-03-27T01:59"), at("2022-03-27T02:01"))])  # ends before it starts, by UTC
@example([(at("2022-10-30T01:30"), at("2022-10-30T02:30"))])  # starts in the hour that came twice
@example([(at("2022-10-28T01:30"), at("2023-04-02T02:30"))])  # over two changes
@given(TIMES)
def test_weights_are_those_of_walking_minute_by_minute(
    times: list[tuple[datetime, datetime]],
) -> None:
    found = aoristic_hours(*split(times))

    assert found.weights == pytest.approx(np.array(weights_by_hour_of_week(times)), abs=1e-9)


@settings(max_examples=25)
@given(TIMES)
def test_bins_are_those_of_walking_minute_by_minute(
    times: list[tuple[datetime, datetime]],
) -> None:
    edges = [at(text) for text in ("2022-03-27", "2022-03-28", "2022-04-01", "2022-11-01")]

    found = aoristic_bins(*split(times), edges=edges)

    assert found.weights == pytest.approx(weights_by_bin(times, edges), abs=1e-9)
    assert found.weights.sum() + found.outside == pytest.approx(len(times))


@settings(max_examples=50)
@given(TIMES)
def test_every_record_weighs_one_and_lies_between_least_and_most(
    times: list[tuple[datetime, datetime]],
) -> None:
    found = aoristic_hours(*split(times), zone="UTC")

    assert found.weights.sum() == pytest.approx(len(times))
    assert (found.least <= found.weights + 1e-9).all()
    assert (found.weights <= found.most + 1e-9).all()


@settings(max_examples=25)
@given(TIMES, TIMES)
def test_two_sets_of_records_add_up(
    one: list[tuple[datetime, datetime]], other: list[tuple[datetime, datetime]]
) -> None:
    together = aoristic_hours(*split(one + other))

    apart = aoristic_hours(*split(one)).weights + aoristic_hours(*split(other)).weights
    assert together.weights == pytest.approx(apart, abs=1e-9)


def test_an_interval_of_whole_hours_gives_each_hour_an_equal_part() -> None:
    # Ratcliffe's own rule: four hours touched, a quarter of the record in each. A Tuesday.
    found = aoristic_hours(["2024-05-14T22:00"], ["2024-05-15T02:00"])

    assert found.weights[1, 22:].tolist() == [0.25, 0.25]
    assert found.weights[2, :2].tolist() == [0.25, 0.25]
    assert found.weights.sum() == 1
    assert (found.least.sum(), found.most.sum()) == (0, 4)


def test_an_end_on_the_hour_does_not_touch_the_hour_it_begins() -> None:
    found = aoristic_hours(["2024-05-14T10:00"], ["2024-05-14T11:00"])

    assert (found.weights[1, 10], found.least[1, 10], found.most[1, 11]) == (1, 1, 0)


def test_equal_times_are_one_exact_time() -> None:
    found = aoristic_hours(["2024-05-14T11:00"], ["2024-05-14T11:00"])

    assert (found.weights[1, 11], found.least[1, 11], found.most[1, 11]) == (1, 1, 1)
    assert (found.records, found.exact, found.a_day_or_longer) == (1, 1, 0)


def test_two_weeks_are_spread_evenly_over_all_hours() -> None:
    found = aoristic_hours(["2024-05-01T13:20"], ["2024-05-15T13:20"])

    assert found.weights == pytest.approx(np.full((7, 24), 1 / 168))
    assert (found.most == 1).all()
    assert found.a_day_or_longer == 1


def test_the_hour_that_was_skipped_gets_nothing() -> None:
    # On 27 March 2022 clocks went from 01:00 to 02:00: one hour passed, not two.
    found = aoristic_hours(["2022-03-27T00:30"], ["2022-03-27T02:30"])

    assert found.weights[6, :4].tolist() == [0.5, 0, 0.5, 0]


def test_the_hour_that_came_twice_gets_twice_as_much() -> None:
    # On 30 October 2022 clocks went from 02:00 back to 01:00: three hours passed, not two.
    found = aoristic_hours(["2022-10-30T00:30"], ["2022-10-30T02:30"])

    assert found.weights[6, :4] == pytest.approx([1 / 6, 4 / 6, 1 / 6, 0])


def test_a_day_of_the_bins_has_the_hours_it_had() -> None:
    # From Saturday noon to Monday noon: 12, 23 and 12 hours, as Sunday had 23.
    found = aoristic_bins(
        ["2022-03-26T12:00"], ["2022-03-28T12:00"],
        edges=np.arange("2022-03-26", "2022-03-30", dtype="datetime64[D]"),
    )  # fmt: skip

    assert found.weights == pytest.approx([12 / 47, 23 / 47, 12 / 47])
    assert found.most.tolist() == [1, 1, 1]


def test_what_lies_outside_the_bins_is_said() -> None:
    found = aoristic_bins(
        ["2024-01-31T12:00", "2024-02-10T00:00"], ["2024-02-01T12:00", "2024-02-10T00:00"],
        edges=["2024-02-01", "2024-03-01"],
    )  # fmt: skip

    assert (found.weights.tolist(), found.outside, found.records) == ([1.5], 0.5, 2)
    assert (found.least.tolist(), found.most.tolist()) == ([1], [2])


def test_no_records_give_zeros() -> None:
    hours, bins = aoristic_hours([], []), aoristic_bins([], [], edges=["2024-01-01", "2024-02-01"])

    assert (hours.weights.sum(), hours.records, hours.most.sum()) == (0, 0, 0)
    assert (bins.weights.tolist(), bins.outside, bins.records) == ([0], 0, 0)


def test_a_reversed_interval_is_an_error_that_names_the_row() -> None:
    good, late = "2024-05-14T10:00", "2024-05-14T12:00"

    with pytest.raises(InputError, match=r"found 2 reversed: row 1, 3 \(from 0\)"):
        aoristic_hours([good, late, good, late], [late, good, late, good])


def test_many_reversed_intervals_are_named_as_far_as_five() -> None:
    with pytest.raises(InputError, match=r"row 0, 1, 2, 3, 4 and 2 more"):
        aoristic_hours(["2024-05-14T10:00"] * 7, ["2024-05-14T09:00"] * 7)


def test_a_missing_time_is_an_error() -> None:
    with pytest.raises(InputError, match="found 1 without: row 0"):
        aoristic_hours(["NaT"], ["2024-05-14T09:00"])


def test_one_of_each_time_is_needed() -> None:
    with pytest.raises(InputError, match="found 1 of the one and 0 of the other"):
        aoristic_hours(["2024-05-14T09:00"], [])


@pytest.mark.parametrize("edges", [["2024-01-01"], ["2024-02-01", "2024-01-01"]])
def test_bins_out_of_order_are_an_error(edges: list[str]) -> None:
    with pytest.raises(InputError, match="at least two edges"):
        aoristic_bins(["2024-01-01"], ["2024-01-01"], edges=edges)


def test_a_microsecond_over_the_hour_does_not_drown_the_others() -> None:
    # A density of a million a second beside one of a part in a million seconds.
    found = aoristic_hours(
        ["2024-05-14T10:59:59.999999"] + ["2024-05-06T00:00"] * 3,
        ["2024-05-14T11:00:00.000001"] + ["2024-05-13T00:00"] * 3,
    )

    assert found.weights[1, 10] == pytest.approx(0.5 + 3 / 168, abs=1e-12)
    assert found.weights[4, 4] == pytest.approx(3 / 168, abs=1e-12)


def test_an_interval_of_just_a_day_says_nothing_of_the_hour() -> None:
    found = aoristic_hours(
        ["2024-05-14T10:00", "2024-05-14T10:00"], ["2024-05-15T10:00", "2024-05-15T09:59"]
    )

    assert found.a_day_or_longer == 1
