from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from made_trial import FIRST, drawn, expecting, weeks
from oracles import randomised as oracle
from peelian.assessment.randomised import assess_trial, counts_in_trial
from peelian.core.errors import CoverageError, InputError, MonthOnlyError, VerificationError
from peelian.core.patrols import Trial, TrialKind
from peelian.response.trial import blocks_of
from peelian.response.trial_ratio import ratio_draws

TABLES = st.tuples(
    st.sampled_from(["parallel", "crossover"]),
    st.sampled_from([(2, 2), (4, 2), (3, 2), (4, 3), (5, 2), (2, 4)]),
    st.integers(0, 1_000),
)


def sizes(trial: Trial) -> list[int]:
    return [len(rows) for _, rows in blocks_of(trial)]


def as_numbers(trial: Trial) -> oracle.Arrangement:
    return tuple(tuple(map(int, row)) for row in trial.treated)


def made_counts(trial: Trial, *, mean: float, factor: float, seed: int) -> NDArray[np.float64]:
    on = np.array(trial.treated)
    rng = np.random.default_rng(seed)
    rates = mean * rng.gamma(4, 1 / 4, size=(len(on), 1)) * np.ones(on.shape)
    return rng.poisson(np.where(on, factor, 1.0) * rates).astype(float)


def test_with_equal_pairs_the_estimate_is_treated_records_over_untreated_ones() -> None:
    trial = drawn(2, 2, seed=1)
    on = np.array(trial.treated)
    counts = np.where(on, [[3.0, 5.0], [3.0, 5.0]], [[6.0, 10.0], [6.0, 10.0]])

    effect = assess_trial(trial, counts, seed=1)

    assert (effect.treated, effect.untreated) == (8, 16)
    assert effect.estimate == 0.5


@settings(max_examples=60)
@given(TABLES)
def test_the_two_sums_are_those_added_up_cell_by_cell(
    table: tuple[TrialKind, tuple[int, int], int],
) -> None:
    kind, (count, periods), seed = table
    trial = drawn(count, periods, kind=kind, seed=seed)
    counts = made_counts(trial, mean=4, factor=1, seed=seed)
    exposure = np.arange(1.0, count + 1)

    found = ratio_draws(trial, counts, exposure, draws=1, seed=1)

    by_hand = oracle.sums(
        as_numbers(trial),
        [[Fraction(int(n)) for n in row] for row in counts],
        sizes(trial),
        [Fraction(i + 1) for i in range(count)],
    )
    assert (found.above, found.below) == pytest.approx(tuple(map(float, by_hand)), abs=1e-9)


@pytest.mark.parametrize("factor", [Fraction(1), Fraction(2, 5)])
@pytest.mark.parametrize(
    ("kind", "count", "periods"),
    [("parallel", 4, 2), ("parallel", 5, 1), ("crossover", 2, 4), ("crossover", 3, 3),
     ("crossover", 4, 4)],
)  # fmt: skip
def test_both_shares_are_those_over_every_possible_draw(
    kind: TrialKind, count: int, periods: int, factor: Fraction
) -> None:
    trial = drawn(count, periods, kind=kind, seed=4)
    counts = made_counts(trial, mean=5, factor=0.5, seed=9)
    exposure = np.arange(2.0, count + 2)
    high, low = oracle.exact_shares(
        as_numbers(trial),
        counts.astype(int).tolist(),
        kind,
        sizes(trial),
        [Fraction(i + 2) for i in range(count)],
        factor=factor,
    )

    found = ratio_draws(trial, counts, exposure, draws=20_000, seed=2)

    # Four standard errors of 20,000 draws.
    ours = [float(share[0]) for share in found.shares(np.array([float(factor)]))]
    assert ours == pytest.approx([float(high), float(low)], abs=0.015)


