"""What a response did to many small areas, beside a weighted sum of areas like them.

Synthetic control for panels of small areas (Robbins, Saunders and Kilmer 2017,
doi:10.1080/01621459.2016.1213634). For one area, and a few to compare with, use
`synthetic_control_of_one`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.assessment.comparison_weights import ComparisonWeights, measures_of
from peelian.assessment.effect import Check, Effect
from peelian.assessment.placebo_sets import Comparison
from peelian.assessment.ratio_by_placebos import RatioByPlacebos
from peelian.assessment.synthetic_checks import earlier_date, fit_before, left_out
from peelian.core.errors import CoverageError, InputError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FAR_OFF = 0.1  # of the treated records before: no comparison, if weights still miss by more

_ASSUMPTIONS = (
    "Treated areas and a weighting of others that had the same records before would have had the "
    "same records after, but for the response.",
    "Any set of as many areas was as likely to be treated, so far as the studentised difference "
    "goes: the test ranks it among such sets.",
    "The response multiplies the records of every treated area by the same factor.",
    "The response does not move records into the comparison areas, or out of them.",
    "The response does not change how much of what happens is recorded.",
)


@dataclass(frozen=True)
class SyntheticControl:
    """Effects on several outcomes, and the comparison that they were measured against.

    effects, statistics: one an outcome; a statistic is the studentised difference that was
    ranked among those of placebo sets. treated, synthetic: outcomes x periods, records of the
    treated areas and of their weighted comparison; NaN in a period that was left out.
    """

    outcomes: tuple[str, ...]
    effects: tuple[Effect, ...]
    statistics: tuple[float, ...]
    treated: Floats
    synthetic: Floats
    weights: ComparisonWeights

    def effect_on(self, outcome: str) -> Effect:
        """The effect on one outcome; InputError for one that was not compared."""
        if outcome not in self.outcomes:
            raise InputError(
                f"An effect is known for the outcomes compared, {', '.join(self.outcomes)}; found "
                f"{outcome}. Ask for one of them."
            )
        return self.effects[self.outcomes.index(outcome)]


def synthetic_control(
    counts: Floats,
    treated: Flags,
    *,
    before: int,
    outcomes: Sequence[str],
    seed: int,
    covariates: Floats | None = None,
    placebos: int = 999,
    level: float = 0.95,
) -> SyntheticControl:
    """Compare treated areas with a weighting of others that had the same records before.

    counts: outcomes x areas x periods, NaN where not held; a period that is not held for every
    area and outcome is left out. treated: one an area. before: how many periods, from the first,
    came before the response. covariates: areas x columns, totals that weights must reproduce
    too, such as homes or residents; a protected characteristic does not belong there. Weights
    reproduce the treated total of every outcome in every period before, or come nearest.

    The p-value is two-sided: how many of the placebo sets, drawn from all areas, have a
    studentised difference as far from 0, the observed counted among them. The interval holds the
    ratios that the same test does not refuse, and what two Poisson counts would hold. That is a
    variation: the paper's package prints one-sided p-values from a normal curve. `untreated` of
    an effect is the weighted comparison's records, to the nearest.

    InputError for tables that do not fit, a single treated area, or weights that miss more than
    a tenth of an outcome's treated records before; CoverageError where no period before, or
    none after, is held.
    """
    held = _check(counts, treated, before, outcomes)
    earlier = counts[:, :, :before][:, :, held[:before]]
    measures = measures_of(earlier, covariates)
    comparison = Comparison(measures, counts[:, :, before:][:, :, held[before:]])
    found = measures.weights_for(treated)
    _refuse_far_off(earlier, treated, found, outcomes)
    ranked = comparison.placebo_statistics(placebos, treated=int(treated.sum()), seed=(seed, 0))
    date = earlier_date(earlier, treated, covariates, placebos=placebos, seed=seed)
    ratios = [
        RatioByPlacebos(comparison.after[n], treated, ranked[:, n], level)
        for n in range(len(outcomes))
    ]
    checks = [
        (
            fit_before(earlier[n], ratio, found),
            left_out(measures, ratio, found),
            date.check(n, level=level) if date else None,
        )
        for n, ratio in enumerate(ratios)
    ]
    notices = _notices(found, treated, held, placebos, level)
    design = (
        f"synthetic control of {int(treated.sum())} areas from {int((found.weights > 0).sum())} "
        f"others, matched over {earlier.shape[2]} periods"
    )
    return SyntheticControl(
        outcomes=tuple(outcomes),
        effects=tuple(
            _effect(ratio, found.weights, design, notices, [c for c in tried if c])
            for ratio, tried in zip(ratios, checks, strict=True)
        ),
        statistics=tuple(ratio.statistic(found.weights) for ratio in ratios),
        treated=np.where(held, counts[:, treated].sum(axis=1), np.nan),
        synthetic=(np.where(held, counts, np.nan) * found.weights[:, None]).sum(axis=1),
        weights=found,
    )


def _check(counts: Floats, treated: Flags, before: int, outcomes: Sequence[str]) -> Flags:
    """Which periods are held; refuses tables that do not fit each other."""
    shape = counts.shape
    if len(shape) != 3 or shape[0] != len(outcomes) or shape[1] != len(treated):
        raise InputError(
            f"Counts have an outcome, an area and a period on their three sides; found shape "
            f"{shape} for {len(outcomes)} outcomes and {len(treated)} areas. Arrange them so."
        )
    if (counts < 0).any() or np.isinf(counts).any():
        raise InputError("Counts are 0 or more, NaN where not held; found others. Count records.")
    number = int(treated.sum())
    if number < 2 or len(treated) - number < number:
        raise InputError(
            f"Placebo sets need two treated areas or more, and at least as many others; found "
            f"{number} treated of {len(treated)}. For one area use synthetic_control_of_one."
        )
    held = np.logical_not(np.isnan(counts).any(axis=(0, 1)))
    if not held[:before].any() or not held[before:].any():
        raise CoverageError(
            f"A comparison needs a period before the response and one after that every area "
            f"holds; found {int(held[:before].sum())} before and {int(held[before:].sum())} "
            f"after. Ingest the records of those periods, or leave out areas without them."
        )
    return held


def _refuse_far_off(
    earlier: Floats, treated: Flags, found: ComparisonWeights, outcomes: Sequence[str]
) -> None:
    there = earlier[:, treated].sum(axis=(1, 2))
    here = (earlier * found.weights[:, None]).sum(axis=(1, 2))
    for outcome, wanted, reached in zip(outcomes, there, here, strict=True):
        if abs(reached - wanted) > FAR_OFF * wanted:
            raise InputError(
                f"Comparison areas must come within {FAR_OFF:.0%} of the treated records before; "
                f"for {outcome} no weighting does: {wanted:,.0f} treated, {reached:,.1f} at the "
                f"nearest. Give areas more like the treated, or fewer outcomes."
            )


def _effect(
    ratio: RatioByPlacebos,
    weights: Floats,
    design: str,
    notices: tuple[str, ...],
    checks: Sequence[Check],
) -> Effect:
    interval = ratio.interval(weights)
    return Effect(
        estimate=ratio.estimate(weights),
        low=interval.low,
        high=interval.high,
        level=ratio.level,
        p_value=ratio.p_value(weights),
        treated=ratio.treated_records,
        untreated=round(ratio.synthetic_records(weights)),
        design=design,
        maryland_level=4,
        assumptions=_ASSUMPTIONS,
        notices=notices,
        checks=tuple(checks),
    )


def _notices(
    found: ComparisonWeights, treated: Flags, held: Flags, placebos: int, level: float
) -> tuple[str, ...]:
    said = []
    if not held.all():
        said.append(f"{int((~held).sum())} of {len(held)} periods are not held and were left out.")
    if not found.converged:
        said.append("No exact weights were found, and those used may not be the very nearest.")
    if found.areas_that_count < treated.sum():
        said.append(
            f"The comparison counts as {found.areas_that_count:.0f} areas of equal weight, fewer "
            f"than the {int(treated.sum())} treated."
        )
    if placebos < math.ceil(1 / (1 - level) - 1e-9) - 1:
        said.append(f"{placebos} placebo sets are too few to refuse any ratio at {level:.0%}.")
    return tuple(said)
