import polars as pl
import pytest

from peelian.ingest.deprivation import ingest_deprivation
from peelian.ingest.intake import take_in
from peelian.ingest.sorting import sort_paths
from peelian.store import Store
from peelian.store.places import deprivation

# The columns of the ministry's File 7 that matter here, as it writes them, and the one that
# speaks of population.
HEADER = (
    '"LSOA code (2011)","LSOA name (2011)","Local Authority District code (2019)",'
    '"Index of Multiple Deprivation (IMD) Score",'
    '"Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)",'
    '"Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",'
    '"Total population: mid 2015 (excluding prisoners)"'
)
FILE_7 = f"""{HEADER}
E01999901,Finchborough 001A,E09999901,45.2,1200,1,1500
E01999902,Finchborough 001B,E09999901,30.0,6000,2,1600
E01999903,Finchborough 001C,E09999901,20.0,12000,4,1700
E01999904,Finchborough 001D,E09999901,4.5,31000,10,1800
"""
CHANGES = """\ufeffLSOA11CD,LSOA11NM,LSOA21CD,LSOA21NM,CHGIND,LAD22CD
E01999901,a,E01999901,a,U,E09999901
E01999902,b,E01999921,f,S,E09999901
E01999902,b,E01999922,g,S,E09999901
E01999903,c,E01999923,h,M,E09999901
E01999904,d,E01999923,h,M,E09999901
E01999901,a,E01999924,i,X,E09999901
"""


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "store")


def read(store, tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    (found,) = ingest_deprivation([tmp_path / name], store)
    return found


def test_the_ministrys_file_gives_scores_deciles_and_fifths_of_england(store, tmp_path):
    found = read(store, tmp_path, "File_7_-_All_IoD2019_Scores.csv", FILE_7)

    rows = store.table("deprivation").drop("source").rows()
    assert rows == [
        ("E01999901", 2011, 45.2, 1, 1, "England", 2019),
        ("E01999902", 2011, 30.0, 2, 1, "England", 2019),
        ("E01999903", 2011, 20.0, 4, 2, "England", 2019),
        ("E01999904", 2011, 4.5, 10, 5, "England", 2019),
    ]
    assert found.notes == ()


def test_a_later_edition_is_of_the_lsoas_that_it_names(store, tmp_path):
    read(store, tmp_path, "File_7_IoD2025.csv", FILE_7.replace("(2011)", "(2021)"))

    table = store.table("deprivation")
    assert table["lsoa_year"].unique().to_list() == [2021]
    assert table["edition"].unique().to_list() == [2025]


def test_scores_without_deciles_give_fifths_of_the_files_own_areas_and_say_so(store, tmp_path):
    path = tmp_path / "imd2019_some.parquet"
    scores = [50.0, 40.0, 30.0, 20.0, 10.0, 10.0, 5.0, 4.0, 3.0, 2.0]
    codes = [f"E019999{n:02d}" for n in range(10)]
    pl.DataFrame({"LSOA code": codes, "IMD Score": scores}).write_parquet(path)

    (found,) = ingest_deprivation([path], store)

    table = store.table("deprivation")
    # Two of ten a fifth; the two with equal scores have the fifth and sixth rank, so the third.
    assert table["fifth"].to_list() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert table["fifth_of"].unique().to_list() == ["the file's 10 areas"]
    assert table["decile"].null_count() == 10
    assert "fifths are of the file's 10 areas" in found.notes[0]


def test_areas_with_one_score_are_in_one_fifth(store, tmp_path):
    path = tmp_path / "imd2019_alike.parquet"
    codes = [f"E019999{n:02d}" for n in range(10)]
    pl.DataFrame({"LSOA code": codes, "IMD Score": [7.0] * 10}).write_parquet(path)

    ingest_deprivation([path], store)

    assert store.table("deprivation")["fifth"].unique().to_list() == [3]


def test_a_row_without_a_code_or_a_score_is_left_out_and_counted(store, tmp_path):
    text = FILE_7 + "E01999905,x,E09999901,,1,1,9\n,total,,3,1,1,9\n"

    found = read(store, tmp_path, "File_7_IoD2019.csv", text)

    assert found.rows == 4
    assert found.notes == ("Rows without a code or a figure, left out: 2.",)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("trees.csv", "species,height\noak,3\n", "no column of LSOA codes"),
        ("empty.csv", "", "empty"),
        ("table.xlsx", "PK", "only CSV and Parquet"),
        ("torn.parquet", "PAR1", ""),
    ],
)
def test_another_file_is_passed_over_with_the_reason(store, tmp_path, name, text, reason):
    found = read(store, tmp_path, name, text)

    assert (found.state, found.rows) == ("passed over", 0)
    assert reason in found.reason
    assert found.reason


