"""Whether the hours that a team works are those in which concern falls.

Both are shares of the 168 hours of a week, and what they have in common is the fit. Hours are
the clock on the wall; the one hour that a clock change adds or drops is not followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np

from peelian.analysis.time_of_week import SHIFTS, hours_of_shift
from peelian.core.errors import InputError
from peelian.core.week import (
    HOUR_MINUTES,
    WEEK_HOURS,
    WEEK_MINUTES,
    minute_of_week,
    minutes_by_hour,
)
from peelian.scanning.exact_share import exact_limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from peelian.core.patrols import Visit
    from peelian.response.concern_hours import Concern
    from peelian.response.roster import WeeklyShift

_STRETCHES = 3


@dataclass(frozen=True)
class Fit:
    """How much of concern and of cover fall in the same hours, from 0 to 1.

    low, high: an interval at `level`; None where people said what concern is, since what is
    said has none. is_perfect_possible: whether hours that follow concern exactly would often
    look no better with so few records.
    """

    estimate: float
    low: float | None
    high: float | None
    level: float
    is_perfect_possible: bool = False

    @property
    def is_too_few_to_say(self) -> bool:
        """Whether the interval is wider than three tenths."""
        return self.low is not None and self.high is not None and self.high - self.low > 0.3


@dataclass(frozen=True)
class BandCover:
    """One part of the day, on one day or on all: its share of concern, and of cover.

    day: 0 is Monday; None for the whole week. A band that runs over midnight belongs to the
    day on which it begins. low, high: the exact interval of the share of concern, at the fit's
    level; None where people said it. hours: unit-hours a week.
    """

    day: int | None
    band: str
    concern: float
    low: float | None
    high: float | None
    cover: float
    hours: float

    @property
    def short(self) -> float:
        """By how much the share of cover is below that of concern; negative where it is above."""
        return self.concern - self.cover

    @property
    def is_surely_short(self) -> bool:
        """Whether cover is below the whole interval of concern."""
        return self.low is not None and self.cover < self.low


@dataclass(frozen=True)
class ShortStretch:
    """Hours in a row that are short of cover: from `first` on, so many `hours`.

    first: the hour of the week, 0 is Monday 00:00. concern, cover: shares of the whole.
    """

    first: int
    hours: int
    concern: float
    cover: float


@dataclass(frozen=True)
class CoverFound:
    """How some hours of cover fit concern.

    hours: unit-hours a week by weekday and hour, shape (7, 24). bands: every day's parts in
    order, then those of the whole week. stretches: those most short, the worst first.
    """

    hours: NDArray[np.float64]
    fit: Fit
    bands: tuple[BandCover, ...]
    stretches: tuple[ShortStretch, ...]


def rostered_hours(shifts: Iterable[WeeklyShift]) -> NDArray[np.float64]:
    """Unit-hours of a usual week by weekday and hour, shape (7, 24), Monday first."""
    spans = ((float(shift.first_minute), float(shift.minutes)) for shift in shifts)
    return minutes_by_hour(spans) / HOUR_MINUTES


def worked_hours(
    spans: Iterable[tuple[datetime, datetime]], *, first: date, last: date
) -> NDArray[np.float64]:
    """Unit-hours of an average week by weekday and hour, from spans of the clock on the wall.

    spans: start, included, and end, excluded, each shorter than a week; one
    that does not end after it starts is an InputError. first, last: the days that they are from,
    both included: a weekday's hours are divided by how often it comes in them, so that a fifth
    Monday does not weigh more. A weekday that does not come has no hours.
    """
    days = (last - first).days + 1
    if days < 1:
        raise InputError(
            f"A period ends on its first day or after it; found {first} to {last}. Correct it."
        )
    often = np.bincount([(first.weekday() + day) % 7 for day in range(days)], minlength=7)
    hours = minutes_by_hour(_since_monday(start, end) for start, end in spans) / HOUR_MINUTES
    # The small hours after a last day belong to a weekday that may not come in the period.
    return hours / np.maximum(often, 1)[:, None]


def delivered_hours(visits: Sequence[Visit], *, first: date, last: date) -> NDArray[np.float64]:
    """Unit-hours of an average week at places, in uniform: what cover counts as delivered.

    Of visits that begin on the days from `first` to `last`. Background patrol (a visit without
    a place) and time out of uniform are not in it.
    """
    return worked_hours(
        (
            (visit.start, visit.end)
            for visit in visits
            if visit.place_id and visit.visible and first <= visit.start.date() <= last
        ),
        first=first,
        last=last,
    )


def fit_index(concern: NDArray[np.float64], cover: NDArray[np.float64]) -> NDArray[np.float64]:
    """What two shares of the week have in common: the sum over hours of the smaller of the two.

    concern, cover: shape (..., 7, 24), each week summing to 1; they are broadcast. 1 where they
    are alike in every hour, 0 where they share none. Schoener's overlap (1968,
    doi:10.2307/1935534), 1 - sum |p - q| / 2, in another form of the same formula.
    """
    index: NDArray[np.float64] = np.minimum(concern, cover).sum(axis=(-1, -2))
    return index


def cover_of(concern: Concern, hours: NDArray[np.float64], *, level: float = 0.95) -> CoverFound:
    """Hold hours of cover against concern: the fit, parts of the day, and the hours most short.

    hours: unit-hours, shape (7, 24). None at all is an InputError: nothing has no shares.
    The interval of the fit is the basic bootstrap's (Hall 1992, doi:10.1007/978-1-4612-4384-7),
    from the replicates of `concern`. With few records chance makes any fit look worse; the
    interval allows for it, and where the fit is no worse than a perfect one would often look,
    it reaches to 1.
    """
    share = cover_share(hours)
    return CoverFound(
        hours,
        _fit(concern, share, level),
        _bands(concern, hours, level),
        _stretches(concern, share),
    )


def cover_share(hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each hour's share of all unit-hours; an InputError where there are none."""
    if not hours.sum() > 0:
        raise InputError(
            "Cover is shares of hours worked, and there are none. Give shifts in the tasking file, "
            "or a log with visits at places."
        )
    share: NDArray[np.float64] = hours / hours.sum()
    return share


