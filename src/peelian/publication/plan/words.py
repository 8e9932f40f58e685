"""The sentences of a plan's page: the finding first, then how sure, then what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from math import ceil, floor
from typing import TYPE_CHECKING

from peelian.core.patrols import Lifecycle
from peelian.publication.plan.days import clock, period_in_words
from peelian.publication.translation import _, ngettext
from peelian.publication.wording import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peelian.core.patrols import Abstraction, Hotspot, PatrolPlan
    from peelian.products.patrol_plan.document import PlanDocument

NOTICE = _("For the team. Small counts are not withheld here: do not publish.")

STATES: Mapping[Lifecycle, str] = {
    "proposed": _("Proposed"), "active": _("Active"), "watch": _("Watched"),
    "retired": _("Retired"),
}  # fmt: skip


def what_is_weighed(document: PlanDocument) -> str:
    """Harm where the places are weighed by it, records where they are not."""
    return _("harm") if document.harm else _("records")


def finding(document: PlanDocument) -> str:
    """How many of the visits asked for fit, and how many places are visited."""
    plan = document.plan
    days = (plan.last - plan.first).days + 1
    if not plan.visits:
        return _("No visit is planned from {period}. What stands in the way is said below.").format(
            period=period_in_words(plan.first, plan.last)
        )
    open_places = len(document.active) - len(document.withheld)
    visited = len({visit.place_id for visit in plan.visits})
    return _("{visits} in {days}; {visited} of {places}.").format(
        visits=_visits_that_fit(len(plan.visits), sum(visits for _place, visits in plan.asked)),
        days=ngettext("{n} day", "{n} days", days).format(n=days),
        visited=visited,
        places=ngettext("{n} place is visited", "{n} places are visited", open_places).format(
            n=open_places
        ),
    )


def _visits_that_fit(planned: int, asked: int) -> str:
    if planned >= asked:
        return ngettext("{n} visit is planned", "{n} visits are planned", planned).format(
            n=number(planned)
        )
    return _("{planned} of the {asked} visits asked for are planned").format(
        planned=number(planned), asked=number(asked)
    )


def score(document: PlanDocument) -> str:
    """How well the hours are spent, as points of 100; empty where there is nothing to reckon.

    Points and no per cent, since a share of the records expected is taken for a share prevented.
    """
    plan = document.plan
    if not plan.visits or document.expected <= 0:
        return ""
    reached, greedy, most = (
        100 * each / document.expected for each in (plan.covered, plan.next_best, plan.bound)
    )
    # To a tenth, since plans differ by less than one in a hundred; a bound is never too low.
    return _(
        "For where it spends its hours this plan scores {reached} of 100; going to the next best "
        "place each time would score {greedy}, and with these hours and this dose no plan can "
        "score more than {most}. The score compares plans: it does not say what a patrol prevents."
    ).format(
        reached=f"{floor(reached * 10) / 10:.1f}",
        greedy=f"{floor(greedy * 10) / 10:.1f}",
        most=f"{ceil(most * 10) / 10:.1f}",
    )


def hours_spent(document: PlanDocument) -> str:
    """Of the units' hours, how many go to visits and ways; empty without a visit."""
    routes = document.routes
    lost = sum(_minutes(each.start, each.end) for route in routes for each in route.lost)
    rostered = sum(_minutes(route.shift.start, route.shift.end) for route in routes) - lost
    there = sum(leg.visit.minutes for route in routes for leg in route.legs if leg.visit)
    ways = sum(_minutes(leg.leaves, leg.arrives) for route in routes for leg in route.legs)
    if not there:
        return ""
    free = max(0, rostered - there - ways)
    return _(
        "Of {rostered} hours of units, {there} go to visits and {ways} to the ways; {free} are "
        "free for what comes up."
    ).format(
        rostered=number(round(rostered / 60)),
        there=number(round(there / 60)),
        ways=number(round(ways / 60)),
        free=number(round(free / 60)),
    )


def _minutes(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() / 60)


def how_sure(document: PlanDocument) -> Iterator[str]:
    """What the finding rests on, in sentences."""
    if spent := hours_spent(document):
        yield spent
    if document.withheld:
        yield ngettext(
            "The trial keeps planned patrol from one more place in all of these days.",
            "The trial keeps planned patrol from {n} more places in all of these days.",
            len(document.withheld),
        ).format(n=len(document.withheld))
    if levels := sorted({round(100 * place.level) for place in document.active}):
        yield _(
            "What is expected at a place is an estimate: each stands in the table with its "
            "{level} % interval, and neighbours in the list could change places."
        ).format(level=levels[0])
    yield _(
        "Whether visits lessen {what} here is not known: studies elsewhere found that they do, and "
        "only a trial and the log can show it in this ward."
    ).format(what=what_is_weighed(document))


def expected_in_words(place: Hotspot) -> str:
    """What is expected in three months, with its interval."""
    return _("{n:.1f} ({low:.0f} to {high:.0f})").format(
        n=place.expected, low=place.low, high=place.high
    )


def police_made(place: Hotspot) -> str:
    """How much of what is placed there is found by police looking."""
    if place.police_made_share is None:
        return _("no record")
    return _("{n} %").format(n=round(100 * place.police_made_share))


