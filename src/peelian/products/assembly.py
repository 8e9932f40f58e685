"""Builds the ward page: asks the store for records and shapes, and the methods for results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from peelian.analysis.corridors import corridor_between
from peelian.core.crimes import BRITISH_TRANSPORT_POLICE
from peelian.core.errors import CoverageError, InputError, UnknownPlaceError
from peelian.core.gazetteer import Gazetteer
from peelian.core.grid import shape_to_degrees
from peelian.core.months import Month, MonthSpan
from peelian.products.claims import ClaimGround, check_claim
from peelian.products.held import months_held, sources_used, span_of
from peelian.products.kept_expectation import EXPECTED_RECORDS, kept_expectation
from peelian.products.surroundings import surroundings
from peelian.products.ward_page import (
    CheckedPriority,
    MapLayers,
    MappedStreet,
    MeasureResult,
    PlaceRanking,
    Totals,
    WardPage,
)
from peelian.products.ward_records import (
    NEAR_M,
    WardRecords,
    compared_with_year_before,
    covers,
    edge_of,
    in_area,
    read_ward_records,
)
from peelian.scanning.ranking import rank_places
from peelian.scanning.series import monthly_series, months_missing, place_counts
from peelian.store import places

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from peelian.core.measures import Measure
    from peelian.core.places import NamedPlace
    from peelian.core.wards import Priority, WardFile
    from peelian.store import Store

PUBLIC_REPORTED = "public-reported"

_PLACES_RANKED = (
    "Places are named groups of the publisher's points, ordered by the records to expect in the "
    "next three months."
)
_DECAYED = (
    "Recent records weigh more (half after twelve months), and places with few records are drawn "
    "towards the ward's average place."
)
_RICHER = "A place's own records, its neighbours' and those of other kinds say what to expect."
MONTH_ONLY = "Open crime records are known to the month: the hour and the day are not."


def assemble_ward_page(
    store: Store,
    ward_file: WardFile,
    *,
    measures: Mapping[str, Measure],
    snapshot_date: str,
    code_version: str,
    boundary_set: str | None = None,
    include_btp: bool = True,
    source: str = "police.uk",
    seed: int = 0,
) -> WardPage:
    """Gather every number of a ward's page from the store.

    measures: all measures by id. snapshot_date: YYYY-MM-DD. source: whose records to count.
    UnknownPlaceError where no boundary set has the ward; CoverageError where the store has
    no record in it; InputError where the snapshot would be older than its records.
    """
    area = places.area(store, ward_file.ward, boundary_set=boundary_set)
    ward = read_ward_records(
        store, ward_file.force, area, measures, include_btp=include_btp, source=source
    )
    ground = claim_ground(ward, ward_file, source=source)
    population, population_source = places.population(store, area)
    tables = {("areas", area.boundary_set.name), ("crimes", source)}
    stops, spans = _stops(store, ward, measures["stops"], source=source), {"crimes": ward.span}
    if stops is not None:
        tables.add(("stops", source))
        spans["stops"] = stops.series.span
    _check_date(snapshot_date, newest=max(span.last for span in spans.values()))
    tables |= {
        (p.key.table, p.key.source)
        for table in ("streets", "named_places", "map_features", "population")
        for p in store.partitions(table)
    }
    if store.partitions(EXPECTED_RECORDS, source=source, force=ward.force):
        tables.add((EXPECTED_RECORDS, source))
    priorities = tuple(
        checked_priority(ward, ground, priority) for priority in ward_file.priorities
    )
    reported = measures[PUBLIC_REPORTED]
    return WardPage(
        ward_file=ward_file,
        area=area,
        force=ward.force,
        force_name=ward.force_name,
        population=population,
        population_source=population_source,
        snapshot_date=snapshot_date,
        last_month=ward.span.last,
        held=ward.span,
        missing=ward.missing(reported),
        includes_btp=include_btp,
        totals=_totals(ward),
        public_reported=ward.result(reported, ward.inside, area.name),
        ranking=None if any(p.ranking for p in priorities) else ward_ranking(ward, reported),
        priorities=priorities,
        stops=stops,
        place_names=tuple(ground.gazetteer.resolve(p.written) for p in ward_file.places),
        layers=map_layers(ward),
        surroundings=surroundings(ward),
        sources=sources_used(
            store, tables, forces=set(ward.near["force"]) | {ward.force}, spans=spans
        ),
        seed=seed,
        code_version=code_version,
    )


def _check_date(snapshot_date: str, *, newest: Month) -> None:
    if Month.parse(snapshot_date[:7]) <= newest:
        raise InputError(
            f"A snapshot is dated after the records that it shows; found {snapshot_date}, and "
            f"records to {newest.in_words}. Give a later --date."
        )


def rank_one_measure(
    store: Store,
    ward: str,
    measure: Measure,
    *,
    boundary_set: str | None = None,
    source: str = "police.uk",
) -> PlaceRanking:
    """Rank a ward's places for one measure, as its page would.

    CoverageError where no month of the measure is held.
    """
    area = places.area(store, ward, boundary_set=boundary_set)
    read = read_ward_records(store, "", area, {}, include_btp=True, source=source)
    not_all_missing(read, measure)
    ranking = ward_ranking(read, measure)
    assert ranking is not None
    return ranking


def not_all_missing(ward: WardRecords, measure: Measure) -> dict[Month, str]:
    """The months missing of a measure; a CoverageError where none of the ward's is held."""
    missing = ward.missing(measure)
    if len(missing) == len(ward.span):
        raise CoverageError(
            f"Places are ranked by records, and no month of {measure.title} is held for "
            f"{ward.area.name}. Ingest an archive that has them."
        )
    return missing


