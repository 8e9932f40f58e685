"""What a scan found: clusters that do not overlap, each with what chance would give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from peelian.scanning.scan_inference import MonteCarlo
from peelian.scanning.scan_search import Search
from peelian.scanning.zones import Zones

Model = Literal["space-time permutation", "Poisson", "Bernoulli"]

_ROUNDING = 1e-9  # a ratio below this is one of as many records as are expected


@dataclass(frozen=True)
class ScanCluster:
    """A zone and a window with more records than expected.

    members: places in the order in which they enter the zone, the centre first. first, last:
    time steps, both included. relative_risk: the rate inside over the rate outside; None for
    the space-time permutation model, which has none, and infinite where all records are inside.
    statistic: the log likelihood ratio. p_value: the chance of a cluster this strong anywhere.
    recurrence_steps: one over the p-value, so many steps between chance clusters this strong
    where the scan is run once a step; None unless prospective.
    """

    members: tuple[int, ...]
    first: int
    last: int
    observed: int
    expected: float
    relative_risk: float | None
    statistic: float
    p_value: float
    gumbel_p_value: float
    recurrence_steps: float | None


@dataclass(frozen=True)
class ScanResult:
    """The clusters of a scan, the strongest first, no place in two of them.

    Secondary clusters are compared with the strongest of each replicate, so their p-values
    are too high rather than too low. critical_values: by level, what a statistic has to
    pass. replicates: how many were run; none where there was nothing to compare.
    stopped_early: whether that was before all that were asked for; critical values are then
    not given. records: how many were scanned.
    """

    clusters: tuple[ScanCluster, ...]
    critical_values: Mapping[float, float]
    replicates: int
    stopped_early: bool
    model: Model
    prospective: bool
    records: int
    seed: int


@dataclass(frozen=True)
class Candidate:
    """The best zone and window of one centre. first, last: steps, both included."""

    members: tuple[int, ...]
    first: int
    last: int
    statistic: float


def without_overlap(zones: Zones, search: Search) -> tuple[Candidate, ...]:
    """The best zones of all centres that share no place with a better one, best first.

    This is "no geographical overlap", the rule that SaTScan follows unless told otherwise. Of
    equal ratios the zone with fewer places goes first, then the centre that comes first.
    """
    ratios, found = search.ratios, search.found
    # Ratios that differ only by the order in which they were added up are equal.
    order = np.lexsort((found[:, 0], -ratios.round(9)))
    taken = np.zeros(len(zones), dtype=bool)
    kept = []
    for centre in order:
        size, first, last = (int(each) for each in found[centre])
        if size < 0 or ratios[centre] < _ROUNDING:
            continue
        members = zones.around(centre)[:size]
        if not taken[members].any():
            taken[members] = True
            kept.append(Candidate(tuple(members.tolist()), first, last, float(ratios[centre])))
    return tuple(kept)


def concluded(
    search: Search,
    zones: Zones,
    monte_carlo: MonteCarlo,
    *,
    model: Model,
    prospective: bool,
    records: int,
) -> ScanResult:
    """Compare the best zones with chance."""
    candidates = without_overlap(zones, search)
    if not candidates:
        none: Mapping[float, float] = MappingProxyType({})
        return ScanResult((), none, 0, False, model, prospective, records, monte_carlo.seed)
    chance = monte_carlo.against(candidates[0].statistic, search.maxima)
    clusters = []
    for each in candidates:
        observed, expected = search.counted(each.members, each.first, each.last)
        p_value = chance.p_value(each.statistic)
        clusters.append(
            ScanCluster(
                each.members,
                each.first,
                each.last,
                observed,
                expected,
                None if model == "space-time permutation" else _risk(observed, expected, records),
                each.statistic,
                p_value,
                chance.gumbel_p_value(each.statistic),
                1 / p_value if prospective else None,
            )
        )
    return ScanResult(
        tuple(clusters),
        chance.critical_values,
        len(chance.maxima),
        chance.stopped_early,
        model,
        prospective,
        records,
        monte_carlo.seed,
    )


def _risk(observed: int, expected: float, records: int) -> float:
    """The rate inside over the rate outside."""
    outside = records - observed
    return observed / expected / (outside / (records - expected)) if outside else float("inf")
