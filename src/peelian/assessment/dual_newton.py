"""Newton's method on the dual of a weighting problem, as machine code, without any library call.

Import it only where weights are computed: it is compiled at import. Sums are made in one order,
so the answer is the same on any number of threads; a matrix library's own threads would
compete with those of the placebos.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peelian.core.compiled import compiled

Floats = NDArray[np.float64]

_SMALLEST_PIVOT = 1e-13


@compiled
def nearest_weights(
    rows: Floats,
    usable: NDArray[np.bool_],
    targets: Floats,
    penalty: Floats,
    tolerance: float,
    most_steps: int,
    weights: Floats,
) -> int:
    """Write weights >= 0 of usable rows that come nearest to targets; the steps taken, or -1.

    rows: areas x measures. Weights minimise `n |w - 1/n|^2 / 2 + misfit^2 / (2 penalty)`, summed
    over measures, where a penalty of 0 is an exact constraint; n counts usable rows. -1 where
    `most_steps` did not bring every equation within `tolerance`; weights are then the last ones.
    """
    areas, measures = rows.shape
    count = 0
    for i in range(areas):
        count += usable[i]
    multipliers, gradient = np.zeros(measures), np.empty(measures)
    margins, moves = np.ones(areas), np.empty(areas)
    counted = np.zeros(areas, dtype=np.bool_)
    curvature = np.zeros((measures, measures))
    for step in range(most_steps + 1):
        for j in range(measures):
            gradient[j] = penalty[j] * multipliers[j] - targets[j]
        weigh(rows, usable, margins, count, weights, counted, gradient, curvature)
        if np.abs(gradient).max() <= tolerance:
            return step
        direction = newton_direction(curvature, penalty, gradient)
        slope = (direction * (penalty * multipliers - targets)).sum()
        bend = (penalty * direction**2).sum()
        for i in range(areas):
            moves[i] = 0.0
            if usable[i]:
                for j in range(measures):
                    moves[i] += rows[i, j] * direction[j]
        length = step_length(margins, moves, usable, slope, bend, count)
        multipliers += length * direction
        margins += length * moves
    return -1


@compiled
def weigh(
    rows: Floats,
    usable: NDArray[np.bool_],
    margins: Floats,
    count: int,
    weights: Floats,
    counted: NDArray[np.bool_],
    gradient: Floats,
    curvature: Floats,
) -> None:
    """Write the weights that margins give, add their totals to the gradient, mend the curvature.

    counted: the rows that the curvature holds, kept up to date. Few rows change sides in a step,
    so it is mended and not made anew; only its lower half is written.
    """
    for i in range(len(rows)):
        active = usable[i] and margins[i] > 0
        weights[i] = margins[i] / count if active else 0.0
        if active:
            for j in range(len(gradient)):
                gradient[j] += rows[i, j] * weights[i]
        if active != counted[i]:
            sign = 1.0 / count if active else -1.0 / count
            for j in range(len(gradient)):
                if rows[i, j] != 0.0:
                    for k in range(j + 1):
                        curvature[j, k] += sign * rows[i, j] * rows[i, k]
            counted[i] = active


@compiled
def newton_direction(curvature: Floats, penalty: Floats, gradient: Floats) -> Floats:
    """Solve (curvature + penalty) x = -gradient by Cholesky; only the lower half is read."""
    size = len(gradient)
    root = np.zeros((size, size))
    for j in range(size):
        for k in range(j + 1):
            value = curvature[j, k] + (penalty[j] if j == k else 0.0)
            for m in range(k):
                value -= root[j, m] * root[k, m]
            if j == k:
                root[j, j] = np.sqrt(max(value, _SMALLEST_PIVOT))
            else:
                root[j, k] = value / root[k, k]
    answer = -gradient
    for j in range(size):
        for m in range(j):
            answer[j] -= root[j, m] * answer[m]
        answer[j] /= root[j, j]
    for j in range(size - 1, -1, -1):
        for m in range(j + 1, size):
            answer[j] -= root[m, j] * answer[m]
        answer[j] /= root[j, j]
    return answer


@compiled
def step_length(
    margins: Floats,
    moves: Floats,
    usable: NDArray[np.bool_],
    slope: float,
    bend: float,
    count: int,
) -> float:
    """How far to go: all the way, or near where the objective stops falling, found by halving.

    The objective is convex, so its slope along the line only grows. slope, bend: the part of it
    at the start, and its growth, that do not come from the areas.
    """
    first = 0.0
    shortest, longest, length = 0.0, 1.0, 0.0
    for attempt in range(60):
        here = slope + length * bend
        for i in range(len(margins)):
            there = margins[i] + length * moves[i]
            if usable[i] and there > 0:
                here += there * moves[i] / count
        if attempt == 0:
            first = here
            length = 1.0
            continue
        if abs(here) <= 0.1 * abs(first) or (here < 0 and length == 1.0):
            break
        if here < 0:
            shortest = length
        else:
            longest = length
        length = (shortest + longest) / 2
    return length
