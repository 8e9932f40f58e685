"""Concentration of records at places, against sorting, every deal, and real records."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles import concentration as oracle
from peelian.core.errors import InputError
from peelian.scanning.concentration import concentration
from peelian.scanning.concentration_kernels import measure_dealt

some_records = st.lists(st.integers(0, 12), min_size=1, max_size=130).filter(lambda c: sum(c) > 0)


@settings(max_examples=80)
@given(some_records)
def test_every_figure_agrees_with_sorting(counts: list[int]) -> None:
    found = concentration(counts, replicates=1, seed=1)

    assert found.quarter_in.observed == pytest.approx(
        float(oracle.fewest_places(counts, Fraction(1, 4)))
    )
    assert found.half_in.observed == pytest.approx(
        float(oracle.fewest_places(counts, Fraction(1, 2)))
    )
    assert found.top_1_percent.observed == pytest.approx(
        float(oracle.share_in_top(counts, Fraction(1, 100)))
    )
    assert found.top_5_percent.observed == pytest.approx(
        float(oracle.share_in_top(counts, Fraction(1, 20)))
    )
    assert found.gini.observed == pytest.approx(float(oracle.gini(counts)))
    assert found.generalised_gini.observed == pytest.approx(float(oracle.generalised_gini(counts)))
    for point in found.lorenz:
        top = oracle.share_in_top(
            counts, Fraction(point.share_of_places).limit_denominator(len(counts))
        )
        assert point.share_of_records == pytest.approx(float(top))


@given(some_records)
def test_the_lorenz_curve_rises_from_nothing_to_all_and_bends_down(counts: list[int]) -> None:
    found = concentration(counts, replicates=3, seed=1)

    places = np.array([point.share_of_places for point in found.lorenz])
    records = np.array([point.share_of_records for point in found.lorenz])
    assert (places[0], records[0]) == (0, 0)
    assert (places[-1], records[-1]) == (1, 1)
    slope = np.diff(records) / np.diff(places)
    assert (slope >= -1e-9).all()
    assert (np.diff(slope) <= 1e-9).all()
    assert len(found.lorenz) <= 101


@given(some_records, st.randoms(use_true_random=False))
def test_the_order_of_places_does_not_matter(counts: list[int], shuffle: object) -> None:
    expected = concentration(counts, replicates=5, seed=2)
    shuffle.shuffle(counts)  # type: ignore[attr-defined]

    assert concentration(counts, replicates=5, seed=2) == expected


@given(st.integers(2, 60), st.integers(1, 200))
def test_the_generalised_gini_is_0_where_records_are_as_even_as_they_can_be(
    places: int, records: int
) -> None:
    if records > places:
        records -= records % places
    even = [records // places + (place < records % places) for place in range(places)]

    found = concentration(even, replicates=1, seed=1)

    assert found.generalised_gini.observed == pytest.approx(0, abs=1e-12)


def test_p_values_and_means_are_those_of_every_way_to_deal_the_records() -> None:
    """Four places, six records: 4,096 ways."""
    counts, replicates = [3, 2, 1, 0], 20_000
    every = oracle.ginis_of_every_deal(4, 6)

    found = concentration(counts, replicates=replicates, seed=5)

    exact = sum(g >= oracle.gini(counts) for g in every) / len(every)
    assert found.gini.p_value == pytest.approx(exact, abs=4 * np.sqrt(0.25 / replicates))
    mean, spread = np.mean([float(g) for g in every]), np.std([float(g) for g in every])
    assert found.gini.expected == pytest.approx(mean, abs=4 * spread / np.sqrt(replicates))


def test_replicates_do_not_depend_on_who_deals_them() -> None:
    targets, cuts = np.array([0.25, 0.5]), np.array([1, 5, 50])
    whole, parts = np.zeros((40, 6)), np.zeros((40, 6))

    measure_dealt(50, 120, 0, 40, 9, targets, cuts, whole)
    for first, last in [(25, 40), (0, 7), (7, 25)]:
        measure_dealt(50, 120, first, last, 9, targets, cuts, parts)

    assert (whole == parts).all()
    assert len(np.unique(whole[:, -1])) > 1


def test_another_seed_gives_other_replicates_and_the_same_figures() -> None:
    one, other = (concentration([9, 4, 1, 0, 0, 0], seed=seed) for seed in (1, 2))

    assert one.gini.expected != other.gini.expected
    assert one.gini.observed == other.gini.observed
    assert concentration([9, 4, 1, 0, 0, 0], seed=1) == one


def test_records_dealt_evenly_are_seldom_beyond_chance() -> None:
    rng = np.random.default_rng(4)
    p_values, beyond = [], 0
    for _ in range(200):
        found = concentration(np.bincount(rng.integers(0, 80, 60), minlength=80), seed=1)
        p_values.append(found.half_in.p_value)
        beyond += found.gini.is_beyond_chance

    # 2.5 % and 5 % of 200, with four standard errors; ties make p-values larger, not smaller.
    assert beyond <= 5 + 4 * np.sqrt(200 * 0.025)
    assert np.mean(np.array(p_values) <= 0.05) <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 200)


def test_one_place_with_most_records_is_beyond_chance_both_ways_of_counting() -> None:
    found = concentration([40] + [1] * 33 + [0] * 66, seed=1)

    assert found.half_in.is_beyond_chance
    assert found.top_1_percent.is_beyond_chance
    assert found.half_in.observed < found.half_in.low
    assert found.gini.p_value == 1 / 1000
    assert (found.places, found.records, found.places_with_records) == (100, 73, 34)


def test_one_record_is_as_even_as_one_record_can_be() -> None:
    found = concentration([0, 1, 0, 0], seed=1)

    assert found.gini.observed == 0.75
    assert found.generalised_gini.observed == 0
    assert found.gini.p_value == 1
    assert not found.half_in.is_beyond_chance


def test_one_place_holds_all() -> None:
    found = concentration([7], seed=1)

    assert (found.half_in.observed, found.gini.observed, found.gini.p_value) == (1, 0, 1)


def test_without_records_nothing_is_said() -> None:
    found = concentration([0, 0, 0], seed=1)

    assert found.records == 0
    assert np.isnan(
        [found.gini.observed, found.half_in.low, found.lorenz[-1].share_of_records]
    ).all()
    assert found.gini.p_value == 1
    assert not found.gini.is_beyond_chance


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(InputError, match="missing"):
        concentration([1, np.nan], seed=1)
    with pytest.raises(InputError, match=r"shape \(0,\)"):
        concentration([], seed=1)
    with pytest.raises(InputError, match=r"shape \(2, 2\)"):
        concentration(np.ones((2, 2)), seed=1)
    with pytest.raises(InputError, match="0 replicates"):
        concentration([1, 2], replicates=0, seed=1)


@pytest.mark.parametrize("crime_type", ["robbery", "anti-social-behaviour", "burglary"])
def test_on_real_records_a_few_places_hold_half_and_far_fewer_than_by_chance(
    street_rows: pl.DataFrame, crime_type: str
) -> None:
    points = street_rows.select("longitude", "latitude").unique()
    rows = street_rows.filter(pl.col("crime_type") == crime_type)
    tally = points.join(
        rows.group_by("longitude", "latitude").len(), on=["longitude", "latitude"], how="left"
    )["len"].fill_null(0)

    found = concentration(tally.to_numpy(), replicates=99, seed=1)

    assert (found.places, found.records) == (10_505, len(rows))
    ordered = np.sort(tally.to_numpy())[::-1].cumsum()
    half = (np.searchsorted(ordered, len(rows) / 2) + 1) / len(tally)
    assert found.half_in.observed == pytest.approx(half)
    assert found.half_in.observed < 0.7 * found.half_in.low
    assert found.top_5_percent.observed > 1.5 * found.top_5_percent.high