def _totals(ward: WardRecords) -> Totals:
    import polars as pl

    last_year = MonthSpan.ending(ward.span.last, months=12)
    missing = ward.missing(ward.measures[PUBLIC_REPORTED])
    # Where an archive has one crime type alone, every month of it lacks the others.
    months = [month for month in last_year if month not in missing] or list(last_year)
    recent = ward.inside.filter(pl.col("month").is_in([month.first_day for month in months]))
    by_type = (
        recent["crime_type"].value_counts().sort(["count", "crime_type"], descending=[True, False])
    )
    placed = ward.inside.select("longitude", "latitude").unique()
    return Totals(
        records=len(ward.inside),
        snap_points=len(placed),
        span=ward.span,
        british_transport_police=len(
            ward.inside.filter(pl.col("force") == BRITISH_TRANSPORT_POLICE)
        ),
        by_type=tuple((str(slug), int(count)) for slug, count in by_type.iter_rows()),
        edge=edge_of(ward.near, ward.area),
    )


def claim_ground(ward: WardRecords, ward_file: WardFile, *, source: str) -> ClaimGround:
    """What the claims and the priorities of a ward's file are held against."""
    return ClaimGround(
        measures=ward.measures,
        gazetteer=Gazetteer(
            ward.named_places,
            near=ward.area.shape,
            confirmed={p.written: p.means for p in ward_file.places if p.means},
        ),
        series_in=ward.series_within,
        has_snap_point=lambda shape: bool(covers(shape, ward.near).any()),
        ward_name=ward.area.name,
        source=source,
    )


def checked_priority(ward: WardRecords, ground: ClaimGround, priority: Priority) -> CheckedPriority:
    """A priority with what the records say about it."""
    import polars as pl

    followed = [m for m in (priority.measure, *priority.also) if m in ward.measures]
    open_measures = [ward.measures[m] for m in followed if _is_open(ward.measures[m], ground)]
    results = [ward.result(m, ward.inside, ward.area.name) for m in open_measures]
    corridor, rule, streets = None, "", ""
    if priority.corridor is not None:
        corridor, rule = _corridor(ward, ground.gazetteer, priority)
        start, end = priority.corridor.start, priority.corridor.end
        streets = f"the streets between {start} and {end}, within {ward.area.name}"
        if corridor is not None and open_measures:
            within = ward.inside.filter(pl.Series(covers(corridor, ward.inside)))
            results.insert(0, ward.result(open_measures[0], within, streets))
    # What police activity makes is never the basis of a ranking: it would send patrols back
    # to where they were.
    ranked = [m for m in open_measures if not m.police_generated]
    rankings = (ward_ranking(ward, measure) for measure in ranked)
    return CheckedPriority(
        priority=priority,
        measures=tuple(results),
        ranking=next((ranking for ranking in rankings if ranking), None),
        corridor=corridor,
        corridor_rule=rule,
        claims=tuple(
            check_claim(claim, ground, corridor=corridor, corridor_words=streets)
            for claim in priority.claims
        ),
        cannot_know=_cannot_know(priority, ward.measures, followed, ground),
    )


