"""A trace of positions made fit to use: jumps removed, noise smoothed, gaps kept as gaps.

Times are seconds since the start of 1970, UTC; points are eastings and northings, EPSG:27700,
metres, one row a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.core.patrols import PatrolMode

Floats = NDArray[np.float64]

STEP_S = 5.0  # positions are reckoned this often
GAP_S = 60.0  # points further apart in time leave a gap

# Two readings in a row may each be off by this much together: between tall buildings a receiver
# is off by tens of metres, now to one side and now to the other.
READING_M = 60.0
# A runner, a fast cycle, a car on blue lights in a town. Assumptions of ours.
FASTEST_M_S: Mapping[PatrolMode, float] = {"foot": 4.0, "cycle": 11.0, "vehicle": 30.0}

# Over how long positions are smoothed: the slower a unit, the longer. The edge of a circle is
# crossed on foot in seconds, so that half a minute to either side moves nothing by a minute.
_SMOOTHED_S: Mapping[PatrolMode, float] = {"foot": 45.0, "cycle": 25.0, "vehicle": 15.0}

# Who goes at less than the first on four fifths of the way walks, at less than the second cycles.
_WALKS_BELOW_M_S, _CYCLES_BELOW_M_S = 2.5, 6.5
_MOVES_ABOVE_M_S = 0.7
_LOOK_S = 20.0
_LEAST_MOVING_S = 60.0
_LOOSE_ENDS = 6  # points at a run's ends that are judged one by one
_RUNS_BACK = 60


@dataclass(frozen=True)
class TraceStretch:
    """Positions every STEP_S seconds, without a gap.

    times: (n,), ascending, n at least 1. points: (n, 2).
    """

    times: Floats
    points: Floats


def reachable(times: Floats, points: Floats, *, fastest_m_s: float) -> NDArray[np.bool_]:
    """Which points a unit can have been at: the most that agree with each other.

    Points that follow one another as fast as a unit can go make a run; the runs are kept that
    hold most points, each reachable from the one kept before. So a jump is left out however
    many points it holds, as long as they are fewer than those it contradicts. A run may lose
    points at its ends: a jump may be just near enough to what was before it, and too far from
    what comes after.
    """
    if not len(times):
        return np.zeros(0, dtype=bool)
    steps = np.hypot(*np.diff(points, axis=0).T)
    breaks = np.flatnonzero(steps > READING_M + fastest_m_s * np.diff(times)) + 1
    ends = np.unique((breaks[:, None] + np.arange(-_LOOSE_ENDS, _LOOSE_ENDS + 1)).ravel())
    cuts = ends[(ends > 0) & (ends < len(times))]
    first, last = np.r_[0, cuts], np.r_[cuts, len(times)] - 1
    most = (last - first + 1).astype(float)
    before = np.full(len(first), -1)
    for run in range(1, len(first)):
        earlier = np.arange(max(0, run - _RUNS_BACK), run)
        metres = np.hypot(*(points[first[run]] - points[last[earlier]]).T)
        passed = times[first[run]] - times[last[earlier]]
        best = np.where(metres <= READING_M + fastest_m_s * passed, most[earlier], -1.0)
        if best.max() > 0:
            before[run] = earlier[np.argmax(best)]
            most[run] += best.max()
    kept = np.zeros(len(times), dtype=bool)
    run = int(np.argmax(most))
    while run >= 0:
        kept[first[run] : last[run] + 1] = True
        run = int(before[run])
    return kept


def smoothed(times: Floats, points: Floats, *, mode: PatrolMode) -> tuple[TraceStretch, ...]:
    """The stretches between gaps, each with positions every STEP_S seconds.

    Positions between points are drawn straight; then a running median takes out what is short,
    and a running mean half as long takes out the median's corners.
    """
    if not len(times):
        return ()
    from scipy.ndimage import median_filter, uniform_filter1d

    wide = 2 * int(_SMOOTHED_S[mode] / STEP_S / 2) + 1
    stretches = []
    for part in np.split(np.arange(len(times)), np.flatnonzero(np.diff(times) > GAP_S) + 1):
        own, at = times[part], points[part]
        steps = np.arange(own[0], own[-1] + 0.25, STEP_S)
        grid = np.r_[steps, own[-1]] if own[-1] - steps[-1] > 0.5 else steps
        drawn = np.column_stack([np.interp(grid, own, at[:, 0]), np.interp(grid, own, at[:, 1])])
        drawn = median_filter(drawn, size=(wide, 1), mode="nearest")
        drawn = uniform_filter1d(drawn, size=wide // 2 + 1, axis=0, mode="nearest")
        stretches.append(TraceStretch(grid, drawn))
    return tuple(stretches)


def mode_by_speed(stretches: Sequence[TraceStretch]) -> PatrolMode | None:
    """How a unit goes, by how fast it moves when it moves; None where it hardly does.

    Told by the speed that four fifths of its moving time lie below. A car that crawls is taken
    for a cycle: where a log says the mode, the log is to be believed.
    """
    back = round(_LOOK_S / STEP_S)
    speeds = [
        np.hypot(*(each.points[back:] - each.points[:-back]).T)
        / (each.times[back:] - each.times[:-back])
        for each in stretches
        if len(each.times) > back
    ]
    moving = np.concatenate(speeds) if speeds else np.zeros(0)
    moving = moving[moving > _MOVES_ABOVE_M_S]
    if len(moving) * STEP_S < _LEAST_MOVING_S:
        return None
    speed = float(np.quantile(moving, 0.8))
    if speed < _WALKS_BELOW_M_S:
        return "foot"
    return "cycle" if speed < _CYCLES_BELOW_M_S else "vehicle"
