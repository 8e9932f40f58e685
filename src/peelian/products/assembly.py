"""Builds the ward page: asks the store for records and shapes, and the methods for results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from peelian.analysis.corridors import corridor_between
from peelian.core.crimes import BRITISH_TRANSPORT_POLICE
from peelian.core.errors import CoverageError, UnknownPlaceError
from peelian.core.gazetteer import Gazetteer
from peelian.core.grid import shape_to_degrees
from peelian.core.micro_places import group_snap_points
from peelian.core.months import Month, MonthSpan
from peelian.core.places import SnapPoint
from peelian.products.claims import PERIOD_MONTHS, ClaimGround, check_claim
from peelian.products.held import (
    months_held,
    own_force,
    sources_used,
    span_of,
    why_not_counted,
    without_transport_police,
)
from peelian.products.ward_page import (
    CheckedPriority,
    MapLayers,
    MappedStreet,
    MeasureResult,
    PlaceRanking,
    Totals,
    WardPage,
)
from peelian.scanning.change import breaks_crossed, change_since_year_before
from peelian.scanning.edge import edge_sensitivity
from peelian.scanning.ranking import rank_places
from peelian.scanning.series import HeldMonth, monthly_series, months_missing, place_counts
from peelian.store import places

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from peelian.core.areas import Area
    from peelian.core.counts import Series
    from peelian.core.measures import Measure
    from peelian.core.places import MicroPlace, NamedPlace
    from peelian.core.results import EdgeSensitivity
    from peelian.core.streets import StreetNetwork
    from peelian.core.wards import Priority, WardFile
    from peelian.store import Store

NEAR_M = 150.0
EDGE_M = 10.0
AROUND_WARD_M = 1_000.0  # the stations of a corridor may lie outside the ward
PUBLIC_REPORTED = "public-reported"


@dataclass(frozen=True)
class _Ward:
    """What every part of the page reads: the ward, its records, and what is held of them."""

    area: Area
    near: pl.DataFrame  # records in and up to NEAR_M around the ward
    inside: pl.DataFrame  # records in the ward
    force: str
    span: MonthSpan
    held: tuple[HeldMonth, ...]
    no_record_near: Mapping[Month, str]
    measures: Mapping[str, Measure]
    micro_places: tuple[MicroPlace, ...]
    network: StreetNetwork  # in and up to AROUND_WARD_M around the ward
    named_places: tuple[NamedPlace, ...]  # the same

    def missing(self, measure: Measure) -> dict[Month, str]:
        missing = months_missing(measure, self.held, span=self.span, force=self.force)
        stations = without_transport_police(self.inside, self.held, measure, self.span)
        return {**self.no_record_near, **stations, **missing}

    def series(self, measure: Measure, rows: pl.DataFrame, place: str) -> Series:
        return monthly_series(
            rows, measure, place=place, span=self.span, missing=self.missing(measure),
            force=self.force,
        )  # fmt: skip

    def result(self, measure: Measure, rows: pl.DataFrame, place: str) -> MeasureResult:
        return _result(measure, self.series(measure, rows, place))


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
    no record in it.
    """
    area = places.area(store, ward_file.ward, boundary_set=boundary_set)
    ward = _read_ward(
        store, ward_file.force, area, measures, include_btp=include_btp, source=source
    )
    gazetteer = Gazetteer(
        ward.named_places,
        near=area.shape,
        confirmed={p.written: p.means for p in ward_file.places if p.means},
    )
    ground = ClaimGround(
        measures=measures,
        gazetteer=gazetteer,
        series_in=lambda measure, shape, words: _series_within(ward, measure, shape, words),
        has_snap_point=lambda shape: bool(_covers(shape, ward.near).any()),
        ward_name=area.name,
        source=source,
    )
    population, population_source = places.population(store, area)
    tables = {(p.key.table, p.key.source) for p in store.partitions("areas")}
    tables = {t for t in tables if t[1] == area.boundary_set.name}
    tables.add(("crimes", source))
    stops, spans = _stops(store, ward, measures["stops"], source=source), {"crimes": ward.span}
    if stops is not None:
        tables.add(("stops", source))
        spans["stops"] = stops.series.span
    tables |= {
        (p.key.table, p.key.source)
        for table in ("streets", "named_places", "population")
        for p in store.partitions(table)
    }
    priorities = tuple(_checked(ward, ground, priority) for priority in ward_file.priorities)
    reported = measures[PUBLIC_REPORTED]
    return WardPage(
        ward_file=ward_file,
        area=area,
        force=ward.force,
        force_name=_name_of(ward),
        population=population,
        population_source=population_source,
        snapshot_date=snapshot_date,
        last_month=ward.span.last,
        held=ward.span,
        missing=ward.missing(measures[PUBLIC_REPORTED]),
        includes_btp=include_btp,
        totals=_totals(ward),
        public_reported=ward.result(reported, ward.inside, area.name),
        ranking=None if any(p.ranking for p in priorities) else _ranking(ward, reported),
        priorities=priorities,
        stops=stops,
        place_names=tuple(gazetteer.resolve(p.written) for p in ward_file.places),
        layers=_layers(ward),
        sources=sources_used(
            store, tables, forces=set(ward.near["force"]) | {ward.force}, spans=spans
        ),
        seed=seed,
        code_version=code_version,
    )


