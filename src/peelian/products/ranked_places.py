"""A ward's places in order of records expected next, or of harm, for an analyst's own desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from peelian.core.errors import CoverageError, InputError
from peelian.core.extras import require_extra
from peelian.core.months import MonthSpan
from peelian.measures import measure as measure_of
from peelian.products.assembly import not_all_missing, rank_one_measure
from peelian.products.lsoas import lsoas_of_wards
from peelian.products.ward_page import PlaceRanking
from peelian.products.ward_records import WardRecords, edge_of, read_ward_records
from peelian.scanning.ranking import rank_places
from peelian.scanning.series import place_counts, rows_counted, unit_counts
from peelian.store import places

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from peelian.analysis.harm import PlaceHarm
    from peelian.core.measures import Measure
    from peelian.core.months import Month
    from peelian.core.streets import StreetNetwork
    from peelian.measures.harm_index import HarmIndex
    from peelian.scanning.units import Units
    from peelian.store import Store

UnitChoice = Literal["place", "square", "hexagon", "street", "lsoa"]
UNITS: tuple[UnitChoice, ...] = get_args(UnitChoice)

SIDE_M = 150.0  # of the squares in which hot spots are usually drawn
ON_THE_STREET_M = 30.0
# An area that a ward's line only grazes is not one of the ward's.
_LEAST_SHARE = 0.01


@dataclass(frozen=True)
class HarmRanking:
    """A ward's places by the harm of their records. months: those summed over, all held."""

    measure: Measure
    index: HarmIndex
    months: tuple[Month, ...]
    places: tuple[PlaceHarm, ...]


def rank_ward_places(
    store: Store,
    ward: str,
    measure: str,
    *,
    unit: UnitChoice = "place",
    side_m: float = SIDE_M,
    boundary_set: str | None = None,
) -> PlaceRanking:
    """Rank a ward's micro-places, or units of another kind, for one measure.

    ward: a code or an unambiguous name. side_m: of squares and hexagons. A richer model is used
    for micro-places alone. True counts: for desk use, not for publication. UnknownPlaceError
    and CoverageError as for a ward's page; CoverageError where no streets or LSOAs are held.
    """
    counted = measure_of(measure)
    if unit == "place":
        return rank_one_measure(store, ward, counted, boundary_set=boundary_set)
    read = _read(store, ward, boundary_set)
    missing = not_all_missing(read, counted)
    units, called = _units(read, unit, side_m)
    records = rows_counted(read.inside, counted)
    found = units.of_points(records["easting"].to_numpy(), records["northing"].to_numpy())
    return PlaceRanking(
        measure=counted,
        span=read.span,
        places=rank_places(
            unit_counts(read.inside, counted, units, span=read.span, missing=missing)
        ),
        edge=edge_of(rows_counted(read.near, counted), read.area),
        method=(
            f"{called}, ordered by the records to expect in the next three months: recent records "
            f"weigh more (half after twelve months), and places with few records are drawn "
            f"towards the average of all {len(units)}. {int((found < 0).sum()):,} of "
            f"{len(records):,} records lie in none of them."
        ),
    )


def harm_of_ward_places(
    store: Store, ward: str, measure: str, index: str, *, boundary_set: str | None = None
) -> HarmRanking:
    """Rank a ward's micro-places by the harm of a measure's records in the last twelve months.

    index: a harm index's id. Only months held for every type are summed. InputError for a
    measure that counts no crime types; CoverageError where no month is held.
    """
    import msgspec

    from peelian.analysis.harm import harm_of_places
    from peelian.measures.harm_index import harm_index

    counted, weights = measure_of(measure), harm_index(index)
    if not counted.crime_types:
        raise InputError(
            f"Harm is weighed by crime type, and {counted.title} counts none. "
            f"Name a measure of crimes: all-recorded-crime."
        )
    read = _read(store, ward, boundary_set)
    missing = not_all_missing(read, counted)
    span = MonthSpan.ending(read.span.last, months=min(12, len(read.span)))
    by_type = {
        crime_type: place_counts(
            read.inside,
            msgspec.structs.replace(counted, crime_types=[crime_type]),
            read.micro_places,
            span=span,
            missing=missing,
        )
        for crime_type in counted.crime_types
    }
    return HarmRanking(
        counted,
        weights,
        tuple(month for month in span if month not in missing),
        harm_of_places(by_type, weights),
    )


def ranked_places(
    store: Store,
    ward: str,
    measure: str,
    *,
    unit: UnitChoice = "place",
    side_m: float = SIDE_M,
    boundary_set: str | None = None,
) -> GeoDataFrame:
    """The ranking as a GeoDataFrame (EPSG:27700): one row a place, its centre as geometry.

    Columns are those of `core.results.RankedPlace`. Needs the extra `notebook`.
    """
    require_extra("notebook", to="make a GeoDataFrame")
    from dataclasses import asdict

    import geopandas

    ranking = rank_ward_places(
        store, ward, measure, unit=unit, side_m=side_m, boundary_set=boundary_set
    )
    rows = [asdict(place) for place in ranking.places]
    eastings = [place.easting for place in ranking.places]
    northings = [place.northing for place in ranking.places]
    geometry = geopandas.points_from_xy(eastings, northings, crs="EPSG:27700")
    return geopandas.GeoDataFrame(rows, geometry=geometry)


def _read(store: Store, ward: str, boundary_set: str | None) -> WardRecords:
    area = places.area(store, ward, boundary_set=boundary_set)
    return read_ward_records(store, "", area, {}, include_btp=True, source="police.uk")


def _units(read: WardRecords, unit: UnitChoice, side_m: float) -> tuple[Units, str]:
    """The units of a ward, and what they are in words."""
    from peelian.scanning import units

    if unit == "square":
        return units.squares(read.area.shape, side_m=side_m), f"Squares of {side_m:g} m"
    if unit == "hexagon":
        found = units.hexagons(read.area.shape, side_m=side_m)
        return found, f"Hexagons with sides of {side_m:g} m"
    if unit == "street":
        if not len(read.network):
            raise CoverageError(
                f"Street segments are those of a street map, and the store has none for "
                f"{read.area.name}. Ingest a street map first."
            )
        found = units.streets(_within(read), within_m=ON_THE_STREET_M)
        return found, (
            f"Segments of named streets, junction to junction, with the records at most "
            f"{ON_THE_STREET_M:g} m away"
        )
    inside = lsoas_of_wards(read.store, [read.area], above=_LEAST_SHARE)
    return units.areas(inside), f"LSOAs of {inside[0].boundary_set.vintage}, as far as in the ward"


def _within(read: WardRecords) -> StreetNetwork:
    """The streets that come into the ward."""
    import shapely

    return read.network.only(shapely.intersects(read.network.lines, read.area.shape))
