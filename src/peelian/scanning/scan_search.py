"""The best zone of each centre, and of replicates, under each model.

The module that compiles its loops is imported only here, inside the function that runs them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peelian.scanning.scan_inference import Maxima
from peelian.scanning.zones import Zones

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]

_NONE: Numbers = np.zeros(0)


@dataclass(frozen=True)
class Search:
    """What was found around each centre, and how to find the same in replicates.

    ratios: of each centre, 0 where there is no cluster. found: rows of number of places, first
    and last step, -1 where there is none. maxima: see `MonteCarlo.against`. records, expected:
    places by steps and one column more, totals before each step and after the last. weights:
    empty, or of each place, and then `expected` is one row, what a weight of one expects.
    earlier: steps that these tables leave out at their beginning.
    """

    ratios: Numbers
    found: Whole
    maxima: Maxima
    records: Numbers
    expected: Numbers
    weights: Numbers
    earlier: int

    def counted(self, members: tuple[int, ...], first: int, last: int) -> tuple[int, float]:
        """Observed and expected records of some places, from the first step to the last."""
        rows, begin, end = list(members), first - self.earlier, last + 1 - self.earlier
        inside = self.records[rows, end] - self.records[rows, begin]
        if len(self.weights):
            of_one = self.expected[0, end] - self.expected[0, begin]
            return round(inside.sum()), float(self.weights[rows].sum() * of_one)
        due = self.expected[rows, end] - self.expected[rows, begin]
        return round(inside.sum()), float(due.sum())


def recent_permutations(
    place: Whole, step: Whole, zones: Zones, *, steps: int, longest: int, seed: int
) -> Search:
    """Windows that end with the last step, with the steps shuffled among the records.

    What a shuffle gives to each recent step is a set of records drawn without putting back,
    so only as many as lie in the longest window need drawing.
    """
    from peelian.scanning.scan_kernels import drawn_from_urn

    earlier = steps - longest
    near = step >= earlier
    since = step[near] - earlier
    draws = np.bincount(since, minlength=longest)
    return _search(
        drawn_from_urn,
        (place * longest, draws),
        zones,
        _counted(place[near], since, (len(zones), longest)),
        draws[np.newaxis] / max(len(place), 1),
        weights=_of_places(place, zones),
        longest=longest,
        prospective=True,
        total=len(place),
        seed=seed,
        earlier=earlier,
    )


def all_permutations(
    place: Whole, step: Whole, zones: Zones, *, steps: int, longest: int, seed: int
) -> Search:
    """Any windows, with the steps shuffled among the records."""
    from peelian.scanning.scan_kernels import shuffled_steps

    return _search(
        shuffled_steps,
        (place, step),
        zones,
        _counted(place, step, (len(zones), steps)),
        np.bincount(step, minlength=steps)[np.newaxis] / max(len(place), 1),
        weights=_of_places(place, zones),
        longest=longest,
        prospective=False,
        total=len(place),
        seed=seed,
    )


def known_rates(
    cases: Whole, expected: Numbers, zones: Zones, *, longest: int, prospective: bool, seed: int
) -> Search:
    """Cases dealt to places and steps by what is expected there, as many as there are."""
    from peelian.scanning.scan_kernels import alias_table, dealt_by_expectation

    return _search(
        dealt_by_expectation,
        alias_table(expected.ravel()) if cases.any() else (),
        zones,
        cases,
        expected,
        longest=longest,
        prospective=prospective,
        total=int(cases.sum()),
        seed=seed,
    )


def drawn_cases(
    cases: Whole, people: Whole, zones: Zones, *, longest: int, prospective: bool, seed: int
) -> Search:
    """Cases drawn from all people, as many as there are. people: cases and controls."""
    from peelian.scanning.scan_kernels import drawn_from_urn
    from peelian.scanning.scan_likelihood import logs_of_whole_numbers

    total, everyone = int(cases.sum()), int(people.sum())
    search = _search(
        drawn_from_urn,
        (np.repeat(np.arange(people.size), people.ravel()), np.array([total])),
        zones,
        cases,
        people,
        longest=longest,
        prospective=prospective,
        total=total,
        seed=seed,
        logs=logs_of_whole_numbers(everyone),
    )
    return replace(search, expected=search.expected * (total / max(everyone, 1)))


def _search(
    draw: Callable[..., Numbers],
    drawn: tuple[Any, ...],
    zones: Zones,
    records: NDArray[Any],
    expected: NDArray[Any],
    *,
    longest: int,
    prospective: bool,
    total: int,
    seed: int,
    weights: Numbers = _NONE,
    earlier: int = 0,
    logs: Numbers = _NONE,
) -> Search:
    """Look around all centres. draw, drawn: the loop of the replicates, and what it takes more."""
    from peelian.scanning.scan_kernels import best_by_centre

    seen, due = _totals_before(records), _totals_before(expected)
    rules = (due, weights, longest, prospective, total, logs)
    ratios, found = best_by_centre(zones.start, zones.index, seen, *rules)
    found[:, 1:] += np.where(found[:, :1] < 0, 0, earlier)

    def maxima(first: int, last: int) -> Numbers:
        return draw(first, last, seed, zones.start, zones.index, *rules, *drawn)

    return Search(ratios, found, maxima, seen, due, weights, earlier)


def _counted(place: Whole, step: Whole, shape: tuple[int, int]) -> Whole:
    """Records counted by place and step."""
    counts = np.bincount(place * shape[1] + step, minlength=shape[0] * shape[1])
    return counts.reshape(shape)


def _of_places(place: Whole, zones: Zones) -> Numbers:
    return np.bincount(place, minlength=len(zones)).astype(float)


def _totals_before(grid: NDArray[Any]) -> Numbers:
    """Totals of each row before each step and after the last: one column more."""
    return np.pad(np.cumsum(grid, axis=1, dtype=float), ((0, 0), (1, 0)))
