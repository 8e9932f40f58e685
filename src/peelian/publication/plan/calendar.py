"""A plan's shifts as a calendar (RFC 5545) in the time of Europe/London."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from peelian.publication.plan.days import clock
from peelian.publication.translation import _

if TYPE_CHECKING:
    from peelian.publication.plan.disclosed import DisclosedPlan, DisclosedShift

_LONDON = ZoneInfo("Europe/London")


def plan_calendar(plan: DisclosedPlan) -> bytes:
    """One event a shift; its visits stand in the event's text, never in its title.

    A title is seen on a locked screen: it says no place. A shift's UID stays the same from
    version to version, and SEQUENCE is the version, so that a calendar takes the newest; a shift
    that is lost altogether is cancelled.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//Peelian {plan.code_version}//Patrol plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("{ward}: patrol plan").format(ward=plan.ward_name))
    stamp = datetime.combine(date.fromisoformat(plan.snapshot_day), datetime.min.time(), UTC)
    for shift in plan.shifts:
        calendar.add_component(_event(plan, shift, stamp))
    calendar.add_missing_timezones(
        first_date=date(plan.first.year, 1, 1), last_date=date(plan.last.year + 1, 12, 31)
    )
    text: bytes = calendar.to_ical()
    return text


def _event(plan: DisclosedPlan, shift: DisclosedShift, stamp: datetime):  # type: ignore[no-untyped-def]
    from icalendar import Event

    event = Event()
    event.add("uid", f"{shift.stem}.{plan.ward_code}@peelian")
    event.add("dtstamp", stamp)
    event.add("sequence", plan.version)
    event.add("dtstart", shift.start.replace(tzinfo=_LONDON))
    event.add("dtend", shift.end.replace(tzinfo=_LONDON))
    event.add("summary", _("Patrol, unit {unit}, {band}").format(unit=shift.unit, band=shift.band))
    event.add("description", "\n".join(_lines(plan, shift)))
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if shift.is_lost else "CONFIRMED")
    event.add("transp", "OPAQUE")
    return event


def _lines(plan: DisclosedPlan, shift: DisclosedShift) -> list[str]:
    visits = [
        f"{clock(leg.arrives)}–{clock(leg.ends)} {leg.rank}. {leg.name}"
        for leg in shift.visits
        if leg.ends
    ]
    return [*shift.lost, *(visits or [_("No visit is planned.")]), plan.notice]
