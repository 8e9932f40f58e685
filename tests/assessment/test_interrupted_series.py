"""The interrupted series: simulated truths, known breaks, missing months, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from oracles import segmented_series as oracle
from peelian.assessment.changepoint import other_step
from peelian.assessment.interrupted_series import interrupted_series
from peelian.assessment.segments import Segments, segmented_ratio
from peelian.assessment.series_fit import lags_of
from peelian.core.counts import Series
from peelian.core.errors import CoverageError, InputError
from peelian.core.months import Month, MonthSpan

FIRST = Month(2015, 1)
BEFORE = MonthSpan.parse("2015-01/2017-12")
AFTER = MonthSpan.parse("2018-01/2018-12")


def rates(*, mean: float, ratio: float = 1.0, growth: float = 0.0) -> np.ndarray:
    month = np.arange(48)
    return (
        mean
        * np.exp(growth * month / 12)
        * (1 + 0.3 * np.cos(2 * np.pi * month / 12))
        * np.where(month >= 36, ratio, 1.0)
    )


def series(
    counts: np.ndarray, *, missing: tuple[int, ...] = (), breaks: dict[Month, str] | None = None
) -> Series:
    entries = [None if i in missing else int(n) for i, n in enumerate(counts)]
    span = MonthSpan(FIRST, FIRST.plus(len(entries) - 1))
    return Series("burglary", "A ward", span, tuple(entries), breaks=breaks or {})


def drawn(seed: int, **kinds: float) -> Series:
    return series(np.random.default_rng(seed).poisson(rates(**kinds)))


def assessed(each: Series, **options: bool | int):  # type: ignore[no-untyped-def]
    return interrupted_series(
        each, before=BEFORE, after=AFTER, **({"seed": 5, "draws": 199} | options)
    )


def segments(counts: np.ndarray, **options: bool) -> Segments:
    return Segments(
        months=np.arange(len(counts)),
        counts=counts.astype(float),
        days=np.full(len(counts), 30.0),
        first=36,
        breaks=(),
        **({"has_trend": True, "has_slope": False} | options),
    )


def test_a_halving_is_found_through_season_and_growth() -> None:
    found = assessed(drawn(1, mean=60, ratio=0.5, growth=0.2))

    assert found.direction == "down"
    assert found.estimate == pytest.approx(0.5, abs=0.1)
    assert found.low < 0.5 < found.high
    assert found.maryland_level == 2
    assert found.design.endswith("mean over the period after")


def test_steady_growth_is_no_effect_but_seems_one_without_a_trend() -> None:
    growing = drawn(2, mean=60, growth=0.25)

    with_trend, without = assessed(growing), assessed(growing, trend=False)

    assert with_trend.direction is None
    assert without.estimate > 1.3
    assert any(check.says.startswith("Without a trend") for check in with_trend.checks)


def test_the_estimate_and_the_robust_interval_are_those_of_statsmodels() -> None:
    counts = np.random.default_rng(3).poisson(rates(mean=40, ratio=0.7))
    model = segments(counts)

    found = segmented_ratio(model, level=0.95, draws=39, seed=(1,))

    effects, covariance = oracle.newey_west(
        model.columns, model.counts, model.days, dispersion=model.fit.dispersion, lags=lags_of(48)
    )
    error = np.sqrt(covariance[-1, -1])
    assert found.estimate == pytest.approx(np.exp(effects[-1]), rel=1e-6)
    # 1.959964: the normal quantile at 0.975.
    assert found.robust_low == pytest.approx(np.exp(effects[-1] - 1.959964 * error), rel=1e-5)


def test_with_a_change_of_slope_the_ratio_is_of_sums_over_the_period_after() -> None:
    counts = np.random.default_rng(4).poisson(rates(mean=50))
    model = segments(counts, has_slope=True)

    found = segmented_ratio(model, level=0.95, draws=39, seed=(1,))

    late = model.months >= 36
    undone = model.fit.effects.copy()
    undone[-2:] = 0
    without = (np.exp(model.columns @ undone) * model.days)[late].sum()
    assert found.estimate == pytest.approx(model.fit.expected[late].sum() / without)


def test_the_gradient_of_the_ratio_is_its_slope() -> None:
    model = segments(np.random.default_rng(6).poisson(rates(mean=50)), has_slope=True)
    effects = model.fit.effects
    step = 1e-6 * np.eye(len(effects))

    _, gradient = model.log_ratios(effects[None])

    ahead, behind = (model.log_ratios(effects + way)[0] for way in (step, -step))
    assert gradient[0] == pytest.approx((ahead - behind) / 2e-6, abs=1e-6)


def test_twice_the_days_of_every_month_leave_ratio_interval_and_p_value() -> None:
    model = segments(np.random.default_rng(7).poisson(rates(mean=20)))

    once, twice = (
        segmented_ratio(replace(model, days=model.days * n), level=0.95, draws=99, seed=(2,))
        for n in (1, 2)
    )

    assert twice.low == pytest.approx(once.low, rel=1e-6)
    assert twice.high == pytest.approx(once.high, rel=1e-6)
    assert twice.p_value == once.p_value


def test_the_interval_excludes_no_change_exactly_where_the_p_value_says_so() -> None:
    agree = []
    for seed in range(30):
        model = segments(np.random.default_rng(seed).poisson(rates(mean=20, ratio=0.65)))
        found = segmented_ratio(model, level=0.95, draws=99, seed=(seed,))
        agree.append((found.direction is not None) == (found.p_value <= 0.05))

    assert all(agree)


def test_one_seed_gives_one_answer_and_the_series_is_left_as_it_was() -> None:
    each = drawn(8, mean=30)
    counts = each.counts

    assert assessed(each) == assessed(each)
    assert each.counts == counts


def test_a_known_break_is_a_step_of_its_own_and_no_effect() -> None:
    month = np.arange(48)
    doubled = np.random.default_rng(9).poisson(rates(mean=40) * np.where(month >= 20, 2.0, 1.0))
    known = series(doubled, breaks={FIRST.plus(20): "a new system of recording"})

    found = assessed(known)

    assert found.direction is None
    assert found.estimate == pytest.approx(1, abs=0.25)
    assert any("a new system of recording" in notice for notice in found.notices)


@pytest.mark.parametrize("months", [36, 38, 45, 31])
def test_a_break_too_near_to_the_response_is_refused(months: int) -> None:
    broken = series(rates(mean=40), breaks={FIRST.plus(months): "a new system of recording"})

    with pytest.raises(InputError, match="a new system of recording"):
        assessed(broken)


def test_missing_months_are_left_out_and_named() -> None:
    flat = np.full(48, 30)

    found = assessed(series(flat, missing=(3, 40)))

    assert (found.untreated, found.treated) == (35 * 30, 11 * 30)
    assert "2015-04, 2018-05" in found.notices[-1]
    assert found.estimate == pytest.approx(1, abs=0.02)


def test_an_earlier_step_that_nobody_knew_of_fails_the_changepoint_check() -> None:
    month = np.arange(48)
    counts = np.random.default_rng(10).poisson(np.where(month >= 18, 20.0, 100.0))

    found = other_step(segments(counts, has_trend=False), draws=199, seed=(1,))
    calm = other_step(segments(np.full(48, 40)), draws=199, seed=(1,))

    assert found is not None
    assert calm is not None
    assert abs(found.at - 18) <= 1
    assert found.ratio == pytest.approx(0.2, abs=0.25)
    assert found.p_value < 0.05 < calm.p_value


def test_placebo_dates_lie_before_the_response_and_find_nothing_in_a_steady_series() -> None:
    checks = assessed(drawn(11, mean=40)).checks

    placebos = [check for check in checks if check.kind == "placebo date"]
    assert [check.says[:27] for check in placebos] == [
        "Had it begun in July 2016, ", "Had it begun in April 2017,",
    ]  # fmt: skip
    assert not any(check.changed for check in placebos)


def test_the_newey_west_interval_is_told_as_too_narrow() -> None:
    found = assessed(drawn(12, mean=40))

    assert "Newey and West" in found.notices[0]


def test_few_months_before_are_refused_with_how_many_it_takes() -> None:
    with pytest.raises(CoverageError, match="at least 24 months held before"):
        interrupted_series(
            drawn(1, mean=40), before=MonthSpan.parse("2016-02/2017-12"), after=AFTER, seed=1
        )


def test_few_months_after_are_refused() -> None:
    with pytest.raises(CoverageError, match="at least 3 months held after"):
        interrupted_series(
            drawn(1, mean=40), before=BEFORE, after=MonthSpan.parse("2018-01/2018-02"), seed=1
        )


def test_few_records_are_too_few_to_say_with_the_length_it_would_take() -> None:
    # One record every other month: 6 to be expected in 12 months, and 20 take 10.
    few = series(np.arange(48) % 2)

    with pytest.raises(CoverageError, match="It would take 20 months after"):
        assessed(few)


@pytest.mark.parametrize(("before", "says"), [(0, "It would take records"), (30, "no end")])
def test_no_record_before_or_after_is_refused(before: int, says: str) -> None:
    with pytest.raises(CoverageError, match=says):
        assessed(series(np.array([before] * 36 + [0] * 12)))


def test_too_few_draws_for_the_level_are_refused() -> None:
    with pytest.raises(InputError, match="at least 39 draws; found 20"):
        assessed(drawn(1, mean=40), draws=20)


def test_spans_that_overlap_are_refused() -> None:
    with pytest.raises(InputError, match="End the first by"):
        interrupted_series(drawn(1, mean=40), before=BEFORE, after=BEFORE, seed=1)


def test_a_true_ratio_is_held_as_often_as_said_in_series_whose_level_drifts() -> None:
    month, held = np.arange(48), []
    for seed in range(150):
        draw = np.random.default_rng([13, seed])
        level = np.zeros(48)
        for at in range(1, 48):
            level[at] = 0.9 * level[at - 1] + 0.08 * draw.standard_normal()
        counts = draw.poisson(30 * np.exp(level) * np.where(month >= 36, 0.7, 1.0))
        found = segmented_ratio(segments(counts), level=0.95, draws=99, seed=(seed,))
        held.append(found.low <= 0.7 <= found.high)

    # 95 %, less three standard errors of 150 tries.
    assert np.mean(held) > 0.89
