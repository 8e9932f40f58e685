"""All London wards, five measures, in one run: seconds, memory, and how many changed.

The Met's own counts by ward: March 2019 to February 2020 against the year before, the last two
years before the pandemic. Beside the discoveries stands what a table without any of this would
say: how many of the exact intervals, each at 95 %, exclude the common change.

    python -m bench.many_wards
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.memory import peak_gb
from peelian.assessment.many_wards import many_wards
from peelian.scanning.change import exact_rate_ratio

FILE = "mps-recorded-crime/recorded-crime-ward-historical.parquet"
MONTHS = [f"{2018 + (2 + i) // 12}{(2 + i) % 12 + 1:02d}" for i in range(24)]
MEASURES = {
    "burglary": pl.col("majortext") == "BURGLARY",
    "robbery": pl.col("majortext") == "ROBBERY",
    "vehicle offences": pl.col("majortext") == "VEHICLE OFFENCES",
    "violence with injury": pl.col("minortext") == "VIOLENCE WITH INJURY",
    "theft from the person": pl.col("minortext") == "THEFT FROM THE PERSON",
}


def main() -> None:
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    table = pl.read_parquet(Path(os.environ.get("PEELIAN_DATA", beside)) / FILE)
    began = time.perf_counter()
    print(f"{'':<22}{'wards':>6}{'typical':>9}{'spread':>8}{'burst':>7}{'naive':>7}{'found':>7}")
    for measure, is_one in MEASURES.items():
        wards, counts = _counts(table, is_one)
        found = many_wards(wards, counts, first_after=12, seed=1)
        print(
            f"{measure:<22}{len(wards):>6}{found.typical:>9.2f}{found.spread:>8.2f}"
            f"{found.burst:>7.2f}{_naive(counts):>7}{len(found.changed):>7}",
            flush=True,
        )
    print(f"{time.perf_counter() - began:.1f} s, {peak_gb():.2f} GB peak; found at 5 % false")


def _counts(table: pl.DataFrame, is_one: pl.Expr) -> tuple[list[str], NDArray[np.float64]]:
    rows = table.filter(is_one & pl.col("wardcode").str.starts_with("E05"))
    summed = rows.group_by("wardcode").agg(pl.col(MONTHS).sum()).sort("wardcode")
    return summed["wardcode"].to_list(), summed.select(MONTHS).to_numpy().astype(float)


def _naive(counts: NDArray[np.float64]) -> int:
    early, late = (side.sum(axis=1).astype(int) for side in np.split(counts, [12], axis=1))
    exposure = {"exposure_before": int(early.sum()), "exposure_after": int(late.sum())}
    ratios = [
        exact_rate_ratio(before, after, **exposure)
        for before, after in zip(early.tolist(), late.tolist(), strict=True)
    ]
    return sum(not each.low <= 1 <= each.high for each in ratios)


if __name__ == "__main__":
    main()
