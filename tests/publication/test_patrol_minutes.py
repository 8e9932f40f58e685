from __future__ import annotations

import calendar
import csv
import io
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from import_walls import forbidden, walls_of_project
from made_patrols import MONDAY, hotspot, plan, planned, visit
from peelian.core.patrols import Trial
from peelian.publication.disclosure import is_small
from peelian.publication.patrol_minutes import (
    disclosed_minutes,
    public_minutes_files,
    write_public_minutes,
)

PROJECT = Path(__file__).resolve().parents[2]
NEXT_WEEK = MONDAY + timedelta(days=9)  # the Wednesday after the plan's week
NAMES = {
    "p": "Pratt Street",
    "c": "Curnock Estate",
    "o": "Ossulston Street",
    "e": "Eversholt Street",
}


def asked(*visits, places="pcoe", days=7):
    spots = [hotspot(p, NAMES[p], centre=(529_911.25, 183_377.75)) for p in places]
    return plan(spots, visits, days=days)


def every_day(place: str, at: str = "15:10", days: int = 7):
    return [planned(place, day, at) for day in range(days)]


def log_of(visits, minutes=13.0):
    return [
        visit(v.place_id, (v.start.date() - MONDAY).days, f"{v.start:%H:%M}", minutes)
        for v in visits
    ]


def rows(minutes, week=0):
    return {
        row.name: (row.planned.text, row.delivered and row.delivered.text)
        for row in minutes.weeks[week].places
    }


# What is shown


def test_a_week_that_is_over_is_shown_by_place_to_the_nearest_five():
    visits = [*every_day("p"), *every_day("c", "16:10")]

    found = disclosed_minutes(asked(*visits), log_of(visits), day=NEXT_WEEK)

    # Seven visits of 14 minutes are 98; of 13 minutes, 91.
    assert rows(found) == {
        "Curnock Estate": ("about 100", "about 90"), "Pratt Street": ("about 100", "about 90"),
    }  # fmt: skip
    week = found.weeks[0]
    assert (week.planned.text, week.delivered.text) == ("about 195", "about 180")
    assert "about 195 minutes of patrol were planned" in found.finding


@pytest.mark.parametrize("later", [-3, 0, 6])
def test_a_week_that_is_not_over_has_the_wards_total_and_no_place(later):
    visits = every_day("p")

    found = disclosed_minutes(asked(*visits), log_of(visits), day=MONDAY + timedelta(days=later))

    (week,) = found.weeks
    assert (week.is_over, week.planned.text) == (False, "about 100")
    assert (week.delivered, week.elsewhere, week.places) == (None, None, ())
    assert found.place_names == tuple(sorted(NAMES.values()))


def test_a_week_to_come_shows_what_is_aimed_for_however_often_it_is_planned_anew():
    first = asked(*every_day("p"))
    anew = replace(first, visits=first.visits[:4], version=2)

    shown = [disclosed_minutes(each, day=MONDAY).weeks for each in (first, anew)]

    assert shown[0] == shown[1]
    assert shown[0][0].planned.text == "about 100"  # seven visits of 14 minutes: 98


def test_the_age_of_the_records_is_told():
    made = replace(asked(*every_day("p")), records_until="2018-03")

    assert disclosed_minutes(made, day=MONDAY).notes[-1] == (
        "The records by which places were chosen end in March 2018."
    )


def test_active_places_are_listed_by_the_alphabet_whether_anybody_goes_there_or_not():
    made = asked(*every_day("p"), places="pco")
    retired = replace(hotspot("e", NAMES["e"]), lifecycle="retired", rank=0)

    found = disclosed_minutes(replace(made, hotspots=(*made.hotspots, retired)), day=MONDAY)

    assert found.place_names == ("Curnock Estate", "Ossulston Street", "Pratt Street")


def test_a_week_of_which_nothing_is_logged_is_not_a_week_of_nothing():
    found = disclosed_minutes(asked(*every_day("p")), None, day=NEXT_WEEK)

    week = found.weeks[0]
    assert week.delivered is None
    assert week.note == "Nothing is logged."
    assert "not logged" in found.finding


def test_a_week_to_come_has_no_places_whatever_day_a_person_writes():
    visits = every_day("p", days=14)

    found = disclosed_minutes(
        asked(*visits, days=14), log_of(visits[:7]), day=MONDAY + timedelta(days=900)
    )

    assert [bool(week.places) for week in found.weeks] == [True, False]


