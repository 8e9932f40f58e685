"""Treated places against many others: what is measured, how surely, and what would change it."""

from __future__ import annotations

from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from oracles import difference_in_differences as oracle
from peelian.assessment.clustered_ratio import clustered_interval
from peelian.assessment.difference_in_differences import difference_in_differences
from peelian.assessment.effect import Effect
from peelian.assessment.exact_odds import exact_odds
from peelian.assessment.placebo_places import placebos_of
from peelian.assessment.pre_trend import pre_trend
from peelian.core.counts import Series
from peelian.core.errors import CoverageError, InputError
from peelian.core.months import Month, MonthSpan

BEFORE, AFTER = MonthSpan.parse("2016-01/2017-12"), MonthSpan.parse("2018-01/2018-12")
SPAN = MonthSpan.parse("2016-01/2018-12")

few = st.integers(0, 9)


def place(name: str, counts: list[int | None], measure: str = "robbery") -> Series:
    return Series(measure, name, SPAN, tuple(counts))


def steady(name: str, before: int, after: int) -> Series:
    return place(name, [before] * 24 + [after] * 12)


def others(number: int, *, seed: int = 7) -> list[Series]:
    """Places with four records a month, by chance, and nothing done."""
    drawn = np.random.default_rng(seed).poisson(4, (number, 36))
    return [place(f"ward {i}", row) for i, row in enumerate(drawn.tolist())]


def assessed(treated: list[Series], comparison: list[Series], **options: int) -> Effect:
    return difference_in_differences(
        treated, comparison, before=BEFORE, after=AFTER, seed=options.get("seed", 1)
    )


def checks(effect: Effect, kind: str) -> list[str]:
    return [check.says for check in effect.checks if check.kind == kind]


def test_the_estimate_is_the_ratio_of_ratios() -> None:
    comparison = [steady("b", 2, 4), steady("c", 4, 8)]

    effect = assessed([steady("a", 4, 4)], comparison)

    assert effect.estimate == pytest.approx(0.5)
    assert (effect.treated, effect.untreated) == (48, 144)
    assert effect.maryland_level == 3


def test_the_estimate_is_that_of_a_poisson_model_with_an_effect_for_each_place_and_month() -> None:
    treated, comparison = others(2, seed=1), others(6)
    treated = [Series("robbery", f"treated {i}", SPAN, s.counts) for i, s in enumerate(treated)]
    counts = np.array([each.counts for each in (*treated, *comparison)], dtype=float)

    effect = assessed(treated, comparison)

    ratio, _ = oracle.poisson_model(counts, np.arange(8) < 2, np.arange(36) >= 24)
    assert effect.estimate == pytest.approx(ratio, rel=1e-8)


def test_the_clustered_standard_error_is_that_of_the_poisson_model() -> None:
    counts = np.random.default_rng(3).poisson(5, (22, 12)).astype(float)
    on, late = np.arange(22) < 10, np.arange(12) >= 8
    sides = [(counts[who][:, ~late].sum(1), counts[who][:, late].sum(1)) for who in (on, ~on)]

    limits = clustered_interval(*sides, level=0.95)

    assert limits is not None
    ratio, error = oracle.poisson_model(counts, on, late)
    from scipy.stats import t

    middle, half = log(limits[0] * limits[1]) / 2, log(limits[1] / limits[0]) / 2
    assert middle == pytest.approx(log(ratio), abs=1e-8)
    # Ours has places over places less one on each side: 10/9 and 12/11.
    assert error * (12 / 11) ** 0.5 < half / t.ppf(0.975, 9) < error * (10 / 9) ** 0.5


def test_standard_errors_are_not_clustered_with_fewer_than_ten_places_on_a_side() -> None:
    nine = np.full(9, 5.0), np.full(9, 5.0)
    many = np.full(50, 5.0), np.full(50, 5.0)

    assert clustered_interval(nine, many, level=0.95) is None


@given(few, few, few, few)
def test_exact_limits_are_where_a_tail_of_the_table_is_just_too_rare(
    a: int, b: int, c: int, d: int
) -> None:
    found = exact_odds(treated=(a, b), untreated=(c, d))

    upper = oracle.upper_tail((a, b), (c, d), 1.0)
    lower = oracle.upper_tail((b, a), (d, c), 1.0)
    assert found.p_value == pytest.approx(min(1.0, 2 * min(upper, lower)))
    if found.low > 0:
        assert oracle.upper_tail((a, b), (c, d), found.low) == pytest.approx(0.025)
    if found.high < inf:
        assert oracle.upper_tail((b, a), (d, c), 1 / found.high) == pytest.approx(0.025)
    assert (found.p_value < 0.05) == (not found.low <= 1 <= found.high)


