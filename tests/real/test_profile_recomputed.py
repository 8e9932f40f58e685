"""Figures of two real profiles, counted again from the publisher's files without this package.

Polars, Shapely, pyproj and SciPy alone: the way an outsider would check what the profile's JSON
says. The streets named are those that the JSON itself draws.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyogrio
import pytest
import shapely
from pyproj import Transformer
from scipy.stats import beta, binomtest

from peelian.core.wards import WardFile
from peelian.ingest.place_suggestions import with_suggestions
from peelian.ingest.ward_page import read_ward_page
from peelian.measures import load_measures
from peelian.products.problem_profile.assembly import assemble_problem_profile
from peelian.publication.profile.files import profile_json
from peelian.publication.profile.page import cleared_for_team
from real.conftest import RealStore

pytestmark = pytest.mark.xdist_group("real")

WARD, SET = "E05013669", "camden_wards_2022"
ARCHIVE = "police.uk/street_camden+5neighbours_api-derived_2016-01_2018-03.zip"
LATELY = [f"2017-{m:02d}" for m in (10, 11, 12)] + [f"2018-{m:02d}" for m in (1, 2, 3)]
BEFORE = [f"{int(month[:4]) - 1}{month[4:]}" for month in LATELY]
LAST_YEAR = [f"2017-{m:02d}" for m in range(4, 13)] + LATELY[3:]
POLICE_FIND = ("Drugs", "Possession of weapons")


@pytest.fixture(scope="module")
def rows(real_data: Path) -> pl.DataFrame:
    """Every placed row of the Metropolitan Police, on the National Grid.

    No row of the British Transport Police lies in the ward, so none counts around it either.
    """
    columns = ["Crime ID", "Month", "Longitude", "Latitude", "Location", "Crime type"]
    with zipfile.ZipFile(real_data / ARCHIVE) as archive:
        names = [name for name in archive.namelist() if name.endswith("metropolitan-street.csv")]
        every = [
            pl.read_csv(archive.read(n), columns=columns, schema_overrides={"Crime ID": pl.String})
            for n in names
        ]
    placed = pl.concat(every).drop_nulls("Longitude")
    grid = Transformer.from_crs(4326, 27700, always_xy=True)
    east, north = grid.transform(placed["Longitude"], placed["Latitude"])
    return placed.with_columns(east=pl.Series(east), north=pl.Series(north))


@pytest.fixture(scope="module")
def ward(real_data: Path) -> shapely.Geometry:
    return shape_of(real_data / "boundaries/camden_wards_2022.geojson", "WD22CD", WARD)


def shape_of(path: Path, column: str, code: str) -> shapely.Geometry:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    found = next(f["geometry"] for f in features if f["properties"][column] == code)
    grid = Transformer.from_crs(4326, 27700, always_xy=True)
    return shapely.transform(
        shapely.from_geojson(json.dumps(found)),
        lambda xy: np.column_stack(grid.transform(xy[:, 0], xy[:, 1])),
    )


def borough(path: Path, code: str) -> shapely.Geometry:
    """One borough of the Greater London Authority's file, whose grid is the National Grid."""
    table = pyogrio.read_dataframe(path)
    found: shapely.Geometry = table.loc[table["GSS_CODE"] == code, "geometry"].iloc[0]
    return found


@pytest.fixture(scope="module")
def ward_file(real: RealStore, seed_page: str) -> WardFile:
    return with_suggestions(read_ward_page(seed_page, ward=WARD), real.store)


