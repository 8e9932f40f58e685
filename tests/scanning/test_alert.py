from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from oracles import alert as oracle
from peelian.core.errors import InputError
from peelian.scanning.alert import Limit, alert_limit, combined_chance, unusual_places
from peelian.scanning.alert_null import (
    HALF_LIFE_MONTHS,
    LEVEL_WEIGHT,
    PRIOR_RECORDS,
    USUAL_BURSTS,
    USUAL_DRIFT,
    UsualRecords,
    usual_records,
)
from peelian.scanning.shrinkage import fit_rate_prior

MEANS = st.lists(st.floats(0.01, 3), min_size=1, max_size=3)
SIZES = st.floats(0.3, 20)


def ward(*, seed: int = 1, places: int = 20, months: int = 30, mean: float = 0.8) -> NDArray:
    rng = np.random.default_rng(seed)
    rates = rng.gamma(0.7, mean / 0.7, size=places)
    return rng.poisson(rates[:, None], size=(places, months)).astype(float)


def usual_of(observed: list[int], expected: list[float], size: float) -> UsualRecords:
    return UsualRecords(
        tuple(range(len(observed), 0, -1)),
        np.array([observed]),
        np.array([expected]),
        np.array([size]),
    )


@settings(max_examples=15)
@given(MEANS, SIZES, st.integers(1, 7))
def test_the_combined_chance_is_that_of_listing_every_case(
    expected: list[float], size: float, count: int
) -> None:
    smallest = oracle.chance_of_so_many(count, expected[0], size)

    found = combined_chance(np.array(expected), size, smallest)

    listed = oracle.combined_chance(expected, size, smallest)
    assert found == pytest.approx(listed, rel=1e-6, abs=1e-9)


@given(MEANS, SIZES)
def test_the_combined_chance_lies_between_the_smallest_and_the_sum_of_all_runs(
    expected: list[float], size: float
) -> None:
    smallest = oracle.chance_of_so_many(5, sum(expected), size)

    found = combined_chance(np.array(expected), size, smallest)

    assert smallest * (1 - 1e-9) <= found <= len(expected) * smallest * (1 + 1e-9)


def test_a_chance_of_one_is_one() -> None:
    assert combined_chance(np.array([0.5, 0.5]), 2.0, 1.0) == 1.0


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.floats(0.01, 8), st.floats(0.05, 30)), min_size=1, max_size=8),
    st.sampled_from([1.0, 5.0, 100.0]),
)
def test_the_limit_lets_as_many_runs_pass_as_were_asked_for_and_no_more(
    runs: list[tuple[float, float]], false_alarms: float
) -> None:
    usual = [usual_of([0], [expected], size) for expected, size in runs]

    limit = alert_limit(usual, false_alarms=false_alarms)

    wanted = false_alarms / 1200
    assert limit.expected_alarms <= wanted
    passing = oracle.mean_runs_passing(limit.chance * (1 + 1e-9), runs)
    assert passing == pytest.approx(limit.expected_alarms, rel=1e-4)
    # The next chance that any run can have would be too much.
    higher = min(
        chance
        for expected, size in runs
        for count in range(200)
        if (chance := oracle.chance_of_so_many(count, expected, size)) > limit.chance * (1 + 1e-6)
    )
    assert oracle.mean_runs_passing(higher * (1 + 1e-9), runs) > wanted * (1 - 1e-6)


def test_without_a_measure_nothing_passes() -> None:
    assert alert_limit([]) == Limit(0.0, 0.0)
    assert unusual_places([], Limit(0.0, 0.0)) == ()


@pytest.mark.parametrize("false_alarms", [0, -1])
def test_an_alert_without_false_alarms_is_refused(false_alarms: float) -> None:
    with pytest.raises(InputError, match=r"more than 0 false alarms .* found"):
        alert_limit([], false_alarms=false_alarms)


