import json
import zipfile

import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import Polygon

from made_places import square, write_geojson
from peelian.core.errors import InputError
from peelian.core.grid import to_grid
from peelian.ingest.boundaries import ingest_boundaries
from peelian.store import Store
from peelian.store.places import area, areas, boundary_sets

# The British National Grid described without its name or number.
NAMELESS_GRID = (
    'PROJCS["A_grid",GEOGCS["GCS_Airy",DATUM["D_Airy",SPHEROID["Airy_1830",6377563.396,'
    '299.3249646]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",400000],'
    'PARAMETER["False_Northing",-100000],PARAMETER["Central_Meridian",-2],'
    'PARAMETER["Scale_Factor",0.9996012717],PARAMETER["Latitude_Of_Origin",49],UNIT["Metre",1]]'
)


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "store")


def ward(code="E05999901", name="Larkfield", **more):
    return {
        "WD22CD": code,
        "WD22NM": name,
        "LAD22CD": "E09999901",
        "LAD22NM": "Finchborough",
        **more,
    }


def test_a_layer_becomes_a_dated_set_of_areas_on_the_grid(store, tmp_path):
    shape = square(0, 0, 500)
    file = write_geojson(tmp_path / "made_wards_2022.geojson", [(ward(), shape)])

    (read,) = ingest_boundaries([file], store)

    assert (read.state, read.source, read.rows, read.notes) == ("new", "made_wards_2022", 1, ())
    found = area(store, "E05999901")
    assert (found.name, found.boundary_set.kind, found.boundary_set.vintage) == (
        "Larkfield", "ward", 2022,
    )  # fmt: skip
    # There and back over degrees is good to a centimetre.
    assert found.shape.hausdorff_distance(shape) < 0.02


@pytest.mark.parametrize(
    ("columns", "kind", "vintage"),
    [
        ({"GSS_CODE": "E05000143", "NAME": "Old Ward"}, "ward", 2018),
        ({"LSOA21CD": "X00999901", "LSOA21NM": "Made 001A"}, "lsoa", 2021),
        ({"LAD24CD": "E09000007", "LAD24NM": "Finchborough"}, "borough", 2024),
        ({"lsoa11cd": "E01000907", "lsoa11nm": "Finch 001A"}, "lsoa", 2011),
        (
            {"LAD11CD": "E09000007", "LSOA11CD": "E01000907", "LSOA11NM": "Finch 001A"},
            "lsoa",
            2011,
        ),
    ],
)
def test_kind_and_year_are_read_from_the_code_columns(store, tmp_path, columns, kind, vintage):
    other = {name: value[:-1] + "0" for name, value in columns.items() if "LSOA" in name.upper()}
    features = [(columns, square(0, 0, 100)), ({**columns, **other}, square(100, 0, 100))]
    file = write_geojson(tmp_path / "made_2018.geojson", features[: 2 if other else 1])

    ingest_boundaries([file], store)

    (found,) = boundary_sets(store)
    assert (found.kind, found.vintage) == (kind, vintage)


def test_a_shape_that_crosses_itself_is_repaired_and_says_so(store, tmp_path):
    bow = Polygon([(530_000, 183_000), (530_100, 183_100), (530_100, 183_000), (530_000, 183_100)])
    file = write_geojson(tmp_path / "made_2022.geojson", [(ward(), bow)])

    (read,) = ingest_boundaries([file], store)

    found = area(store, "E05999901")
    assert read.notes == (
        "Larkfield (E05999901) was repaired: self-intersection at 530050, 183050",
    )
    assert found.repaired == "self-intersection at 530050, 183050"
    assert found.shape.is_valid
    assert found.shape.area == pytest.approx(5_000, rel=1e-3)  # two triangles of 2,500 m²


def test_a_sound_shape_is_not_said_to_be_repaired(store, tmp_path):
    ingest_boundaries([write_geojson(tmp_path / "a.geojson", [(ward(), square(0, 0, 9))])], store)

    assert area(store, "E05999901").repaired is None


