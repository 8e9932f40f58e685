"""What a response did to one area, beside a weighted mean of a few others.

The classical synthetic control (Abadie, Diamond and Hainmueller 2010,
doi:10.1198/jasa.2009.ap08746), ranked among placebos: each other area in turn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.assessment.comparison_weights import ComparisonWeights, Measures
from peelian.assessment.effect import Check, Effect
from peelian.assessment.placebo_interval import Interval, p_value_among, ratio_interval
from peelian.core.errors import CoverageError, InputError

Floats = NDArray[np.float64]

_FAR_OFF = 0.1  # of the treated records before: no comparison, if weights still miss by more
_FEWEST = 3  # other areas

_ASSUMPTIONS = (
    "The treated area and a weighting of others that had nearly the same records before would "
    "have had the same records after, but for the response.",
    "Any of the areas was as likely to be the treated one, so far as the gap after over the "
    "scatter before goes: the test ranks it among them.",
    "The response multiplies the records of the area by one factor.",
    "The response does not move records into the comparison areas, or out of them.",
    "The response does not change how much of what happens is recorded.",
)


@dataclass(frozen=True)
class SyntheticControlOfOne:
    """The effect on one area, and the comparison that it was measured against.

    treated, synthetic: records a period; NaN in a period that was left out. statistic,
    placebos: of the area and of each other, the mean gap after over the scatter before.
    """

    effect: Effect
    statistic: float
    placebos: Floats
    treated: Floats
    synthetic: Floats
    weights: ComparisonWeights


@dataclass(frozen=True)
class _Paths:
    """Records by area and period, before and after."""

    before: Floats
    after: Floats
    measures: Measures

    def weights_for(self, area: int, *, left_out: int | None = None) -> ComparisonWeights:
        areas = np.arange(len(self.before))
        without = None if left_out is None else areas == left_out
        return self.measures.weights_for(areas == area, left_out=without)

    def statistic(self, area: int, weights: Floats, *, ratio: float = 1.0) -> float:
        """Mean gap after, over the root mean square gap before or what chance would make it."""
        gap_after = self.after[area] / ratio - (self.after * weights[:, None]).sum(axis=0)
        gap_before = self.before[area] - (self.before * weights[:, None]).sum(axis=0)
        # Weights may fit a few counts before all too well: a Poisson count scatters by its mean.
        chance = self.before[area].mean()
        scatter = max(float((gap_before**2).mean()), chance)
        return float(gap_after.mean() / np.sqrt(scatter)) if scatter else 0.0


def synthetic_control_of_one(
    counts: Floats, treated: int, *, before: int, level: float = 0.95
) -> SyntheticControlOfOne:
    """Compare one area with the weighted mean of others that was nearest to it before.

    counts: areas x periods, NaN where not held; such a period is left out for all. treated: the
    area's row. before: how many periods, from the first, came before the response. Weights are
    0 or more, sum to 1, and leave the least squared misfit of what `matched_on` gives, each
    column in units of its root mean square; of several that do, the most even.

    The p-value is the rank of the area among all, by its mean gap after, up or down, over the
    root mean square gap before. A variation in two ways: the paper takes the root mean square
    after as well, which finds next to nothing in monthly counts of a ward; and the gap before is
    taken to be at least what a Poisson count of the area's mean would scatter, since weights may
    fit small counts by luck. The interval holds the ratios that this test does not refuse, and
    what two Poisson counts would hold: with fewer than 19 other areas, at 95 %, it is 0 to
    infinity.

    InputError for tables that do not fit, fewer than three other areas, or weights that miss
    more than a tenth of the records before; CoverageError where no period before, or none
    after, is held.
    """
    held = _check(counts, treated, before)
    earlier, later = counts[:, :before][:, held[:before]], counts[:, before:][:, held[before:]]
    paths = _Paths(earlier, later, Measures.of(matched_on(earlier)))
    found = paths.weights_for(treated)
    _refuse_far_off(earlier, treated, found)
    others = [area for area in range(len(counts)) if area != treated]
    placebos = np.array([paths.statistic(a, paths.weights_for(a).weights) for a in others])
    interval = _interval(paths, treated, found.weights, placebos, level)
    statistic = paths.statistic(treated, found.weights)
    expected = float((later * found.weights[:, None]).sum())
    return SyntheticControlOfOne(
        effect=Effect(
            estimate=float(later[treated].sum()) / expected if expected else None,
            low=interval.low,
            high=interval.high,
            level=level,
            p_value=p_value_among(statistic, placebos),
            treated=int(later[treated].sum()),
            untreated=round(expected),
            design=f"synthetic control of one area from {int((found.weights > 1e-6).sum())} of "
            f"{len(others)} others, matched over {earlier.shape[1]} periods",
            maryland_level=3,
            assumptions=_ASSUMPTIONS,
            notices=_notices(held, len(others), level),
            checks=(
                _fit_before(earlier, treated, found.weights, interval),
                *_left_out(paths, treated, found.weights, placebos, level, interval),
            ),
        ),
        statistic=statistic,
        placebos=placebos,
        treated=np.where(held, counts[treated], np.nan),
        synthetic=(np.where(held, counts, np.nan) * found.weights[:, None]).sum(axis=0),
        weights=found,
    )


def matched_on(earlier: Floats) -> Floats:
    """Records of each period before and, as heavy as all of them, their total.

    earlier: areas x periods. Without the total, weights follow the scatter of small counts and
    let the level slip: of single wards, two to three times as many came out as beyond comparison.
    """
    total = earlier.sum(axis=1, keepdims=True)
    return np.hstack([earlier, np.repeat(total, earlier.shape[1], axis=1)])


def _check(counts: Floats, treated: int, before: int) -> NDArray[np.bool_]:
    """Which periods are held; refuses what does not fit."""
    if counts.ndim != 2 or not 0 <= treated < len(counts) or len(counts) <= _FEWEST:
        raise InputError(
            f"One area is compared with {_FEWEST} others or more, a row of counts each; found "
            f"shape {counts.shape} and row {treated} treated. Give more areas."
        )
    if (counts < 0).any() or np.isinf(counts).any():
        raise InputError("Counts are 0 or more, NaN where not held; found others. Count records.")
    held = np.logical_not(np.isnan(counts).any(axis=0))
    if not held[:before].any() or not held[before:].any():
        raise CoverageError(
            f"A comparison needs a period before the response and one after that every area "
            f"holds; found {int(held[:before].sum())} before and {int(held[before:].sum())} "
            f"after. Ingest the records of those periods, or leave out areas without them."
        )
    return held


def _refuse_far_off(earlier: Floats, treated: int, found: ComparisonWeights) -> None:
    there = earlier[treated].sum()
    here = float((earlier * found.weights[:, None]).sum())
    if abs(here - there) > _FAR_OFF * there:
        raise InputError(
            f"Comparison areas must come within {_FAR_OFF:.0%} of the treated records before; no "
            f"weighting does: {there:,.0f} treated, {here:,.1f} at the nearest. Give areas more "
            f"like the treated."
        )


def _interval(
    paths: _Paths, treated: int, weights: Floats, placebos: Floats, level: float
) -> Interval:
    def p_value(ratio: float) -> float:
        return p_value_among(paths.statistic(treated, weights, ratio=ratio), placebos)

    others = np.arange(len(weights)) != treated
    return ratio_interval(
        int(paths.after[treated].sum()),
        paths.after.sum(axis=1)[others],
        weights[others],
        p_value=p_value,
        level=level,
    )


def _fit_before(earlier: Floats, treated: int, weights: Floats, interval: Interval) -> Check:
    there = earlier[treated]
    here = (earlier * weights[:, None]).sum(axis=0)
    gap = float(np.sqrt(((here - there) ** 2).mean()))
    off = here.sum() / there.sum() if there.sum() else 1.0
    return Check(
        "assumption",
        f"Before, the comparison differs from the area by {gap:.1f} records a period (root mean "
        f"square), where the area has {there.mean():.1f}, and by "
        f"{abs(here.sum() - there.sum()):.1f} of {there.sum():,.0f} in all.",
        changed=Interval(interval.low * off, interval.high * off).direction != interval.direction,
    )


def _left_out(
    paths: _Paths,
    treated: int,
    weights: Floats,
    placebos: Floats,
    level: float,
    interval: Interval,
) -> tuple[Check, ...]:
    """Each area of the comparison left out in turn, against the same placebos."""
    used = [int(area) for area in np.flatnonzero(weights > 1e-6)]
    without = [paths.weights_for(treated, left_out=area).weights for area in used]
    expected = [float((paths.after * w[:, None]).sum()) for w in without]
    if not all(expected):
        return ()
    ratios = [float(paths.after[treated].sum()) / e for e in expected]
    said = {_interval(paths, treated, w, placebos, level).direction for w in without}
    return (
        Check(
            "comparison left out",
            f"Without any one of the {len(used)} comparison areas that have weight the ratio is "
            f"{min(ratios):.2f} to {max(ratios):.2f}.",
            changed=said != {interval.direction},
        ),
    )


def _notices(held: NDArray[np.bool_], others: int, level: float) -> tuple[str, ...]:
    said = []
    if not held.all():
        said.append(f"{int((~held).sum())} of {len(held)} periods are not held and were left out.")
    if 1 / (others + 1) > 1 - level + 1e-9:
        said.append(f"{others} other areas are too few to refuse any ratio at {level:.0%}.")
    return tuple(said)