def test_the_usual_rate_is_the_shrunken_rate_of_the_months_before() -> None:
    counts = ward()
    counts[:, 7] = np.nan

    found = usual_records(counts, column=29)

    assert found is not None
    assert found.columns == (29, 28, 27)
    weighted = [oracle.weighted_records(list(row), 27, HALF_LIFE_MONTHS) for row in counts]
    records, exposure = (np.array(column) for column in zip(*weighted, strict=True))
    prior = fit_rate_prior(records, exposure)
    rates = (prior.shape + records) / (prior.rate + exposure)
    for place in range(len(counts)):
        others = sum(rates) - rates[place]
        for i, month in enumerate(found.columns):
            seen = counts[:, month].sum() - counts[place, month]
            level = (seen + LEVEL_WEIGHT) / (others + LEVEL_WEIGHT)
            assert found.expected[place, i] == pytest.approx(rates[place] * level)


def test_a_month_missing_among_the_last_is_left_out_of_the_runs() -> None:
    counts = ward()
    counts[:, 28] = np.nan

    found = usual_records(counts, column=29)

    assert found is not None
    assert found.columns == (29, 27)
    assert found.observed.shape == (20, 2)


def test_a_missing_month_cannot_be_looked_at() -> None:
    counts = ward()
    counts[:, 29] = np.nan

    assert usual_records(counts, column=29) is None


@pytest.mark.parametrize("column", [0, 2, 13])
def test_fewer_than_twelve_months_before_are_too_few_to_say(column: int) -> None:
    assert usual_records(ward(), column=column) is None
    assert usual_records(ward(), column=14) is not None


def test_fewer_than_thirty_records_before_are_too_few_to_say() -> None:
    counts = np.zeros((5, 30))
    counts[0, :29] = 1

    assert usual_records(counts, column=29) is None
    counts[1, :3] = 1
    assert usual_records(counts, column=29) is not None


def test_a_ward_of_one_place_is_looked_at_by_its_own_months() -> None:
    counts = np.full((1, 30), 2.0)

    found = usual_records(counts, column=29)

    assert found is not None
    # No other place says anything of the level of the last months.
    assert found.expected[0] == pytest.approx([2, 2, 2], rel=0.05)


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_the_order_of_places_does_not_matter(seed: int) -> None:
    counts = ward(seed=seed)
    order = np.random.default_rng(seed).permutation(len(counts))

    found, shuffled = usual_records(counts, column=29), usual_records(counts[order], column=29)

    assert found is not None
    assert shuffled is not None
    assert shuffled.expected == pytest.approx(found.expected[order])
    assert shuffled.size == pytest.approx(found.size[order])


def test_months_missing_at_the_start_change_nothing() -> None:
    counts = ward()
    longer = np.concatenate([np.full((20, 6), np.nan), counts], axis=1)

    found, later = usual_records(counts, column=29), usual_records(longer, column=35)

    assert found is not None
    assert later is not None
    assert later.expected == pytest.approx(found.expected)
    assert later.size == pytest.approx(found.size)


def test_what_raises_the_whole_ward_is_no_alert_at_any_place() -> None:
    counts = ward(places=40, mean=2)
    counts[:, 27:] *= 3

    found = usual_records(counts, column=29)

    assert found is not None
    limit = alert_limit([found])
    assert unusual_places([found], limit) == ()


def test_the_more_records_the_rarer() -> None:
    limit = Limit(0.05, 0.0)
    p_values = [
        unusual_places([usual_of([count, 0, 0], [0.4] * 3, 2.0)], limit)[0].p_value
        for count in (4, 6, 9, 15)
    ]

    assert p_values == sorted(p_values, reverse=True)


def test_the_run_that_is_least_likely_is_told_with_its_interval() -> None:
    usual = usual_of([3, 5, 4], [0.5, 0.5, 0.5], 4.0)

    (found,) = unusual_places([usual], Limit(0.01, 0.0))

    assert (found.months, found.observed, found.expected) == (3, 12, 1.5)
    # The negative binomial of mean 1.5 and size 4: 0.05 and 0.95 lie at 0 and 4.
    inside = 1 - oracle.chance_of_so_many(found.high + 1, 1.5, 4.0)
    assert (found.low, found.high) == (0, 4)
    assert inside >= 0.95 > 1 - oracle.chance_of_so_many(found.high, 1.5, 4.0)


def test_bursts_that_the_ward_always_has_raise_what_is_needed() -> None:
    steady, bursting = ward(places=40), ward(places=40)
    rng = np.random.default_rng(3)
    # Once in a while a place has six records at once.
    bursting[:, :27] += 6 * (rng.random((40, 27)) < 0.03)

    sizes = [usual_records(counts, column=29) for counts in (steady, bursting)]

    assert sizes[0] is not None
    assert sizes[1] is not None
    assert np.median(sizes[1].size) < np.median(sizes[0].size) / 2


