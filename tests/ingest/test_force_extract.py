"""A force's or council's own CSV by its column map, from the file to the store."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelian.core.errors import InputError, LayoutError, PeelianError, ShrinkingReplacementError
from peelian.core.grid import to_grid
from peelian.ingest.column_map import ColumnMap, parse_column_map, read_column_map
from peelian.ingest.force_extract import check_extract, ingest_extract, read_extract
from peelian.store import PartitionKey, Store

MAP = b"""
source = "test-force"
title = "Test Police"
licence = "internal"
force = "metropolitan"

[columns]
published_id = "Ref"
crime_type = "Group"
location = "Where"

[times.from]
column = ["Date From", "Time From"]
format = "%d/%m/%Y %H:%M"

[times.to]
column = ["Date To", "Time To"]
format = "%d/%m/%Y %H:%M"

[coordinates]
system = "EPSG:27700"
x = "E"
y = "N"

[crime_types]
"ROBBERY - PERSONAL" = "robbery"

[[flags]]
flag = "knife used"
column = "Weapon"
values = ["Knife", "Blade"]
split = ";"

[[flags]]
flag = "domestic"
column = "DA"
values = ["Y"]
"""
ROW = {
    "Ref": "A1",
    "Group": "ROBBERY - PERSONAL",
    "Where": "Pratt Street",
    "Date From": "03/02/2024",
    "Time From": "22:15",
    "Date To": "03/02/2024",
    "Time To": "22:40",
    "E": "529000",
    "N": "183700",
    "Weapon": "",
    "DA": "N",
}
HEADER = list(ROW)


@pytest.fixture
def own_map() -> ColumnMap:
    return parse_column_map(MAP, name="test.toml")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store")


def saved(tmp_path: Path, *rows: dict[str, str], name: str = "extract.csv") -> Path:
    file = tmp_path / name
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, HEADER)
        writer.writeheader()
        writer.writerows(rows)
    return file


def row(**changes: str) -> dict[str, str]:
    return ROW | {name.replace("_", " "): value for name, value in changes.items()}


def only(file: Path, column_map: ColumnMap) -> dict[str, Any]:
    return read_extract(file, column_map).rows.row(0, named=True)


def test_a_row_keeps_its_exact_time_and_place(tmp_path, own_map):
    found = only(saved(tmp_path, row()), own_map)

    assert found["occurred_from"] == datetime(2024, 2, 3, 22, 15)
    assert found["occurred_to"] == datetime(2024, 2, 3, 22, 40)
    assert found["month"] == date(2024, 2, 1)
    assert (found["crime_type"], found["location"]) == ("robbery", "Pratt Street")
    assert (found["published_id"], found["crime_id"]) == ("A1", None)
    assert found["reported_by"] == "Metropolitan Police Service"
    easting, northing = to_grid(found["longitude"], found["latitude"])
    assert (float(easting), float(northing)) == pytest.approx((529_000, 183_700), abs=0.01)


@pytest.mark.parametrize(
    ("weapon", "abuse", "flags"),
    [
        ("", "N", []),
        ("Knife", "N", ["knife used"]),
        (" firearm ;KNIFE", "y", ["knife used", "domestic"]),
        ("Penknife", "", []),
    ],
)
def test_a_flag_is_set_where_its_column_holds_one_of_its_values(
    tmp_path, own_map, weapon, abuse, flags
):
    assert only(saved(tmp_path, row(Weapon=weapon, DA=abuse)), own_map)["flags"] == flags


def test_a_map_without_flags_does_not_say_that_there_were_none(tmp_path):
    column_map = parse_column_map(MAP.split(b"[[flags]]")[0], name="test.toml")

    assert only(saved(tmp_path, row()), column_map)["flags"] is None


def test_a_row_without_a_latest_time_is_exact(tmp_path, own_map):
    found = only(saved(tmp_path, row(Date_To="", Time_To="")), own_map)

    assert found["occurred_to"] == found["occurred_from"]


def test_a_date_without_a_time_is_the_whole_day(tmp_path):
    days = MAP.replace(b'["Date From", "Time From"]', b'"Date From"').replace(
        b'["Date To", "Time To"]', b'"Date To"'
    ).replace(b" %H:%M", b"")  # fmt: skip

    found = only(saved(tmp_path, row(Date_To="")), parse_column_map(days, name="days.toml"))

    assert found["occurred_from"] == datetime(2024, 2, 3, 0, 0)
    assert found["occurred_to"] == datetime(2024, 2, 3, 23, 59, 59)


def test_times_of_another_clock_are_moved_to_londons(tmp_path):
    in_utc = MAP.replace(b"[times.from]", b'[times]\nzone = "UTC"\n[times.from]')
    summer = row(Date_From="30/06/2023", Time_From="23:30", Date_To="30/06/2023", Time_To="23:30")

    found = only(saved(tmp_path, summer), parse_column_map(in_utc, name="utc.toml"))

    # British Summer Time is an hour ahead, and here that is another month.
    assert found["occurred_from"] == datetime(2023, 7, 1, 0, 30)
    assert found["month"] == date(2023, 7, 1)


def test_a_row_without_a_place_is_kept(tmp_path, own_map):
    blank, zero = row(E="", N=""), row(Ref="A2", E="0", N="0")

    extract = read_extract(saved(tmp_path, blank, zero), own_map)

    assert extract.rows["longitude"].to_list() == [None, None]
    assert extract.repairs == {"coordinates are zero": 1}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Group": "LOITERING"}, "its crime type is neither in the map nor one of police.uk's"),
        ({"Group": ""}, "its crime type is blank"),
        ({"Date_From": "2024-02-03"}, "its earliest time is blank or not in the map's format"),
        ({"Date_From": "31/02/2024"}, "its earliest time is blank or not in the map's format"),
        ({"Time_To": "24:61"}, "its latest time is not in the map's format"),
        ({"Date_To": "02/02/2024"}, "it ends before it starts"),
        ({"E": "TQ290837"}, "its x coordinate is not a number"),
        ({"N": "nan"}, "its y coordinate is not a number"),
        ({"Ref": ""}, "its id is blank"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_reason(tmp_path, own_map, changes, reason):
    extract = read_extract(saved(tmp_path, row(Ref="A0"), row(**changes)), own_map)

    assert extract.rows["published_id"].to_list() == ["A0"]
    assert extract.refused.select("line", "reason").rows() == [(3, reason)]
    assert extract.refused["text"][0].startswith(changes.get("Ref", "A1"))


def test_an_exact_duplicate_is_dropped_and_another_row_with_its_id_refused(tmp_path, own_map):
    extract = read_extract(saved(tmp_path, row(), row(), row(DA="Y")), own_map)

    assert (extract.rows.height, extract.duplicates.height, extract.refused.height) == (1, 1, 1)
    assert extract.refused["reason"][0] == "its id stands on an earlier row that says otherwise"
    assert extract.refused["line"][0] == 4


def test_a_row_with_too_many_fields_or_wrong_bytes_is_refused_whole(tmp_path, own_map):
    file = saved(tmp_path, row())
    file.write_bytes(file.read_bytes() + b"A2,one,too,few\r\n\r\nA3,\xff" + b"," * 9 + b"\r\n")

    extract = read_extract(file, own_map)

    assert extract.refused.select("line", "reason", "text").rows() == [
        (3, "it has 4 fields where the header has 11", "A2,one,too,few"),
        (5, "it has bytes that utf-8 does not have", "A3,\ufffd,,,,,,,,,"),
    ]


def test_a_byte_order_mark_and_blanks_round_the_header_do_not_matter(tmp_path, own_map):
    file = saved(tmp_path, row())
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"Ref,Group", b"Ref , Group"))

    assert read_extract(file, own_map).rows.height == 1


def test_a_file_without_a_column_of_the_map_is_said_so(tmp_path, own_map):
    file = saved(tmp_path, row())
    file.write_bytes(file.read_bytes().replace(b"Weapon", b"Weapons"))

    with pytest.raises(LayoutError, match=r"lacks 'Weapon'.*Its columns are Ref, Group"):
        read_extract(file, own_map)


def test_a_value_of_the_force_column_that_the_map_lacks_is_not_guessed(tmp_path):
    by_column = MAP + b'\n[force_from]\ncolumn = "Where"\n[force_from.values]\n"BTP" = "btp"\n'
    column_map = parse_column_map(by_column, name="test.toml")
    rows = row(Where="btp"), row(Ref="A2", Where=""), row(Ref="A3", Where="Elsewhere")

    extract = read_extract(saved(tmp_path, *rows), column_map)

    assert extract.rows["force"].to_list() == ["btp", "metropolitan"]
    assert extract.refused["reason"].to_list() == ["its force is blank, or not in the map"]


def test_records_of_nobody_said_are_not_guessed(tmp_path):
    column_map = parse_column_map(MAP.replace(b'force = "metropolitan"', b""), name="test.toml")

    with pytest.raises(InputError, match="Say the force"):
        read_extract(saved(tmp_path, row()), column_map)
    assert read_extract(saved(tmp_path, row()), column_map, force="kent").read == 1


def test_each_month_is_a_partition_and_each_row_is_in_one(tmp_path, own_map, store):
    march = {"Date_From": "03/03/2024", "Date_To": "03/03/2024"}
    rows = [
        row(Ref="F1"), row(Ref="F2"), row(Ref="F2"), row(Ref="F3", Group="?"),
        row(Ref="M1", **march), row(Ref="M2", E="x", **march), row(Ref="??", Date_From="soon"),
    ]  # fmt: skip
    file = saved(tmp_path, *rows)

    written = ingest_extract(file, own_map, store)

    counts = {p.key.month: p.counts for p in written.partitions}
    # The row whose date cannot be read stays with the first month.
    assert vars(counts["2024-02"]) == {"read": 5, "kept": 2, "refused": 2, "duplicates": 1}
    assert vars(counts["2024-03"]) == {"read": 2, "kept": 1, "refused": 1, "duplicates": 0}
    quarantine = store.quarantine(PartitionKey("crimes", "test-force", "metropolitan", "2024-02"))
    assert quarantine["line"].to_list() == [5, 8]
    held = store.crimes(source="test-force")
    assert held["published_id"].to_list() == ["F1", "F2", "M1"]
    assert held["occurred_from"].null_count() == 0
    (february, _) = store.partitions("crimes", source="test-force")
    assert february.licence == "internal"
    assert february.facts["flags"] == {"knife used": 0, "domestic": 0}


def test_the_same_extract_twice_changes_nothing_and_a_changed_map_reads_it_again(
    tmp_path, own_map, store
):
    file = saved(tmp_path, row())
    ingest_extract(file, own_map, store)

    again = ingest_extract(file, own_map, store)
    changed = parse_column_map(MAP.replace(b'"Blade"', b'"Machete"'), name="test.toml")
    anew = ingest_extract(file, changed, store)

    assert "crimes, test-force, metropolitan, 2024-02: replaced, 1 rows" in anew.lines()
    assert [p.what for p in (*again.partitions, *anew.partitions)] == ["unchanged", "replaced"]


def test_an_extract_that_would_lose_rows_is_refused_unless_said(tmp_path, own_map, store):
    rows = [row(Ref=f"A{n}") for n in range(20)]
    ingest_extract(saved(tmp_path, *rows), own_map, store)
    fewer = saved(tmp_path, *rows[:10], name="fewer.csv")

    with pytest.raises(ShrinkingReplacementError):
        ingest_extract(fewer, own_map, store)
    ingest_extract(fewer, own_map, store, replace=True)

    assert store.crimes(source="test-force").height == 10


def test_a_dry_run_says_each_fault_and_writes_nothing(tmp_path, own_map, store):
    file = saved(tmp_path, row(Weapon="knife"), row(Ref="A2", Group="LOITERING"))

    said = "\n".join(check_extract(file, own_map).lines())

    assert "2 rows: 1 kept, 1 refused, 0 exact duplicates" in said
    assert "1 rows flagged 'knife used'" in said
    assert "line 3: its crime type is neither in the map" in said
    assert store.partitions() == ()


def test_a_file_of_which_nothing_can_be_read_writes_nothing(tmp_path, own_map, store):
    with pytest.raises(LayoutError, match="line 2: its crime type is neither"):
        ingest_extract(saved(tmp_path, row(Group="LOITERING")), own_map, store)

    assert store.partitions() == ()


@given(
    rows=st.lists(
        st.lists(st.text(max_size=6), min_size=len(HEADER), max_size=len(HEADER)).map(
            lambda cells: [f"x{cells[0]}", *cells[1:]]
        ),
        max_size=5,
    )
)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
def test_whatever_stands_in_the_cells_each_row_is_kept_refused_or_a_duplicate(
    tmp_path, own_map, rows
):
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *rows])
    file = tmp_path / "any.csv"
    file.write_bytes(out.getvalue().encode("utf-8", "surrogatepass"))

    assert read_extract(file, own_map).read == len(rows)


@given(
    variants=st.lists(
        st.fixed_dictionaries(
            {
                "Ref": st.sampled_from(["A1", "A2", "A3", ""]),
                "Group": st.sampled_from(["Robbery", "LOITERING"]),
                "Date_From": st.sampled_from(["03/02/2024", "03/01/2024", "soon"]),
            }
        ),
        max_size=8,
    )
)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
def test_the_partitions_add_up_to_the_file(tmp_path_factory, own_map, variants):
    folder = tmp_path_factory.mktemp("sum")
    rows = [row(Ref="A0"), *(row(**variant) for variant in variants)]

    report = ingest_extract(saved(folder, *rows), own_map, Store.create(folder / "store"))

    assert sum(partition.counts.read for partition in report.partitions) == len(rows)


@given(noise=st.binary(min_size=1, max_size=8), place=st.floats(0, 1))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None
)
def test_whatever_the_bytes_are_nothing_but_a_said_error_comes(tmp_path, own_map, noise, place):
    file = saved(tmp_path, row(), row(Ref="A2"), row(Ref="A3", Where='"Quoted", place'))
    content = file.read_bytes()
    at = int(place * len(content))
    file.write_bytes(content[:at] + noise + content[at:])

    try:
        extract = read_extract(file, own_map)
    except PeelianError:
        return
    assert extract.refused["text"].null_count() == 0


@pytest.fixture
def camden_file(real_data: Path) -> Path:
    (file,) = (real_data / "police.uk").glob("camden-open-data-format_*.csv")
    return file


def test_camdens_own_file_is_read_whole(camden_file, store):
    # MANIFEST.md: 4,075 rows. By category and service: counted in the file with grep.
    column_map = read_column_map("camden-open-data")

    written = ingest_extract(camden_file, column_map, store)

    kept = {(p.key.force, p.key.month): p.counts.kept for p in written.partitions}
    assert kept == {("btp", "2019-06"): 309, ("metropolitan", "2019-06"): 3766}
    crimes = store.crimes(source="camden-open-data")
    types = dict(crimes["crime_type"].value_counts().iter_rows())
    assert (types["anti-social-behaviour"], types["robbery"], types["drugs"]) == (852, 144, 121)
    assert crimes["longitude"].null_count() == 0


def test_camdens_degrees_are_taken_since_its_grid_is_another(camden_file):
    table = pl.read_csv(camden_file)
    easting, northing = to_grid(table["Longitude"].to_numpy(), table["Latitude"].to_numpy())

    apart = (
        (table["Easting"] - pl.Series(easting)) ** 2
        + (table["Northing"] - pl.Series(northing)) ** 2
    ).sqrt()

    # The projection with a grid file and the one without differ by a constant hereabouts.
    assert apart.min() > 1.5
    assert apart.max() < 2.0


def test_a_spreadsheet_or_a_zip_is_not_printed_as_if_it_were_a_header(tmp_path: Path) -> None:
    (tmp_path / "extract.csv").write_bytes(b"PK\x03\x04\x14\x00\x06")

    with pytest.raises(LayoutError, match=r"extract\.csv is a zip or a spreadsheet"):
        read_extract(tmp_path / "extract.csv", parse_column_map(MAP, name="map"))


def test_an_extract_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must exist"):
        read_extract(tmp_path / "extract.csv", parse_column_map(MAP, name="map"))
