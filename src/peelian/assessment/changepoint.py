"""Whether a series stepped at another month than that of the response."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from peelian.assessment.level_drift import learn_drift
from peelian.assessment.segments import Segments
from peelian.assessment.series_fit import Floats, SeriesFit, fit_series

_LEAST_BESIDE = 6  # months held on either side of a step


@dataclass(frozen=True)
class Step:
    """The greatest step before a response.

    at: its first month's place among the months held. ratio: of the level from then on over
    that before. p_value: of a greatest step as great where the level only drifts.
    """

    at: int
    ratio: float
    p_value: float


def other_step(segments: Segments, *, draws: int, seed: tuple[int, ...]) -> Step | None:
    """Look for the greatest step among the months before the response.

    The greatest score statistic over all months (Andrews 1993, doi:10.2307/2951764), ranked
    among series drawn from the same model with a level that drifts, the observed among them:
    a variation. None with fewer than 12 months before, or no record.
    """
    early = segments.months < segments.first
    months, counts, columns = (
        segments.months[early],
        segments.counts[early],
        segments.without[early],
    )
    columns = columns[:, (columns != 0).any(axis=0)]
    candidates = np.arange(_LEAST_BESIDE, len(months) - _LEAST_BESIDE + 1)
    if not len(candidates) or not counts.sum():
        return None
    days, generator = segments.days[early], np.random.default_rng(seed)
    fit = fit_series(columns, counts, days)
    steps = (months >= months[candidates][:, None]).astype(float)
    sizes, scores = _scores(steps, counts[None], columns, fit)
    at = int(scores[0].argmax())
    # How far the level drifts is learned with the step taken out: else a great one would pass
    # for drift and hide itself.
    stepped = np.column_stack([columns, steps[at]])
    drift = learn_drift(counts, fit_series(stepped, counts, days).expected, stepped, months)
    factors = drift.draw(months, replicates=draws, generator=generator)
    drawn = generator.poisson(np.minimum(fit.expected * factors, 1e6)).astype(float)
    greatest = _scores(steps, drawn, columns, fit)[1].max(axis=1)
    return Step(
        at=int(candidates[at]),
        ratio=float(np.exp(sizes[0, at])),
        p_value=float((1 + (greatest >= scores[0, at]).sum()) / (1 + draws)),
    )


def _scores(
    steps: Floats, counts: Floats, columns: Floats, fit: SeriesFit
) -> tuple[Floats, Floats]:
    """Of each step in each series: its logarithm to first order, and its score statistic."""
    root = np.sqrt(fit.expected / (1 + fit.dispersion * fit.expected))
    basis, _ = np.linalg.qr(columns * root[:, None])
    left = (counts / fit.expected - 1) * root
    left = left - (left @ basis) @ basis.T
    moved = steps * root
    moved = moved - (moved @ basis) @ basis.T
    size = (moved**2).sum(axis=1)
    pulls = left @ moved.T
    # A step that the columns hold already has none of its own.
    own = size > 1e-9
    sizes: Floats = np.divide(pulls, size, out=np.zeros_like(pulls), where=own)
    scores: Floats = np.divide(pulls**2, size, out=np.zeros_like(pulls), where=own)
    return sizes, scores
