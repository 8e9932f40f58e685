"""Emerging hot spots: the classes, the trend tests, and what must not be found."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtr

from oracles import emerging as oracle
from peelian.core.errors import InputError
from peelian.core.grid import to_grid
from peelian.scanning.emerging import EmergingClass, EmergingPlace, emerging_hot_spots
from peelian.scanning.emerging_trend import lateness, mann_kendall
from peelian.scanning.false_discovery import discoveries
from peelian.scanning.local_statistics import getis_ord
from peelian.scanning.neighbours import Neighbours, from_pairs, within_distance

# Twenty-four steps in four quarters of six; the last six are recent. Four hundred quiet places
# have one record every third step; a hot one has more, a place far from all others.
QUIET, WARM, HOT, HOTTER = 0, 6, 8, 14


def alone(places: int) -> Neighbours:
    return from_pairs(np.zeros((0, 2), dtype=np.int64), places=places)


def city_with(*quarters: int) -> np.ndarray:
    steps = np.arange(24)
    quiet = np.array([(steps + place) % 3 == 0 for place in range(400)]).astype(float)
    return np.vstack([np.repeat(quarters, 6), quiet])


def first_of(table: np.ndarray, **options: float) -> EmergingPlace:
    return emerging_hot_spots(table, alone(len(table)), **options)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quarters", "kind"),
    [
        ((QUIET, QUIET, QUIET, HOT), "new"),
        ((WARM, WARM, HOT, HOTTER), "intensifying"),
        ((HOT, HOT, HOT, HOT), "persistent"),
        ((HOTTER, HOT, WARM, WARM), "diminishing"),
        ((HOT, HOT, QUIET, QUIET), "historical"),
        ((HOT, QUIET, QUIET, HOT), "persistent"),
        ((HOT, QUIET, QUIET, QUIET), "sporadic"),
        ((QUIET, QUIET, QUIET, QUIET), "none"),
    ],
)
def test_each_class_has_its_pattern(quarters: tuple[int, ...], kind: EmergingClass) -> None:
    assert first_of(city_with(*quarters)).kind == kind


def test_chronic_and_new_can_be_told_apart() -> None:
    chronic = first_of(city_with(HOT, HOT, HOT, HOT))
    new = first_of(city_with(QUIET, QUIET, QUIET, HOT))

    assert (chronic.is_chronic, chronic.hot_share) == (True, 1)
    assert (new.is_chronic, new.hot) == (False, (False,) * 18 + (True,) * 6)


def test_the_share_of_steps_that_is_chronic_can_be_that_of_arcgis() -> None:
    table = city_with(HOT, HOT, QUIET, HOT)

    assert first_of(table).kind == "persistent"
    assert first_of(table, chronic_share=0.9).kind == "sporadic"


def test_one_step_over_the_line_without_a_rise_is_not_new() -> None:
    """Just short of hot for three quarters, hot in one step since."""
    table = city_with(2, 2, 2, 2)
    table[0, 20] = 6

    found = first_of(table, steps_before=0)

    assert sum(found.hot) == 1
    assert found.kind == "sporadic"


def test_a_place_next_to_a_hot_one_is_hot_with_it() -> None:
    table = city_with(HOT, HOT, HOT, HOT)
    beside = from_pairs(np.array([[0, 1]]), places=len(table))

    kinds = [place.kind for place in emerging_hot_spots(table, beside)]

    assert kinds[:3] == ["persistent", "persistent", "none"]


def test_a_season_that_the_whole_city_has_makes_no_place_new_or_rising() -> None:
    table = city_with(HOT, HOT, HOT, HOT)
    table[:, 12:] *= 3

    found = emerging_hot_spots(table, alone(len(table)))

    assert found[0].trend is None
    assert {place.kind for place in found} == {"persistent", "none"}


@pytest.mark.parametrize("missing", [[10], [0], [23], [3, 4, 5]])
def test_a_missing_step_is_left_out_and_not_taken_for_a_quiet_one(missing: list[int]) -> None:
    table = city_with(HOT, HOT, HOT, HOT)
    table[:, missing] = np.nan

    found = first_of(table)

    assert found.steps == tuple(s for s in range(24) if s not in missing)
    assert found.hot == (True,) * (24 - len(missing))
    assert (found.kind, found.trend) == ("persistent", None)


def test_a_step_in_which_one_place_is_missing_is_missing() -> None:
    table = city_with(HOT, HOT, HOT, HOT)
    table[7, 10] = np.nan

    assert 10 not in first_of(table).steps


def test_without_records_no_place_is_hot() -> None:
    found = emerging_hot_spots(np.zeros((4, 12)), alone(4))

    assert {place.kind for place in found} == {"none"}
    assert {place.trend for place in found} == {None}
    assert found[0].z_scores == (0,) * 12


def test_one_record_is_no_hot_spot() -> None:
    table = np.zeros((50, 12))
    table[3, 5] = 1

    assert {place.kind for place in emerging_hot_spots(table, alone(50))} == {"none"}


def test_one_step_tells_no_pattern() -> None:
    table = city_with(HOT, HOT, HOT, HOT)[:, :1]

    assert (first_of(table).kind, first_of(table).hot) == ("sporadic", (True,))


def test_one_place_does_not_stand_out() -> None:
    assert emerging_hot_spots(np.full((1, 12), 5.0), alone(1))[0].kind == "none"


def test_no_places_and_no_steps_give_nothing() -> None:
    assert emerging_hot_spots(np.zeros((0, 12)), alone(0)) == ()
    empty = emerging_hot_spots(np.full((2, 3), np.nan), alone(2))
    assert [(place.kind, place.hot, place.hot_share) for place in empty] == [("none", (), 0)] * 2


def test_what_is_not_a_count_is_refused() -> None:
    with pytest.raises(InputError, match="a fraction"):
        emerging_hot_spots(np.full((2, 3), 0.5), alone(2))
    with pytest.raises(InputError, match=r"shape \(2, 3\) for 4 places"):
        emerging_hot_spots(np.zeros((2, 3)), alone(4))
    with pytest.raises(InputError, match="recent_steps=0"):
        emerging_hot_spots(np.zeros((2, 3)), alone(2), recent_steps=0)


def records_at(shares: np.ndarray, totals: np.ndarray, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.multinomial(total, shares) for total in totals]).astype(float)


def grid(side: int) -> Neighbours:
    at = np.arange(side * side)
    return within_distance(at % side, at // side, distance_m=1.0)


@pytest.mark.parametrize("records_a_step", [40, 400, 4_000])
def test_records_spread_evenly_give_no_hot_spots_however_few(records_a_step: int) -> None:
    """The normal distribution alone would call hundreds of these places hot."""
    hot = 0
    for seed in range(5):
        table = records_at(np.full(900, 1 / 900), np.full(24, records_a_step), seed)
        found = emerging_hot_spots(table, grid(30))
        hot += sum(any(place.hot) for place in found)

    # At a rate of 0.1, one of ten runs may have a false discovery where there is no true one.
    assert hot <= 3


def test_a_total_that_grows_is_no_trend_of_places_whose_share_is_steady() -> None:
    """Ranks of z-scores alone would find a trend at most places that have few records."""
    shares = np.random.default_rng(1).gamma(0.5, size=900)
    table = records_at(shares / shares.sum(), np.linspace(150, 450, 24).astype(int), seed=2)

    found = emerging_hot_spots(table, grid(30))

    assert np.mean([place.trend is not None for place in found]) < 0.05


def test_a_planted_rise_is_found_and_nothing_beside_it() -> None:
    """A street corner of five places that triples its records in the last six of 24 steps."""
    neighbours = grid(30)
    corner = [435, *neighbours.of(435).tolist()]
    found, beside = 0, 0
    for seed in range(10):
        table = records_at(np.full(900, 1 / 900), np.full(24, 900), seed)
        table[corner, 18:] += np.random.default_rng(seed + 100).poisson(3, (5, 6))
        classes = emerging_hot_spots(table, neighbours)
        found += classes[435].kind == "new"
        near = {435, *(j for i in corner for j in neighbours.of(i).tolist())}
        beside += sum(place.kind != "none" for i, place in enumerate(classes) if i not in near)

    assert found == 10
    assert beside <= 5


tables = st.tuples(st.integers(2, 6), st.integers(1, 7)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 6), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


@settings(max_examples=60)
@given(tables, st.integers(0, 2))
def test_hot_steps_agree_with_loops(table: list[list[int]], steps_before: int) -> None:
    places = len(table)
    chain = from_pairs(np.array([[i, i + 1] for i in range(places - 1)]), places=places)
    near = [chain.of(i).tolist() for i in range(places)]

    found = emerging_hot_spots(table, chain, steps_before=steps_before, discovery_rate=0.3)

    expected = oracle.hot_bins(table, near, steps_before, 0.3)
    assert [list(place.hot) for place in found] == expected


@settings(max_examples=60)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_places_does_not_matter(table: list[list[int]], shuffle: object) -> None:
    order = list(range(len(table)))
    shuffle.shuffle(order)  # type: ignore[attr-defined]

    found = emerging_hot_spots(table, alone(len(table)), discovery_rate=0.5)

    again = emerging_hot_spots([table[i] for i in order], alone(len(table)), discovery_rate=0.5)
    assert [place.kind for place in again] == [found[i].kind for i in order]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6))
def test_the_score_and_its_variance_are_those_of_every_order(values: list[int]) -> None:
    found = mann_kendall(values)

    variance, p_value = oracle.mann_kendall_exact([float(v) for v in values])
    assert found.score[0] == oracle.mann_kendall_score([float(v) for v in values])
    assert found.variance[0] == pytest.approx(variance, abs=1e-9)
    if len(set(values)) == len(values):
        assert found.p_values[0] == pytest.approx(p_value)


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=45))
def test_turning_the_steps_round_turns_the_trend_round(values: list[float]) -> None:
    onward, back = mann_kendall(values), mann_kendall(values[::-1])

    assert onward.score[0] == -back.score[0]
    assert onward.p_values[0] == back.p_values[0]
    assert 0 < onward.p_values[0] <= 1


def test_exact_and_normal_chances_meet_where_one_gives_way_to_the_other() -> None:
    rng = np.random.default_rng(0)
    table = np.argsort(rng.random((200, 40)), axis=1) + np.arange(40) * 0.3
    table += rng.random(table.shape) * 1e-6

    exact = mann_kendall(table)

    # 1 % of a standard error of a p-value: the normal is that close for forty steps.
    assert np.abs(exact.p_values - 2 * ndtr(-np.abs(exact.z_scores))).max() < 0.01


def test_a_trend_needs_two_steps_that_differ() -> None:
    assert mann_kendall([3.0]).p_values.tolist() == [1]
    assert mann_kendall([3.0] * 12).p_values.tolist() == [1]
    assert mann_kendall(np.zeros((2, 0))).p_values.tolist() == [1, 1]
    with pytest.raises(InputError, match="Leave the step out"):
        mann_kendall([1.0, np.nan, 2.0])


@given(tables)
def test_lateness_is_the_mean_step_of_a_places_records_against_all(table: list[list[int]]) -> None:
    everything = [sum(column) for column in zip(*table, strict=True)]

    z_scores, p_values = lateness(np.array(table, dtype=float), np.array(everything, dtype=float))

    if sum(everything):
        expected = [oracle.lateness_z(row, everything) for row in table]
        assert z_scores == pytest.approx(expected, abs=1e-6)
    else:
        assert p_values.tolist() == [1] * len(table)


@pytest.fixture(scope="module")
def robberies(street_rows: pl.DataFrame) -> tuple[np.ndarray, Neighbours]:
    """Robberies of six boroughs by snap point and month held, and points to 150 m."""
    points = street_rows.select("longitude", "latitude").unique().sort("longitude", "latitude")
    months = street_rows["month"].unique().sort().to_list()
    tally = (
        points.with_row_index("point")
        .join(street_rows.filter(crime_type="robbery"), on=["longitude", "latitude"])
        .group_by("point", "month")
        .len()
    )
    table = np.zeros((len(points), len(months)))
    at = [months.index(month) for month in tally["month"]]
    table[tally["point"].to_numpy(), at] = tally["len"].to_numpy()
    easting, northing = to_grid(points["longitude"].to_numpy(), points["latitude"].to_numpy())
    return table, within_distance(easting, northing, distance_m=150)


def test_the_normal_distribution_alone_finds_hot_spots_that_are_not_there(
    robberies: tuple[np.ndarray, Neighbours],
) -> None:
    """As many robberies at real snap points, but spread evenly: why a second chance is asked."""
    table, neighbours = robberies
    even = records_at(np.full(len(table), 1 / len(table)), table.sum(axis=0).astype(int), seed=1)

    normal = discoveries(ndtr(-getis_ord(even, neighbours).z_scores).ravel(), rate=0.1)
    found = emerging_hot_spots(even, neighbours)

    assert normal.sum() > 1_000
    assert {place.kind for place in found} == {"none"}


def test_more_robbery_hot_spots_are_new_or_growing_than_with_the_months_shuffled(
    robberies: tuple[np.ndarray, Neighbours],
) -> None:
    table, neighbours = robberies
    shuffled = table[:, np.random.default_rng(2).permutation(table.shape[1])]

    kinds = Counter(place.kind for place in emerging_hot_spots(table, neighbours))
    by_chance = Counter(place.kind for place in emerging_hot_spots(shuffled, neighbours))

    assert kinds["new"] > 1.5 * by_chance["new"]
    assert kinds["intensifying"] > 2 * by_chance["intensifying"]
    chronic = kinds["persistent"] + kinds["intensifying"] + kinds["diminishing"]
    assert 0 < chronic < 0.05 * len(table)


@pytest.mark.parametrize("steps_before", [0, 1, 3])
def test_a_place_that_is_hot_only_with_the_steps_before_needs_them(steps_before: int) -> None:
    # Four records in every other step: with the one before it each step has four.
    table = city_with(QUIET, QUIET, QUIET, QUIET)
    table[0, ::2] = 8

    found = first_of(table, steps_before=steps_before)

    odd_steps = found.hot[1::2]
    assert all(found.hot[::2])
    assert all(odd_steps) if steps_before else not any(odd_steps)


def test_a_trend_is_one_that_both_tests_show_with_the_larger_p_value() -> None:
    rng = np.random.default_rng(2)
    table = rng.poisson(np.linspace(0.3, 1.2, 18) * rng.gamma(0.6, 1, size=(40, 1))).astype(float)
    table[0] = [0] * 15 + [30] * 3  # late, but of few ranks
    near = alone(40)

    found = emerging_hot_spots(table, near)

    late, late_p = lateness(table, table.sum(axis=0))
    alone_z = np.round(getis_ord(table, near).z_scores, 9)
    ranks = mann_kendall(alone_z)
    larger = 0
    for place, each in enumerate(found):
        agree = np.sign(ranks.score[place]) == np.sign(late[place])
        both = max(ranks.p_values[place], late_p[place]) if agree else 1.0
        larger += bool(agree and ranks.p_values[place] > late_p[place])
        assert each.trend_p_value == pytest.approx(both)
    assert larger > 5


@pytest.mark.parametrize(("lately", "kind"), [(7, "sporadic"), (14, "sporadic"), (15, "new")])
def test_new_takes_more_records_lately_than_before_beyond_chance(lately: int, kind: str) -> None:
    """Always just short of hot before; the last six steps add so many records in one."""
    table = city_with(3, 3, 3, 3)
    table[0, 18:] = 3
    table[0, 20] = lately

    found = first_of(table, steps_before=0)

    before, recent = table[0, :18].sum(), table[0, 18:].sum()
    share = table[:, 18:].sum() / table.sum()
    chance = stats.binom.sf(recent - 1, before + recent, share)
    assert (sum(found.hot[:18]), any(found.hot[18:])) == (0, True)
    assert (chance < 0.025) == (kind == "new")
    assert found.kind == kind


@pytest.mark.parametrize("steps_before", [0, 1, 2])
def test_hot_steps_of_a_busy_street_agree_with_loops(steps_before: int) -> None:
    # Few places hardly ever give a hot one; of these forty, three neighbours have waves.
    rng = np.random.default_rng(6)
    table = rng.poisson(0.7, size=(40, 9))
    table[10:13] += rng.poisson([0, 3, 0, 1, 4, 0, 2, 5, 0], size=(3, 9))
    chain = from_pairs(np.array([[i, i + 1] for i in range(39)]), places=40)
    near = [chain.of(i).tolist() for i in range(40)]

    found = emerging_hot_spots(table, chain, steps_before=steps_before)

    expected = oracle.hot_bins(table.tolist(), near, steps_before, 0.1)
    assert [list(place.hot) for place in found] == expected
    assert 3 < sum(map(sum, expected)) < 40
