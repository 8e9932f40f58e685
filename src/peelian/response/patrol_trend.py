"""Patrol minutes a week in a ward, before and after a change."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, variance

from peelian.core.patrols import Visit
from peelian.core.week import mondays, week_of

# Fewer weeks on either side cannot tell a change from how weeks differ anyway.
LEAST_WEEKS = 3


@dataclass(frozen=True)
class PatrolWeek:
    """All patrol of a ward in a week, at hot spots and elsewhere. minutes: a unit's."""

    week: date  # its Monday
    days_logged: int
    visits: int  # at hot spots
    minutes: float
    visible_minutes: float
    background_minutes: float


@dataclass(frozen=True)
class MinutesChange:
    """Visible minutes a week after a day, less those before.

    before, after: means of so many weeks. low, high: of the difference at `level`, by Welch's t
    (1947, doi:10.1093/biomet/34.1-2.28). What was delivered is known and not a sample: the
    interval says whether weeks differ more than they do anyway. None where either side has
    fewer than LEAST_WEEKS weeks.
    """

    before: float
    after: float
    before_weeks: int
    after_weeks: int
    difference: float
    low: float | None
    high: float | None
    level: float

    @property
    def is_too_few_to_say(self) -> bool:
        """Whether there are too few weeks for an interval."""
        return self.low is None


@dataclass(frozen=True)
class PatrolTrend:
    """Weeks in order, those without any log left out, and the change where one was asked for.

    missing: Mondays between the first and the last week of which nothing is logged. partial:
    weeks in `weeks` that are not compared: the change falls in them, or of one of their days
    nothing is logged. not_whole: how many of these it is for such a day.
    """

    weeks: tuple[PatrolWeek, ...]
    missing: tuple[date, ...]
    partial: tuple[date, ...]
    change: MinutesChange | None
    not_whole: int = 0


def patrol_trend(
    visits: Sequence[Visit],
    *,
    changed_on: date | None = None,
    complete: Collection[date] = (),
    level: float = 0.95,
) -> PatrolTrend:
    """Sum patrol up by week, and compare the weeks before a day with those from it on.

    complete: days of which somebody says that the log has every patrol; days with a visit are
    logged too. A visit belongs to the week of the date on which it starts. A week of which
    nothing is logged is missing, not zero, and so is a day: a week with such a day is not
    compared, since its minutes would look as if patrol had fallen. Without a week on one side
    there is no change, and without visits no week.
    """
    days = sorted({each.start.date() for each in visits} | set(complete))
    if not days:
        return PatrolTrend((), (), (), None)
    spanned = mondays(days[0], days[-1])
    logged = {monday: sum(week_of(day) == monday for day in days) for monday in spanned}
    weeks = tuple(_week(monday, logged[monday], visits) for monday in spanned if logged[monday])
    partial = tuple(
        each.week
        for each in weeks
        if each.days_logged < 7
        or (changed_on and each.week < changed_on <= each.week + timedelta(days=6))
    )
    whole = [each for each in weeks if each.week not in partial]
    return PatrolTrend(
        weeks,
        tuple(monday for monday in spanned if not logged[monday]),
        partial,
        _change(whole, changed_on, level) if changed_on else None,
        not_whole=sum(each.days_logged < 7 for each in weeks),
    )


def _week(monday: date, days_logged: int, visits: Sequence[Visit]) -> PatrolWeek:
    own = [each for each in visits if week_of(each.start.date()) == monday]
    return PatrolWeek(
        monday,
        days_logged,
        sum(bool(each.place_id) for each in own),
        sum(each.minutes for each in own),
        sum(each.minutes for each in own if each.visible),
        sum(each.minutes for each in own if not each.place_id),
    )


def _change(whole: Sequence[PatrolWeek], changed_on: date, level: float) -> MinutesChange | None:
    before = [each.visible_minutes for each in whole if each.week < changed_on]
    after = [each.visible_minutes for each in whole if each.week >= changed_on]
    if not before or not after:
        return None
    difference = fmean(after) - fmean(before)
    low = high = None
    if min(len(before), len(after)) >= LEAST_WEEKS:
        half = _half_width(before, after, level)
        low, high = difference - half, difference + half
    return MinutesChange(
        fmean(before), fmean(after), len(before), len(after), difference, low, high, level
    )


def _half_width(one: Sequence[float], other: Sequence[float], level: float) -> float:
    """Half of Welch's interval; zero where no week differs from the others on its side."""
    from scipy.stats import t

    parts = [variance(one) / len(one), variance(other) / len(other)]
    if not sum(parts):
        return 0.0
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (len(one) - 1) + parts[1] ** 2 / (len(other) - 1))
    return float(t.ppf((1 + level) / 2, freedom)) * math.sqrt(sum(parts))
