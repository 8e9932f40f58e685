"""Every known trap of the archive is met on purpose, and no row is lost."""

from __future__ import annotations

import codecs
import json
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
from archive_made import (
    MET,
    OUTCOMES_HEADER,
    STREET_HEADER,
    crime,
    folder_of,
    outcome,
    outcomes_file,
    stop,
    stops_file,
    street_file,
    zip_of,
)

from peelian.core.errors import LayoutError
from peelian.ingest.archive_rows import split_rows
from peelian.ingest.police_archive import Progress, ingest_archives
from peelian.ingest.quality import QualityReport
from peelian.store import Partition, Store

STREET = "2018-01-metropolitan-street.csv"
STOPS = "2018-01-metropolitan-stop-and-search.csv"
OUTCOMES = "2018-01-metropolitan-outcomes.csv"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store")


def brought(store: Store, files: Mapping[str, str | bytes], **options: bool) -> QualityReport:
    """Write the files beside the store and ingest them."""
    number = len(list(store.path.parent.iterdir()))
    archive = folder_of(store.path.parent / f"archive{number}", files)
    return ingest_archives([archive], store, **options)


def only(store: Store) -> Partition:
    (partition,) = store.partitions()
    return partition


def reasons(store: Store) -> list[tuple[int, str]]:
    return store.quarantine().sort("line").select("line", "reason").rows()


# What a file is


def test_a_files_name_says_its_kind_force_and_month(store: Store) -> None:
    brought(
        store,
        {
            STREET: street_file(crime("a1")),
            "2018-02-city-of-london-street.csv": street_file(crime("b1", month="2018-02")),
            OUTCOMES: outcomes_file(outcome()),
            STOPS: stops_file(stop()),
        },
    )

    assert [(p.key.table, p.key.force, p.key.month) for p in store.partitions()] == [
        ("crimes", "city-of-london", "2018-02"),
        ("crimes", "metropolitan", "2018-01"),
        ("outcomes", "metropolitan", "2018-01"),
        ("stops", "metropolitan", "2018-01"),
    ]
    assert store.outcomes().select("crime_id", "outcome").rows() == [("a1", "Suspect charged")]


def test_a_zip_and_a_folder_of_the_same_files_give_the_same_store(tmp_path: Path) -> None:
    files = {STREET: street_file(crime("a1"), crime("a2")), STOPS: stops_file(stop())}
    stores = [Store.create(tmp_path / name) for name in ("of-zip", "of-folder")]

    ingest_archives([zip_of(tmp_path / "archive.zip", files)], stores[0])
    ingest_archives([folder_of(tmp_path / "archive", files)], stores[1])

    of_zip, of_folder = ([p.sha256 for p in store.partitions()] for store in stores)
    assert of_zip == of_folder


def test_the_catalogue_records_file_checksum_licence_and_counts(store: Store) -> None:
    brought(store, {STREET: street_file(crime("a1"))})

    partition = only(store)
    assert partition.sources[0].name.endswith(f"2018-01/{STREET}")
    assert len(partition.sources[0].sha256) == 64
    assert partition.licence == "Open Government Licence v3.0"
    assert partition.counts.kept == 1


def test_files_of_other_names_are_passed_over_and_said_so(store: Store) -> None:
    report = brought(
        store,
        {
            STREET: street_file(crime()),
            "2018-13-metropolitan-street.csv": "x",
            "2018-notes.csv": "",
        },
    )

    assert sorted(Path(passed.name).name for passed in report.passed_over) == [
        "2018-13-metropolitan-street.csv",
        "2018-notes.csv",
    ]


def test_british_transport_police_can_be_left_out(store: Store) -> None:
    files = {STREET: street_file(crime()), "2018-01-btp-street.csv": street_file(crime())}

    report = brought(store, files, btp=False)

    assert [p.key.force for p in store.partitions()] == ["metropolitan"]
    assert [passed.reason for passed in report.passed_over] == [
        "British Transport Police, left out by choice"
    ]


