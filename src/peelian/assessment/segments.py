"""A series in two segments, before and after, and the ratio between with and without the second.

The bootstrap here is what the interval rests on: errors robust to months that go together are
far too small in series of a few years.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from peelian.assessment.effect import FoundRatio
from peelian.assessment.level_drift import learn_drift
from peelian.assessment.series_fit import (
    Floats,
    Months,
    SeriesFit,
    fit_each,
    fit_series,
    robust_errors,
    steps,
    waves,
)

_MOST_RATE = 1e6


@dataclass(frozen=True, eq=False)
class Segments:
    """Counts of the months held, and where the second segment begins.

    months: increasing whole numbers. first: the first month of the response. breaks: first
    months after a known change of the series. has_trend: a steady change over all months.
    has_slope: another one from `first` on.
    """

    months: Months
    counts: Floats
    days: Floats
    first: int
    breaks: tuple[int, ...]
    has_trend: bool
    has_slope: bool

    @cached_property
    def without(self) -> Floats:
        """Columns of what would have been without the response."""
        columns = [np.ones((len(self.months), 1)), waves(self.months)]
        if self.has_trend:
            columns.append((self.months - self.first)[:, None] / 12)
        # Two breaks with no month held between them are one step.
        columns.append(np.unique(steps(self.months, self.breaks), axis=1))
        return np.hstack(columns)

    @cached_property
    def response(self) -> Floats:
        """Columns of the second segment: a step, and a slope that starts with it."""
        after = (self.months >= self.first).astype(float)[:, None]
        slope = after * (self.months - self.first)[:, None] / 12
        return np.hstack([after, slope]) if self.has_slope else after

    @cached_property
    def columns(self) -> Floats:
        """All columns, those of the response last."""
        return np.hstack([self.without, self.response])

    @cached_property
    def fit(self) -> SeriesFit:
        """The model with the response."""
        return fit_series(self.columns, self.counts, self.days)

    @property
    def is_estimable(self) -> bool:
        """Whether no column is made of the others, and months are left to show scatter."""
        columns = self.columns
        full = bool(np.linalg.matrix_rank(columns) == columns.shape[1])
        return full and len(self.months) > columns.shape[1]

    def log_ratios(self, effects: Floats) -> tuple[Floats, Floats]:
        """Logarithms of records after over those without the response, and their gradients.

        effects: one row a series; so have the gradients. The ratio is of sums over all months
        held after.
        """
        late = self.months >= self.first
        apart = self.columns[late].copy()
        apart[:, self.without.shape[1] :] = 0
        sums, gradients = [], []
        for columns in (self.columns[late], apart):
            records = np.exp(np.clip(effects @ columns.T, -20, 20)) * self.days[late]
            sums.append(np.log(records.sum(axis=1)))
            gradients.append(records @ columns / records.sum(axis=1, keepdims=True))
        return sums[0] - sums[1], gradients[0] - gradients[1]

    def errors(self, counts: Floats, effects: Floats, expected: Floats) -> Floats:
        """Standard errors of the logarithms of ratios, robust to months that go together."""
        return robust_errors(
            self.columns,
            counts,
            expected,
            dispersion=self.fit.dispersion,
            gradient=self.log_ratios(effects)[1],
            months=self.months,
        )

    def simulated(self, *, draws: int, seed: tuple[int, ...]) -> Floats:
        """Series of the fitted model, draws x months, as their level drifts by itself."""
        generator = np.random.default_rng(seed)
        drift = learn_drift(self.counts, self.fit.expected, self.columns, self.months)
        factors = drift.draw(self.months, replicates=draws, generator=generator)
        rates = np.minimum(self.fit.expected * factors, _MOST_RATE)
        return generator.poisson(rates).astype(float)


@dataclass(frozen=True)
class SegmentedRatio(FoundRatio):
    """The ratio, and the interval that robust errors alone would give."""

    robust_low: float
    robust_high: float


def segmented_ratio(
    segments: Segments, *, level: float, draws: int, seed: tuple[int, ...]
) -> SegmentedRatio:
    """Fit, and say how sure it is by a parametric bootstrap of the studentised estimate.

    The bootstrap-t of Hall (1988, doi:10.1214/aos/1176350933), its series drawn from the fitted
    model whose level drifts (`learn_drift`), its errors those of `robust_errors`. The observed
    series counts as one of those drawn in the p-value, which is at most 1 - level exactly when
    the interval excludes 1.
    """
    estimate, error = _studentised(segments, segments.counts[None])
    drawn = segments.simulated(draws=draws, seed=seed)
    ratios, errors = _studentised(segments, drawn)
    statistics = np.sort((ratios - estimate) / errors)
    rank = int((draws + 1) * (1 - level) / 2 + 1e-9)
    low, high = (float(estimate[0] - error[0] * statistics[at]) for at in (-rank, rank - 1))
    observed = float(estimate[0] / error[0])
    tail = min((statistics >= observed).sum(), (statistics <= observed).sum())
    reach = float(error[0]) * _normal_reach(level)
    return SegmentedRatio(
        estimate=math.exp(estimate[0]),
        low=math.exp(low),
        high=math.exp(high),
        p_value=min(1.0, 2 * (1 + int(tail)) / (draws + 1)),
        robust_low=math.exp(estimate[0] - reach),
        robust_high=math.exp(estimate[0] + reach),
    )


def _studentised(segments: Segments, counts: Floats) -> tuple[Floats, Floats]:
    """Logarithms of ratios and their robust errors, one a series."""
    effects, expected = fit_each(segments.columns, counts, segments.days, segments.fit.dispersion)
    return segments.log_ratios(effects)[0], segments.errors(counts, effects, expected)


def _normal_reach(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))