def test_tables_without_records_say_nothing() -> None:
    found = exact_odds(treated=(0, 0), untreated=(5, 9))

    assert (found.low, found.high, found.p_value) == (0.0, inf, 1.0)


@settings(max_examples=60)
@given(st.lists(st.tuples(few, few), min_size=5, max_size=8), st.integers(1, 2))
def test_the_rank_is_that_of_all_groups_counted_one_by_one(
    pairs: list[tuple[int, int]], size: int
) -> None:
    before, after = (list(map(float, side)) for side in zip(*pairs, strict=True))
    before[-1], after[-1], before[-2], after[-2] = 3.0, 2.0, 2.0, 3.0
    before[-3], after[-3] = 4.0, 5.0
    on = np.arange(len(pairs)) < size

    found = placebos_of(np.array(before), np.array(after), treated=on, draws=9_999, seed=1)

    assert found.p_value() == pytest.approx(oracle.rank_p_value(before, after, list(range(size))))


@settings(max_examples=40)
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 1_000))
def test_the_interval_excludes_one_exactly_when_the_rank_is_at_most_a_twentieth(
    before: int, after: int, seed: int
) -> None:
    drawn = np.random.default_rng(seed).poisson(12, (2, 41)).astype(float)
    drawn[:, 0] = before, after
    on = np.arange(41) < 1

    found = placebos_of(*drawn, treated=on, draws=999, seed=1)

    low, high = found.interval(level=0.95)
    assert (low <= 1 <= high) == (found.p_value() > 0.05)


def test_groups_of_treated_places_are_ranked_among_drawn_groups_by_the_seed() -> None:
    counts = np.random.default_rng(5).poisson(9, (2, 40)).astype(float)
    on = np.arange(40) < 4

    first = placebos_of(*counts, treated=on, draws=99, seed=1)
    again = placebos_of(*counts, treated=on, draws=99, seed=1)

    assert len(first.placebos) == 99
    np.testing.assert_array_equal(first.placebos, again.placebos)


def test_a_halving_among_forty_places_is_found() -> None:
    effect = assessed([steady("a", 10, 5)], others(40))

    assert effect.direction == "down"
    assert effect.low <= 0.5 <= effect.high
    assert effect.p_value == pytest.approx(1 / 41)


def test_two_treated_places_among_many_that_moved_alike_reach_level_four() -> None:
    effect = assessed([steady("a", 8, 5), steady("b", 8, 5)], others(30))

    assert effect.maryland_level == 4


def test_fewer_than_nineteen_others_leave_the_interval_open() -> None:
    effect = assessed([steady("a", 10, 1)], others(18))

    assert (effect.low, effect.high) == (0.0, inf)
    assert effect.is_too_few_to_say
    assert any("Give 19 comparison places or more" in notice for notice in effect.notices)


def test_a_place_without_a_record_before_has_no_estimate() -> None:
    effect = assessed([steady("a", 0, 0)], others(20))

    assert effect.estimate is None
    assert (effect.low, effect.high) == (0.0, inf)


def test_too_few_records_to_expect_are_told() -> None:
    sparse = place("a", [1] + [0] * 11 + [1] + [0] * 11 + [0] * 12)

    effect = assessed([sparse], [steady(f"ward {i}", 4, 4) for i in range(20)])

    assert any(notice.startswith("Without the response 1.0 records") for notice in effect.notices)


def test_places_that_were_rising_before_fail_the_check_of_trends() -> None:
    rising = place("a", [2 + month for month in range(24)] + [12] * 12)

    effect = assessed([rising], others(40))

    trend = next(check for check in effect.checks if "against the comparison" in check.says)
    assert trend.changed
    assert effect.maryland_level == 3


def test_a_trend_before_is_read_as_a_factor_a_year() -> None:
    # A tenth down a year against places that stay as they are; the score estimate of a slope
    # this small is within a hundredth of it.
    level = 100 * np.exp(np.log(0.9) * np.arange(24) / 12)

    found = pre_trend(level[None], np.full((20, 24), 50.0))

    assert found is not None
    assert found.a_year == pytest.approx(0.9, abs=0.01)


