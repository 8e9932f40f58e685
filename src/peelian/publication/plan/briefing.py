"""A shift on one page: where and when, whom to speak to, what to do, and why there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from peelian.core.place_names import normalised
from peelian.publication.plan.days import clock
from peelian.publication.plan.disclosed import (
    DisclosedBriefing,
    DisclosedPlaceBrief,
    DisclosedShift,
)
from peelian.publication.plan.options import first_sentence
from peelian.publication.translation import _, ngettext
from peelian.publication.wording import number, sentence_case

if TYPE_CHECKING:
    from peelian.core.patrols import Hotspot, PatrolMode
    from peelian.core.tasking import SpeakTo
    from peelian.products.patrol_plan.document import PlanDocument

# Promises that a patrol can keep while it walks.
_WALKED = ("visibility", "engagement", "target_hardening")
_PROMISES = 2
_KINDS = "Recorded there: "  # how the sentence of a place's kinds of record begins
# What an officer can do on the way; the other cards are work for a desk or for partners.
WALKED_CARDS = ("street-lighting", "bicycle-security", "shop-security")
_AFTER_DARK = "street-lighting"
_HOW_SEEN: Mapping[PatrolMode, str] = {
    "foot": _("Be seen: on foot and in uniform, in the circle and where people are."),
    "cycle": _("Be seen: in uniform, off the cycle in the circle and where people are."),
    "vehicle": _("Be seen: in uniform, out of the vehicle in the circle and where people are."),
}


def briefing_of(
    document: PlanDocument, shift: DisclosedShift, *, mode: PatrolMode, seal: str
) -> DisclosedBriefing:
    """What one unit needs for one shift."""
    hotspots = {place.place_id: place for place in document.plan.hotspots}
    visited = dict.fromkeys(leg.place_id for leg in shift.visits)
    return DisclosedBriefing(
        shift=shift,
        summary=_summary(shift),
        places=tuple(_place(hotspots[each]) for each in visited),
        to_do=tuple(_to_do(document, mode, is_late=_is_late(document, shift))),
        speak_to=tuple(_spoken(each) for each in document.tasking.speak_to if not each.place),
        # Without the seed, which would give away the times of all other shifts.
        footer=_("Plan version {version}, made {day}, seal {seal}.").format(
            version=document.plan.version,
            day=document.plan.made_on.isoformat(),
            seal=seal[:12],
        ),
    )  # fmt: skip


def _is_late(document: PlanDocument, shift: DisclosedShift) -> bool:
    night = document.plan.dose.night_begins
    return shift.end.date() > shift.day or shift.end.hour > night


def _summary(shift: DisclosedShift) -> str:
    if shift.is_lost:
        return _("The whole shift is lost to other work: no visit is planned.")
    if not shift.visits:
        return _("No visit is planned in this shift.")
    visits, back = shift.visits, shift.legs[-1]
    return ngettext(
        "{n} visit, {minutes} minutes at places. Leave the base at {leave}; back by {back}.",
        "{n} visits, {minutes} minutes at places. Leave the base at {leave}; back by {back}.",
        len(visits),
    ).format(
        n=len(visits),
        minutes=sum(leg.visit_minutes for leg in visits),
        leave=clock(shift.legs[0].leaves),
        back=clock(back.arrives),
    )


def spoken_at(document: PlanDocument, hotspot: Hotspot) -> tuple[str, ...]:
    """Whom the tasking file says to speak to at a place."""
    return tuple(
        _spoken(each)
        for each in document.tasking.speak_to
        if each.place and normalised(each.place) in normalised(hotspot.name)
    )


def _place(hotspot: Hotspot) -> DisclosedPlaceBrief:
    """A person's reason, how much is recorded there, and of what kinds; the plan says more."""
    known = [sentence_case(hotspot.reason)] if hotspot.origin == "known" else []
    kinds = [each.removeprefix(_KINDS) for each in hotspot.why if each.startswith(_KINDS)]
    records = ngettext(
        "{n} record in twelve months", "{n} records in twelve months", hotspot.records
    ).format(n=number(hotspot.records))
    why = [*known, f"{records}: {kinds[0]}" if kinds else f"{records}."]
    return DisclosedPlaceBrief(rank=hotspot.rank, name=hotspot.name, why=" ".join(why))


def _spoken(who: SpeakTo) -> str:
    return f"{who.who}: {who.about}" if who.about else who.who


def _to_do(document: PlanDocument, mode: PatrolMode, *, is_late: bool) -> Iterator[str]:
    """From the dose, the cards and the team's own promises; then the two rules."""
    dose = document.plan.dose
    yield _("{seen} {shortest} to {longest} minutes at each place.").format(
        seen=_HOW_SEEN[mode], shortest=dose.shortest_minutes, longest=dose.longest_minutes
    )
    for card in document.cards:
        if card.id in WALKED_CARDS and (is_late or card.id != _AFTER_DARK):
            yield f"{card.title}: {first_sentence(card.implementation)}"
    promises = [each.text for each in document.commitments if each.tactic in _WALKED]
    for text in promises[:_PROMISES]:
        yield _("Promised in public: {text}").format(text=sentence_case(text))
    yield _("Speak to people: what they see here, and when. Note themes, never names.")
    yield _(
        "This sheet asks for no search. A place is no ground for one, and none is made to reassure."
    )
