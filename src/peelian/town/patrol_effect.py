"""Patrol in a made town, and what it does there: a log and dated records with a known effect.

Beside the town, never in it: the archive of a town is the same bytes whether it is patrolled or
not. Records here have days and times, as a force's own extract has and open data has not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import InputError
from peelian.core.patrols import Visit
from peelian.town import plan
from peelian.town.rates import TYPES, planted_rates

if TYPE_CHECKING:
    import polars as pl

    from peelian.core.patrols import PatrolMode, PlannedVisit, Trial
    from peelian.town.truth import Town

_DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class PatrolledPlace:
    """A snap point of a town that can be patrolled. daily_rate: records a day without patrol."""

    place_id: str
    name: str
    centre: tuple[float, float]  # easting and northing, EPSG:27700, metres
    daily_rate: float


@dataclass(frozen=True)
class PatrolEffect:
    """What minutes at a place do to its records while a period lasts.

    The first half_minutes take half of largest_fall from the rate, the next as many half of
    what is left, and so on: more patrol does more, and each minute less than the one before.
    """

    largest_fall: float = 0.6  # 0 for patrol that does nothing
    half_minutes: float = 90.0  # a period

    def factor(self, minutes: NDArray[np.float64]) -> NDArray[np.float64]:
        """What a rate is multiplied by: from 1 down to 1 - largest_fall."""
        return 1 - self.largest_fall * (1 - 0.5 ** (minutes / self.half_minutes))


@dataclass(frozen=True)
class Shortfalls:
    """How a made team keeps its plan.

    missed: the share of visits that never come. late_minutes: how late one starts, on average,
    exponential. cut_short: the share of visits that another call ends early, at any minute.
    usual_a_week: visits a week that every place gets besides, planned or not.
    """

    missed: float = 0.15
    late_minutes: float = 6.0
    cut_short: float = 0.2
    usual_a_week: float = 1.0


@dataclass(frozen=True, eq=False)
class PatrolledTrial:
    """What a trial leaves behind, and the truth of it.

    log: visits delivered. records: place_id and the time on the clock, in order of time. The
    rest has a row a place and a column a period: treated, delivered minutes, records expected
    without patrol, and the factor that these minutes made of them.
    """

    log: tuple[Visit, ...]
    records: pl.DataFrame
    treated: NDArray[np.bool_]
    minutes: NDArray[np.float64]
    expected: NDArray[np.float64]
    factor: NDArray[np.float64]

    @property
    def truth(self) -> float:
        """The effect of being assigned to extra patrol, as it was delivered.

        The mean factor where treated over the mean factor where not, weighted by what was
        expected there: what usual patrol did anyway is in both. It lies nearer to 1 than the
        factor of the planned minutes does.
        """
        on, off = self.treated, ~self.treated
        made = self.expected * self.factor
        with_patrol = made[on].sum() / self.expected[on].sum()
        return float(with_patrol / (made[off].sum() / self.expected[off].sum()))


def busiest_places(
    town: Town, *, count: int, ward: int = 0, crime_types: Sequence[str] = TYPES
) -> tuple[PatrolledPlace, ...]:
    """The snap points of a ward with most records expected, busiest first, stations apart.

    Their rate is the true mean of the town's last twelve months. ward: index into plan.WARDS.
    crime_types: slugs.
    """
    # The town does not keep its rates: drawn again from the stream that made them.
    rating = np.random.default_rng(np.random.SeedSequence(town.seed).spawn(6)[2])
    expected = planted_rates(town.snap_points, rating).expected[-12:]
    wanted = [TYPES.index(crime_type) for crime_type in crime_types]
    monthly = expected[:, wanted].sum(axis=1).mean(axis=0)
    inside = [i for i, point in enumerate(town.snap_points) if point.ward == ward and monthly[i]]
    busiest = sorted(inside, key=lambda i: (-monthly[i], i))[:count]
    return tuple(
        PatrolledPlace(
            place_id=f"made-{i}",
            name=town.snap_points[i].location.removeprefix("On or near "),
            centre=(town.snap_points[i].x + plan.ORIGIN[0], town.snap_points[i].y + plan.ORIGIN[1]),
            daily_rate=float(monthly[i]) / _DAYS_A_MONTH,
        )
        for i in busiest
    )


def run_trial(
    places: Sequence[PatrolledPlace],
    trial: Trial,
    planned: Sequence[PlannedVisit],
    *,
    seed: int,
    effect: PatrolEffect = PatrolEffect(),
    shortfalls: Shortfalls = Shortfalls(),
    mode: PatrolMode = "foot",
    variation: float = 0.2,
) -> PatrolledTrial:
    """Patrol a trial's places as a team would, and record what happens there.

    planned: the plan's visits; those to places of no trial are walked too. variation: standard
    deviation of a place's rate from period to period, as a share of it. The same seed gives
    the same log whatever the effect, and with no effect the same records whatever the log.
    InputError for a place of the trial that the town has not.
    """
    by_id = {place.place_id: place for place in places}
    if unknown := [place for place in trial.places if place not in by_id]:
        raise InputError(
            f"A made trial runs at places of the town; {unknown[0]} is none of the "
            f"{len(places)} given. Draw the trial among these."
        )
    walking, varying, recording = map(np.random.default_rng, np.random.SeedSequence(seed).spawn(3))
    log = _log(trial, planned, shortfalls, mode, walking)
    minutes = _minutes(trial, log)
    days = np.diff(np.array(trial.period_starts, dtype="datetime64[D]")).astype(float)
    daily = np.array([by_id[place].daily_rate for place in trial.places])
    expected = np.outer(daily, days)
    if variation:
        expected *= varying.gamma(variation**-2, variation**2, size=expected.shape)
    factor = effect.factor(minutes)
    return PatrolledTrial(
        log=log,
        records=_records(trial, expected, factor, recording),
        treated=np.array(trial.treated),
        minutes=minutes,
        expected=expected,
        factor=factor,
    )


def _log(
    trial: Trial,
    planned: Sequence[PlannedVisit],
    shortfalls: Shortfalls,
    mode: PatrolMode,
    rng: np.random.Generator,
) -> tuple[Visit, ...]:

    log = []
    for visit in planned:
        missed, late, cut, left = rng.random(4)
        if missed < shortfalls.missed:
            continue
        start = visit.start + timedelta(minutes=int(-np.log1p(-late) * shortfalls.late_minutes))
        minutes = visit.minutes * (left if cut < shortfalls.cut_short else 1.0)
        end = start + timedelta(minutes=max(1, round(minutes)))
        log.append(Visit(visit.place_id, start, end, mode, visit.shift_id.split()[-1]))
    return tuple(sorted(
        [*log, *_usual(trial, shortfalls, mode, rng)], key=lambda v: (v.start, v.place_id, v.unit)
    ))  # fmt: skip


def _usual(
    trial: Trial, shortfalls: Shortfalls, mode: PatrolMode, rng: np.random.Generator
) -> list[Visit]:
    """Patrol that would have come anyway, at any time of any day."""
    first = datetime.combine(trial.period_starts[0], time())
    days = (trial.period_starts[-1] - trial.period_starts[0]).days
    found = []
    for place in trial.places:
        for _ in range(rng.poisson(shortfalls.usual_a_week * days / 7)):
            start = first + timedelta(minutes=int(rng.integers(days * 24 * 60 - 20)))
            stayed = timedelta(minutes=int(rng.integers(3, 20)))
            found.append(Visit(place, start, start + stayed, mode, "usual"))
    return found


def _minutes(trial: Trial, log: Sequence[Visit]) -> NDArray[np.float64]:
    """Minutes by place and the period in which a visit starts."""
    starts = np.array(trial.period_starts, dtype="datetime64[D]")
    minutes = np.zeros((len(trial.places), len(starts) - 1))
    row = {place: number for number, place in enumerate(trial.places)}
    for visit in log:
        day = np.datetime64(visit.start.date(), "D")
        column = int(np.searchsorted(starts, day, side="right")) - 1
        if visit.place_id in row and 0 <= column < minutes.shape[1]:
            minutes[row[visit.place_id], column] += visit.minutes
    return minutes


def _records(
    trial: Trial,
    expected: NDArray[np.float64],
    factor: NDArray[np.float64],
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Records at any time of their period; patrol prevents each one with the same chance."""
    import polars as pl

    would_be = rng.poisson(expected)
    found = []
    for number, place in enumerate(trial.places):
        for column, count in enumerate(would_be[number]):
            start = datetime.combine(trial.period_starts[column], time())
            length = trial.period_starts[column + 1] - trial.period_starts[column]
            when, survives = rng.random(count), rng.random(count) < factor[number, column]
            found += [
                (place, (start + share * length).replace(second=0, microsecond=0))
                for share in when[survives].tolist()
            ]
    schema = {"place_id": pl.String, "time": pl.Datetime}
    return pl.DataFrame(found, schema=schema, orient="row").sort("time", "place_id")
