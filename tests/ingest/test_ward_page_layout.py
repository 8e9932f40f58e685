"""Pages in other forms: nothing of them is lost, and what has a field finds it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.errors import LayoutError
from peelian.core.published_text import in_one_line
from peelian.core.wards import Channel, Corridor, Priority, TeamMember
from peelian.ingest.ward_page import export_page, export_priorities, read_ward_page
from peelian.town.page import page_text

PAGES = Path(__file__).parent.parent / "pages"
# The one page that hides its e-mail in other words: its address is left out on purpose.
HIDES_EMAIL = "oldcastle"


def read(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page", sorted(p for p in PAGES.glob("*.txt") if p.stem != HIDES_EMAIL), ids=lambda p: p.stem
)
def test_every_page_comes_back_whole(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    exported = export_page(read_ward_page(text, ward="E05000001"))

    assert in_one_line(exported) == in_one_line(text)


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.json")), ids=lambda p: p.stem)
def test_police_uks_priorities_come_back_equal(page: Path) -> None:
    published = json.loads(page.read_text(encoding="utf-8"))

    ward_file = read_ward_page(json.dumps(published), ward="E05000001", name="Somewhere")

    assert export_priorities(ward_file) == published


def test_real_priorities_of_police_uk_come_back_equal(real_data: Path) -> None:
    answers = sorted((real_data / "api-fixtures").rglob("*[Pp]riorit*.json"))

    assert answers
    for answer in answers:
        held: Any = json.loads(answer.read_text(encoding="utf-8"))
        published = held if isinstance(held, list) else [held]
        ward_file = read_ward_page(json.dumps(published), ward="E05000001")
        assert export_priorities(ward_file) == published


words = st.text(alphabet="abc {}.:•ST-\n", min_size=1).filter(lambda text: text.strip())


@given(head=words, issue=words, action=words)
def test_whatever_a_page_says_comes_back(head: str, issue: str, action: str) -> None:
    page = f"The team {head}\nIssue\n{issue}\nAction\n{action}\n"

    exported = export_page(read_ward_page(page, ward="E05000001"))

    assert in_one_line(exported) == in_one_line(page)


def test_an_email_written_with_at_is_hidden_too() -> None:
    ward_file = read_ward_page(read("oldcastle.txt"), ward="E05000001")

    assert ward_file.channels[1] == Channel(
        kind="email", note="hidden on the team's page: ask the team"
    )
    assert "moorland" not in msgspec.json.encode(ward_file).decode()


def test_named_officers_are_read_with_rank_and_role() -> None:
    ward_file = read_ward_page(read("harbour-side.txt"), ward="E05000001")

    assert ward_file.team == [
        TeamMember(rank="Sgt", name="Alma Reyes"),
        TeamMember(rank="PC", name="Tom Okafor", role="Dedicated ward officer"),
        TeamMember(rank="PCSO", name="Jean Whitlock"),
    ]


def test_a_title_in_the_heading_is_the_title_and_dates_are_kept_as_written() -> None:
    speeding = read_ward_page(read("oldcastle.txt"), ward="E05000001").priorities[0]

    assert speeding.title == "Speeding traffic through Oldcastle and Stoke Hinton"
    assert (speeding.issue_date, speeding.action_date) == ("4 March 2024", "20 May 2024")
    assert speeding.measure == ""  # police records do not count speeding


def test_a_day_in_words_is_exported_as_police_uk_writes_it() -> None:
    ward_file = read_ward_page(read("oldcastle.txt"), ward="E05000001")

    assert export_priorities(ward_file)[0]["issue-date"] == "2024-03-04T00:00:00"


def test_a_smart_page_gives_target_and_end_date() -> None:
    first, second = read_ward_page(read("millbrook.txt"), ward="E05000001").priorities

    assert first.target.startswith("a 15% reduction in reported vehicle crime")
    assert first.review_due == "2025-03-31"
    assert {c.due for c in first.commitments} == {"2025-03-31"}
    assert second.review_due == ""  # "Within 3 months", and the page does not say of when


def test_a_span_of_months_counts_from_the_issues_date() -> None:
    page = "Issue\nDate: 30 November 2024\nS- Reduce theft.\nM- Reports.\nT- Within 3 months.\n"

    (priority,) = read_ward_page(page, ward="E05000001").priorities

    assert priority.review_due == "2025-02-28"


def test_police_uks_markup_is_kept_and_read_as_plain_words() -> None:
    drinking = read_ward_page(read("kingsmere.json"), ward="E05000001").priorities[0]

    assert drinking.issue.startswith("<p>To reduce <strong>street drinking &amp; begging</strong>")
    assert drinking.title == (
        "Street drinking & begging in and around Abbey Square and Minster Walk"
    )
    assert all("<" not in c.text for c in drinking.commitments)


def test_a_priority_added_by_hand_is_exported_at_the_end() -> None:
    ward_file = read_ward_page(read("dockside.txt"), ward="E05000001")
    added = Priority(
        id="p3", title="Bike theft", issue="Bike theft at the ferry.", action="None yet."
    )

    exported = export_page(
        msgspec.structs.replace(ward_file, priorities=[*ward_file.priorities, added])
    )

    assert in_one_line(exported).endswith("Issue Bike theft at the ferry. Action None yet.")


def test_a_text_without_priorities_says_what_it_should_have() -> None:
    with pytest.raises(
        LayoutError, match=r"Issue heading.*found none.*starts with 'Page not found'"
    ):
        read_ward_page("Page not found\n404", ward="E05000001")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[{", "breaks off at line 1"),
        ('{"issue": "Burglary"}', "a list of objects; found one dict"),
        ('[{"issue": "Burglary", "colour": "red"}]', "number 1 holds issue, colour"),
        ('[{"issue": null}]', "its issue is never empty"),
        ('[{"issue": "Burglary", "action": 3}]', "action of number 1 is 3"),
    ],
)
def test_json_that_is_not_police_uks_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(LayoutError, match=said):
        read_ward_page(text, ward="E05000001")


def test_the_made_towns_page_is_read_and_comes_back() -> None:
    ward_file = read_ward_page(page_text(), ward="E05999901")

    assert in_one_line(export_page(ward_file)) == in_one_line(page_text())
    assert ward_file.name == "Larkfield"
    assert ward_file.priorities[1].corridor == Corridor(
        start="Priory Gate station", end="Wharf Lane station"
    )
    # The page names the lane and the gate only as stations.
    assert not {"Priory Gate", "Wharf Lane"} & {place.written for place in ward_file.places}


def test_what_is_claimed_of_streets_between_two_places_is_not_claimed_of_the_ward() -> None:
    second = read_ward_page(page_text(), ward="E05999901").priorities[1]

    assert [claim.place for claim in second.claims] == ["in the streets between the stations"]


def test_what_stands_before_a_smart_issue_is_its_title() -> None:
    page = "Issue\nCar crime\nS- Reduce theft from cars.\nM- Reports.\nT- 31 March 2025\n"

    (priority,) = read_ward_page(page, ward="E05000001").priorities

    assert priority.title == "Car crime"
    assert [c.text for c in priority.commitments] == ["Reduce theft from cars", "Reports"]


@pytest.mark.parametrize(
    ("page", "issues"),
    [
        ("Issue\n\nIssue\nNoise\n", ["Noise"]),
        ("Issue\nNoise\nAction\n\nIssue\n", ["Noise"]),
        ("Priority 1: Noise\nIssue\nLoud music.\n", ["Loud music."]),
        ("Issue\nDate: 3 May 2024\nDate: 4 May 2024\nNoise\n", ["Date: 4 May 2024\nNoise"]),
    ],
)
def test_a_heading_with_nothing_under_it_is_no_priority(page: str, issues: list[str]) -> None:
    ward_file = read_ward_page(page, ward="E05000001")

    assert [priority.issue for priority in ward_file.priorities] == issues
    assert in_one_line(export_page(ward_file)) == in_one_line(page)
