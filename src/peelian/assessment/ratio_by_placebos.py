"""One outcome's ratio, its test and its interval, from where it stands among placebo sets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.assessment.placebo_interval import Interval, p_value_among, ratio_interval
from peelian.assessment.placebo_sets import studentised_difference

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RatioByPlacebos:
    """One outcome after the response, and what placebo sets came to.

    after: areas x periods. treated: one an area. placebos: the studentised difference of each
    placebo set.
    """

    after: Floats
    treated: NDArray[np.bool_]
    placebos: Floats
    level: float

    @property
    def treated_records(self) -> int:
        """Records of the treated areas."""
        return int(self.after[self.treated].sum())

    def synthetic_records(self, weights: Floats) -> float:
        """Records of the weighted comparison."""
        return float((self.after.sum(axis=1) * weights).sum())

    def estimate(self, weights: Floats) -> float | None:
        """Treated over comparison records; None where the comparison has none."""
        expected = self.synthetic_records(weights)
        return self.treated_records / expected if expected > 0 else None

    def statistic(self, weights: Floats, *, ratio: float = 1.0) -> float:
        """The studentised difference, with the treated records as they were without a ratio."""
        without = np.where(self.treated, 1 / ratio, 1.0)[:, None] * self.after
        return float(studentised_difference(without[None], self.treated, weights)[0])

    def p_value(self, weights: Floats, *, ratio: float = 1.0) -> float:
        """Of a ratio: how many sets are as far from 0, the observed counted among them."""
        return p_value_among(self.statistic(weights, ratio=ratio), self.placebos)

    def interval(self, weights: Floats) -> Interval:
        """Ratios that the placebo sets do not refuse, and those that Poisson counts would hold."""
        return ratio_interval(
            self.treated_records,
            self.after.sum(axis=1)[~self.treated],
            weights[~self.treated],
            p_value=lambda ratio: self.p_value(weights, ratio=ratio),
            level=self.level,
        )
