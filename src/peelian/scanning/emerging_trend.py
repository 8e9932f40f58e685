"""Whether a row of steps goes up or down: Mann and Kendall's test, and one for sparse counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peelian.core.errors import InputError

# Gilbert (1987) prints exact chances up to 40 steps, and uses the normal beyond.
EXACT_UP_TO = 40


@dataclass(frozen=True)
class MannKendall:
    """The test's figures, one a row of the values.

    score: S, pairs of steps that rise less pairs that fall. variance: of S by chance, with
    ties allowed for. z_scores: S moved by one towards 0, over its standard deviation.
    p_values: two-sided.
    """

    score: NDArray[np.int64]
    variance: NDArray[np.float64]
    z_scores: NDArray[np.float64]
    p_values: NDArray[np.float64]


def mann_kendall(values: ArrayLike) -> MannKendall:
    """Test rows of values, oldest step first, for a rise or a fall of any shape.

    values: rows by steps, or one row. Mann (1945, doi:10.2307/1907187) and Kendall (1948), as
    in Gilbert (1987, Statistical Methods for Environmental Pollution Monitoring, chapter 16):
    exact chances for at most 40 steps without ties, else the normal distribution with the
    variance for ties. Fewer than two steps, or none unlike another, give a p-value of one.
    It takes steps to be independent; runs of like steps make its p-values too small.
    """
    table = np.atleast_2d(np.asarray(values, dtype=float))
    if np.isnan(table).any():
        raise InputError(
            "A trend is tested over the steps that are held; found a missing value. "
            "Leave the step out first."
        )
    rows, steps = table.shape
    score = np.zeros(rows, dtype=np.int64)
    for apart in range(1, steps):
        score += np.sign(table[:, apart:] - table[:, :-apart]).sum(axis=1).astype(np.int64)
    tied = _ties_term(table)
    variance = np.maximum(steps * (steps - 1) * (2 * steps + 5) - tied, 0) / 18
    z_scores = np.divide(
        np.sign(score) * np.maximum(np.abs(score) - 1, 0),
        np.sqrt(variance),
        out=np.zeros(rows),
        where=variance > 0,
    )
    return MannKendall(score, variance, z_scores, _p_values(score, z_scores, tied, steps))


def lateness(
    records: NDArray[np.float64],
    all_records: NDArray[np.float64],
    *,
    at: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How much later each row's records fall than all records do: z-scores and p-values.

    records: rows by steps. all_records: one entry a step, the rows' records among them. at: when
    each step was, in any unit; one after another unless given. Were a
    row's share steady, each of its records would fall in a step with the chance that any
    does; the score test of that against a share that grows or shrinks by step. Unlike a test
    of ranks it is not fooled where most steps have no record and the total changes.
    """
    from scipy.special import ndtr

    total, own = all_records.sum(), records.sum(axis=1)
    if total == 0:
        return np.zeros(len(records)), np.ones(len(records))
    by_step = all_records / total
    time = np.arange(len(all_records), dtype=float) if at is None else at
    away = time - by_step @ time
    variance = by_step @ away**2 * own * (1 - own / total)
    z_scores: NDArray[np.float64] = np.divide(
        records @ away, np.sqrt(variance), out=np.zeros(len(records)), where=variance > 1e-12
    )
    return z_scores, 2 * ndtr(-np.abs(z_scores))


def _ties_term(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each row, t (t - 1) (2 t + 5) summed over its groups of t equal values."""
    rows, steps = table.shape
    if not steps:
        return np.zeros(rows)
    ordered = np.sort(table, axis=1)
    first = np.ones((rows, steps), dtype=np.bool_)
    first[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    size = np.bincount(np.cumsum(first.ravel()) - 1).astype(float)
    row = np.nonzero(first)[0]
    terms = size * (size - 1) * (2 * size + 5)
    return np.bincount(row, weights=terms, minlength=rows).astype(float)


def _p_values(
    score: NDArray[np.int64],
    z_scores: NDArray[np.float64],
    tied: NDArray[np.float64],
    steps: int,
) -> NDArray[np.float64]:
    from scipy.special import ndtr

    p_values = 2 * ndtr(-np.abs(z_scores))
    if 2 <= steps <= EXACT_UP_TO:
        exact = tied == 0
        p_values[exact] = np.minimum(1.0, 2 * _upper_tail(steps)[np.abs(score[exact])])
    return np.asarray(np.minimum(p_values, 1.0), dtype=float)


@cache
def _upper_tail(steps: int) -> NDArray[np.float64]:
    """The chance of a score of at least s by chance, without ties, at position s from 0."""
    # Of an order, score = pairs - 2 × inversions; the nth step adds 0 to n - 1 inversions.
    chance = np.ones(1)
    for nth in range(2, steps + 1):
        chance = np.convolve(chance, np.full(nth, 1 / nth))
    pairs = steps * (steps - 1) // 2
    at_most = np.cumsum(chance)
    return at_most[(pairs - np.arange(pairs + 1)) // 2]
