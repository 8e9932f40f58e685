"""The segmented model by other means: statsmodels' regression, and a likelihood written out."""

from __future__ import annotations

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from statsmodels.stats.sandwich_covariance import S_hac_simple

Floats = NDArray[np.float64]


def newey_west(
    columns: Floats, counts: Floats, days: Floats, *, dispersion: float, lags: int
) -> tuple[Floats, Floats]:
    """Effects and their robust covariance, of negative binomial regression in statsmodels."""
    family = sm.families.NegativeBinomial(alpha=dispersion) if dispersion else sm.families.Poisson()
    model = sm.GLM(counts, columns, family=family, exposure=days)
    effects = model.fit(tol=1e-12, maxiter=200).params
    # Its own robust covariance takes the observed information; ours, the expected.
    bread = np.linalg.inv(-model.hessian(effects, observed=False))
    return effects, bread @ S_hac_simple(model.score_obs(effects), nlags=lags) @ bread


def restricted_likelihood(
    residuals: Floats, by_chance: Floats, columns: Floats, *, scatter: float, drift: float,
    kept: float, months: NDArray[np.int64],
) -> float:  # fmt: skip
    """Patterson and Thompson's, by inverse and determinants, month by month."""
    size = len(residuals)
    spread = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            spread[i, j] = drift**2 * kept ** abs(int(months[i]) - int(months[j]))
            if i == j:
                spread[i, j] += by_chance[i] + scatter
    inverse = np.linalg.inv(spread)
    fixed = columns.T @ inverse @ columns
    projection = inverse - inverse @ columns @ np.linalg.inv(fixed) @ columns.T @ inverse
    determinants = np.log(np.linalg.det(spread)) + np.log(np.linalg.det(fixed))
    return float(-(determinants + residuals @ projection @ residuals) / 2)
