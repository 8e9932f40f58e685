"""Records shuffled between two periods, or spread over the hours by chance, many times over.

Compiled: import this only where a test begins. Records stand in the order of the clock or of
the week. `ends`: where each set of equal times ends in that order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from peelian.core.compiled import compiled
from peelian.core.seeds import below, share, shuffle, stream


@compiled
def watson_u2(is_after: NDArray[Any], ends: NDArray[Any]) -> float:
    """How far two sets of times on a circle lie apart, wherever the circle is cut.

    Watson (1962, doi:10.1093/biomet/49.1-2.57), with equal times as Zar, Biostatistical
    Analysis (5th edition, 2010), 27.10 and 27.11, has them.
    """
    total = len(is_after)
    after = is_after.sum()
    before = total - after
    begin, so_far, sums, squares = 0, 0, 0.0, 0.0
    for end in ends:
        for record in range(begin, end):
            so_far += is_after[record]
        apart = so_far / after - (end - so_far) / before
        sums += (end - begin) * apart
        squares += (end - begin) * apart * apart
        begin = end
    return float(before * after / (total * total) * (squares - sums * sums / total))


@compiled
def chi_square(is_after: NDArray[Any], ends: NDArray[Any]) -> float:
    """Pearson's statistic of two periods by sets of equal times."""
    total = len(is_after)
    part = is_after.sum() / total
    begin, statistic = 0, 0.0
    for end in ends:
        found = 0
        for record in range(begin, end):
            found += is_after[record]
        size = end - begin
        statistic += (found - size * part) ** 2 / (size * part * (1 - part))
        begin = end
    return statistic


@compiled
def shuffled_statistics(
    is_after: NDArray[Any],
    ends: NDArray[Any],
    on_circle: bool,
    seed: int,
    first: int,
    replicates: int,
) -> NDArray[np.float64]:
    """The statistic of each shuffle of the periods among the records; streams from `first`."""
    found = np.empty(replicates)
    labels = is_after.copy()
    for replicate in range(replicates):
        # Each begins at the records as they are, so that it depends on its own stream only.
        labels[:] = is_after
        shuffle(stream(seed, first + replicate), labels)
        found[replicate] = watson_u2(labels, ends) if on_circle else chi_square(labels, ends)
    return found


@compiled
def p_value_if_shifted(
    pooled: NDArray[Any],
    before: int,
    after: int,
    quiet: NDArray[Any],
    on_circle: bool,
    seed: int,
    first: int,
    shuffles: int,
) -> float:
    """The p-value of a made pair of periods in which half of the later records have moved.

    pooled: times of both periods, from which both are drawn. quiet: times to which each later
    record moves with a chance of a half, each as likely.
    """
    drawing = stream(seed, first)
    total = before + after
    times = np.empty(total, dtype=np.int64)
    for record in range(total):
        if record >= before and share(drawing) < 0.5:
            times[record] = quiet[below(drawing, len(quiet))]
        else:
            times[record] = pooled[below(drawing, len(pooled))]
    order = np.argsort(times, kind="mergesort")
    is_after = (order >= before).astype(np.int8)
    ordered = times[order]
    ends = np.append(np.flatnonzero(np.diff(ordered)) + 1, total)
    found = watson_u2(is_after, ends) if on_circle else chi_square(is_after, ends)
    by_chance = shuffled_statistics(is_after, ends, on_circle, seed, first + 1, shuffles)
    # A sum in another order may differ in its last digits.
    return float((1 + (by_chance >= found - 1e-9 * abs(found)).sum()) / (shuffles + 1))


@compiled
def even_statistics(
    records: int, cells: int, crowded: float, seed: int, first: int, replicates: int
) -> NDArray[np.float64]:
    """Pearson's statistic of so many records that fell evenly on cells, by chance.

    crowded: the chance of each record to fall on the first quarter of the cells instead.
    """
    found = np.empty(replicates)
    counts = np.empty(cells, dtype=np.int64)
    for replicate in range(replicates):
        drawing = stream(seed, first + replicate)
        counts[:] = 0
        for _ in range(records):
            among = cells // 4 if crowded > 0 and share(drawing) < crowded else cells
            counts[below(drawing, among)] += 1
        expected = records / cells
        found[replicate] = ((counts - expected) ** 2).sum() / expected
    return found