def test_a_log_of_some_days_says_so():
    visits = every_day("p")

    found = disclosed_minutes(asked(*visits), log_of(visits[:5]), day=NEXT_WEEK)

    assert found.weeks[0].note == "Logged in part: 5 of 7 days."


def test_time_out_of_uniform_is_not_counted_and_its_day_is_logged():
    visits = every_day("p")
    log = [replace(each, visible=False) for each in log_of(visits)]

    found = disclosed_minutes(asked(*visits), log, day=NEXT_WEEK)

    assert found.weeks[0].delivered.text == "0"


def test_patrol_elsewhere_in_the_ward_is_told_apart():
    visits = every_day("p")
    rest = [visit("", day, "20:00", 30) for day in range(7)]

    found = disclosed_minutes(asked(*visits), [*log_of(visits), *rest], day=NEXT_WEEK)

    assert found.weeks[0].elsewhere.text == "about 210"


def test_the_weeks_before_the_plan_are_the_baseline():
    visits = every_day("p", days=28)
    before = [visit("p", -1 - day, minutes=6) for day in range(28)]
    log = [*before, *log_of(visits)]

    found = disclosed_minutes(asked(*visits, days=28), log, day=MONDAY + timedelta(days=28))

    assert [week.planned is None for week in found.weeks] == [True] * 4 + [False] * 4
    assert found.weeks[0].delivered.text == "about 40"  # 7 visits of 6 minutes
    assert "about 90 minutes a week since the plan began (four whole weeks)" in found.trend
    assert "about 40 before (four whole weeks). More than before" in found.trend


def test_without_weeks_before_it_says_that_they_cannot_be_compared():
    assert "cannot be compared" in disclosed_minutes(asked(*every_day("p")), day=MONDAY).trend


def test_a_baseline_of_a_few_visits_is_not_told():
    visits = every_day("p", days=14)
    log = [visit("p", -14, minutes=6), visit("p", -1, minutes=6), *log_of(visits)]

    found = disclosed_minutes(asked(*visits, days=14), log, day=MONDAY + timedelta(days=14))

    assert "cannot be compared" in found.trend
    assert {week.delivered.state for week in found.weeks if week.planned is None} == {"suppressed"}


def test_a_plan_without_visits_has_nothing_and_no_place():
    found = disclosed_minutes(asked(), day=NEXT_WEEK)

    assert found.weeks[0].planned.text == "0"
    assert found.weeks[0].places == ()
    page = public_minutes_files(asked(places=""), day=NEXT_WEEK)["index.html"]
    assert b"The plan has no place." in page


@pytest.mark.parametrize("kind", ["parallel", "crossover"])
def test_while_a_trial_goes_on_no_week_of_it_says_which_places_go_without(kind):
    visits = every_day("p", days=14)
    ends = MONDAY + timedelta(days=28)
    trial = Trial(
        kind=kind, places=("p", "c"), blocks=(0, 0), expected=(9, 9),
        period_starts=(MONDAY + timedelta(days=7), MONDAY + timedelta(days=14), ends),
        treated=((True, True), (False, False)), seed=1, seal="",
    )  # fmt: skip
    made = replace(asked(*visits, places="pc", days=14), trial=trial)

    during = disclosed_minutes(made, log_of(visits), day=ends - timedelta(days=7))
    after = disclosed_minutes(made, log_of(visits), day=ends)

    assert rows(during) == {"Pratt Street": ("about 100", "about 90")}  # before the trial
    assert (during.weeks[1].places, during.weeks[1].note) == ((), "Its places are shown later.")
    assert during.place_names == ("Curnock Estate", "Pratt Street")
    assert during.weeks[1].planned.text == "about 100"
    assert rows(after, 1) == {"Pratt Street": ("about 100", "about 90")}


def test_a_mean_of_weeks_is_not_shown_beside_a_week_that_is_held_back():
    visits = every_day("p")
    # Before the plan three visits of 14 minutes at a place, 300 minutes elsewhere: the mean of
    # the one week is 342, and 300 of it are shown.
    before = [visit("p", day) for day in (-7, -4, -1)] + [
        visit("", day, "20:00", 60) for day in range(-6, -1)
    ]

    found = disclosed_minutes(asked(*visits), [*before, *log_of(visits)], day=NEXT_WEEK)

    held = found.weeks[0]
    assert (held.delivered.state, held.elsewhere.text) == ("suppressed", "about 300")
    assert "Some weeks have too few visits to show" in found.trend
    assert not re.search(r"\d", found.trend)


# Few visits


