"""Each parser rule of the API's records, with the smallest record that shows it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.core.errors import InputError
from peelian.core.months import Month
from peelian.ingest.police_api_records import RecordTable, parse_records

CRIME: dict[str, Any] = {
    "category": "robbery",
    "location_type": "Force",
    "location": {
        "latitude": "51.530000",
        "street": {"id": 7, "name": "On or near Pratt Street"},
        "longitude": "-0.130000",
    },
    "context": "",
    "outcome_status": {"category": "Under investigation", "date": "2018-03"},
    "persistent_id": "ab" * 32,
    "id": 101,
    "location_subtype": "",
    "month": "2018-03",
}
STOP: dict[str, Any] = {
    "type": "Person search",
    "involved_person": True,
    "datetime": "2018-01-14T20:50:00+00:00",
    "gender": "Female",
    "age_range": "10-17",
    "self_defined_ethnicity": "White - White British (W1)",
    "officer_defined_ethnicity": "White",
    "legislation": "Misuse of Drugs Act 1971 (section 23)",
    "object_of_search": "Controlled drugs",
    "outcome": "Local resolution",
    "outcome_linked_to_object_of_search": True,
    "removal_of_more_than_outer_clothing": None,
    "operation": None,
    "operation_name": None,
    "location": CRIME["location"],
}


def one_row(table: RecordTable, record: dict[str, Any], **changes: Any) -> dict[str, Any]:
    parsed = parse_records(json.dumps([record | changes]).encode(), table, force="metropolitan")
    return parsed.rows.row(0, named=True)


def one_reason(table: RecordTable, record: dict[str, Any], **changes: Any) -> str:
    parsed = parse_records(json.dumps([record | changes]).encode(), table, force="metropolitan")
    assert parsed.rows.height == 0
    return str(parsed.refused["reason"][0])


def test_a_crime_becomes_a_row_of_the_crimes_table():
    row = one_row("crimes", CRIME)

    assert row == {
        "crime_id": "ab" * 32,
        "crime_id_repeats": False,
        "month": date(2018, 3, 1),
        "reported_by": "Metropolitan Police Service",
        "falls_within": "Metropolitan Police Service",
        "longitude": -0.13,
        "latitude": 51.53,
        "location": "On or near Pratt Street",
        "lsoa_code": None,
        "lsoa_name": None,
        "crime_type": "robbery",
        "last_outcome": "Under investigation",
        "context": None,
        "published_id": "101",
        "force": "metropolitan",
    }


def test_a_record_without_a_place_is_kept_without_coordinates():
    row = one_row("crimes", CRIME, location=None, location_type=None)

    assert (row["longitude"], row["latitude"], row["location"]) == (None, None, None)
    assert row["force"] == "metropolitan"


@pytest.mark.parametrize("latitude", ["aaa", "nan", "inf"])
def test_coordinates_that_cannot_be_read_are_refused_and_not_guessed(latitude: str):
    place = CRIME["location"] | {"latitude": latitude}

    assert one_reason("crimes", CRIME, location=place) == f"unreadable coordinate '{latitude}'"


def test_anti_social_behaviour_has_neither_an_id_nor_an_outcome():
    row = one_row(
        "crimes", CRIME, category="anti-social-behaviour", persistent_id="", outcome_status=None
    )

    assert (row["crime_id"], row["last_outcome"]) == (None, None)


def test_a_transport_police_record_goes_to_their_force():
    row = one_row("crimes", CRIME, location_type="BTP", location_subtype="STATION")

    assert (row["force"], row["reported_by"]) == ("btp", "British Transport Police")


def test_entities_in_a_street_name_are_read():
    place = CRIME["location"] | {
        "street": {"id": 7, "name": "On or near King&#39;s  Cross &amp; Co"}
    }

    assert one_row("crimes", CRIME, location=place)["location"] == "On or near King's Cross & Co"


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"category": "jaywalking"}, "unknown crime type 'jaywalking'"),
        ({"month": "2018-3"}, "unreadable month '2018-3'"),
        ({"id": "one"}, "$.id"),
        ({"location": "here"}, "$.location"),
    ],
)
def test_a_broken_record_is_refused_with_its_reason(changes: dict[str, Any], word: str):
    assert word in one_reason("crimes", CRIME, **changes)


def test_a_refused_record_keeps_its_number_and_text_and_the_others_stay():
    broken = CRIME | {"id": None}
    body = json.dumps([CRIME, broken, CRIME]).encode()

    parsed = parse_records(body, "crimes", force="metropolitan", file="a.json")

    assert (parsed.rows.height, parsed.read) == (2, 3)
    assert parsed.refused["line"].to_list() == [2]
    assert parsed.refused["file"].to_list() == ["a.json"]
    assert json.loads(parsed.refused["text"][0]) == broken


def test_a_stop_in_a_summer_night_is_shown_in_london_time():
    # 23:30 UTC on 30 June is half past midnight on 1 July under British Summer Time.
    row = one_row("stops", STOP, datetime="2017-06-30T23:30:00+00:00")

    assert row["date_utc"] == datetime(2017, 6, 30, 23, 30, tzinfo=UTC)
    assert row["date_local"] == datetime(2017, 7, 1, 0, 30)
    assert row["month"] == date(2017, 7, 1)


def test_a_stop_belongs_to_the_month_that_was_asked_for():
    body = json.dumps([STOP | {"datetime": "2017-06-30T23:30:00+00:00"}]).encode()

    parsed = parse_records(body, "stops", force="metropolitan", month=Month(2017, 6))

    assert parsed.rows["month"].to_list() == [date(2017, 6, 1)]


@pytest.mark.parametrize(
    ("published", "kept"),
    [
        (False, "Nothing found - no further action"),
        ("", None),
        (None, None),
        ("Suspect arrested", "Suspect arrested"),
    ],
)
def test_every_way_of_writing_a_stops_outcome_is_read(published: Any, kept: str | None):
    assert one_row("stops", STOP, outcome=published)["outcome"] == kept


def test_every_category_of_a_stop_may_be_null():
    nothing = {key: None for key in STOP if key != "datetime"}

    row = one_row("stops", STOP, **nothing)

    assert {row[key] for key in ("type", "gender", "age_range", "legislation", "outcome")} == {None}


def test_an_old_ethnicity_with_a_code_stays_as_published_as_in_the_archives_files():
    assert one_row("stops", STOP)["self_defined_ethnicity"] == "White - White British (W1)"


def test_a_stop_whose_time_cannot_be_read_is_refused():
    assert one_reason("stops", STOP, datetime="yesterday") == "unreadable time 'yesterday'"


def test_the_history_of_a_crime_is_an_outcome_for_each_entry():
    history = {
        "crime": {key: CRIME[key] for key in CRIME if key != "outcome_status"},
        "outcomes": [
            {"category": {"code": "a", "name": "Under investigation"}, "date": "2018-03"},
            {"category": {"code": "b", "name": "Unable to prosecute suspect"}, "date": "2018-05"},
        ],
    }

    parsed = parse_records(json.dumps(history).encode(), "outcomes", force="metropolitan")

    assert parsed.rows["outcome"].to_list() == [
        "Under investigation",
        "Unable to prosecute suspect",
    ]
    assert parsed.rows["month"].to_list() == [date(2018, 3, 1), date(2018, 5, 1)]
    assert set(parsed.rows["crime_id"]) == {"ab" * 32}


def test_what_is_not_json_is_said_so():
    with pytest.raises(InputError, match=r"a\.json is not.*Fetch it again"):
        parse_records(b"<html>503</html>", "crimes", force="metropolitan", file="a.json")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


@settings(deadline=None)
@given(
    records=st.lists(
        st.dictionaries(st.sampled_from(sorted(CRIME)), json_values).map(lambda d: CRIME | d)
        | json_values,
        max_size=6,
    )
)
def test_whatever_a_record_holds_it_is_kept_or_refused(records: list[Any]):
    parsed = parse_records(json.dumps(records).encode(), "crimes", force="metropolitan")

    assert parsed.read == len(records)
    assert parsed.refused["text"].null_count() == 0


@settings(deadline=None)
@given(body=st.binary(max_size=60), cut=st.integers(0, 400))
def test_whatever_the_bytes_are_nothing_but_an_input_error_is_raised(body: bytes, cut: int):
    whole = json.dumps([CRIME]).encode()
    for damaged in (body, b"{" + body, whole[1:cut], whole[:cut], whole[:cut] + body + whole[cut:]):
        try:
            parsed = parse_records(damaged, "crimes", force="metropolitan")
        except InputError:
            continue
        assert parsed.read == parsed.rows.height + parsed.refused.height


def test_the_recorded_answers_of_two_client_libraries_are_read(real_data: Path):
    folder = real_data / "api-fixtures"
    recorded: tuple[tuple[str, RecordTable, int], ...] = (
        ("police-data-kit/crime.json", "crimes", 1),
        ("tjcain-ukpolice/crime_x_1.json", "crimes", 1),
        ("police-data-kit/stop-and-search.json", "stops", 1),
        ("tjcain-ukpolice/stopandsearch_x_1.json", "stops", 1),
        ("police-data-kit/outcome.json", "outcomes", 1),
        ("police-data-kit/case-history.json", "outcomes", 2),
    )
    for name, table, count in recorded:
        parsed = parse_records((folder / name).read_bytes(), table, force="leicestershire")

        assert (parsed.rows.height, parsed.refused.height) == (count, 0), name