def test_british_transport_police_are_taken_unless_left_out(store: Store) -> None:
    brought(store, {"2018-01-btp-street.csv": street_file(crime())})

    assert only(store).key.force == "btp"


def test_a_file_with_a_header_and_no_row_leaves_its_month_missing(store: Store) -> None:
    report = brought(store, {STREET: street_file()})

    assert store.partitions() == ()
    assert "no row" in report.passed_over[0].reason


def test_a_damaged_zip_is_refused_and_the_next_archive_goes_in(
    store: Store, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(b"PK\x03\x04 and then nothing")
    good = zip_of(tmp_path / "good.zip", {STREET: street_file(crime())})

    report = ingest_archives([damaged, good], store)

    assert "must be a whole zip file" in report.refusals[0].reason
    assert report.exit_code == 2
    assert only(store).counts.kept == 1


def test_a_member_whose_bytes_were_damaged_is_refused_alone(store: Store, tmp_path: Path) -> None:
    archive = zip_of(
        tmp_path / "a.zip",
        {
            STREET: street_file(*(crime(f"a{i}") for i in range(50))),
            "2018-02-metropolitan-street.csv": street_file(crime("b", month="2018-02")),
        },
    )
    content = bytearray(archive.read_bytes())
    content[120:160] = bytes(40)
    archive.write_bytes(content)

    report = ingest_archives([archive], store)

    assert "is not: " in report.refusals[0].reason
    assert [p.key.month for p in store.partitions()] == ["2018-02"]


@pytest.mark.parametrize(
    "path",
    [
        f"a copy/2018-01/{STREET}",
        f"2018-01\\{STREET}",
        f"../../2018-01/{STREET}",
        f"2018-01/{STREET.upper()}",
    ],
    ids=["in a folder more", "backslashes", "out of the folder", "capitals"],
)
def test_a_file_is_found_wherever_it_stands_in_a_zip(
    store: Store, tmp_path: Path, path: str
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(path, street_file(crime("a1")))

    ingest_archives([tmp_path / "a.zip"], store)

    assert (only(store).key.force, only(store).key.month) == ("metropolitan", "2018-01")
    assert not list(tmp_path.parent.glob(STREET))


def test_a_month_to_come_is_refused(store: Store) -> None:
    report = brought(
        store,
        {
            "2999-01-metropolitan-street.csv": street_file(crime(month="2999-01")),
            STREET: street_file(crime()),
        },
    )

    assert "no record is of a month to come" in report.refusals[0].reason
    assert report.exit_code == LayoutError.exit_code
    assert only(store).key.month == "2018-01"


# Headers


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + street_file(crime("a1")).encode(),
        street_file(crime("a1")).replace("\n", "\r\n").encode(),
        street_file(crime("a1")).rstrip("\n").encode(),
        street_file("", crime("a1"), "", "  ").encode(),
        street_file(crime("a1"), header=STREET_HEADER.upper().replace(" ", "  ")).encode(),
        street_file(crime("a1"), header=STREET_HEADER.replace(" ", "_")).encode(),
        street_file(crime("a1")[:-1], header=STREET_HEADER.removesuffix(",Context")).encode(),
    ],
    ids=["byte-order mark", "CRLF", "no last newline", "blank lines", "case", "underscores",
         "no Context"],
)  # fmt: skip
def test_a_file_reads_the_same_whatever_its_dress(store: Store, content: bytes) -> None:
    report = brought(store, {STREET: content})

    assert report.refusals == ()
    assert (report.totals.read, report.totals.kept) == (1, 1)
    assert store.crimes().select("crime_id", "month", "location", "crime_type").rows() == [
        ("a1", date(2018, 1, 1), "On or near Pratt Street", "drugs")
    ]


