import pytest

from made_places import square, write_geojson
from peelian.ingest.boundaries import ingest_boundaries
from peelian.ingest.population import POPULATION_SCHEMA, ingest_population
from peelian.store import Store
from peelian.store.places import area, population

WARDS = """\ufeffward_code,ward_name,usual_residents,households
E05999901,Larkfield,"12,345",6000
E05999902,Finchfield,987,
,Total,13332,
"""
LSOAS = """LSOA code,local authority name,All usual residents,White British,Asian Indian
E01999901,Finchborough,1473,822,3
E01999902,Finchborough,1384,735,2
"""
MID_YEARS = """LSOA 2021 Code,Mid-2019: Population,Mid-2019: People per Sq Km,Mid-2020: Population
E01999901,1500,15000,1510
"""
LONG = """Code,Borough,Ward_Name,Year,Population,Hectares
E05999901,Finchborough,Larkfield,2017,12000,140
E05999901,Finchborough,Larkfield,2018,12100,140
E05999901,Finchborough,Larkfield,2050,19000,140
"""


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "store")


def read(store, tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    (found,) = ingest_population([tmp_path / name], store)
    return found


def test_ward_totals_and_households_are_read(store, tmp_path):
    found = read(store, tmp_path, "census2021_wards.csv", WARDS)

    rows = store.table("population").select("code", "year", "residents", "households").rows()
    assert rows == [("E05999901", 2021, 12345, 6000), ("E05999902", 2021, 987, None)]
    assert found.notes == ("Rows without a code or a number, left out: 1.",)


def test_no_column_of_a_protected_characteristic_enters_the_store(store, tmp_path):
    read(store, tmp_path, "census2021_ethnic-group_lsoa.csv", LSOAS)

    table = store.table("population")
    assert table.columns == [*POPULATION_SCHEMA, "source"]
    assert table["residents"].to_list() == [1473, 1384]


def test_a_column_a_mid_year_becomes_a_row_a_year(store, tmp_path):
    read(store, tmp_path, "mid-year.csv", MID_YEARS)

    rows = store.table("population").select("code", "year", "residents", "basis").rows()
    assert rows == [
        ("E01999901", 2019, 1500, "mid-year estimate"),
        ("E01999901", 2020, 1510, "mid-year estimate"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("trees.csv", "species,height\noak,3\n", "no column of area codes"),
        ("imd.csv", "code,score\nE01999901,3\n", "no column of residents"),
        ("wards.csv", WARDS, "does not say census2011 or census2021"),
        ("empty.csv", "", "empty"),
        ("table.xlsx", "PK", "only CSV tables are read"),
    ],
)
def test_another_table_is_passed_over_with_the_reason(store, tmp_path, name, text, reason):
    found = read(store, tmp_path, name, text)

    assert found.state == "passed over"
    assert reason in found.reason


def test_the_same_table_twice_changes_nothing(store, tmp_path):
    read(store, tmp_path, "census2021_wards.csv", WARDS)

    assert read(store, tmp_path, "census2021_wards.csv", WARDS).state == "unchanged"


def larkfield(store, tmp_path, vintage):
    properties = {f"WD{vintage % 100}CD": "E05999901", f"WD{vintage % 100}NM": "Larkfield"}
    file = write_geojson(tmp_path / f"wards_{vintage}.geojson", [(properties, square(0, 0, 9))])
    ingest_boundaries([file], store)
    return area(store, "E05999901")


def test_a_census_comes_before_an_estimate_of_a_nearer_year(store, tmp_path):
    read(store, tmp_path, "census2021_wards.csv", WARDS)
    read(store, tmp_path, "estimates.csv", LONG)

    found = population(store, larkfield(store, tmp_path, 2018))

    assert found == (12345, "Office for National Statistics, census 2021")


def test_of_estimates_the_year_of_the_boundaries_is_taken(store, tmp_path):
    read(store, tmp_path, "estimates.csv", LONG)

    found = population(store, larkfield(store, tmp_path, 2018))

    assert found == (12100, "Greater London Authority, estimate or projection 2018")


def test_an_area_that_no_table_has_says_so(store, tmp_path):
    read(store, tmp_path, "census2021_ethnic-group_lsoa.csv", LSOAS)

    residents, source = population(store, larkfield(store, tmp_path, 2018))

    assert (residents, source) == (None, "no population table held has E05999901")


def test_a_store_without_population_says_so(store, tmp_path):
    assert population(store, larkfield(store, tmp_path, 2018)) == (
        None,
        "no population table is held",
    )


def test_the_real_tables_have_the_published_totals(store, real_data):
    ingest_population([real_data / "population"], store)

    table = store.table("population")
    # Read off the files: the pilot ward has 12,482 residents and 4,857 households in 2021, and
    # LSOA E01000001 1,473.
    ward = table.filter(code="E05013669", year=2021, basis="census")
    assert ward.select("residents", "households").rows() == [(12482, 4857)]
    lsoa = table.filter(code="E01000001", year=2021, basis="census")
    assert lsoa["residents"].to_list() == [1473]


def test_london_had_the_residents_of_the_published_census(store, real_data):
    ingest_population([real_data / "population" / "census2021_ethnic-group_london-lsoa.csv"], store)

    # Census 2021, table TS021: 8,799,725 usual residents in London. Cells are perturbed, so
    # the LSOAs' totals need not add up exactly.
    assert store.table("population")["residents"].sum() == pytest.approx(8_799_725, rel=1e-4)
