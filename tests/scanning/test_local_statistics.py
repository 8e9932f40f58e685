"""Gi, Gi* and local Moran: against esda, against loops, and by what must hold."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.weights import W

from oracles import local_statistics as oracle
from peelian.core.errors import InputError
from peelian.scanning.local_statistics import (
    conditional_permutations,
    getis_ord,
    local_moran,
)
from peelian.scanning.local_statistics_kernels import first_dealt
from peelian.scanning.neighbours import Neighbours, from_pairs, within_distance

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from esda import G_Local, Moran_Local

# Chains and stars of places 0, 1, 2 ...; the last may have no neighbour.
CHAIN = from_pairs(np.array([[0, 1], [1, 2], [2, 3], [3, 4]]), places=5)


def grid(side: int) -> Neighbours:
    at = np.arange(side * side)
    return within_distance(at % side, at // side, distance_m=1.5)


def as_esda(neighbours: Neighbours) -> W:
    near = {place: neighbours.of(place).tolist() for place in range(len(neighbours))}
    return W(near, silence_warnings=True)


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    return np.random.default_rng(11).gamma(1.5, 2.0, 144)


@pytest.mark.parametrize("star", [False, True])
@pytest.mark.filterwarnings("ignore")
def test_getis_ord_gives_what_esda_gives(values: np.ndarray, star: bool) -> None:
    peer = G_Local(values, as_esda(grid(12)), transform="B", star=star, permutations=0)

    found = getis_ord(values, grid(12), star=star)

    assert found.value == pytest.approx(peer.Gs, abs=1e-12, rel=0)
    assert found.expected == pytest.approx(peer.EGs, abs=1e-12, rel=0)
    assert found.variance == pytest.approx(peer.VGs, abs=1e-12, rel=0)
    assert found.z_scores == pytest.approx(peer.Zs, abs=1e-9, rel=0)
    assert found.p_values == pytest.approx(2 * peer.p_norm, abs=1e-9, rel=0)


@pytest.mark.filterwarnings("ignore")
def test_with_weights_that_sum_to_one_esda_takes_their_sum_for_the_sum_of_squares(
    values: np.ndarray,
) -> None:
    """So its z-scores are too near 0 there: the two are tied by the number of neighbours."""
    neighbours, n = grid(12), len(values)
    peer = G_Local(values, as_esda(neighbours), transform="R", star=False, permutations=0)

    found = getis_ord(values, neighbours, star=False)

    count = neighbours.count
    assert found.value / count == pytest.approx(peer.Gs, abs=1e-12, rel=0)
    shrunk = np.sqrt((n - 1 - count) / (count * (n - 2)))
    assert found.z_scores * shrunk == pytest.approx(peer.Zs, abs=1e-9, rel=0)


@pytest.mark.parametrize(("row_standardised", "transform"), [(True, "r"), (False, "b")])
@pytest.mark.filterwarnings("ignore")
def test_local_moran_gives_what_esda_gives(
    values: np.ndarray, row_standardised: bool, transform: str
) -> None:
    n = len(values)
    peer = Moran_Local(values, as_esda(grid(12)), transformation=transform, permutations=0)

    found = local_moran(values, grid(12), row_standardised=row_standardised)

    assert found.value == pytest.approx(peer.Is, abs=1e-9, rel=0)
    # esda's moments are of the statistic with divisor n, its statistic has n - 1.
    assert found.expected * n / (n - 1) == pytest.approx(peer.EIc, abs=1e-9, rel=0)
    assert found.variance * (n / (n - 1)) ** 2 == pytest.approx(peer.VIc, abs=1e-9, rel=0)
    away = (found.value - found.expected) / np.sqrt(found.variance)
    assert found.z_scores == pytest.approx(away, abs=1e-9, rel=0)
    names = {1: "high among high", 2: "low among high", 3: "low among low", 4: "high among low"}
    assert list(found.quadrants) == [names[int(q)] for q in peer.q]


@pytest.mark.filterwarnings("ignore")
def test_permutation_p_values_are_esdas_within_monte_carlo_error(values: np.ndarray) -> None:
    replicates = 9_999
    # One job: each of its workers would compile anew, for half a minute.
    peer = G_Local(
        values, as_esda(grid(12)), transform="B", star=True, permutations=replicates, seed=4,
        keep_simulations=False, n_jobs=1,
    )  # fmt: skip

    found = conditional_permutations(values, grid(12), replicates=replicates, seed=4)

    # esda's are one-sided, the smaller tail. Two Monte Carlo errors, 4.5 of them: 144 places
    # are compared.
    smaller = np.minimum(found.as_high, found.as_low)
    assert np.abs(smaller - peer.p_sim).max() < 4.5 * np.sqrt(2 * 0.25 / replicates)
    assert found.p_values.max() <= 1


@pytest.mark.parametrize("place", range(7))
def test_permutation_p_values_are_those_of_every_possible_neighbourhood(place: int) -> None:
    counts = [0, 3, 1, 0, 5, 2, 0, 1]
    near = [[1, 2], [0, 2, 3], [0, 1, 3, 4], [1, 2], [2], [6], [5], []]
    index = np.array([j for row in near for j in row])
    start = np.concatenate([[0], np.cumsum([len(row) for row in near])])
    replicates = 20_000

    found = conditional_permutations(
        counts, Neighbours(start, index), replicates=replicates, seed=3
    )  # fmt: skip

    high, low, _ = oracle.exact_tails(counts, near[place], place)
    error = 4 * np.sqrt(0.25 / replicates)
    assert found.as_high[place] == pytest.approx(float(high), abs=error)
    assert found.as_low[place] == pytest.approx(float(low), abs=error)


places = st.integers(3, 12).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 9), min_size=n, max_size=n),
        st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), min_size=1, max_size=25),
    )
)


def linked(n: int, pairs: set[tuple[int, int]]) -> Neighbours:
    kept = sorted({(min(p), max(p)) for p in pairs if p[0] != p[1]})
    return from_pairs(np.array(kept, dtype=np.int64).reshape(-1, 2), places=n)


@given(places, st.booleans(), st.booleans())
def test_z_scores_are_the_papers_for_weights_of_either_kind(
    made: tuple[list[int], set[tuple[int, int]]], star: bool, row_standardised: bool
) -> None:
    counts, pairs = made
    neighbours = linked(len(counts), pairs)
    near = [neighbours.of(i).tolist() for i in range(len(counts))]
    matrix = oracle.weights(near, star=star, row_standardised=row_standardised)

    found = getis_ord(counts, neighbours, star=star)

    for place in range(len(counts)):
        expected = oracle.g_z_score([float(c) for c in counts], matrix, place, star=star)
        if expected is None:
            assert np.isnan(found.z_scores[place])
        else:
            assert found.z_scores[place] == pytest.approx(expected, abs=1e-6)


@given(places, st.booleans())
def test_local_moran_is_the_papers(
    made: tuple[list[int], set[tuple[int, int]]], row_standardised: bool
) -> None:
    counts, pairs = made
    neighbours = linked(len(counts), pairs)
    near = [neighbours.of(i).tolist() for i in range(len(counts))]
    matrix = oracle.weights(near, star=False, row_standardised=row_standardised)

    found = local_moran(counts, neighbours, row_standardised=row_standardised)

    for place in range(len(counts)):
        if not near[place]:
            assert found.quadrants[place] == "none"
        elif len(set(counts)) > 1:
            expected = oracle.moran([float(c) for c in counts], matrix, place)
            assert found.value[place] == pytest.approx(expected, abs=1e-9)


@settings(max_examples=50)
@given(places, st.integers(0, 2**31))
def test_permutation_p_values_agree_with_loops_over_the_same_deals(
    made: tuple[list[int], set[tuple[int, int]]], seed: int
) -> None:
    counts, pairs = made
    neighbours = linked(len(counts), pairs)
    near = [neighbours.of(i).tolist() for i in range(len(counts))]
    most = max(len(row) for row in near)
    dealt = first_dealt(len(counts), min(most + 1, len(counts)), 39, seed).tolist()

    found = conditional_permutations(counts, neighbours, replicates=39, seed=seed)

    for place in range(len(counts)):
        if near[place]:
            expected = oracle.permuted_tails([float(c) for c in counts], near[place], place, dealt)
            assert (found.as_high[place], found.as_low[place]) == pytest.approx(expected)
        else:
            assert np.isnan(found.as_high[place])


@given(places, st.integers(1, 1000), st.integers(-50, 50))
def test_another_unit_and_another_zero_leave_the_z_scores(
    made: tuple[list[int], set[tuple[int, int]]], unit: int, zero: int
) -> None:
    counts, pairs = made
    neighbours = linked(len(counts), pairs)

    moved = getis_ord(np.array(counts) * unit + zero, neighbours)

    expected = getis_ord(counts, neighbours).z_scores
    assert moved.z_scores == pytest.approx(expected, abs=1e-9)


def test_small_differences_between_large_values_are_seen() -> None:
    steps = np.array([0.0, 1.0, 0.0, 3.0, 4.0])

    found, moran = getis_ord(1e9 + steps, CHAIN), local_moran(1e9 + steps, CHAIN)

    assert found.z_scores == pytest.approx(getis_ord(steps, CHAIN).z_scores, abs=1e-6)
    assert moran.value == pytest.approx(local_moran(steps, CHAIN).value, abs=1e-6)


@given(st.integers(2, 30), st.integers(0, 2**32))
def test_a_deal_has_each_place_once_and_does_not_depend_on_earlier_replicates(
    size: int, seed: int
) -> None:
    dealt = first_dealt(size, size, 5, seed)

    assert all(sorted(row) == list(range(size)) for row in dealt.tolist())
    assert (first_dealt(size, size, 2, seed) == dealt[:2]).all()
    # A shorter deal is the start of a longer one.
    assert (first_dealt(size, 1, 5, seed) == dealt[:, :1]).all()


def test_where_nothing_clusters_p_values_are_uniform() -> None:
    values = np.random.default_rng(5).normal(size=2_500)

    found = conditional_permutations(values, grid(50), replicates=999, seed=8)

    for level in (0.05, 0.25, 0.5):
        # Neighbourhoods overlap and deals are shared: wider than the binomial error.
        assert (found.as_high <= level).mean() == pytest.approx(level, abs=0.03)


def test_a_place_with_a_missing_value_is_as_if_it_were_not_there() -> None:
    values = [4.0, 1.0, np.nan, 3.0, 2.0]
    without = from_pairs(np.array([[0, 1], [2, 3]]), places=4)

    found = getis_ord(values, CHAIN)
    tails = conditional_permutations(values, CHAIN, replicates=99, seed=1)
    moran = local_moran(values, CHAIN)

    left = [4.0, 1.0, 3.0, 2.0]
    kept = [0, 1, 3, 4]
    assert found.z_scores[kept] == pytest.approx(getis_ord(left, without).z_scores)
    assert moran.value[kept] == pytest.approx(local_moran(left, without).value)
    same = conditional_permutations(left, without, replicates=99, seed=1)
    assert tails.as_high[kept].tolist() == same.as_high.tolist()
    assert np.isnan([found.z_scores[2], moran.value[2], tails.as_low[2]]).all()
    assert moran.quadrants[2] == "none"


def test_where_all_values_are_alike_no_place_stands_out() -> None:
    values = [2.1] * 5

    found, moran = getis_ord(values, CHAIN), local_moran(values, CHAIN)
    tails = conditional_permutations(values, CHAIN, replicates=99, seed=1)

    assert found.z_scores.tolist() == [0] * 5
    assert found.p_values.tolist() == [1] * 5
    assert (moran.value.tolist(), moran.z_scores.tolist()) == ([0] * 5, [0] * 5)
    assert tails.p_values.tolist() == [1] * 5


def test_a_place_without_neighbours_is_compared_by_gi_star_alone() -> None:
    values = [1.0, 2.0, 9.0]
    neighbours = from_pairs(np.array([[0, 1]]), places=3)

    star = getis_ord(values, neighbours)
    plain = getis_ord(values, neighbours, star=False)

    assert star.z_scores[2] > 1
    assert np.isnan(plain.z_scores[2])
    assert np.isnan(plain.p_values[2])
    assert np.isnan(conditional_permutations(values, neighbours, replicates=9, seed=1).as_high[2])


def test_one_place_cannot_stand_out() -> None:
    alone = from_pairs(np.zeros((0, 2), dtype=np.int64), places=1)

    assert getis_ord([3.0], alone).z_scores.tolist() == [0]
    assert np.isnan(local_moran([3.0], alone).value).all()
    assert np.isnan(conditional_permutations([3.0], alone, replicates=9, seed=1).as_high).all()


def test_no_places_give_empty_answers() -> None:
    none = from_pairs(np.zeros((0, 2), dtype=np.int64), places=0)

    assert getis_ord([], none).z_scores.shape == (0,)
    assert local_moran([], none).quadrants == ()
    assert conditional_permutations([], none, seed=1).p_values.shape == (0,)


def test_steps_are_taken_one_by_one() -> None:
    table = np.array([[1.0, 5.0], [2.0, np.nan], [0.0, 1.0], [7.0, 3.0], [1.0, 1.0]])

    found = getis_ord(table, CHAIN)

    for step in range(2):
        alone = getis_ord(table[:, step], CHAIN)
        assert found.z_scores[:, step] == pytest.approx(alone.z_scores, nan_ok=True)
        assert found.value[:, step] == pytest.approx(alone.value, nan_ok=True)


def test_values_of_other_places_than_the_neighbours_are_refused() -> None:
    with pytest.raises(InputError, match=r"found values of shape \(3,\) for 5 places"):
        getis_ord([1, 2, 3], CHAIN)
    with pytest.raises(InputError, match="infinite"):
        getis_ord([1, 2, 3, 4, np.inf], CHAIN)
    with pytest.raises(InputError, match="one value a place"):
        local_moran(np.ones((5, 2)), CHAIN)
    with pytest.raises(InputError, match="at least one replicate"):
        conditional_permutations([1, 2, 3, 4, 5], CHAIN, replicates=0, seed=1)


def test_tenths_tie_where_the_whole_numbers_do() -> None:
    # 0.1 + 0.2 is a little more than 0.3 in binary: without slack such ties would be lost.
    rng = np.random.default_rng(5)
    whole = rng.integers(0, 4, 60).astype(float)
    neighbours = within_distance(rng.uniform(0, 400, 60), rng.uniform(0, 400, 60), distance_m=90)

    one = conditional_permutations(whole, neighbours, replicates=99, seed=1)
    other = conditional_permutations(whole / 10, neighbours, replicates=99, seed=1)

    assert other.as_high == pytest.approx(one.as_high, nan_ok=True)
    assert other.as_low == pytest.approx(one.as_low, nan_ok=True)