def test_columns_are_found_by_name_not_by_place(store: Store) -> None:
    def reversed_line(line: str) -> str:
        return ",".join(reversed(line.split(",")))

    brought(
        store,
        {STREET: street_file(reversed_line(crime("a1")), header=reversed_line(STREET_HEADER))},
    )

    assert store.crimes().select("crime_id", "longitude", "latitude").rows() == [
        ("a1", -0.139, 51.5372)
    ]


def test_a_column_nobody_knows_is_named_in_the_facts(store: Store) -> None:
    report = brought(store, {STREET: street_file(f"{crime()},7", header=f"{STREET_HEADER},Beat")})

    assert only(store).facts["unknown_columns"] == ["Beat"]
    assert any("columns not read: Beat" in line for line in report.lines())


def test_a_missing_column_is_named_and_only_that_file_is_refused(store: Store) -> None:
    report = brought(
        store,
        {
            STREET: street_file(crime(), header=STREET_HEADER.replace("Crime type", "Kind")),
            "2018-02-metropolitan-street.csv": street_file(crime(month="2018-02")),
        },
    )

    assert "it lacks crime type" in report.refusals[0].reason
    assert report.exit_code == LayoutError.exit_code
    assert [p.key.month for p in store.partitions()] == ["2018-02"]


def test_outcomes_under_a_street_name_are_not_in_the_layout() -> None:
    with pytest.raises(LayoutError, match=r"street file .* lacks crime type, last outcome"):
        split_rows(outcomes_file(outcome()).encode(), kind="street", name=STREET)


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "It is empty: download it again"),
        (street_file(crime()).encode("utf-16"), "perhaps UTF-16: save it as CSV in UTF-8"),
        (street_file(crime()).replace("\n", "\r").encode(), "save it with line feeds"),
        (street_file(crime()).replace(",", ";").encode(), "divided by semicolons"),
        (street_file(crime()).replace(",", "\t").encode(), "divided by tabs"),
        (b"PK\x03\x04 and more", "a zip or a spreadsheet by another name"),
    ],
)
def test_a_file_that_a_program_saved_otherwise_says_how_and_what_to_do(
    content: bytes, advice: str
) -> None:
    with pytest.raises(LayoutError, match=f"it lacks all. .*{advice}"):
        split_rows(content, kind="street", name=STREET)


def test_a_column_that_stands_twice_is_not_in_the_layout() -> None:
    header = OUTCOMES_HEADER.replace("LSOA name", "Month")

    with pytest.raises(LayoutError, match=r"lacks lsoa name and it has month twice"):
        split_rows(f"{header}\n".encode(), kind="outcomes", name=OUTCOMES)


# Rows of crimes


@pytest.mark.parametrize(
    ("label", "slug"),
    [
        ("Violent crime", "violent-crime"),
        ("Violence and sexual offences", "violent-crime"),
        ("Public disorder and weapons", "public-disorder-weapons"),
        ("Anti-social behaviour", "anti-social-behaviour"),
        (" criminal damage  and arson", "criminal-damage-arson"),
    ],
)
def test_retired_and_variant_labels_find_their_type(store: Store, label: str, slug: str) -> None:
    brought(store, {STREET: street_file(crime("a1", label))})

    assert store.crimes()["crime_type"].to_list() == [slug]


def test_retired_labels_are_counted(store: Store) -> None:
    report = brought(
        store, {STREET: street_file(*[crime("", "Violent crime")] * 2, crime("", "Drugs"))}
    )

    assert only(store).facts["retired_labels"] == {"Violent crime": 2}
    assert "2 retired label: Violent crime." in report.lines()


def test_no_location_keeps_its_row_with_blank_coordinates(store: Store) -> None:
    brought(
        store,
        {STREET: street_file(crime(longitude="", latitude="", location="No Location", lsoa=""))},
    )

    assert store.crimes().select("location", "longitude", "easting", "lsoa_code").rows() == [
        ("No Location", None, None, None)
    ]
    assert only(store).facts["blank_coordinates"] == 1


