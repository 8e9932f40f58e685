from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.unusual import brute_forecast
from peelian.core.counts import Series
from peelian.core.errors import CoverageError, InputError
from peelian.core.months import Month, MonthSpan
from peelian.scanning.unusual import unlike_before

STEADY = (9, 12, 11, 8, 10, 13, 9, 11, 10, 8, 12, 10) * 2


def series(*counts: int | None, last: str = "2018-03", **breaks: str) -> Series:
    span = MonthSpan.ending(Month.parse(last), months=len(counts))
    missing = {m: "no file" for m, n in zip(span, counts, strict=True) if n is None}
    dated = {Month.parse(m.removeprefix("m").replace("_", "-")): why for m, why in breaks.items()}
    return Series("robbery", "the ward", span, counts, missing, dated)


@pytest.mark.parametrize(
    ("mean", "swing", "seed"), [(2.0, 0.0, 3), (10.0, 0.2, 4)], ids=["few", "seasonal"]
)
def test_the_forecast_is_that_of_models_drawn_from_the_priors(
    mean: float, swing: float, seed: int
) -> None:
    months = np.arange(-24, 0)
    rates = mean * (1 + swing * np.cos(2 * np.pi * months / 12))
    counts = np.random.default_rng(seed).poisson(rates).tolist()

    drawn = brute_forecast(counts, months.tolist(), [0, 1, 2], draws=150_000, seed=1)

    found = unlike_before(series(*counts, 0, 0, 0), level=0.9)
    assert found.expected == pytest.approx(drawn.mean, rel=0.03)
    assert found.season == (drawn.season > 0.5)
    # The share of draws below each end, with a little for chance: some thousand draws weigh.
    assert drawn.at_most(found.low - 1) < 0.05 + 0.015
    assert drawn.at_most(found.low) > 0.05 - 0.015
    assert drawn.at_most(found.high - 1) < 0.95 + 0.015
    assert drawn.at_most(found.high) > 0.95 - 0.015


@pytest.mark.parametrize(
    ("mean", "dispersion", "swing", "before"),
    [(1.0, 0.0, 0.0, 24), (10.0, 0.02, 0.2, 26), (60.0, 0.02, 0.25, 36)],
)
def test_where_nothing_changes_the_interval_holds_as_often_as_it_says(
    mean: float, dispersion: float, swing: float, before: int
) -> None:
    rng, runs = np.random.default_rng(11), 80
    inside, p_values = 0, []
    for _ in range(runs):
        months = np.arange(before + 3) + rng.integers(12)
        rates = mean * (1 + swing * np.cos(2 * np.pi * months / 12))
        if dispersion:
            rates = rates * rng.gamma(1 / dispersion, dispersion, size=len(months))
        counts: list[int | None] = rng.poisson(rates).tolist()
        if before > 24:
            counts[7] = None

        found = unlike_before(series(*counts), level=0.9)

        inside += found.low <= found.observed <= found.high
        p_values.append(found.p_value)
    # Three standard errors of 80 runs; p-values of few records cannot be even, but never small
    # too often.
    assert inside / runs >= 0.9 - 3 * (0.9 * 0.1 / runs) ** 0.5
    for share in (0.05, 0.2, 0.5):
        error = (share * (1 - share) / runs) ** 0.5
        assert np.mean(np.array(p_values) <= share) <= share + 3 * error


@settings(max_examples=25)
@given(st.lists(st.integers(0, 40), min_size=24, max_size=30), st.integers(0, 200))
def test_the_p_value_and_the_interval_never_disagree(counts: list[int], last: int) -> None:
    found = unlike_before(series(*counts, last), months=1, level=0.9)

    assert found.low <= found.expected <= found.high or max(counts) == 0
    assert (found.direction is not None) == (found.p_value <= 0.1 + 1e-9)
    assert 0 <= found.p_value <= 1


@settings(max_examples=15)
@given(st.lists(st.integers(0, 40), min_size=24, max_size=30), st.integers(1, 24))
def test_the_calendar_does_not_matter(counts: list[int], later: int) -> None:
    here = unlike_before(series(*counts, 5, 5, 5))
    there = unlike_before(series(*counts, 5, 5, 5, last=str(Month.parse("2018-03").plus(later))))

    assert (there.low, there.high) == (here.low, here.high)
    assert there.p_value == pytest.approx(here.p_value, rel=1e-6)


@settings(max_examples=15)
@given(st.integers(0, 30), st.integers(1, 30))
def test_a_higher_period_lies_further_up(count: int, more: int) -> None:
    low = unlike_before(series(*STEADY, count), months=1)
    high = unlike_before(series(*STEADY, count + more), months=1)

    assert (low.low, low.high, low.expected) == (high.low, high.high, high.expected)
    if count > low.expected:
        assert high.p_value <= low.p_value


def test_a_doubling_is_up_and_a_steady_period_is_not() -> None:
    doubled = unlike_before(series(*STEADY, 20, 22, 21))
    steady = unlike_before(series(*STEADY, 10, 11, 10))

    assert (doubled.observed, doubled.direction) == (63, "up")
    assert doubled.p_value < 0.01
    assert steady.direction is None
    # Ten and a quarter records a month, as in the years before.
    assert steady.expected == pytest.approx(31, abs=1.5)


