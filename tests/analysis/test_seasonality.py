from __future__ import annotations

from calendar import monthrange
from math import exp, log, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.seasonality import month_factors
from peelian.analysis.seasonality import seasonality
from peelian.core.counts import Series
from peelian.core.errors import CoverageError
from peelian.core.months import Month, MonthSpan

# Two years and two months of records that are high in spring and low in late summer.
SPRING = (48, 46, 61, 60, 55, 40, 35, 22, 24, 30, 33, 41) * 2 + (52, 50)


def series(*counts: int | None, first: str = "2016-01", **breaks: str) -> Series:
    start = Month.parse(first)
    span = MonthSpan(start, start.plus(len(counts) - 1))
    missing = {m: "no file" for m, n in zip(span, counts, strict=True) if n is None}
    dated = {Month.parse(m.removeprefix("m").replace("_", "-")): why for m, why in breaks.items()}
    return Series("burglary", "the ward", span, counts, missing, dated)


@settings(max_examples=15)
@given(
    st.lists(st.integers(8, 60), min_size=30, max_size=48),
    st.sets(st.integers(12, 29), max_size=6),
    st.sampled_from([0.8, 0.95]),
)
def test_factors_and_p_value_agree_with_a_general_optimiser(
    counts: list[int], missing: set[int], level: float
) -> None:
    held = series(*(None if i in missing else n for i, n in enumerate(counts)))

    found = seasonality(held, level=level)
    factors, p_value = month_factors(held, level)

    assert found.p_value == pytest.approx(p_value, abs=1e-6)
    for one, (factor, low, high) in zip(found.factors, factors, strict=True):
        assert (one.factor, one.low, one.high) == pytest.approx((factor, low, high), rel=1e-4)


def test_the_model_is_the_one_that_statsmodels_fits() -> None:
    import statsmodels.api as sm

    held = series(*SPRING)
    months = held.held
    columns = [[float(m.number == k) for k in range(1, 13)] for m in months]
    design = np.column_stack([columns, [m.minus(months[0]) / 12 for m in months]])
    offset = np.log([monthrange(m.year, m.number)[1] for m in months])
    peer = sm.GLM(held.counts, design, family=sm.families.Poisson(), offset=offset).fit(scale="X2")

    found = seasonality(held)

    effects = peer.params[:12] - peer.params[:12].mean()
    assert [f.factor for f in found.factors] == pytest.approx(np.exp(effects).tolist(), rel=1e-6)
    assert found.trend is not None
    assert found.trend.a_year == pytest.approx(float(np.exp(peer.params[12])), rel=1e-6)
    assert found.dispersion == pytest.approx(max(1.0, float(peer.scale)), rel=1e-6)


def test_a_season_is_found_with_its_highest_and_lowest_month() -> None:
    found = seasonality(series(*SPRING))

    assert found.has_season
    assert found.highest is not None
    assert found.lowest is not None
    assert (found.highest.number, found.lowest.number) == (4, 8)
    assert found.highest.low > 1 > found.lowest.high


def test_records_are_compared_a_day_since_months_differ_in_length() -> None:
    span = MonthSpan.parse("2017-01/2019-12")
    ten_a_day = series(*(10 * monthrange(m.year, m.number)[1] for m in span), first="2017-01")

    found = seasonality(ten_a_day)

    assert [f.factor for f in found.factors] == pytest.approx([1.0] * 12, abs=1e-6)
    assert found.p_value == pytest.approx(1.0)
    assert not found.has_season


def test_a_steady_growth_is_no_season() -> None:
    span = MonthSpan.parse("2016-01/2018-12")
    days = [monthrange(m.year, m.number)[1] for m in span]
    doubling = series(*(round(10 * d * exp(log(2) * i / 12)) for i, d in enumerate(days)))

    found = seasonality(doubling)

    assert found.trend is not None
    assert found.trend.a_year == pytest.approx(2, rel=0.001)
    assert not found.has_season
    assert all(f.factor == pytest.approx(1, abs=0.01) for f in found.factors)


def test_a_step_at_a_known_break_is_no_season() -> None:
    span = MonthSpan.parse("2016-01/2018-12")
    days = [monthrange(m.year, m.number)[1] for m in span]
    counts = [(10 if i < 20 else 30) * d for i, d in enumerate(days)]

    told = seasonality(series(*counts, m2017_09="a new system"))
    untold = seasonality(series(*counts))

    assert not told.has_season
    assert told.dispersion == 1
    assert untold.dispersion is not None
    assert untold.dispersion > 20