@pytest.mark.parametrize(
    ("longitude", "latitude", "fault"),
    [
        ("0", "0", "coordinates are zero"),
        ("51.537200", "-0.139000", "coordinates outside the United Kingdom"),
        ("-0.139", "", "only one of two coordinates"),
    ],
)
def test_a_position_that_cannot_be_true_is_blanked_and_counted(
    store: Store, longitude: str, latitude: str, fault: str
) -> None:
    brought(store, {STREET: street_file(crime(longitude=longitude, latitude=latitude), crime())})

    assert store.crimes()["longitude"].to_list() == [None, -0.139]
    assert store.crimes()["latitude"].to_list() == [None, 51.5372]
    assert only(store).facts["repairs"] == {fault: 1}


def test_repeated_crime_ids_are_kept_and_marked_and_blank_ids_are_not(store: Store) -> None:
    brought(store, {STREET: street_file(crime("a1"), crime(), crime("a1"), crime(), crime("a2"))})

    assert store.crimes()["crime_id_repeats"].to_list() == [False, False, True, False, False]
    assert only(store).facts["repeated_ids"] == 1


def test_rows_of_other_forces_are_kept_and_counted(store: Store) -> None:
    other = crime("a3", falls_within="City of London Police")

    brought(store, {STREET: street_file(crime("a1"), crime("a2"), other)})

    assert store.crimes()["falls_within"].to_list() == [MET, MET, "City of London Police"]
    assert only(store).facts["other_falls_within"] == {"City of London Police": 1}


def test_lsoa_codes_of_2021_are_counted_so_that_a_mix_shows(store: Store) -> None:
    report = brought(
        store,
        {
            STREET: street_file(crime(lsoa="E01000943"), crime(lsoa="E01033768")),
            "2018-02-metropolitan-street.csv": street_file(
                crime(lsoa="E01000943", month="2018-02"), crime(lsoa="E01033769", month="2018-02")
            ),
        },
    )

    assert [p.facts["rows_with_lsoa_codes_of_2021"] for p in store.partitions()] == [0, 1]
    assert report.coverage[0].lsoa_codes_of_2021_from == "2018-02"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (crime(month="2018-02"), "its month is not the file's, 2018-01"),
        (crime(month="Jan 2018"), "its month is not written YYYY-MM"),
        (crime(month=""), "its month is not written YYYY-MM"),
        (crime(longitude="west"), "its longitude is not a number"),
        (crime(latitude="nan"), "its latitude is not a number"),
        (crime(crime_type="Piracy"), "its crime type is not one of the publisher's"),
        (crime(crime_type=""), "its crime type is blank"),
        (crime() + ",", "it has 13 fields where the header has 12"),
        (crime()[:-1], "it has 11 fields where the header has 12"),
        (crime(location='"On or near'), "its quotation marks do not pair: unexpected end of data"),
        ("a\0" + crime(), "it holds a control character"),
    ],
)
def test_a_row_that_cannot_be_read_is_kept_with_line_and_reason(
    store: Store, line: str, reason: str
) -> None:
    report = brought(store, {STREET: street_file(crime("a1"), line, crime("a2"))})

    assert reasons(store) == [(3, reason)]
    assert store.quarantine()["text"].to_list() == [line]
    assert store.crimes()["crime_id"].to_list() == ["a1", "a2"]
    assert (report.totals.read, report.totals.kept, report.totals.refused) == (3, 2, 1)


def test_the_report_says_why_rows_were_refused_and_where_they_are(store: Store) -> None:
    report = brought(
        store,
        {STREET: street_file(crime(), crime(crime_type="Piracy"), crime(crime_type="Piracy"))},
    )

    assert "2 refused: its crime type is not one of the publisher's." in report.lines()
    assert "Refused rows, by file and line: `peelian quality --refused`." in report.lines()


