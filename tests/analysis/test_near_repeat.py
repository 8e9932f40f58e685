from __future__ import annotations

from math import inf
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.near_repeat import mean_and_share_as_many, pairs_by_cell
from peelian.analysis.near_repeat import NearRepeat, near_repeat
from peelian.core.errors import InputError, MonthOnlyError

# Few values, so that equal places, equal days and distances just at an end all come up.
METRES = st.sampled_from([0.0, 0.5, 1.0, 30.0, 40.0, 50.0, 100.0, 150.0, 1e5])
EVENTS = st.lists(st.tuples(METRES, METRES, st.integers(0, 20)), min_size=2, max_size=25)


def columns(events: list[tuple[float, float, int]]) -> tuple[list[float], list[float], list[int]]:
    return [e[0] for e in events], [e[1] for e in events], [e[2] for e in events]


def observed(result: NearRepeat, columns: int) -> list[list[int]]:
    return np.array([cell.observed for cell in result.cells]).reshape(-1, columns).tolist()


@settings(max_examples=60)
@given(EVENTS, st.booleans(), st.booleans())
def test_pairs_are_those_found_by_looking_at_every_pair(
    events: list[tuple[float, float, int]], manhattan: bool, right: bool
) -> None:
    x, y, days = columns(events)

    found = near_repeat(
        x, y, days, distances_m=[50, 100], day_bands=[7, 14], seed=1, replicates=9,
        metric="manhattan" if manhattan else "euclidean", closed="right" if right else "left",
    )  # fmt: skip

    slow = pairs_by_cell(
        list(zip(x, y, strict=True)), days, [1, 50, 100], [7, 14], manhattan=manhattan, right=right
    )
    assert observed(found, 3) == slow


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(METRES, METRES, st.sampled_from([0, 1, 2, 3, 7, 8, 29_999, 30_000, 32_767])),
        min_size=2,
        max_size=40,
    ),
    st.integers(1, 7),
)
def test_any_number_of_bands_and_ninety_years_are_counted_alike(
    events: list[tuple[float, float, int]], bands: int
) -> None:
    x, y, days = columns(events)
    ends = [1, 2, 3, 8, 30_000, 32_768, 70_000][:bands]

    found = near_repeat(x, y, days, distances_m=[100], day_bands=ends, seed=1, replicates=9)

    slow = pairs_by_cell(
        list(zip(x, y, strict=True)), days, [1, 100], ends, manhattan=True, right=False
    )
    assert observed(found, bands + 1) == slow


@settings(max_examples=30)
@given(EVENTS, st.integers(0, 99))
def test_the_order_of_the_records_does_not_matter_to_what_is_observed_and_expected(
    events: list[tuple[float, float, int]], seed: int
) -> None:
    shuffled = [events[i] for i in np.random.default_rng(seed).permutation(len(events))]

    one = near_repeat(*columns(events), seed=1, replicates=9)
    other = near_repeat(*columns(shuffled), seed=1, replicates=9)

    assert [(c.observed, c.expected) for c in one.cells] == [
        (c.observed, pytest.approx(c.expected)) for c in other.cells
    ]


@settings(max_examples=30)
@given(EVENTS)
def test_no_pair_is_lost_or_expected_twice(events: list[tuple[float, float, int]]) -> None:
    result = near_repeat(*columns(events), seed=1, replicates=9)

    pairs = len(events) * (len(events) - 1) / 2
    assert sum(cell.observed for cell in result.cells) == pairs
    assert sum(cell.expected for cell in result.cells) == pytest.approx(pairs)


def test_expected_and_p_are_those_of_every_arrangement_of_the_days() -> None:
    # Seven records: 5,040 arrangements, each listed by the oracle.
    places = [
        (0.0, 0.0),
        (0.0, 0.0),
        (0.0, 60.0),
        (80.0, 0.0),
        (900.0, 0.0),
        (950.0, 20.0),
        (5e3, 0),
    ]
    days = [0, 3, 5, 9, 40, 41, 80]
    mean, share = mean_and_share_as_many(places, days, [1, 100], [7])

    found = near_repeat(
        [p[0] for p in places], [p[1] for p in places], days,
        distances_m=[100], day_bands=[7], replicates=9999, seed=20,
    )  # fmt: skip

    assert [c.expected for c in found.cells] == pytest.approx(np.ravel(mean))
    # Three standard errors of a share from 9,999 shuffles.
    assert [c.p_value for c in found.cells] == pytest.approx(np.ravel(share), abs=0.015)


def test_the_mean_of_the_shuffles_is_what_is_expected() -> None:
    rng = np.random.default_rng(4)
    x, y, days = rng.uniform(0, 800, 200), rng.uniform(0, 800, 200), rng.integers(0, 60, 200)

    found = near_repeat(x, y, days, seed=5)

    for cell in found.cells:
        assert cell.chance_low <= cell.expected <= cell.chance_high


