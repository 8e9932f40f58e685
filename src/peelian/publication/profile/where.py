"""Where: which places come first, how few hold how much, and what the ward's line decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peelian.core.months import MonthSpan
from peelian.products.problem_profile import Unanswered
from peelian.publication import wording
from peelian.publication.profile.certainty import sure_of
from peelian.publication.profile.places import place_statements
from peelian.publication.profile.statements import RECORDS, STREETS, Figure, Statement, not_known
from peelian.publication.translation import _, ngettext

if TYPE_CHECKING:
    from peelian.core.results import EdgeSensitivity
    from peelian.products.problem_profile import ProblemProfile
    from peelian.products.ward_page import MeasureResult, PlaceRanking

_FIRST = 3
_ABOVE = ("new", "intensifying", "persistent", "diminishing")


def where_statements(profile: ProblemProfile) -> Iterator[Statement]:
    """The first places, the rest of the list, and how far to trust it."""
    ranking = profile.checked.ranking
    if ranking is None or not ranking.places:
        yield _no_ranking(profile)
    else:
        yield _first_places(profile, ranking)
    yield from _streets(profile)
    yield _concentration(profile)
    if ranking is not None:
        yield _edge(ranking)
        yield from place_statements(profile, ranking)


def _no_ranking(profile: ProblemProfile) -> Statement:
    if profile.measure.police_generated:
        text = _(
            "No place is ranked: these records follow what police did, and a ranking by them would "
            "send patrols back to where they were."
        )
    else:
        text = _("No place is ranked: no record lies in the ward in the months held.")
    return Statement("where.first", "where", text, {}, source=RECORDS)


def _first_places(profile: ProblemProfile, ranking: PlaceRanking) -> Statement:
    """The places that come first, in the streets named where there are some, and how sure."""
    listed = [p for p in ranking.places if p.place_id in profile.where.in_streets] or [
        *ranking.places
    ]
    names = [place.name for place in listed[:_FIRST]]
    above = [place for place in listed if place.persistence in _ABOVE]
    figures: dict[str, Figure] = {
        "places": "; ".join(names),
        "ranked": len(listed),
        "clearly_above_average": len(above),
    }
    where = _("In the streets named, most") if profile.where.in_streets else _("Most")
    text = _("{where} is to be expected at {places}.").format(
        where=where, places=wording.join(names)
    )
    if above:
        text += " " + ngettext(
            "Of the {ranked} places with any record {n} lately stands clearly above the ward's "
            "average place.",
            "Of the {ranked} places with any record {n} lately stand clearly above the ward's "
            "average place.",
            len(above),
        ).format(n=len(above), ranked=len(listed))
        return Statement("where.first", "where", text, figures, "", "ranking", RECORDS)
    text += " " + _("None stands clearly above the ward's average place: too few to say.")
    sure = _("too few to say")
    return Statement("where.first", "where", text, figures, sure, "ranking", RECORDS)


def _streets(profile: ProblemProfile) -> Iterator[Statement]:
    """The streets that the priority names: their part of the ward's records, and the way there."""
    corridor = profile.checked.priority.corridor
    if corridor is None:
        return
    rule = profile.checked.corridor_rule
    if profile.in_ward is not None:
        yield _part(profile.main, profile.in_ward)
    method = "corridor" if profile.checked.corridor is not None else ""
    yield Statement("where.streets", "where", rule, {"rule": rule}, "", method, STREETS)
    if (edge := profile.where.streets_edge) is not None:
        text = _(
            "Of {total} in the streets named in all months held, {inside} lie at most {metres:g} m "
            "inside their edge; of the ward's others {outside} lie at most {metres:g} m outside it."
        ).format(
            total=_records(edge.total_inside),
            inside=wording.number(edge.inside_near),
            outside=wording.number(edge.outside_near),
            metres=edge.within_m,
        )
        yield Statement(
            "where.streets-edge", "where", text, _edge_figures(edge), "", "corridor", RECORDS
        )
    route = profile.where.route
    if route is not None and not isinstance(route, Unanswered):
        names = list(dict.fromkeys(step.street for step in route.steps if step.street))
        if names:
            text = _("The shortest way on foot is {metres} m: {streets}.").format(
                metres=wording.number(round(route.length_m)), streets=wording.join(names)
            )
            figures: dict[str, Figure] = {
                "length_m": round(route.length_m), "streets": "; ".join(names),
            }  # fmt: skip
            yield Statement("where.route", "where", text, figures, "", "route", STREETS)


