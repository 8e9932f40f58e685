"""The team's door: a problem profile with every count shown, for the team's own desk.

Nothing is held back here, since the profile is made from open records for those whose ward
it is, and says on every page that it is not to be published. No module of the public pages
may import this one: a wall test holds them to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peelian.core.grid import to_degrees
from peelian.publication import about_the_numbers as about
from peelian.publication import wording
from peelian.publication.disclosed import (
    DisclosedBreak,
    DisclosedComparison,
    DisclosedCount,
    DisclosedHow,
    DisclosedMeasure,
    DisclosedMonth,
    DisclosedPlace,
    DisclosedPlaces,
    DisclosedRanking,
    Ring,
)
from peelian.publication.profile.about import about_statements, finding_of
from peelian.publication.profile.changing import changing_statements
from peelian.publication.profile.disclosed import DisclosedProfile
from peelian.publication.profile.how import how_statements
from peelian.publication.profile.next import next_statements
from peelian.publication.profile.places import LISTED, where_in_ward
from peelian.publication.profile.unknown import unknown_statements
from peelian.publication.profile.when import when_statements
from peelian.publication.profile.where import where_statements
from peelian.publication.profile.why import why_statements
from peelian.publication.shown_counts import missing, shown
from peelian.publication.translation import _
from peelian.publication.ward_map import disclosed_map, rings_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from peelian.core.months import Month
    from peelian.core.results import RankedPlace
    from peelian.products.problem_profile import ProblemProfile
    from peelian.products.ward_page import MeasureResult, PlaceRanking
    from peelian.publication.profile.statements import Statement

NOTICE = _("For the team. Small counts are not withheld here: do not publish.")


def cleared_for_team(profile: ProblemProfile) -> DisclosedProfile:
    """A profile with every count shown and every finding in words."""
    checked, file = profile.checked, profile.ward_file
    told = [each for each in checked.measures if each not in profile.apart]
    return DisclosedProfile(
        ward_code=profile.area.code,
        ward_name=file.name or profile.area.name,
        operator=file.operator or profile.force_name,
        priority=_("Priority {n}").format(n=profile.number) if profile.number else "",
        title=checked.priority.title,
        finding=finding_of(profile, profile.main),
        notice=NOTICE,
        made_town=file.notice,
        day=profile.day,
        day_in_words=about.day_in_words(profile.day),
        statements=tuple(_statements(profile)),
        measures=tuple(_measure(profile, each) for each in told),
        apart=tuple(_measure(profile, each) for each in profile.apart),
        places=_places(profile, checked.ranking) if checked.ranking else None,
        map=disclosed_map(profile.area, profile.layers),
        streets_named=_as_counted(checked.corridor),
        sources=tuple(about.source(held) for held in profile.sources),
        licence=about.LICENCE,
        code_version=profile.code_version,
        seed=profile.seed,
    )


def _as_counted(shape: BaseGeometry | None) -> tuple[Ring, ...]:
    """The outer and inner rings of the streets named, not simplified as they are on the map.

    Some points lie a few decimetres from the edge, and a drawing would lose them.
    """
    import shapely

    lines = [] if shape is None else shapely.get_parts(shapely.boundary(shape))
    return tuple(tuple((round(x, 2), round(y, 2)) for x, y in line.coords) for line in lines)


def _statements(profile: ProblemProfile) -> Iterator[Statement]:
    said = [
        *about_statements(profile),
        *where_statements(profile),
        *changing_statements(profile),
        *when_statements(profile),
        *why_statements(profile),
    ]
    said += [*unknown_statements(profile, said), *next_statements(profile)]
    yield from said
    yield from how_statements(profile, said)


def _measure(profile: ProblemProfile, result: MeasureResult) -> DisclosedMeasure:
    measure, series = result.measure, result.series
    part = "part-" if result.place != profile.area.name else ""
    return DisclosedMeasure(
        id=f"{part}{measure.id}",
        measure_id=measure.id,
        title=wording.recorded(measure),
        finding=finding_of(profile, result),
        subtitle=_("{what}, {unit} a month, {place}").format(
            what=wording.recorded(measure), unit=measure.unit, place=result.place
        ),
        change="",  # said by a statement, which has its figures
        certainty=wording.certainty(result.change) if result.change else "",
        months=tuple(_month(result, month) for month in series.span),
        breaks=tuple(
            DisclosedBreak(str(month), wording.sentence_case(why))
            for month, why in sorted(series.breaks.items())
        ),
        is_proxy=measure.is_proxy,
        police_generated=measure.police_generated,
        how=_how(profile, result),
        compared=_compared(result),
        place="" if not part else result.place,
    )


def _month(result: MeasureResult, month: Month) -> DisclosedMonth:
    before = month.plus(-12)
    return DisclosedMonth(
        month=str(month),
        label=month.in_words,
        count=_count(result, month),
        year_before=_count(result, before) if before in result.series.span else None,
        note=wording.sentence_case(result.series.missing.get(month, "")),
    )


def _count(result: MeasureResult, month: Month) -> DisclosedCount:
    value = result.series.at(month)
    return missing() if value is None else shown(value)


def _compared(result: MeasureResult) -> DisclosedComparison | None:
    if (change := result.change) is None:
        return None
    return DisclosedComparison(
        before=shown(change.before),
        after=shown(change.after),
        before_months=tuple(str(month.plus(-12)) for month in change.compared),
        after_months=tuple(str(month) for month in change.compared),
    )


def _how(profile: ProblemProfile, result: MeasureResult) -> DisclosedHow:
    measure, of = result.measure, profile.area.boundary_set
    return DisclosedHow(
        source=measure.sources[0],
        licence=about.LICENCE,
        months_held=wording.held_months(result.series.span, result.series.missing),
        months_missing=(),
        boundary_set=of.name,
        boundary_rule="",
        proxy=measure.proxy_for,
        police_generated="",
        method="",
        code_version=profile.code_version,
        seed=profile.seed,
        download="",
        definition=measure.definition,
        why_it_matters=measure.why_it_matters,
    )


def _places(profile: ProblemProfile, ranking: PlaceRanking) -> DisclosedPlaces:
    """The places at the head of the list, for the map."""
    listed = ranking.places[:LISTED]
    east, north = [place.easting for place in listed], [place.northing for place in listed]
    degrees = zip(*to_degrees(east, north), strict=True)
    return DisclosedPlaces(
        id="profile",
        ranking=DisclosedRanking(
            id="profile-places",
            title=_("{what}: where records were placed").format(
                what=wording.recorded(ranking.measure)
            ),
            subtitle=where_in_ward(profile, ranking),
            places=tuple(
                _place(place, float(longitude), float(latitude))
                for place, (longitude, latitude) in zip(listed, degrees, strict=True)
            ),
            not_listed="",
            edge="",
            how=_how(profile, profile.main),
        ),
        corridor=rings_of(profile.checked.corridor),
        corridor_rule=profile.checked.corridor_rule,
    )


def _place(place: RankedPlace, longitude: float, latitude: float) -> DisclosedPlace:
    expected = wording.expected_records(place.expected, place.low, place.high, place.horizon_months)
    return DisclosedPlace(
        rank=place.rank,
        place_id=place.place_id,
        name=place.name,
        easting=round(place.easting, 1),
        northing=round(place.northing, 1),
        longitude=round(longitude, 5),
        latitude=round(latitude, 5),
        records=shown(place.records),
        recent=shown(place.recent),
        expected=place.expected,
        expected_text=expected.text,
        persistence=place.persistence,
        persistence_words=wording.PERSISTENCE[place.persistence],
        why=place.why,
    )
