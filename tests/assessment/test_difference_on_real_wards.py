"""Placebo interventions among London's real wards: nothing done is found as often as agreed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from peelian.assessment.exact_odds import exact_odds
from peelian.assessment.placebo_places import placebos_of

FILE = "mps-recorded-crime/recorded-crime-ward-historical.parquet"
TRIES, OTHERS, BEFORE, AFTER = 300, 60, 24, 6
LAST = 119  # columns to February 2020


@pytest.fixture(scope="module")
def wards(real_data: Path) -> dict[str, NDArray[np.float64]]:
    """Records by ward and month from April 2010, of four classes."""
    table = pl.read_parquet(real_data / FILE)
    months = [name for name in table.columns if name.isdigit()][:LAST]
    return {
        major: table.filter(pl.col("majortext") == major)
        .group_by("wardcode").agg(pl.col(months).sum()).sort("wardcode")
        .select(months).to_numpy().astype(float)
        for major in ("ROBBERY", "BURGLARY", "POSSESSION OF WEAPONS", "VEHICLE OFFENCES")
    }  # fmt: skip


def placebo_interventions(
    counts: NDArray[np.float64], *, treated: int, kept: float
) -> NDArray[np.float64]:
    """Ends of intervals at 95 %: random wards and months, of whose records a share is kept."""
    ends = []
    for seed in range(TRIES):
        draw = np.random.default_rng(seed)
        first = draw.integers(BEFORE, LAST - AFTER)
        rows = counts[draw.choice(len(counts), OTHERS + treated, replace=False)]
        before = rows[:, first - BEFORE : first].sum(axis=1)
        after = rows[:, first : first + AFTER].sum(axis=1)
        on = np.arange(len(rows)) < treated
        after[on] = draw.binomial(after[on].astype(int), kept)
        low, high = placebos_of(before, after, treated=on, draws=199, seed=seed).interval(
            level=0.95
        )
        sides = [
            (int(before[who].sum()), int(after[who].sum())) for who in (on, ~on)
        ]  # fmt: skip
        exact = exact_odds(treated=sides[0], untreated=sides[1])
        ends.append((min(low, exact.low), max(high, exact.high)))
    return np.array(ends)


@pytest.mark.parametrize("treated", [1, 4])
def test_no_change_is_held_in_92_to_99_of_100_placebo_interventions(
    wards: dict[str, NDArray[np.float64]], treated: int
) -> None:
    ends = [placebo_interventions(each, treated=treated, kept=1.0) for each in wards.values()]

    held = [float(((low <= 1) & (high >= 1)).mean()) for low, high in (each.T for each in ends)]

    # 300 tries each: 92 to 98 of 100, and a standard error of 1.3 on either side.
    assert min(held) >= 0.92 - 0.013
    assert np.mean(held) == pytest.approx(0.955, abs=0.025)


def test_a_fall_by_two_fifths_in_four_wards_is_found_where_records_are_many(
    wards: dict[str, NDArray[np.float64]],
) -> None:
    low, high = placebo_interventions(wards["VEHICLE OFFENCES"], treated=4, kept=0.6).T

    assert (high < 1).mean() > 0.7
    assert ((low <= 0.6) & (high >= 0.6)).mean() > 0.92
