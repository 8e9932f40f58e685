"""A ward's records as its page reads them: cut to the ward, with what is held of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from peelian.core.crimes import BRITISH_TRANSPORT_POLICE
from peelian.core.errors import CoverageError, InputError
from peelian.core.grid import shape_to_degrees
from peelian.core.micro_places import group_snap_points
from peelian.core.months import Month, MonthSpan
from peelian.core.places import SnapPoint
from peelian.products.claims import PERIOD_MONTHS
from peelian.products.held import (
    months_held,
    own_force,
    sources_used,
    span_of,
    why_not_counted,
    without_transport_police,
)
from peelian.products.ward_page import MeasureResult
from peelian.scanning.change import breaks_crossed, change_since_year_before
from peelian.scanning.edge import edge_sensitivity
from peelian.scanning.series import HeldMonth, monthly_series, months_missing
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
    from peelian.products.ward_page import HeldSource
    from peelian.store import Store

NEAR_M = 150.0
EDGE_M = 10.0


@dataclass(frozen=True)
class WardRecords:
    """What every part of the page reads: the ward, its records, and what is held of them."""

    store: Store
    source: str  # whose records
    includes_btp: bool  # whether those of the British Transport Police were asked for
    area: Area
    near: pl.DataFrame  # records in and up to NEAR_M around the ward
    inside: pl.DataFrame  # records in the ward
    force: str
    span: MonthSpan
    held: tuple[HeldMonth, ...]
    no_record_near: Mapping[Month, str]
    measures: Mapping[str, Measure]
    micro_places: tuple[MicroPlace, ...]
    network: StreetNetwork  # in and up to places.AROUND_WARD_M around the ward
    named_places: tuple[NamedPlace, ...]  # the same

    def missing(self, measure: Measure) -> dict[Month, str]:
        """The months whose count of a measure is not known, and why."""
        missing = months_missing(measure, self.held, span=self.span, force=self.force)
        stations = without_transport_police(self.inside, self.held, measure, self.span)
        return {**self.no_record_near, **stations, **missing}

    def series(self, measure: Measure, rows: pl.DataFrame, place: str) -> Series:
        """A measure's series over some of the ward's records."""
        return monthly_series(
            rows, measure, place=place, span=self.span, missing=self.missing(measure),
            force=self.force,
        )  # fmt: skip

    def result(self, measure: Measure, rows: pl.DataFrame, place: str) -> MeasureResult:
        """The same, with its last months against the year before."""
        return compared_with_year_before(measure, self.series(measure, rows, place))

    def series_within(self, measure: Measure, shape: BaseGeometry | None, place: str) -> Series:
        """A measure's series within a shape, which may reach a little over the ward's line."""
        import polars as pl

        if shape is None:
            return self.series(measure, self.inside, place)
        return self.series(measure, self.near.filter(pl.Series(covers(shape, self.near))), place)

    @property
    def forces_counted(self) -> tuple[str, ...]:
        """Whose records count in the ward, and so around it: those of its stations where any is.

        Another ward's stations would make this one look quiet.
        """
        stations = self.inside.filter(force=BRITISH_TRANSPORT_POLICE).height > 0
        return (self.force, BRITISH_TRANSPORT_POLICE) if stations else (self.force,)

    @property
    def force_name(self) -> str:
        """The force's name as most of its records in the ward write it."""
        import polars as pl

        names = self.inside.filter(pl.col("force") == self.force)["falls_within"].drop_nulls()
        return str(names.mode().sort()[0]) if len(names) else self.force


