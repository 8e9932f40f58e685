"""Scan statistics: clusters of records in places and times that nobody named beforehand.

All zones around all places are tried with all windows of time; the best is compared with the
best of replicates in which there is no cluster, so that trying many is allowed for. Three
models of what is expected: a rate known for each place (Poisson), controls (Bernoulli), or the
records' own places and times (space-time permutation).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peelian.core.errors import InputError
from peelian.scanning.scan_inference import MonteCarlo
from peelian.scanning.scan_results import ScanCluster, ScanResult, concluded
from peelian.scanning.scan_search import (
    all_permutations,
    drawn_cases,
    known_rates,
    recent_permutations,
)
from peelian.scanning.zones import Zones

__all__ = [
    "ScanCluster",
    "ScanResult",
    "scan_bernoulli",
    "scan_poisson",
    "scan_space_time_permutation",
]

_NONE_EXPECTED = 1e-9  # records: fewer than this is rounding


def scan_space_time_permutation(
    place: ArrayLike,
    step: ArrayLike,
    zones: Zones,
    *,
    steps: int,
    longest_window: int,
    prospective: bool,
    replicates: int = 999,
    seed: int,
    threads: int | None = None,
    stop_after: int | None = None,
) -> ScanResult:
    """Find places and times with more records than the place's and the time's totals explain.

    place, step: one entry a record, whole numbers from 0; steps are days, months or years.
    longest_window: in steps. prospective: only windows that end with the last step, as one
    asks after each import. replicates: shuffles of the steps among the records. stop_after:
    stop when so many replicates reach the observed statistic. threads: as many as there are
    processors unless given; the result does not depend on it.

    Kulldorff, Heffernan, Hartman, Assunção and Mostashari (2005,
    doi:10.1371/journal.pmed.0020059), the paper's formula. It needs no population: what is
    always busy is expected to be, and a rise everywhere is no cluster. A step without any
    record, quiet or missing, expects none anywhere and makes no cluster; it still counts in the
    length of a window. A cluster has two records or more. No records give no clusters.

    Records are taken to come one by one. Those of one incident are to be given once: in open
    data they share a crime ID (`crime_id_repeats`), and five of them at a quiet place would be
    a cluster. A place that is growing for good is found as well as one that flares up.
    """
    monte_carlo = MonteCarlo(replicates, seed, threads, stop_after)
    at = _whole_numbers(place, len(zones), "place")
    when = _whole_numbers(step, steps, "step")
    if len(at) != len(when):
        raise InputError(
            f"Every record has a place and a step; found {len(at)} places and {len(when)} steps. "
            f"Give one entry a record in both."
        )
    longest = _window(longest_window, steps)
    total = len(at)

    search = recent_permutations if prospective else all_permutations
    return concluded(
        search(at, when, zones, steps=steps, longest=longest, seed=seed),
        zones,
        monte_carlo,
        model="space-time permutation",
        prospective=prospective,
        records=total,
    )


def scan_poisson(
    cases: ArrayLike,
    expected: ArrayLike,
    zones: Zones,
    *,
    longest_window: int = 1,
    prospective: bool = False,
    replicates: int = 999,
    seed: int,
    threads: int | None = None,
    stop_after: int | None = None,
) -> ScanResult:
    """Find places and times with more records than people, or another known rate, explain.

    cases, expected: one entry a place, or places by time steps. expected: in any unit; it is
    scaled to the number of cases. A step that is missing is 0 in both. Cases where none are
    expected are an InputError. The other options are those of `scan_space_time_permutation`.

    Kulldorff (1997, doi:10.1080/03610929708831995), in time Kulldorff, Athas, Feuer, Miller
    and Key (1998, doi:10.2105/AJPH.88.9.1377), the papers' formula. See `scan_expected` for
    numbers expected by age, sex or other groups. Where records come in bursts they are no
    Poisson counts, and the p-values are too low.
    """
    monte_carlo = MonteCarlo(replicates, seed, threads, stop_after)
    counts = _counts(cases, len(zones), "cases")
    due = _grid(expected, len(zones), "expected")
    if counts.shape != due.shape:
        raise InputError(
            f"Cases and expected have the same shape; found {counts.shape} and {due.shape}. "
            f"Give an expected number for each place and step."
        )
    total = int(counts.sum())
    if due.sum() > 0:
        due = due * (total / due.sum())
    if misplaced := int(counts[due < _NONE_EXPECTED].sum()):
        raise InputError(
            f"Cases lie only where some are expected; found {misplaced} where none are. Give those "
            f"places a population, or leave the cases out."
        )
    longest = _window(longest_window, counts.shape[1])

    return concluded(
        known_rates(counts, due, zones, longest=longest, prospective=prospective, seed=seed),
        zones,
        monte_carlo,
        model="Poisson",
        prospective=prospective,
        records=total,
    )


def scan_bernoulli(
    cases: ArrayLike,
    controls: ArrayLike,
    zones: Zones,
    *,
    longest_window: int = 1,
    prospective: bool = False,
    replicates: int = 999,
    seed: int,
    threads: int | None = None,
    stop_after: int | None = None,
) -> ScanResult:
    """Find places and times where cases are a larger share of cases and controls than elsewhere.

    cases, controls: one entry a place, or places by time steps, whole numbers. Records of one
    kind and all other records will do as cases and controls. A step that is missing is 0 in
    both. The other options are those of `scan_space_time_permutation`.

    Kulldorff (1997, doi:10.1080/03610929708831995), the paper's formula.
    """
    monte_carlo = MonteCarlo(replicates, seed, threads, stop_after)
    counts = _counts(cases, len(zones), "cases")
    others = _counts(controls, len(zones), "controls")
    if counts.shape != others.shape:
        raise InputError(
            f"Cases and controls have the same shape; found {counts.shape} and {others.shape}. "
            f"Give a count of both for each place and step."
        )
    longest = _window(longest_window, counts.shape[1])
    people = counts + others

    return concluded(
        drawn_cases(counts, people, zones, longest=longest, prospective=prospective, seed=seed),
        zones,
        monte_carlo,
        model="Bernoulli",
        prospective=prospective,
        records=int(counts.sum()),
    )


def _grid(values: ArrayLike, places: int, name: str) -> NDArray[np.float64]:
    """Places by steps; one step where there is none."""
    grid = np.asarray(values, dtype=float)
    grid = grid[:, np.newaxis] if grid.ndim == 1 else grid
    if grid.ndim != 2 or len(grid) != places or not (np.isfinite(grid) & (grid >= 0)).all():
        raise InputError(
            f"A scan takes {name} of 0 or more, a row a place; found shape {grid.shape} for "
            f"{places} places. Put 0 where a step is missing, in all tables alike."
        )
    return grid


def _counts(values: ArrayLike, places: int, name: str) -> NDArray[np.int64]:
    grid = _grid(values, places, name)
    counts = grid.astype(np.int64)
    if (counts != grid).any():
        raise InputError(f"A scan takes whole numbers of {name}; found fractions. Give counts.")
    return counts


def _whole_numbers(values: ArrayLike, limit: int, name: str) -> NDArray[np.int64]:
    given = np.asarray(values)
    numbers = given.astype(np.int64)
    wrong = (numbers != given) | (numbers < 0) | (numbers >= limit)
    if given.ndim != 1 or wrong.any():
        raise InputError(
            f"Every record has a {name} from 0 to {limit - 1}; found {int(wrong.sum())} "
            f"that have not. Number the {name}s from 0, in the order of the zones or of time."
        )
    return numbers


def _window(longest: int, steps: int) -> int:
    if not 1 <= longest <= steps:
        raise InputError(
            f"A window is 1 step long or more, and no longer than all {steps} steps; found "
            f"{longest}. Half of all steps is a usual limit."
        )
    return longest
