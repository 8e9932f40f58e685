"""How few places hold how many records, and how few would by chance alone."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peelian.core.errors import InputError
from peelian.scanning.replicates import check_replicates

_TARGETS = (0.25, 0.5)  # of the records
_TOP = (0.01, 0.05)  # of the places
_POINTS = 100  # of the Lorenz curve


@dataclass(frozen=True)
class AgainstChance:
    """A figure of concentration, and where it would lie were each record as likely anywhere.

    expected, low, high: mean and central interval over the replicates; they say what chance
    gives, not how sure `observed` is. p_value: the chance of records at least as
    concentrated, the observed ones counted. All but the p-value, 1, are NaN without records.
    """

    observed: float
    expected: float
    low: float
    high: float
    p_value: float
    concentrated_is: Literal["high", "low"]

    @property
    def is_beyond_chance(self) -> bool:
        """Whether records are more concentrated than the interval of chance."""
        if self.concentrated_is == "high":
            return self.observed > self.high
        return self.observed < self.low


@dataclass(frozen=True)
class LorenzPoint:
    """The share of records in the places that have most, and its interval by chance alone."""

    share_of_places: float
    share_of_records: float
    low: float
    high: float


@dataclass(frozen=True)
class Concentration:
    """How concentrated records are at places; shares are of all places, of all records.

    places_with_records: how many have any. quarter_in, half_in: the fewest places that hold
    25 % and 50 % of records, as a share of places. top_1_percent, top_5_percent: the share of
    records in so many places (rounded up) that have most. lorenz: from the place with most
    records to that with least, at most 101 points.
    """

    places: int
    records: int
    places_with_records: int
    quarter_in: AgainstChance
    half_in: AgainstChance
    top_1_percent: AgainstChance
    top_5_percent: AgainstChance
    gini: AgainstChance
    generalised_gini: AgainstChance
    lorenz: tuple[LorenzPoint, ...]
    level: float
    replicates: int
    seed: int


def concentration(
    counts: ArrayLike, *, replicates: int = 999, seed: int, level: float = 0.95
) -> Concentration:
    """Measure how concentrated records are at places, against chance alone.

    counts: one whole number a place, all places that could have a record: leaving out those
    without one makes records look evenly spread. Chance deals the same number of records,
    each place as likely (a multinomial), one stream of the seed a replicate. It has no
    bursts and no busy places: to be beyond it is the least that a hot spot must show.

    The law of crime concentration is Weisburd's (2015, doi:10.1111/1745-9125.12070). The Gini
    coefficient is that of the Lorenz curve, without correction for bias. Where records are
    fewer than places it is high however they fall; the generalised one, max(1, places /
    records) × (Gini - 1) + 1, is 0 where they are as even as they can be, and short of 1 by
    1 / min(places, records) where all are at one place (Bernasco and Steenbeek 2017,
    doi:10.1007/s10940-016-9324-7, their formula). The envelope of chance is added here.
    """
    tally = _whole_numbers(counts)
    check_replicates(replicates, level)
    places, records = len(tally), int(tally.sum())
    top_1, top_5 = (int(np.ceil(share * places)) for share in _TOP)
    grid = np.unique(np.ceil(np.linspace(0, places, _POINTS + 1))).astype(int).tolist()
    cuts = sorted({top_1, top_5, *grid})
    observed, by_chance = _measured(tally, np.array(cuts), replicates, seed)

    def held_by(most: int) -> AgainstChance:
        column = len(_TARGETS) + cuts.index(most)
        return _against(observed[column], by_chance[:, column], level)

    stretch = max(1.0, places / records) if records else 1.0
    return Concentration(
        places=places,
        records=records,
        places_with_records=int((tally > 0).sum()),
        quarter_in=_against(observed[0], by_chance[:, 0], level, concentrated_is="low"),
        half_in=_against(observed[1], by_chance[:, 1], level, concentrated_is="low"),
        top_1_percent=held_by(top_1),
        top_5_percent=held_by(top_5),
        gini=_against(observed[-1], by_chance[:, -1], level),
        generalised_gini=_against(
            stretch * (observed[-1] - 1) + 1, stretch * (by_chance[:, -1] - 1) + 1, level
        ),
        lorenz=tuple(_lorenz_point(cut / places, held_by(cut)) for cut in grid),
        level=level,
        replicates=replicates,
        seed=seed,
    )


def _whole_numbers(counts: ArrayLike) -> NDArray[np.int64]:
    given = np.asarray(counts, dtype=float)
    if given.ndim != 1 or not len(given):
        raise InputError(
            f"Concentration takes one count a place, of at least one place; found an array of "
            f"shape {given.shape}. Sum the months first."
        )
    if not ((given >= 0) & (given == np.floor(given))).all():
        raise InputError(
            "Concentration takes whole numbers of records, each place's known; found a missing, "
            "negative or broken one. Sum the months that are held."
        )
    return given.astype(np.int64)


def _measured(
    tally: NDArray[np.int64], cuts: NDArray[np.int64], replicates: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The figures observed, and those of each replicate: targets, cuts, Gini; NaN of nothing."""
    places, records, figures = len(tally), int(tally.sum()), len(_TARGETS) + len(cuts) + 1
    observed, by_chance = np.full(figures, np.nan), np.full((replicates, figures), np.nan)
    if not records:
        return observed, by_chance
    from concurrent.futures import ThreadPoolExecutor

    from peelian.scanning.concentration_kernels import measure, measure_dealt

    targets = np.array(_TARGETS)
    measure(np.bincount(tally), places, records, targets, cuts, observed)
    workers = os.cpu_count() or 1
    bounds = np.linspace(0, replicates, 4 * workers + 1).astype(int).tolist()
    with ThreadPoolExecutor(workers) as executor:
        jobs = [
            executor.submit(
                measure_dealt, places, records, first, last, seed, targets, cuts, by_chance
            )
            for first, last in pairwise(bounds)
        ]
        for job in jobs:
            job.result()
    return observed, by_chance


def _against(
    observed: float,
    by_chance: NDArray[np.float64],
    level: float,
    *,
    concentrated_is: Literal["high", "low"] = "high",
) -> AgainstChance:
    if np.isnan(observed):
        return AgainstChance(np.nan, np.nan, np.nan, np.nan, 1.0, concentrated_is)
    tail = (1 - level) / 2
    low, high = np.quantile(by_chance, [tail, 1 - tail])
    # Figures that are equal may differ by rounding: they are ties.
    slack = 1e-9
    if concentrated_is == "high":
        as_concentrated = int((by_chance >= observed - slack).sum())
    else:
        as_concentrated = int((by_chance <= observed + slack).sum())
    return AgainstChance(
        observed=float(observed),
        expected=float(by_chance.mean()),
        low=float(low),
        high=float(high),
        p_value=(as_concentrated + 1) / (len(by_chance) + 1),
        concentrated_is=concentrated_is,
    )


def _lorenz_point(share_of_places: float, held: AgainstChance) -> LorenzPoint:
    return LorenzPoint(share_of_places, held.observed, held.low, held.high)
