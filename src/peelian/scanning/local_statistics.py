"""Where high or low values stand together: Getis and Ord's Gi and Gi*, and Anselin's local Moran.

All three compare the sum of a place's neighbours' values with what the values of all places
would give there. Gi leaves the place's own value out, Gi* adds it, and local Moran multiplies
the neighbours' sum by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peelian.core.errors import InputError
from peelian.scanning.neighbours import Neighbours

Quadrant = Literal["high among high", "low among low", "high among low", "low among high", "none"]


@dataclass(frozen=True)
class LocalStatistics:
    """A statistic for each place with its moments; all arrays have the shape of the values.

    expected, variance: of `value`, were the values dealt to places at random. z_scores: 0
    where all values are alike. p_values: two-sided, from the normal distribution, which is
    wrong in the tails where most values are 0 (see `conditional_permutations`). NaN where
    nothing can be said: the place's value is missing, or it has no neighbour whose value is
    known (Gi* then compares the place alone).
    """

    value: NDArray[np.float64]
    expected: NDArray[np.float64]
    variance: NDArray[np.float64]
    z_scores: NDArray[np.float64]

    @property
    def p_values(self) -> NDArray[np.float64]:
        """The chance of a value this far from what is expected, in either direction."""
        from scipy.special import ndtr

        p_values: NDArray[np.float64] = 2 * ndtr(-np.abs(self.z_scores))
        return p_values


@dataclass(frozen=True)
class LocalMoran(LocalStatistics):
    """Local Moran's I, and which kind of neighbourhood each place is in.

    quadrants: the place's value and its neighbours' mean, each against the mean of all. A
    value at the mean counts as low, as in esda. "none" where nothing can be said.
    """

    quadrants: tuple[Quadrant, ...]


@dataclass(frozen=True)
class PermutedTails:
    """How often neighbours dealt at random sum to as much, or as little, as a place's own do.

    as_high, as_low: Monte Carlo p-values, one an entry of the values, each the share of
    replicates with the observed arrangement counted among them; NaN where nothing can be said.
    """

    as_high: NDArray[np.float64]
    as_low: NDArray[np.float64]
    replicates: int
    seed: int

    @property
    def p_values(self) -> NDArray[np.float64]:
        """Two-sided: twice the smaller tail, at most 1."""
        return np.asarray(np.minimum(1.0, 2 * np.minimum(self.as_high, self.as_low)), dtype=float)


def getis_ord(values: ArrayLike, neighbours: Neighbours, *, star: bool = True) -> LocalStatistics:
    """How high the values around each place are, against all places: Gi*, or Gi without `star`.

    values: one row a place; further axes (steps) are taken one by one. A place whose value is
    NaN is left out, for itself and as a neighbour. `value` is the share of all values that the
    neighbourhood holds (NaN where they sum to 0).

    The paper's formulas for neighbours that weigh the same (Getis and Ord 1992,
    doi:10.1111/j.1538-4632.1992.tb00261.x; Ord and Getis 1995,
    doi:10.1111/j.1538-4632.1995.tb00912.x), with n as the variance's divisor. Dividing the
    weights of a place by their sum divides `value` and leaves the z-score as it is. esda gives
    other z-scores for row-standardised weights: it puts the sum of weights, 1, in the place of
    the sum of their squares.
    """
    table, known, count = _checked(values, neighbours)
    away, rounding = _from_the_mean(table, known)
    own = 1 if star else 0
    count = count + own
    others = 1 - own
    places = known.sum(axis=0) - others
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (away.sum(axis=0) - others * away) / places
        spread = ((away**2).sum(axis=0) - others * away**2) / places - mean**2
        # Of a sum of `count` values drawn from so many without putting back.
        variance = np.where(spread > rounding, spread, 0.0) * count
        variance = variance * (places - count) / (places - 1)
        beyond = neighbours.sums(away) + own * away - count * mean
        z_scores = np.where(variance > 0, beyond / np.sqrt(variance), 0.0)
        total = table.sum(axis=0) - others * table
        value = (neighbours.sums(table) + own * table) / total
        variance_of_value = variance / total**2
    said = known & (count > 0)
    return LocalStatistics(
        value=np.where(said & (total != 0), value, np.nan),
        expected=np.where(said, count / np.maximum(places, 1), np.nan),
        variance=np.where(said & (total != 0), variance_of_value, np.nan),
        z_scores=np.where(said, z_scores, np.nan),
    )


def local_moran(
    values: ArrayLike, neighbours: Neighbours, *, row_standardised: bool = True
) -> LocalMoran:
    """Whether each place is like its neighbours: local Moran's I.

    values: one entry a place; NaN leaves the place out, for itself and as a neighbour.
    row_standardised: whether the neighbours' mean is taken or, with False, their sum. This
    scales `value` and its moments; z-scores and p-values are the same.

    Anselin (1995, doi:10.1111/j.1538-4632.1995.tb00338.x) with the sample variance (divisor
    n - 1) in the denominator, as esda has it; moments given the place's own value, Sokal, Oden
    and Thomson (1998, doi:10.1111/j.1538-4632.1998.tb00406.x), equations A7 and A8, on the same
    scale (esda prints those of the divisor n, which are n / (n - 1) times as large).
    """
    table, known, count = _checked(values, neighbours)
    if table.ndim != 1:
        raise InputError(
            f"Local Moran takes one value a place; found an array of shape {table.shape}. "
            f"Give one step at a time."
        )
    around = getis_ord(values, neighbours, star=False)
    said, places = ~np.isnan(around.z_scores), int(known.sum())
    away, rounding = _from_the_mean(table, known)
    squares = float((away**2).sum())
    weight = 1 / np.maximum(count, 1) if row_standardised else np.ones(len(table))
    lag = weight * neighbours.sums(away)
    scale = (places - 1) / squares if squares > places * rounding else 0.0
    # Given the own value, I is that value times the neighbours' sum, so all else is Gi's.
    others = max(places - 1, 1)
    spread = np.maximum(squares - away**2 * places / others, 0.0) / max(places - 2, 1)
    of_lag = weight**2 * spread * count * (others - count) / others
    return LocalMoran(
        value=np.where(said, scale * away * lag, np.nan),
        expected=np.where(said, -scale * away**2 * weight * count / others, np.nan),
        variance=np.where(said, (scale * away) ** 2 * of_lag, np.nan),
        z_scores=np.sign(away) * around.z_scores,
        quadrants=tuple(
            _quadrant(own > 0, near > 0) if sure else "none"
            for own, near, sure in zip(away, lag, said, strict=True)
        ),
    )


def conditional_permutations(
    values: ArrayLike, neighbours: Neighbours, *, replicates: int = 999, seed: int
) -> PermutedTails:
    """Test each place's neighbours against as many places drawn at random from all others.

    values: one entry a place, as for `getis_ord`. One test serves Gi, Gi* and local Moran:
    with the place's own value held, as in esda and spdep, each goes up or down with the
    neighbours' sum alone (local Moran of a place below the mean goes down as it rises). So it
    does not see a high place among quiet neighbours.

    A replicate deals the places in random order from a stream of its own. A place's
    neighbours are replaced by the first dealt, itself passed over: as in esda, places share
    the replicates, each test is as it would be alone, and the errors of Monte Carlo go
    together. Ties count on both sides.
    """
    table, known, count = _checked(values, neighbours)
    if table.ndim != 1 or replicates < 1:
        raise InputError(
            f"Permutations need one value a place and at least one replicate; found values of "
            f"shape {table.shape} and {replicates} replicates. Give one step at a time."
        )
    said = known & (count > 0)
    high, low = _counts_of_tails(
        table[known], neighbours.sums(table)[known], count[known].astype(int), replicates, seed
    )
    as_high, as_low = np.full(len(table), np.nan), np.full(len(table), np.nan)
    as_high[said] = (high[said[known]] + 1) / (replicates + 1)
    as_low[said] = (low[said[known]] + 1) / (replicates + 1)
    return PermutedTails(as_high, as_low, replicates, seed)


def _counts_of_tails(
    values: NDArray[np.float64],
    observed: NDArray[np.float64],
    count: NDArray[np.int64],
    replicates: int,
    seed: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """In how many replicates the sum is as high, and as low, as each place's own neighbours'."""
    high, low = np.zeros(len(values), dtype=np.int64), np.zeros(len(values), dtype=np.int64)
    if not count.any():
        return high, low
    from peelian.scanning.local_statistics_kernels import first_dealt

    dealt = first_dealt(len(values), int(count.max()) + 1, replicates, seed)
    sums = np.cumsum(values[dealt], axis=1)
    # Sums of the same values in another order may differ by rounding: they are ties.
    slack = 1e-12 * count * np.abs(values).max()
    floor, ceiling = observed - slack, observed + slack
    for each in np.unique(count[count > 0]):
        among = count == each
        ordered = np.sort(sums[:, each - 1])
        high[among] = replicates - np.searchsorted(ordered, floor[among], side="left")
        low[among] = np.searchsorted(ordered, ceiling[among], side="right")
    # Where a place was dealt among its own neighbours, it gives way to the next.
    replicate, nth = np.nonzero(np.arange(dealt.shape[1]) < count[dealt])
    place = dealt[replicate, nth]
    wrong = sums[replicate, count[place] - 1]
    right = sums[replicate, count[place]] - values[place]
    np.add.at(high, place, (right >= floor[place]).astype(int) - (wrong >= floor[place]))
    np.add.at(low, place, (right <= ceiling[place]).astype(int) - (wrong <= ceiling[place]))
    return high, low


def _checked(
    values: ArrayLike, neighbours: Neighbours
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    """The values with 0 for NaN, which of them are known, and how many known neighbours."""
    given = np.asarray(values, dtype=float)
    if given.ndim == 0 or len(given) != len(neighbours):
        raise InputError(
            f"There is one row of values a place; found values of shape {given.shape} for "
            f"{len(neighbours)} places. Give values and neighbours of the same places."
        )
    if np.isinf(given).any():
        raise InputError("Values are finite; found an infinite one. Leave it out as NaN.")
    known = ~np.isnan(given)
    return np.where(known, given, 0.0), known, neighbours.sums(known.astype(float))


def _from_the_mean(
    table: NDArray[np.float64], known: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values less their mean, 0 where not known, and the variance that rounding alone can give."""
    places = np.maximum(known.sum(axis=0), 1)
    away = np.where(known, table - table.sum(axis=0) / places, 0.0)
    rounding = (1e-12 * (away**2).sum(axis=0) + 1e-26 * (table**2).sum(axis=0)) / places
    return away, np.asarray(rounding)


def _quadrant(own_is_high: bool, neighbours_are_high: bool) -> Quadrant:
    if own_is_high:
        return "high among high" if neighbours_are_high else "high among low"
    return "low among high" if neighbours_are_high else "low among low"
