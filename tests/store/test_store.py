"""One folder of published tables: what is put in comes out, and nothing half-written counts."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.core.crimes import CRIMES_SCHEMA
from peelian.core.errors import ShrinkingReplacementError, StoreBusyError, StoreError
from peelian.core.grid import to_grid
from peelian.core.months import MonthSpan
from peelian.core.stops import STOPS_SCHEMA
from peelian.store import Partition, PartitionKey, RowCounts, SourceFile, Store, Writer

OGL = "Open Government Licence v3.0"
JANUARY = PartitionKey("crimes", "police.uk", "metropolitan", "2016-01")
PRATT_STREET = (-0.1390, 51.5372)
KENTISH_TOWN = (-0.1410, 51.5500)


def crimes(*rows: tuple[str, tuple[float, float] | None], month: date = date(2016, 1, 1)):
    """A crimes table of (type, point) rows."""
    return pl.DataFrame(
        [
            {
                "crime_id": f"id{number}",
                "crime_id_repeats": False,
                "month": month,
                "longitude": point[0] if point else None,
                "latitude": point[1] if point else None,
                "crime_type": crime_type,
            }
            for number, (crime_type, point) in enumerate(rows)
        ],
        schema=CRIMES_SCHEMA,
    )


def file_named(name: str, checksum: str = "") -> tuple[SourceFile, ...]:
    return (SourceFile(name, checksum or f"checksum of {name}", 1),)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store")


def put(store: Store, key: PartitionKey, rows: pl.DataFrame, name: str = "a.csv", **options):
    with store.writer() as writer:
        return writer.replace(key, rows, sources=file_named(name), licence=OGL, **options)


def data_files(store: Store) -> set[str]:
    data = store.path / "data"
    return {f.relative_to(store.path).as_posix() for f in data.rglob("*") if f.is_file()}


def test_a_folder_without_a_store_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Run `peelian ingest` first"):
        Store(tmp_path)


def test_a_catalogue_that_is_not_sqlite_is_named_in_the_error(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").write_text("not a database, " * 100)

    with pytest.raises(StoreError, match=r"catalogue.sqlite must be a whole SQLite file"):
        Store(tmp_path)


def test_rows_come_out_as_they_went_in_with_force_and_grid_position(store: Store) -> None:
    rows = crimes(("burglary", PRATT_STREET), ("robbery", None), ("burglary", PRATT_STREET))

    put(store, JANUARY, rows)

    read = store.crimes()
    assert read.select(list(CRIMES_SCHEMA)).equals(rows)
    assert read["force"].to_list() == ["metropolitan"] * 3
    easting, northing = to_grid(*PRATT_STREET)
    assert read["easting"].to_list() == [float(easting), None, float(easting)]
    assert read["northing"].to_list() == [float(northing), None, float(northing)]


def test_a_box_includes_its_edge_and_leaves_out_rows_without_place(store: Store) -> None:
    put(store, JANUARY, crimes(("drugs", PRATT_STREET), ("drugs", KENTISH_TOWN), ("drugs", None)))

    found = store.crimes(box=(-0.1390, 51.5300, -0.1300, 51.5372))

    assert found["longitude"].to_list() == [PRATT_STREET[0]]


def test_months_and_forces_choose_partitions(store: Store) -> None:
    for force, month in [("metropolitan", 1), ("metropolitan", 3), ("btp", 1)]:
        key = PartitionKey("crimes", "police.uk", force, f"2016-{month:02d}")
        put(store, key, crimes(("drugs", None), month=date(2016, month, 1)), f"{force}{month}")

    first = store.crimes(months=MonthSpan.parse("2016-01/2016-02"))
    of_btp = store.crimes(forces=["btp"])

    assert sorted(first["force"]) == ["btp", "metropolitan"]
    assert of_btp["force"].to_list() == ["btp"]
    assert [p.key.month for p in store.partitions("crimes", force="metropolitan")] == [
        "2016-01",
        "2016-03",
    ]


def test_nothing_held_gives_an_empty_table_with_every_column(store: Store) -> None:
    assert store.crimes().columns == [*CRIMES_SCHEMA, "force", "easting", "northing"]
    assert store.stops().columns == [*STOPS_SCHEMA, "force", "easting", "northing"]
    assert store.outcomes().is_empty()


def test_times_keep_their_zone(store: Store) -> None:
    stops = pl.DataFrame(
        {"date_utc": [datetime(2016, 6, 30, 23)], "date_local": [datetime(2016, 7, 1)]}
    ).select(
        pl.col("date_utc").dt.replace_time_zone("UTC"),
        "date_local",
        *(
            pl.lit(None, dtype).alias(name)
            for name, dtype in STOPS_SCHEMA.items()
            if not name.startswith("date_")
        ),
    )

    put(store, PartitionKey("stops", "police.uk", "metropolitan", "2016-07"), stops)

    assert store.stops()["date_utc"].dtype == pl.Datetime("us", "UTC")
    assert store.stops()["date_local"].to_list() == [datetime(2016, 7, 1)]


def test_other_tables_carry_their_source_and_none_is_an_error(store: Store) -> None:
    put(store, PartitionKey("areas", "camden_wards_2022"), pl.DataFrame({"code": ["E05013669"]}))
    put(store, PartitionKey("areas", "camden_wards_2018"), pl.DataFrame({"code": ["E05000143"]}))

    assert store.table("areas").sort("code").rows() == [
        ("E05000143", "camden_wards_2018"),
        ("E05013669", "camden_wards_2022"),
    ]
    assert store.table("areas", source="camden_wards_2022").height == 1
    with pytest.raises(StoreError, match="holds no table 'streets'"):
        store.table("streets")


def test_the_same_file_twice_changes_nothing(store: Store) -> None:
    assert put(store, JANUARY, crimes(("drugs", None))) == "new"
    before = store.partitions()

    assert put(store, JANUARY, crimes(("robbery", None))) == "unchanged"

    assert store.partitions() == before


def test_a_newer_file_replaces_whole_and_the_old_one_goes_at_the_next_opening(
    store: Store,
) -> None:
    put(store, JANUARY, crimes(("drugs", None)))
    old = data_files(store)

    assert put(store, JANUARY, crimes(("drugs", None), ("robbery", None)), "b.csv") == "replaced"
    with store.writer():
        pass

    assert store.crimes()["crime_type"].to_list() == ["drugs", "robbery"]
    assert not old & data_files(store)
    assert len(data_files(store)) == 1


def test_a_file_without_a_crime_type_that_is_held_is_refused(store: Store) -> None:
    put(store, JANUARY, crimes(*[("drugs", None)] * 10, ("robbery", None)))

    with pytest.raises(ShrinkingReplacementError, match=r"types it would lose: Robbery.*--replace"):
        put(store, JANUARY, crimes(*[("drugs", None)] * 20), "b.csv")

    assert store.crimes().height == 11


@pytest.mark.parametrize(("kept", "is_refused"), [(90, False), (89, True)])
def test_a_replacement_may_lose_a_tenth_of_the_rows_and_not_more(
    store: Store, kept: int, is_refused: bool
) -> None:
    put(store, JANUARY, crimes(*[("drugs", None)] * 100))

    if is_refused:
        with pytest.raises(ShrinkingReplacementError, match="89 rows where 100 are held"):
            put(store, JANUARY, crimes(*[("drugs", None)] * kept), "b.csv")
    else:
        assert put(store, JANUARY, crimes(*[("drugs", None)] * kept), "b.csv") == "replaced"


def test_a_shrinking_file_replaces_when_a_person_says_so(store: Store) -> None:
    put(store, JANUARY, crimes(*[("drugs", None)] * 100))

    put(store, JANUARY, crimes(("robbery", None)), "b.csv", allow_shrink=True)

    assert store.crimes()["crime_type"].to_list() == ["robbery"]


def test_a_group_that_fails_leaves_nothing_of_itself(store: Store) -> None:
    february = PartitionKey("crimes", "police.uk", "metropolitan", "2016-02")
    put(store, february, crimes(*[("drugs", None)] * 100))

    def both(writer: Writer) -> None:
        with writer.together():
            for key in (JANUARY, february):
                source = file_named(key.month)
                writer.replace(key, crimes(("drugs", None)), sources=source, licence=OGL)

    with store.writer() as writer, pytest.raises(ShrinkingReplacementError):
        both(writer)

    assert [p.key for p in store.partitions()] == [february]


def test_refused_rows_are_kept_beside_with_their_reason(store: Store) -> None:
    refused = pl.DataFrame(
        {"file": ["a.csv"], "line": [3], "reason": ["no month"], "text": [",,,"]},
    )

    put(store, JANUARY, crimes(("drugs", None)), refused=refused)

    assert store.quarantine().rows() == [("a.csv", 3, "no month", ",,,")]
    assert store.quarantine(PartitionKey("crimes", "police.uk", "btp", "2016-01")).is_empty()
    assert store.partitions()[0].counts == RowCounts(read=2, kept=1, refused=1)


def test_a_month_whose_every_row_was_refused_is_not_held(store: Store) -> None:
    refused = pl.DataFrame(
        {"file": ["a.csv"], "line": [2], "reason": ["no month"], "text": [",,,"]}
    )

    put(store, JANUARY, crimes(), refused=refused)

    assert store.partitions() == ()
    assert store.quarantine().height == 1


def test_a_month_measured_as_zero_is_held(store: Store) -> None:
    put(store, JANUARY, crimes())

    assert [p.key for p in store.partitions()] == [JANUARY]


def test_counts_must_add_up() -> None:
    with pytest.raises(ValueError, match="5 read is not 3 kept"):
        RowCounts(read=5, kept=3, refused=1)


def test_a_second_writer_is_told_to_wait_and_a_reader_is_not(store: Store) -> None:
    put(store, JANUARY, crimes(("drugs", None)))

    with store.writer() as writer:
        writer.replace(JANUARY, crimes(("drugs", None)), sources=file_named("b"), licence=OGL)
        with pytest.raises(StoreBusyError, match="another is writing"), store.writer():
            pass
        assert store.crimes().height == 1


def test_a_writer_that_died_leaves_no_lock_and_no_file(store: Store) -> None:
    dying = (
        "import os, sys; from pathlib import Path; from peelian.store import Store\n"
        f"with Store(Path({str(store.path)!r})).writer() as writer:\n"
        f"    (Path({str(store.path)!r}) / 'data').mkdir()\n"
        f"    (Path({str(store.path)!r}) / 'data' / 'x.parquet.part').write_text('half')\n"
        "    os._exit(9)"
    )

    died = subprocess.run([sys.executable, "-c", dying], check=False)
    put(store, JANUARY, crimes(("drugs", None)))

    assert died.returncode == 9
    assert not any("part" in name.rpartition("/")[2].split(".") for name in data_files(store))
    assert store.crimes().height == 1


def test_removing_a_partition_takes_it_out_of_the_catalogue(store: Store) -> None:
    put(store, JANUARY, crimes(("drugs", None)))

    with store.writer() as writer:
        writer.remove(JANUARY)

    assert store.partitions() == ()


def test_the_same_rows_give_the_same_file(tmp_path: Path) -> None:
    rows = crimes(*[("drugs", PRATT_STREET), ("robbery", None)] * 5000)
    one, two = Store.create(tmp_path / "one"), Store.create(tmp_path / "two")

    put(one, JANUARY, rows)
    put(two, JANUARY, pl.concat([rows[:77], rows[77:]], rechunk=False))

    assert one.partitions()[0].sha256 == two.partitions()[0].sha256
    assert data_files(one) == data_files(two)


def test_a_table_with_a_column_too_few_never_enters(store: Store) -> None:
    with pytest.raises(ValueError, match=r"missing or of another type: \['crime_type'\]"):
        put(store, JANUARY, crimes(("drugs", None)).drop("crime_type"))


def test_a_partition_knows_the_box_around_its_rows(store: Store) -> None:
    put(store, JANUARY, crimes(("drugs", PRATT_STREET), ("drugs", KENTISH_TOWN), ("drugs", None)))
    put(store, PartitionKey("crimes", "police.uk", "btp", "2016-01"), crimes(("drugs", None)), "b")

    nowhere, somewhere = store.partitions()

    assert somewhere.box == (-0.1410, 51.5372, -0.1390, 51.5500)
    assert nowhere.box is None


def test_partitions_that_cannot_hold_a_row_in_the_box_are_not_opened(store: Store) -> None:
    put(store, JANUARY, crimes(("drugs", PRATT_STREET)))
    put(
        store,
        PartitionKey("crimes", "police.uk", "kent", "2016-01"),
        crimes(("drugs", (1.0, 51.3))),
        "k",
    )
    (kent,) = store.partitions(force="kent")
    (store.path / kent.path).unlink()

    assert store.crimes(box=(-0.2, 51.5, -0.1, 51.6)).height == 1


def test_a_reader_looks_again_where_a_writer_swapped_under_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, JANUARY, crimes(("drugs", None)))
    looked = store._catalogue.partitions
    old = store.partitions()

    def old_first(**asked: object) -> tuple[Partition, ...]:
        monkeypatch.setattr(store._catalogue, "partitions", looked)
        return old

    put(store, JANUARY, crimes(("drugs", None), ("robbery", None)), "b.csv")
    with store.writer():
        pass  # removes the file that the reader is about to open
    monkeypatch.setattr(store._catalogue, "partitions", old_first)

    assert store.crimes().height == 2


def test_a_store_of_another_version_is_refused(store: Store) -> None:
    with sqlite3.connect(store.path / "catalogue.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(StoreError, match="has version 99"):
        Store(store.path)


FORCES = st.sampled_from(["metropolitan", "kent", "btp"])
POINTS = st.none() | st.tuples(st.floats(-0.2, 0.2), st.floats(51.4, 51.6))


@settings(max_examples=25)
@given(
    st.dictionaries(st.tuples(FORCES, st.integers(1, 4)), st.lists(POINTS, max_size=5), max_size=6),
    st.floats(-0.2, 0.2),
    st.floats(51.4, 51.6),
)
def test_what_is_read_is_what_a_plain_loop_would_choose(
    held: dict[tuple[str, int], list[tuple[float, float] | None]], west: float, south: float
) -> None:
    # The oracle is the loop in the last lines.
    box = (west, south, west + 0.1, south + 0.1)
    with TemporaryDirectory() as folder:
        store = Store.create(Path(folder))
        with store.writer() as writer, writer.together():
            for (force, month), points in held.items():
                key = PartitionKey("crimes", "police.uk", force, f"2016-{month:02d}")
                rows = crimes(*[("drugs", point) for point in points], month=date(2016, month, 1))
                writer.replace(key, rows, sources=file_named(f"{key}"), licence=OGL)

        read = store.crimes(box=box, months=MonthSpan.parse("2016-02/2016-03"), forces=["kent"])

    expected = [
        (month, point)
        for (force, month), points in held.items()
        for point in points
        if force == "kent" and month in (2, 3) and point is not None
        if box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
    ]
    found = zip(
        read["month"].dt.month(), zip(read["longitude"], read["latitude"], strict=True), strict=True
    )
    assert sorted(found) == sorted(expected)


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match=r"needs a folder that may be written to.*the system says"):
        Store.create(tmp_path / "file" / "store")


def test_a_disk_that_takes_no_file_is_told_in_words_and_changes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, JANUARY, crimes(("drugs", None)))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="No space left on device"):
        put(store, JANUARY, crimes(*[("drugs", None)] * 2), "b.csv")

    assert store.crimes().height == 1


def test_a_newer_file_takes_the_place_of_a_damaged_one(store: Store) -> None:
    put(store, JANUARY, crimes(("burglary", PRATT_STREET)))
    (partition,) = store.partitions("crimes")
    (store.path / partition.path).write_bytes(b"PAR1 and then something else")

    put(store, JANUARY, crimes(("robbery", KENTISH_TOWN)), name="newer.csv")

    assert store.crimes()["crime_type"].to_list() == ["robbery"]


@pytest.mark.parametrize("damage", [b"", b"PAR1 and then something else"])
def test_a_damaged_file_is_told_and_may_be_read_again(store: Store, damage: bytes) -> None:
    rows = crimes(("burglary", PRATT_STREET))
    put(store, JANUARY, rows)
    (partition,) = store.partitions("crimes")
    (store.path / partition.path).write_bytes(damage)

    with pytest.raises(StoreError, match="Ingest the archives again"):
        store.crimes()
    with store.writer() as writer:
        assert not writer.holds(JANUARY, file_named("a.csv"))
    put(store, JANUARY, rows)

    assert len(store.crimes()) == 1
    assert store.is_whole(partition)