def rank_one_measure(
    store: Store,
    ward: str,
    measure: Measure,
    *,
    boundary_set: str | None = None,
    source: str = "police.uk",
) -> PlaceRanking:
    """Rank a ward's places for one measure, as its page would."""
    area = places.area(store, ward, boundary_set=boundary_set)
    read = _read_ward(store, "", area, {}, include_btp=True, source=source)
    return _ranking(read, measure)


def _read_ward(
    store: Store,
    force_said: str,
    area: Area,
    measures: Mapping[str, Measure],
    *,
    include_btp: bool,
    source: str,
) -> _Ward:
    import polars as pl

    box = shape_to_degrees(area.shape.buffer(NEAR_M)).bounds
    near = store.crimes(box=box, source=source)
    if not include_btp:
        near = near.filter(pl.col("force") != BRITISH_TRANSPORT_POLICE)
    inside = near.filter(_in_area(near, area))
    force = own_force(inside, said=force_said, where=f"{area.name} ({area.code})")
    held = months_held(store, "crimes", source=source, area_code=area.code)
    span = span_of(held, force=force)
    in_span = pl.col("month").is_between(span.first.first_day, span.last.first_day)
    near, inside = near.filter(in_span), inside.filter(in_span)
    with_records = {Month.of(day) for day in near["month"].unique()}
    no_record_near = {
        month: f"no record of any kind lies within {NEAR_M:.0f} m of the ward"
        for month in span
        if month not in with_records
    }
    named = places.named_places(store, area.shape, buffer_m=AROUND_WARD_M)
    streets = [place for place in named if place.kind == "street"]
    return _Ward(
        area=area,
        near=near,
        inside=inside,
        force=force,
        span=span,
        held=held,
        no_record_near=no_record_near,
        measures=measures,
        micro_places=group_snap_points(_snap_points(inside), streets),
        network=places.street_network(store, area.shape, buffer_m=AROUND_WARD_M),
        named_places=named,
    )


def _name_of(ward: _Ward) -> str:
    """The force's name as most of its records in the ward write it."""
    import polars as pl

    names = ward.inside.filter(pl.col("force") == ward.force)["falls_within"].drop_nulls()
    return str(names.mode().sort()[0]) if len(names) else ward.force


def _in_area(rows: pl.DataFrame, area: Area) -> pl.Series:
    import polars as pl

    return pl.Series(area.holds(rows["easting"].to_numpy(), rows["northing"].to_numpy()))


def _snap_points(rows: pl.DataFrame) -> list[SnapPoint]:
    columns = ["location", "longitude", "latitude", "easting", "northing"]
    unique = rows.select(columns).drop_nulls("easting").unique().sort(columns)
    return [SnapPoint(*row) for row in unique.iter_rows()]


def _result(measure: Measure, series: Series) -> MeasureResult:
    try:
        change = change_since_year_before(series, months=PERIOD_MONTHS)
    except CoverageError:
        return MeasureResult(measure, series.place, series, None, why_not_counted(series))
    if broken := breaks_crossed(series, change):
        reason = f"The months compared lie on both sides of a break. {' '.join(broken.values())}"
        return MeasureResult(measure, series.place, series, None, reason)
    return MeasureResult(measure, series.place, series, change, "")