def test_too_few_months_show_no_trend() -> None:
    assert pre_trend(np.ones((1, 5)), np.ones((3, 5))) is None


def test_dates_before_the_response_are_tried() -> None:
    jumped = place("a", [4] * 12 + [12] * 12 + [12] * 12)

    effect = assessed([jumped], others(40))

    dates = [check for check in effect.checks if check.kind == "placebo date"]
    assert len(dates) == 3
    assert dates[1].says.startswith("Had it begun in January 2017, before it did, the ratio is ")
    assert dates[1].changed


def test_the_comparison_places_that_matter_most_are_named() -> None:
    odd = place("odd", [40] * 24 + [5] * 12)

    effect = assessed([steady("a", 10, 5)], [*others(30), odd])

    (left_out,) = checks(effect, "comparison left out")
    assert "without odd" in left_out


def test_a_window_of_twelve_months_is_tried() -> None:
    effect = assessed([steady("a", 10, 5)], others(30))

    (window,) = checks(effect, "window")
    assert window.startswith("With only the last 12 months held before, the ratio is ")


def test_months_that_the_treated_place_lacks_and_places_that_lack_others_are_left_out() -> None:
    gap: list[int | None] = [4] * 24 + [2] * 12
    gap[3] = None
    lacking: list[int | None] = [4] * 36
    lacking[8] = None

    effect = assessed([place("a", gap)], [place("lacking", lacking), *others(20)])

    assert effect.design == "difference in differences, 1 against 20 places"
    assert any("1 months are not held" in notice for notice in effect.notices)
    assert any("1 comparison places lack a month" in notice for notice in effect.notices)


def test_a_break_of_the_series_is_told() -> None:
    counts = tuple([4] * 36)
    broken = Series("robbery", "a", SPAN, counts, {}, {Month(2017, 5): "a new system"})

    effect = assessed([broken], others(20))

    assert any("breaks in May 2017 (a new system)" in notice for notice in effect.notices)


def test_what_does_not_fit_together_is_refused() -> None:
    treated = [steady("a", 4, 4)]

    with pytest.raises(InputError, match="two others or more; found 1 and 1"):
        assessed(treated, [steady("b", 4, 4)])
    with pytest.raises(InputError, match="found a more than once"):
        assessed(treated, [steady("a", 4, 4), steady("b", 4, 4)])
    with pytest.raises(InputError, match="by one measure; found robbery and drugs"):
        assessed(treated, [steady("b", 4, 4), place("c", [1] * 36, "drugs")])
    with pytest.raises(CoverageError, match="no record in January 2018"):
        assessed(treated, [steady("b", 4, 0), steady("c", 4, 0)])
    with pytest.raises(CoverageError, match="none of January 2018 to December 2018 is held"):
        assessed([place("a", [4] * 24 + [None] * 12)], others(3))
    with pytest.raises(InputError, match="spans that do not meet"):
        difference_in_differences(treated, others(3), before=AFTER, after=BEFORE, seed=1)


def drifting(places: int, mean: float, *, seed: int) -> NDArray[np.float64]:
    """Records before and after of places whose rates drift by a fifth, in bursts of none."""
    draw = np.random.default_rng(seed)
    rates = mean * np.exp(draw.normal(0, 0.8, places))
    return np.array(
        [draw.poisson(rates), draw.poisson(rates * np.exp(draw.normal(0, 0.2, places)))]
    )


@pytest.mark.parametrize("mean", [3, 30])
def test_no_change_is_held_in_19_of_20_made_places_that_drift(mean: float) -> None:
    held = 0
    for seed in range(400):
        counts = drifting(41, mean, seed=seed).astype(float)
        found = placebos_of(*counts, treated=np.arange(41) < 1, draws=999, seed=seed)
        low, high = found.interval(level=0.95)
        held += low <= 1 <= high

    # 39 of 41 ranks are kept: 0.951, and three standard errors of 400 are 0.032.
    assert held / 400 == pytest.approx(39 / 41, abs=0.033)


def test_the_drift_of_places_is_measured() -> None:
    counts = drifting(600, 200, seed=2).astype(float)

    found = placebos_of(*counts, treated=np.arange(600) < 1, draws=999, seed=1)

    assert found.drift == pytest.approx(0.2, abs=0.03)
    assert exp(found.drift) < 1.3
