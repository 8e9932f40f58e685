"""Weights of comparison areas that make them, together, what the treated areas were before.

The dual Newton solve of calibration (Deville and Särndal 1992,
doi:10.1080/01621459.1992.10475217) with the linear distance and weights of 0 or more, as in
Robbins, Saunders and Kilmer 2017 (doi:10.1080/01621459.2016.1213634).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import InputError

Floats = NDArray[np.float64]

# In units of a measure's root mean square over all areas. The penalty is a variation: it gives
# the nearest weights where none are exact, and moves exact ones by far less than a record.
_PENALTY = 1e-9
_TOLERANCE = 1e-8
_MOST_STEPS = 300


@dataclass(frozen=True)
class ComparisonWeights:
    """Weights that sum to the number of treated areas, and what they leave unmatched.

    weights: one an area, 0 for a treated one. misfit: one a measure, the weighted total less
    that of the treated areas, in the measure's own unit. converged: whether the solve ended;
    where not, the weights are not the nearest.
    """

    weights: Floats
    misfit: Floats
    converged: bool

    @property
    def areas_that_count(self) -> float:
        """As how many areas of equal weight the comparison counts (Kish's effective number)."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())


@dataclass(frozen=True)
class Measures:
    """What areas are matched on, a row an area, made ready once for many solves.

    scaled: with a column of ones first, each column over its root mean square. scale: the root
    mean squares, 1 for a column of zeros.
    """

    scaled: Floats
    scale: Floats

    @classmethod
    def of(cls, measures: Floats) -> Measures:
        """Make a table of areas x measures ready. InputError for a value that is not finite."""
        if measures.ndim != 2 or not np.isfinite(measures).all():
            raise InputError(
                "Areas are matched on a table with a row an area and no empty cell; found shape "
                f"{measures.shape}, {int((~np.isfinite(measures)).sum())} cells not finite. "
                "Leave periods that are not held out."
            )
        table = np.column_stack([np.ones(len(measures)), measures])
        scale = np.sqrt((table**2).mean(axis=0))
        scale[scale == 0] = 1.0
        return cls(np.ascontiguousarray(table / scale), scale)

    def weights_for(
        self, treated: NDArray[np.bool_], *, left_out: NDArray[np.bool_] | None = None
    ) -> ComparisonWeights:
        """Weigh areas that are neither treated nor left out so that totals of measures agree.

        Of all weights >= 0 that reproduce the treated totals of every measure and sum to the
        number of treated areas, those nearest to even ones (least squares); where there are
        none, those of least misfit, summed over measures in units of their root mean square.
        InputError where no area is treated, or none is left to compare with.
        """
        from peelian.assessment.dual_newton import nearest_weights

        usable = ~treated if left_out is None else ~(treated | left_out)
        if not treated.any() or not usable.any():
            raise InputError(
                f"Weights need treated areas and others to compare with; found {treated.sum()} "
                f"treated and {usable.sum()} others. Mark the treated areas, and give others."
            )
        number = int(treated.sum())
        targets = self.scaled[treated].sum(axis=0) / number
        penalty = np.full(len(targets), _PENALTY)
        penalty[0] = 0.0
        weights = np.zeros(len(usable))
        steps = nearest_weights(
            self.scaled, usable, targets, penalty, _TOLERANCE, _MOST_STEPS, weights
        )
        reached = (weights[:, None] * self.scaled).sum(axis=0)
        return ComparisonWeights(
            weights=weights * number,
            misfit=((reached - targets) * number * self.scale)[1:],
            converged=steps >= 0,
        )


def measures_of(before: Floats, covariates: Floats | None = None) -> Measures:
    """Match every outcome in every period, and each covariate.

    before: outcomes x areas x periods, none missing. covariates: areas x columns.
    """
    areas = before.shape[1]
    columns = before.transpose(1, 0, 2).reshape(areas, -1)
    if covariates is None:
        return Measures.of(columns)
    if covariates.ndim != 2 or len(covariates) != areas:
        raise InputError(
            f"Covariates have a row an area, {areas}, and a column each; found shape "
            f"{covariates.shape}. Give a value for every area."
        )
    return Measures.of(np.column_stack([columns, covariates]))
