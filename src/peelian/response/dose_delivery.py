"""Planned visits against delivered ones: on time, at another time, too short, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from peelian.core.patrols import Dose, PatrolMode, PlannedVisit, Shift, Visit

Outcome = Literal["on time", "other time", "too short", "not delivered", "not logged"]

# Plans are unpredictable on purpose; a unit that is a quarter of an hour off kept to its plan.
ON_TIME_MINUTES = 15.0


@dataclass(frozen=True)
class Delivery:
    """What became of a planned visit. start, end, mode: of the visit that it was matched with.

    Which unit came is not kept: a plan is delivered by a team.
    """

    planned: PlannedVisit
    band: str
    day: date  # on which the shift begins
    outcome: Outcome
    start: datetime | None = None
    end: datetime | None = None
    mode: PatrolMode | None = None


@dataclass(frozen=True)
class Deliveries:
    """What became of each planned visit, in the plan's order, and the useful visits beyond it."""

    planned: tuple[Delivery, ...]
    unplanned: tuple[Visit, ...]


class Duty:
    """Which shift a moment belongs to, and so which band and which day.

    A night's hours after midnight belong to the day on which the shift began. A moment in no
    shift belongs to its date and to no band.
    """

    def __init__(self, shifts: Iterable[Shift]) -> None:
        self.shifts: Mapping[str, Shift] = {each.shift_id: each for each in shifts}
        self._by_start = sorted(self.shifts.values(), key=lambda s: (s.start, s.shift_id))
        self._found: dict[tuple[datetime, str], Shift | None] = {}

    def shift(self, moment: datetime, *, unit: str = "") -> Shift | None:
        """The shift of a moment: the unit's own before another's, of several the earliest."""
        if (moment, unit) not in self._found:
            open_then = [each for each in self._by_start if each.start <= moment < each.end]
            own = [each for each in open_then if each.unit == unit]
            self._found[moment, unit] = next(iter(own + open_then), None)
        return self._found[moment, unit]

    def day(self, visit: Visit) -> date:
        """The day to which a visit belongs."""
        shift = self.shift(visit.start, unit=visit.unit)
        return (shift.start if shift else visit.start).date()

    def band(self, visit: Visit) -> str:
        """The band to which a visit belongs; empty outside all shifts."""
        shift = self.shift(visit.start, unit=visit.unit)
        return shift.band if shift else ""


def deliveries(
    planned: Sequence[PlannedVisit],
    visits: Sequence[Visit],
    *,
    duty: Duty,
    dose: Dose,
    logged: frozenset[date],
    on_time_minutes: float = ON_TIME_MINUTES,
) -> Deliveries:
    """Match each planned visit with at most one delivered at its place, and each of those once.

    First as many as can be are matched on time: their starts lie at most `on_time_minutes`
    apart, both ends included. What is left of a day is matched at another time of it, in order.
    Last come visits shorter than the dose's shortest, on time alone: they say that somebody came
    and did not stay. Any unit's visit will do. logged: days of which the log can be believed to
    be whole; a planned visit of another day that has no match is not logged, which is not the
    same as not delivered.
    """
    tolerance = timedelta(minutes=on_time_minutes)
    useful = [each.minutes >= dose.shortest_minutes for each in visits]
    matched: dict[int, tuple[int, Outcome]] = {}
    for place in {each.place_id for each in planned}:
        wanted = sorted(
            (i for i, each in enumerate(planned) if each.place_id == place),
            key=lambda i: (planned[i].start, i),
        )
        came = sorted(
            (j for j, each in enumerate(visits) if each.place_id == place),
            key=lambda j: (visits[j].start, j),
        )
        long_enough = [j for j in came if useful[j]]
        pairs = _on_time(wanted, long_enough, planned, visits, tolerance)
        matched |= {i: (j, "on time") for i, j in pairs.items()}
        by_day = _by_day([j for j in long_enough if j not in pairs.values()], visits, duty)
        for i in wanted:
            day = duty.shifts[planned[i].shift_id].start.date()
            if i not in matched and by_day.get(day):
                matched[i] = (by_day[day].pop(0), "other time")
        short = [j for j in came if not useful[j]]
        missed = [i for i in wanted if i not in matched]
        cut_short = _on_time(missed, short, planned, visits, tolerance)
        matched |= {i: (j, "too short") for i, j in cut_short.items()}
    used = {j for j, _ in matched.values()}
    return Deliveries(
        tuple(
            _delivery(each, matched.get(i), visits, duty, logged) for i, each in enumerate(planned)
        ),
        tuple(
            each for j, each in enumerate(visits) if each.place_id and useful[j] and j not in used
        ),
    )


def _on_time(
    wanted: Sequence[int],
    came: Sequence[int],
    planned: Sequence[PlannedVisit],
    visits: Sequence[Visit],
    tolerance: timedelta,
) -> dict[int, int]:
    """As many pairs within the tolerance as there can be; both in order of start.

    All windows are equally long, so taking for each planned visit the first that is still free
    loses none.
    """
    pairs: dict[int, int] = {}
    at = 0
    for i in wanted:
        while at < len(came) and visits[came[at]].start < planned[i].start - tolerance:
            at += 1
        if at < len(came) and visits[came[at]].start <= planned[i].start + tolerance:
            pairs[i] = came[at]
            at += 1
    return pairs


def _by_day(indices: Sequence[int], visits: Sequence[Visit], duty: Duty) -> dict[date, list[int]]:
    days: dict[date, list[int]] = {}
    for j in indices:
        days.setdefault(duty.day(visits[j]), []).append(j)
    return days


def _delivery(
    planned: PlannedVisit,
    match: tuple[int, Outcome] | None,
    visits: Sequence[Visit],
    duty: Duty,
    logged: frozenset[date],
) -> Delivery:
    shift = duty.shifts[planned.shift_id]
    day = shift.start.date()
    if match is None:
        return Delivery(
            planned, shift.band, day, "not delivered" if day in logged else "not logged"
        )
    visit = visits[match[0]]
    return Delivery(planned, shift.band, day, match[1], visit.start, visit.end, visit.mode)