def test_a_summer_as_high_as_the_summers_before_is_not_unusual() -> None:
    year = [20, 20, 24, 30, 36, 40, 41, 40, 36, 30, 24, 20]  # January to December

    summer = unlike_before(series(*year * 3, *year[:7], last="2018-07"), months=2)
    winter = unlike_before(series(*year * 3, *year[:6], 41, 41, last="2018-01"), months=2)

    assert summer.season
    assert summer.direction is None
    assert winter.direction is None or winter.expected > 60


def test_a_missing_month_is_neither_learned_from_nor_zero() -> None:
    whole = unlike_before(series(*STEADY, 10, 10, 10, 10))
    missing = unlike_before(series(10, *STEADY[:10], None, *STEADY[11:], 10, None, 10))
    zero = unlike_before(series(10, *STEADY[:10], 0, *STEADY[11:], 10, 0, 10))

    assert [str(m) for m in missing.months] == ["2018-01", "2018-03"]
    assert len(missing.trained_on) == 24
    assert missing.observed == 20
    assert missing.expected / 2 == pytest.approx(whole.expected / 3, rel=0.05)
    assert zero.observed == 20
    assert zero.expected > missing.expected


def test_only_months_after_the_last_break_are_learned_from() -> None:
    broken = series(*[80] * 12, *STEADY, 11, 10, 9, m2016_01="a new system", m2015_07="older")

    found = unlike_before(broken)

    assert found.trained_on[0] == Month.parse("2016-01")
    assert found.after_break == "a new system"
    assert found.direction is None


def test_older_months_than_four_years_are_not_learned_from() -> None:
    old_level = unlike_before(series(*[90] * 30, *STEADY * 2, 10, 11, 10))

    assert len(old_level.trained_on) == 48
    assert old_level.direction is None


def test_the_interval_holds_on_official_counts_of_real_wards(real_data: Path) -> None:
    path = real_data / "mps-recorded-crime" / "recorded-crime-ward-historical.parquet"
    table = pl.read_parquet(path).filter(pl.col("lookup_boroughname") == "Camden")
    # April 2010 to December 2019, before the stay at home.
    months = [c for c in table.columns if c.isdigit() and c < "202001"]
    wards = table.group_by("wardcode", "majortext", maintain_order=True).agg(pl.col(months).sum())
    rows = wards.sort("wardcode", "majortext").select(months).to_numpy()
    rng, inside, asked = np.random.default_rng(0), 0, 0
    while asked < 120:
        row, end = rows[rng.integers(len(rows))], int(rng.integers(51, len(months)))
        if row[end - 50 : end - 2].sum() < 24:
            continue

        found = unlike_before(series(*row[end - 50 : end + 1].tolist()), level=0.9)

        inside += found.low <= found.observed <= found.high
        asked += 1

    assert inside / asked >= 0.9 - 3 * (0.9 * 0.1 / asked) ** 0.5


def test_fewer_than_24_months_are_too_few_to_say() -> None:
    with pytest.raises(CoverageError, match=r"Too few months to say: .*24 months .* 23 are held"):
        unlike_before(series(*STEADY[:23], 1, 2, 3))


def test_a_break_too_lately_is_told_as_the_reason() -> None:
    broken = series(*STEADY, 11, 10, 9, m2017_12="a new system")

    with pytest.raises(CoverageError, match=r"0 are held before January 2018 since the series"):
        unlike_before(series(*STEADY, 11, 10, 9, m2018_02="a new system"))
    with pytest.raises(CoverageError, match=r"1 are held before January 2018 since .* December"):
        unlike_before(broken)


def test_an_empty_series_and_a_period_not_held_are_told_apart() -> None:
    with pytest.raises(CoverageError, match="No month of robbery is held for the ward"):
        unlike_before(series(None, None))
    with pytest.raises(CoverageError, match=r"none of April 2018 to June 2018 is held"):
        unlike_before(series(*STEADY), ending=Month.parse("2018-06"))


@pytest.mark.parametrize("months", [0, 13])
def test_a_period_is_a_year_at_most(months: int) -> None:
    with pytest.raises(InputError, match="takes 1 to 12 months"):
        unlike_before(series(*STEADY), months=months)


@pytest.mark.parametrize("level", [0, 1, 90])
def test_a_level_lies_between_0_and_1(level: float) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        unlike_before(series(*STEADY), level=level)


def test_a_series_of_zeros_expects_hardly_a_record() -> None:
    quiet = unlike_before(series(*[0] * 24, 0, 0, 0))
    sudden = unlike_before(series(*[0] * 24, 2, 2, 2))

    # Half a record in two years is at most to be expected: a sixteenth in a quarter.
    assert (quiet.low, quiet.high, quiet.direction) == (0, 1, None)
    assert quiet.expected == pytest.approx(1 / 16, rel=0.1)
    assert quiet.p_value == 1
    assert sudden.direction == "up"


def test_chances_too_small_for_rounding_still_fall_as_records_rise() -> None:
    p_values = [unlike_before(series(*STEADY, n, n, n)).p_value for n in (40, 80, 160, 320)]

    assert p_values == sorted(p_values, reverse=True)
    assert 0 < p_values[-1] < p_values[-2] < 1e-12