@pytest.mark.parametrize(("kind", "count", "periods"), [("parallel", 5, 2), ("crossover", 4, 3)])
def test_over_all_draws_the_sums_differ_by_the_factor_alone(
    kind: TrialKind, count: int, periods: int
) -> None:
    trial = drawn(count, periods, kind=kind)
    rng = np.random.default_rng(8)
    rates = [[Fraction(int(n)) for n in row] for row in rng.integers(1, 90, (count, periods))]
    exposure = [Fraction(int(n)) for n in rng.integers(1, 90, count)]
    factor = Fraction(3, 7)
    above = below = Fraction(0)

    for arrangement, weight in oracle.every_draw(kind, sizes(trial), periods):
        means = [
            [rate * (factor if on else 1) for rate, on in zip(row, ons, strict=True)]
            for row, ons in zip(rates, arrangement, strict=True)
        ]
        up, down = oracle.sums(arrangement, means, sizes(trial), exposure)
        above, below = above + weight * up, below + weight * down

    assert above == factor * below


@settings(max_examples=60)
@given(TABLES, st.floats(0.1, 3.0))
def test_the_interval_reaches_over_all_factors_that_the_test_does_not_refuse(
    table: tuple[TrialKind, tuple[int, int], int], factor: float
) -> None:
    kind, (count, periods), seed = table
    trial = drawn(count, periods, kind=kind, seed=seed)
    counts = made_counts(trial, mean=6, factor=0.7, seed=seed)
    found = ratio_draws(trial, counts, np.ones(count), draws=199, seed=3)

    low, high = found.interval(level=0.5)

    refused = min(*map(float, np.concatenate(found.shares(np.array([factor]))))) <= 0.25
    if factor < low * 0.999 or factor > high * 1.001:
        assert refused
    elif low * 1.001 < factor < high * 0.999 and set(sizes(trial)) == {2}:
        # In larger blocks a factor in between can be refused: the interval is the wider for it.
        assert not refused


def test_the_estimate_agrees_with_a_poisson_model_stratified_by_block_and_period() -> None:
    from scipy.optimize import brentq

    trial = drawn(8, 12, seed=2)
    counts = made_counts(trial, mean=20, factor=0.7, seed=1)
    on = np.array(trial.treated)
    treated = np.stack([(counts[rows] * on[rows]).sum(axis=0) for _, rows in blocks_of(trial)])
    total = np.stack([counts[rows].sum(axis=0) for _, rows in blocks_of(trial)])
    # Given a stratum's total its treated records are binomial: the score of the likelihood.
    fitted = brentq(lambda ratio: (treated - total * ratio / (1 + ratio)).sum(), 0.01, 10)

    effect = assess_trial(trial, counts, seed=1, draws=999)

    # In strata of one treated and one untreated place both are the same ratio.
    assert effect.estimate == pytest.approx(fitted, rel=1e-9)


def test_with_unequal_exposure_it_lies_near_the_conditional_likelihoods_estimate() -> None:
    from scipy.optimize import brentq

    trial = drawn(8, 12, seed=2)
    expected = np.array([40.0, 30, 25, 20, 12, 10, 9, 5])
    on = np.array(trial.treated)
    rng = np.random.default_rng(6)
    counts = rng.poisson(np.where(on, 0.7, 1.0) * expected[:, None]).astype(float)
    pairs = [rows for _, rows in blocks_of(trial)]
    treated = np.stack([(counts[rows] * on[rows]).sum(axis=0) for rows in pairs])
    total = np.stack([counts[rows].sum(axis=0) for rows in pairs])
    odds = np.stack([
        (expected[rows, None] * on[rows]).sum(axis=0)
        / (expected[rows, None] * ~on[rows]).sum(axis=0) for rows in pairs
    ])  # fmt: skip
    fitted = brentq(
        lambda ratio: (treated - total * ratio * odds / (1 + ratio * odds)).sum(), 0.01, 10
    )

    effect = assess_trial(expecting(trial, expected.tolist()), counts, seed=1, draws=999)

    # Two estimates of one ratio from 1,200 records, of standard error 0.06: they may differ by
    # a small part of that.
    assert effect.estimate == pytest.approx(fitted, rel=0.02)


