"""Records against minutes again, slowly: statsmodels with a column for each place and week, and
every arrangement of minutes tried."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
from numpy.typing import NDArray


def poisson_slope(records: NDArray[np.float64], minutes: NDArray[np.float64]) -> float:
    import statsmodels.api as sm

    places, weeks = records.shape
    place, week = np.divmod(np.arange(records.size), weeks)
    columns = [minutes.ravel()]
    columns += [(place == each).astype(float) for each in range(places)]
    columns += [(week == each).astype(float) for each in range(1, weeks)]
    model = sm.GLM(records.ravel(), np.array(columns).T, family=sm.families.Poisson())
    return float(model.fit(tol=1e-13, maxiter=200).params[0])


def step(records: NDArray[np.float64], minutes: NDArray[np.float64]) -> float:
    """The score over its information, minutes less their weighted fit on places and weeks."""
    places, weeks = records.shape
    expected = np.outer(records.sum(axis=1), records.sum(axis=0)) / records.sum()
    place, week = np.divmod(np.arange(records.size), weeks)
    dummies = np.array(
        [place == each for each in range(places)] + [week == each for each in range(1, weeks)]
    ).T.astype(float)
    root = np.sqrt(expected.ravel())
    fitted = np.linalg.lstsq(dummies * root[:, None], minutes.ravel() * root, rcond=None)[0]
    apart = minutes.ravel() - dummies @ fitted
    residual = (records - expected).ravel()
    return float(residual @ apart / (expected.ravel() @ apart**2))


def share_as_far(records: NDArray[np.float64], minutes: NDArray[np.float64]) -> float:
    """Of all orders of all places' minutes, those that lead as far."""
    own = abs(step(records, minutes))
    orders = [list(permutations(row)) for row in minutes.tolist()]
    steps = [abs(step(records, np.array(table))) for table in product(*orders)]
    return sum(each >= own * (1 - 1e-9) for each in steps) / len(steps)