def test_a_row_that_is_not_utf8_is_kept_with_its_bytes_spelt_out(store: Store) -> None:
    content = street_file(crime("a1"), crime("a2", location="Caf@")).encode().replace(b"@", b"\xe9")

    brought(store, {STREET: content})

    assert reasons(store) == [(3, "it is not UTF-8 text")]
    assert "Caf\\xe9" in store.quarantine()["text"][0]


def test_a_stray_quotation_mark_costs_one_line_not_the_rest_of_the_file(store: Store) -> None:
    rows = [crime(f"a{i}") for i in range(20)]
    rows[3] = crime("a3", location='"On or near')

    report = brought(store, {STREET: street_file(*rows)})

    assert (report.totals.kept, report.totals.refused) == (19, 1)


def test_a_quoted_comma_is_part_of_its_field(store: Store) -> None:
    brought(store, {STREET: street_file(crime("a1", location='"On or near High Road, Ickenham"'))})

    assert store.crimes()["location"].to_list() == ["On or near High Road, Ickenham"]


def test_the_last_fault_in_a_long_file_is_found_at_its_line(store: Store) -> None:
    rows = [crime(f"a{i}") for i in range(5_000)]
    rows[4_321] = crime("bad", longitude="east")

    brought(store, {STREET: street_file(*rows)})

    # The header is line 1, so the row with index 4,321 stands in line 4,323.
    assert reasons(store) == [(4_323, "its longitude is not a number")]


def test_a_file_of_which_no_row_can_be_read_leaves_the_month_missing(store: Store) -> None:
    report = brought(store, {STREET: street_file(crime(month="2017-01"))})

    assert store.partitions() == ()
    assert store.quarantine().height == 1
    assert report.totals.refused == 1


# Stops


def test_the_report_names_a_file_of_which_no_row_can_be_read(store: Store) -> None:
    report = brought(store, {STREET: street_file(crime(crime_type="Piracy"))})

    assert any("none of its 1 row could be read" in line for line in report.lines())


def test_stop_times_are_utc_and_shown_on_the_london_clock(store: Store) -> None:
    name = "2018-07-metropolitan-stop-and-search.csv"

    brought(store, {name: stops_file(stop("2018-06-30T23:05:00+00:00"))})

    stops = store.stops()
    assert stops["date_local"].to_list() == [datetime(2018, 7, 1, 0, 5)]
    assert stops["date_utc"].dt.replace_time_zone(None).to_list() == [datetime(2018, 6, 30, 23, 5)]
    assert stops["month"].to_list() == [date(2018, 7, 1)]
    assert "outside_month" not in only(store).facts


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2018-01-15T14:30:00", datetime(2018, 1, 15, 14, 30)),
        ("2018-01-15 14:30:00", datetime(2018, 1, 15, 14, 30)),
        ("2018-01-15T14:30:00Z", datetime(2018, 1, 15, 14, 30)),
        ("2018-01-15T15:30:00+01:00", datetime(2018, 1, 15, 14, 30)),
        ("2018-01-15", datetime(2018, 1, 15)),
    ],
)
def test_other_ways_to_write_a_time_are_read(store: Store, written: str, utc: datetime) -> None:
    brought(store, {STOPS: stops_file(stop(), stop(written))})

    assert store.stops()["date_utc"].dt.replace_time_zone(None)[1] == utc


def test_stops_outside_their_files_month_are_kept_and_counted(store: Store) -> None:
    brought(store, {STOPS: stops_file(stop(), stop("2017-11-03T10:00:00+00:00"))})

    assert store.stops().height == 2
    assert only(store).facts["outside_month"] == 1


def test_exact_duplicate_stops_are_dropped_and_counted(store: Store) -> None:
    other = stop(result="Arrest")

    report = brought(store, {STOPS: stops_file(stop(), other, stop(), stop())})

    assert (report.totals.read, report.totals.kept, report.totals.duplicates) == (4, 2, 2)
    assert store.stops()["outcome"].to_list() == ["A no further action disposal", "Arrest"]