def test_the_same_file_twice_changes_nothing(store, tmp_path):
    read(store, tmp_path, "File_7_IoD2019.csv", FILE_7)

    assert read(store, tmp_path, "File_7_IoD2019.csv", FILE_7).state == "unchanged"


def test_it_is_told_from_population_though_it_speaks_of_population(tmp_path):
    (tmp_path / "File_7.csv").write_text(FILE_7)
    (tmp_path / "lookup.csv").write_text(CHANGES, encoding="utf-8")
    (tmp_path / "torn.parquet").write_text("PAR1")
    pl.DataFrame({"trees": [1]}).write_parquet(tmp_path / "trees.parquet")

    found = {each.path.name: each for each in sort_paths([tmp_path])}

    assert found["File_7.csv"].reader == found["lookup.csv"].reader == "deprivation"
    assert found["trees.parquet"].reader == found["torn.parquet"].reader == "none"
    assert "not" in found["torn.parquet"].why


def test_an_ingest_of_a_folder_takes_both_tables(store, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "File_7_IoD2019.csv").write_text(FILE_7)
    (folder / "lookup.csv").write_text(CHANGES, encoding="utf-8")

    intake = take_in([folder], store)

    assert {(place.table, place.rows) for place in intake.places} == {
        ("deprivation", 4), ("lsoa_changes", 6),
    }  # fmt: skip


# Reading it


def test_without_a_table_nothing_is_known(store):
    assert deprivation(store, ["E01999901"]) == {}


def test_an_lsoa_that_was_split_has_the_figures_of_the_one_it_was_part_of(store, tmp_path):
    read(store, tmp_path, "File_7_IoD2019.csv", FILE_7)
    read(store, tmp_path, "lookup.csv", CHANGES)

    found = deprivation(store, ["E01999901", "E01999921", "E01999922"])

    assert found["E01999901"].read_from == ""
    assert found["E01999921"].score == found["E01999922"].score == 30.0
    assert found["E01999921"].read_from == "E01999902, which it was part of in 2011"


def test_an_lsoa_that_was_two_has_their_mean_score(store, tmp_path):
    read(store, tmp_path, "File_7_IoD2019.csv", FILE_7)
    read(store, tmp_path, "lookup.csv", CHANGES)

    found = deprivation(store, ["E01999923"])["E01999923"]

    assert found.score == pytest.approx((20.0 + 4.5) / 2)
    assert found.fifth == 2  # 12.25 is nearest to 20, whose fifth is the second
    assert "E01999903, E01999904" in found.read_from


def test_an_area_drawn_anew_and_one_without_a_lookup_are_left_out(store, tmp_path):
    read(store, tmp_path, "File_7_IoD2019.csv", FILE_7)

    assert deprivation(store, ["E01999921"]) == {}

    read(store, tmp_path, "lookup.csv", CHANGES)
    assert deprivation(store, ["E01999924", "W01999901"]) == {}


def test_figures_of_england_come_before_those_of_a_file(store, tmp_path):
    read(store, tmp_path, "File_7_IoD2019.csv", FILE_7)
    path = tmp_path / "imd2019_aside.parquet"
    pl.DataFrame({"LSOA code": ["E01999901"], "IMD Score": [1.0]}).write_parquet(path)
    ingest_deprivation([path], store)

    assert deprivation(store, ["E01999901"])["E01999901"].score == 45.2


def test_the_real_scores_and_the_real_lookup_cover_the_pilot_ward(store, real_data):
    paths = [
        real_data / "population" / "imd2019_bilginn7.parquet",
        real_data / "lookups" / "lsoa2011_lsoa2021_lad2022_ew.csv",
    ]

    found = {place.table: place for place in ingest_deprivation(paths, store)}

    # Read off the files: 4,994 LSOAs of London, which are those of 2021 (of 2011 there were
    # 4,835): Camden 022F (E01035708) stands in it by itself, and is among the most deprived
    # fifth of them. In the lookup 022B (E01000953) was split into 022F and 022G.
    assert found["deprivation"].rows == 4_994
    figures = deprivation(store, ["E01035708", "E01000953"])
    assert figures["E01035708"].score == pytest.approx(37.205)
    assert (figures["E01035708"].fifth, figures["E01035708"].read_from) == (1, "")
    assert figures["E01035708"].fifth_of == "the file's 4,994 areas"
    assert "E01000953" not in figures
    changes = store.table("lsoa_changes").filter(code_2011="E01000953")
    assert changes["code_2021"].to_list() == ["E01035708", "E01035709"]