def test_heights_are_dropped(store, tmp_path):
    high = shapely.force_3d(square(0, 0, 500), z=12)
    ingest_boundaries([write_geojson(tmp_path / "made_2022.geojson", [(ward(), high)])], store)

    assert not area(store, "E05999901").shape.has_z


def test_a_zipped_shapefile_whose_system_is_not_named_is_read_by_its_coordinates(store, tmp_path):
    folder = tmp_path / "shapefile"
    folder.mkdir()
    pyogrio.raw.write(
        folder / "made_2022.shp", shapely.to_wkb(np.array([square(0, 0, 500)])),
        field_data=[np.array(["E05999901"], dtype=object), np.array(["Larkfield"], dtype=object)],
        fields=["WD22CD", "WD22NM"], geometry_type="Polygon", crs="EPSG:27700",
    )  # fmt: skip
    (folder / "made_2022.prj").write_text(NAMELESS_GRID, encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "made_2022.shp.zip", "w") as archive:
        for part in folder.iterdir():
            archive.write(part, part.name)

    (read,) = ingest_boundaries([tmp_path / "made_2022.shp.zip"], store)

    assert read.state == "new"
    assert "read as such by the coordinates' range" in read.notes[0]
    assert area(store, "E05999901").shape.equals(square(0, 0, 500))


def test_every_layer_of_a_geopackage_is_a_set(store, tmp_path):
    file = tmp_path / "made_2024.gpkg"
    for layer, code in (("wards", "E05999901"), ("boroughs", "E09999901")):
        pyogrio.raw.write(
            file, shapely.to_wkb(np.array([square(0, 0, 500)])), layer=layer,
            field_data=[np.array([code], dtype=object)], fields=["GSS_CODE"],
            geometry_type="Polygon", crs="EPSG:27700", append=file.exists(),
        )  # fmt: skip

    ingest_boundaries([file], store)

    assert [(s.name, s.kind, s.vintage) for s in boundary_sets(store)] == [
        ("made_2024:boroughs", "borough", 2024),
        ("made_2024:wards", "ward", 2024),
    ]


def test_the_services_boundary_json_is_a_neighbourhood(store, tmp_path):
    answer = [
        {"latitude": "51.5300000000", "longitude": "-0.1300000000"},
        {"latitude": "51.5300000000", "longitude": "-0.1200000000"},
        {"latitude": "51.5400000000", "longitude": "-0.1200000000"},
        {"latitude": "51.5300000000", "longitude": "-0.1300000000"},
    ]
    file = tmp_path / "metropolitan_E05013669N_boundary.json"
    file.write_text(json.dumps(answer), encoding="utf-8")

    ingest_boundaries([file], store)

    found = area(store, "E05013669N")
    assert found.boundary_set.kind == "neighbourhood"
    assert found.holds(*to_grid([-0.121, -0.129], [51.532, 51.538])).tolist() == [True, False]


def test_the_services_boundary_is_a_polygon_in_metres_whether_closed_or_not(store, tmp_path):
    # A square of 0.01 degrees at 51.5 N: 0.01 of latitude is 1,113 m, of longitude 694 m.
    corners = [("51.50", "-0.13"), ("51.51", "-0.13"), ("51.51", "-0.12"), ("51.50", "-0.12")]
    ring = [{"latitude": lat, "longitude": lon} for lat, lon in corners]
    for code, answer in (("NC04", ring), ("NC05", [*ring, ring[0]])):
        file = tmp_path / f"boundary_leicestershire_{code}.json"
        file.write_text(json.dumps(answer), encoding="utf-8")
        ingest_boundaries([file], store)

    as_open, as_closed = area(store, "NC04").shape, area(store, "NC05").shape

    assert as_open.area == pytest.approx(1_113 * 694, rel=0.01)
    assert as_open.equals(as_closed)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("note.txt", "hello", "not a kind of file that holds boundaries"),
        ("broken.geojson", "{", "cannot be read as layers of shapes"),
        ("crimes.json", '[{"category": "burglary"}]', "not a list of points"),
        ("point.json", '[{"latitude": "1", "longitude": "2"}]', "three different points"),
        (
            "line.json",
            '[{"latitude": "51.5", "longitude": "-0.1"}, {"latitude": "51.6", "longitude": "-0.1"},'
            ' {"latitude": "51.5", "longitude": "-0.1"}]',
            "three different points or more; this one has 2",
        ),
        (
            "nan.json",
            '[{"latitude": "51.5", "longitude": "-0.1"}, {"latitude": "51.6", "longitude": "-0.1"},'
            ' {"latitude": "nan", "longitude": "-0.2"}]',
            "one of these is not",
        ),
        ("broken.zip", "PK", "cannot be read as layers of shapes"),
    ],
)
def test_a_file_without_boundaries_is_passed_over_with_the_reason(
    store, tmp_path, name, content, reason
):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_text(content, encoding="utf-8")

    (read,) = ingest_boundaries([tmp_path / "in"], store)

    assert (read.name, read.state) == (name, "passed over")
    assert reason in read.reason
    assert boundary_sets(store) == ()


