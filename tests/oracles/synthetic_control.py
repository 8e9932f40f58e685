"""Slow second ways to weights of comparison areas, and to the studentised difference."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize, nnls


def even_weights_that_match(measures: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Exact weights nearest to even ones, by a general optimiser with constraints."""
    others, number = measures[~treated], int(treated.sum())
    even = number / len(others)
    found = minimize(
        lambda w: ((w - even) ** 2).sum(),
        np.full(len(others), even),
        jac=lambda w: 2 * (w - even),
        bounds=[(0, None)] * len(others),
        constraints=[
            {"type": "eq", "fun": lambda w: others.T @ w - measures[treated].sum(axis=0)},
            {"type": "eq", "fun": lambda w: w.sum() - number},
        ],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert found.success
    weights = np.zeros(len(treated))
    weights[~treated] = found.x
    return weights


def least_misfit(scaled: np.ndarray, treated: np.ndarray) -> float:
    """The least sum of squared misfits of a mean, by non-negative least squares.

    scaled: areas x measures in the units in which misfit is counted. That weights sum to 1 is
    one more row, so heavy that nothing is gained by breaking it.
    """
    others, target = scaled[~treated].T, scaled[treated].mean(axis=0)
    heavy = 1e5
    _, residual = nnls(
        np.vstack([others, np.full(others.shape[1], heavy)]), np.append(target, heavy)
    )
    return float(residual**2)


def studentised(after: np.ndarray, treated: np.ndarray, weights: np.ndarray) -> float:
    """One outcome, areas x periods: a weighted regression written out, and its sandwich."""
    areas, periods = after.shape
    rows, outcome, weight = [], [], []
    for area in range(areas):
        for period in range(periods):
            rows.append([float(treated[area]), *(float(p == period) for p in range(periods))])
            outcome.append(after[area, period])
            weight.append(1.0 if treated[area] else weights[area])
    x, y, w = np.array(rows), np.array(outcome), np.array(weight)
    bread = np.linalg.inv(x.T @ (w[:, None] * x))
    coefficients = bread @ x.T @ (w * y)
    scores = x * (w * (y - x @ coefficients))[:, None]
    variance = bread @ (scores.T @ scores) @ bread * len(y) / (len(y) - 1)
    return float(coefficients[0] / np.sqrt(variance[0, 0]))
