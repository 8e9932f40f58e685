"""The slope of records against minutes, within place and week: estimates and shuffles.

With an effect for each place and each week, and none of minutes, a Poisson model expects in each
place-week the place's share of the week's records. So scores of shuffled minutes need no fitting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Schedule = Literal["drawn", "not drawn"]

_CELLS = 2_000_000  # of shuffled tables held at once
_STEEPEST = 10.0  # logarithm of the ratio over the doses' range: beyond it none is finite


@dataclass(frozen=True, eq=False)
class DoseSlope:
    """slope: of the logarithm of records, a minute; None where no finite one fits best.

    step: the score estimate of it, from no slope. error: the standard error of the step if
    records come one by one. shuffled: steps of shuffled minutes, the sign left out, sorted.
    """

    slope: float | None
    step: float
    error: float
    shuffled: NDArray[np.float64]


def varies(records: NDArray[np.float64], minutes: NDArray[np.float64]) -> bool:
    """Whether minutes tell place-weeks apart that have records, beyond place and week."""
    _, information = _score(records, minutes[None])
    scale = float(minutes.max() - minutes.min()) ** 2 * float(records.sum())
    return bool(information[0] > 1e-9 * scale)


def beyond(
    records: NDArray[np.float64], minutes: NDArray[np.float64], *, given: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Minutes less what others say of them, within place and week, weighing expected records."""
    total = records.sum()
    place, week = records.sum(axis=1) / total, records.sum(axis=0) / total

    def within(table: NDArray[np.float64]) -> NDArray[np.float64]:
        by_place, by_week = table @ week, place @ table
        return np.asarray(table - by_place[:, None] - by_week + place @ by_place)

    weights, known = np.outer(place, week), within(given)
    scale = float((weights * known**2).sum())
    share = float((weights * known * within(minutes)).sum()) / scale if scale > 1e-12 else 0.0
    return minutes - share * given


def dose_slope(
    records: NDArray[np.float64],
    minutes: NDArray[np.float64],
    *,
    schedule: Schedule,
    draws: int,
    seed: int,
) -> DoseSlope:
    """Fit the slope, and steps of minutes shuffled among each place's weeks.

    records, minutes: one row a place, one column a week, in order, all known. schedule: drawn
    minutes are put into any order within a place; others are only turned, the last weeks
    put before the first by a number of weeks of each place's own, so that what follows on
    from week to week does so still.
    """
    score, information = _score(records, minutes[None])
    steps = []
    for shuffled in _shuffles(minutes, schedule, draws=draws, seed=seed):
        pulls, known = _score(records, shuffled)
        steps.append(np.divide(pulls, known, out=np.zeros(len(pulls)), where=known > 1e-12))
    return DoseSlope(
        _fitted(records, minutes),
        float(score[0] / information[0]),
        1 / sqrt(float(information[0])),
        np.sort(np.abs(np.concatenate(steps))),
    )


def _score(
    records: NDArray[np.float64], minutes: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The score of no slope and its information. minutes: one table or more, shuffled."""
    total = records.sum()
    place, week = records.sum(axis=1) / total, records.sum(axis=0) / total
    pulls = np.tensordot(minutes, records - total * np.outer(place, week), axes=2)
    by_place, by_week = minutes @ week, np.einsum("bpw,p->bw", minutes, place)
    information = total * (
        np.einsum("bpw,p,w->b", minutes**2, place, week)
        - by_place**2 @ place
        - by_week**2 @ week
        + (by_place @ place) ** 2
    )
    return pulls, information


def _shuffles(
    minutes: NDArray[np.float64], schedule: Schedule, *, draws: int, seed: int
) -> Iterator[NDArray[np.float64]]:
    draw = np.random.default_rng([seed, *minutes.shape])
    places, weeks = minutes.shape
    at_once = max(_CELLS // minutes.size, 1)
    for first in range(0, draws, at_once):
        number = min(at_once, draws - first)
        tables = np.broadcast_to(minutes, (number, places, weeks))
        if schedule == "drawn":
            yield draw.permuted(tables, axis=2)
        else:
            turns = draw.integers(0, weeks, (number, places, 1))
            yield np.take_along_axis(tables, (np.arange(weeks) + turns) % weeks, axis=2)


def _fitted(records: NDArray[np.float64], minutes: NDArray[np.float64]) -> float | None:
    """The slope of the Poisson model with places and weeks, by Newton's steps; None if none.

    Between steps places and weeks are fitted in turn, until their sums are those recorded
    (Deming and Stephan 1940, doi:10.1214/aoms/1177731829).
    """
    kept = records[records.sum(axis=1) > 0][:, records.sum(axis=0) > 0]
    dose = minutes[records.sum(axis=1) > 0][:, records.sum(axis=0) > 0]
    dose = dose - dose.mean(axis=1, keepdims=True)
    limit = _STEEPEST / max(float(np.ptp(dose)), 1e-12)
    slope = 0.0
    for _ in range(60):
        expected = _balanced(np.exp(slope * dose), kept)
        apart = _apart(dose, expected)
        step = float(((kept - expected) * dose).sum() / (expected * apart**2).sum())
        slope += float(np.clip(step, -limit / 5, limit / 5))
        if abs(slope) > limit:
            return None
        if abs(step) < 1e-7 * limit:
            return slope
    return None


def _balanced(weights: NDArray[np.float64], records: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights times a factor for each place and each week, with the sums of the records."""
    place, week = records.sum(axis=1), records.sum(axis=0)
    by_week = np.ones(records.shape[1])
    for _ in range(500):
        by_place = place / (weights @ by_week)
        before, by_week = by_week, week / (by_place @ weights)
        if np.abs(by_week / before - 1).max() < 1e-10:
            break
    balanced: NDArray[np.float64] = by_place[:, None] * weights * by_week
    return balanced


def _apart(dose: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Doses less what place and week say of them, each place-week weighing what it expects."""
    apart = dose
    for _ in range(200):
        by_place = (expected * apart).sum(axis=1, keepdims=True) / expected.sum(
            axis=1, keepdims=True
        )
        apart = apart - by_place
        by_week = (expected * apart).sum(axis=0) / expected.sum(axis=0)
        apart = apart - by_week
        if np.abs(by_week).max() < 1e-10 * np.abs(dose).max():
            break
    return apart