def test_shapes_without_codes_are_passed_over_naming_the_columns(store, tmp_path):
    file = write_geojson(tmp_path / "trees.geojson", [({"species": "oak"}, square(0, 0, 5))])

    (read,) = ingest_boundaries([file], store)

    assert read.reason.startswith("no column of area codes such as WD22CD")
    assert "species" in read.reason


@pytest.mark.parametrize(
    ("features", "reason"),
    [
        ([(ward(), square(0, 0, 5).boundary)], "an area is a polygon; E05999901 is a LineString"),
        ([(ward(), square(0, 0, 5)), (ward(), square(9, 0, 5))], "E05999901 has several"),
    ],
)
def test_an_area_is_one_row_with_one_polygon(store, tmp_path, features, reason):
    (read,) = ingest_boundaries([write_geojson(tmp_path / "made_2022.geojson", features)], store)

    assert read.state == "passed over"
    assert reason in read.reason


def test_coordinates_of_another_country_are_passed_over(store, tmp_path):
    far = shapely.box(5_000_000, 5_000_000, 5_000_100, 5_000_100)
    file = write_geojson(tmp_path / "made.geojson", [(ward(), far)], in_degrees=False)

    (read,) = ingest_boundaries([file], store)

    assert read.state == "passed over"
    assert "neither" in read.reason


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (shapely.box(51.52, -0.13, 51.53, -0.12), "latitudes written before longitudes"),
        (shapely.box(2.3, 48.8, 2.31, 48.81), "these are elsewhere"),
        (shapely.box(0, 0, 0.01, 0.01), "these are elsewhere"),
    ],
    ids=["axes swapped", "Paris", "the zero point"],
)
def test_degrees_outside_these_islands_are_passed_over(store, tmp_path, shape, reason):
    file = write_geojson(tmp_path / "made_2022.geojson", [(ward(), shape)], in_degrees=False)

    (read,) = ingest_boundaries([file], store)

    assert read.state == "passed over"
    assert reason in read.reason