@given(TABLES)
def test_the_other_way_round_the_ratio_is_turned_over(
    table: tuple[TrialKind, tuple[int, int], int],
) -> None:
    kind, (count, periods), seed = table
    trial = drawn(count, periods, kind=kind, seed=seed)
    turned = replace(trial, treated=tuple(tuple(not on for on in row) for row in trial.treated))
    counts = made_counts(trial, mean=9, factor=0.5, seed=seed) + 1
    exposure = np.arange(1.0, count + 1)

    one, other = (ratio_draws(t, counts, exposure, draws=1, seed=1) for t in (trial, turned))

    assert one.estimate is not None
    assert other.estimate == pytest.approx(1 / one.estimate)


@given(st.integers(1, 4), st.sampled_from([2, 4, 6]), st.integers(0, 1_000))
def test_in_a_crossover_what_parts_places_for_good_cancels(
    pairs: int, periods: int, seed: int
) -> None:
    trial = drawn(2 * pairs, periods, seed=seed)
    every_period_alike = np.repeat(np.arange(1.0, 2 * pairs + 1)[:, None] ** 3, periods, axis=1)

    effect = assess_trial(trial, every_period_alike, seed=1, draws=99)

    assert effect.estimate == 1.0


@pytest.mark.parametrize(("where_treated", "elsewhere"), [(1.0, 500.0), (500.0, 1.0)])
def test_the_draw_that_came_is_counted_so_that_no_p_value_is_zero(
    where_treated: float, elsewhere: float
) -> None:
    trial = drawn(12, 12, seed=1)
    counts = np.where(np.array(trial.treated), where_treated, elsewhere)

    effect = assess_trial(trial, counts, seed=1, draws=199)

    # None of 199 others lies as far; this one is the two-hundredth, and both tails count.
    assert effect.p_value == pytest.approx(2 / 200)


def test_a_place_period_that_is_missing_leaves_its_partner_without_a_comparison() -> None:
    trial = drawn(4, 4, seed=1)
    counts = made_counts(trial, mean=9, factor=0.6, seed=2)
    counts[0, 2] = np.nan
    louder = counts.copy()
    louder[1, 2] = 1_000

    quiet, loud = (
        ratio_draws(trial, table, np.arange(1.0, 5), draws=1, seed=1) for table in (counts, louder)
    )

    assert quiet.estimate == loud.estimate


def test_a_trial_changed_after_its_draw_is_refused() -> None:
    trial = drawn(4, 4)
    changed = replace(trial, treated=tuple(tuple(not on for on in row) for row in trial.treated))

    with pytest.raises(VerificationError, match="assessed as it was drawn"):
        assess_trial(changed, np.ones((4, 4)), seed=1)


def test_no_record_at_all_says_nothing_and_is_too_few_to_say() -> None:
    effect = assess_trial(drawn(6, 4), np.zeros((6, 4)), seed=1, draws=199)

    assert (effect.estimate, effect.low, effect.high) == (None, 0.0, np.inf)
    assert effect.p_value == 1.0
    assert effect.is_too_few_to_say


def test_no_record_where_treated_still_leaves_room_for_some() -> None:
    trial = drawn(12, 4, seed=2)
    counts = np.where(np.array(trial.treated), 0.0, 1.0)

    effect = assess_trial(trial, counts, seed=1, draws=999)

    # None of 24, with as much exposure on both sides: 0.975 of a binomial, by hand
    # 1 - 0.025 ** (1 / 24) = 0.1425, odds 0.1661.
    assert effect.estimate == 0.0
    assert effect.low == 0.0
    assert effect.high == pytest.approx(0.1661, abs=5e-5)


