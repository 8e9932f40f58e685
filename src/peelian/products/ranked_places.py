"""A ward's places in order of records expected next, for an analyst's own desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelian.core.extras import require_extra
from peelian.measures import measure as measure_of
from peelian.products.assembly import rank_one_measure

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from peelian.products.ward_page import PlaceRanking
    from peelian.store import Store


def rank_ward_places(
    store: Store, ward: str, measure: str, *, boundary_set: str | None = None
) -> PlaceRanking:
    """Rank a ward's micro-places for one measure.

    ward: a code or an unambiguous name. True counts: for desk use, not for publication.
    UnknownPlaceError and CoverageError as for a ward's page.
    """
    return rank_one_measure(store, ward, measure_of(measure), boundary_set=boundary_set)


def ranked_places(
    store: Store, ward: str, measure: str, *, boundary_set: str | None = None
) -> GeoDataFrame:
    """The ranking as a GeoDataFrame (EPSG:27700): one row a place, its centre as geometry.

    Columns are those of `core.results.RankedPlace`. Needs the extra `notebook`.
    """
    require_extra("notebook", to="make a GeoDataFrame")
    from dataclasses import asdict

    import geopandas

    ranking = rank_ward_places(store, ward, measure, boundary_set=boundary_set)
    rows = [asdict(place) for place in ranking.places]
    eastings = [place.easting for place in ranking.places]
    northings = [place.northing for place in ranking.places]
    geometry = geopandas.points_from_xy(eastings, northings, crs="EPSG:27700")
    return geopandas.GeoDataFrame(rows, geometry=geometry)