def test_a_file_that_names_another_system_is_not_read_as_the_grid(store, tmp_path):
    # One kilometre of Web Mercator in the Gulf of Guinea, whose numbers are also the grid's.
    file = write_geojson(
        tmp_path / "made_2022.geojson",
        [(ward(), shapely.box(9_000, 9_000, 10_000, 10_000))],
        in_degrees=False,
    )
    content = json.loads(file.read_text())
    content["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    file.write_text(json.dumps(content))

    (read,) = ingest_boundaries([file], store)

    assert read.state == "passed over"
    assert "this file says EPSG:3857" in read.reason


@pytest.mark.parametrize(
    ("features", "reason"),
    [
        ([], "it holds no area"),
        ([(ward(code=None), square(0, 0, 5))], "an area has a code; row 1 has none"),
    ],
)
def test_a_layer_without_areas_or_codes_is_passed_over(store, tmp_path, features, reason):
    (read,) = ingest_boundaries([write_geojson(tmp_path / "made_2022.geojson", features)], store)

    assert (read.state, read.reason) == ("passed over", reason)


def test_an_area_without_a_name_goes_by_its_code(store, tmp_path):
    file = write_geojson(tmp_path / "made_2022.geojson", [(ward(name=None), square(0, 0, 5))])

    ingest_boundaries([file], store)

    assert area(store, "E05999901").name == "E05999901"


def test_a_good_file_beside_a_bad_one_is_kept(store, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "broken.geojson").write_text("{", encoding="utf-8")
    write_geojson(tmp_path / "in" / "made_2022.geojson", [(ward(), square(0, 0, 500))])

    read = ingest_boundaries([tmp_path / "in"], store)

    assert [r.state for r in read] == ["passed over", "new"]


def test_the_same_file_twice_changes_nothing(store, tmp_path):
    bow = Polygon([(530_000, 183_000), (530_100, 183_100), (530_100, 183_000), (530_000, 183_100)])
    file = write_geojson(tmp_path / "made_2022.geojson", [(ward(), bow)])
    (first,) = ingest_boundaries([file], store)

    (second,) = ingest_boundaries([file], store)

    assert (second.state, second.rows, second.notes) == ("unchanged", first.rows, first.notes)


def test_a_path_that_does_not_exist_is_said_so(store, tmp_path):
    with pytest.raises(InputError, match="must exist"):
        ingest_boundaries([tmp_path / "nowhere"], store)


@pytest.fixture(scope="module")
def london(real_data, tmp_path_factory):
    store = Store.create(tmp_path_factory.mktemp("london"))
    return store, ingest_boundaries([real_data / "boundaries"], store)


def test_all_real_boundary_files_are_read(london):
    _, read = london

    # Areas a file as the publishers have them: 20 and 18 Camden wards (2022, 2018), 33 boroughs,
    # 4,835 and 4,994 LSOAs of London (2011, 2021), 657 and 684 wards (2018, 2024).
    assert {r.source: r.rows for r in read} == {
        "camden+neighbours_lsoa_2011": 919,
        "camden+neighbours_lsoa_2021": 933,
        "camden_wards_2018": 18,
        "camden_wards_2022": 20,
        "camden_wards_2022-05_bfc": 20,
        "london_boroughs_2024": 33,
        "london_boroughs_2024-12": 33,
        "london_boroughs_gla": 33,
        "london_lsoa_2011_gen_mhw": 4_835,
        "london_lsoa_2021_bgc": 4_994,
        "london_wards_2018_gla": 657,
        "london_wards_2024-12_bgc": 684,
    }


def test_kilburn_is_repaired_in_both_files_and_every_area_is_valid(london):
    store, _ = london

    kilburn = [
        area(store, "E05013665", boundary_set=name)
        for name in ("camden_wards_2022", "camden_wards_2022-05_bfc")
    ]

    assert all("self-intersection" in (ward.repaired or "") for ward in kilburn)
    shapes = shapely.from_wkb(store.table("areas")["shape"].to_numpy())
    assert shapely.is_valid(shapes).all()


def test_repairing_kilburn_keeps_its_published_size(london):
    store, _ = london

    kilburn = area(store, "E05013665", boundary_set="camden_wards_2022-05_bfc")

    # SHAPE_Area of the same row in the Office for National Statistics' file, square metres.
    assert kilburn.shape.area == pytest.approx(656_928.708, abs=0.001)


def test_both_shapefiles_without_a_named_system_are_noted(london):
    _, read = london

    noted = {r.source for r in read if any("not named as EPSG:27700" in n for n in r.notes)}

    assert noted == {"london_boroughs_gla", "london_lsoa_2011_gen_mhw"}


def test_wards_lie_within_their_boroughs_bounds(london):
    store, _ = london

    (camden,) = [a for a in areas(store, kind="borough") if a.name == "Camden"]
    near = areas(store, kind="ward", boundary_set="camden_wards_2022", near=camden.shape)

    assert len(near) == 20