def test_exact_duplicate_crimes_are_kept(store: Store) -> None:
    brought(store, {STREET: street_file(*[crime("", "Anti-social behaviour")] * 3)})

    assert store.crimes().height == 3


def test_latitude_stands_before_longitude_in_stops(store: Store) -> None:
    brought(store, {STOPS: stops_file(stop())})

    assert store.stops().select("longitude", "latitude").rows() == [(-0.139, 51.5372)]


def test_true_false_and_blank_are_three_answers(store: Store) -> None:
    rows = [stop(operation=word) for word in ("True", "False", "", "TRUE")]

    brought(store, {STOPS: stops_file(*rows, stop(operation="perhaps"))})

    assert store.stops()["part_of_operation"].to_list() == [True, False, None, True]
    assert reasons(store) == [(6, "its part of operation is neither True nor False")]


@pytest.mark.parametrize(
    ("written", "reason"),
    [("", "its date is blank"), ("yesterday", "its date is not a date and time")],
)
def test_a_stop_without_a_time_is_refused(store: Store, written: str, reason: str) -> None:
    brought(store, {STOPS: stops_file(stop(), stop(written))})

    assert reasons(store) == [(3, reason)]


def test_stops_at_midnight_are_counted(store: Store) -> None:
    brought(store, {STOPS: stops_file(stop("2018-01-15T00:00:00+00:00"), stop(), stop())})

    assert only(store).facts["at_midnight"] == 1
    assert "only_days_known" not in only(store).facts


@pytest.mark.parametrize("written", ["2018-07-02T23:00:00+00:00", "2018-07-03T00:00:00+00:00"])
def test_where_most_stops_are_at_midnight_only_their_days_are_known(
    store: Store, written: str
) -> None:
    # Midnight in London in summer is 23:00 UTC; some forces write midnight UTC instead.
    days = stops_file(stop(written), stop(written, result="Arrest"), stop("2018-07-03T12:00:00"))

    report = brought(store, {"2018-07-kent-stop-and-search.csv": days})

    assert only(store).facts["only_days_known"].startswith("2 of 3 stops are at midnight")
    assert any("time of day is not known" in line for line in report.lines())


def every_day(first: int, last: int, *, times_a_day: int = 5) -> list[str]:
    return [
        stop(f"2018-01-{day:02d}T{hour + 8:02d}:00:00+00:00")
        for day in range(first, last + 1)
        for hour in range(times_a_day)
    ]


def test_a_month_that_breaks_off_is_known_as_partly_held(store: Store) -> None:
    report = brought(store, {STOPS: stops_file(*every_day(1, 17))})

    assert report.coverage[0].part["2018-01"].startswith("stops run from 1 to 17 January 2018")


def test_a_month_that_starts_late_is_known_as_partly_held(store: Store) -> None:
    brought(store, {STOPS: stops_file(*every_day(20, 31))})

    assert only(store).facts["part_of_month"].startswith("stops run from 20 to 31 January 2018")


def test_a_sparse_tail_does_not_hide_that_a_month_breaks_off(store: Store) -> None:
    rows = every_day(1, 17, times_a_day=12)

    brought(store, {STOPS: stops_file(*rows, stop("2018-01-29T09:00:00+00:00"))})

    assert only(store).facts["part_of_month"].startswith("stops run from 1 to 17 January 2018")


@pytest.mark.parametrize(
    "rows", [every_day(1, 31), every_day(2, 30), every_day(8, 25, times_a_day=1)]
)
def test_a_whole_month_and_a_quiet_force_are_not_called_partly_held(
    store: Store, rows: list[str]
) -> None:
    brought(store, {STOPS: stops_file(*rows)})

    assert "part_of_month" not in only(store).facts


# Again, and newer


