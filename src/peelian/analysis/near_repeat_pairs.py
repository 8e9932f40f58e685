"""Pairs of records that lie near each other, counted by days apart under shuffled days.

Compiled: import this only where a test begins. Records stand sorted by place, and places by
square of a grid whose side is the largest distance, so that near places are in the same or a
touching square. Pairs are met one after another and never listed: memory grows with the
records, whatever the number of pairs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from peelian.core.compiled import compiled
from peelian.core.seeds import shuffle, stream

LANES = 64  # arrangements of the days that are compared side by side
PACKED = 3  # bands of days that are counted in one number of 16 bits, five bits each
_FULL = 2**5 - 1  # so many pairs fit, before the counts have to be added up


@compiled
def arranged_days(
    days: NDArray[Any], seed: int, first: int, arrangements: int
) -> NDArray[np.uint16]:
    """One row a record, one column an arrangement of the days from number `first` on.

    Arrangement 0 is the observed one; every other is a shuffle with a stream of its own.
    """
    lanes = np.empty((len(days), LANES), dtype=np.uint16)
    for lane in range(LANES):
        order = days.copy()
        number = first + lane
        if 0 < number < arrangements:
            shuffle(stream(seed, number), order)
        lanes[:, lane] = order
    return lanes


@compiled
def _add_pairs(
    one: tuple[int, int],
    other: tuple[int, int],
    same: bool,
    lanes: NDArray[np.uint16],
    lower: NDArray[np.uint16],
    width: NDArray[np.uint16],
    packed: NDArray[np.uint16],
    totals: NDArray[np.int64],
    waiting: int,
) -> int:
    """Compare each record of one place with each of another; how many pairs wait to be added up.

    one, other: first record and the end of each place. same: they are one place, whose pairs
    count once. lower, width: shape (groups, PACKED). In 16 bits, where what is below zero comes
    out at the far end, two days are fewer than u apart if their difference and u - 1 (`lower`)
    is under 2 u - 1 (`width`): one comparison, many lanes at a time.
    """
    for e in range(one[0], one[1]):
        for f in range(e + 1 if same else other[0], other[1]):
            for group in range(len(lower)):
                lower_1, lower_2, lower_3 = lower[group, 0], lower[group, 1], lower[group, 2]
                width_1, width_2, width_3 = width[group, 0], width[group, 1], width[group, 2]
                for lane in range(LANES):
                    # Each step is cut to 16 bits at once, or 64 are taken for it.
                    apart = np.uint16(lanes[e, lane] - lanes[f, lane])
                    first = np.uint16(np.uint16(apart + lower_1) < width_1)
                    second = np.uint16(np.uint16(apart + lower_2) < width_2)
                    third = np.uint16(np.uint16(apart + lower_3) < width_3)
                    packed[group, lane] += np.uint16(
                        first
                        + np.uint16(second << np.uint16(5))
                        + np.uint16(third << np.uint16(10))
                    )
            waiting += 1
            if waiting == _FULL:
                _add_up(packed, totals)
                waiting = 0
    return waiting


@compiled
def _add_up(packed: NDArray[np.uint16], totals: NDArray[np.int64]) -> None:
    """Move the counts out of `packed`, into one row of `totals` a band."""
    for group in range(packed.shape[0]):
        for lane in range(LANES):
            counts = packed[group, lane]
            totals[PACKED * group, lane] += counts & 31
            totals[PACKED * group + 1, lane] += (counts >> 5) & 31
            totals[PACKED * group + 2, lane] += counts >> 10
            packed[group, lane] = 0


@compiled
def close_pairs(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    records: NDArray[np.int64],
    squares: tuple[NDArray[np.int64], NDArray[np.int64], int],
    distances: NDArray[np.float64],
    rule: tuple[bool, bool],
    lanes: NDArray[np.uint16],
    uppers: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs by distance, and of those the pairs fewer days apart than each upper end.

    x, y: one entry a place, in metres. records: where each place's rows of `lanes` begin, and
    the end. squares: their keys in ascending order, where each square's places begin and the
    end, and how much the key grows from one row of squares to the next. distances: upper ends.
    rule: whether distances are Manhattan's, and whether an upper end belongs to its band.
    uppers: upper ends of the bands of days, at most 2**15, as the days are.
    Returns arrays of shape (distances,) and (distances, uppers, LANES).
    """
    keys, begins, step = squares
    manhattan, holds_upper = rule
    pairs = np.zeros(len(distances), dtype=np.int64)
    groups = (len(uppers) + PACKED - 1) // PACKED
    # A band that fills up the last group has no width: no pair is ever in it.
    lower = np.zeros((groups, PACKED), dtype=np.uint16)
    width = np.zeros((groups, PACKED), dtype=np.uint16)
    for band in range(len(uppers)):
        lower[band // PACKED, band % PACKED] = uppers[band] - 1
        width[band // PACKED, band % PACKED] = 2 * uppers[band] - 1
    packed = np.zeros((len(distances), groups, LANES), dtype=np.uint16)
    counts = np.zeros((len(distances), groups * PACKED, LANES), dtype=np.int64)
    waiting = np.zeros(len(distances), dtype=np.int64)
    for square in range(len(keys)):
        for ahead in range(5):
            # Itself, the next in the row, and the three of the next row that touch it.
            key = keys[square] + (ahead if ahead < 2 else step + ahead - 3)
            near = np.searchsorted(keys, key)
            if near == len(keys) or keys[near] != key:
                continue
            for i in range(begins[square], begins[square + 1]):
                for j in range(i if ahead == 0 else begins[near], begins[near + 1]):
                    dx, dy = abs(x[i] - x[j]), abs(y[i] - y[j])
                    away = dx + dy if manhattan else np.sqrt(dx * dx + dy * dy)
                    band = 0
                    while band < len(distances) and not (
                        away < distances[band] or (holds_upper and away == distances[band])
                    ):
                        band += 1
                    if band == len(distances):
                        continue
                    one = records[i], records[i + 1]
                    other = records[j], records[j + 1]
                    here, there = one[1] - one[0], other[1] - other[0]
                    pairs[band] += here * (here - 1) // 2 if i == j else here * there
                    waiting[band] = _add_pairs(
                        one,
                        other,
                        i == j,
                        lanes,
                        lower,
                        width,
                        packed[band],
                        counts[band],
                        waiting[band],
                    )
    for band in range(len(distances)):
        _add_up(packed[band], counts[band])
    return pairs, counts[:, : len(uppers)]


def squares_of(
    x: NDArray[np.float64], y: NDArray[np.float64], side: float
) -> tuple[NDArray[Any], int]:
    """The key of each place's square, and how much keys grow from one row to the next."""
    # A little wider than asked: rounding must not put a pair just `side` apart two squares apart.
    side = side * (1 + 1e-9)
    column = np.floor((x - x.min()) / side).astype(np.int64)
    row = np.floor((y - y.min()) / side).astype(np.int64)
    step = int(column.max()) + 3  # two spare columns: the ends of rows do not touch
    return row * step + column, step
