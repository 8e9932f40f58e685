from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from oracles import compared_counts as oracle
from peelian.assessment.compared_counts import ComparedCounts
from peelian.assessment.power import DesignPower, power_of_design
from peelian.core.errors import CoverageError, InputError
from peelian.core.months import Month
from peelian.core.results import Direction
from ward_panels import alike, months

AFTER = tuple(months(30)[24:])


def power(panel: NDArray[np.float64], **changes: object) -> DesignPower:
    asked: dict[str, object] = {"after": AFTER, "variation": 0.1, "seed": 1, "simulations": 500}
    return power_of_design(panel, months(panel.shape[1]), **(asked | changes))  # type: ignore[arg-type]


def test_against_its_own_past_power_is_that_added_up_term_by_term() -> None:
    panel = np.full((1, 12), 2.0)
    half_year = tuple(Month(2021, number) for number in range(1, 7))

    found = power_of_design(
        panel, months(12), after=half_year, variation=0, seed=3, effects=(-0.7,), simulations=20_000
    ).at[0]

    # The same six months of one year before: 12 records, and 12 after without an effect.
    exact = oracle.power_against_itself(12, 12, -0.7, share=Fraction(1, 2), least=0.025)
    assert found.power == pytest.approx(exact, abs=0.012)  # 3 standard errors of the simulation


def test_a_larger_effect_is_found_more_often_and_nothing_seldom() -> None:
    found = power(alike(11, mean=40), effects=(-0.1, -0.2, -0.4))

    assert found.at[0].power < found.at[1].power < found.at[2].power
    assert found.false_alarms.low <= 0.05
    assert found.at[2].low <= found.at[2].power <= found.at[2].high


def test_the_smallest_effect_is_found_as_often_as_wanted_and_the_next_smaller_is_not() -> None:
    panel = alike(11, mean=40)
    smallest = power(panel).smallest_found
    assert smallest is not None

    either = power(panel, effects=(smallest, smallest + 0.01)).at

    assert either[0].power >= 0.8 > either[1].power


def test_rises_have_a_power_too() -> None:
    found = power(alike(11, mean=40), effects=(0.2, 0.8))

    assert found.at[0].power < found.at[1].power
    assert found.smallest_found is not None
    assert found.smallest_found > 0


def test_three_records_in_six_months_can_show_nothing() -> None:
    found = power(alike(11, mean=0.4), variation=0.3)

    assert found.smallest_found is None


def test_rates_that_vary_more_hide_more() -> None:
    panel = alike(11, mean=40)

    assert power(panel, variation=0.4).at[2].power < power(panel, variation=0.05).at[2].power


def test_the_rule_that_is_given_is_the_rule_that_is_simulated() -> None:
    panel = alike(4, mean=30)

    def slow_rule(made: NDArray[np.float64], before: int) -> Direction | None:
        parts = made[0, :before], made[0, before:], made[1:, :before], made[1:, before:]
        few, many = ComparedCounts(*(np.array([part.sum()]) for part in parts)).tails(variation=0.1)
        if few[0] <= 0.025:
            return "down"
        return "up" if many[0] <= 0.025 else None

    quick = power(panel, simulations=60)
    slow = power(panel, simulations=60, method=slow_rule)

    assert slow == quick


@settings(max_examples=10)
@given(st.integers(0, 2**31))
def test_the_same_seed_gives_the_same_power(seed: int) -> None:
    panel = alike(4)

    once = power(panel, seed=seed, simulations=50)

    assert power(panel, seed=seed, simulations=50) == once


def test_expected_records_follow_the_season() -> None:
    panel = np.tile([10.0] * 6 + [30.0] * 6, (3, 2))
    winter = tuple(Month(2022, number) for number in (1, 2, 3))

    assert power(panel, after=winter).expected_records == pytest.approx(30)


@pytest.mark.parametrize(
    ("effects", "found"), [((), "found"), ((-0.1, 0.2), "0.2"), ((0.0,), "0.0"), ((-1.0,), "-1.0")]
)
def test_effects_of_both_signs_or_none_are_refused(effects: tuple[float, ...], found: str) -> None:
    with pytest.raises(InputError, match=found):
        power(alike(3), effects=effects)


def test_missing_months_and_no_record_are_refused() -> None:
    gap = alike(3)
    gap[1, 1] = np.nan

    with pytest.raises(InputError, match="months missing"):
        power(gap)
    with pytest.raises(CoverageError, match="found none"):
        power(np.vstack([np.zeros((1, 24)), alike(3)]))
    with pytest.raises(CoverageError, match="found none"):
        power(alike(3), after=())
