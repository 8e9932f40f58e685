from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_trial import drawn, expecting
from peelian.assessment.randomised import assess_trial
from peelian.core.errors import InputError
from peelian.response.trial_power import power_of_trial, variation_between_periods


def test_power_is_how_often_the_assessment_itself_finds_the_effect() -> None:
    # The second implementation: trials drawn, records made and assessed one by one.
    means, effect, rng = np.array([20.0, 15, 12, 10, 8, 6, 5, 4]), -0.4, np.random.default_rng(5)
    found = 0
    for seed in range(200):
        trial = drawn(8, 6, seed=seed)
        on = np.array(trial.treated)
        counts = rng.poisson(means[:, None] * np.where(on, 1 + effect, 1.0)).astype(float)
        assessed = assess_trial(expecting(trial, means.tolist()), counts, seed=seed, draws=199)
        found += assessed.direction == "down"

    power = power_of_trial(
        drawn(8, 6), means.tolist(), seed=1, effects=[effect], simulations=800, draws=199,
        place_variation=0, period_variation=0,
    )  # fmt: skip

    # Four standard errors of the difference of shares near 0.9 from 200 and from 800.
    assert power.at[0].power == pytest.approx(found / 200, abs=0.095)
    assert 0.5 < power.at[0].power < 1


def test_larger_effects_are_found_more_often_and_the_smallest_lies_between() -> None:
    power = power_of_trial(drawn(12, 12), [6.0] * 12, seed=1, simulations=400, draws=199)

    tenth, fifth, two_fifths = (at.power for at in power.at)
    assert tenth < fifth < two_fifths
    assert power.smallest_found is not None
    assert [at.effect for at in power.at if at.power >= 0.8] == [
        effect for effect in (-0.1, -0.2, -0.4) if effect <= power.smallest_found
    ]


def test_the_simulations_own_uncertainty_comes_with_each_power() -> None:
    power = power_of_trial(drawn(6, 6), [5.0] * 6, seed=1, simulations=200, draws=199)

    assert all(at.low <= at.power <= at.high for at in power.at)
    assert all(at.high - at.low < 0.15 for at in power.at)


def test_more_periods_find_more_and_more_variation_finds_less() -> None:
    def at_two_fifths(periods: int, variation: float) -> float:
        power = power_of_trial(
            drawn(8, periods), [5.0] * 8, seed=1, effects=[-0.4], simulations=400, draws=199,
            period_variation=variation,
        )  # fmt: skip
        return power.at[0].power

    assert at_two_fifths(6, 0.3) < at_two_fifths(12, 0.3)
    assert at_two_fifths(12, 1.0) < at_two_fifths(12, 0.0)


def test_a_crossover_finds_more_than_a_parallel_trial_of_the_same_places() -> None:
    powers = [
        power_of_trial(
            drawn(12, 12, kind=kind), [5.0] * 12, seed=1, effects=[-0.4], simulations=400, draws=199
        ).at[0].power
        for kind in ("parallel", "crossover")
    ]  # fmt: skip

    assert powers[0] < powers[1]


def test_four_pairs_throughout_can_find_nothing_and_say_so() -> None:
    # Of 2 ** 4 draws one is the smallest tail there is: 0.0625, above 0.025.
    power = power_of_trial(
        drawn(8, 12, kind="parallel"), [50.0] * 8, seed=1, simulations=200, draws=999
    )

    assert power.smallest_found is None
    assert power.is_too_few_to_say
    assert all(at.power == 0 for at in power.at)


def test_records_too_rare_to_count_are_too_few_to_say() -> None:
    power = power_of_trial(drawn(2, 2), [0.01, 0.01], seed=1, simulations=200, draws=199)

    assert power.is_too_few_to_say
    assert power.expected_records == pytest.approx(0.04)


def test_the_same_seed_gives_the_same_power() -> None:
    one, again = (
        power_of_trial(drawn(4, 4), [9.0] * 4, seed=3, simulations=200, draws=199) for _ in "ab"
    )

    assert one == again


def test_what_cannot_be_is_refused() -> None:
    trial = drawn(4, 4)
    with pytest.raises(InputError, match="trial's 4 places, each more than 0; found 3"):
        power_of_trial(trial, [1.0] * 3, seed=1)
    with pytest.raises(InputError, match="the least 0"):
        power_of_trial(trial, [1.0, 1.0, 1.0, 0.0], seed=1)
    with pytest.raises(InputError, match=r"found 0\.2"):
        power_of_trial(trial, [1.0] * 4, seed=1, effects=[0.2])


@settings(max_examples=10)
@given(st.sampled_from([0.2, 0.5, 1.0]), st.integers(0, 1_000))
def test_the_variation_that_was_put_in_is_measured(variation: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    means = rng.uniform(5, 40, (60, 1)) * rng.uniform(0.5, 2, (1, 40))  # places and months differ

    counts = rng.poisson(means * rng.gamma(variation**-2, variation**2, means.shape))

    # A standard deviation from 2,400 counts.
    assert variation_between_periods(counts.astype(float)) == pytest.approx(variation, rel=0.15)


def test_few_places_and_periods_measure_it_without_leaning_to_either_side() -> None:
    rng, variation = np.random.default_rng(4), 0.2
    tables = [
        rng.poisson(1_000 * rng.gamma(variation**-2, variation**2, (4, 5))) for _ in range(300)
    ]

    squares = [variation_between_periods(table.astype(float)) ** 2 for table in tables]

    # 300 variances of twelve degrees of freedom: a standard error of 2.4 %, taken four times.
    assert np.mean(squares) == pytest.approx(variation**2, rel=0.1)


def test_poisson_counts_vary_hardly_beyond_chance() -> None:
    counts = np.random.default_rng(1).poisson(10.0, (100, 50)).astype(float)

    assert variation_between_periods(counts) < 0.08


@pytest.mark.parametrize(
    "history",
    [np.zeros((3, 4)), np.ones((1, 4)), np.ones((4, 1)), np.full((3, 3), np.nan), np.ones((3, 3))],
)
def test_a_history_that_shows_no_variation_has_none(history: np.ndarray) -> None:
    assert variation_between_periods(history) == 0


def test_a_missing_period_is_left_out_for_all_places() -> None:
    held = np.array([[9.0, 2, 7, 4], [3, 8, 1, 6]])
    with_gap = np.insert(held, 2, [np.nan, 5], axis=1)

    assert variation_between_periods(with_gap) == variation_between_periods(held) > 0
