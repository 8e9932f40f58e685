"""Placebo responses in the real ward series of London: no change, and a planted one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from peelian.assessment.effect import Effect
from peelian.assessment.synthetic_control import synthetic_control

BEFORE, AFTER, TREATED, TRIALS = 24, 6, 12, 20
# Months from the first, April 2010, whose 30 months end before the lockdown of March 2020.
LAST_START = 89


@cache
def robberies(data: Path) -> np.ndarray:
    """Personal robberies by ward and month, 2010-04 on."""
    path = data / "mps-recorded-crime" / "recorded-crime-ward-historical.parquet"
    if not path.is_file():
        pytest.skip("the ward series of the Metropolitan Police are not here")
    table = pl.read_parquet(path).filter(pl.col("minortext") == "ROBBERY OF PERSONAL PROPERTY")
    months = [name for name in table.columns if name.isdigit()]
    summed = table.group_by("wardcode").agg(pl.col(months).sum()).sort("wardcode")
    counts: np.ndarray = summed.select(months).to_numpy().astype(float)
    return counts


def effects(counts: np.ndarray, *, kept: float) -> list[Effect]:
    """Twelve wards of the busiest fifth at a time, a share of whose records after are kept."""
    found = []
    for trial in range(TRIALS):
        draw = np.random.default_rng([7, trial])
        start = draw.integers(0, LAST_START)
        window = counts[:, start : start + BEFORE + AFTER].copy()
        busiest = np.argsort(-window[:, :BEFORE].sum(axis=1), kind="stable")[: len(window) // 5]
        treated = np.isin(np.arange(len(window)), draw.choice(busiest, TREATED, replace=False))
        after = window[treated, BEFORE:].astype(int)
        window[treated, BEFORE:] = draw.binomial(after, kept)
        panel = synthetic_control(
            window[None], treated, before=BEFORE, outcomes=("robbery",), seed=trial, placebos=99
        )
        found.append(panel.effects[0])
    return found


def test_where_nothing_was_done_to_wards_the_interval_mostly_holds_no_change(
    real_data: Path,
) -> None:
    found = effects(robberies(real_data), kept=1.0)

    # At 95 %, fewer than 16 of 20 would come of chance in 1 of 388 such tests.
    assert sum(effect.low <= 1 <= effect.high for effect in found) >= 16


def test_a_fall_of_forty_percent_planted_in_twelve_wards_is_found(real_data: Path) -> None:
    found = effects(robberies(real_data), kept=0.6)

    assert sum(effect.direction == "down" for effect in found) >= 16
    assert sum(effect.low <= 0.6 <= effect.high for effect in found) >= 16
