"""What the linter warns of and withholds, on the published page and on made sentences.

The made sentences are labelled by hand: each rule has some that break it and some that only
look like it.
"""

from __future__ import annotations

import pytest

from peelian.core.published_text import paragraphs_of
from peelian.core.wards import WardFile
from peelian.ingest.ward_page import read_ward_page
from peelian.publication.linter import paragraphs_withheld, warnings_in, with_warnings

SOURCE = "Officers stopped a man on Mill Lane. He gave information about drug dealing nearby."


def rules(text: str) -> set[str]:
    return {warning.rule for warning in warnings_in(text)}


@pytest.fixture(scope="module")
def page(seed_page: str) -> WardFile:
    return with_warnings(read_ward_page(seed_page, ward="E05013669"))


def test_the_paragraph_that_could_show_a_source_is_flagged_and_withheld(page: WardFile) -> None:
    action = page.priorities[0].action

    flagged = [w.text for w in page.priorities[0].warnings if w.rule == "source_protection"]
    withheld = [w for w in paragraphs_withheld(action) if "source_protection" in w.rules]

    assert len(flagged) == 1
    assert flagged[0].startswith("A notable example occurred recently on Pratt Street")
    assert [w.text for w in withheld] == flagged
    assert paragraphs_of(action)[withheld[0].number] == flagged[0]


def test_one_search_at_a_named_place_with_what_was_found_is_withheld(page: WardFile) -> None:
    withheld = paragraphs_withheld(page.priorities[0].action)

    assert len(withheld) == 2
    assert withheld[1].text.startswith("On the same day, a further satisfactory stop and search")
    assert withheld[1].rules == ("identification",)


def test_no_other_priority_of_the_page_has_words_withheld(page: WardFile) -> None:
    for priority in page.priorities:
        assert paragraphs_withheld(priority.issue) == ()
    assert paragraphs_withheld(page.priorities[1].action) == ()
    assert paragraphs_withheld(page.priorities[2].action) == ()


@pytest.mark.parametrize(
    ("number", "rule", "words"),
    [
        (0, "reassurance_search", "not just to enforce, but also to reassure"),
        (0, "no_number", "Curnock Estate have decreased significantly"),
        (0, "vague_period", "Over the past 6 months"),
        (1, "before_conviction", "arrest of four offenders"),
        (1, "no_number", "drop in the number of robberies"),
        (2, "no_number", "increase in high visibility patrols"),
    ],
)
def test_the_pages_slips_are_found(page: WardFile, number: int, rule: str, words: str) -> None:
    assert any(w.rule == rule and words in w.text for w in page.priorities[number].warnings)


def test_what_stands_for_a_withheld_paragraph_does_not_repeat_it() -> None:
    (withheld,) = paragraphs_withheld(SOURCE)

    assert "Mill Lane" not in withheld.reason
    assert "who gave information" in withheld.reason


def test_a_source_is_protected_where_the_search_stands_a_paragraph_above() -> None:
    text = (
        "A stop and search was carried out on Mill Lane on Tuesday.\n"
        "The subject provided useful intelligence."
    )

    assert [w.number for w in paragraphs_withheld(text)] == [1]


@pytest.mark.parametrize(
    "text",
    [
        "Stop and search across the ward has added to our intelligence picture this year.",
        "We will act on community information.",
        "Every search contributes to our understanding of the area.",
        "Residents gave us information about parking on Mill Lane at the meeting.",
    ],
)
def test_information_that_points_to_nobody_is_no_source(text: str) -> None:
    assert "source_protection" not in rules(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A warrant was executed at 14 Beech Court.", "14 Beech Court"),
        ("Officers went to flat 9.", "flat 9"),
        ("A 15-year-old was spoken to.", "15-year-old"),
        ("A boy aged 14 was found.", "aged 14"),
        ("Mr Davies has been banned from the shop.", "Mr Davies"),
        ("The suspect J.S. was charged.", "suspect J.S."),
        ("The van, AB12 CDE, was seized.", "AB12 CDE"),
        ("Write to jane.miller@mail.example please.", "jane.miller@mail.example"),
        ("Call 07700 900123 for help.", "07700 900123"),
        ("See CAD 4512/12JAN.", "CAD 4512/12JAN"),
        ("Officers stopped a van on Forge Way and recovered two converters.", "stopped a van"),
    ],
)
def test_words_that_point_to_a_person_are_found(text: str, words: str) -> None:
    found = [w.text for w in warnings_in(text) if w.rule == "identification"]

    assert any(words in text for text in found)
    assert len(paragraphs_withheld(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Call 101, or Crimestoppers on 0800 555 111.",
        "Write to harbour.snt@police.example.",
        "We spoke to year 10 and 11 students.",
        "Children aged 10 to 17 took part.",
        "Sgt Reyes visited 31 homes on Mill Lane.",
        "We searched 40 people in the quarter and found 3 knives.",
        "12 High Visibility patrols took place.",
        "Patrols will run from 2024-01 to 2024-06.",
    ],
)
def test_words_that_fit_many_people_are_left_alone(text: str) -> None:
    assert "identification" not in rules(text)


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("Three burglars were arrested.", True),
        ("A prolific thief has been charged.", True),
        ("The offenders were sentenced to two years.", False),
        ("Two people were arrested.", False),
        ("Offenders look for open windows.", False),
    ],
)
def test_guilt_is_not_named_before_a_court_finds_it(text: str, breaks: bool) -> None:
    assert ("before_conviction" in rules(text)) is breaks


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("Searches were carried out to reassure residents.", True),
        ("Patrols were carried out to reassure residents.", False),
        ("Stop and search was used where there were grounds.", False),
    ],
)
def test_reassurance_is_no_ground_of_a_search(text: str, breaks: bool) -> None:
    assert ("reassurance_search" in rules(text)) is breaks


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("Burglary has fallen.", True),
        ("Burglary has fallen over the last 6 months.", True),  # the 6 counts no burglary
        ("Burglary has fallen from 23 to 14.", False),
        ("Burglary is down by a third.", False),
        ("We want burglary to fall.", False),
    ],
)
def test_a_rise_or_fall_needs_its_number(text: str, breaks: bool) -> None:
    assert ("no_number" in rules(text)) is breaks


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("Over the past few months we ran patrols.", True),
        ("Recently we ran patrols.", True),
        ("In the last six months, to 31 March 2024, we ran patrols.", False),
        ("We ran patrols in May 2024.", False),
    ],
)
def test_a_period_needs_its_dates(text: str, breaks: bool) -> None:
    assert ("vague_period" in rules(text)) is breaks


def test_warnings_replace_those_of_an_earlier_reading(page: WardFile) -> None:
    assert with_warnings(page) == page


def test_markup_is_read_as_its_words() -> None:
    assert [w.text for w in paragraphs_withheld("<p>Fine.</p><p>Mr&nbsp;Davies left.</p>")] == [
        "Mr Davies left."
    ]


def test_an_empty_text_has_nothing_to_warn_of() -> None:
    assert warnings_in("") == ()
    assert paragraphs_withheld("") == ()
