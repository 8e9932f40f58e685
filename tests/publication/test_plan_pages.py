"""A plan's page and its briefings say the finding first, and for whom they are."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pypdf
import pytest

from peelian.core.patrols import PatrolPlan
from peelian.publication.plan.briefing import WALKED_CARDS
from peelian.publication.plan.disclosed import DisclosedPlan
from peelian.publication.plan.document import briefing_document, plan_document
from peelian.publication.plan.html import briefing_page, plan_page
from peelian.publication.plan.page import cleared_for_team
from peelian.response.options import load_cards
from peelian.response.trial import draw_trial
from publication.plan_sample import (
    MONDAY,
    hotspot,
    lost,
    made_document,
    made_plan,
    visit,
)

NOTICE = "For the team. Small counts are not withheld here: do not publish."


@pytest.fixture(scope="module")
def plan() -> DisclosedPlan:
    return cleared_for_team(made_document())


def empty_plan() -> PatrolPlan:
    return made_plan(visits=(), covered=0.0, next_best=0.0, bound=0.0, asked=(), hotspots=())


def words(page: bytes) -> str:
    text = page.decode().partition("</style>")[2]
    plain = " ".join(re.sub(r"<[^>]+>", " ", text).replace("\u00a0", " ").split())
    return re.sub(r" (?=[.,;:–])", "", plain)


def test_the_finding_says_what_is_covered_what_greed_covers_and_the_most_there_is(
    plan: DisclosedPlan,
) -> None:
    # 0.6 of 1.2 is covered, 0.5 by the next best place, 0.9 at most.
    assert plan.finding == (
        "12 visits over 2 days cover 50.0 % of the records expected at 3 places; going to the next "
        "best place each time would cover 41.6 %, and with these hours and this dose nothing can "
        "cover more than 75.0 %."
    )


def test_visits_that_find_no_room_are_counted_in_the_second_sentence(plan: DisclosedPlan) -> None:
    assert plan.how_sure[0] == "Of the 14 visits asked for, 2 find no room in the hours given."


def test_a_plan_without_a_visit_says_so_and_names_no_share() -> None:
    cleared = cleared_for_team(made_document(empty_plan(), expected=0.0))

    assert cleared.finding.startswith("No visit is planned from Monday 30 November to Tuesday 1")
    assert b"No place is active." in plan_page(cleared)
    assert all(b"No visit is planned" in briefing_page(cleared, b) for b in cleared.briefings)
    assert len(pypdf.PdfReader(io.BytesIO(plan_document(cleared))).pages) >= 1


def test_every_page_and_sheet_says_for_whom_it_is(plan: DisclosedPlan) -> None:
    pages = [plan_page(plan), *(briefing_page(plan, each) for each in plan.briefings)]

    assert all(words(page).count(NOTICE) >= 2 for page in pages)


def test_the_table_holds_planned_against_asked_by_place(plan: DisclosedPlan) -> None:
    assert [(p.name, p.asked, p.planned) for p in plan.hotspots] == [
        ("Granary Street", 8, 8), ("Pratt Street and Camden Place", 4, 4), ("Curnock Estate", 2, 0),
    ]  # fmt: skip


def test_a_known_place_is_there_for_a_persons_reason_until_a_day(plan: DisclosedPlan) -> None:
    known = plan.hotspots[2]

    assert known.why == ("Residents report drug use on the stairs.",)
    assert known.until == "2026-12-31"
    assert known.hours == "by night, 19:00 to 07:00"


def test_a_trial_says_from_which_places_it_keeps_patrol_and_counts_them_apart() -> None:
    trial = draw_trial(
        made_plan().hotspots[:2], kind="parallel", seed=7,
        period_starts=(date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)),
    )  # fmt: skip
    (untreated,) = (p for p, on in zip(trial.places, trial.treated, strict=True) if not on[0])

    cleared = cleared_for_team(made_document(made_plan(trial=trial)))

    assert "expected at 2 places" in cleared.finding
    assert cleared.how_sure[0] == (
        "The trial keeps planned patrol from one more place in all of these days."
    )
    assert [p.place_id for p in cleared.hotspots if "by the trial" in p.hours] == [untreated]
    assert cleared.trial is not None
    assert cleared.trial.periods == ("November 2026", "December 2026")
    assert trial.seal in cleared.trial.says[-1]


def test_a_place_that_is_not_patrolled_is_listed_with_the_reason(plan: DisclosedPlan) -> None:
    assert "Old Yard, retired. Fewer records than 36 for six months." in words(plan_page(plan))


def test_a_briefing_says_where_when_why_what_to_do_and_whom_to_speak_to(
    plan: DisclosedPlan,
) -> None:
    said = words(briefing_page(plan, plan.briefings[0]))

    assert "Unit A, afternoon 15:00–18:00" in said
    assert "15:20–15:32" in said
    assert "Granary Street" in said
    assert "0 Long Street, 300 m; right into 3 Cross Row, 200 m." in said
    assert "120 records in the last twelve months." in said
    assert "Speak to Made Street market." in said
    assert "The ward panel's chair: what residents ask" in said.replace("&#39;", "'")


def test_a_briefing_repeats_promises_that_a_patrol_can_keep_and_asks_for_no_search(
    plan: DisclosedPlan,
) -> None:
    to_do = plan.briefings[0].to_do

    assert "Promised in public: Foot patrols in the gardens." in to_do
    assert not any("earches" in said and "Promised" in said for said in to_do)
    assert to_do[-1].startswith("This sheet asks for no search.")


def test_an_officer_looks_at_lamps_after_dark_alone(plan: DisclosedPlan) -> None:
    lamps = [
        (brief.shift.band, any("lighting" in said for said in brief.to_do))
        for brief in plan.briefings
    ]

    assert set(lamps) == {("afternoon", False), ("evening", True)}


def test_the_cards_that_sheets_take_a_line_from_are_there() -> None:
    assert set(WALKED_CARDS) <= set(load_cards())


def test_a_whole_shift_lost_has_a_sheet_that_says_so() -> None:
    plan = made_plan()
    first = plan.shifts[0]
    left = tuple(v for v in plan.visits if v.shift_id != first.shift_id)
    gone = replace(plan, abstractions=(lost(first, 0, 180),), visits=left)

    brief = cleared_for_team(made_document(gone)).briefings[0]

    assert brief.summary == "The whole shift is lost to other work: no visit is planned."
    assert brief.shift.lost == ("Lost from 15:00 to 18:00: custody",)


@pytest.mark.parametrize("stops", [1, 12, 24])
def test_a_sheet_is_one_page_of_paper_however_many_visits_it_has(stops: int) -> None:
    name = "A place with a name of quite sixty letters, near the old market hall"
    places = tuple(
        hotspot(n, f"{name} {n}", 100.0 * (n % 5), 100.0 * (n % 4),
                why=("Recorded here, month after month, for as long as any record is held. " * 3,))
        for n in range(1, stops + 1)
    )  # fmt: skip
    shift = replace(made_plan().shifts[0], end=made_plan().shifts[0].start + timedelta(hours=9))
    visits = tuple(visit(n, shift, 20 * n, minutes=10) for n in range(1, stops + 1))
    plan = made_plan(hotspots=places, shifts=(shift,), visits=visits, asked=())
    cleared = cleared_for_team(made_document(plan))

    read = pypdf.PdfReader(io.BytesIO(briefing_document(cleared, cleared.briefings[0])))

    assert len(read.pages) == 1
    text = " ".join(read.pages[0].extract_text().split())
    assert f"{stops} {name} {stops}" in text
    assert cleared.briefings[0].to_do[-1][-20:] in text


def test_the_document_has_every_place_day_and_option(plan: DisclosedPlan) -> None:
    read = pypdf.PdfReader(io.BytesIO(plan_document(plan)))
    text = " ".join(" ".join(page.extract_text() for page in read.pages).split())

    assert all(place.name in text for place in plan.hotspots)
    assert all(option.title in text for option in plan.options)
    assert "Tuesday 1 December 2026" in text


def test_the_same_plan_gives_the_same_bytes(plan: DisclosedPlan) -> None:
    again = cleared_for_team(made_document())

    assert plan_page(plan) == plan_page(again)
    assert plan_document(plan) == plan_document(again)
    assert briefing_document(plan, plan.briefings[0]) == briefing_document(
        again, again.briefings[0]
    )


def test_words_from_a_tasking_file_are_text_and_never_markup() -> None:
    place = hotspot(1, "<script>alert(1)</script> #include", 200, 300)
    plan = made_plan(hotspots=(place,), visits=(), asked=())
    cleared = cleared_for_team(made_document(plan))

    assert b"<script>" not in plan_page(cleared)
    assert plan_document(cleared)


def test_a_later_version_says_what_it_changes_and_what_it_replaces() -> None:
    changed = made_plan(version=2, replaces="ab" * 32, change="Hours lost: custody.")

    said = words(plan_page(cleared_for_team(made_document(changed))))

    assert "What this version changes: Hours lost: custody." in said
    assert "2, in place of the plan with the seal abababababab" in said


def test_a_week_lists_each_day_once_with_every_unit(plan: DisclosedPlan) -> None:
    assert plan.days == (MONDAY, MONDAY + timedelta(days=1))
    assert plan.columns == (
        ("afternoon", "A"), ("afternoon", "B"), ("evening", "A"), ("evening", "B"),
    )  # fmt: skip
    assert plan.shift_of(MONDAY, "night", "A") is None