def test_no_record_where_untreated_leaves_the_ratio_open_above() -> None:
    trial = drawn(12, 4, seed=2)
    counts = np.where(np.array(trial.treated), 1.0, 0.0)

    effect = assess_trial(trial, counts, seed=1, draws=999)

    assert effect.estimate is None
    assert effect.low == pytest.approx(1 / 0.1661, rel=1e-3)
    assert effect.high == np.inf
    assert effect.direction == "up"


def test_one_pair_of_places_throughout_can_never_show_anything() -> None:
    trial = drawn(2, 1, kind="parallel", seed=1)
    counts = np.where(np.array(trial.treated), 1.0, 500.0)

    effect = assess_trial(trial, counts, seed=1, draws=999)

    # Of two possible draws this one is one: each tail is a half.
    assert effect.p_value == pytest.approx(1.0, abs=0.1)
    assert effect.low == 0.0
    assert effect.high == np.inf
    assert effect.is_too_few_to_say


def test_a_period_that_is_not_held_counts_as_nothing_and_is_said() -> None:
    trial = drawn(4, 4, seed=1)
    counts = made_counts(trial, mean=9, factor=0.6, seed=2)
    with_gap = counts.copy()
    with_gap[:, 3] = np.nan

    effect = assess_trial(trial, with_gap, seed=1, draws=199)

    on = np.array(trial.treated)[:, :3]
    assert effect.treated == counts[:, :3][on].sum()
    assert effect.estimate == pytest.approx(effect.treated / effect.untreated)
    assert effect.notices == ("1 of 4 periods are not held in full and were left out.",)


def test_nothing_held_is_an_error() -> None:
    with pytest.raises(CoverageError, match="2026-06-01 to 2026-06-29"):
        assess_trial(drawn(4, 4), np.full((4, 4), np.nan), seed=1)


def test_tables_that_do_not_fit_are_refused() -> None:
    trial = drawn(4, 4)
    with pytest.raises(InputError, match=r"4 x 4.*found \(4, 3\)"):
        assess_trial(trial, np.ones((4, 3)), seed=1)
    with pytest.raises(InputError, match="found others"):
        assess_trial(trial, -np.ones((4, 4)), seed=1)


def test_the_same_seed_gives_the_same_answer_and_another_nearly() -> None:
    trial = drawn(8, 8, seed=1)
    counts = made_counts(trial, mean=6, factor=0.7, seed=2)

    first, again, other = (assess_trial(trial, counts, seed=seed) for seed in (1, 1, 2))

    assert first == again
    # 9,999 draws: three standard errors of a share of 0.02.
    assert other.p_value == pytest.approx(first.p_value, abs=0.01)


def test_records_are_counted_in_the_period_that_holds_their_day() -> None:
    trial = drawn(2, 2, seed=1)
    days = np.array(
        ["2026-05-31", "2026-06-01", "2026-06-07", "2026-06-08", "2026-06-14", "2026-06-15"],
        dtype="datetime64[D]",
    )

    counts = counts_in_trial(
        trial, ["p1", "p1", "p1", "p1", "p2", "p2"], days, held=[(FIRST, date(2026, 6, 30))]
    )

    assert counts.tolist() == [[2, 1], [0, 1]]


def test_records_of_other_places_are_not_counted() -> None:
    day = np.array(["2026-06-02"], dtype="datetime64[D]")

    counts = counts_in_trial(drawn(2, 2), ["p9"], day, held=[(FIRST, weeks(2)[-1])])

    assert not counts.any()


def test_a_period_is_missing_unless_every_day_of_it_is_held() -> None:
    none = np.array([], dtype="datetime64[D]")
    second_starts = FIRST + timedelta(days=7)
    to_the_last_day = [(second_starts, FIRST + timedelta(days=13))]
    in_two_parts = [(FIRST + timedelta(days=3), FIRST + timedelta(days=20)),
                    (FIRST, FIRST + timedelta(days=2))]  # fmt: skip

    missing = [
        np.isnan(counts_in_trial(drawn(2, 2), [], none, held=held)[0]).tolist()
        for held in ([], to_the_last_day, in_two_parts)
    ]

    assert missing == [[True, True], [True, False], [False, False]]