def _totals(ward: _Ward) -> Totals:
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
        edge=_edge(ward.near, ward.area),
    )


def _edge(rows: pl.DataFrame, area: Area) -> EdgeSensitivity:
    columns = ["location", "longitude", "latitude", "easting", "northing"]
    tally = rows.drop_nulls("easting").group_by(columns).len().sort(columns)
    points = [SnapPoint(*row[:5]) for row in tally.iter_rows()]
    return edge_sensitivity(points, tally["len"].to_numpy(), area, within_m=EDGE_M)


def _checked(ward: _Ward, ground: ClaimGround, priority: Priority) -> CheckedPriority:
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
            within = ward.inside.filter(pl.Series(_covers(corridor, ward.inside)))
            results.insert(0, ward.result(open_measures[0], within, streets))
    # What police activity makes is never the basis of a ranking: it would send patrols back
    # to where they were.
    ranked = [m for m in open_measures if not m.police_generated]
    # Places where nothing could be recorded are not places where nothing was.
    ranked = [m for m in ranked if len(ward.missing(m)) < len(ward.span)]
    ranking = _ranking(ward, ranked[0]) if ranked else None
    return CheckedPriority(
        priority=priority,
        measures=tuple(results),
        ranking=ranking,
        corridor=corridor,
        corridor_rule=rule,
        claims=tuple(
            check_claim(claim, ground, corridor=corridor, corridor_words=streets)
            for claim in priority.claims
        ),
        cannot_know=_cannot_know(priority, ward.measures, followed, ground),
    )


def _is_open(measure: Measure, ground: ClaimGround) -> bool:
    return ground.source in measure.sources and measure.records == "crimes"


def _ranking(ward: _Ward, measure: Measure) -> PlaceRanking:
    import polars as pl

    counts = place_counts(
        ward.inside, measure, ward.micro_places, span=ward.span, missing=ward.missing(measure)
    )
    counted = ward.near.filter(pl.col("crime_type").is_in(measure.crime_types))
    return PlaceRanking(
        measure=measure,
        span=ward.span,
        places=rank_places(counts),
        edge=_edge(counted, ward.area),
        method=(
            "Places are named groups of the publisher's points. They are ordered by the records "
            "to expect in the next three months: recent records weigh more (half after twelve "
            "months), and places with few records are drawn towards the ward's average place."
        ),
    )


def _corridor(
    ward: _Ward, gazetteer: Gazetteer, priority: Priority
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


def _covers(shape: BaseGeometry, rows: pl.DataFrame) -> NDArray[np.bool_]:
    import shapely

    covered: NDArray[np.bool_] = shapely.intersects_xy(
        shape, rows["easting"].to_numpy(), rows["northing"].to_numpy()
    )
    return covered


def _series_within(ward: _Ward, measure: Measure, shape: BaseGeometry | None, place: str) -> Series:
    """A measure's series within a shape, which may reach a little over the ward's line."""
    import polars as pl

    if shape is None:
        return ward.series(measure, ward.inside, place)
    return ward.series(measure, ward.near.filter(pl.Series(_covers(shape, ward.near))), place)


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
    sentences.append("Open crime records are known to the month: the hour and the day are not.")
    return tuple(sentences)


def _stops(store: Store, ward: _Ward, measure: Measure, *, source: str) -> MeasureResult | None:
    import polars as pl

    held = months_held(store, "stops", source=source, area_code=ward.area.code)
    if not any(each.force == ward.force for each in held):
        return None
    span = span_of(held, force=ward.force)
    stops = store.stops(box=shape_to_degrees(ward.area.shape.buffer(NEAR_M)).bounds, source=source)
    inside = stops.filter(_in_area(stops, ward.area)).select("month", "force")
    inside = inside.filter(pl.col("force").is_in([ward.force, BRITISH_TRANSPORT_POLICE]))
    missing = months_missing(measure, held, span=span, force=ward.force)
    return _result(
        measure,
        monthly_series(
            inside, measure, place=ward.area.name, span=span, missing=missing, force=ward.force
        ),
    )


def _layers(ward: _Ward) -> MapLayers:
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
