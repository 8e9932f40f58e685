"""What a neighbourhood's answers say, from recorded answers and small hand-made ones."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from peelian.core.errors import LayoutError
from peelian.core.wards import Channel, TeamMember
from peelian.ingest.police_neighbourhood import (
    read_events,
    read_neighbourhood,
    read_people,
    ward_file_of,
)
from peelian.ingest.ward_page import export_priorities


@pytest.fixture
def kit(real_data: Path) -> Path:
    return real_data / "api-fixtures" / "police-data-kit"


def neighbourhood(**changes: Any) -> bytes:
    return json.dumps(
        {"id": "NC04", "name": "City Centre", "population": "1000"} | changes
    ).encode()


@pytest.mark.parametrize(
    ("published", "known"),
    [("1000", 1000), ("0", None), ("A", None), ("", None), (None, None), ("1,200", 1200)],
)
def test_a_population_that_is_no_number_is_not_known(published: str | None, known: int | None):
    assert read_neighbourhood(neighbourhood(population=published)).population == known


def test_channels_are_typed_and_a_hidden_address_is_flagged_not_stored():
    details = {
        "twitter": "http://www.twitter.com/team",
        "telephone": "101",
        "mobile": "0123",
        "email": "[email\u00a0protected]",
        "youtube": "https://example.org/v",
        "facebook": None,
    }

    channels = read_neighbourhood(neighbourhood(contact_details=details)).channels

    assert channels == (
        Channel(kind="twitter", value="http://www.twitter.com/team"),
        Channel(kind="telephone", value="101"),
        Channel(kind="telephone", value="0123", note="mobile"),
        Channel(kind="email", note="hidden on the team's page: ask the team"),
        Channel(kind="other", value="https://example.org/v", note="youtube"),
    )


def test_a_missing_rank_is_empty():
    assert read_people(b'[{"name": "Dave Smith", "rank": null, "bio": null}]') == (
        TeamMember(name="Dave Smith"),
    )


def test_events_come_in_the_order_they_start():
    late = {"title": "Surgery", "start_date": "2024-12-12T10:00:00"}
    early = {
        "title": "Property &amp; Bikes",
        "start_date": "2024-12-11T13:30:00",
        "end_date": "2024-12-11T15:00:00",
        "type": "meeting",
        "address": "Town Hall,\n Judd Street",
        "description": "<p>Bring your bike.</p>",
    }

    events = read_events(json.dumps([late, early]).encode())

    assert [event.title for event in events] == ["Property & Bikes", "Surgery"]
    assert events[0].ends == datetime(2024, 12, 11, 15, 0)
    assert events[0].address == "Town Hall, Judd Street"
    assert events[0].description == "Bring your bike."
    assert events[1].ends is None


def test_an_event_whose_time_cannot_be_read_is_said_so():
    with pytest.raises(LayoutError, match="'soon'"):
        read_events(b'[{"title": "Surgery", "start_date": "soon"}]')


def test_an_answer_of_another_shape_is_said_so():
    with pytest.raises(LayoutError, match="neighbourhood's people"):
        read_people(b'[{"rank": "Sgt"}]')


def test_recorded_answers_are_read(kit: Path):
    odd = read_neighbourhood((kit / "neighbourhood-html-in-name.json").read_bytes())
    assert odd.name == "Leake & Keyworth"
    assert odd.bases[0].address == "74 Belgrave Gate, Leicester"
    assert (odd.bases[0].longitude, odd.links[0].description) == (None, "")
    assert odd.centre == (-1.13619, 52.6389)

    assert (
        read_neighbourhood((kit / "neighbourhood-invalid-population.json").read_bytes()).population
        is None
    )
    assert read_neighbourhood((kit / "neighbourhood-empty-force-url.json").read_bytes()).name == (
        "Banks & Hesketh"
    )
    assert read_people((kit / "police-officer-nulls.json").read_bytes())[0].name == "Dave Smith"


def test_a_ward_file_is_made_of_the_recorded_answers(kit: Path):
    priorities = [
        json.loads((kit / f"neighbourhood-priority{kind}.json").read_text(encoding="utf-8"))
        for kind in ("", "-html", "-no-action")
    ]

    ward = ward_file_of(
        read_neighbourhood((kit / "neighbourhood.json").read_bytes()),
        json.dumps(priorities).encode(),
        ward="E05000001",
        force="leicestershire",
    )

    assert (ward.name, ward.operator) == ("City Centre", "Leicestershire Police")
    assert (ward.neighbourhood, ward.force) == ("NC04", "leicestershire")
    assert [channel.kind for channel in ward.channels] == [
        "twitter", "facebook", "telephone", "email",
    ]  # fmt: skip
    assert export_priorities(ward) == [
        {key: priority[key] for key in ("issue", "issue-date", "action", "action-date")}
        for priority in priorities
    ]


def test_a_team_without_priorities_has_a_ward_file_without_priorities():
    ward = ward_file_of(
        read_neighbourhood(neighbourhood()), b"[]", ward="E05000001", force="leicestershire"
    )

    assert ward.priorities == []


def test_priorities_that_are_not_text_are_said_so():
    with pytest.raises(LayoutError, match="written in UTF-8"):
        ward_file_of(
            read_neighbourhood(neighbourhood()), b"\xff", ward="E05000001", force="leicestershire"
        )
