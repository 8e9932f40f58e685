"""The team's door for plans: exact times, routes and true counts, for the team's own desk.

Nothing is held back here, and every page says that it is not to be published. No module of the
public pages may import this one: a wall test holds them to it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from peelian.products.patrol_plan.plan_file import seal_of
from peelian.publication import about_the_numbers as about
from peelian.publication.plan import words
from peelian.publication.plan.briefing import briefing_of, spoken_at
from peelian.publication.plan.days import day_in_words, period_in_words
from peelian.publication.plan.disclosed import (
    DisclosedHotspot,
    DisclosedInactive,
    DisclosedLeg,
    DisclosedPlan,
    DisclosedShift,
    DisclosedTrial,
)
from peelian.publication.plan.options import option_of
from peelian.publication.plan.tables import tables_beside
from peelian.publication.plan.trial import trial_period, trial_words
from peelian.publication.plan.ways import MODES, streets_in_short, way_in_words
from peelian.publication.ward_map import disclosed_map
from peelian.publication.wording import sentence_case
from peelian.response.week_shortfalls import is_shortfall

if TYPE_CHECKING:
    from peelian.core.patrols import Hotspot
    from peelian.products.patrol_plan.document import PlanDocument
    from peelian.products.patrol_plan.shift_routes import Leg, ShiftRoute
    from peelian.publication.disclosed import Ring


def cleared_for_team(document: PlanDocument) -> DisclosedPlan:
    """A plan with every time, way and count shown and every finding in words."""
    plan, seal = document.plan, seal_of(document.plan)
    shifts = tuple(_shift(document, route) for route in document.routes)
    return DisclosedPlan(
        ward_code=plan.area_code,
        ward_name=plan.area_name,
        operator=document.operator or document.force_name,
        notice=words.NOTICE,
        made_town=document.made_town,
        first=plan.first,
        last=plan.last,
        period=period_in_words(plan.first, plan.last),
        snapshot_day=plan.made_on.isoformat(),
        version=plan.version,
        change=plan.change,
        warning=document.stale,
        finding=words.finding(document),
        score=words.score(document),
        how_sure=tuple(words.how_sure(document)),
        notices=tuple(each for each in plan.notices if _is_notice(each, document)),
        shortfalls=tuple(each for each in plan.notices if is_shortfall(each)),
        what=words.what_is_weighed(document),
        hotspots=_hotspots(document),
        inactive=tuple(
            DisclosedInactive(each.name, words.STATES[each.lifecycle], sentence_case(each.reason))
            for each in plan.hotspots
            if not each.rank
        ),
        shifts=shifts,
        briefings=tuple(
            briefing_of(document, shift, mode=route.shift.mode, seal=seal)
            for shift, route in zip(shifts, document.routes, strict=True)
        ),
        trial=_trial(document),
        tables=tuple(tables_beside(document)),
        options=tuple(option_of(card) for card in document.cards),
        poor_fits=tuple((card.title, sentence_case(why)) for card, why in document.poor_fits),
        question=document.mix.question if document.mix else "",
        unknown=tuple(words.unknown(document)),
        how=tuple(words.how_made(document, seal=seal)),
        map=disclosed_map(document.area, document.layers),
        sources=tuple(about.source(held) for held in document.sources),
        licence=about.LICENCE,
        code_version=plan.code_version,
        seed=plan.seed,
        seal=seal,
    )


def _is_notice(said: str, document: PlanDocument) -> bool:
    """Whether it is neither shown first nor beside the places that get fewer visits."""
    return said != document.stale and not is_shortfall(said)


def _hotspots(document: PlanDocument) -> tuple[DisclosedHotspot, ...]:
    plan, active = document.plan, document.active
    asked, planned = Counter(dict(plan.asked)), Counter(v.place_id for v in plan.visits)
    return tuple(
        DisclosedHotspot(
            rank=place.rank,
            place_id=place.place_id,
            name=place.name,
            easting=place.centre[0],
            northing=place.centre[1],
            radius_m=place.radius_m,
            buffer_m=place.buffer_m,
            expected=words.expected_in_words(place),
            police_made=words.police_made(place),
            why=_why(place),
            hours=words.hours_in_words(place, document),
            until=place.until.isoformat() if place.until else "",
            asked=asked[place.place_id],
            planned=planned[place.place_id],
        )
        for place in active
    )


def _why(place: Hotspot) -> tuple[str, ...]:
    known = (sentence_case(place.reason),) if place.origin == "known" else ()
    return (*known, *place.why) or (sentence_case(place.reason),)


def _shift(document: PlanDocument, route: ShiftRoute) -> DisclosedShift:
    shift = route.shift
    last = (shift.end - timedelta(minutes=1)).date()  # an end at midnight is the same day's
    return DisclosedShift(
        shift_id=shift.shift_id,
        stem="briefing-" + re.sub(r"[^a-z0-9]+", "-", shift.shift_id.lower()).strip("-"),
        day=shift.start.date(),
        day_in_words=period_in_words(shift.start.date(), last),
        band=shift.band,
        unit=shift.unit,
        mode=MODES[shift.mode],
        start=shift.start,
        end=shift.end,
        base=document.base_name,
        legs=tuple(_legs(document, route)),
        lost=tuple(words.lost_in_words(each) for each in route.lost),
        is_lost=words.whole_shift_lost(route.lost, shift.start, shift.end),
    )


def _legs(document: PlanDocument, route: ShiftRoute) -> Iterator[DisclosedLeg]:
    """In order of time, each with what has to be known before it: a new day, hours lost."""
    day, lost, visited = route.shift.start.date(), list(route.lost), set[str]()
    for leg in route.legs:
        before = []
        while lost and lost[0].start <= leg.leaves:
            if lost[0].start.date() > day:
                day = lost[0].start.date()
                before.append(day_in_words(day))
            before.append(words.lost_in_words(lost.pop(0)))
        if leg.arrives.date() > day:
            day = leg.arrives.date()
            before.append(day_in_words(day))
        place = leg.hotspot
        is_first = place is not None and place.place_id not in visited
        visited.add(place.place_id if place else "")
        speak_to = spoken_at(document, place) if place and is_first else ()
        yield _leg(document, leg, before=tuple(before), speak_to=speak_to)


def _leg(
    document: PlanDocument, leg: Leg, *, before: tuple[str, ...], speak_to: tuple[str, ...]
) -> DisclosedLeg:
    return DisclosedLeg(
        before=before,
        speak_to=speak_to,
        rank=leg.hotspot.rank if leg.hotspot else 0,
        place_id=leg.hotspot.place_id if leg.hotspot else "",
        name=leg.hotspot.name if leg.hotspot else document.base_name,
        leaves=leg.leaves,
        arrives=leg.arrives,
        ends=leg.visit.end if leg.visit else None,
        minutes_there=round((leg.arrives - leg.leaves).total_seconds() / 60),
        metres=round(leg.way.metres) if leg.way else 0,
        way=way_in_words(leg.way),
        streets=streets_in_short(leg.way),
        line=_line(leg),
    )


def _line(leg: Leg) -> Ring:
    if leg.way is None:
        return ()
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in leg.way.line)


def _trial(document: PlanDocument) -> DisclosedTrial | None:
    trial = document.plan.trial
    if trial is None:
        return None
    names = {place.place_id: place.name for place in document.plan.hotspots}
    return DisclosedTrial(
        periods=tuple(trial_period(*days) for days in pairwise(trial.period_starts)),
        rows=tuple(
            (names.get(place, place), treated)
            for place, treated in zip(trial.places, trial.treated, strict=True)
        ),
        says=tuple(trial_words(trial, document.power)),
    )
