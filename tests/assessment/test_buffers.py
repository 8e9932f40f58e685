from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles import buffers as oracle
from peelian.assessment.buffers import ONE_BY_ONE, displacement_quotient, total_net_effect
from peelian.assessment.displacement_over_months import Drift
from peelian.assessment.weighted_displacement import BeforeAfter
from peelian.core.errors import InputError

PLACES = st.builds(BeforeAfter, st.integers(0, 300), st.integers(0, 300))


def quotient(
    treated: tuple[int, int],
    around: tuple[int, int],
    control: tuple[int, int],
    *,
    drift: Drift = ONE_BY_ONE,
    draws: int = 9_999,
) -> tuple[float, float]:
    found = displacement_quotient(
        treated=BeforeAfter(*treated),
        around=BeforeAfter(*around),
        control=BeforeAfter(*control),
        seed=1,
        drift=drift,
        draws=draws,
    )
    return found.low, found.high


def test_all_that_a_place_lost_appears_around_it() -> None:
    # By hand: (150 / 100 - 100 / 100) / (50 / 100 - 100 / 100) = -1.
    found = displacement_quotient(
        treated=BeforeAfter(100, 50),
        around=BeforeAfter(100, 150),
        control=BeforeAfter(100, 100),
        seed=1,
    )

    assert (found.estimate, found.success, found.around) == (-1, -0.5, 0.5)
    assert found.meaning == "displacement"
    assert found.low < -1 < found.high < 0


def test_surroundings_that_fell_as_well_show_diffusion() -> None:
    # (240 / 300 - 400 / 300) / (60 / 300 - 200 / 300) = 1.142857...
    found = displacement_quotient(
        treated=BeforeAfter(200, 60),
        around=BeforeAfter(400, 240),
        control=BeforeAfter(300, 300),
        seed=1,
    )

    assert found.estimate == pytest.approx(8 / 7)
    assert found.meaning == "diffusion"
    assert "fell too, beyond chance" in found.says


def test_far_more_around_than_was_lost_is_said() -> None:
    found = displacement_quotient(
        treated=BeforeAfter(400, 300),
        around=BeforeAfter(500, 1000),
        control=BeforeAfter(4000, 4000),
        seed=1,
    )

    assert found.high < -1
    assert "More appeared there than the place lost" in found.says


@pytest.mark.parametrize(
    ("treated", "control"),
    [
        (BeforeAfter(0, 0), BeforeAfter(0, 0)),
        (BeforeAfter(1, 0), BeforeAfter(5, 5)),
        (BeforeAfter(50, 80), BeforeAfter(100, 100)),
    ],
)
def test_without_a_sure_fall_nothing_is_said(treated: BeforeAfter, control: BeforeAfter) -> None:
    found = displacement_quotient(
        treated=treated, around=BeforeAfter(30, 60), control=control, seed=1
    )

    assert found.meaning == "no fall to move"
    assert (found.low, found.high) == (-inf, inf)
    assert "nothing that could have moved" in found.says


def test_a_comparison_without_a_record_gives_no_estimate() -> None:
    found = displacement_quotient(
        treated=BeforeAfter(10, 5),
        around=BeforeAfter(30, 30),
        control=BeforeAfter(0, 10),
        seed=1,
    )

    assert (found.estimate, found.success, found.around) == (None, None, None)


@pytest.mark.parametrize("drift", [Drift(), Drift(2.5), Drift(2.0, 12.0)])
def test_another_generator_draws_the_same_interval(drift: Drift) -> None:
    counts = (300, 150), (400, 470), (1000, 1000)

    found = quotient(*counts, drift=drift, draws=39_999)

    written = oracle.quotient(
        *counts, spread=drift.spread, degrees=drift.degrees, draws=40_000, seed=5
    )
    # Within four Monte Carlo standard errors of such quantiles, measured on repeated draws.
    assert found == pytest.approx(written, abs=0.06)


def test_drift_widens_the_interval() -> None:
    counts = (300, 150), (400, 470), (1000, 1000)

    narrow, wide = quotient(*counts), quotient(*counts, drift=Drift(3.0))

    assert wide[0] < narrow[0] < narrow[1] < wide[1]


@settings(max_examples=50)
@given(PLACES, PLACES, PLACES, st.integers(0, 99))
def test_the_estimate_lies_within_the_interval_and_a_seed_draws_the_same_again(
    treated: BeforeAfter, around: BeforeAfter, control: BeforeAfter, seed: int
) -> None:
    places = {"treated": treated, "around": around, "control": control}

    found = displacement_quotient(**places, seed=seed, draws=999)
    again = displacement_quotient(**places, seed=seed, draws=999)

    assert found == again
    if found.estimate is not None:
        assert found.low <= found.estimate <= found.high


def test_the_net_effect_is_counted_from_the_comparisons_trend() -> None:
    # The comparison rose by a tenth: 110 and 220 would have come, 60 and 210 did.
    found = total_net_effect(
        treated=BeforeAfter(100, 60),
        around=BeforeAfter(200, 210),
        control=BeforeAfter(1000, 1100),
        seed=1,
    )

    assert found.estimate == pytest.approx(60 - 110 + 210 - 220)
    assert found.low < found.estimate < found.high


@settings(max_examples=50)
@given(PLACES, PLACES, st.builds(BeforeAfter, st.integers(1, 300), st.integers(0, 300)))
def test_the_net_effect_has_a_low_p_value_exactly_when_its_interval_excludes_none(
    treated: BeforeAfter, around: BeforeAfter, control: BeforeAfter
) -> None:
    found = total_net_effect(treated=treated, around=around, control=control, seed=3, draws=999)

    assert (found.p_value <= 0.05 + 1e-12) == (found.direction is not None)


@pytest.mark.parametrize("mean", [3, 30])
def test_intervals_cover_the_truth_in_drawn_counts(mean: int) -> None:
    rng = np.random.default_rng(mean)
    means = np.array([[mean, mean / 2], [2 * mean, 2.3 * mean], [6 * mean, 6 * mean]])
    tried = 400
    both = net = 0
    for seed in range(tried):
        treated, around, control = (BeforeAfter(int(b), int(a)) for b, a in rng.poisson(means))
        places = {"treated": treated, "around": around, "control": control}
        found = displacement_quotient(**places, seed=seed, draws=399)
        both += found.low <= -0.6 <= found.high
        total = total_net_effect(**places, seed=seed, draws=399)
        net += total.low <= -0.2 * mean <= total.high

    # Of 400 with a chance of 0.95, three standard errors are 0.033.
    assert both / tried >= 0.95 - 0.033
    assert net / tried >= 0.95 - 0.033


def test_what_cannot_be_drawn_is_refused() -> None:
    place = BeforeAfter(9, 8)

    with pytest.raises(InputError, match=r"a spread is at least 1 .* Drift\(spread=0\.5"):
        displacement_quotient(treated=place, around=place, control=place, seed=1, drift=Drift(0.5))
    with pytest.raises(InputError, match="Counts are 0 or more"):
        total_net_effect(treated=BeforeAfter(-1, 0), around=place, control=place, seed=1)
    with pytest.raises(InputError, match=r"found 0\.95 with 9 draws"):
        total_net_effect(treated=place, around=place, control=place, seed=1, draws=9)
    with pytest.raises(InputError, match=r"found none\. Choose a larger comparison"):
        total_net_effect(treated=place, around=place, control=BeforeAfter(0, 3), seed=1)
