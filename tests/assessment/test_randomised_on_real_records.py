"""Trials drawn over real records: no effect where nothing was done, and the one that was made."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from made_trial import expecting, hot_spots
from peelian.assessment.effect import Effect
from peelian.assessment.randomised import assess_trial
from peelian.core.patrols import TrialKind
from peelian.response.trial import draw_trial

STREET = "police.uk/street_camden+5neighbours_api-derived_2016-01_2018-03.zip"
PLACES, MONTHS = 16, 6
STARTS = [date(2017, 10, 1), date(2017, 11, 1), date(2017, 12, 1), date(2018, 1, 1),
          date(2018, 2, 1), date(2018, 3, 1), date(2018, 4, 1)]  # fmt: skip


@pytest.fixture(scope="module")
def camden(real_data: Path) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Camden's 16 busiest snap points of the year to September 2017: the six months after it,
    and the records a month before, of all crime of the Metropolitan Police."""
    with zipfile.ZipFile(real_data / STREET) as archive:
        files = [name for name in archive.namelist() if name.endswith("metropolitan-street.csv")]
        months = [
            pl.read_csv(archive.read(name), columns=[1, 4, 5, 6, 8], infer_schema=False)
            for name in sorted(files)[-18:]
        ]
    rows = pl.concat(months).filter(pl.col("LSOA name").str.starts_with("Camden"))
    counts = (
        rows.group_by("Location", "Longitude", "Latitude", "Month").len()
        .pivot("Month", index=["Location", "Longitude", "Latitude"], values="len")
        .fill_null(0).sort("Location", "Longitude", "Latitude")
    )  # fmt: skip
    table = counts.select(sorted(set(rows["Month"]))).to_numpy().astype(np.int64)
    busiest = np.argsort(-table[:, :12].sum(axis=1), kind="stable")[:PLACES]
    return table[busiest, 12:], table[busiest, :12].mean(axis=1)


def assessed(
    records: NDArray[np.int64], before: NDArray[np.float64], *, kind: TrialKind, kept: float
) -> list[Effect]:
    """100 trials over the same records, of which those treated keep a share, by chance."""
    found = []
    for seed in range(100):
        trial = draw_trial(hot_spots(PLACES), kind=kind, period_starts=STARTS, seed=seed)
        remaining = np.random.default_rng(seed).binomial(records, kept)
        counts = np.where(np.array(trial.treated), remaining, records).astype(float)
        found.append(assess_trial(expecting(trial, before.tolist()), counts, seed=seed, draws=999))
    return found


@pytest.mark.parametrize("kept", [1.0, 0.7])
@pytest.mark.parametrize("kind", ["crossover", "parallel"])
def test_the_effect_made_in_real_records_lies_in_the_interval_in_90_to_99_of_100_draws(
    camden: tuple[NDArray[np.int64], NDArray[np.float64]], kind: TrialKind, kept: float
) -> None:
    effects = assessed(*camden, kind=kind, kept=kept)

    covered = sum(effect.low <= kept <= effect.high for effect in effects)

    logs = np.log([effect.estimate or np.nan for effect in effects])
    assert 90 <= covered <= 99
    # Four standard errors of the mean of 100.
    assert logs.mean() == pytest.approx(np.log(kept), abs=4 * logs.std(ddof=1) / 10)
