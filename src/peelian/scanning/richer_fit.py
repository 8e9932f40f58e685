"""A Poisson regression whose coefficients are held near zero, fitted by Newton's method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_STEPS = 50
_SMALL = 1e-6
_LONGEST_STEP = 2.0  # of a coefficient, in logarithms: a first step may overshoot


@dataclass(frozen=True)
class Lesson:
    """What was known at one past origin, and what came of it.

    columns: one row a place. expected: what the default expected of each, in total as many as
    came, so that the fit learns who gets the records and not how many there are. came: the
    records over the horizon.
    """

    columns: NDArray[np.float32]
    expected: NDArray[np.float64]
    came: NDArray[np.float64]


@dataclass(frozen=True)
class LogRates:
    """Coefficients of the columns, each in standard deviations of its column (`mean`, `spread`)."""

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    coefficients: NDArray[np.float64]

    def times(self, columns: NDArray[np.float32]) -> NDArray[np.float64]:
        """By how much the columns multiply what the default expects, up to a constant."""
        standard = (columns - self.mean) / self.spread
        return np.exp(standard @ self.coefficients)


def fit_log_rates(lessons: Sequence[Lesson], *, ridge: float) -> LogRates:
    """Fit how columns multiply the expected records: Poisson maximum likelihood with a ridge.

    ridge: half of it times the sum of squared coefficients is taken off the likelihood, as if
    each, for a column of unit spread, came from a normal distribution of variance 1 / ridge.
    The intercept is free. At least one lesson, and a record in it, are needed: the caller asks
    first.
    """
    rows = sum(len(lesson.came) for lesson in lessons)
    totals = [lesson.columns.sum(axis=0, dtype=float) for lesson in lessons]
    mean = np.sum(totals, axis=0, dtype=float) / rows
    squares = [((each.columns - mean) ** 2).sum(axis=0, dtype=float) for each in lessons]
    spread = np.sqrt(np.sum(squares, axis=0, dtype=float) / rows)
    spread[spread < _SMALL] = 1.0  # a column that never varies tells nothing, and divides by one
    width = len(mean)
    tables = [
        np.column_stack([np.ones(len(each.came)), (each.columns - mean) / spread])
        for each in lessons
    ]
    penalty = np.full(width + 1, float(ridge))
    penalty[0] = 0.0
    found = np.zeros(width + 1)
    for _ in range(_STEPS):
        slope, curve = -penalty * found, np.diag(penalty)
        for lesson, table in zip(lessons, tables, strict=True):
            fitted = lesson.expected * np.exp(np.clip(table @ found, -20, 20))
            slope += table.T @ (lesson.came - fitted)
            curve += table.T @ (table * fitted[:, None])
        step = np.linalg.solve(curve, slope)
        longest = np.abs(step).max()
        found += step * min(1.0, _LONGEST_STEP / max(longest, _SMALL))
        if longest < _SMALL:
            break
    return LogRates(mean, spread, found[1:])
