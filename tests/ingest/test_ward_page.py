"""The published page that the project starts from, read into a ward file and back.

What it must hold is said in the domain guide, sections 0 and (a): the promises by priority, the
seven that its Action texts say nothing about, the places and the corridor.
"""

from __future__ import annotations

from collections import Counter

import pytest

from peelian.core.published_text import in_one_line
from peelian.core.wards import Channel, Claim, Corridor, WardFile
from peelian.ingest.ward_page import export_page, export_priorities, read_ward_page


@pytest.fixture(scope="module")
def ward_file(seed_page: str) -> WardFile:
    return read_ward_page(seed_page, ward="E05013669")


def claim_about(ward_file: WardFile, words: str) -> Claim:
    (claim,) = (c for p in ward_file.priorities for c in p.claims if words in c.sentence)
    return claim


def test_the_page_comes_back_whole_white_space_apart(seed_page: str, ward_file: WardFile) -> None:
    assert in_one_line(export_page(ward_file)) == in_one_line(seed_page)


def test_operator_address_name_and_force_are_read(ward_file: WardFile) -> None:
    assert ward_file.operator == "Metropolitan Police Service"
    assert ward_file.address.endswith("/Camden/St-Pancras-and-Somers-Town")
    assert ward_file.name == "St Pancras and Somers Town"
    assert ward_file.force == "metropolitan"


def test_the_hidden_email_is_flagged_and_not_stored(ward_file: WardFile) -> None:
    assert [channel.kind for channel in ward_file.channels] == ["twitter", "facebook", "email"]
    assert ward_file.channels[2] == Channel(
        kind="email", note="hidden on the team's page: ask the team"
    )
    assert [warning.rule for warning in ward_file.warnings] == ["obfuscated_contact"]


def test_titles_are_in_the_publics_words(ward_file: WardFile) -> None:
    assert [priority.title for priority in ward_file.priorities] == [
        "Drug use and its associated anti-social behaviour",
        "Knife-enabled robberies in the streets between St Pancras and Euston British Rail "
        "stations",
        "A safe environment for women and girls",
    ]


def test_what_the_public_reports_leads_the_measures(ward_file: WardFile) -> None:
    measures = [(priority.measure, priority.also) for priority in ward_file.priorities]

    assert measures == [("anti-social-behaviour", ["drugs"]), ("robbery", []), ("violence", [])]


def test_the_promises_are_as_many_as_the_domain_guide_counts(ward_file: WardFile) -> None:
    counts = [Counter(c.said_in for c in p.commitments) for p in ward_file.priorities]

    # Row 52 of the guide's table (a): 4 in Issue 1, 5 bullets in Action 1, 7 in Issue 2, 1 in
    # Action 2, 2 in Issue 3. Its row 72 adds the workshops that a steering group considers.
    assert counts == [
        {"issue": 4, "action": 5},
        {"issue": 7, "action": 1},
        {"issue": 2, "action": 1},
    ]


def test_the_seven_promises_without_a_report_have_no_evidence(ward_file: WardFile) -> None:
    without = [
        c.text for p in ward_file.priorities for c in p.commitments if c.status == "no_evidence"
    ]

    # Section 0, item 2 of the domain guide.
    expected = [
        "measured by the number of such crimes",
        "foot and cycle patrols",
        "stop and search tactics",
        "crime prevention advice",
        "social media",
        "well lit at night",
        "more late shifts",
    ]
    assert len(without) == len(expected)
    assert all(words in text for words, text in zip(expected, without, strict=True))


def test_what_an_issue_promises_and_the_action_reports_is_in_progress(ward_file: WardFile) -> None:
    reported = {
        c.text: c.reported for p in ward_file.priorities for c in p.commitments if c.reported
    }

    assert len(reported) == 6
    assert "effective use of stop and search powers" in reported["Utilising stop and search powers"]
    assert (
        "drop in the number of robberies" in reported["Operations targeting robbery hotspot areas"]
    )
    assert not any("subject" in sentence for sentence in reported.values())


def test_what_an_action_promises_lies_ahead_of_it(ward_file: WardFile) -> None:
    ahead = {c.status for p in ward_file.priorities for c in p.commitments if c.said_in == "action"}

    assert ahead == {"planned"}


def test_every_promise_stands_in_its_sentence(ward_file: WardFile) -> None:
    for priority in ward_file.priorities:
        published = in_one_line(f"{priority.issue} {priority.action}")
        for commitment in priority.commitments:
            assert commitment.sentence in published
            assert commitment.text[1:] in commitment.sentence


def test_a_claim_has_measure_place_direction_and_period(ward_file: WardFile) -> None:
    estate = claim_about(ward_file, "Curnock Estate have decreased")
    months = claim_about(ward_file, "Over the past 6 months")

    assert (estate.measure, estate.direction) == ("drugs", "down")
    assert estate.place == "in and around Curnock Estate"
    assert (months.direction, months.period, months.months) == ("up", "Over the past 6 months", 6)


def test_a_claim_without_a_named_area_says_so(ward_file: WardFile) -> None:
    claim = claim_about(ward_file, "drop in the number of robberies")

    assert (claim.measure, claim.direction, claim.place) == ("robbery", "down", "in that area")
    assert claim.unmeasurable == "The team's page does not say which area it means."


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("increase in high visibility patrols throughout", "patrols"),
        ("This lead to an increase in high visibility patrols", "patrols"),
        ("increased sense of safety", "how safe people feel"),
    ],
)
def test_activity_and_feelings_are_claims_that_cannot_be_measured(
    ward_file: WardFile, words: str, reason: str
) -> None:
    claim = claim_about(ward_file, words)

    assert claim.direction == "up"
    assert claim.measure == ""
    assert reason in claim.unmeasurable


def test_the_corridor_runs_between_the_two_stations(ward_file: WardFile) -> None:
    assert ward_file.priorities[1].corridor == Corridor(
        start="St Pancras station", end="Euston station"
    )


def test_place_names_are_kept_as_written_and_unconfirmed(ward_file: WardFile) -> None:
    assert [place.written for place in ward_file.places] == [
        "Pratt Street", "St Martin’s Gardens", "Curnock Estate", "St Francis Crick institute",
        "St Pancras station", "Euston station",
    ]  # fmt: skip
    assert not any(place.means for place in ward_file.places)


def test_the_priorities_come_out_in_police_uks_shape(ward_file: WardFile) -> None:
    first, *_ = rows = export_priorities(ward_file)

    assert len(rows) == 3
    assert list(first) == ["issue", "issue-date", "action", "action-date"]
    assert first["issue"] == ward_file.priorities[0].issue
    assert first["issue-date"] is None
