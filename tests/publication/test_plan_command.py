"""`peelian plan`: what it writes for the made town, what it refuses, and that a seed settles it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from peelian.cli.app import run
from peelian.cli.plan import next_monday
from peelian.products.patrol_plan.plan_file import read_plan, seal_of
from peelian.store import Store
from publication.profile_town import WARD

pytestmark = pytest.mark.xdist_group("town")

QUICK = (
    "--days", "1", "--units", "1", "--from", "2026-02-02", "--date", "2026-02-01", "--seed", "0",
)  # fmt: skip
FILES = {
    "plan.json", "plan.html", "plan.pdf", "places.geojson", "routes.geojson", "routes.gpx",
    "plan.ics", "visits.csv", "visits.csv-metadata.json", "public",
}  # fmt: skip
TASKING = """
[[shifts]]
band = "late"
start = "15:00"
end = "16:30"
units = 1

[[lost]]
date = "2026-02-03"
band = "late"
unit = "A"
start = "15:30"
end = "16:30"
reason = "custody"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, town_store: Store) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    (folder / "store").symlink_to(town_store.path, target_is_directory=True)
    (folder / "tasking.toml").write_text(TASKING)
    (folder / "without.toml").write_text(TASKING.partition("[[lost]]")[0])
    assert plan(folder, "--to", str(folder / "first")) == 0
    return folder


def content(of: Path) -> dict[str, bytes]:
    return {str(p.relative_to(of)): p.read_bytes() for p in of.rglob("*") if p.is_file()}


def plan(folder: Path, *words: str, ward: str = WARD) -> int:
    store = ("--store", str(folder / "store"), "--ward-files", str(folder))
    return run(["plan", ward, *store, *QUICK, *words])


def test_it_writes_a_folder_a_ward_with_a_sheet_for_each_shift(folder: Path) -> None:
    written = {path.name for path in (folder / "first" / WARD).iterdir()}
    sheets = {name for name in written if name.startswith("briefing-")}

    assert written - sheets == FILES
    assert len(sheets) == 4  # two parts of the day, a page and a document each


def test_the_plan_is_read_back_with_visits_of_the_dose(folder: Path) -> None:
    read = read_plan(folder / "first" / WARD / "plan.json")

    assert read.area_code == WARD
    assert read.visits
    assert all(10 <= visit.minutes <= 16 for visit in read.visits)
    assert read.next_best <= read.covered <= read.bound


def test_the_same_seed_gives_the_same_bytes(folder: Path) -> None:
    first = folder / "first" / WARD

    assert plan(folder, "--to", str(folder / "again")) == 0

    assert content(first) == content(folder / "again" / WARD)


def test_another_seed_moves_times_but_no_places_dose(folder: Path) -> None:
    first = read_plan(folder / "first" / WARD / "plan.json")

    assert plan(folder, "--to", str(folder / "other"), "--seed", "1", "--no-public") == 0

    other = read_plan(folder / "other" / WARD / "plan.json")
    assert [v.start for v in other.visits] != [v.start for v in first.visits]
    assert sorted(v.place_id for v in other.visits) == sorted(v.place_id for v in first.visits)
    assert not (folder / "other" / WARD / "public").exists()


def test_a_trial_is_sealed_in_the_plan_and_its_untreated_places_get_no_visit(
    folder: Path,
) -> None:
    to = ("--to", str(folder / "trial"), "--from", "2026-04-01", "--no-public")

    assert plan(folder, *to, "--trial", "parallel", "--trial-months", "1") == 0

    read = read_plan(folder / "trial" / WARD / "plan.json")
    page = (folder / "trial" / WARD / "plan.html").read_text()
    assert read.trial is not None
    assert [d.isoformat() for d in read.trial.period_starts] == ["2026-04-01", "2026-05-01"]
    untreated = {
        place for place, (on,) in zip(read.trial.places, read.trial.treated, strict=True) if not on
    }
    assert untreated
    assert untreated.isdisjoint(visit.place_id for visit in read.visits)
    assert read.trial.seal in page
    assert "smallest effect" in page or "too few to say" in page


def test_without_a_seed_one_is_drawn_that_nobody_can_guess(folder: Path) -> None:
    unseeded = [word for word in QUICK if word not in ("--seed", "0")]
    short = ("--tasking", str(folder / "without.toml"), "--no-public")
    words = ["plan", WARD, "--store", str(folder / "store"), *unseeded, *short]

    for name in ("one", "two"):
        assert run([*words, "--to", str(folder / name)]) == 0

    one, two = (read_plan(folder / name / WARD / "plan.json") for name in ("one", "two"))
    assert one.seed != two.seed
    assert min(one.seed, two.seed) > 1000