def test_the_same_archive_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a.zip", {STREET: street_file(crime()), STOPS: stops_file(stop())})
    first = ingest_archives([archive], store)
    before = store.partitions()

    again = ingest_archives([archive], store)

    assert [file.action for file in first.files] == ["new", "new"]
    assert [file.action for file in again.files] == ["unchanged", "unchanged"]
    assert again.totals == first.totals
    assert store.partitions() == before


def test_a_newer_file_replaces_its_partition_whole(store: Store) -> None:
    brought(store, {STREET: street_file(crime("a1"))})

    report = brought(store, {STREET: street_file(crime("a1"), crime("a2"))})

    assert report.files[0].action == "replaced"
    assert store.crimes()["crime_id"].to_list() == ["a1", "a2"]


def test_where_two_archives_hold_a_month_the_later_in_the_list_wins(
    store: Store, tmp_path: Path
) -> None:
    first = zip_of(tmp_path / "1.zip", {STREET: street_file(crime("as of March"))})
    second = zip_of(tmp_path / "2.zip", {STREET: street_file(crime("as of April"))})

    report = ingest_archives([first, second], store)

    assert [file.action for file in report.files] == ["new", "replaced"]
    assert store.crimes()["crime_id"].to_list() == ["as of April"]


def test_where_one_month_would_shrink_no_month_of_that_kind_and_force_enters(
    store: Store,
) -> None:
    brought(store, {STREET: street_file(*[crime("", "Burglary")] * 3, crime("", "Robbery"))})

    report = brought(
        store,
        {
            STREET: street_file(*[crime("", "Burglary")] * 9),
            "2018-02-metropolitan-street.csv": street_file(crime("", "Burglary", month="2018-02")),
            "2018-02-kent-street.csv": street_file(crime("", "Burglary", month="2018-02")),
            STOPS: stops_file(stop()),
        },
    )

    assert [(p.key.table, p.key.force, p.key.month) for p in store.partitions()] == [
        ("crimes", "kent", "2018-02"),
        ("crimes", "metropolitan", "2018-01"),
        ("stops", "metropolitan", "2018-01"),
    ]
    assert "street of metropolitan, every month" in report.refusals[0].what
    assert report.exit_code == 3


def test_many_new_rows_of_one_type_do_not_hide_the_loss_of_anothers(store: Store) -> None:
    brought(store, {STREET: street_file(*[crime("", "Burglary")] * 8, *[crime()] * 2)})

    report = brought(store, {STREET: street_file(crime("", "Burglary"), *[crime()] * 99)})

    assert "would lose 7" in report.refusals[0].reason


def test_a_shrinking_file_enters_when_a_person_says_so(store: Store) -> None:
    brought(store, {STREET: street_file(*[crime("", "Burglary")] * 9, crime("", "Robbery"))})

    report = brought(store, {STREET: street_file(crime("", "Burglary"))}, replace=True)

    assert report.refusals == ()
    assert store.crimes().height == 1


# Telling


def test_progress_counts_every_byte_once(store: Store, tmp_path: Path) -> None:
    files = {
        STREET: street_file(crime()),
        STOPS: stops_file(stop()),
        "2018-02-metropolitan-street.csv": "in another layout",
    }
    steps: list[Progress] = []

    ingest_archives([folder_of(tmp_path / "a", files)], store, report=steps.append)

    assert len(steps) == 3
    assert steps[-1].done_bytes == steps[-1].total_bytes == sum(map(len, files.values()))


def test_the_report_is_kept_in_the_store(store: Store) -> None:
    report = brought(store, {STREET: street_file(crime())})

    newest = json.loads((store.path / "quality.json").read_text())
    kept = json.loads((store.path / "reports" / f"{report.run_id}.json").read_text())
    assert newest == kept == json.loads(report.to_json())
    assert newest["totals"] == {"read": 1, "kept": 1, "refused": 0, "duplicates": 0}
