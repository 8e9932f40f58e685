"""How often chance would give as strong a cluster: replicates, p-values, critical values."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import exp, expm1, nan, pi, sqrt
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import InputError

LEVELS = (0.05, 0.01, 0.001)
_EULER = 0.5772156649015329
_TIE = 1 - 1e-9  # the same ratio, added up in another order

Maxima = Callable[[int, int], NDArray[np.float64]]


@dataclass(frozen=True)
class Chance:
    """What replicates without any cluster gave: the highest statistic of each, in their order.

    stopped_early: as many as were asked for reached the observed statistic before all were
    run, so the last replicate is one of them.
    """

    maxima: NDArray[np.float64]
    stopped_early: bool

    def p_value(self, statistic: float) -> float:
        """The share of arrangements, the observed among them, with so high a maximum.

        Where the replicates stopped early at the highest statistic, its p-value is that of
        Besag and Clifford (1991, doi:10.1093/biomet/78.2.301): hits over replicates run.
        """
        hits = int((self.maxima >= statistic * _TIE).sum())
        run = len(self.maxima)
        # The last replicate was run because it was needed to stop, and stands for the observed.
        return hits / run if self.stopped_early else (hits + 1) / (run + 1)

    def gumbel_p_value(self, statistic: float) -> float:
        """The same from a Gumbel distribution with the maxima's mean and variance.

        Abrams, Kulldorff and Kleinman (2010, doi:10.1186/1476-072X-9-61). It goes below one
        in the number of replicates, where it is an extrapolation. NaN where all are alike.
        """
        spread = float(self.maxima.std())
        if spread == 0:
            return nan
        scale = spread * sqrt(6) / pi
        mode = float(self.maxima.mean()) - _EULER * scale
        return -expm1(-exp(-(statistic - mode) / scale))

    @property
    def critical_values(self) -> Mapping[float, float]:
        """For each level, the replicate's statistic that must be passed to have such a p-value.

        A level that the replicates are too few for is left out; stopped early, all are.
        """
        ordered = np.sort(self.maxima)[::-1]
        ranks = {level: int(level * (len(ordered) + 1) * (1 + 1e-12)) for level in LEVELS}
        enough = {} if self.stopped_early else {a: rank for a, rank in ranks.items() if rank}
        return MappingProxyType({a: float(ordered[rank - 1]) for a, rank in enough.items()})


@dataclass(frozen=True)
class MonteCarlo:
    """How many replicates to run, from which seed, on how many threads, and when to stop.

    stop_after: stop when so many replicates reach the observed statistic; None to run all.
    threads: None for as many as there are processors. An InputError where one is not positive.
    """

    replicates: int
    seed: int
    threads: int | None
    stop_after: int | None

    def __post_init__(self) -> None:
        for name in ("replicates", "threads", "stop_after"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise InputError(
                    f"A scan takes {name} of 1 or more; found {value}. 999 replicates are usual."
                )

    def against(self, statistic: float, maxima: Maxima) -> Chance:
        """Run replicates, all of them or until enough reach the observed statistic.

        maxima: the highest statistic of replicates from the first to before the second. Each
        replicate has a stream of its own, so nothing depends on the number of threads.
        """
        workers = self.threads or os.cpu_count() or 1
        with ThreadPoolExecutor(workers) as executor:

            def run(first: int, last: int) -> NDArray[np.float64]:
                edges = np.linspace(first, last, workers + 1).astype(int).tolist()
                return np.concatenate(list(executor.map(maxima, edges[:-1], edges[1:])))

            if self.stop_after is None:
                return Chance(run(0, self.replicates), stopped_early=False)
            done = np.zeros(0)
            while len(done) < self.replicates:
                more = min(self.replicates, max(2 * len(done), 10 * self.stop_after))
                done = np.concatenate([done, run(len(done), more)])
                hits = np.flatnonzero(done >= statistic * _TIE)
                if len(hits) >= self.stop_after:
                    return Chance(done[: hits[self.stop_after - 1] + 1], stopped_early=True)
        return Chance(done, stopped_early=False)
