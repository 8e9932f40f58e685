"""The list of places of a profile, whose numbers stand on its map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peelian.core.months import MonthSpan
from peelian.publication import wording
from peelian.publication.profile.statements import RECORDS, Figure, Statement
from peelian.publication.translation import _, ngettext

if TYPE_CHECKING:
    from peelian.core.results import RankedPlace
    from peelian.products.problem_profile import ProblemProfile
    from peelian.products.ward_page import PlaceRanking

YEAR = 12
LISTED = 10  # as many as a phone's map can number


def place_statements(profile: ProblemProfile, ranking: PlaceRanking) -> Iterator[Statement]:
    """A line a place at the head of the ranking, and one for all the others together."""
    year = MonthSpan.ending(ranking.span.last, months=min(YEAR, len(ranking.span)))
    held = [month for month in year if month not in profile.missing]
    lately = wording.months_in_words(held) if held else ""
    for place in ranking.places[:LISTED]:
        in_streets = place.place_id in profile.where.in_streets
        yield _listed(place, lately, months=len(held), in_streets=in_streets)
    if others := ranking.places[LISTED:]:
        records = sum(place.recent for place in others)
        text = ngettext(
            "One further place had {records} in {months}.",
            "{n} further places together had {records} in {months}.",
            len(others),
        ).format(n=len(others), records=_records(records), months=lately)
        figures: dict[str, Figure] = {
            "places": len(others), "records": records, "months": lately,
        }  # fmt: skip
        yield Statement("where.others", "where", text, figures, "", "ranking", RECORDS)


def where_in_ward(profile: ProblemProfile, ranking: PlaceRanking) -> str:
    """What the list is of: under its title."""
    return _("Places in {ward} by records expected next; {span}").format(
        ward=profile.ward_file.name or profile.area.name, span=ranking.span.in_words
    )


def _listed(place: RankedPlace, lately: str, *, months: int, in_streets: bool) -> Statement:
    """lately: the months held of the last twelve, and months how many they are."""
    text = _(
        "{name}: {expected:.1f} expected in {n} months ({low} to {high}); {recent} in {year}, "
        "{records} in all."
    ).format(
        name=place.name,
        expected=place.expected,
        n=wording.in_a_word(place.horizon_months),
        low=wording.number(round(place.low)),
        high=wording.number(round(place.high)),
        recent=_records(place.recent),
        year=_("the last year")
        if months == YEAR
        else ngettext(
            "the one month held of the last year", "the {n} months held of the last year", months
        ).format(n=wording.in_a_word(months)),
        records=wording.number(place.records),
    )
    if place.persistence != "sporadic":  # said of most places, it hides the others
        text += f" {wording.PERSISTENCE[place.persistence]}."
    if in_streets:
        text += " " + _("In the streets named.")
    return Statement(
        f"where.place.{place.rank}",
        "where",
        text,
        {
            "place": place.name,
            "rank": place.rank,
            "expected": place.expected,
            "low": place.low,
            "high": place.high,
            "level_per_cent": round(100 * place.level),
            "horizon_months": place.horizon_months,
            "recent": place.recent,
            "recent_months": lately,
            "records": place.records,
            "persistence": place.persistence,
        },
        _("{n} % range").format(n=round(100 * place.level)),
        "ranking",
        RECORDS,
    )


def _records(count: int) -> str:
    return ngettext("{n} record", "{n} records", count).format(n=wording.number(count))