def hours_in_words(place: Hotspot, document: PlanDocument) -> str:
    """The hours of the day in which a place is visited; empty where all are."""
    if place.place_id in document.withheld:
        return _("kept free of planned patrol by the trial")
    day, night = document.plan.dose.day_begins, document.plan.dose.night_begins
    if place.hours_set == "always":
        return ""
    first, last = (day, night) if place.hours_set == "day" else (night, day)
    return _("by {set}, {first:02d}:00 to {last:02d}:00").format(
        set=_(place.hours_set), first=first, last=last
    )


def lost_in_words(lost: Abstraction) -> str:
    """Hours lost, and why where it is known."""
    words = _("Lost from {start} to {end}").format(start=clock(lost.start), end=clock(lost.end))
    return f"{words}: {lost.reason}" if lost.reason else words


def unknown(document: PlanDocument) -> Iterator[str]:
    """What no plan made of these records can know."""
    plan = document.plan
    yield _(
        "The hour: open records name the month alone. The plan takes what is expected of a day to "
        "lie in the hours that the team has; if it falls in others, visits meet less of it."
    )
    yield _(
        "Where exactly: the publisher moves each record to one of a fixed set of points. A circle "
        "stands around such points, and its edge means nothing to a few dozen metres."
    )
    yield _(
        "What nobody reported: the places are those of records, and a place without records may "
        "need a patrol all the same. Known places can be named in the tasking file."
    )
    yield _(
        "Nobody chose the times: they and the orders are drawn by the seed {seed}, so that they "
        "can be audited. Whoever has the seed and the same records can draw them too: keep it "
        "within the team until the days are over."
    ).format(seed=plan.seed)
    yield _(
        "How long a way takes: paces are assumed, and lights, stairs and lifts are not on the map."
    )
    yield _("What will be delivered: that is for the log to say, which peelian dosage reads.")


def how_made(document: PlanDocument, *, seal: str) -> Iterator[tuple[str, str]]:
    """Name and words of each step by which the plan was made."""
    plan, dose = document.plan, document.plan.dose
    basis = _("Places are ranked by {measure}; no record that police make by looking is in it.")
    if document.measure.police_generated:
        basis = _("Places are ranked by {measure}, which follow what police did.")
    elif document.measure.holds_police_made:
        basis = _("Places are ranked by {measure}, some of which follow what police did.")
    yield _("Places"), basis.format(measure=document.measure.title.lower())
    if document.harm:
        yield _("Harm"), _("Records are weighed by {index}.").format(index=document.harm.title)
    yield _("Dose"), _dose(plan)
    yield (
        _("Times between visits"),
        _("At one place at least {gap} minutes, whichever unit makes them.").format(
            gap=dose.gap_minutes
        ),
    )
    yield (
        _("Ways"),
        _(
            "The quickest along the streets of the map held; on foot 72 metres a minute, by cycle "
            "200, by vehicle 250, vehicles by one-way streets."
        ),
    )
    yield (
        _("Routes"),
        _(
            "All units of a part of a day are planned together (a team orienteering problem), and "
            "what no route could exceed is reckoned beside it."
        ),
    )
    yield (
        _("Score"),
        _(
            "The 100 points are shared out over places and parts of days by the {what} expected "
            "there. A first visit in a part of a day earns half of its points, each further one "
            "half of what is left, so that no number of visits earns all. That halving is an "
            "assumption by which plans are compared, not a finding."
        ).format(what=what_is_weighed(document)),
    )
    yield (
        _("Seed"),
        _(
            "{seed}. The same seed and records give the same plan; another moves times, not dose."
        ).format(seed=plan.seed),
    )
    yield _("Boundaries"), plan.boundary_set
    yield _("Program"), _("peelian {version}").format(version=plan.code_version)
    yield _("Version"), _version(plan)
    yield _("Seal"), _("{seal}: SHA-256 of plan.json.").format(seal=seal)


def _dose(plan: PatrolPlan) -> str:
    dose = plan.dose
    told, first = [], 1
    for last, visits in dose.visits_a_day:
        ranks = f"{first}" if first == last else f"{first}–{last}"
        told.append(
            ngettext(
                "ranks {ranks}: {n} visit a day", "ranks {ranks}: {n} visits a day", visits
            ).format(ranks=ranks, n=visits)
        )
        first = last + 1
    return _(
        "Visits of {shortest} to {longest} minutes ({ranks}). Deterrence grew with each minute up "
        "to about 15 in Koper (1995), doi:10.1080/07418829500096231; how often is for the team to "
        "set in the tasking file."
    ).format(shortest=dose.shortest_minutes, longest=dose.longest_minutes, ranks="; ".join(told))


def _version(plan: PatrolPlan) -> str:
    if plan.version == 1:
        return "1"
    return _("{n}, in place of the plan with the seal {seal}").format(
        n=plan.version, seal=plan.replaces[:12]
    )


def whole_shift_lost(lost: tuple[Abstraction, ...], start: datetime, end: datetime) -> bool:
    """Whether nothing of a shift is left."""
    free = start
    for each in sorted(lost, key=lambda a: a.start):
        if each.start > free:
            return False
        free = max(free, each.end)
    return bool(lost) and free >= end
