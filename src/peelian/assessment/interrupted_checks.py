"""What would change the answer of an interrupted series: other steps, dates, windows and trends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from peelian.assessment.changepoint import other_step
from peelian.assessment.effect import Check
from peelian.assessment.segments import SegmentedRatio, Segments, segmented_ratio
from peelian.core.months import Month

Kind = Literal["window", "assumption"]

_PLACEBO_BEFORE, _PLACEBO_AFTER = 12, 6
_SHORTER = 24
_DRAWS = 199


def series_checks(
    segments: Segments,
    months: Sequence[Month],
    found: SegmentedRatio,
    *,
    level: float,
    seed: int,
) -> tuple[Check, ...]:
    """Look for another step, and fit again with other dates, windows and trends.

    months: those held, of `segments`. found: what is checked.
    """
    return (
        *_other_step(segments, months, level, seed),
        *_placebo_dates(segments, months, level, seed),
        *_windows(segments, found, level, seed),
    )


def _other_step(
    segments: Segments, months: Sequence[Month], level: float, seed: int
) -> tuple[Check, ...]:
    """Whether the level stepped at another month too, before the response."""
    found = other_step(segments, draws=_DRAWS, seed=(seed, 1))
    if found is None:
        return ()
    month = months[found.at]
    return (
        Check(
            "assumption",
            f"Before the response the level steps most in {month.in_words}, to "
            f"{found.ratio:.2f} times what it was; where it only drifts, the greatest step is "
            f"as great in {found.p_value:.0%} of series.",
            changed=found.p_value <= 1 - level,
        ),
    )


def _placebo_dates(
    segments: Segments, months: Sequence[Month], level: float, seed: int
) -> tuple[Check, ...]:
    """As if the response had begun at a half and three quarters of the months before."""
    early = int((segments.months < segments.first).sum())
    checks = []
    for at in sorted({early // 2, early * 3 // 4}):
        if at < _PLACEBO_BEFORE or early - at < _PLACEBO_AFTER:
            continue
        part = _part(segments, slice(0, early), first=int(segments.months[at]))
        found = _found(part, level, (seed, 2, at))
        if found is not None:
            checks.append(
                Check(
                    "placebo date",
                    f"Had it begun in {months[at].in_words}, before it did, the ratio is "
                    f"{found.in_words}.",
                    changed=found.direction is not None,
                )
            )
    return tuple(checks)


def _windows(
    segments: Segments, found: SegmentedRatio, level: float, seed: int
) -> tuple[Check, ...]:
    """With the last two years before alone, and with the trend the other way about."""
    early = int((segments.months < segments.first).sum())
    others: list[tuple[Kind, str, Segments]] = [
        (
            "assumption",
            "Without a trend" if segments.has_trend else "With a trend",
            replace(segments, has_trend=not segments.has_trend),
        )
    ]
    if early > _SHORTER:
        shorter = _part(segments, slice(early - _SHORTER, None), first=segments.first)
        others.append(("window", f"With only the last {_SHORTER} months held before", shorter))
    checks = []
    for number, (kind, words, other) in enumerate(others):
        again = _found(other, level, (seed, 3, number))
        if again is not None:
            says = f"{words}, the ratio is {again.in_words}."
            checks.append(Check(kind, says, changed=again.direction != found.direction))
    return tuple(checks)


def _part(segments: Segments, kept: slice, *, first: int) -> Segments:
    months = segments.months[kept]
    return replace(
        segments,
        months=months,
        counts=segments.counts[kept],
        days=segments.days[kept],
        first=first,
        breaks=tuple(each for each in segments.breaks if months[0] < each <= months[-1]),
    )


def _found(segments: Segments, level: float, seed: tuple[int, ...]) -> SegmentedRatio | None:
    """None where there is too little to fit."""
    sides = [segments.counts[segments.months < segments.first],
             segments.counts[segments.months >= segments.first]]  # fmt: skip
    if not all(side.sum() for side in sides) or not segments.is_estimable:
        return None
    draws = max(_DRAWS, int(np.ceil(2 / (1 - level))))
    return segmented_ratio(segments, level=level, draws=draws, seed=seed)
