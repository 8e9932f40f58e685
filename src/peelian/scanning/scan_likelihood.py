"""Likelihood ratios of zones and windows, taken only where they could matter.

The loops go over many zones for one window. The first pass has no branch, so that the compiler
can take several zones at once, and asks whether a bound on the ratio, free of logarithms,
passes the best so far. Only then are the ratios themselves taken.
"""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

from peelian.core.compiled import compiled

FEWEST = 2  # records in a cluster: one is no cluster

Row = NDArray[np.float64]  # one step of the next
Rows = NDArray[np.float64]  # totals before each step and after the last, by zones


@compiled
def rate_ratio(observed: float, expected: float, total: float) -> float:
    """The log likelihood ratio of more records inside than expected; 0 where there are not."""
    if observed <= expected:
        return 0.0
    ratio = observed * log(observed / expected)
    if observed < total:
        ratio += (total - observed) * log((total - observed) / (total - expected))
    return ratio


@compiled
def _rate_may_pass(
    after: Row, before: Row, due_after: Row, due_before: Row, zones: int, total: float, best: float
) -> int:
    """Whether any of so many zones can have a higher ratio than the best, for one window.

    Where more is seen than expected, the ratio is at most excess^2 (1 / (2 expected) + 1 /
    (total - expected)): (1 + u) log(1 + u) - u is at most u^2 / 2, and with -u for u at most u^2.
    """
    may = 0
    for zone in range(zones):
        seen = after[zone] - before[zone]
        due = due_after[zone] - due_before[zone]
        excess = seen - due
        may |= (seen >= FEWEST) & (
            excess * abs(excess) * (total + due) > best * 2 * due * (total - due)
        )
    return may


@compiled
def best_rate(
    records: Rows,
    expected: Rows,
    zones: int,
    longest: int,
    prospective: bool,
    total: float,
    best: float,
) -> tuple[float, int, int, int]:
    """The best of so many zones and all windows: ratio, zone, first and last step.

    best: what is to be beaten; where nothing beats it, it comes back with -1.
    """
    zone, first, last = -1, -1, -1
    steps = len(records) - 1
    for length in range(1, longest + 1):
        for start in range(steps - length if prospective else 0, steps - length + 1):
            after, before = records[start + length], records[start]
            due_after, due_before = expected[start + length], expected[start]
            if not _rate_may_pass(after, before, due_after, due_before, zones, total, best):
                continue
            for each in range(zones):
                seen = after[each] - before[each]
                due = due_after[each] - due_before[each]
                excess = seen - due
                if seen >= FEWEST and (
                    excess * abs(excess) * (total + due) > best * 2 * due * (total - due)
                ):
                    ratio = rate_ratio(seen, due, total)
                    if ratio > best:
                        best, zone, first, last = ratio, each, start, start + length - 1
    return best, zone, first, last


@compiled
def logs_of_whole_numbers(largest: int) -> NDArray[np.float64]:
    """Tabulate x log x for every whole number up to the largest, with 0 for 0."""
    table = np.zeros(largest + 1)
    for x in range(2, largest + 1):
        table[x] = x * log(x)
    return table


@compiled
def share_ratio(
    cases: int, people: int, all_cases: int, everyone: int, logs: NDArray[np.float64]
) -> float:
    """The log likelihood ratio of a higher share of cases inside; 0 where it is not higher."""
    if cases * everyone <= people * all_cases:
        return 0.0
    outside, healthy = all_cases - cases, people - cases
    return float(
        (logs[cases] + logs[healthy] - logs[people])
        + (logs[outside] + logs[everyone - all_cases - healthy] - logs[everyone - people])
        - (logs[all_cases] + logs[everyone - all_cases] - logs[everyone])
    )


@compiled
def _share_may_pass(
    after: Row,
    before: Row,
    people_after: Row,
    people_before: Row,
    zones: int,
    share: float,
    everyone: float,
    best: float,
) -> int:
    """The same for shares.

    The ratio is at most the chi-squared distance, as Kullback and Leibler's divergence is:
    excess^2 everyone / (people others share (1 - share)).
    """
    may = 0
    bar = best * share * (1 - share) / everyone
    for zone in range(zones):
        seen = after[zone] - before[zone]
        among = people_after[zone] - people_before[zone]
        excess = seen - share * among
        may |= (seen >= FEWEST) & (excess * abs(excess) > bar * among * (everyone - among))
    return may


@compiled
def best_share(
    cases: Rows,
    people: Rows,
    zones: int,
    longest: int,
    prospective: bool,
    total: float,
    best: float,
    logs: NDArray[np.float64],
) -> tuple[float, int, int, int]:
    """The best of so many zones and all windows, as in `best_rate`. people: cases and controls.

    total: all cases. logs: of whole numbers up to the number of people.
    """
    zone, first, last = -1, -1, -1
    steps = len(cases) - 1
    everyone = len(logs) - 1
    share = total / everyone
    for length in range(1, longest + 1):
        for start in range(steps - length if prospective else 0, steps - length + 1):
            bar = best * share * (1 - share) / everyone
            after, before = cases[start + length], cases[start]
            people_after, people_before = people[start + length], people[start]
            if not _share_may_pass(
                after, before, people_after, people_before, zones, share, everyone, best
            ):
                continue
            for each in range(zones):
                seen = after[each] - before[each]
                among = people_after[each] - people_before[each]
                excess = seen - share * among
                if seen >= FEWEST and (excess * abs(excess) > bar * among * (everyone - among)):
                    ratio = share_ratio(int(seen), int(among), int(total), everyone, logs)
                    if ratio > best:
                        best, zone, first, last = ratio, each, start, start + length - 1
    return best, zone, first, last