def _fit(concern: Concern, share: NDArray[np.float64], level: float) -> Fit:
    estimate = float(fit_index(concern.shares, share))
    if not len(concern.replicates):
        return Fit(estimate, None, None, level)
    tail = (1 - level) / 2
    least, most = np.quantile(fit_index(concern.replicates, share), [tail, 1 - tail])
    low, high = max(0.0, 2 * estimate - float(most)), min(1.0, 2 * estimate - float(least))
    perfect = fit_index(concern.as_seen_by_chance(share), share)
    is_perfect_possible = bool(estimate >= np.quantile(perfect, tail))
    return Fit(estimate, low, 1.0 if is_perfect_possible else high, level, is_perfect_possible)


def _bands(concern: Concern, hours: NDArray[np.float64], level: float) -> tuple[BandCover, ...]:
    every = [*((day, name) for day in range(7) for name in SHIFTS), *((None, n) for n in SHIFTS)]
    return tuple(_band(concern, hours, level, day, name) for day, name in every)


def _band(
    concern: Concern, hours: NDArray[np.float64], level: float, day: int | None, name: str
) -> BandCover:
    """Of records as they are: averaging hours would move some over the band's ends."""
    inside = hours_of_band(name, day)
    worked = float(hours.ravel()[inside].sum())
    share, low, high = float(concern.shares.ravel()[inside].sum()), None, None
    if concern.counts is not None:
        share = float(concern.counts.ravel()[inside].sum() / concern.counts.sum())
        low, high = exact_limits(share * concern.records, concern.records, level=level)
    return BandCover(day, name, share, low, high, worked / float(hours.sum()), worked)


def hours_of_band(name: str, day: int | None) -> list[int]:
    """The hours of the week of a part of the day, 0 is Monday 00:00; of every day for None."""
    first, end = SHIFTS[name]
    spread = range(len(hours_of_shift(name, first, end)))
    days = range(7) if day is None else (day,)
    return [(24 * each + first + more) % WEEK_HOURS for each in days for more in spread]


def _stretches(concern: Concern, share: NDArray[np.float64]) -> tuple[ShortStretch, ...]:
    """Runs of hours that are shorter than short hours are on the whole, the worst run first."""
    ours, theirs = concern.shares.ravel(), share.ravel()
    short = ours - theirs
    if not (short > 0).any():
        return ()
    bad = short >= short[short > 0].mean()
    begins = [hour for hour in range(WEEK_HOURS) if bad[hour] and not bad[hour - 1]]
    runs = [_run(hour, bad, ours, theirs) for hour in begins]
    return tuple(sorted(runs, key=lambda r: (r.cover - r.concern, r.first))[:_STRETCHES])


def _run(
    first: int, bad: NDArray[np.bool_], ours: NDArray[np.float64], theirs: NDArray[np.float64]
) -> ShortStretch:
    hours = next(n for n in range(1, WEEK_HOURS + 1) if not bad[(first + n) % WEEK_HOURS])
    inside = [(first + n) % WEEK_HOURS for n in range(hours)]
    return ShortStretch(first, hours, float(ours[inside].sum()), float(theirs[inside].sum()))


def _since_monday(start: datetime, end: datetime) -> tuple[float, float]:
    minutes = (end - start).total_seconds() / 60
    if not 0 < minutes < WEEK_MINUTES:
        raise InputError(
            f"Time worked ends after it starts, and within a week; found {start:%Y-%m-%d %H:%M} to "
            f"{end:%Y-%m-%d %H:%M}. Correct the log."
        )
    return minute_of_week(start), minutes
