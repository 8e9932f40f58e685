"""Placebo interventions among London's real wards: how often the interval holds the truth.

A random measure, one ward or four, and a month of 2012 to 2019; 60 random wards to compare with,
24 months before and 6 after. Nothing was done there; of the records after, a share is kept by
chance. By how many records were to be expected.

    python -m bench.difference_calibration
"""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from peelian.assessment.exact_odds import exact_odds
from peelian.assessment.placebo_places import placebos_of

FILE = "mps-recorded-crime/recorded-crime-ward-historical.parquet"
MEASURES = ("ROBBERY", "BURGLARY", "VEHICLE OFFENCES", "DRUG OFFENCES", "POSSESSION OF WEAPONS")
TRIES, OTHERS, BEFORE, AFTER = 1_000, 60, 24, 6
LAST = 119  # columns from April 2010 to February 2020
LIMITS = (0, 3, 8, 20, 50, 200, np.inf)


def main() -> None:
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    table = pl.read_parquet(Path(os.environ.get("PEELIAN_DATA", beside)) / FILE)
    months = [name for name in table.columns if name.isdigit()][:LAST]
    panels = [
        table.filter(pl.col("majortext") == major)
        .group_by("wardcode").agg(pl.col(months).sum()).sort("wardcode")
        .select(months).to_numpy().astype(float)
        for major in MEASURES
    ]  # fmt: skip
    print("treated  kept  expected    tries  holds 1  holds truth  found down")
    for treated in (1, 4):
        for kept in (1.0, 0.8, 0.6):
            _print(_tried(panels, treated=treated, kept=kept), treated, kept)


def _tried(panels: list[NDArray[np.float64]], *, treated: int, kept: float) -> NDArray[np.float64]:
    """Records to be expected, and both ends of the interval: one row a try."""
    rows = []
    for seed in range(TRIES):
        draw = np.random.default_rng([seed, treated])
        counts, first = panels[draw.integers(len(panels))], draw.integers(BEFORE, LAST - AFTER)
        places = counts[draw.choice(len(counts), OTHERS + treated, replace=False)]
        before = places[:, first - BEFORE : first].sum(axis=1)
        after = places[:, first : first + AFTER].sum(axis=1)
        on = np.arange(len(places)) < treated
        after[on] = draw.binomial(after[on].astype(int), kept)
        sides = [(int(before[who].sum()), int(after[who].sum())) for who in (on, ~on)]
        exact = exact_odds(treated=sides[0], untreated=sides[1])
        ranked = placebos_of(before, after, treated=on, draws=999, seed=seed)
        low, high = ranked.interval(level=0.95)
        expected = sides[0][0] * sides[1][1] / sides[1][0]
        rows.append((expected, min(low, exact.low), max(high, exact.high)))
    return np.array(rows)


def _print(tried: NDArray[np.float64], treated: int, kept: float) -> None:
    expected, low, high = tried.T
    for least, most in pairwise(LIMITS):
        here = (expected >= least) & (expected < most)
        if here.sum() < 20:
            continue
        ones = ((low <= 1) & (high >= 1))[here].mean()
        truth = ((low <= kept) & (high >= kept))[here].mean()
        print(
            f"{treated:>7}{kept:>6}{f'{least:g} to {most:g}':>11}{here.sum():>8}{ones:>9.3f}"
            f"{truth:>13.3f}{(high < 1)[here].mean():>12.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
