import zipfile

import polars as pl
import pytest

from camden_map import camden_store
from made_places import square, write_geojson
from peelian.core.errors import UnknownPlaceError
from peelian.core.grid import to_grid
from peelian.ingest.boundaries import ingest_boundaries
from peelian.store import Store
from peelian.store.places import (
    area,
    areas,
    boundary_sets,
    named_places,
    population,
    street_network,
    ward_codes,
)


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "store")


def hold(store, tmp_path, name, *wards, year=22):
    """Ingest wards, each (code, name, shape), as a boundary set of a year."""
    features = [
        ({f"WD{year}CD": code, f"WD{year}NM": called}, shape) for code, called, shape in wards
    ]
    ingest_boundaries([write_geojson(tmp_path / f"{name}.geojson", features)], store)


LARKFIELD = ("E05999901", "St. Anne's and Larkfield", square(0, 0, 500))
FINCHFIELD = ("E05999902", "Finchfield", square(500, 0, 500))


def test_an_area_is_found_by_its_code(store, tmp_path):
    hold(store, tmp_path, "wards_2022", LARKFIELD, FINCHFIELD)

    found = area(store, "E05999902")

    assert (found.name, found.boundary_set.name) == ("Finchfield", "wards_2022")


@pytest.mark.parametrize(
    "written", ["St Anne's & Larkfield", "St. Anne's and Larkfield", "saint annes and larkfield"]
)
def test_a_ward_is_found_by_any_spelling_of_its_name(store, tmp_path, written):
    hold(store, tmp_path, "wards_2022", LARKFIELD, FINCHFIELD)

    assert area(store, written).code == "E05999901"


def test_of_two_drawings_the_finer_is_taken(store, tmp_path):
    code, name, shape = LARKFIELD
    hold(store, tmp_path, "a_coarse_2022", LARKFIELD)
    hold(store, tmp_path, "b_fine_2022", (code, name, shape.segmentize(50)))

    assert area(store, code).boundary_set.name == "b_fine_2022"
    assert area(store, code, boundary_set="a_coarse_2022").boundary_set.name == "a_coarse_2022"


def test_of_two_drawings_equally_fine_the_first_by_name_is_taken(store, tmp_path):
    hold(store, tmp_path, "b_2022", LARKFIELD)
    hold(store, tmp_path, "a_2022", LARKFIELD)

    assert area(store, LARKFIELD[0]).boundary_set.name == "a_2022"


def test_a_name_means_the_newest_boundaries_that_have_it(store, tmp_path):
    hold(store, tmp_path, "wards_2018", ("E05999801", "Larkfield", square(0, 0, 400)), year=18)
    hold(store, tmp_path, "wards_2022", ("E05999901", "Larkfield", square(0, 0, 500)))

    assert area(store, "Larkfield").code == "E05999901"


def hold_borough(store, tmp_path, shape):
    features = [({"LAD22CD": "E09999901", "LAD22NM": "Madeborough"}, shape)]
    ingest_boundaries([write_geojson(tmp_path / "boroughs_2022.geojson", features)], store)


def test_a_borough_stands_for_todays_wards_in_it(store, tmp_path):
    outside = ("E05999904", "Faraway", square(3000, 0, 500))
    hold(store, tmp_path, "wards_2018", ("E05999801", "Larkfield", square(0, 0, 400)), year=18)
    hold(store, tmp_path, "wards_2022", FINCHFIELD, LARKFIELD, outside)
    hold_borough(store, tmp_path, square(-10, -10, 1020))

    assert list(ward_codes(store, ["Madeborough"])) == ["E05999901", "E05999902"]
    assert list(ward_codes(store, ["E09999901"], boundary_set="wards_2018")) == ["E05999801"]
    assert list(ward_codes(store, ["Finchfield", "E05999904"])) == ["E05999902", "E05999904"]


def test_a_borough_without_wards_says_what_to_ingest(store, tmp_path):
    hold_borough(store, tmp_path, square(0, 0, 1000))

    with pytest.raises(UnknownPlaceError, match="no ward in Madeborough"):
        list(ward_codes(store, ["E09999901"]))


def test_a_name_that_two_areas_have_is_not_guessed(store, tmp_path):
    hold(store, tmp_path, "wards_2022", LARKFIELD, ("E05999903", LARKFIELD[1], square(900, 0, 9)))

    with pytest.raises(UnknownPlaceError, match=r"E05999901, E05999903\. Give the code"):
        area(store, LARKFIELD[1])


@pytest.mark.parametrize("written", ["Finchfeld", "E05999903"])
def test_an_unknown_area_is_answered_with_what_comes_near(store, tmp_path, written):
    hold(store, tmp_path, "wards_2022", LARKFIELD, FINCHFIELD)

    with pytest.raises(UnknownPlaceError, match=r"Near it: .*Finchfield \(E05999902\)"):
        area(store, written)


