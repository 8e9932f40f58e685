from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from made_patrols import MONDAY, hotspot, plan, planned, visit
from made_places import CORNER, square, write_geojson
from peelian.cli.app import run
from peelian.core.errors import InputError, MonthOnlyError
from peelian.core.tasking import ConcernHours, RosteredShift, Tasking
from peelian.ingest.boundaries import ingest_boundaries
from peelian.ingest.column_map import parse_column_map
from peelian.ingest.force_extract import ingest_extract
from peelian.products.cover import cover_of_ward
from peelian.products.cover_words import change_in_words, cover_sentences
from peelian.products.patrol_plan.plan_file import plan_text
from peelian.store import Store

WARD = "E05999901"
MAP = b"""
source = "made-extract"
title = "Made Police"
licence = "internal"
force = "metropolitan"
[columns]
published_id = "Ref"
crime_type = "Group"
location = "Where"
[times.from]
column = "When"
format = "%Y-%m-%d %H:%M"
[coordinates]
system = "EPSG:27700"
x = "E"
y = "N"
[crime_types]
"ROBBERY" = "robbery"
"""
LATE = RosteredShift(band="late", start="14:00", end="22:00", units=1)
DAYTIME = RosteredShift(band="early", start="08:00", end="16:00", units=1)
SAID = ConcernHours(
    days=["friday"], start="22:00", end="02:00", share=1.0, said_by="ward panel, 12 March"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A ward with 210 robberies of one month, all of them from 20:00 to 22:59."""
    folder = tmp_path_factory.mktemp("cover")
    properties = {"WD22CD": WARD, "WD22NM": "Larkfield"}
    wards = write_geojson(folder / "wards_2022.geojson", [(properties, square(0, 0, 1_000))])
    made = Store.create(folder / "store")
    ingest_boundaries([wards], made)
    with (folder / "extract.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Ref", "Group", "Where", "When", "E", "N"])
        for number in range(210):
            when = f"2025-06-{1 + number % 28:02d} {20 + number % 3}:{number % 59 + 1:02d}"
            writer.writerow([number, "ROBBERY", "High Street", when, CORNER[0] + 9, CORNER[1] + 9])
    ingest_extract(folder / "extract.csv", parse_column_map(MAP, name="made"), made)
    return made


def found_with(store: Store, tasking: Tasking, **more):
    more = {"measure": "robbery", "source": "made-extract"} | more
    return cover_of_ward(store, WARD, tasking, seed=1, **more)


def test_records_with_times_say_when_concern_is_and_how_sure(store):
    found = found_with(store, Tasking(shifts=[DAYTIME]))

    assert found.concern.records == 210
    # Records of 20:00 to 23:00 are averaged with the hour on either side.
    assert found.concern.shares[:, 19:24].sum() == pytest.approx(1)
    assert found.rostered.fit.estimate == pytest.approx(0)
    sentences = list(cover_sentences(found))
    assert "0 % (allowing for chance" in sentences[0]
    assert "shifts are missing here" in next(s for s in sentences if s.startswith("Late hours"))


def test_a_late_shift_fits_what_a_day_shift_does_not(store):
    day = found_with(store, Tasking(shifts=[DAYTIME]))
    late = found_with(store, Tasking(shifts=[LATE]))

    assert late.rostered.fit.estimate > day.rostered.fit.estimate + 0.2


def test_the_smallest_change_is_said_in_a_sentence_a_sergeant_can_follow(store):
    found = found_with(store, Tasking(shifts=[LATE]), reach=0.38)

    last = list(cover_sentences(found))[-1]
    assert found.change.kind == "start"
    assert "unit A's late shift on " in last
    assert last.startswith("The smallest change that reaches 38 %: begin unit A's late shift on")
    assert "The fit goes from" in last
    assert change_in_words(found.change) in last


def test_words_of_the_panel_stand_in_where_no_record_has_a_time(store):
    found = cover_of_ward(
        store, WARD, Tasking(shifts=[LATE], concern_hours=[SAID]), seed=1, source="made-extract",
        measure="burglary",
    )  # fmt: skip

    assert found.months is None
    assert found.rostered.fit.low is None
    assert found.concern.said_by == ("ward panel, 12 March",)
    assert "What people say is used" in found.notices[0]


def test_records_with_times_come_before_words(store):
    found = found_with(store, Tasking(shifts=[LATE], concern_hours=[SAID]))

    assert found.concern.records == 210
    assert found.concern.said_by == ()


def test_without_times_and_without_words_it_is_unanswered_and_says_what_to_do(town_store):
    with pytest.raises(MonthOnlyError, match="only to the month"):
        cover_of_ward(town_store, WARD, Tasking(shifts=[LATE]), seed=1)


def test_what_police_find_by_looking_is_no_hour_of_concern(store):
    with pytest.raises(InputError, match="follows what police did"):
        found_with(store, Tasking(shifts=[LATE]), measure="drugs")


def test_no_shifts_and_no_such_measure_are_refused(store):
    with pytest.raises(InputError, match="lists none"):
        found_with(store, Tasking())
    with pytest.raises(InputError, match="no measure is called 'theft of time'"):
        found_with(store, Tasking(shifts=[LATE]), measure="theft of time")


def test_planned_and_delivered_hours_stand_beside_the_roster(store):
    asked = plan([hotspot("p")], [planned("p", 0, "20:10"), planned("p", 1, "15:10")])
    log = [
        visit("p", 0, "20:10"),
        visit("p", 1, "20:30"),
        visit("", 1, "21:00", minutes=60),
        visit("p", 9, "20:30"),
    ]

    found = found_with(store, Tasking(shifts=[LATE]), plan=asked, visits=log)

    assert found.planned.hours.sum() == pytest.approx(28 / 60)
    assert found.delivered.hours.sum() == pytest.approx(28 / 60)
    assert found.delivered.fit.estimate > found.planned.fit.estimate
    assert found.background_hours == 1
    assert any("1 visits are of other days" in notice for notice in found.notices)
    assert any("2 of the week's days so far" in notice for notice in found.notices)


def test_a_log_without_a_visit_has_no_delivered_cover_and_says_so(store):
    asked = plan([hotspot("p")], [planned("p", 0)])

    found = found_with(store, Tasking(shifts=[LATE]), plan=asked, visits=[])

    assert found.delivered is None
    assert "no visit at a place" in found.notices[-1]


def test_what_two_logs_tell_of_one_unit_is_delivered_once(store):
    asked = plan([hotspot("p")], [planned("p", 0, "20:10")])
    told = visit("p", 0, "20:10")

    found = found_with(store, Tasking(shifts=[LATE]), plan=asked, visits=[told, told])

    assert found.delivered.hours.sum() == pytest.approx(told.minutes / 60)


def test_days_without_a_log_between_days_with_one_are_told(store):
    asked = plan([hotspot("p")], [planned("p", 0, "20:10")])
    log = [visit("p", 0, "20:10"), visit("p", 3, "20:10"), visit("", -7, "10:00", minutes=60)]

    found = found_with(store, Tasking(shifts=[LATE]), plan=asked, visits=log)

    assert any("Nothing is logged on 2 of the 4 days" in notice for notice in found.notices)
    assert found.background_hours == 0  # an hour of another week


def test_a_log_without_its_plan_is_refused(store):
    with pytest.raises(InputError, match="Give the plan with the log"):
        found_with(store, Tasking(shifts=[LATE]), visits=[])


# The command


@pytest.fixture
def tasking_file(tmp_path: Path) -> Path:
    path = tmp_path / "tasking.toml"
    path.write_text('[[shifts]]\nband = "late"\nstart = "14:00"\nend = "22:00"\nunits = 1\n')
    return path


def cover(store: Store, tasking_file: Path, *more: str) -> int:
    return run([
        "cover", WARD, "--tasking", str(tasking_file), "--store", str(store.path),
        "--measure", "robbery", "--source", "made-extract", *more,
    ])  # fmt: skip


def test_the_command_prints_every_day_and_the_finding_before_it(store, tasking_file, capsys):
    assert cover(store, tasking_file) == 0

    printed = capsys.readouterr().out
    assert printed.index("Most short:") < printed.index("Monday     ")
    for day in ("Monday", "Sunday", "The week"):
        (row,) = [line for line in printed.splitlines() if line.startswith(f"{day}  ")]
        assert len(row.removeprefix(day).split()) == 6
    (week,) = [line for line in printed.splitlines() if line.startswith("The week")]
    shares = [float(each) for each in week.removeprefix("The week").split()]
    assert sum(shares[::2]) == pytest.approx(100, abs=0.2)
    assert shares[1::2] == [12.5, 87.5, 0.0]  # 14:00 to 15:00, 15:00 to 22:00


def test_the_command_as_json_has_the_same_finding(store, tasking_file, tmp_path, capsys):
    asked = tmp_path / "plan.json"
    asked.write_text(plan_text(plan([hotspot("p", "High Street")], [planned("p", 0)])))
    log = tmp_path / "log.csv"
    log.write_text(f"place,start,end,mode\np,{MONDAY}T20:00,{MONDAY}T20:15,foot\n")

    assert cover(store, tasking_file, "--json", "--plan", str(asked), "--log", str(log)) == 0

    told = json.loads(capsys.readouterr().out)
    assert set(told["cover"]) == {"roster", "planned", "done"}
    assert sum(map(sum, told["cover"]["done"]["hours"])) == pytest.approx(0.25, abs=1e-4)
    assert told["finding"][0].startswith("Rostered hours:")


def test_a_log_without_a_plan_has_the_exit_code_of_a_wrong_input(store, tasking_file, capsys):
    assert cover(store, tasking_file, "--log", "log.csv") == InputError.exit_code
    assert "--plan" in capsys.readouterr().err
