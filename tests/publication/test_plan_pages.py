"""A plan's page and its briefings say the finding first, and for whom they are."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, datetime, timedelta

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
    LONG_NAME,
    MONDAY,
    busy_document,
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


def test_the_finding_says_how_many_visits_fit_and_how_many_places_are_visited(
    plan: DisclosedPlan,
) -> None:
    assert plan.finding == (
        "12 of the 14 visits asked for are planned in 2 days; 2 of 3 places are visited."
    )


def test_the_score_compares_plans_and_claims_no_share_of_crime(plan: DisclosedPlan) -> None:
    # 0.6 of 1.2 is reached, 0.5 by the next best place, 0.9 at most.
    assert plan.score == (
        "For where it spends its hours this plan scores 50.0 of 100; going to the next best place "
        "each time would score 41.6, and with these hours and this dose no plan can score more "
        "than 75.0. The score compares plans: it does not say what a patrol prevents."
    )
    assert not re.search(r"%|cover|prevents \d", f"{plan.finding} {plan.score}")


def test_how_the_units_hours_are_spent_is_told(plan: DisclosedPlan) -> None:
    # Eight shifts of three hours; twelve visits of twelve minutes. Each of the four rounds that
    # have visits walks 500 m, 400 m, 400 m and 500 m: 7, 6, 6 and 7 minutes at 72 m a minute.
    assert plan.how_sure[0] == (
        "Of 24 hours of units, 2 go to visits and 2 to the ways; 20 are free for what comes up."
    )


def test_old_records_are_said_before_the_finding_and_once() -> None:
    stale = "Old records: they end in March 2018, 104 months before this plan begins."
    notices = (*made_plan().notices, stale)

    cleared = cleared_for_team(made_document(made_plan(notices=notices), stale=stale))

    said = words(plan_page(cleared))
    assert said.index(stale) < said.index(cleared.finding)
    assert said.count(stale) == 1
    assert cleared.notices == made_plan().notices
    text = pypdf.PdfReader(io.BytesIO(plan_document(cleared))).pages[0].extract_text()
    assert " ".join(text.split()).index(stale) < " ".join(text.split()).index("12 of the 14")


def test_places_with_fewer_visits_than_asked_stand_beside_the_table_with_the_reason() -> None:
    short = "Curnock Estate: 0 of 2 visits asked for are planned; no hours are left."
    notices = (*made_plan().notices, short)

    cleared = cleared_for_team(made_document(made_plan(notices=notices)))

    assert cleared.shortfalls == (short,)
    assert short not in cleared.notices
    assert short in words(plan_page(cleared))


def test_a_week_of_four_shifts_a_day_is_a_page_of_less_than_100_kb() -> None:
    week = [MONDAY + timedelta(days=number) for number in range(7)]
    shifts = tuple(
        replace(
            each,
            shift_id=each.shift_id.replace(str(MONDAY), str(day)),
            start=each.start + (day - MONDAY),
            end=each.end + (day - MONDAY),
        )
        for day in week
        for each in made_plan().shifts[:4]
    )
    visits = tuple(visit(1 + n % 2, each, 20 * n, 10) for each in shifts for n in range(1, 8))
    plan = made_plan(last=week[-1], shifts=shifts, visits=visits)

    page = plan_page(cleared_for_team(made_document(plan)))

    assert len(page) < 100_000


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

    assert cleared.finding.endswith("2 of 2 places are visited.")
    assert cleared.how_sure[1] == (
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
    assert "120 records in twelve months." in said
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


def test_whom_to_speak_to_stands_at_the_first_visit_alone(plan: DisclosedPlan) -> None:
    visits = plan.briefings[0].shift.visits

    assert [(leg.rank, leg.speak_to) for leg in visits] == [
        (1, ()), (2, ("Made Street market",)), (1, ()),
    ]  # fmt: skip


def test_a_night_says_where_its_new_day_begins_and_which_hours_are_lost() -> None:
    evening = datetime(2026, 12, 5, 22)
    night = replace(made_plan().shifts[0], start=evening, end=evening + timedelta(hours=5))
    visits = (visit(1, night, 30), visit(2, night, 60), visit(1, night, 240))
    plan = made_plan(
        shifts=(night,), visits=visits, abstractions=(lost(night, 150, 210, "station duty"),)
    )

    cleared = cleared_for_team(made_document(plan))

    shift = cleared.shifts[0]
    assert shift.day_in_words == "Saturday 5 to Sunday 6 December 2026"
    # After two visits the unit is at its base while hours are lost, then goes out again.
    assert [leg.before for leg in shift.legs] == [
        (), (), (),
        ("Sunday 6 December 2026", "Lost from 00:30 to 01:30: station duty"), (),
    ]  # fmt: skip
    assert "Sunday 6 December 2026 Lost from 00:30 to 01:30: station duty 02:00" in words(
        briefing_page(cleared, cleared.briefings[0])
    )


def test_a_shift_that_ends_at_midnight_is_of_one_day() -> None:
    start = datetime(2026, 12, 5, 20)
    late = replace(made_plan().shifts[0], start=start, end=start + timedelta(hours=4))

    cleared = cleared_for_team(made_document(made_plan(shifts=(late,), visits=())))

    assert cleared.shifts[0].day_in_words == "Saturday 5 December 2026"


def test_a_sheet_that_is_lost_gives_away_no_other_shifts_times(plan: DisclosedPlan) -> None:
    said = words(briefing_page(plan, plan.briefings[0]))

    assert "seed" not in said
    assert plan.seal[:12] in said


@pytest.mark.parametrize("stops", [1, 12, 24])
def test_a_sheet_is_one_page_of_paper_however_many_visits_it_has(stops: int) -> None:
    cleared = cleared_for_team(busy_document(stops))

    read = pypdf.PdfReader(io.BytesIO(briefing_document(cleared, cleared.briefings[0])))

    assert len(read.pages) == 1
    text = " ".join(read.pages[0].extract_text().split())
    assert f"{stops} {LONG_NAME} {stops}" in text
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
