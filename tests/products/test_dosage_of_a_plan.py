import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from made_patrol_plan import MONDAY, at, plan, planned, shift, visit
from peelian.cli.app import run
from peelian.core.grid import to_degrees
from peelian.products.dosage import dosage_of_plan, visits_of_trace
from peelian.products.dosage_tables import json_of, tables_of
from peelian.products.patrol_plan.plan_file import plan_text
from walked_traces import seconds_utc

LATE = shift(0)
PLAN = plan(
    [LATE, shift(1)],
    [
        planned("a", LATE, 0, "15:00"),
        planned("b", LATE, 0, "17:00"),
        planned("a", shift(1), 1, "15:00"),
    ],
)
LOG = [
    visit("a", 0, "15:02", 20, unit="A"),
    visit("b", 0, "17:00", 6, unit="A"),
    visit("", 0, "16:00", 30, unit="A"),
]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_report_says_in_words_what_a_reader_must_know():
    report = dosage_of_plan(PLAN, LOG)

    said = " ".join(report.notices)
    assert "Visits shorter than 10 minutes" in said
    assert "doi:10.1080/07418829500096231): 1 of 2." in said
    assert "4 minutes of visits lay beyond 16 minutes" in said
    assert "on 6 of the plan's 7 days; whether 1 planned visit of those days" in said
    assert "Late shifts without a log: 1 of 2." in said


def test_a_shift_of_a_logged_day_that_no_record_tells_of_is_named():
    made = plan([LATE, shift(0, unit="B")], [])

    told = " ".join(dosage_of_plan(made, LOG).notices)
    unnamed = " ".join(dosage_of_plan(made, [visit("a", 0, "15:00")]).notices)

    assert "Of 1 shift on logged days no record tells" in told
    assert "no record tells" not in unnamed


def test_two_units_at_a_place_at_a_time_are_said_to_be_one_presence():
    both = [visit("a", 0, "15:00", 14, unit="A"), visit("a", 0, "15:10", 14, unit="B")]
    in_turn = [both[0], visit("a", 0, "15:14", 14, unit="B")]

    report = dosage_of_plan(PLAN, both)

    assert report.dosage.at_places.useful == 2
    assert "1 useful visit began while another was at the place" in " ".join(report.notices)
    assert "one presence" not in " ".join(dosage_of_plan(PLAN, in_turn).notices)


def test_weeks_with_a_day_without_a_log_are_said_not_to_be_compared():
    before = [visit("a", day, "15:00", unit="A") for day in range(-14, -2)]

    report = dosage_of_plan(PLAN, [*before, *LOG])

    assert "Of 2 weeks some day has no log: they are not compared" in " ".join(report.notices)
    assert "not compared" not in " ".join(dosage_of_plan(PLAN, LOG).notices)


def test_a_trace_without_points_says_so():
    found = visits_of_trace(PLAN, [], np.empty((0, 2)), name="a.gpx")

    assert (found.visits, found.notices) == ((), ("a.gpx: it has no point that can be used.",))


def test_a_report_of_no_visits_has_no_dose_and_claims_none():
    report = dosage_of_plan(PLAN, [])

    assert report.dosage.at_places.visits == 0
    assert report.dosage.planned.not_logged == 3
    assert report.dosage.planned.delivered_share is None


def test_tables_leave_the_cells_of_a_week_without_a_log_empty():
    report = dosage_of_plan(plan([LATE], [], days=14), LOG)

    first, second = (
        row for row in rows(tables_of(report)["place-weeks.csv"]) if row["place_id"] == "a"
    )
    assert (first["visits"], first["minutes"]) == ("1", "20.0")
    assert (second["days_logged"], second["visits"], second["minutes"]) == ("0", "", "")


def test_tables_hold_every_planned_visit_and_every_hour():
    tables = tables_of(dosage_of_plan(PLAN, LOG))

    outcomes = [row["outcome"] for row in rows(tables["planned-visits.csv"])]
    hours = rows(tables["hours.csv"])
    assert outcomes == ["on time", "too short", "not logged"]
    assert len(hours) == 7 * 24
    assert sum(float(row["at_places_minutes"]) for row in hours) == 26
    assert sum(float(row["rostered_minutes"]) for row in hours) == 480


def test_no_file_names_a_unit_of_the_log():
    log = [visit("a", 0, "15:00", unit="QX77"), visit("b", 0, "18:00", unit="QX77")]

    report = dosage_of_plan(PLAN, log)

    assert "QX77" not in json_of(report) + "".join(tables_of(report).values())
    assert json_of(report) == json_of(dosage_of_plan(PLAN, log))


def still_at(centre, day, clock, minutes):
    begins = seconds_utc(at(day, clock))
    times = begins + np.arange(0, minutes * 60, 5.0)
    return times, np.tile(centre, (len(times), 1))


def test_a_trace_gives_visits_and_says_how_it_was_read():
    times, points = still_at(PLAN.hotspots[0].centre, 0, "15:00", 14)
    kept = (times - times[0] < 200) | (times - times[0] > 380)

    found = visits_of_trace(PLAN, times[kept], points[kept], name="a.gpx", mode="foot", unit="A")

    (only,) = found.visits
    assert (only.place_id, only.unit, only.start) == ("a", "A", at(0, "15:00"))
    assert "1 visit and 0 minutes of background" in found.notices[0]
    assert "without points for 3 minutes, in 1 gap of" in found.notices[1]