def test_days_planted_close_together_at_near_places_are_found() -> None:
    rng = np.random.default_rng(7)
    x, y, days = rng.uniform(0, 5000, 300), rng.uniform(0, 5000, 300), rng.integers(0, 365, 300)
    again = rng.choice(300, 25, replace=False)

    found = near_repeat(
        np.r_[x, x[again] + 40], np.r_[y, y[again]], np.r_[days, days[again] + 2], seed=1
    )

    first = found.of("near")[0]
    assert first.p_value == 1 / 1000
    assert first.observed >= 25
    assert first.observed > first.chance_high


def test_days_in_no_relation_to_places_give_even_p_values() -> None:
    rng = np.random.default_rng(11)
    p_values = []
    for run in range(200):
        x, y = rng.uniform(0, 600, 80), rng.uniform(0, 600, 80)
        found = near_repeat(x, y, rng.integers(0, 90, 80), seed=run, replicates=99)
        p_values.append(found.of("near")[1].p_value)

    # Counts tie, so p-values lean to the large; small ones must not come too often.
    # Of 200, 10 are expected to be at most 0.05; 19 or more have a chance under 1 in 200.
    assert sum(p <= 0.05 for p in p_values) < 19
    assert 0.45 < np.mean(p_values) < 0.62


def test_an_end_belongs_to_the_band_above_unless_said_otherwise() -> None:
    # 100 m and 7 days apart, exactly at an end of both kinds of band.
    left = near_repeat([0, 100], [0, 0], [0, 7], seed=1, replicates=9)
    right = near_repeat([0, 100], [0, 0], [0, 7], seed=1, replicates=9, closed="right")

    assert [(c.from_m, c.from_days) for c in left.cells if c.observed] == [(100, 7)]
    assert [(c.from_m, c.from_days) for c in right.cells if c.observed] == [(1, 0)]


def test_the_same_place_is_nearer_than_asked_and_on_the_same_day_is_in_the_first_band() -> None:
    found = near_repeat([0, 0.4, 3], [0, 0.4, 0], [5, 5, 5], seed=1, replicates=9)

    assert [c.observed for c in found.of("repeat")] == [1, 0, 0, 0]
    assert [c.observed for c in found.of("near")][:4] == [2, 0, 0, 0]
    assert found.places == 3


def test_bands_tile_distance_and_time() -> None:
    found = near_repeat([0], [0], [0], seed=1, replicates=9, distances_m=[50], day_bands=[3])

    assert [(c.kind, c.from_m, c.to_m, c.from_days, c.to_days) for c in found.cells] == [
        ("repeat", 0, 1, 0, 3), ("repeat", 0, 1, 3, inf),
        ("near", 1, 50, 0, 3), ("near", 1, 50, 3, inf),
        ("further", 50, inf, 0, 3), ("further", 50, inf, 3, inf),
    ]  # fmt: skip


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_records_give_no_pairs_and_p_values_of_one(count: int) -> None:
    found = near_repeat([5.0] * count, [5.0] * count, [3] * count, seed=1, replicates=9)

    assert {(c.observed, c.expected, c.p_value, c.ratio) for c in found.cells} == {(0, 0, 1, None)}
    assert all(c.is_too_few_to_say for c in found.cells)
    assert found.records == count


def test_records_all_on_one_day_say_nothing() -> None:
    found = near_repeat([0, 0, 10, 20], [0, 0, 0, 0], [8, 8, 8, 8], seed=1, replicates=99)

    assert {c.p_value for c in found.cells} == {1.0}


def test_whether_a_doubling_could_be_seen_decides_what_is_too_few_to_say() -> None:
    rng = np.random.default_rng(2)
    few = near_repeat(rng.uniform(0, 3000, 30), rng.uniform(0, 3000, 30),
                      rng.integers(0, 365, 30), seed=1)  # fmt: skip
    many = near_repeat(rng.uniform(0, 900, 900), rng.uniform(0, 900, 900),
                       rng.integers(0, 365, 900), seed=1)  # fmt: skip

    assert few.of("near")[0].is_too_few_to_say
    assert not many.of("near")[0].is_too_few_to_say


def test_dates_and_whole_days_give_the_same() -> None:
    days = np.array([0, 5, 31, 33])
    x, y = [0, 50, 60, 500], [0, 0, 0, 0]

    by_day = near_repeat(x, y, days, seed=1, replicates=99)
    by_date = near_repeat(x, y, np.datetime64("2024-02-27") + days, seed=1, replicates=99)
    as_dates = pl.Series(np.datetime64("2024-02-27") + days).cast(pl.Date())

    assert by_date == by_day
    assert near_repeat(x, y, as_dates.to_numpy(), seed=1, replicates=99) == by_day


def test_results_do_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    x, y, days = rng.uniform(0, 500, 60), rng.uniform(0, 500, 60), rng.integers(0, 60, 60)
    found = []
    for threads in (1, 2, 7):
        monkeypatch.setattr("os.cpu_count", lambda threads=threads: threads)
        found.append(near_repeat(x, y, days, seed=9, replicates=199))

    assert found[0] == found[1] == found[2]