def test_two_breaks_with_no_month_between_are_one_step() -> None:
    held = [*SPRING]
    held[13] = None

    one = seasonality(series(*held, m2017_02="a new system"))
    two = seasonality(series(*held, m2017_02="a new system", m2017_03="another"))

    assert one == two


def test_a_missing_month_is_no_zero() -> None:
    held = [*SPRING]
    held[9] = None

    with_gap, with_zero = seasonality(series(*held)), seasonality(series(*[n or 0 for n in held]))

    assert with_gap.months_held == 25
    assert with_gap.factors[9].held == 1
    assert with_gap.factors[9].factor > 1.2 * with_zero.factors[9].factor


def test_bursts_widen_the_intervals() -> None:
    steady = seasonality(series(*[50] * 36))
    bursts = seasonality(series(*[20, 80] * 6, *[80, 20] * 6, *[50] * 12))

    assert steady.dispersion == 1
    assert bursts.dispersion is not None
    assert bursts.dispersion > 5
    assert all(
        b.high / b.low > s.high / s.low for b, s in zip(bursts.factors, steady.factors, strict=True)
    )


def test_without_a_season_few_series_are_said_to_have_one() -> None:
    random = np.random.default_rng(7)
    drawn = random.negative_binomial(10, 10 / 70, size=(200, 26))

    told = [seasonality(series(*map(int, counts))).has_season for counts in drawn]

    # 5 % of 200 are 10; more than 19 come up once in 200 such tests.
    assert sum(bool(each) for each in told) <= 19


@given(st.integers(0, 11), st.floats(0.3, 3))
def test_factors_have_a_geometric_mean_of_one(shift: int, swing: float) -> None:
    counts = [round(60 * exp(0.2 * swing * sin((i + shift) / 2))) for i in range(36)]

    found = seasonality(series(*counts))

    assert sum(log(f.factor) for f in found.factors) == pytest.approx(0, abs=1e-8)
    assert all(f.low <= f.factor <= f.high for f in found.factors)


def test_each_year_has_one_highest_and_one_lowest_month() -> None:
    found = seasonality(series(*SPRING))

    assert sum(f.chance_highest for f in found.factors) == pytest.approx(1)
    assert sum(f.chance_lowest for f in found.factors) == pytest.approx(1)
    assert max(found.factors, key=lambda f: f.chance_lowest).number == 8


def test_the_same_seed_gives_the_same_chances() -> None:
    assert seasonality(series(*SPRING), seed=3) == seasonality(series(*SPRING), seed=3)


def test_where_all_months_are_alike_none_is_surely_the_highest() -> None:
    found = seasonality(series(*[50] * 36))

    assert max(f.chance_highest for f in found.factors) < 0.5


@pytest.mark.parametrize("counts", [[2] * 26, [0, *[9] * 11] * 2])
def test_few_records_or_an_empty_calendar_month_are_too_few_to_say(counts: list[int]) -> None:
    found = seasonality(series(*counts))

    assert found.factors == ()
    assert (found.p_value, found.has_season, found.highest, found.lowest) == (None,) * 4
    assert found.why_not.startswith("Too few records to say")
    assert f"{sum(counts)} in {len(counts)} months" in found.why_not


@pytest.mark.parametrize("counts", [[], [5], [9] * 23, [9] * 20 + [None] * 10])
def test_under_two_years_of_months_held_is_an_error_that_says_so(counts: list[int | None]) -> None:
    with pytest.raises(CoverageError, match="at least 24 months held"):
        seasonality(series(*counts) if counts else series(None))


def test_a_calendar_month_that_is_never_held_is_an_error() -> None:
    counts = [None if i % 12 in (1, 6) else 9 for i in range(48)]

    with pytest.raises(CoverageError, match="no February, July is held"):
        seasonality(series(*counts))


@pytest.mark.parametrize(
    ("months", "breaks"),
    [(24, {"m2017_01": "new codes"}), (36, {"m2017_01": "a", "m2018_01": "b"})],
)
def test_breaks_at_which_years_change_leave_season_and_trend_alike(
    months: int, breaks: dict[str, str]
) -> None:
    # Within each year a rise of the trend is a rise from January to December.
    found = seasonality(series(*(20 + i % 12 for i in range(months)), **breaks))

    assert "cannot be told" in found.why_not
    assert (found.factors, found.trend, found.p_value) == ((), None, None)


def test_a_first_year_without_records_is_too_few_to_say() -> None:
    found = seasonality(series(*[0] * 12, *range(10, 22)))

    assert "none at all" in found.why_not
    assert (found.factors, found.trend, found.p_value) == ((), None, None)