def _is_open(measure: Measure, ground: ClaimGround) -> bool:
    return measure.preference(ground.source) is not None and measure.records == "crimes"


def ward_ranking(ward: WardRecords, measure: Measure) -> PlaceRanking | None:
    """The ward's places ranked; None where no month of the measure is held.

    By the richer model where a back-test of the records held today chose it and was kept.
    Places where nothing could be recorded are not places where nothing was.
    """
    import polars as pl

    missing = ward.missing(measure)
    if len(missing) == len(ward.span):
        return None
    counts = place_counts(ward.inside, measure, ward.micro_places, span=ward.span, missing=missing)
    of_measure = pl.col("crime_type").is_in(measure.crime_types)
    is_held = ~pl.col("month").is_in([month.first_day for month in missing])
    kept = kept_expectation(
        ward.store,
        measure,
        ward.micro_places,
        force=ward.force,
        counts_btp=not ward.inside.filter(of_measure, force=BRITISH_TRANSPORT_POLICE).is_empty(),
        leaves_out_btp=not ward.includes_btp,
        source=ward.source,
    )
    richer = kept.found if kept else None
    sentences = [_PLACES_RANKED, _RICHER if richer else _DECAYED, kept.sentence if kept else ""]
    return PlaceRanking(
        measure=measure,
        span=ward.span,
        places=rank_places(counts, found=richer),
        edge=edge_of(ward.near.filter(of_measure & is_held), ward.area),
        method=" ".join(each for each in sentences if each),
    )


def _corridor(
    ward: WardRecords, gazetteer: Gazetteer, priority: Priority
) -> tuple[BaseGeometry | None, str]:
    assert priority.corridor is not None
    found: list[NamedPlace] = []
    for name in (priority.corridor.start, priority.corridor.end):
        end = gazetteer.resolve(name)
        if end.place is None or end.certainty not in ("exact", "alias"):
            return None, (
                f"The streets between two places can be drawn once both are on the map; "
                f"“{name}” is not. Confirm its name in the ward file."
            )
        found.append(end.place)
    try:
        corridor = corridor_between(ward.network, found[0], found[1], clip=ward.area)
    except UnknownPlaceError as error:
        return None, str(error)
    return corridor.shape, corridor.rule


def _cannot_know(
    priority: Priority, measures: Mapping[str, Measure], followed: list[str], ground: ClaimGround
) -> tuple[str, ...]:
    sentences = [
        f"{measures[m].title}: not in open records. {measures[m].definition}"
        for m in followed
        if not _is_open(measures[m], ground)
    ]
    if priority.stands_in:
        sentences.insert(0, priority.stands_in)
    for measure_id in (priority.measure, *priority.also):
        if measure_id and measure_id not in measures:
            sentences.append(f"No measure called {measure_id} is defined.")
    if not priority.measure:
        sentences.append("The team's page names nothing that open records could count here.")
    sentences.append(MONTH_ONLY)
    return tuple(sentences)


def _stops(
    store: Store, ward: WardRecords, measure: Measure, *, source: str
) -> MeasureResult | None:
    import polars as pl

    held = months_held(store, "stops", source=source, area_code=ward.area.code)
    if not any(each.force == ward.force for each in held):
        return None
    span = span_of(held, force=ward.force)
    stops = store.stops(box=shape_to_degrees(ward.area.shape.buffer(NEAR_M)).bounds, source=source)
    inside = stops.filter(in_area(stops, ward.area)).select("month", "force")
    inside = inside.filter(pl.col("force").is_in([ward.force, BRITISH_TRANSPORT_POLICE]))
    missing = months_missing(measure, held, span=span, force=ward.force)
    return compared_with_year_before(
        measure,
        monthly_series(
            inside, measure, place=ward.area.name, span=span, missing=missing, force=ward.force
        ),
    )


def map_layers(ward: WardRecords) -> MapLayers:
    """What a map of the ward draws under its places."""
    import shapely

    around = shapely.box(*ward.area.shape.buffer(NEAR_M).bounds)
    network = ward.network
    near = np.flatnonzero(shapely.intersects(network.lines, around))
    return MapLayers(
        streets=tuple(
            MappedStreet(str(network.names[i]), str(network.highways[i]), network.lines[i])
            for i in near
        ),
        places=tuple(
            place
            for place in ward.named_places
            if place.kind in ("park", "estate", "station") and place.shape.intersects(around)
        ),
    )