def written(real: RealStore, ward_file: WardFile, priority: str) -> dict[str, Any]:
    profile = assemble_problem_profile(
        real.store, WARD, measures=load_measures(), day="2018-05-01", code_version="test",
        ward_file=ward_file, priority=priority, boundary_set=SET,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(profile_json(cleared_for_team(profile)))
    return found


@pytest.fixture(scope="module")
def robbery(real: RealStore, ward_file: WardFile) -> dict[str, Any]:
    return written(real, ward_file, "2")


@pytest.fixture(scope="module")
def asb(real: RealStore, ward_file: WardFile) -> dict[str, Any]:
    return written(real, ward_file, "1")


def figures(profile: Mapping[str, Any], id_: str) -> dict[str, Any]:
    found: dict[str, Any] = next(s["figures"] for s in profile["statements"] if s["id"] == id_)
    return found


def within(shape: shapely.Geometry, rows: pl.DataFrame, crime_type: str = "") -> pl.DataFrame:
    east, north = rows["east"].to_numpy(), rows["north"].to_numpy()
    kept = rows.filter(pl.Series(shapely.intersects_xy(shape, east, north)))
    return kept.filter(pl.col("Crime type") == crime_type) if crime_type else kept


def counted(rows: pl.DataFrame, months: list[str]) -> int:
    return len(rows.filter(pl.col("Month").is_in(months)))


def once(rows: pl.DataFrame) -> pl.DataFrame:
    """The first row of each Crime ID; rows without one all stay."""
    return pl.concat([
        rows.drop_nulls("Crime ID").unique(["Month", "Crime ID"], maintain_order=True),
        rows.filter(pl.col("Crime ID").is_null()),
    ])  # fmt: skip


def exact_ratio(before: int, after: int) -> tuple[float, float, float]:
    """After over before with the 95 % interval of the conditional binomial."""
    low = beta.ppf(0.025, after, before + 1)
    high = beta.ppf(0.975, after + 1, before)
    return after / before, low / (1 - low), high / (1 - high)


def streets_named(profile: Mapping[str, Any]) -> shapely.Geometry:
    """The streets that the profile draws, from its rings: holes are rings inside another."""
    drawn = [shapely.Polygon(ring) for ring in profile["streets_named"]]
    shape = shapely.Polygon()
    for ring in sorted(drawn, key=lambda each: -each.area):
        shape = shapely.symmetric_difference(shape, ring)
    return shape


def check_change(said: Mapping[str, Any], before: int, after: int) -> None:
    ratio, low, high = exact_ratio(before, after)

    assert (said["before"], said["after"]) == (before, after)
    assert [said["ratio"], said["ratio_low"], said["ratio_high"]] == pytest.approx(
        [ratio, low, high], rel=1e-6
    )
    assert said["p_value"] == pytest.approx(binomtest(after, before + after).pvalue, abs=1e-6)


def test_robbery_in_the_ward_against_the_year_before(
    rows: pl.DataFrame, ward: shapely.Geometry, robbery: dict[str, Any]
) -> None:
    found = within(ward, rows, "Robbery")

    check_change(figures(robbery, "about.ward"), counted(found, BEFORE), counted(found, LATELY))


def test_robbery_in_the_streets_named_against_the_year_before(
    rows: pl.DataFrame, ward: shapely.Geometry, robbery: dict[str, Any]
) -> None:
    found = within(streets_named(robbery), within(ward, rows, "Robbery"))
    said = figures(robbery, "where.part")

    check_change(figures(robbery, "about.change"), counted(found, BEFORE), counted(found, LATELY))
    assert said["inside"] == counted(found, LAST_YEAR)
    assert said["ward"] == counted(within(ward, rows, "Robbery"), LAST_YEAR)


def test_what_ten_metres_of_the_edge_of_the_streets_decide(
    rows: pl.DataFrame, ward: shapely.Geometry, robbery: dict[str, Any]
) -> None:
    said, streets = figures(robbery, "where.streets-edge"), streets_named(robbery)
    near = within(streets.boundary.buffer(10, quad_segs=64), within(ward, rows, "Robbery"))

    assert said["total_inside"] == len(within(streets, within(ward, rows, "Robbery")))
    assert said["inside_near"] == len(within(streets, near))
    assert said["outside_near"] == len(near) - len(within(streets, near))


def test_anti_social_behaviour_and_drugs_against_the_year_before(
    rows: pl.DataFrame, ward: shapely.Geometry, asb: dict[str, Any]
) -> None:
    for id_, label in (("about.change", "Anti-social behaviour"), ("why.apart.drugs", "Drugs")):
        found = within(ward, rows, label)

        check_change(figures(asb, id_), counted(found, BEFORE), counted(found, LATELY))


@pytest.mark.parametrize("label", ["Anti-social behaviour", "Drugs"])
def test_each_month_of_a_chart(
    rows: pl.DataFrame, ward: shapely.Geometry, asb: dict[str, Any], label: str
) -> None:
    id_ = "anti-social-behaviour" if label != "Drugs" else "drugs"
    said = figures(asb, f"changing.months.ward.{id_}")
    months = dict(within(ward, rows, label)["Month"].value_counts().iter_rows())

    held = {month: said[month] for month in said if month[:2] == "20"}

    assert len(held) == 26
    assert "2016-03" not in held
    assert held == {month: months.get(month, 0) for month in held}


def test_each_place_of_the_list(
    rows: pl.DataFrame, ward: shapely.Geometry, asb: dict[str, Any]
) -> None:
    found = within(ward, rows, "Anti-social behaviour")

    for rank in range(1, 11):
        said = figures(asb, f"where.place.{rank}")
        here = found.filter(pl.col("Location") == f"On or near {said['place']}")

        assert said["records"] == len(here)
        assert said["recent"] == counted(here, LAST_YEAR)


def test_how_few_places_hold_half_with_each_crime_once(
    rows: pl.DataFrame, ward: shapely.Geometry, robbery: dict[str, Any]
) -> None:
    said = figures(robbery, "where.concentration")
    every = within(ward, rows, "Robbery")
    found = once(every)
    # In this ward every name but the generic ones is one place; all hold few robberies.
    by_place = np.sort(found.group_by("Location").len()["len"].to_numpy())[::-1]

    dealt = np.random.default_rng(1).multinomial(
        len(found), np.full(said["places"], 1 / said["places"]), size=2000
    )
    halves = 1 + np.argmax(np.cumsum(-np.sort(-dealt), axis=1) >= len(found) / 2, axis=1)

    assert said["records"] == len(found) == 179
    assert said["share_a_crime_id"] == len(every) - len(found) == 7
    assert said["half_in_places"] == pytest.approx(
        1 + int(np.argmax(np.cumsum(by_place) >= len(found) / 2)), abs=1
    )
    assert said["half_by_chance_low"] == pytest.approx(np.quantile(halves, 0.025), abs=1)
    assert said["half_by_chance_high"] == pytest.approx(np.quantile(halves, 0.975), abs=1)


def test_records_near_the_wards_line(
    rows: pl.DataFrame, ward: shapely.Geometry, asb: dict[str, Any]
) -> None:
    said = figures(asb, "where.edge")
    found = rows.filter(pl.col("Crime type") == "Anti-social behaviour")
    near = within(ward.boundary.buffer(10, quad_segs=64), found)

    assert said["inside_near"] == len(within(ward, near))
    assert said["outside_near"] == len(near) - len(within(ward, near))


def test_the_cluster_of_chalton_street(
    rows: pl.DataFrame, ward: shapely.Geometry, asb: dict[str, Any]
) -> None:
    said = figures(asb, "changing.cluster.1")
    around = within(ward.buffer(500), rows, "Anti-social behaviour")
    months = ["2017-12", "2018-01", "2018-02", "2018-03"]
    here = around.filter(pl.col("Location") == "On or near Chalton Street")

    assert said["places_named"] == "Chalton Street"
    assert said["records"] == len(around)
    assert said["observed"] == counted(here, months)
    # What the space-time permutation expects: as in all months there, as everywhere in these.
    expected = len(here) * counted(around, months) / len(around)
    assert said["expected"] == pytest.approx(expected, rel=1e-9)


def test_robberies_around_the_ward_are_scanned_each_once(
    rows: pl.DataFrame, ward: shapely.Geometry, robbery: dict[str, Any]
) -> None:
    around = within(ward.buffer(500), rows, "Robbery")

    assert len(once(around)) < len(around)
    assert figures(robbery, "changing.clusters")["records"] == len(once(around))


def test_the_mix_of_types_and_the_share_that_police_find(
    rows: pl.DataFrame, ward: shapely.Geometry, real_data: Path, asb: dict[str, Any]
) -> None:
    said, shared = figures(asb, "why.mix"), figures(asb, "why.reporting")
    lately = rows.filter(pl.col("Month").is_in(LAST_YEAR))
    here = within(ward, lately)
    camden = borough(real_data / "boundaries" / f"{said['around_boundary']}.shp.zip", "E09000007")
    around = within(shapely.union(camden, ward), lately)
    found = len(here.filter(pl.col("Crime type").is_in(POLICE_FIND)))

    assert said["records"] == shared["records"] == len(here)
    assert said["records_around"] == len(around)
    for slug, label in (
        ("robbery", "Robbery"), ("burglary", "Burglary"), ("shoplifting", "Shoplifting"),
        ("violent-crime", "Violence and sexual offences"), ("vehicle-crime", "Vehicle crime"),
    ):  # fmt: skip
        part = len(here.filter(pl.col("Crime type") == label))
        whole = len(around.filter(pl.col("Crime type") == label))

        assert said[f"{slug}_here"] == part
        assert said[f"{slug}_quotient"] == pytest.approx(
            (part / len(here)) / (whole / len(around)), rel=1e-9
        )
    assert shared["police_generated"] == found
    assert shared["per_cent"] == round(100 * found / len(here))
    assert shared["low_per_cent"] == round(100 * beta.ppf(0.025, found, len(here) - found + 1))
    assert shared["high_per_cent"] == round(100 * beta.ppf(0.975, found + 1, len(here) - found))
