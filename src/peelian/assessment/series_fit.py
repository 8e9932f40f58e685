"""A log-linear model of a place's months: its level, trend, season and steps, fitted to counts."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.core.months import Month

Floats = NDArray[np.float64]
Months = NDArray[np.int64]

_YEAR = 12
_LONGEST = 36  # months held from which a second wave of the year is fitted
_STEPS = 60
_CLOSE = 1e-10
_RIDGE = 1e-9
_FURTHEST = 15.0  # of the logarithm of a month's rate, where there is no record to hold it


@dataclass(frozen=True, eq=False)
class SeriesFit:
    """Negative binomial regression of counts on columns.

    effects: one a column, in logarithms. expected: records, one a month. dispersion: the
    variance of a month is its mean, and this times the mean's square.
    """

    columns: Floats
    counts: Floats
    effects: Floats
    expected: Floats
    dispersion: float


def index_of(months: Sequence[Month]) -> Months:
    """Months as whole numbers, one more each month."""
    return np.array([month.year * _YEAR + month.number - 1 for month in months], dtype=np.int64)


def days_of(months: Sequence[Month]) -> Floats:
    """How many days each month has."""
    return np.array([monthrange(each.year, each.number)[1] for each in months], dtype=float)


def waves(months: Months) -> Floats:
    """A season as one wave a year, and from 36 months a second, half as long: columns."""
    number = 2 if len(months) >= _LONGEST else 1
    angles = 2 * np.pi * np.outer(months, np.arange(1, number + 1)) / _YEAR
    return np.hstack([np.cos(angles), np.sin(angles)])


def steps(months: Months, firsts: Collection[int]) -> Floats:
    """One column a step: 1 from its first month on."""
    return (months[:, None] >= np.array(sorted(firsts), dtype=np.int64)).astype(float)


def fit_series(columns: Floats, counts: Floats, days: Floats) -> SeriesFit:
    """Fit by maximum likelihood, the dispersion by moments.

    columns: months x effects. The dispersion is the one at which Pearson's statistic is its
    degrees of freedom (Breslow 1984, doi:10.2307/2347661), 0 where Poisson counts vary as much.
    """
    dispersion = 0.0
    for _ in range(20):
        effects, expected = fit_each(columns, counts[None], days, dispersion)
        before, dispersion = dispersion, _dispersion(counts, expected[0], columns.shape[1])
        if abs(dispersion - before) <= 1e-8 * (1 + before):
            break
    effects, expected = fit_each(columns, counts[None], days, dispersion)
    return SeriesFit(columns, counts, effects[0], expected[0], dispersion)


def fit_each(
    columns: Floats, counts: Floats, days: Floats, dispersion: float
) -> tuple[Floats, Floats]:
    """Effects and expected records of many series of the same months, replicates x months.

    Iterated weighted least squares (McCullagh and Nelder 1989, section 2.5).
    """
    expected = np.maximum(counts, 0.5)
    effects: Floats = np.zeros((len(counts), columns.shape[1]))
    ridge = _RIDGE * np.eye(columns.shape[1])
    for _ in range(_STEPS):
        weight = expected / (1 + dispersion * expected)
        working = np.log(expected / days) + (counts - expected) / expected
        before = effects
        pull: Floats = ((weight * working) @ columns)[..., None]
        effects = np.asarray(
            np.linalg.solve(information(columns, weight) + ridge, pull)[..., 0], dtype=float
        )
        log_rate = np.clip(effects @ columns.T, -_FURTHEST, _FURTHEST)
        expected = np.exp(log_rate) * days
        if np.abs(effects - before).max(initial=0) < _CLOSE:
            break
    return effects, expected


def information(columns: Floats, weight: Floats) -> Floats:
    """Sums of products of columns over weighted months, one matrix a series."""
    products = (columns[:, :, None] * columns[:, None, :]).reshape(len(columns), -1)
    size = columns.shape[1]
    return (weight @ products).reshape(-1, size, size)


def robust_errors(
    columns: Floats,
    counts: Floats,
    expected: Floats,
    *,
    dispersion: float,
    gradient: Floats,
    months: Months,
) -> Floats:
    """Standard errors of a sum of effects that hold where months go together, one a series.

    counts, expected: series x months. gradient: weights of the effects in the sum, series x
    effects. The estimate of Newey and West (1987, doi:10.2307/1913610), their formula, with as
    many lags as 4 (months/100)^(2/9); a month that is missing adds nothing.
    """
    weight = 1 / (1 + dispersion * expected)
    ridge = _RIDGE * np.eye(columns.shape[1])
    bread = np.linalg.inv(information(columns, expected * weight) + ridge)
    pull = ((gradient[:, None, :] @ bread)[:, 0, :] @ columns.T) * (counts - expected) * weight
    spread = np.zeros((len(counts), int(months[-1] - months[0]) + 1))
    spread[:, months - months[0]] = pull
    variance = (spread**2).sum(axis=1)
    for lag in range(1, lags_of(len(months)) + 1):
        share = 1 - lag / (lags_of(len(months)) + 1)
        variance += 2 * share * (spread[:, lag:] * spread[:, :-lag]).sum(axis=1)
    errors: Floats = np.sqrt(np.maximum(variance, _RIDGE))
    return errors


def lags_of(months: int) -> int:
    """Over how many months records are taken to go together."""
    return int(4 * (months / 100) ** (2 / 9))


def _dispersion(counts: Floats, expected: Floats, effects: int) -> float:
    from scipy.optimize import brentq

    freedom = len(counts) - effects

    def excess(dispersion: float) -> float:
        variance = expected * (1 + dispersion * expected)
        return float(((counts - expected) ** 2 / variance).sum()) - freedom

    if freedom <= 0 or excess(0.0) <= 0:
        return 0.0
    most = 100.0
    return most if excess(most) > 0 else float(brentq(excess, 0.0, most, xtol=1e-10))
