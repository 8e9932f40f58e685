"""Placebo sets: as many areas, drawn by chance, compared as if the response had come to them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.assessment.comparison_weights import Measures

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Comparison:
    """What areas are matched on, and the records in which they are then compared.

    after: outcomes x areas x periods, no missing value.
    """

    measures: Measures
    after: Floats

    def placebo_statistics(self, number: int, *, treated: int, seed: tuple[int, ...]) -> Floats:
        """The studentised difference of each placebo set and outcome, sets x outcomes.

        treated: how many areas a set has, drawn from all areas without regard to where the
        response was. A set is known by the seed and its number alone.
        """
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            found = pool.map(lambda n: self._placebo(n, treated, seed), range(number))
            return np.array(list(found)).reshape(number, len(self.after))

    def _placebo(self, number: int, treated: int, seed: tuple[int, ...]) -> Floats:
        areas = self.after.shape[1]
        chosen = np.zeros(areas, dtype=bool)
        draw = np.random.default_rng([*seed, number])
        chosen[draw.choice(areas, treated, replace=False)] = True
        weights = self.measures.weights_for(chosen)
        return studentised_difference(self.after, chosen, weights.weights)


def studentised_difference(after: Floats, treated: Flags, weights: Floats) -> Floats:
    """Treated less weighted comparison records over a standard error, one number an outcome.

    after: outcomes x areas x periods. The standard error is that of the treatment's coefficient
    in a weighted regression on treatment and period, linearised, each period of an area taken
    for an independent observation: the statistic of microsynth, the R package of Robbins and
    Davenport 2021 (doi:10.18637/jss.v097.i02). Records of one area in several periods are not
    independent, so it is no normal deviate; it is for ranking among placebo sets. 0 where
    nobody has a record.
    """
    side = np.where(treated, 1.0, weights)
    counted = side > 0
    side, sign = side[counted, None], np.where(treated[counted], 1.0, -1.0)[:, None]
    records, number, periods = after[:, counted], int(treated.sum()), after.shape[2]
    observations = after.shape[1] * periods
    difference = (records * side * sign).sum(axis=(1, 2)) / (number * periods)
    level = (records * side).sum(axis=1, keepdims=True) / (2 * number)
    residual = records - level - difference[:, None, None] * sign / 2
    squares = ((side * residual) ** 2).sum(axis=(1, 2)) * observations / (observations - 1)
    error = np.sqrt(squares) / (number * periods)
    found: Floats = np.divide(difference, error, out=np.zeros_like(difference), where=error > 0)
    return found