def test_a_place_with_few_visits_stands_with_another_though_that_has_many():
    visits = [*every_day("p"), *every_day("c", "16:10"), planned("o", 0, "17:10")]

    found = disclosed_minutes(asked(*visits), log_of(visits), day=NEXT_WEEK)

    together = found.weeks[0].places[-1]
    assert len(found.weeks[0].places) == 2
    assert together.name == "2 other places together"
    assert "Ossulston Street" in together.names
    assert together.planned.text == "about 110"  # eight visits of 14 minutes: 112


def test_two_with_a_visit_each_take_a_third_with_them():
    visits = [
        *every_day("p"), *every_day("c", "16:10"), planned("o", 0, "17:10"),
        planned("e", 0, "18:10"),
    ]  # fmt: skip

    found = disclosed_minutes(asked(*visits), log_of(visits), day=NEXT_WEEK)

    assert found.weeks[0].places[-1].name == "3 other places together"


def test_few_delivered_visits_hide_a_place_though_many_were_planned():
    visits = [*every_day("p"), *every_day("c", "16:10"), *every_day("o", "17:10")]
    log = log_of([*visits[:14], visits[14]])

    found = disclosed_minutes(asked(*visits), log, day=NEXT_WEEK)

    assert "Ossulston Street" not in rows(found)


def test_a_ward_with_few_visits_shows_no_number_at_all():
    visits = [planned("p", 0), planned("c", 1)]

    found = disclosed_minutes(asked(*visits), log_of(visits), day=NEXT_WEEK)

    week = found.weeks[0]
    assert (week.planned.text, week.delivered.text) == ("too few visits to show",) * 2
    assert (week.planned.value, week.places) == (None, ())
    assert found.finding == "Week of 30 November 2026: planned visits are too few to show."


COUNTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6)


@settings(max_examples=60)
@given(COUNTS)
def test_no_row_tells_of_one_to_four_visits_and_none_can_be_had_by_taking_away(counts):
    spots = [hotspot(f"p{n}", f"Place {n}") for n in range(len(counts))]
    visits, log = [], [visit("", 0, "23:30", 5)]
    for n, (wanted, done) in enumerate(counts):
        visits += [planned(f"p{n}", d % 7, f"{10 + n}:{d // 7}5") for d in range(wanted)]
        log += [visit(f"p{n}", d % 7, f"{10 + n}:{d // 7}5") for d in range(done)]
    of_place = {f"Place {n}": count for n, count in enumerate(counts)}

    (week,) = disclosed_minutes(plan(spots, visits), log, day=NEXT_WEEK).weeks

    told = [name for row in week.places for name in row.names]
    if week.places:
        assert sorted(told) == sorted(name for name, count in of_place.items() if any(count))
    for row in week.places:
        for kind in (0, 1):
            total = sum(of_place[name][kind] for name in row.names)
            shown = (row.planned, row.delivered)[kind]
            assert (shown.state == "suppressed") == is_small(total)
            if len(row.names) == 1:
                assert not is_small(total)
        # A row that is held back is not the only one: or the total would give it away.
    hidden = [
        row for row in week.places if "suppressed" in (row.planned.state, row.delivered.state)
    ]
    if hidden:
        assert week.places == tuple(hidden)


# What is never shown

TIME_OF_DAY = re.compile(r"\b([01]?\d|2[0-3])[:.h][0-5]\d\b|\b\d{1,2} ?(am|pm|o'clock)\b", re.I)
DATE = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
DATE_IN_WORDS = re.compile(
    r"\b(\d{1,2}) (January|February|March|April|May|June|July|August|September|October|November|"
    r"December) (20\d\d)\b"
)
MONTHS = list(calendar.month_name)
WEEKDAY = re.compile(r"\b(Tues|Wednes|Thurs|Fri|Satur|Sun)day", re.I)


@pytest.fixture(scope="module")
def everything() -> dict[str, str]:
    """All files of a plan whose every detail is set, three days before its last week is over."""
    visits = [
        *every_day("p", "15:17", 21), *every_day("c", "16:23", 21), *every_day("o", "17:41", 21),
        planned("e", 3, "21:03"),
    ]  # fmt: skip
    made = asked(*visits, days=21)
    trial = Trial(
        kind="parallel", places=("p", "c"), blocks=(0, 0), expected=(9, 9), period_starts=(MONDAY,),
        treated=((True,), (False,)), seed=90210, seal="5ea1ed",
    )  # fmt: skip
    made = replace(made, trial=trial, notices=("Only for the team: unit A is late.",))
    log = [*log_of(visits), *[visit("p", -1 - day, "19:47", 9, unit="B") for day in range(21)]]
    files = public_minutes_files(
        made, log, day=MONDAY + timedelta(days=17), operator="Made Police", licence="OGL"
    )
    return {name: content.decode() for name, content in files.items()}