def test_a_boundary_set_that_is_not_held_is_answered_with_those_that_are(store, tmp_path):
    hold(store, tmp_path, "wards_2022", LARKFIELD)

    with pytest.raises(UnknownPlaceError, match="Held: wards_2022"):
        area(store, "E05999901", boundary_set="wards_2018")


def test_a_store_without_boundaries_says_what_to_do(store):
    with pytest.raises(UnknownPlaceError, match="Ingest a boundary file first"):
        area(store, "E05999901")

    assert areas(store, kind="ward") == ()
    assert boundary_sets(store) == ()


def test_areas_near_a_shape_are_those_that_touch_it(store, tmp_path):
    far = ("E05999903", "Farfield", square(5_000, 0, 500))
    hold(store, tmp_path, "wards_2022", LARKFIELD, FINCHFIELD, far)

    near = areas(store, kind="ward", near=LARKFIELD[2].buffer(1))

    assert [a.name for a in near] == ["St. Anne's and Larkfield", "Finchfield"]


def test_each_area_comes_once_from_the_set_that_draws_it_finest(store, tmp_path):
    code, name, shape = LARKFIELD
    hold(store, tmp_path, "a_coarse_2022", LARKFIELD, FINCHFIELD)
    hold(store, tmp_path, "b_fine_2022", (code, name, shape.segmentize(50)))

    found = areas(store, kind="ward")

    assert [(a.code, a.boundary_set.name) for a in found] == [
        ("E05999901", "b_fine_2022"),
        ("E05999902", "a_coarse_2022"),
    ]


def test_a_store_without_a_street_map_has_an_empty_network_and_no_places(store):
    assert len(street_network(store, square(0, 0, 500))) == 0
    assert named_places(store, square(0, 0, 500)) == ()


@pytest.mark.parametrize(
    "written",
    [
        "E05013669", "St. Pancras and Somers Town", "St Pancras & Somers Town",
        "St Pancras and Somers Town",
    ],
)  # fmt: skip
def test_the_pilot_ward_is_found_by_each_spelling_of_the_publishers(real_data, written):
    found = area(camden_store(real_data), written)

    # The generalised drawing of December 2024 has 8 vertices and puts a station inside; the one
    # in full detail has 260.
    assert found.code == "E05013669"
    assert found.boundary_set.name == "camden_wards_2022"


def test_the_pilot_ward_has_its_census_population(real_data):
    store = camden_store(real_data)

    found = population(store, area(store, "E05013669"))

    # The ward's row in the published census table.
    assert found == (12_482, "Office for National Statistics, census 2021")


# MANIFEST.md: "50 snap points ... 4,163 rows in 26 months. Within its 2018 boundary E05000143:
# 64 points ... 7,958 rows, 2,790 of them BTP".
@pytest.mark.parametrize(
    ("code", "boundary_set", "points", "rows", "by_transport_police"),
    [
        ("E05013669", "camden_wards_2022", 50, 4_163, 0),
        ("E05013669", "camden_wards_2022-05_bfc", 50, 4_163, 0),
        ("E05000143", "camden_wards_2018", 64, 7_958, 2_790),
        ("E05000143", "london_wards_2018_gla", 64, 7_958, 2_790),
    ],
)
def test_the_ward_holds_the_snap_points_and_rows_that_the_manifest_counts(
    real_data, street_rows, code, boundary_set, points, rows, by_transport_police
):
    ward = area(camden_store(real_data), code, boundary_set=boundary_set)

    inside = street_rows.filter(
        ward.holds(street_rows["easting"].to_numpy(), street_rows["northing"].to_numpy())
    )

    assert inside.height == rows
    assert inside.select("Longitude", "Latitude").unique().height == points
    assert inside.select("Location", "Longitude", "Latitude").unique().height == points
    assert inside.filter(pl.col("transport_police")).height == by_transport_police


@pytest.fixture(scope="module")
def street_rows(real_data):
    """Rows of the six boroughs' street files around the ward, with grid positions."""
    archive = next((real_data / "police.uk").glob("street_camden+5neighbours*.zip"))
    columns = ["Longitude", "Latitude", "Location"]
    parts = []
    with zipfile.ZipFile(archive) as files:
        for name in files.namelist():
            if name.endswith("-street.csv"):
                part = pl.read_csv(files.read(name), columns=columns)
                parts.append(part.with_columns(transport_police=pl.lit("btp" in name)))
    rows = pl.concat(parts).filter(
        pl.col("Longitude").is_between(-0.16, -0.11), pl.col("Latitude").is_between(51.52, 51.55)
    )
    east, north = to_grid(rows["Longitude"].to_numpy(), rows["Latitude"].to_numpy())
    return rows.with_columns(pl.Series("easting", east), pl.Series("northing", north))
