"""Which places are new, growing, steady, shrinking, now and then, or past hot spots, step by step.

Emerging hot spot analysis for hundreds of places or more: is a place and its surroundings
hot in a step, how often and how lately, and is it growing? For a single ward, whose few dozen
places have few records each, use `persistence`: it needs no neighbours and pools months into
windows of half a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peelian.core.errors import InputError
from peelian.core.results import PersistenceClass
from peelian.scanning.emerging_trend import lateness, mann_kendall
from peelian.scanning.false_discovery import discoveries
from peelian.scanning.local_statistics import getis_ord
from peelian.scanning.neighbours import Neighbours
from peelian.scanning.persistence import Trend

EmergingClass = PersistenceClass | Literal["none"]


@dataclass(frozen=True)
class EmergingPlace:
    """A place's class and what justifies it; one entry a step held, oldest first.

    steps: positions of the steps held among those given. hot: whether the place with its
    neighbours had more records in the step than chance gives. z_scores: Gi* of the same
    records. trend: of the place with its neighbours; None where chance could explain it.
    """

    kind: EmergingClass
    steps: tuple[int, ...]
    hot: tuple[bool, ...]
    z_scores: tuple[float, ...]
    trend: Trend | None
    trend_p_value: float

    @property
    def hot_share(self) -> float:
        """The share of the steps held in which the place was hot."""
        return sum(self.hot) / len(self.hot) if self.hot else 0.0

    @property
    def is_chronic(self) -> bool:
        """Whether it has been hot in most steps and still is, however it moves."""
        return self.kind in ("intensifying", "persistent", "diminishing")


@dataclass(frozen=True)
class _Steps:
    """Counts of the steps held, and where each place with its neighbours stood in them."""

    held: NDArray[np.int64]
    counts: NDArray[np.float64]  # places by steps held
    around: NDArray[np.float64]  # the place and its neighbours, each step alone
    z_scores: NDArray[np.float64]  # with the steps before
    hot: NDArray[np.bool_]


def emerging_hot_spots(
    counts: ArrayLike,
    neighbours: Neighbours,
    *,
    discovery_rate: float = 0.1,
    trend_level: float = 0.05,
    steps_before: int = 1,
    recent_steps: int = 6,
    chronic_share: float = 0.5,
) -> tuple[EmergingPlace, ...]:
    """Class each place by when it and its neighbours stood out among all places.

    counts: places by steps, oldest first, whole numbers of records; all places, those without
    a record too. A step in which any place is NaN is left out. steps_before: how many steps,
    where held, are added to each step. discovery_rate: the expected share of (place, step)
    pairs wrongly called hot, over all of them. trend_level: two-sided. recent_steps: the last
    so many steps are "lately". chronic_share: hot in at least this share is chronic.

    intensifying  chronic, hot lately, and rising
    diminishing   chronic, hot lately, and falling
    persistent    chronic and hot lately, neither rising nor falling
    new           hot lately and in no step before, and with more of all records lately than
                  before, beyond chance
    historical    chronic in the steps before, not hot lately
    sporadic      hot in some step, all else
    none          never hot

    The first line that fits decides. Without a step before the recent ones there is no before
    and after: a place is sporadic or none. No places give no classes. In ArcGIS's set
    "consecutive" is new or sporadic here, "oscillating" sporadic, and chronic is a share of
    0.9. Cold spots are not sought: most places have no record in most steps, which is no
    finding.

    A variation of Gi* in space and time (Getis and Ord 1992,
    doi:10.1111/j.1538-4632.1992.tb00261.x): neighbours in space in the step and the steps
    before, against all places in the same steps, not in all steps, so that seasons, a rise
    everywhere and missing steps make no place hot. Two things are added. Most counts are 0
    or 1, where Gi*'s normal distribution calls thousands of places hot that are not: the p-value
    is the larger of Gi*'s and the exact binomial chance of as many records were they spread
    evenly on the places. And ranks of z-scores drift with the total where most steps have no
    record: a trend is one that Mann and Kendall's test, on the z-scores of each step alone, and
    the lateness of the records both show; its p-value is the larger.

    Being hot says something of the surroundings: a quiet place beside a busy one can be hot.
    "New" is where to look, not a finding: of robberies in six boroughs (26 months, neighbours
    to 150 m) 148 of 10,505 snap points were new, and 65 with the months shuffled.
    """
    if recent_steps < 1 or steps_before < 0:
        raise InputError(
            f"At least one step is recent, and no fewer than no steps are added; found "
            f"recent_steps={recent_steps} and steps_before={steps_before}. Ask for 1 or more, "
            f"and 0 or more."
        )
    table = _whole_numbers(counts, neighbours)
    if not len(table):
        return ()
    steps = _steps(table, neighbours, steps_before, discovery_rate)
    trend_z, trend_p = _trends(steps, neighbours)
    rose = _rose_lately(steps, recent_steps, trend_level)
    places = []
    for place, hot in enumerate(steps.hot.tolist()):
        trend: Trend | None = None
        if trend_p[place] < trend_level:
            trend = "rising" if trend_z[place] > 0 else "falling"
        places.append(
            EmergingPlace(
                kind=_kind(hot, trend, bool(rose[place]), recent_steps, chronic_share),
                steps=tuple(steps.held.tolist()),
                hot=tuple(hot),
                z_scores=tuple(steps.z_scores[place].tolist()),
                trend=trend,
                trend_p_value=float(trend_p[place]),
            )
        )
    return tuple(places)


def _whole_numbers(counts: ArrayLike, neighbours: Neighbours) -> NDArray[np.float64]:
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or len(table) != len(neighbours):
        raise InputError(
            f"Counts have one row a place and one column a step; found shape {table.shape} for "
            f"{len(neighbours)} places. Give counts and neighbours of the same places."
        )
    known = table[~np.isnan(table)]
    if (known < 0).any() or (known != np.floor(known)).any():
        raise InputError(
            "Emerging hot spots are found among whole numbers of records; found a fraction or a "
            "negative number. Give counts, not rates or weights."
        )
    return table


def _steps(
    table: NDArray[np.float64], neighbours: Neighbours, steps_before: int, discovery_rate: float
) -> _Steps:
    known = ~np.isnan(table).any(axis=0)
    held = np.flatnonzero(known)
    filled = np.where(known, table, 0.0)
    pooled = filled.copy()
    for back in range(1, steps_before + 1):
        pooled[:, back:] += filled[:, : max(filled.shape[1] - back, 0)]
    pooled = pooled[:, held]
    statistic = getis_ord(pooled, neighbours)
    chance = np.maximum(_upper_normal(statistic.z_scores), _even_spread(pooled, neighbours))
    hot = discoveries(chance.ravel(), rate=discovery_rate).reshape(chance.shape)
    alone = table[:, held]
    return _Steps(held, alone, neighbours.sums(alone) + alone, statistic.z_scores, hot)


def _upper_normal(z_scores: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.special import ndtr

    chance: NDArray[np.float64] = ndtr(-z_scores)
    return chance


def _even_spread(pooled: NDArray[np.float64], neighbours: Neighbours) -> NDArray[np.float64]:
    """The chance of as many records on a place and its neighbours, each place being as likely."""
    around = neighbours.sums(pooled) + pooled
    share = (neighbours.count + 1) / len(neighbours)
    return _as_many(around, pooled.sum(axis=0), share[:, None])


def _as_many(
    records: NDArray[np.float64], total: NDArray[np.float64], share: NDArray[np.float64] | float
) -> NDArray[np.float64]:
    """The binomial chance of at least so many of a total."""
    from scipy.special import betainc

    tail = betainc(np.maximum(records, 1), np.maximum(total - records, 0) + 1, share)
    return np.where(records > 0, tail, 1.0)


def _trends(
    steps: _Steps, neighbours: Neighbours
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each place's lateness, and the p-value of a trend that both tests show."""
    # Steps that share records would look like runs, so each step is taken alone. Rounded,
    # for a tie is a tie.
    alone = np.round(getis_ord(steps.counts, neighbours).z_scores, 9)
    ranks = mann_kendall(alone)
    late, p_values = lateness(steps.around, steps.counts.sum(axis=0))
    agree = np.sign(ranks.score) == np.sign(late)
    return late, np.where(agree, np.maximum(ranks.p_values, p_values), 1.0)


def _rose_lately(steps: _Steps, recent_steps: int, trend_level: float) -> NDArray[np.bool_]:
    """Whether more of a place's records are recent than of all records, beyond chance."""
    by_step = steps.counts.sum(axis=0)
    recent = steps.around[:, -recent_steps:].sum(axis=1)
    share = by_step[-recent_steps:].sum() / max(by_step.sum(), 1)
    return _as_many(recent, steps.around.sum(axis=1), share) < trend_level / 2


def _kind(
    hot: list[bool], trend: Trend | None, rose: bool, recent_steps: int, chronic_share: float
) -> EmergingClass:
    before, lately = hot[:-recent_steps], any(hot[-recent_steps:])
    if not any(hot):
        return "none"
    if not before:
        return "sporadic"
    if lately and sum(hot) >= chronic_share * len(hot):
        if trend is None:
            return "persistent"
        return "intensifying" if trend == "rising" else "diminishing"
    if lately and not any(before) and rose:
        return "new"
    if not lately and sum(before) >= chronic_share * len(before):
        return "historical"
    return "sporadic"