def without_style(text: str) -> str:
    return re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", text, flags=re.DOTALL)


def test_no_time_of_day_is_in_any_file(everything):
    for name, text in everything.items():
        assert not TIME_OF_DAY.search(without_style(text)), name


def test_no_date_but_the_monday_of_a_week_is_in_any_file(everything):
    seen = 0
    for name, text in everything.items():
        dates = [date(*map(int, found)) for found in DATE.findall(text)]
        dates += [
            date(int(year), MONTHS.index(month), int(day))
            for day, month, year in DATE_IN_WORDS.findall(text)
        ]
        seen += len(dates)
        assert all(each.weekday() == 0 for each in dates), name
        assert not WEEKDAY.search(text), name
    assert seen > 10


def test_no_unit_shift_route_seed_or_seal_is_in_any_file(everything):
    never = (
        "unit A", "unit B", '"unit"', "late", "shift", "7301", "90210", "5ea1ed", "529911",
        "183377", "529,911", "coordinates", "longitude", "easting", "rank", "plan.json",
        "Only for the team", "place_id", "trial",
    )  # fmt: skip

    for name, text in everything.items():
        page = without_style(text)
        # "each unit counted" is how minutes are added up; "not logged" is no log.
        assert [word for word in never if re.search(rf"\b{re.escape(word)}\b", page)] == [], name


def test_the_table_of_places_has_weeks_that_are_over_alone(everything):
    table = list(csv.DictReader(io.StringIO(everything["minutes-by-place.csv"])))

    assert {row["week"] for row in table} == {"2026-11-30", "2026-12-07"}
    weeks = list(csv.DictReader(io.StringIO(everything["minutes-by-week.csv"])))
    last = weeks[-1]
    assert (last["week"], last["delivered"], last["delivered_state"]) == (
        "2026-12-14",
        "",
        "missing",
    )


def test_the_page_needs_no_script_and_fetches_nothing(everything):
    page = everything["index.html"]

    assert "<script" not in page
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r'(src|href)="https?:', page)


def test_the_json_says_what_the_page_says(everything):
    told = json.loads(everything["minutes.json"])

    assert told["finding"] in everything["index.html"].replace("\N{NO-BREAK SPACE}", " ")
    assert [week["monday"] for week in told["weeks"]][-3:] == [
        "2026-11-30", "2026-12-07", "2026-12-14",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("module", "stands"), [("patrol_minutes_layout", True), ("patrol_minutes", False)]
)
def test_the_layout_sees_what_the_door_gave_and_no_plan(tmp_path: Path, module: str, stands: bool):
    config = tmp_path / ".importlinter"
    config.write_text(
        forbidden(
            [f"peelian.publication.{module}"],
            ["peelian.products", "peelian.response", "peelian.core.patrols"],
        )
    )

    done = walls_of_project(config)

    assert (done.returncode == 0) == stands, done.stdout + done.stderr
    assert "Contracts: " in done.stdout


def test_a_name_that_a_spreadsheet_would_run_is_written_as_words():
    spots = [hotspot("p", "=HYPERLINK(1)"), hotspot("c", "<b>Estate</b>")]
    visits = [*every_day("p"), *every_day("c", "16:10")]

    files = public_minutes_files(plan(spots, visits), log_of(visits), day=NEXT_WEEK)

    assert b",'=HYPERLINK(1)," in files["minutes-by-place.csv"]
    assert b"<b>Estate" not in files["index.html"]


def test_the_folder_is_written_and_the_same_input_writes_the_same_bytes(tmp_path: Path):
    visits = every_day("p")
    made = asked(*visits)

    page = write_public_minutes(made, log_of(visits), to=tmp_path / "public", day=NEXT_WEEK)

    files = public_minutes_files(made, log_of(visits), day=NEXT_WEEK)
    assert page.read_bytes() == files["index.html"]
    assert {path.name: path.read_bytes() for path in page.parent.iterdir()} == files


def test_a_chart_is_drawn_once_a_week_is_over_and_not_before():
    made = asked(*every_day("p"))

    pages = [
        public_minutes_files(made, log_of(every_day("p")), day=day)["index.html"].decode()
        for day in (MONDAY, NEXT_WEEK)
    ]

    assert ["t-minutes" in page for page in pages] == [False, True]
    assert "Of a week to come: what is aimed for." in pages[0]
