"""Placebo interventions in London's real ward series, without comparison: before and after alone.

A random class of crime, ward and month, 24 to 48 months before and 6 to 12 after, as many by
each size of monthly count. Nothing was done there; of the records after, a share is kept by
chance. How often each interval at 95 % holds no change, and the truth. "exact" takes nothing
but chance to move records; "Newey-West" takes errors robust to months that go together, and
the normal
distribution. What is known beforehand of how far levels drift was set on the months to
December 2015.

    python -m bench.series_calibration
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from peelian.assessment.before_after import before_after
from peelian.assessment.interrupted_series import interrupted_series
from peelian.core.counts import Series
from peelian.core.errors import CoverageError
from peelian.core.months import Month, MonthSpan

FILE = "mps-recorded-crime/recorded-crime-ward-historical.parquet"
START = Month(2010, 4)
# Months before and after the first lockdown; both ends included.
SPANS = {
    "2010 to 2015": MonthSpan(START, Month(2015, 12)),
    "2015 to 2020": MonthSpan(Month(2015, 4), Month(2020, 2)),
    "2021 to 2024": MonthSpan(Month(2021, 4), Month(2024, 1)),
}
SIZES = ((1, 3), (3, 10), (10, 30), (30, np.inf))
TRIES = 250  # a size
DRAWS = 199
METHODS = ("exact", "before/after", "Newey-West", "interrupted")
Ends = tuple[float, float]


def main() -> None:
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    counts = _series(Path(os.environ.get("PEELIAN_DATA", beside)) / FILE)
    heads = f"{'months':14}{'kept':>5}{'a month':>10}  {'method':13}"
    print(f"{heads} tries  holds 1  truth   fall   rise")
    for name, span in SPANS.items():
        for kept in (1.0, 0.8, 0.6) if name == "2015 to 2020" else (1.0,):
            for size in SIZES:
                _print(name, kept, size, list(_tried(counts, span, size, kept)))


def _series(path: Path) -> NDArray[np.float64]:
    """Ward by class and by subclass, one row a series, one column a month."""
    table = pl.read_parquet(path)
    months = [name for name in table.columns if name.isdigit()]
    return np.vstack(
        [
            table.group_by(["wardcode", kind]).agg(pl.col(months).sum())
            .sort(kind, "wardcode").select(months).to_numpy().astype(float)
            for kind in ("majortext", "minortext")
        ]
    )  # fmt: skip


def _tried(
    counts: NDArray[np.float64], span: MonthSpan, size: tuple[float, float], kept: float
) -> Iterator[dict[str, Ends]]:
    """The ends of each method's interval, of one placebo intervention after another."""
    start, end = span.first.minus(START), span.last.minus(START) + 1
    draw, tried = np.random.default_rng([7, int(size[0])]), 0
    while tried < TRIES:
        before, after = draw.integers(24, 49), draw.integers(6, 13)
        row = draw.integers(len(counts))
        if before + after > end - start:
            continue
        first = int(draw.integers(start + before, end - after + 1))
        months = counts[row, first - before : first + after].astype(int)
        if size[0] <= months[:before].mean() < size[1]:
            tried += 1
            months[before:] = draw.binomial(months[before:], kept)
            yield _ends(months, START.plus(first), int(before), seed=tried)


def _ends(months: NDArray[np.int64], first: Month, before: int, *, seed: int) -> dict[str, Ends]:
    span = MonthSpan(first.plus(-before), first.plus(len(months) - before - 1))
    series = Series("class", "ward", span, tuple(int(n) for n in months))
    sides = {"before": MonthSpan(span.first, first.plus(-1)), "after": MonthSpan(first, span.last)}
    same = before_after(series, **sides)
    found = {"exact": _told(same.notices[0]), "before/after": (same.low, same.high)}
    try:
        effect = interrupted_series(series, **sides, seed=seed, draws=DRAWS)
    except CoverageError:
        return found
    return found | {
        "Newey-West": _told(effect.notices[0]),
        "interrupted": (effect.low, effect.high),
    }


def _told(notice: str) -> Ends:
    """The interval that a notice tells."""
    low, _, high = notice.partition("would be ")[2].partition(" to ")
    return float(low), float(high.split(":")[0].split(";")[0])


def _print(name: str, kept: float, size: tuple[float, float], found: list[dict[str, Ends]]) -> None:
    for method in METHODS:
        low, high = np.array([each[method] for each in found if method in each]).T
        shares = [
            ((low <= 1) & (high >= 1)).mean(),
            ((low <= kept) & (high >= kept)).mean(),
            (high < 1).mean(),
            (low > 1).mean(),
        ]
        print(
            f"{name:14}{kept:>5}{f'{size[0]:g} to {size[1]:g}':>10}  {method:13}{len(low):>6}"
            + "".join(f"{share:>8.3f}" for share in shares),
            flush=True,
        )


if __name__ == "__main__":
    main()
