"""What no plan of a period's shifts can cover more than."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from peelian.response.dose import visits_that_fit
from peelian.response.patrol_rolling import PatrolTask, Solve, band_problem
from peelian.response.route_problem import covered

# A bound so little above what is covered, as a share, says enough.
_NEAR = 0.05


def week_bound(task: PatrolTask, solve: Solve, *, reached: float) -> float:
    """Expected harm that no plan covers more of, with at most what has been asked by each band.

    reached: what a plan covers. First with no way between places, as if a unit were wherever it
    is wanted: what is asked, spread over the bands where it covers most. Where that is more than
    a twentieth above what is reached, also with every band by itself, as if no other had used a
    visit that was asked for, nor kept a gap: the sum of what routes can cover at most (`solve`);
    then the lower of the two. What kept visits cover is counted in both.
    """
    kept = np.array([task.kept_in(band) for band in task.bands])
    by_kept = sum(covered(band.weight, row) for band, row in zip(task.bands, kept, strict=True))
    spare = np.array([band.asked for band in task.bands]) - kept.sum(axis=0)
    everywhere = by_kept + _asked_bound(task, kept, spare)
    if everywhere <= reached * (1 + _NEAR):
        return everywhere
    return min(everywhere, by_kept + _routes_bound(task, spare[-1], solve))


def _routes_bound(task: PatrolTask, spare: NDArray[np.int64], solve: Solve) -> float:
    """The sum of the bounds of all bands' routes, each band taken by itself.

    spare: (P,) visits that may still be made in the period; not only those asked by then, so
    that most days' problems are equal and solved once.
    """
    unused: Mapping[str, datetime] = {}
    total = 0.0
    for band, stretches in zip(task.bands, task.stretches, strict=True):
        problem, among = band_problem(task, band, stretches, spare, unused)
        if stretches and len(among):
            total += solve(problem).bound
    return total


def _asked_bound(task: PatrolTask, kept: NDArray[np.int64], spare: NDArray[np.int64]) -> float:
    """What the visits asked for would cover, each place by itself and without ways.

    kept, spare: (bands, P), visits that stay, and those that may still be made up to a band's
    end.
    """
    weight = np.array([band.weight for band in task.bands]) * 0.5**kept
    room = np.array(
        [
            [visits_that_fit(int(m), dose=task.dose) if stretches else 0 for m in band.minutes]
            for band, stretches in zip(task.bands, task.stretches, strict=True)
        ]
    )
    return sum(
        asked_bound(weight[:, place], room[:, place], spare[:, place])
        for place in range(len(task.places))
    )


def asked_bound(
    weight: NDArray[np.float64], room: NDArray[np.int64], limits: NDArray[np.int64]
) -> float:
    """The most that visits to one place cover, with so many in each band, and up to its end.

    weight, room, limits: one entry a band. Visits are taken by what they add, the most first,
    where the limits up to every later band allow it. Such limits are nested, so that this is
    the best.
    """
    gain, room, limits = weight / 2, room.copy(), np.maximum(limits, 0)
    total = 0.0
    while (free := (room > 0) & (_left(limits) > 0) & (gain > 0)).any():
        band = int(np.argmax(np.where(free, gain, -1.0)))
        total += float(gain[band])
        gain[band] /= 2
        room[band] -= 1
        limits[band:] -= 1
    return total


def _left(limits: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many more visits a band may have: the least that is left up to it or a later one."""
    return np.minimum.accumulate(limits[::-1])[::-1]
