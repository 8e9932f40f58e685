"""Real ward series in which nothing was done: found as often as agreed, and planted falls too.

As many placebo interventions by each size of monthly count, from classes and subclasses of the
Met's ward counts of April 2015 to February 2020; what is known of drift beforehand was set on
the months before.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from peelian.assessment.before_after import before_after
from peelian.assessment.effect import Effect
from peelian.assessment.interrupted_series import interrupted_series
from peelian.core.counts import Series
from peelian.core.months import Month, MonthSpan

FILE = "mps-recorded-crime/recorded-crime-ward-historical.parquet"
FIRST = Month(2015, 4)
SIZES = [(1, 3), (3, 10), (10, 30), (30, 10_000)]
TRIES = 60  # a size
# 92 to 98 of 100 are agreed; a share of 0.95 of 60 tries has a standard error of 0.028, of 240
# one of 0.014: three less for one size, none for all together.
LEAST, LEAST_OF_ALL = 0.92 - 0.085, 0.92
Counts = NDArray[np.int64]


@pytest.fixture(scope="module")
def wards(real_data: Path) -> Counts:
    table = pl.read_parquet(real_data / FILE)
    months = [name for name in table.columns if name.isdigit() and "201504" <= name <= "202002"]
    return np.vstack(
        [
            table.group_by(["wardcode", kind]).agg(pl.col(months).sum())
            .sort(kind, "wardcode").select(months).to_numpy()
            for kind in ("majortext", "minortext")
        ]
    )  # fmt: skip


def placebo(wards: Counts, size: tuple[float, float], seed: int) -> tuple[Counts, int, Month]:
    """Months of a random series of this size, how many of them are before, and the first."""
    draw = np.random.default_rng([seed, int(size[0])])
    while True:
        before, after = (int(n) for n in draw.integers((24, 6), (49, 13)))
        start = int(draw.integers(0, max(wards.shape[1] - before - after, 0) + 1))
        months = wards[draw.integers(len(wards)), start : start + before + after].copy()
        fits = len(months) == before + after and size[0] <= months[:before].mean() < size[1]
        if fits:
            return months, before, FIRST.plus(start)


def spans(months: Counts, before: int, first: Month) -> tuple[Series, MonthSpan, MonthSpan]:
    span = MonthSpan(first, first.plus(len(months) - 1))
    series = Series("class", "ward", span, tuple(int(n) for n in months))
    start = first.plus(before)
    return series, MonthSpan(first, start.plus(-1)), MonthSpan(start, span.last)


def same_months(wards: Counts, size: tuple[float, float], kept: float = 1.0) -> list[Effect]:
    found = []
    for seed in range(TRIES):
        months, before, first = placebo(wards, size, seed)
        months[before:] = np.random.default_rng(seed).binomial(months[before:], kept)
        series, early, late = spans(months, before, first)
        found.append(before_after(series, before=early, after=late))
    return found


def test_before_and_after_holds_no_change_at_every_size(wards: Counts) -> None:
    held = [
        np.mean([each.direction is None for each in same_months(wards, size)]) for size in SIZES
    ]

    assert min(held) >= LEAST
    assert np.mean(held) >= LEAST_OF_ALL


def test_a_planted_fall_by_three_fifths_is_held_and_found_where_records_are_many(
    wards: Counts,
) -> None:
    found = same_months(wards, SIZES[-1], kept=0.4)

    assert np.mean([each.low <= 0.4 <= each.high for each in found]) >= LEAST
    assert np.mean([each.direction == "down" for each in found]) > 0.75


def test_an_interrupted_series_holds_no_change_where_it_says_anything(wards: Counts) -> None:
    held = []
    for size in SIZES[1:]:
        for seed in range(30):
            series, early, late = spans(*placebo(wards, size, seed))
            if sum(series.over(early).counts) * len(late) >= 10 * len(early):  # type: ignore[arg-type]
                found = interrupted_series(series, before=early, after=late, seed=seed, draws=99)
                held.append(found.direction is None)

    # Three standard errors of 90 tries below 92 of 100.
    assert len(held) > 75
    assert np.mean(held) >= 0.92 - 0.07
