"""The pilot ward's published numbers, counted again from the publisher's files without our code."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import polars as pl
import pyproj
import pytest
import shapely
from scipy.stats import binomtest

from peelian.ingest.ward_file import write_ward_file
from peelian.ingest.ward_page import read_ward_page
from peelian.publication.disclosed import DisclosedMeasure, DisclosedWardPage
from peelian.publication.provenance import read_page
from peelian.publication.publishing import PublishOptions, publish_wards
from real.conftest import RECORDS, RealStore

pytestmark = pytest.mark.xdist_group("real")

PILOT = "E05013669"
BOX = (-0.16, 51.51, -0.10, 51.56)  # degrees, well around the ward
TYPES = {
    "anti-social-behaviour": {"Anti-social behaviour"},
    "drugs": {"Drugs"},
    "robbery": {"Robbery"},
    "violence": {"Violence and sexual offences"},
}
POLICE_GENERATED = {"Drugs", "Possession of weapons"}
LAST_YEAR = [f"2017-{month:02}" for month in range(4, 13)] + ["2018-01", "2018-02", "2018-03"]


@pytest.fixture(scope="module")
def page(
    real: RealStore, seed_page: str, tmp_path_factory: pytest.TempPathFactory
) -> DisclosedWardPage:
    folder = tmp_path_factory.mktemp("numbers")
    write_ward_file(read_ward_page(seed_page, ward=PILOT), folder / "ward.toml")
    options = PublishOptions(snapshot_date="2023-07-01", boundary_set="camden_wards_2022")
    list(
        publish_wards(
            real.store, [PILOT], site=folder, options=options, ward_file=folder / "ward.toml"
        )
    )
    return read_page(folder / PILOT)


@pytest.fixture(scope="module")
def crimes(real_data: Path) -> pl.DataFrame:
    """Crimes near the ward, with their distance from its line and whether they lie inside."""
    return located(real_data, RECORDS[0], "-street.csv")


@pytest.fixture(scope="module")
def inside(crimes: pl.DataFrame) -> pl.DataFrame:
    return crimes.filter("inside")


def located(real_data: Path, zipped: str, ending: str, *, distinct: bool = False) -> pl.DataFrame:
    west, south, east, north = BOX
    near = pl.col("Longitude").is_between(west, east) & pl.col("Latitude").is_between(south, north)
    read = []
    with zipfile.ZipFile(real_data / zipped) as archive:
        for name in archive.namelist():
            if name.endswith(ending):
                rows = pl.read_csv(io.BytesIO(archive.read(name)), infer_schema=False)
                rows = rows.unique(maintain_order=True) if distinct else rows
                degrees = rows.with_columns(pl.col("Longitude", "Latitude").cast(pl.Float64))
                read.append(degrees.filter(near).with_columns(month=pl.lit(name[:7])))
    table = pl.concat(read)
    points = shapely.points(*to_grid(table["Longitude"].to_numpy(), table["Latitude"].to_numpy()))
    ward = pilot_ward(real_data)
    return table.with_columns(
        inside=pl.Series(shapely.intersects(ward, points)),
        metres=pl.Series(shapely.distance(ward.boundary, points)),
    )


def to_grid(longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return pyproj.Transformer.from_crs(4326, 27700, always_xy=True).transform(longitude, latitude)


def pilot_ward(real_data: Path) -> shapely.Geometry:
    text = (real_data / "boundaries" / "camden_wards_2022.geojson").read_text(encoding="utf-8")
    found = next(f for f in json.loads(text)["features"] if PILOT in str(f["properties"]))
    ward = shapely.geometry.shape(found["geometry"])
    return shapely.transform(ward, lambda xy: np.column_stack(to_grid(xy[:, 0], xy[:, 1])))


def of_types(rows: pl.DataFrame, measure: DisclosedMeasure) -> pl.DataFrame:
    kind = pl.col("Crime type")
    if measure.measure_id == "public-reported":
        return rows.filter(~kind.is_in(POLICE_GENERATED))
    return rows.filter(kind.is_in(TYPES[measure.measure_id]))


def of_ward(page: DisclosedWardPage) -> list[DisclosedMeasure]:
    series = [page.public_reported, *(m for p in page.priorities for m in p.measures)]
    return [measure for measure in series if not measure.place]


def by_month(rows: pl.DataFrame) -> dict[str, int]:
    return dict(rows.group_by("month").len().iter_rows())


def assert_shown_as(measure: DisclosedMeasure, counted: dict[str, int]) -> None:
    for month in measure.months:
        count, found = month.count, counted.get(month.month, 0)
        if count.state == "shown":
            assert count.value == found, (measure.id, month.month)
        elif count.text == "fewer than 5":
            assert 1 <= found <= 4
        elif count.state == "suppressed":
            assert found >= 5


def test_every_month_is_the_count_of_the_rows(
    page: DisclosedWardPage, inside: pl.DataFrame
) -> None:
    series = of_ward(page)

    assert {m.measure_id for m in series} == {"public-reported", *TYPES}
    for measure in series:
        assert_shown_as(measure, by_month(of_types(inside, measure)))
        missing = [m.month for m in measure.months if m.count.state == "missing"]
        assert missing == ["2016-03"]


def test_the_sums_compared_are_those_of_the_rows_and_so_is_the_interval(
    page: DisclosedWardPage, inside: pl.DataFrame
) -> None:
    for measure in of_ward(page):
        sums, counted = measure.compared, by_month(of_types(inside, measure))
        assert sums is not None
        before = sum(counted.get(month, 0) for month in sums.before_months)
        after = sum(counted.get(month, 0) for month in sums.after_months)

        assert (sums.before.value, sums.after.value) == (before, after)
        ends = binomtest(after, before + after).proportion_ci(0.95, "exact")
        for end in (ends.low, ends.high):
            assert in_words(end / (1 - end)) in measure.change


def in_words(ratio: float) -> str:
    if ratio > 2:
        return "twice as many" if round(ratio, 1) == 2 else f"{ratio:.1f} times as many"
    return f"{round(100 * abs(ratio - 1))} % {'more' if ratio > 1 else 'fewer'}"


def test_every_place_has_the_rows_at_its_points_to_the_nearest_five(
    page: DisclosedWardPage, inside: pl.DataFrame
) -> None:
    checked = 0
    for priority in page.priorities:
        ranking = priority.ranking
        assert ranking is not None
        measure = next(m for m in priority.measures if not m.place)
        rows = of_types(inside, measure)
        lately = rows.filter(pl.col("month").is_in(LAST_YEAR))
        held, last_year = (dict(r.group_by("Location").len().iter_rows()) for r in (rows, lately))
        for place in ranking.places:
            found = held.get(f"On or near {place.name}")
            if found is None:
                continue  # a point with a general name, called after the street beside it
            recent = last_year.get(f"On or near {place.name}", 0)
            assert place.records.value == 5 * round(found / 5)
            if place.recent.value is not None:
                assert place.recent.value == 5 * round(recent / 5)
            else:
                assert 1 <= recent <= 4
            checked += 1
        few = sum(1 for n in held.values() if n < 5)
        assert ranking.not_listed.startswith(f"{few} further places had fewer than 5")

    assert checked > 80


def test_the_line_decides_as_much_as_the_rows_beside_it_say(
    page: DisclosedWardPage, crimes: pl.DataFrame
) -> None:
    near = crimes.filter(pl.col("metres") <= 10)
    total = crimes["inside"].sum()

    inside, outside = (
        round(100 * near.filter(inside=side).height / total) for side in (True, False)
    )

    assert page.edge.startswith(f"{inside} % of the records lie at most 10 m inside")
    assert f"another {outside} % lie at most 10 m outside" in page.edge


def test_types_of_the_last_year_are_the_rows_to_the_nearest_five(
    page: DisclosedWardPage, inside: pl.DataFrame
) -> None:
    lately = inside.filter(pl.col("month").is_in(LAST_YEAR))
    counted = dict(lately.group_by("Crime type").len().iter_rows())

    assert {kind.label for kind in page.by_type} == counted.keys()
    for kind in page.by_type:
        found = counted[kind.label]
        assert kind.count.value == (5 * round(found / 5) if found >= 5 else None)


def test_stops_are_the_distinct_rows_of_their_months(
    page: DisclosedWardPage, real_data: Path
) -> None:
    rows = located(real_data, RECORDS[2], "-stop-and-search.csv", distinct=True).filter("inside")

    assert page.stops is not None
    assert sum(m.count.state == "shown" for m in page.stops.months) > 40
    assert_shown_as(page.stops, by_month(rows))
    (named,) = (source for source in page.sources if source.what == "Stop and search")
    assert named.months.endswith("May 2023")
