"""The season again, slowly: the likelihood climbed by a general optimiser, a matrix by hand."""

from __future__ import annotations

from calendar import monthrange
from math import exp, log, sqrt

import numpy as np
from scipy import optimize, stats

from peelian.core.counts import Series


def month_factors(series: Series, level: float) -> tuple[list[tuple[float, float, float]], float]:
    """Factor, low and high of January to December, and the F test's p-value.

    Twelve month effects of their own and no constant, instead of contrasts; the typical month
    is taken out afterwards.
    """
    held = series.held
    counts = np.array([series.at(month) for month in held], dtype=float)
    days = np.array([monthrange(month.year, month.number)[1] for month in held], dtype=float)
    years = np.array([month.minus(held[0]) / 12 for month in held])
    own_month = np.array([[float(m.number == k) for k in range(1, 13)] for m in held])
    full = np.column_stack([own_month, years])
    flat = np.column_stack([np.ones(len(held)), years])

    estimate, deviance, expected = climbed(full, counts, days)
    _, flat_deviance, _ = climbed(flat, counts, days)
    spare = len(held) - 13
    dispersion = max(
        1.0, sum((c - e) ** 2 / e for c, e in zip(counts, expected, strict=True)) / spare
    )
    information = sum(e * np.outer(row, row) for e, row in zip(expected, full, strict=True))
    covariance = np.linalg.inv(information) * dispersion
    reach = stats.t.ppf(1 - (1 - level) / 2, spare)
    found = []
    for month in range(12):
        weights = np.zeros(13)
        weights[:12] = -1 / 12
        weights[month] += 1
        effect, error = weights @ estimate, sqrt(weights @ covariance @ weights)
        found.append((exp(effect), exp(effect - reach * error), exp(effect + reach * error)))
    ratio = max(0.0, (flat_deviance - deviance) / 11 / dispersion)
    return found, float(stats.f.sf(ratio, 11, spare))


def climbed(columns, counts, days):
    def fall(effects):
        expected = np.exp(columns @ effects) * days
        slope = columns.T @ (expected - counts)
        return float((expected - counts * np.log(expected)).sum()), slope

    start = np.zeros(columns.shape[1])
    start[: max(1, columns.shape[1] - 1)] = log(counts.sum() / days.sum())
    best = optimize.minimize(
        fall, start, jac=True, method="BFGS", options={"gtol": 1e-7, "maxiter": 5000}
    )
    expected = np.exp(columns @ best.x) * days
    deviance = 0.0
    for count, mean in zip(counts, expected, strict=True):
        deviance += 2 * ((count * log(count / mean) if count else 0.0) - (count - mean))
    return best.x, deviance, expected
