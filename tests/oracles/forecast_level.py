"""The most likely course of a series again, by climbing over its shocks one month at a time."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
from scipy.optimize import minimize


def expected_records(
    records: list[float | None],
    usual: list[float],
    month_of_year: list[int],
    *,
    level_drift: float,
    trend_change: float,
    damping: float,
    season_spread: float,
    scatter: float,
    level_at_first: float,
) -> float:
    """Records over the months of `usual` after the last of `records`; None where one is missing.

    Every shock is a normal number in its own standard deviations; nothing is multiplied by a
    matrix of covariances.
    """
    held = [t for t, each in enumerate(records) if each is not None]
    mean = sum(records[t] for t in held) / sum(usual[t] for t in held)  # type: ignore[misc]

    def course(shocks: np.ndarray, months: int) -> list[float]:
        steps, turns = shocks[: len(records)], shocks[len(records) : 2 * len(records)]
        of_year = shocks[2 * len(records) : 2 * len(records) + 12] * season_spread
        level = level_at_first * steps[0]
        trend = trend_change / sqrt(1 - damping**2) * turns[0]
        logs = []
        for t in range(months):
            if t:
                level += damping * trend + (level_drift * steps[t] if t < len(records) else 0)
                trend = damping * trend + (trend_change * turns[t] if t < len(records) else 0)
            season = of_year[month_of_year[t]] - of_year.mean()
            logs.append(log(mean * usual[t]) + level + season)
        return logs

    def misfit(shocks: np.ndarray) -> float:
        logs, own = course(shocks, len(records)), shocks[2 * len(records) + 12 :] * scatter
        fit = 0.0
        for t in held:
            rate = logs[t] + own[t]
            fit += exp(rate) - records[t] * rate  # type: ignore[operator]
        return fit + 0.5 * float(shocks @ shocks)

    start = np.zeros(3 * len(records) + 12)
    best = minimize(misfit, start, method="BFGS", options={"gtol": 1e-4, "maxiter": 2_000}).x
    return sum(exp(each) for each in course(best, len(usual))[len(records) :])
