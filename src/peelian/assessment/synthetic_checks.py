"""What would change the answer of a synthetic control: fit, areas left out, an earlier date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.assessment.comparison_weights import ComparisonWeights, Measures, measures_of
from peelian.assessment.effect import Check
from peelian.assessment.placebo_interval import Interval, p_value_among
from peelian.assessment.placebo_sets import Comparison, studentised_difference
from peelian.assessment.ratio_by_placebos import RatioByPlacebos

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_LEFT_OUT = 5  # the heaviest comparison areas, each left out in turn
_PLACEBOS = 199  # of the earlier date
_EARLIEST = 4  # periods before, for an earlier date to be tried


@dataclass(frozen=True)
class EarlierDate:
    """As if the response had come earlier: periods held out, and one statistic an outcome.

    placebos: sets x outcomes.
    """

    periods: int
    observed: Floats
    placebos: Floats

    def check(self, outcome: int, *, level: float) -> Check:
        """Whether a difference beyond chance is seen before there was a response."""
        p_value = p_value_among(self.observed[outcome], self.placebos[:, outcome])
        return Check(
            "placebo date",
            f"As if the response had begun {self.periods} periods earlier, looking at those "
            f"alone: p = {p_value:.3f} of no difference, where none should be.",
            changed=p_value <= 1 - level,
        )


def earlier_date(
    before: Floats, treated: Flags, covariates: Floats | None, *, placebos: int, seed: int
) -> EarlierDate | None:
    """Hold out the last quarter of the periods before; None with fewer than four of them.

    before: outcomes x areas x periods, none missing.
    """
    if before.shape[2] < _EARLIEST:
        return None
    out = before.shape[2] // 4
    measures = measures_of(before[:, :, :-out], covariates)
    comparison = Comparison(measures, before[:, :, -out:])
    weights = measures.weights_for(treated).weights
    return EarlierDate(
        periods=out,
        observed=studentised_difference(comparison.after, treated, weights),
        placebos=comparison.placebo_statistics(
            min(placebos, _PLACEBOS), treated=int(treated.sum()), seed=(seed, 1)
        ),
    )


def fit_before(before: Floats, ratio: RatioByPlacebos, found: ComparisonWeights) -> Check:
    """Whether what the weights leave unmatched in all could account for what was found.

    before: areas x periods of the ratio's outcome.
    """
    there = before[ratio.treated].sum(axis=0)
    here = (before * found.weights[:, None]).sum(axis=0)
    interval = ratio.interval(found.weights)
    off = here.sum() / there.sum() if there.sum() else 1.0
    return Check(
        "assumption",
        f"Before, the comparison misses the treated records by {np.abs(here - there).max():.2f} "
        f"in the worst period, and by {abs(here.sum() - there.sum()):.2f} of {there.sum():,.0f} "
        f"in all.",
        changed=Interval(interval.low * off, interval.high * off).direction != interval.direction,
    )


def left_out(measures: Measures, ratio: RatioByPlacebos, found: ComparisonWeights) -> Check | None:
    """The heaviest comparison areas left out, one at a time, against the same placebo sets.

    None where nothing would be left to compare with.
    """
    said = ratio.interval(found.weights).direction
    heaviest = np.argsort(-found.weights, kind="stable")[:_LEFT_OUT]
    heaviest = heaviest[found.weights[heaviest] > 0]
    if (~ratio.treated).sum() < 2:
        return None
    without = [
        measures.weights_for(ratio.treated, left_out=np.arange(len(found.weights)) == area).weights
        for area in heaviest
    ]
    estimates = [e for e in map(ratio.estimate, without) if e is not None]
    said_without = {ratio.interval(weights).direction for weights in without}
    spread = f"{min(estimates):.2f} to {max(estimates):.2f}" if estimates else "not known"
    return Check(
        "comparison left out",
        f"Without any one of the {len(heaviest)} heaviest comparison areas the ratio is {spread}.",
        changed=said_without != {said},
    )