def _part(streets: MeasureResult, ward: MeasureResult) -> Statement:
    """How much of the ward's last year lies in the streets named."""
    months = [
        m for m in MonthSpan.ending(ward.series.span.last, months=12) if _both(m, streets, ward)
    ]
    inside = sum(streets.series.at(month) or 0 for month in months)
    total = sum(ward.series.at(month) or 0 for month in months)
    said = wording.months_in_words(months) if months else ""
    text = _("{inside} of the ward's {total} in {months} lie in the streets named.").format(
        inside=wording.number(inside), total=_records(total), months=said
    )
    figures: dict[str, Figure] = {"inside": inside, "ward": total, "months": said}
    return Statement("where.part", "where", text, figures, "", "corridor", RECORDS)


def _both(month: object, *results: MeasureResult) -> bool:
    return all(month in result.series.held for result in results)


def _concentration(profile: ProblemProfile) -> Statement:
    found = profile.where.concentration
    if isinstance(found, Unanswered):
        question = _("How few places hold most of the records")
        return not_known("where.concentration", "where", question, found.why)
    half = found.half_in
    observed, low, high = (
        round(share * found.places) for share in (half.observed, half.low, half.high)
    )
    figures: dict[str, Figure] = {
        "places": found.places,
        "records": found.records,
        "half_in_places": observed,
        "half_by_chance_low": low,
        "half_by_chance_high": high,
        "p_value": half.p_value,
        "level": found.level,
        "replicates": found.replicates,
        "generalised_gini": found.generalised_gini.observed,
        "top_5_per_cent_hold": found.top_5_percent.observed,
    }
    shared = (profile.in_ward or profile.main).series.total - found.records
    figures["share_a_crime_id"] = shared
    text = _(
        "Half of the ward's {records}{once} lie at {n} of its {places} places; spread by chance "
        "alone they would lie at {low} to {high}."
    ).format(
        records=_records(found.records),
        once=_(" (each Crime ID once)") if shared else "",
        n=observed,
        places=found.places,
        low=low,
        high=high,
    )
    if profile.measure.police_generated:
        text += " " + _("They lie where police looked.")
    few = _("too few to say") if found.records < found.places else _("no clear change")
    sure = sure_of(half.p_value) if half.is_beyond_chance else few
    return Statement("where.concentration", "where", text, figures, sure, "concentration", RECORDS)


def _edge(ranking: PlaceRanking) -> Statement:
    edge = ranking.edge
    text = _(
        "At most {metres:g} m inside the ward's line: {inside}. At most {metres:g} m outside it, "
        "and not counted: {outside}."
    ).format(
        inside=_records(edge.inside_near),
        outside=wording.number(edge.outside_near),
        metres=edge.within_m,
    )
    return Statement("where.edge", "where", text, _edge_figures(edge), "", "edge", RECORDS)


def _edge_figures(edge: EdgeSensitivity) -> dict[str, Figure]:
    return {
        "total_inside": edge.total_inside,
        "inside_near": edge.inside_near,
        "outside_near": edge.outside_near,
        "within_m": edge.within_m,
        "points_inside_near": edge.points_inside_near,
        "points_outside_near": edge.points_outside_near,
    }


def _records(count: int) -> str:
    return ngettext("{n} record", "{n} records", count).format(n=wording.number(count))