def read_ward_records(
    store: Store,
    force_said: str,
    area: Area,
    measures: Mapping[str, Measure],
    *,
    include_btp: bool,
    source: str,
) -> WardRecords:
    """Read what the store has for a ward.

    force_said: whose ward it is, where a ward file says so. Records after its own force's
    last month, and before its first, are left out. CoverageError where none lies in the ward.
    """
    import polars as pl

    box = shape_to_degrees(area.shape.buffer(NEAR_M)).bounds
    near = store.crimes(box=box, source=source)
    if not include_btp:
        near = near.filter(pl.col("force") != BRITISH_TRANSPORT_POLICE)
    inside = near.filter(in_area(near, area))
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
    named = places.named_places(store, area.shape)
    streets = [place for place in named if place.kind == "street"]
    return WardRecords(
        store=store,
        source=source,
        includes_btp=include_btp,
        area=area,
        near=near,
        inside=inside,
        force=force,
        span=span,
        held=held,
        no_record_near=no_record_near,
        measures=measures,
        micro_places=group_snap_points(snap_points(inside), streets),
        network=places.street_network(store, area.shape),
        named_places=named,
    )


def ward_sources(read: WardRecords) -> tuple[HeldSource, ...]:
    """The published files behind a ward's records, boundary and maps; those without a row not."""
    tables = {("areas", read.area.boundary_set.name), ("crimes", read.source)}
    tables |= {
        (p.key.table, p.key.source)
        for table in ("streets", "named_places", "map_features")
        for p in read.store.partitions(table)
    }
    forces = {*read.near["force"], read.force}
    used = sources_used(read.store, tables, forces=forces, spans={"crimes": read.span})
    return tuple(each for each in used if each.rows)


def refuse_police_made(measure: Measure, *, question: str) -> None:
    """InputError for a measure by which no place may be told: stops, and what police find.

    question: what is asked of the places, before "what the public reports".
    """
    if measure.police_generated or measure.records != "crimes":
        raise InputError(
            f"{question} what the public reports; {measure.title} follows what police did, and "
            f"would send patrols back to where they were. Name another measure."
        )


def in_area(rows: pl.DataFrame, area: Area) -> pl.Series:
    """Which rows lie in the area; a row without a place does not."""
    import polars as pl

    return pl.Series(area.holds(rows["easting"].to_numpy(), rows["northing"].to_numpy()))


def each_crime_once(rows: pl.DataFrame) -> pl.DataFrame:
    """The first of the rows that share a Crime ID in one force's month; all rows that have none.

    rows: those that a measure counts already, since one ID may stand at rows of several types.
    Rows of one event are no sign of another, and to a test by chance they would be several.
    """
    import polars as pl

    is_first = pl.struct("force", "month", "crime_id").is_first_distinct()
    return rows.filter(is_first | pl.col("crime_id").is_null())


def snap_points(rows: pl.DataFrame) -> list[SnapPoint]:
    """Where rows lie, each position once; a row without a place has none."""
    columns = ["location", "longitude", "latitude", "easting", "northing"]
    unique = rows.select(columns).drop_nulls("easting").unique().sort(columns)
    return [SnapPoint(*row) for row in unique.iter_rows()]


def compared_with_year_before(measure: Measure, series: Series) -> MeasureResult:
    """A series with its last months against the year before, or why they are not compared."""
    try:
        change = change_since_year_before(series, months=PERIOD_MONTHS)
    except CoverageError:
        return MeasureResult(measure, series.place, series, None, why_not_counted(series))
    if broken := breaks_crossed(series, change):
        reason = f"The months compared lie on both sides of a break. {' '.join(broken.values())}"
        return MeasureResult(measure, series.place, series, None, reason)
    return MeasureResult(measure, series.place, series, change, "")


def edge_of(rows: pl.DataFrame, area: Area) -> EdgeSensitivity:
    """How many of the rows lie within EDGE_M of the area's line. rows: on both sides of it."""
    columns = ["location", "longitude", "latitude", "easting", "northing"]
    tally = rows.drop_nulls("easting").group_by(columns).len().sort(columns)
    points = [SnapPoint(*row[:5]) for row in tally.iter_rows()]
    return edge_sensitivity(points, tally["len"].to_numpy(), area, within_m=EDGE_M)


def covers(shape: BaseGeometry, rows: pl.DataFrame) -> NDArray[np.bool_]:
    """Which rows lie in the shape (EPSG:27700), its line included."""
    import shapely

    covered: NDArray[np.bool_] = shapely.intersects_xy(
        shape, rows["easting"].to_numpy(), rows["northing"].to_numpy()
    )
    return covered
