from __future__ import annotations

from pathlib import Path

import pytest

from made_patrols import hotspot, plan, planned, visit
from made_places import CORNER, square, write_geojson
from peelian.cli.app import run
from peelian.core.errors import CoverageError
from peelian.ingest.boundaries import ingest_boundaries
from peelian.ingest.deprivation import ingest_deprivation
from peelian.ingest.population import ingest_population
from peelian.products.fairness import fairness_of_plan, fairness_of_plans
from peelian.products.patrol_plan.plan_file import plan_text
from peelian.store import Store

WEST, EAST = "E01999901", "E01999902"
PROJECT = Path(__file__).resolve().parents[2]


def at(east: float, north: float) -> tuple[float, float]:
    return CORNER[0] + east, CORNER[1] + north


def ward(folder: Path) -> Path:
    properties = {"WD22CD": "E05999901", "WD22NM": "Larkfield"}
    return write_geojson(folder / "wards_2022.geojson", [(properties, square(0, 0, 1_000))])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A ward of a kilometre, an LSOA in its west half and one in its east half."""
    import shapely

    x, y = CORNER
    halves = {
        WEST: shapely.box(x, y, x + 500, y + 1_000),
        EAST: shapely.box(x + 500, y, x + 1_000, y + 1_000),
    }
    lsoas = write_geojson(
        tmp_path / "lsoas_2021.geojson",
        [({"LSOA21CD": code, "LSOA21NM": f"Finch {code[-1]}"}, s) for code, s in halves.items()],
    )
    made = Store.create(tmp_path / "store")
    ingest_boundaries([ward(tmp_path), lsoas], made)
    census = tmp_path / "census2021_lsoa.csv"
    census.write_text(f"LSOA code,All usual residents\n{WEST},2000\n{EAST},1000\n")
    ingest_population([census], made)
    scores = tmp_path / "File_7_IoD2019.csv"
    scores.write_text(
        "LSOA code (2011),Index of Multiple Deprivation (IMD) Score,"
        "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)\n"
        f"{WEST},50,1\n{EAST},10,8\n"
    )
    ingest_deprivation([scores], made)
    return made


def of(hotspots, visits):
    return plan(hotspots, visits, boundary_set="wards_2022")


def test_minutes_go_to_lsoas_by_how_much_of_the_circle_is_in_each(store):
    places = [hotspot("west", centre=at(250, 500)), hotspot("line", centre=at(500, 500))]
    visits = [planned("west", 0), planned("west", 1), planned("line", 2)]

    found = fairness_of_plan(store, of(places, visits), seed=1)

    minutes = {area.code: area.minutes for area in found.planned.areas}
    assert minutes == {WEST: pytest.approx(28 + 7, rel=1e-4), EAST: pytest.approx(7, rel=1e-4)}
    assert [(f.fifth, f.residents) for f in found.planned.fifths if f.areas] == [
        (1, 2_000),
        (4, 1_000),
    ]
    assert found.planned.fifths[0].per_thousand == pytest.approx(17.5, rel=1e-4)
    assert found.outside == pytest.approx(0, abs=1e-9)


def test_two_lsoas_are_too_few_to_say_and_the_table_stands_all_the_same(store):
    found = fairness_of_plan(
        store, of([hotspot("w", centre=at(250, 500))], [planned("w", 0)]), seed=1
    )

    assert found.planned.concentration is None
    assert "2 areas" in found.planned.why_not
    assert (found.boundary_set, found.fifth_of, found.notices) == ("lsoas_2021", "England", ())


def test_a_circle_that_reaches_out_of_all_lsoas_has_minutes_outside(store):
    found = fairness_of_plan(
        store, of([hotspot("e", centre=at(1_000, 500))], [planned("e", 0)]), seed=1
    )

    assert found.outside == pytest.approx(7, rel=1e-4)  # shapes are stored in degrees
    assert found.planned.minutes == pytest.approx(7, rel=1e-4)


def test_delivered_minutes_are_those_at_the_plans_places_in_its_days(store):
    places = [hotspot("west", centre=at(250, 500))]
    log = [
        visit("west", 0, minutes=12.5),
        visit("west", 8),  # after the plan
        visit("", 1),  # background patrol
        visit("elsewhere", 1),
    ]

    found = fairness_of_plan(store, of(places, [planned("west", 0)]), log, seed=1)

    assert found.delivered.minutes == pytest.approx(12.5)


def test_a_visit_that_two_plans_could_claim_is_counted_once(store):
    asked = of([hotspot("west", centre=at(250, 500))], [planned("west", 0)])

    found = fairness_of_plans(store, [asked, asked], [visit("west", 0)], seed=1)

    assert found.planned.minutes == pytest.approx(28)
    assert found.delivered.minutes == pytest.approx(14)


def test_no_log_is_not_a_log_of_nothing(store):
    asked = of([hotspot("west", centre=at(250, 500))], [planned("west", 0)])

    assert fairness_of_plan(store, asked, seed=1).delivered is None
    assert fairness_of_plan(store, asked, [], seed=1).delivered.minutes == 0


def test_a_store_without_lsoas_is_told_what_to_ingest(tmp_path):
    bare = Store.create(tmp_path / "bare")
    ingest_boundaries([ward(tmp_path)], bare)

    with pytest.raises(CoverageError, match="Ingest a boundary file of LSOAs"):
        fairness_of_plan(bare, of([], []), seed=1)


def test_without_indices_of_deprivation_the_view_says_so(tmp_path):
    bare = Store.create(tmp_path / "bare")
    lsoa = write_geojson(
        tmp_path / "lsoas_2021.geojson",
        [({"LSOA21CD": WEST, "LSOA21NM": "Finch"}, square(0, 0, 1_000))],
    )
    ingest_boundaries([ward(tmp_path), lsoa], bare)

    found = fairness_of_plan(
        bare, of([hotspot("w", centre=at(250, 500))], [planned("w", 0)]), seed=1
    )

    assert found.planned.left_out == (WEST,)
    assert "No indices of deprivation are held" in found.notices[0]
    assert "No population table held has" in found.notices[1]


def test_nothing_that_makes_a_plan_reads_deprivation():
    package = PROJECT / "src" / "peelian"
    makers = [
        *(package / "response").glob("*.py"),
        *(package / "products" / "patrol_plan").glob("*.py"),
        *(package / "scanning").glob("*.py"),
        *(package / "analysis").glob("*.py"),
    ]
    reads = {
        path.name
        for path in makers
        if path.name not in ("fairness.py", "document.py")
        and "deprivation" in path.read_text(encoding="utf-8").lower()
    }

    assert len(makers) > 20
    assert reads == set()


def test_the_command_sets_planned_and_delivered_minutes_against_residents(
    store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    made = tmp_path / "plan.json"
    made.write_text(plan_text(of([hotspot("west", centre=at(250, 500))], [planned("west", 0)])))
    log = tmp_path / "log.csv"
    log.write_text(
        "place,start,end,mode\nwest,2026-11-30T15:10,2026-11-30T15:20,foot\n"
        "nowhere,2026-11-30T16:10,2026-11-30T16:20,foot\n"
    )

    code = run(["fairness", str(made), "--log", str(log), "--store", str(tmp_path / "store")])

    said = capsys.readouterr().out.splitlines()
    assert code == 0
    assert said[0].startswith("log.csv: 1 rows refused")
    rows = {line[:20].strip(): line.split()[-5:] for line in said}
    assert rows["Finch 1, fifth 1"] == ["2,000", "14", "7", "10", "5"]
    assert rows["Finch 2, fifth 4"] == ["1,000", "0", "0", "0", "0"]
    assert any(line.startswith("Delivered: ") for line in said)
