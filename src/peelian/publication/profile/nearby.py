"""What the map shows near the places of a profile, and whether it goes with records."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING

from peelian.products.problem_profile import Unanswered
from peelian.publication import wording
from peelian.publication.nearby_words import KINDS, near_words
from peelian.publication.profile.certainty import LIKELY, sure_of
from peelian.publication.profile.statements import (
    FEATURES,
    RECORDS,
    Figure,
    Statement,
    not_asked,
    not_known,
)
from peelian.publication.translation import _

if TYPE_CHECKING:
    from peelian.analysis.place_features import FeatureAssociation, ReasonNearby
    from peelian.core.results import RankedPlace
    from peelian.products.problem_profile import ProblemProfile

_EXPLAINED = 3  # places whose surroundings are told


def nearby_statements(profile: ProblemProfile) -> Iterator[Statement]:
    """What stands near the first places, then what goes with records in the whole ward."""
    ranking = profile.checked.ranking
    if ranking is not None:
        first = [p for p in ranking.places if p.place_id in profile.where.in_streets]
        near = profile.why.nearby
        for place in (first or [*ranking.places])[:_EXPLAINED]:
            if place.place_id in near:
                yield _near(place, near[place.place_id], profile.why.radius_m)
            elif not isinstance(profile.why.associations, Unanswered):
                yield _unmapped(place)
    yield _association(profile.why.associations)


def _near(place: RankedPlace, found: tuple[ReasonNearby, ...], radius_m: float) -> Statement:
    figures = dict[str, Figure](place=place.name, within_m=radius_m)
    for each in found:
        figures[each.kind] = each.count
        figures[f"{each.kind}_nearest_m"] = each.metres
        figures[f"{each.kind}_nearest"] = each.name
    if not found:
        text = _(
            "Near {place}: nothing on the map within {within:g} m that may draw people."
        ).format(place=place.name, within=radius_m)
    else:
        text = _("Near {place}: {features}.").format(place=place.name, features=near_words(found))
    return Statement(f"why.near.{place.rank}", "why", text, figures, "", "nearby", FEATURES)


def _unmapped(place: RankedPlace) -> Statement:
    why = _("The street map held does not reach there.")
    question = _("Near {place}").format(place=place.name)
    sure = _("cannot be measured")
    return not_known(f"why.near.{place.rank}", "why", question, why, sure=sure)


def _association(found: tuple[FeatureAssociation, ...] | Unanswered) -> Statement:
    """Which kinds of thing stand where more, or fewer, records are, beyond chance."""
    if isinstance(found, Unanswered):
        question = _("What stands near the places")
        if found.on_principle:
            return not_asked("why.association", "why", question, found.why)
        sure = _("cannot be measured")
        return not_known("why.association", "why", question, found.why, sure=sure)
    tested = [each for each in found if each.p_value is not None]
    figures: dict[str, Figure] = {}
    for each in tested:
        ratios = {"": each.ratio, "_low": each.low, "_high": each.high}
        for end, ratio in ratios.items():
            if ratio is not None and isfinite(ratio):
                figures[f"{each.kind}{end}"] = ratio
        figures[f"{each.kind}_p_value"] = each.p_value if each.p_value is not None else 1.0
        figures[f"{each.kind}_places_near"] = each.places_near
        figures[f"{each.kind}_records_near"] = each.records_near
    told = [each for each in tested if _is_told(each)]
    if not tested:
        text, sure = (
            _("Whether such things go with records: too few places lie near any to say."),
            _("too few to say"),
        )
    elif not told:
        kinds = wording.join(KINDS[each.kind][1] for each in tested)
        text = _(
            "No sign, beyond chance, that places near {kinds} have more records or fewer."
        ).format(kinds=kinds)
        sure = _("no clear change")
    else:
        text = _(
            "Records go with some of what is near: {ratios}. That is no sign that it causes them."
        ).format(ratios=wording.join(_ratio(each) for each in told))
        sure = sure_of(max(each.p_value or 0 for each in told))
    partly = [KINDS[each.kind][1] for each in told or tested if each.is_partly_mapped]
    if partly:
        text += " " + _("The map has only some of the {kinds}.").format(kinds=wording.join(partly))
    return Statement("why.association", "why", text, figures, sure, "association", RECORDS)


def _is_told(found: FeatureAssociation) -> bool:
    """Whether it passes by itself as well as among all kinds: of few, a discovery may be weak."""
    sure = found.p_value is not None and found.p_value < LIKELY
    return found.is_discovery and sure and found.ratio is not None


def _ratio(found: FeatureAssociation) -> str:
    """How many times as many records near a kind: "1.8 times as many near bus stops (...)"."""
    interval = (
        _("{low:.1f} or more").format(low=found.low)
        if not isfinite(found.high)
        else _("{low:.1f} to {high:.1f}").format(low=found.low, high=found.high)
    )
    return _("{times:.1f} times as many near {kind} as elsewhere ({interval})").format(
        times=found.ratio, kind=KINDS[found.kind][1], interval=interval
    )
