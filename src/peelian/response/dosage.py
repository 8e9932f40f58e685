"""Dosage: how much patrol each hot spot got, a week, a band and an hour, and against the plan.

A dose is a visit of at least ten minutes: presence deters for longer the longer it stays, up to
about fifteen (Koper 1995, doi:10.1080/07418829500096231). Which visits count is the plan's
`Dose`; the rest is counted too, and told apart. Minutes are a unit's: two units at a place for
ten minutes are twenty. No result says what one unit did over days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from peelian.core.patrols import Dose, PatrolPlan, PlannedVisit, Shift, Visit
from peelian.core.week import minute_of_week, minutes_by_hour, mondays, week_of
from peelian.response.dose_delivery import (
    ON_TIME_MINUTES,
    Deliveries,
    Delivery,
    Duty,
    deliveries,
)
from peelian.response.patrol_gaps import LongestGap, longest_gaps

MinutesOfWeek = tuple[tuple[float, ...], ...]  # 7 rows, Monday first, of 24 hours

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Delivered:
    """Visits and unit minutes.

    useful: visits at least as long as the dose's shortest. dose_minutes: theirs, up to the
    dose's longest each; extra_minutes: theirs beyond it. short_minutes: of visits that are no
    dose. The three sum to minutes, and so do those by mode.
    """

    visits: int = 0
    useful: int = 0
    minutes: float = 0.0
    dose_minutes: float = 0.0
    extra_minutes: float = 0.0
    short_minutes: float = 0.0
    foot_minutes: float = 0.0
    cycle_minutes: float = 0.0
    vehicle_minutes: float = 0.0
    visible_minutes: float = 0.0

    @property
    def visible_share(self) -> float | None:
        """Minutes in uniform as a share of all; None where there are none."""
        return self.visible_minutes / self.minutes if self.minutes else None


@dataclass(frozen=True)
class Planned:
    """Planned visits, their minutes, and how many had which outcome."""

    visits: int = 0
    minutes: float = 0.0
    on_time: int = 0
    other_time: int = 0
    too_short: int = 0
    not_delivered: int = 0
    not_logged: int = 0

    @property
    def delivered_share(self) -> float | None:
        """Visits delivered of those whose day is logged; None where no day is."""
        known = self.visits - self.not_logged
        return (self.on_time + self.other_time) / known if known else None


@dataclass(frozen=True)
class PlaceWeek:
    """One hot spot in one week. place_id: empty for background patrol.

    week: its Monday. days_logged: of seven. delivered: None where no day of the week is
    logged: then nothing is known, which is not nothing done.
    """

    place_id: str
    week: date
    days_logged: int
    delivered: Delivered | None
    planned: Planned


@dataclass(frozen=True)
class BandDosage:
    """One band, on the days that are logged; band: empty for time outside all shifts.

    shifts, rostered_minutes: of all the plan's days; logged_shifts, logged_minutes: of those
    with a log. at_places, background: delivered.
    """

    band: str
    shifts: int
    rostered_minutes: float
    logged_shifts: int
    logged_minutes: float
    planned: Planned
    at_places: Delivered
    background: Delivered


@dataclass(frozen=True)
class HourTable:
    """Minutes by hour of the week, summed over the logged days.

    rostered: of shifts; planned: of planned visits; at_places, background: delivered.
    """

    rostered: MinutesOfWeek
    planned: MinutesOfWeek
    at_places: MinutesOfWeek
    background: MinutesOfWeek


@dataclass(frozen=True)
class Dosage:
    """What was delivered in a plan's days, and against what.

    days_logged: in order. place_weeks: by place in the plan's order, then background, then by
    week. outside: visits of other days than the plan's, which are not counted here.
    """

    days_logged: tuple[date, ...]
    days: int
    place_weeks: tuple[PlaceWeek, ...]
    bands: tuple[BandDosage, ...]
    hours: HourTable
    gaps: tuple[LongestGap, ...]
    deliveries: tuple[Delivery, ...]
    unplanned: int
    unplanned_minutes: float
    at_places: Delivered
    background: Delivered
    planned: Planned
    outside: int


def dosage(
    visits: Sequence[Visit],
    plan: PatrolPlan,
    *,
    complete: Collection[date] = (),
    on_time_minutes: float = ON_TIME_MINUTES,
) -> Dosage:
    """Count what a log holds of a plan's days.

    complete: days of which somebody says that the log has every patrol; a day with a visit is
    logged too. Any other day is missing, and its planned visits are neither delivered nor not.
    A visit belongs, whole, to the day on which its shift begins, and to the band of that
    shift; only the hour table divides it. Visits at places that the plan has not are an error
    of the caller's: readers refuse them. No visits at all give a dosage in which nothing is
    logged.
    """
    duty = Duty(plan.shifts)
    days = _days(plan.first, plan.last)
    own = [each for each in visits if plan.first <= duty.day(each) <= plan.last]
    logged = frozenset(duty.day(each) for each in own) | (frozenset(complete) & frozenset(days))
    found = deliveries(
        plan.visits, own, duty=duty, dose=plan.dose, logged=logged, on_time_minutes=on_time_minutes
    )
    placed = [each for each in own if each.place_id]
    rest = [each for each in own if not each.place_id]
    return Dosage(
        days_logged=tuple(sorted(logged)),
        days=len(days),
        place_weeks=tuple(_place_weeks(own, found, plan, duty, logged)),
        bands=tuple(_bands(placed, rest, found, plan, duty, logged)),
        hours=_hour_table(placed, rest, plan, duty, logged),
        gaps=tuple(longest_gaps(placed, plan, logged)),
        deliveries=found.planned,
        unplanned=len(found.unplanned),
        unplanned_minutes=sum(each.minutes for each in found.unplanned),
        at_places=delivered(placed, dose=plan.dose),
        background=delivered(rest, dose=plan.dose),
        planned=_planned(found.planned),
        outside=len(visits) - len(own),
    )


def delivered(visits: Iterable[Visit], *, dose: Dose) -> Delivered:
    """Sum visits up by a dose."""
    held = list(visits)
    useful = [each for each in held if each.minutes >= dose.shortest_minutes]
    minutes = sum(each.minutes for each in held)
    dosed = sum(min(each.minutes, dose.longest_minutes) for each in useful)
    of_useful = sum(each.minutes for each in useful)
    by_mode = {
        mode: sum(each.minutes for each in held if each.mode == mode)
        for mode in ("foot", "cycle", "vehicle")
    }
    return Delivered(
        visits=len(held),
        useful=len(useful),
        minutes=minutes,
        dose_minutes=dosed,
        extra_minutes=of_useful - dosed,
        short_minutes=minutes - of_useful,
        foot_minutes=by_mode["foot"],
        cycle_minutes=by_mode["cycle"],
        vehicle_minutes=by_mode["vehicle"],
        visible_minutes=sum(each.minutes for each in held if each.visible),
    )


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=each) for each in range((last - first).days + 1)]


def _planned(found: Iterable[Delivery]) -> Planned:
    held = list(found)
    outcomes = [each.outcome for each in held]
    return Planned(
        visits=len(held),
        minutes=sum(each.planned.minutes for each in held),
        on_time=outcomes.count("on time"),
        other_time=outcomes.count("other time"),
        too_short=outcomes.count("too short"),
        not_delivered=outcomes.count("not delivered"),
        not_logged=outcomes.count("not logged"),
    )


def _place_weeks(
    visits: Sequence[Visit],
    found: Deliveries,
    plan: PatrolPlan,
    duty: Duty,
    logged: frozenset[date],
) -> Iterable[PlaceWeek]:
    weeks = mondays(plan.first, plan.last)
    for place in [*(each.place_id for each in plan.hotspots), ""]:
        for week in weeks:
            days_logged = sum(week_of(day) == week for day in logged)
            own = [v for v in visits if v.place_id == place and week_of(duty.day(v)) == week]
            yield PlaceWeek(
                place,
                week,
                days_logged,
                delivered(own, dose=plan.dose) if days_logged else None,
                _planned(
                    each
                    for each in found.planned
                    if each.planned.place_id == place and week_of(each.day) == week
                ),
            )


def _bands(
    placed: Sequence[Visit],
    rest: Sequence[Visit],
    found: Deliveries,
    plan: PatrolPlan,
    duty: Duty,
    logged: frozenset[date],
) -> Iterable[BandDosage]:
    bands = list(dict.fromkeys(each.band for each in sorted(plan.shifts, key=lambda s: s.start)))
    if any(not duty.band(each) for each in [*placed, *rest]):
        bands.append("")
    for band in bands:
        shifts = [each for each in plan.shifts if each.band == band]
        with_log = [each for each in shifts if each.start.date() in logged]
        yield BandDosage(
            band=band,
            shifts=len(shifts),
            rostered_minutes=sum((each.end - each.start) / _MINUTE for each in shifts),
            logged_shifts=len(with_log),
            logged_minutes=sum((each.end - each.start) / _MINUTE for each in with_log),
            planned=_planned(each for each in found.planned if each.band == band),
            at_places=delivered((v for v in placed if duty.band(v) == band), dose=plan.dose),
            background=delivered((v for v in rest if duty.band(v) == band), dose=plan.dose),
        )


def _hour_table(
    placed: Sequence[Visit],
    rest: Sequence[Visit],
    plan: PatrolPlan,
    duty: Duty,
    logged: frozenset[date],
) -> HourTable:
    out = [each for each in plan.shifts if each.start.date() in logged]
    wanted = [v for v in plan.visits if duty.shifts[v.shift_id].start.date() in logged]
    return HourTable(
        rostered=_by_hour(out),
        planned=_by_hour(wanted),
        at_places=_by_hour(placed),
        background=_by_hour(rest),
    )


def _by_hour(spans: Iterable[Shift | PlannedVisit | Visit]) -> MinutesOfWeek:
    """Minutes of spans of time in each hour of the week."""
    table = minutes_by_hour((minute_of_week(s.start), (s.end - s.start) / _MINUTE) for s in spans)
    return tuple(tuple(hours) for hours in table.tolist())