def test_the_input_is_left_as_it_was() -> None:
    x, y, days = np.array([5.0, 1.0, 3.0]), np.array([1.0, 2.0, 3.0]), np.array([9, 2, 4])

    near_repeat(x, y, days, seed=1, replicates=9)

    assert (x.tolist(), y.tolist(), days.tolist()) == ([5, 1, 3], [1, 2, 3], [9, 2, 4])


def test_a_pair_just_at_the_last_distance_is_not_lost_between_squares() -> None:
    # 0.1 + 300 is not a whole number of 300s in binary.
    found = near_repeat(
        [0, 299.9, 599.9], [0, 0, 0], [0, 0, 0], seed=1, replicates=9, closed="right"
    )

    assert sum(c.observed for c in found.of("near")) == 2


def test_months_in_place_of_dates_are_refused_with_the_reason() -> None:
    months = np.array(["2022-01-01", "2022-02-01", "2022-02-01"], dtype="datetime64[D]")

    with pytest.raises(MonthOnlyError, match=r"all 3 are dated on the first of a month"):
        near_repeat([0, 0, 0], [0, 0, 0], months, seed=1)


def test_real_open_records_are_refused_as_months(real_data: Path) -> None:
    folder = real_data / "validation" / "timestamped-crime_crimemappingdata"
    rows = pl.read_csv(folder / "nottingham_robbery.csv.gz", try_parse_dates=True)

    with pytest.raises(MonthOnlyError, match="known only to the month"):
        near_repeat(rows["longitude"], rows["latitude"], rows["month"].to_numpy(), seed=1)


@pytest.mark.parametrize(
    ("x", "days", "message"),
    [
        ([0.0, float("nan")], [1, 2], "a place for every record; found 1 without"),
        ([0.0, 1.0, 2.0], [1, 2], "found 3, 3 and 2"),
        ([0.0, 1.0], np.array(["2024-01-05", "NaT"], dtype="datetime64[D]"), "found 1 without"),
        ([0.0, 1.0], [0, 1_700_000_000], "Pass days, not seconds, and"),
    ],
)
def test_what_cannot_be_paired_is_an_error_that_says_why(
    x: list[float], days: list[int], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        near_repeat(x, x, days, seed=1)


@pytest.mark.parametrize(
    ("distances", "days"), [([], [7]), ([100, 100], [7]), ([0.5], [7]), ([100], [14, 7])]
)
def test_bands_out_of_order_are_an_error(distances: list[float], days: list[int]) -> None:
    with pytest.raises(InputError, match="upper ends of bands"):
        near_repeat([0, 1], [0, 1], [0, 1], distances_m=distances, day_bands=days, seed=1)


def test_parts_of_days_are_an_error() -> None:
    with pytest.raises(InputError, match=r"those of bands of days too; found 1\.5"):
        near_repeat([0, 1], [0, 1], [0, 1], day_bands=[1.5], seed=1)  # type: ignore[list-item]
    with pytest.raises(InputError, match=r"those of records too; found 0\.25"):
        near_repeat([0, 1], [0, 1], [0.25, 1], seed=1)


def test_a_missing_day_among_whole_ones_is_an_error() -> None:
    with pytest.raises(InputError, match="those of records too; found nan"):
        near_repeat([0, 1], [0, 1], [float("nan"), 31.0], seed=1)


def test_whole_days_may_be_written_as_parts() -> None:
    whole = near_repeat([0, 40], [0, 0], [0, 31], seed=1, replicates=9)

    assert near_repeat([0, 40], [0, 0], [0.0, 31.0], seed=1, replicates=9) == whole


@pytest.mark.parametrize("manhattan", [True, False])
def test_many_places_in_every_direction_and_many_records_at_one_agree_with_every_pair(
    manhattan: bool,
) -> None:
    # Places in squares that touch on all sides and corners, and sixty records at one door: the
    # counts that the loop packs into five bits overflow if they are added up too late.
    rng = np.random.default_rng(12)
    x = np.concatenate([rng.uniform(0, 600, 340), np.full(60, 300.0)])
    y = np.concatenate([rng.uniform(0, 600, 340), np.full(60, 300.0)])
    days = np.concatenate([rng.integers(0, 40, 340), np.full(60, 20)])

    found = near_repeat(
        x, y, days, distances_m=[50, 100], day_bands=[3, 7, 14, 21], seed=1, replicates=1,
        metric="manhattan" if manhattan else "euclidean",
    )  # fmt: skip

    slow = pairs_by_cell(
        list(zip(x.tolist(), y.tolist(), strict=True)), days.tolist(), [1, 50, 100],
        [3, 7, 14, 21], manhattan=manhattan, right=False,
    )  # fmt: skip
    assert observed(found, 5) == slow


def test_a_pair_a_hair_nearer_than_the_last_distance_never_falls_two_squares_apart() -> None:
    first = 99.99999985
    found = near_repeat(
        [0, first, first + 99.99999999], [0, 0, 0], [0, 0, 0],
        distances_m=[100], seed=1, replicates=1,
    )  # fmt: skip

    assert sum(c.observed for c in found.of("near")) == 2