def test_records_known_to_the_month_are_refused_for_weeks() -> None:
    days = np.array(["2026-06-01", "2026-07-01"], dtype="datetime64[D]")

    with pytest.raises(MonthOnlyError, match="monthly periods"):
        counts_in_trial(drawn(2, 5), ["p1", "p1"], days, held=[(FIRST, date(2026, 7, 31))])


def test_one_month_of_open_records_is_no_first_week() -> None:
    """Four weeks of a trial in June: every open record of June says the first."""
    days = np.full(5, "2026-06-01", dtype="datetime64[D]")

    with pytest.raises(MonthOnlyError, match="monthly periods"):
        counts_in_trial(drawn(2, 4), ["p1"] * 5, days, held=[(FIRST, date(2026, 6, 30))])


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_no_interval_is_narrower_than_that_of_two_poisson_counts(seed: int) -> None:
    from peelian.scanning.change import exact_rate_ratio

    trial = drawn(6, 6, seed=seed)
    counts = made_counts(trial, mean=1, factor=0.5, seed=seed)

    effect = assess_trial(trial, counts, seed=1, draws=199)

    by_chance = exact_rate_ratio(effect.untreated, effect.treated)
    assert effect.low <= by_chance.low
    assert effect.high >= by_chance.high


@pytest.mark.parametrize("kind", ["crossover", "parallel"])
def test_where_effects_differ_the_interval_holds_their_average_over_these_places(
    kind: TrialKind,
) -> None:
    """Rates that differ between places and cells, and months that are busy for all places."""
    held = 0
    for seed in range(100):
        trial = drawn(14, 6, kind=kind, seed=seed)
        on, rng = np.array(trial.treated), np.random.default_rng([17, seed])
        usual = np.linspace(14, 4, 14)[:, None] * rng.gamma(9, 1 / 9, size=(14, 1))
        factors = 0.6 * np.exp(rng.normal(0, 0.4, size=(14, 1)))
        months, cells = rng.gamma(9, 1 / 9, size=(1, 6)), rng.gamma(9, 1 / 9, size=(14, 6))
        counts = rng.poisson(usual * months * cells * np.where(on, factors, 1.0)).astype(float)

        effect = assess_trial(
            expecting(trial, np.linspace(14, 4, 14).tolist()), counts, seed=seed, draws=299
        )

        average = float((usual * factors).sum() / usual.sum())
        held += effect.low <= average <= effect.high

    assert 90 <= held <= 100


def test_a_draw_that_was_picked_for_its_quiet_places_gains_nothing_from_its_expected_records() -> (
    None
):
    """The best of 100 draws by three months' records; then six months in which nothing is done."""
    draws = [drawn(14, 6, kind="parallel", seed=seed) for seed in range(100)]
    sides = np.array([np.array(trial.treated)[:, 0] for trial in draws])
    prior, rng = np.linspace(8, 2.5, 14), np.random.default_rng(23)
    alike, told = [], []
    for seed in range(60):
        rates = prior * rng.gamma(9, 1 / 9, size=14)
        before = rng.poisson(3 * rates)
        trial = draws[int(np.argmin(sides @ before - ~sides @ before))]
        counts = rng.poisson(np.repeat(rates[:, None], 6, axis=1)).astype(float)
        expected = prior * (9 + before) / (9 + 3 * prior)  # mean of the rates given the records
        alike.append(assess_trial(trial, counts, seed=seed, draws=19).estimate)
        told.append(
            assess_trial(expecting(trial, expected.tolist()), counts, seed=seed, draws=19).estimate
        )

    assert np.exp(np.log(np.array(alike, dtype=float)).mean()) < 0.85
    assert np.exp(np.log(np.array(told, dtype=float)).mean()) == pytest.approx(1, abs=0.05)
