"""The ward's places as a list that may be shown: who is on it, with which counts, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelian.core.grid import to_degrees
from peelian.core.months import MonthSpan
from peelian.publication.consistent_tables import Asked, Known
from peelian.publication.disclosed import (
    DisclosedCount,
    DisclosedHow,
    DisclosedPlace,
    DisclosedRanking,
)
from peelian.publication.disclosure import THRESHOLD, Held, suppress
from peelian.publication.nearby_words import LANDMARKS, near_words
from peelian.publication.shown_counts import about, held_beside, too_small
from peelian.publication.translation import _, ngettext
from peelian.publication.ward_counts import RECENT_MONTHS
from peelian.publication.wording import (
    PERSISTENCE,
    expected_records,
    in_a_word,
    number,
    recorded,
    sentence_case,
)

if TYPE_CHECKING:
    from peelian.core.results import EdgeSensitivity, RankedPlace
    from peelian.products.surroundings import Surroundings
    from peelian.products.ward_page import PlaceRanking

FEWEST_FOR_PER_CENT = 20


def disclosed_ranking(
    ranking: PlaceRanking, *, id_: str, how: DisclosedHow, ward: str, surroundings: Surroundings
) -> DisclosedRanking:
    """List the places whose records may be shown, numbered anew so that no gap tells of another."""
    held = _held(ranking.places)
    listed = [place for place in ranking.places if _records(place) not in held.keys]
    recent = MonthSpan.ending(ranking.span.last, months=min(RECENT_MONTHS, len(ranking.span)))
    east, north = [place.easting for place in listed], [place.northing for place in listed]
    longitudes, latitudes = to_degrees(east, north)
    places = tuple(
        _disclosed(
            place,
            held,
            surroundings,
            rank=position + 1,
            degrees=(round(float(longitudes[position]), 5), round(float(latitudes[position]), 5)),
        )
        for position, place in enumerate(listed)
    )
    return DisclosedRanking(
        id=id_,
        title=_("{what}: where records were placed").format(what=recorded(ranking.measure)),
        subtitle=_(
            "Places in {ward} by records expected next; counts to the nearest five, {span}"
        ).format(ward=ward, span=ranking.span.in_words),
        places=places,
        not_listed=_not_listed(ranking.places, held),
        edge=edge_sentence(ranking.edge),
        how=how,
        recent_months=recent.in_words,
    )


def edge_sentence(edge: EdgeSensitivity) -> str:
    """How far the ward's line decides the numbers, in per cent: it gives no total away."""
    if edge.total_inside < FEWEST_FOR_PER_CENT:
        return _("There are too few records to say how far the ward's line decides them.")
    inside, outside = (
        _per_cent(near, edge.total_inside) for near in (edge.inside_near, edge.outside_near)
    )
    return _(
        "{inside} of the records lie at most {metres:g} m inside the ward's line; records equal "
        "to another {outside} lie at most {metres:g} m outside it and are not counted. A line "
        "drawn a little differently would count them elsewhere."
    ).format(inside=inside, outside=outside, metres=edge.within_m)


def _per_cent(part: int, whole: int) -> str:
    if part < THRESHOLD:
        return _("less than {n} %").format(n=max(1, -(-100 * THRESHOLD // whole)))
    if 0 < whole - part < THRESHOLD:
        return _("more than {n} %").format(n=min(99, 100 - -(-100 * THRESHOLD // whole)))
    return _("{n} %").format(n=max(1, round(100 * part / whole)))


def _records(place: RankedPlace) -> str:
    return f"{place.place_id} records"


def _recent(place: RankedPlace) -> str:
    return f"{place.place_id} recent"


def _held(places: tuple[RankedPlace, ...]) -> Held:
    """Which places are not listed, and which last years are not shown.

    The ward's totals are taken as known: its months are on the page.
    """
    asked, lately, before = [], [], []
    for place in places:
        new, old = f"{place.place_id} lately", f"{place.place_id} before"
        lately.append(new)
        before.append(old)
        asked.append(
            Asked(_records(place), place.records, frozenset({new, old}), rounded=True, keep=1)
        )
        if place.records >= THRESHOLD:
            asked.append(Asked(_recent(place), place.recent, frozenset({new}), rounded=True))
    recent, total = sum(p.recent for p in places), sum(p.records for p in places)
    known = [
        Known(dict.fromkeys(lately, 1), recent),
        Known(dict.fromkeys(before, 1), total - recent),
    ]
    return suppress(asked, known=known if places else [])


def _disclosed(
    place: RankedPlace,
    held: Held,
    surroundings: Surroundings,
    *,
    rank: int,
    degrees: tuple[float, float],
) -> DisclosedPlace:
    records, recent = about(place.records), _as_shown(_recent(place), place.recent, held)
    expected = expected_records(place.expected, place.low, place.high, place.horizon_months)
    return DisclosedPlace(
        rank=rank,
        place_id=place.place_id,
        name=place.name,
        easting=round(place.easting, 1),
        northing=round(place.northing, 1),
        longitude=degrees[0],
        latitude=degrees[1],
        records=records,
        recent=recent,
        expected=expected.value,
        expected_text=expected.text,
        persistence=place.persistence,
        persistence_words=PERSISTENCE[place.persistence],
        why=_why(place, surroundings),
    )


def _as_shown(key: str, value: int, held: Held) -> DisclosedCount:
    if key in held.small:
        return too_small()
    return held_beside() if key in held.beside else about(value)


def _why(place: RankedPlace, surroundings: Surroundings) -> tuple[str, ...]:
    """What stands behind a rank beside its counts; the ranking's own sentences are exact."""
    points = ngettext("One point", "{n} points", place.snap_points)
    said = _("{points} of the publisher's map.").format(points=points)
    sentences = [sentence_case(said.format(n=in_a_word(place.snap_points)))]
    if near := near_words(surroundings.near.get(place.place_id, ()), named=LANDMARKS):
        within = _("Within {metres:g} m on the map: {near}.")
        sentences.append(within.format(metres=surroundings.radius_m, near=near))
    return tuple(sentences)


def _not_listed(places: tuple[RankedPlace, ...], held: Held) -> str:
    small = [p for p in places if _records(p) in held.small]
    beside = [p for p in places if _records(p) in held.beside]
    n = len(small) + len(beside)
    if not n:
        return ""
    if not beside:
        return ngettext(
            "One further place had fewer than {t} records.",
            "{n} further places had fewer than {t} records each.",
            n,
        ).format(n=number(n), t=THRESHOLD)
    return _(
        "{n} further places are not listed: they had fewer than {t} records, or would let "
        "somebody work out one that had."
    ).format(n=number(n), t=THRESHOLD)