def test_wards_planned_side_by_side_are_the_same_wards_in_the_same_order(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = ("E05999902", "--tasking", str(folder / "without.toml"), "--no-public")
    told = []

    for name, jobs in (("one-by-one", "1"), ("side-by-side", "2")):
        assert plan(folder, *short, "--to", str(folder / name), "--jobs", jobs) == 0
        told.append(capsys.readouterr().out.replace(name, ""))

    assert told[0] == told[1]
    assert told[0].index("Larkfield") < told[0].index("E05999902")
    assert content(folder / "one-by-one") == content(folder / "side-by-side")


def test_more_records_asked_of_a_place_leave_fewer_hot_spots(folder: Path) -> None:
    usual = read_plan(folder / "first" / WARD / "plan.json").hotspots
    third = sorted((each.records for each in usual if each.rank), reverse=True)[2]
    short = ("--tasking", str(folder / "without.toml"), "--no-public")

    asked = ("--least-records", str(third), "--to", str(folder / "few"))
    assert plan(folder, *short, *asked) == 0

    few = [each for each in read_plan(folder / "few" / WARD / "plan.json").hotspots if each.rank]
    assert 0 < len(few) < len([each for each in usual if each.rank])
    assert all(each.records >= third for each in few)


def test_residents_are_shown_no_time_no_street_and_no_seed(folder: Path) -> None:
    public = folder / "first" / WARD / "public"
    shown = b" ".join(path.read_bytes() for path in public.iterdir()).decode()
    read = read_plan(folder / "first" / WARD / "plan.json")

    assert "seed" not in shown
    assert not any(f"{visit.start:%H:%M}" in shown for visit in read.visits)
    assert not any(visit.shift_id in shown for visit in read.visits)


def test_hours_lost_since_make_a_new_version_that_says_what_it_replaces(folder: Path) -> None:
    to = ("--to", str(folder / "lost"), "--days", "2")
    tasking = ("--tasking", str(folder / "tasking.toml"), *to)
    before = ("--tasking", str(folder / "without.toml"), *to)
    assert plan(folder, *before) == 0
    path = folder / "lost" / WARD / "plan.json"
    first = read_plan(path)

    ended = plan(
        folder, *tasking, "--previous", str(path), "--now", "2026-02-03T12:00",
        "--reason", "Custody asked.",
    )  # fmt: skip

    second = read_plan(path)
    assert ended == 0
    assert second.version == 2
    assert second.replaces == seal_of(first)
    assert second.change.startswith("Custody asked.")
    assert [v for v in second.visits if v.start.day == 2] == [
        v for v in first.visits if v.start.day == 2
    ]
    assert b"SEQUENCE:2" in (folder / "lost" / WARD / "plan.ics").read_bytes()


def test_a_plan_made_anew_keeps_what_it_was_made_with(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    previous = ("--previous", str(folder / "first" / WARD / "plan.json"))

    assert plan(folder, *previous, "--days", "2", "--to", str(folder / "anew")) == 2

    assert "it has --days 1, and 2 was asked for" in capsys.readouterr().err
    assert not (folder / "anew").exists()


def test_a_trial_that_goes_on_is_not_ended_by_forgetting_the_plan_before(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = ("--to", str(folder / "goes-on"), "--no-public")
    drawn = ("--from", "2026-04-01", "--trial", "parallel", "--trial-months", "1")
    assert plan(folder, *to, *drawn) == 0
    before = content(folder / "goes-on")

    assert plan(folder, *to, "--from", "2026-04-08") == 2

    assert "until its last day, 2026-04-30" in capsys.readouterr().err
    assert content(folder / "goes-on") == before


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--measure", "mugging"), 2, "no measure is called 'mugging'"),
        (("--measure", "drugs"), 2, "follows where police"),
        (("--harm", "none-such"), 2, "none is called 'none-such'"),
        (("--days", "0"), 2, "1 to 31 days"),
        (("--now", "noon", "--previous", "first/E05999901/plan.json"), 2, "YYYY-MM-DDTHH:MM"),
        (("--tasking", "absent.toml"), 2, "absent.toml is not there"),
        (("--boundary-set", "none"), 5, "'none' is none"),
    ],
)
def test_what_cannot_be_planned_is_refused_and_nothing_is_written(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int, message: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(folder)

    assert plan(folder, *words, "--to", str(tmp_path / "plans")) == code

    assert message in capsys.readouterr().err
    assert not (tmp_path / "plans").exists()


def test_a_tasking_file_of_one_ward_plans_no_other(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.toml").write_text('ward = "E05999902"\n')

    assert plan(folder, "--tasking", str(tmp_path / "t.toml"), "--to", str(tmp_path / "p")) == 2

    assert "is of that ward alone, E05999902" in capsys.readouterr().err


def test_a_published_pages_folder_is_never_written_over(folder: Path, tmp_path: Path) -> None:
    (tmp_path / WARD).mkdir()
    (tmp_path / WARD / "index.html").write_text("published")

    assert plan(folder, "--to", str(tmp_path)) == 2

    assert (tmp_path / WARD / "index.html").read_text() == "published"


@pytest.mark.parametrize(
    ("today", "monday"),
    [("2026-11-25", "2026-11-30"), ("2026-11-30", "2026-12-07"), ("2026-12-06", "2026-12-07")],
)
def test_a_plan_begins_on_the_next_monday(today: str, monday: str) -> None:
    assert next_monday(date.fromisoformat(today)).isoformat() == monday


def test_every_circle_is_of_a_place_of_the_plan(folder: Path) -> None:
    first = folder / "first" / WARD
    names = {h["name"] for h in json.loads((first / "plan.json").read_bytes())["hotspots"]}
    features = json.loads((first / "places.geojson").read_bytes())["features"]

    assert {feature["properties"]["name"] for feature in features} <= names