@pytest.mark.parametrize("mean", [30.0, 500.0, 100_000.0])
def test_the_limit_is_found_however_many_records_are_expected(mean: float) -> None:
    runs = [(mean * (1 + i / 7), mean) for i in range(4)]
    usual = [usual_of([0], [expected], size) for expected, size in runs]

    limit = alert_limit(usual, false_alarms=100)

    # Of so many counts one lies close to what was asked for.
    assert 0.8 * 100 / 1200 < limit.expected_alarms <= 100 / 1200
    passing = 0.0
    for expected, size in runs:
        null = stats.nbinom(size, size / (size + expected))
        least = next(
            count
            for count in range(int(null.isf(0.9 * limit.chance)), 0, -1)
            if null.sf(count - 2) > limit.chance * (1 + 1e-9)
        )
        passing += float(null.sf(least - 1))
    assert passing == pytest.approx(limit.expected_alarms, rel=1e-3)


def test_of_many_records_the_runs_chances_are_added_up() -> None:
    expected, size = np.array([1_500.0, 1_500.0, 1_500.0]), 40.0

    found = combined_chance(expected, size, 1e-4)

    # Three runs, each with a chance just under 1e-4.
    assert 2.9e-4 < found <= 3e-4


def test_the_two_ways_to_combine_chances_meet() -> None:
    # The runs share their months: together they are less likely than one by one.
    few, many = (combined_chance(np.full(3, mean), 40.0, 1e-4) for mean in (300.0, 1_500.0))

    assert 1e-4 < few < many


def steady(rng: np.random.Generator) -> NDArray:
    # Every place has the same count each month: less than chance differs.
    return np.tile(np.arange(1.0, 11.0)[:, None], (1, 30))


def bursting(rng: np.random.Generator) -> NDArray:
    return 4.0 * rng.poisson(0.3, size=(10, 30))


def drifting(rng: np.random.Generator) -> NDArray:
    rates = 30 * np.exp(np.cumsum(rng.normal(0, 0.1, size=(10, 30)), axis=1))
    return rates.round()


@pytest.mark.parametrize("kind", [steady, bursting, drifting, lambda rng: ward(mean=3)])
def test_how_far_a_rate_strays_is_what_all_places_together_show(kind) -> None:
    counts = kind(np.random.default_rng(8))

    found = usual_records(counts, column=29)

    assert found is not None
    bursts, drift = oracle.strays(
        counts[:, :27].tolist(), (USUAL_BURSTS, USUAL_DRIFT), PRIOR_RECORDS
    )
    weighted = [oracle.weighted_records(list(row), 27, HALF_LIFE_MONTHS) for row in counts]
    records, exposure = (np.array(column) for column in zip(*weighted, strict=True))
    prior = fit_rate_prior(records, exposure)
    rates = (prior.shape + records) / (prior.rate + exposure)
    for place, size in enumerate(found.size.tolist()):
        own = prior.shape + records[place]
        others = sum(rates) - rates[place] + LEVEL_WEIGHT
        spread = 1 / own + 1 / others + drift + bursts / rates[place]
        assert 1 / size == pytest.approx(spread, rel=1e-6)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 9), min_size=3, max_size=3), st.floats(1e-4, 0.2))
def test_a_place_passes_where_a_run_is_as_unlikely_as_the_limit(
    observed: list[int], chance: float
) -> None:
    usual = usual_of(observed, [0.6, 0.8, 1.1], 2.0)

    found = unusual_places([usual], Limit(chance, 0.0))

    runs = [
        oracle.chance_of_so_many(sum(observed[:months]), sum([0.6, 0.8, 1.1][:months]), 2.0)
        for months in (1, 2, 3)
        if sum(observed[:months]) > sum([0.6, 0.8, 1.1][:months])
    ]
    least = min(runs, default=1.0)
    assert bool(found) == (least <= chance)
    if found:
        months = found[0].months
        assert found[0].observed == sum(observed[:months])
        assert oracle.chance_of_so_many(
            found[0].observed, sum([0.6, 0.8, 1.1][:months]), 2.0
        ) == pytest.approx(least)
