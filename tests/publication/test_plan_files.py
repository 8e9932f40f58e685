"""A plan's files: a calendar, tracks, shapes and tables for others; whole or not there."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import icalendar
import pytest

from peelian.core.errors import InputError
from peelian.publication.csvw import table_files
from peelian.publication.plan.calendar import plan_calendar
from peelian.publication.plan.disclosed import DisclosedPlan
from peelian.publication.plan.files import EARLIER, PLAN, plan_files, write_plan
from peelian.publication.plan.page import cleared_for_team
from peelian.publication.plan.shapes import plan_places, plan_routes
from peelian.publication.plan.tracks import plan_tracks
from peelian.publication.plan.visits import visits_table
from publication.plan_sample import lost, made_document, made_plan

GPX = "{http://www.topografix.com/GPX/1/1}"


@pytest.fixture(scope="module")
def plan() -> DisclosedPlan:
    return cleared_for_team(made_document())


def events(plan: DisclosedPlan) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(plan_calendar(plan)).walk("VEVENT"))


def test_the_calendar_has_an_event_a_shift_on_the_clock_of_london(plan: DisclosedPlan) -> None:
    found = events(plan)

    assert len(found) == 8
    assert found[0]["dtstart"].dt.isoformat() == "2026-11-30T15:00:00+00:00"
    assert found[0]["dtstart"].params["TZID"] == "Europe/London"


def test_a_shift_in_summer_is_an_hour_ahead_of_the_sun(plan: DisclosedPlan) -> None:
    first = plan.shifts[0]
    summer = replace(
        first, start=first.start.replace(month=7, day=1), end=first.end.replace(month=7, day=1)
    )

    found = events(replace(plan, shifts=(summer,)))

    assert found[0]["dtstart"].dt.isoformat() == "2026-07-01T15:00:00+01:00"


def test_what_a_locked_screen_shows_names_no_place(plan: DisclosedPlan) -> None:
    titles = {str(event["summary"]) for event in events(plan)}

    assert titles == {
        "Patrol, unit A, afternoon", "Patrol, unit B, afternoon",
        "Patrol, unit A, evening", "Patrol, unit B, evening",
    }  # fmt: skip
    assert "15:20–15:32 1. Granary Street" in str(events(plan)[0]["description"])


def test_a_later_version_keeps_uids_and_raises_the_sequence(plan: DisclosedPlan) -> None:
    later = cleared_for_team(made_document(made_plan(version=2)))

    assert [e["uid"] for e in events(later)] == [e["uid"] for e in events(plan)]
    assert {e["sequence"] for e in events(plan)} == {1}
    assert {e["sequence"] for e in events(later)} == {2}


def test_a_shift_that_is_lost_is_cancelled_in_the_calendar() -> None:
    plan = made_plan()
    left = tuple(v for v in plan.visits if v.shift_id != plan.shifts[0].shift_id)
    gone = replace(plan, abstractions=(lost(plan.shifts[0], 0, 180),), visits=left)

    found = events(cleared_for_team(made_document(gone)))

    assert [str(e["status"]) for e in found] == ["CANCELLED", *["CONFIRMED"] * 7]


def test_the_tracks_have_a_waypoint_a_place_and_a_track_a_shift_that_is_walked(
    plan: DisclosedPlan,
) -> None:
    root = ElementTree.fromstring(plan_tracks(plan))

    assert root.attrib["version"] == "1.1"
    names = [point.findtext(f"{GPX}name") for point in root.iter(f"{GPX}wpt")]
    assert names == ["1. Granary Street", "2. Pratt Street and Camden Place", "3. Curnock Estate"]
    assert len(list(root.iter(f"{GPX}trk"))) == 4
    assert not list(root.iter(f"{GPX}time"))


def test_a_track_is_as_long_as_its_ways(plan: DisclosedPlan) -> None:
    root = ElementTree.fromstring(plan_tracks(plan))
    segments = next(root.iter(f"{GPX}trk")).findall(f"{GPX}trkseg")

    # A degree of latitude is about 111.2 km here, one of longitude 69.2 km (at 51.53 degrees).
    def metres(segment: ElementTree.Element) -> float:
        at = [(float(p.attrib["lat"]), float(p.attrib["lon"])) for p in segment]
        return sum(
            (((b[0] - a[0]) * 111_200) ** 2 + ((b[1] - a[1]) * 69_200) ** 2) ** 0.5
            for a, b in pairwise(at)
        )

    assert [round(metres(s), -1) for s in segments] == [
        round(leg.metres, -1) for leg in plan.shifts[0].legs
    ]


def test_circles_run_anticlockwise_and_close(plan: DisclosedPlan) -> None:
    features = json.loads(plan_places(plan))["features"]
    rings = [feature["geometry"]["coordinates"][0] for feature in features]

    assert [f["properties"]["kind"] for f in features] == ["place", "buffer"] * 3
    assert all(ring[0] == ring[-1] for ring in rings)
    assert all(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) > 0 for ring in rings)


def test_routes_are_lines_in_the_order_in_which_they_are_walked(plan: DisclosedPlan) -> None:
    features = json.loads(plan_routes(plan))["features"]
    first = [f["properties"] for f in features if f["properties"]["shift"].endswith("afternoon A")]

    assert [leg["to"] for leg in first][:4] == [
        "Granary Street", "Pratt Street and Camden Place", "Granary Street",
        "Larkfield police station",
    ]  # fmt: skip
    assert first[3]["ends"] is None


def test_the_table_has_a_row_a_visit_and_says_what_its_columns_are(plan: DisclosedPlan) -> None:
    files = table_files(visits_table(plan), plan)
    rows = list(csv.DictReader(io.StringIO(files["visits.csv"].decode())))
    about = json.loads(files["visits.csv-metadata.json"])

    assert len(rows) == 12
    assert rows[0] == {
        "shift_id": "2026-11-30 afternoon A", "unit": "A", "mode": "on foot",
        "place_id": "place-1", "rank": "1", "place": "Granary Street",
        "start": "2026-11-30T15:20:00", "end": "2026-11-30T15:32:00", "minutes": "12",
        "leave": "2026-11-30T15:13:00", "metres": "500",
    }  # fmt: skip
    assert [c["name"] for c in about["tableSchema"]["columns"]] == list(rows[0])
    assert about["notes"] == []


def test_every_shift_has_its_sheet_as_a_page_and_as_a_document(plan: DisclosedPlan) -> None:
    names = set(plan_files(plan, plan_json=b"{}"))

    assert {"briefing-2026-11-30-evening-b.html", "briefing-2026-11-30-evening-b.pdf"} <= names
    assert sum(name.startswith("briefing-") for name in names) == 16


def test_a_plan_in_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    folder = tmp_path / "plans" / "E05999901"
    write_plan({PLAN: b"1", "briefing-old.pdf": b"old"}, folder)

    write_plan({PLAN: b"2", "plan.html": b"new"}, folder, public={"index.html": b"minutes"})

    assert {p.name for p in folder.iterdir()} == {PLAN, "plan.html", "public", EARLIER}
    assert (folder / PLAN).read_bytes() == b"2"
    assert [p.name for p in (tmp_path / "plans").iterdir()] == ["E05999901"]


def test_every_plan_replaced_is_kept_by_its_seal(tmp_path: Path) -> None:
    folder = tmp_path / "E05999901"
    for plan in (b"1", b"2", b"2", b"3"):
        write_plan({PLAN: plan}, folder)

    # The first figures of the SHA-256 of "1" and of "2", by sha256sum.
    kept = {path.name: path.read_bytes() for path in (folder / EARLIER).iterdir()}
    assert kept == {"6b86b273ff34.json": b"1", "d4735e3a265e.json": b"2"}


def test_a_plan_cut_off_before_it_stands_leaves_the_last_one(tmp_path: Path) -> None:
    folder = tmp_path / "E05999901"
    write_plan({PLAN: b"1"}, folder)
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from peelian.publication.plan import files\n"
        "files.swap_folder = lambda new, place: os.kill(os.getpid(), signal.SIGKILL)\n"
        "files.write_plan({'plan.json': b'2'}, Path(sys.argv[1]))\n"
    )

    ended = subprocess.run([sys.executable, "-c", code, str(folder)], check=False)
    cut_off = (folder / PLAN).read_bytes()
    write_plan({PLAN: b"3"}, folder)

    assert ended.returncode == -signal.SIGKILL
    assert (cut_off, (folder / PLAN).read_bytes()) == (b"1", b"3")
    assert [path.name for path in tmp_path.iterdir()] == ["E05999901"]


def test_two_that_write_at_once_each_write_a_whole_plan(tmp_path: Path) -> None:
    folder = tmp_path / "E05999901"

    def write(number: int) -> None:
        content = str(number).encode()
        write_plan({PLAN: content, **{f"briefing-{n}.html": content for n in range(20)}}, folder)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(24)))

    (content,) = {path.read_bytes() for path in folder.glob("*.*")}
    others = {path.read_bytes() for path in (folder / EARLIER).iterdir()}
    assert others == {str(number).encode() for number in range(24)} - {content}


@pytest.mark.parametrize("with_plan", [False, True])
def test_a_folder_with_files_of_something_else_is_left_alone(
    tmp_path: Path, with_plan: bool
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    if with_plan:
        (tmp_path / PLAN).write_text("{}")

    with pytest.raises(InputError, match=r"a folder of its own.*notes\.txt.*--to"):
        write_plan({PLAN: b"1"}, tmp_path)

    assert (tmp_path / "notes.txt").read_text() == "mine"