def test_a_place_that_is_retired_is_not_looked_for():
    from dataclasses import replace

    retired = replace(PLAN.hotspots[0], lifecycle="retired")
    made = replace(PLAN, hotspots=(retired, PLAN.hotspots[1]))
    times, points = still_at(retired.centre, 0, "15:00", 14)

    found = visits_of_trace(made, times, points, name="a.gpx")

    assert [each.place_id for each in found.visits] == [""]


@pytest.fixture
def files(tmp_path: Path):
    """A plan, a log and a trace of it, as a team would have them."""
    (tmp_path / "plan.json").write_text(plan_text(PLAN))
    (tmp_path / "log.csv").write_text(
        "place,start,end,mode,unit,officer\n"
        "Plender Street,2026-11-30T15:02,2026-11-30T15:20,foot,A,Jo Bloggs\n"
        "Plender Street,2026-11-30T15:02,2026-11-30T15:20,foot,PC 441,Jo Bloggs\n"
    )
    times, points = still_at(PLAN.hotspots[1].centre, 0, "17:01", 15)
    longitude, latitude = to_degrees(*points.T)
    (tmp_path / "points.csv").write_text(
        "time,latitude,longitude\n"
        + "".join(
            f"{np.datetime64(int(t), 's')}Z,{lat},{lon}\n"
            for t, lat, lon in zip(times, latitude, longitude, strict=True)
        )
    )
    return tmp_path


def test_the_command_prints_a_table_and_writes_it(files, capsys, monkeypatch):
    monkeypatch.chdir(files)

    code = run(["dosage", "plan.json", "log.csv", "points.csv", "--to", "out"])

    printed = capsys.readouterr().out
    written = json.loads((files / "out" / "dosage.json").read_text())
    assert code == 0
    assert written["dosage"]["planned"]["on_time"] == 2
    assert "columns about people were left out unread: officer" in printed
    assert "line 3: unit looks like an officer's number" in printed
    assert "Bloggs" not in printed
    assert "Delivered: 100% of visits planned on logged days." in printed
    assert sorted(each.name for each in (files / "out").iterdir()) == [
        "bands.csv", "dosage.json", "gaps.csv", "hours.csv", "place-weeks.csv",
        "planned-visits.csv", "weeks.csv",
    ]  # fmt: skip


def test_no_position_is_written(files, capsys, monkeypatch):
    monkeypatch.chdir(files)
    longitude = (files / "points.csv").read_text().splitlines()[1].split(",")[2][:7]

    run(["dosage", "plan.json", "points.csv", "--to", "out"])

    written = "".join(each.read_text() for each in (files / "out").iterdir())
    assert longitude not in written + capsys.readouterr().out
    assert f"{PLAN.hotspots[1].centre[0]:.0f}" not in written


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.json", "log.csv"], "there is none at"),
        (["plan.json", "nowhere.csv"], "does not"),
        (["plan.json", "log.csv", "--complete", "monday"], "YYYY-MM-DD"),
        (["plan.json", "log.csv", "--mode", "horse"], "foot, cycle or vehicle"),
    ],
)
def test_the_command_says_what_is_wrong(files, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(files)

    code = run(["dosage", *arguments])

    assert code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--unit", "PC Jo Bloggs"], "--unit is none: unit looks like a person's name"),
        (["--complete", "2026-12-06..2026-11-30"], "from the first to the last"),
        (["--complete", "0001-01-01..9999-12-31"], "1000 at most"),
        (["--public", "shown", "--to", "shown"], "nothing of the team's in it"),
        (["--public", "shown", "--to", "shown/desk"], "nothing of the team's in it"),
        (["--public", "."], "has or would have plan.json"),
    ],
)
def test_what_would_tell_of_people_or_of_no_days_is_refused(
    files, capsys, monkeypatch, options, words
):
    monkeypatch.chdir(files)

    code = run(["dosage", "plan.json", "log.csv", *options])

    assert code == 2
    said = capsys.readouterr().err
    assert words in said
    assert "Bloggs" not in said
    assert not (files / "shown").exists()


def test_days_said_to_be_complete_are_logged(files, capsys, monkeypatch):
    monkeypatch.chdir(files)

    run(["dosage", "plan.json", "log.csv", "--complete", f"{MONDAY}..2026-12-06"])

    assert "7 of 7 days logged" in capsys.readouterr().out


def test_the_command_writes_residents_version_apart(files, capsys, monkeypatch):
    monkeypatch.chdir(files)

    code = run(["dosage", "plan.json", "log.csv", "--public", "shown", "--date", "2026-12-08"])

    page = (files / "shown" / "index.html").read_text(encoding="utf-8")
    assert code == 0
    assert "For residents: shown/index.html." in capsys.readouterr().out
    assert "15:0" not in page
    assert not (files / "shown" / "dosage.json").exists()
