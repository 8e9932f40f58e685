"""The loops of the scan: the best zone around some centres, and of replicates without clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peelian.core.compiled import compiled
from peelian.core.seeds import below, share, shuffle, stream
from peelian.scanning.scan_likelihood import best_rate, best_share

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]

# Zones looked at together. Their totals stay in the processor's own memory; a power of two would
# make the rows of a table compete for the same part of it.
_TOGETHER = 136


@compiled
def best_zone(
    first_centre: int,
    last_centre: int,
    start: Whole,
    index: Whole,
    records: Numbers,
    busy: NDArray[np.bool_],
    expected: Numbers,
    weights: Numbers,
    longest: int,
    prospective: bool,
    total: int,
    logs: Numbers,
) -> tuple[float, int, int, int]:
    """The best zone and window around centres first to last - 1.

    start, index: as in `Zones`. records, expected: places by steps and one column more, totals
    before each step and after the last. busy: whether a place has a record. weights: where the
    times have nothing to do with the places, what each place has in all, and `expected` is one
    row, what a weight of one expects; empty otherwise. total: all records. logs: for the
    Bernoulli model, of which `expected` are the cases and controls; empty for the others.
    Returns the ratio, the entry of `index` with which the zone ends, and the first and last
    step; 0 and -1 for none.
    """
    best, ends, first, last = 0.0, -1, -1, -1
    columns = records.shape[1]
    inside, due = np.zeros(columns), np.zeros(columns)
    zone_records, zone_due = np.zeros((columns, _TOGETHER)), np.zeros((columns, _TOGETHER))
    zone_ends = np.zeros(_TOGETHER, dtype=np.int64)
    waiting = 0
    weighted = len(weights) > 0
    for centre in range(first_centre, last_centre):
        inside[:] = 0.0
        due[:] = 0.0
        weight = 0.0
        for at in range(start[centre], start[centre + 1]):
            place = index[at]
            if weighted:
                weight += weights[place]
            else:
                for column in range(1, columns):
                    due[column] += expected[place, column]
            # A place without records makes no zone better.
            if not busy[place]:
                continue
            if weighted:
                for column in range(1, columns):
                    due[column] = weight * expected[0, column]
            for column in range(1, columns):
                inside[column] += records[place, column]
                zone_records[column, waiting] = inside[column]
                zone_due[column, waiting] = due[column]
            zone_ends[waiting] = at
            waiting += 1
            if waiting == _TOGETHER:
                ratio, zone, begin, end = _best(
                    zone_records, zone_due, waiting, longest, prospective, total, best, logs
                )
                if zone >= 0:
                    best, ends, first, last = ratio, zone_ends[zone], begin, end
                waiting = 0
    ratio, zone, begin, end = _best(
        zone_records, zone_due, waiting, longest, prospective, total, best, logs
    )
    if zone >= 0:
        best, ends, first, last = ratio, zone_ends[zone], begin, end
    return best, ends, first, last


@compiled
def _best(
    records: Numbers,
    due: Numbers,
    zones: int,
    longest: int,
    prospective: bool,
    total: int,
    best: float,
    logs: Numbers,
) -> tuple[float, int, int, int]:
    if zones == 0:
        return best, -1, -1, -1
    if len(logs):
        return best_share(records, due, zones, longest, prospective, total, best, logs)
    return best_rate(records, due, zones, longest, prospective, total, best)


@compiled
def best_by_centre(
    start: Whole,
    index: Whole,
    records: Numbers,
    expected: Numbers,
    weights: Numbers,
    longest: int,
    prospective: bool,
    total: int,
    logs: Numbers,
) -> tuple[Numbers, Whole]:
    """The best of each centre: ratios, and rows of number of places, first and last step."""
    centres = len(start) - 1
    ratios, found = np.zeros(centres), np.full((centres, 3), -1)
    busy = records[:, -1] > 0.0
    for centre in range(centres):
        ratios[centre], ends, first, last = best_zone(
            centre,
            centre + 1,
            start,
            index,
            records,
            busy,
            expected,
            weights,
            longest,
            prospective,
            total,
            logs,
        )
        if ends >= 0:
            found[centre, 0] = ends - start[centre] + 1
            found[centre, 1], found[centre, 2] = first, last
    return ratios, found


@compiled
def _run_up(records: Numbers) -> NDArray[np.bool_]:
    """Turn counts of steps, which stand one column late, into totals after each step.

    Returns whether each place has a record.
    """
    for place in range(records.shape[0]):
        for column in range(1, records.shape[1]):
            records[place, column] += records[place, column - 1]
    return records[:, -1] > 0.0


@compiled
def _best_of_all(
    start: Whole,
    index: Whole,
    records: Numbers,
    expected: Numbers,
    weights: Numbers,
    longest: int,
    prospective: bool,
    total: int,
    logs: Numbers,
) -> float:
    """The best ratio around any centre. records: counts of steps, which are run up here."""
    busy = _run_up(records)
    return best_zone(
        0,
        len(start) - 1,
        start,
        index,
        records,
        busy,
        expected,
        weights,
        longest,
        prospective,
        total,
        logs,
    )[0]


@compiled
def dealt_by_expectation(
    first: int,
    last: int,
    seed: int,
    start: Whole,
    index: Whole,
    expected: Numbers,
    weights: Numbers,
    longest: int,
    prospective: bool,
    total: int,
    logs: Numbers,
    chance: Numbers,
    alias: Whole,
) -> Numbers:
    """The best ratio of replicates first to last - 1: so many records dealt by what is expected.

    chance, alias: of the cells, place by place; see `alias_table`.
    """
    steps = expected.shape[1] - 1
    records = np.zeros((len(start) - 1, steps + 1))
    maxima = np.zeros(last - first)
    for replicate in range(first, last):
        state = stream(seed, replicate)
        records[:] = 0.0
        for _ in range(total):
            cell = below(state, len(chance))
            if share(state) >= chance[cell]:
                cell = alias[cell]
            records[cell // steps, cell % steps + 1] += 1.0
        maxima[replicate - first] = _best_of_all(
            start, index, records, expected, weights, longest, prospective, total, logs
        )
    return maxima


@compiled
def shuffled_steps(
    first: int,
    last: int,
    seed: int,
    start: Whole,
    index: Whole,
    expected: Numbers,
    weights: Numbers,
    longest: int,
    prospective: bool,
    total: int,
    logs: Numbers,
    place: Whole,
    step: Whole,
) -> Numbers:
    """The best ratio of replicates first to last - 1: the steps shuffled among the records."""
    steps = expected.shape[1] - 1
    records = np.zeros((len(start) - 1, steps + 1))
    dealt = np.empty(total, dtype=np.int64)
    maxima = np.zeros(last - first)
    for replicate in range(first, last):
        dealt[:] = step
        shuffle(stream(seed, replicate), dealt)
        records[:] = 0.0
        for each in range(total):
            records[place[each], dealt[each] + 1] += 1.0
        maxima[replicate - first] = _best_of_all(
            start, index, records, expected, weights, longest, prospective, total, logs
        )
    return maxima


@compiled
def drawn_from_urn(
    first: int,
    last: int,
    seed: int,
    start: Whole,
    index: Whole,
    expected: Numbers,
    weights: Numbers,
    longest: int,
    prospective: bool,
    total: int,
    logs: Numbers,
    urn: Whole,
    draws: Whole,
) -> Numbers:
    """The best ratio of replicates first to last - 1: records drawn without putting back.

    urn: the cell of each record or person, place by place. draws: how many are drawn first,
    second, and so on; each goes to a cell as many places after its own as draws came before.
    """
    steps = expected.shape[1] - 1
    records = np.zeros((len(start) - 1, steps + 1))
    balls = urn.copy()
    taken = np.empty(draws.sum(), dtype=np.int64)
    maxima = np.zeros(last - first)
    for replicate in range(first, last):
        state = stream(seed, replicate)
        records[:] = 0.0
        nth = 0
        for later in range(len(draws)):
            for _ in range(draws[later]):
                other = nth + below(state, len(balls) - nth)
                balls[nth], balls[other] = balls[other], balls[nth]
                cell = balls[nth] + later
                records[cell // steps, cell % steps + 1] += 1.0
                taken[nth] = other
                nth += 1
        maxima[replicate - first] = _best_of_all(
            start, index, records, expected, weights, longest, prospective, total, logs
        )
        # Put back in reverse, so that every replicate draws from the same urn.
        for ball in range(len(taken) - 1, -1, -1):
            other = taken[ball]
            balls[ball], balls[other] = balls[other], balls[ball]
    return maxima


@compiled
def alias_table(weights: Numbers) -> tuple[Numbers, Whole]:
    """Chances and aliases with which a cell is drawn in two draws, however many there are.

    Walker's method in Vose's form (1991, doi:10.1109/32.92917). Draw a cell evenly; keep it
    with its chance, or else take its alias.
    """
    cells = len(weights)
    chance = weights * (cells / weights.sum())
    alias = np.arange(cells)
    small, large = np.empty(cells, dtype=np.int64), np.empty(cells, dtype=np.int64)
    smalls = larges = 0
    for cell in range(cells):
        if chance[cell] < 1.0:
            small[smalls] = cell
            smalls += 1
        else:
            large[larges] = cell
            larges += 1
    while smalls and larges:
        smalls -= 1
        less, more = small[smalls], large[larges - 1]
        alias[less] = more
        chance[more] -= 1.0 - chance[less]
        if chance[more] < 1.0:
            larges -= 1
            small[smalls] = more
            smalls += 1
    # What is left is whole but for rounding; a cell without weight must never be drawn, and
    # has met its alias before.
    for left in range(larges):
        chance[large[left]] = 1.0
    for left in range(smalls):
        chance[small[left]] = 1.0
    return chance, alias
