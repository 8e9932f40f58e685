"""The back-test of a store: read, printed, kept and used, over the made town."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from peelian.cli.app import run
from peelian.core.crimes import CRIMES_SCHEMA
from peelian.core.errors import CoverageError, InputError, VerificationError
from peelian.core.months import Month, MonthSpan
from peelian.core.wards import Priority, WardFile
from peelian.ingest.ward_file import write_ward_file
from peelian.measures import load_measures
from peelian.products.assembly import assemble_ward_page, rank_one_measure
from peelian.products.back_test import POINT, BackTestReport, back_test_store, read_panel
from peelian.products.kept_expectation import (
    keep_expectation,
    kept_expectation,
    outdated_expectations,
)
from peelian.products.ward_records import WardRecords, read_ward_records
from peelian.scanning.back_test import back_test
from peelian.scanning.ranking import rank_places
from peelian.scanning.series import place_counts
from peelian.store import Store, places
from peelian.store.partitions import PartitionKey, SourceFile

LARKFIELD, FORCE = "E05999901", "made-town"


@pytest.fixture
def own_store(town_store: Store, tmp_path: Path) -> Store:
    """A copy of the town's store, to be written to."""
    shutil.copytree(town_store.path, tmp_path / "store")
    return Store(tmp_path / "store")


def small_store(folder: Path, *, months: int, places_held: int = 30) -> Store:
    """A store with one burglary a month at each of a row of points, and a transport force."""
    store = Store.create(folder)
    with store.writer() as writer:
        for step in range(months):
            month = Month(2016, 1).plus(step)
            for force, count, north in (("made-town", places_held, 51.5), ("btp", 2, 51.5)):
                rows = pl.DataFrame(
                    {
                        "month": [month.first_day] * count,
                        "crime_type": ["burglary"] * count,
                        "location": [f"On or near Street {i}" for i in range(count)],
                        # The transport force's second point lies far from the town.
                        "longitude": [i * 0.01 + (i and force == "btp") for i in range(count)],
                        "latitude": [north] * count,
                    }
                )
                absent = [
                    pl.lit(None, dtype=kind).alias(name)
                    for name, kind in CRIMES_SCHEMA.items()
                    if name not in rows.columns
                ]
                writer.replace(
                    PartitionKey("crimes", "police.uk", force, str(month)),
                    rows.with_columns(absent).select(list(CRIMES_SCHEMA)),
                    sources=[SourceFile(f"{force} {month}", f"{force}{month}", 1)],
                    licence="OGL",
                    facts={"crime_types": ["burglary"]},
                )
    return store


def ward_records(store: Store) -> WardRecords:
    area = places.area(store, LARKFIELD)
    return read_ward_records(
        store, "", area, load_measures(), include_btp=False, source="police.uk"
    )


def test_every_placed_record_of_the_force_is_in_the_panel(town_store: Store) -> None:
    read = read_panel(town_store)

    rows = town_store.crimes(forces=[FORCE]).drop_nulls("easting")
    assert read.force == FORCE
    missing = {m.first_day for months in read.panel.missing.values() for m in months}
    held = rows.filter(~pl.col("month").is_in(sorted(missing)))
    in_held = read.panel.counts[:, :, ~np.isnan(read.panel.counts).any(axis=(0, 1))]
    assert in_held.sum() == len(held)
    assert len(read.points) == rows.select("location", "longitude", "latitude").n_unique()


def test_the_month_that_no_file_holds_is_missing_and_not_zero(town_store: Store) -> None:
    report = back_test_store(town_store, crime_types=["robbery"])

    assert report.missing == {Month(2021, 9): "no file of the force is held"}
    (robbery,) = report.tests
    assert Month(2021, 8) in robbery.passed_over
    assert Month(2021, 8) not in robbery.origins


def test_a_label_names_a_type_as_its_slug_does(tmp_path: Path) -> None:
    store = small_store(tmp_path, months=21)

    report = back_test_store(store, crime_types=["Burglary"])

    assert [each.crime_type for each in report.tests] == ["burglary"]
    assert report.tests[0].records == 2 * 3 * 30  # two origins, three months, thirty places


def test_transport_police_are_counted_if_asked_for_and_near(tmp_path: Path) -> None:
    store = small_store(tmp_path, months=20)

    without, with_them = (read_panel(store, include_btp=each) for each in (False, True))

    assert without.records == 20 * 30
    assert with_them.records == 20 * (30 + 1)


def test_without_their_file_a_month_is_missing_where_transport_police_count(
    tmp_path: Path,
) -> None:
    store = small_store(tmp_path, months=21)
    with store.writer() as writer:
        writer.remove(PartitionKey("crimes", "police.uk", "btp", "2016-05"))

    read = read_panel(store, include_btp=True)

    assert list(read.panel.missing["burglary"]) == [Month(2016, 5)]
    assert read_panel(store).panel.missing["burglary"] == {}


def test_too_few_months_say_so(tmp_path: Path) -> None:
    store = small_store(tmp_path, months=19)

    with pytest.raises(CoverageError, match=r"20 in all, .* has 19 months"):
        back_test_store(store)


def test_a_store_without_crimes_says_so(tmp_path: Path) -> None:
    with pytest.raises(CoverageError, match=r"holds none from police\.uk\. Ingest"):
        back_test_store(Store.create(tmp_path))


def test_an_unknown_type_and_force_are_named_with_those_there_are(town_store: Store) -> None:
    with pytest.raises(InputError, match="'muggings' is none of anti-social-behaviour"):
        back_test_store(town_store, crime_types=["muggings"])
    with pytest.raises(CoverageError, match=r"none of 'kent' is held. The store has made-town"):
        back_test_store(town_store, force="kent")


def test_a_type_that_is_not_held_is_refused(tmp_path: Path) -> None:
    store = small_store(tmp_path, months=20)

    with pytest.raises(CoverageError, match="none of Robbery is held with a location"):
        back_test_store(store, crime_types=["robbery"])


def test_the_command_prints_the_figures_that_it_gives_as_json(
    town_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["back-test", "--store", str(town_store.path), "--type", "robbery"]

    codes = [run(arguments)]
    out = capsys.readouterr().out
    codes.append(run([*arguments, "--json"]))
    figures = json.loads(capsys.readouterr().out)

    robbery = figures["types"]["robbery"]
    shares, gained = robbery["shares"]["0.05"], robbery["gained"]
    first, _, choice, totals = (x.split() for x in out.splitlines() if x.startswith("Robbery"))
    columns = ["decayed", "all_time", "kernel", "richer", "best"]
    stars = {robbery["chosen"]: "*"}
    assert codes == [0, 0]
    assert first[1:] == [
        f"{robbery['records']:,}", *(f"{shares[x]:.3f}{stars.get(x, '')}" for x in columns)
    ]  # fmt: skip
    assert choice[1:4] == [f"{100 * gained[x]:+.1f}" for x in ("estimate", "low", "high")]
    assert totals[1] == f"{robbery['calibration']:.3f}"
    assert f"(by chance {shares['chance']:.3f})" in out
    assert "September 2021 is missing: no file of the force is held." in out
    assert figures["span"] == "2020-01/2025-12"


def test_the_printed_table_fits_a_terminal_of_80_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = small_store(tmp_path, months=21)
    with store.writer() as writer:
        writer.remove(PartitionKey("crimes", "police.uk", "btp", "2016-05"))

    run(["back-test", "--store", str(tmp_path), "--btp"])

    lines = capsys.readouterr().out.splitlines()
    assert any("May 2016 is missing" in line for line in lines)
    assert max(len(line) for line in lines) <= 80


def test_a_type_that_is_named_twice_is_tested_once(tmp_path: Path) -> None:
    store = small_store(tmp_path, months=20)

    report = back_test_store(store, crime_types=["burglary", "Burglary"])

    assert [each.records for each in report.tests] == [3 * 30]


@pytest.mark.parametrize("option", [["--type", "burglary"], ["--horizon", "2"]])
def test_only_what_rankings_can_use_is_kept(
    option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = small_store(tmp_path, months=21)

    code = run(["back-test", "--store", str(tmp_path), "--keep", *option])

    assert code == InputError.exit_code
    assert "every crime type, 3 months ahead" in capsys.readouterr().err
    assert not store.partitions("expected_records")


def test_the_command_tells_a_mistake_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_store(tmp_path / "store", months=5)

    code = run(["back-test", "--store", str(tmp_path / "store")])

    assert code == CoverageError.exit_code
    assert "has 5 months" in capsys.readouterr().err


@pytest.fixture
def kept(own_store: Store) -> Store:
    """The town's store with a kept back-test that chose the richer model for burglary."""
    read = read_panel(own_store)
    # The town's types come independently of each other, so that nothing is to be gained.
    tests = back_test(read.panel, crime_types=["burglary", "robbery"], first_origin=63)
    chosen = [replace(tests[0], chosen="richer"), replace(tests[1], chosen="decayed")]
    report = BackTestReport(
        force=read.force,
        span=read.panel.span,
        horizon_months=3,
        snap_points=len(read.points),
        records=read.records,
        unplaced=read.unplaced,
        includes_btp=False,
        missing={},
        tests=tuple(chosen),
        not_tested={},
        seed=0,
    )
    keep_expectation(own_store, read, report)
    return own_store


def test_what_is_kept_is_expected_at_the_wards_places(kept: Store) -> None:
    ward, burglary = ward_records(kept), load_measures()["burglary"]

    found = kept_expectation(kept, burglary, ward.micro_places, force=FORCE, counts_btp=False)

    assert found is not None
    assert found.found is not None
    assert "is used here" in found.sentence
    rows = kept.table("expected_records")
    inside = {
        (p.location, p.longitude, p.latitude) for m in ward.micro_places for p in m.snap_points
    }
    wanted = sum(row[3] for row in rows.select(*POINT, "expected").iter_rows() if row[:3] in inside)
    assert found.found.expected.sum() == pytest.approx(wanted)
    assert (found.found.low <= found.found.expected).all()
    assert (found.found.expected <= found.found.high + 1).all()


def test_a_ranking_takes_what_is_kept_in_place_of_the_default(kept: Store) -> None:
    ward, burglary = ward_records(kept), load_measures()["burglary"]
    found = kept_expectation(kept, burglary, ward.micro_places, force=FORCE, counts_btp=False)
    assert found is not None
    counts = place_counts(
        ward.inside, burglary, ward.micro_places, span=ward.span, missing=ward.missing(burglary)
    )

    ranked = rank_places(counts, found=found.found)

    assert [each.expected for each in ranked] == sorted(
        (each.expected for each in ranked), reverse=True
    )
    by_place = dict(zip((p.place_id for p in ward.micro_places), found.found.expected, strict=True))
    assert all(each.expected == pytest.approx(by_place[each.place_id]) for each in ranked)


def test_a_ward_is_ranked_by_what_is_kept_and_says_which_ranking_it_is(kept: Store) -> None:
    measures = load_measures()

    burglary = rank_one_measure(kept, LARKFIELD, measures["burglary"])
    robbery = rank_one_measure(kept, LARKFIELD, measures["robbery"])

    ward = ward_records(kept)
    found = kept_expectation(
        kept, measures["burglary"], ward.micro_places, force=FORCE, counts_btp=False
    )
    assert found is not None
    assert found.found is not None
    assert burglary.places[0].expected == pytest.approx(found.found.expected.max())
    assert burglary.method.endswith(found.sentence)
    assert "half after twelve months" not in burglary.method
    assert "half after twelve months" in robbery.method


def test_a_page_names_the_kept_back_test_among_its_sources(kept: Store) -> None:
    page = assemble_ward_page(
        kept,
        WardFile(ward=LARKFIELD, name="Larkfield", operator=""),
        measures=load_measures(),
        snapshot_date="2026-02-01",
        code_version="1",
    )

    assert "expected_records" in {held.table for held in page.sources}


def test_a_back_test_with_transport_police_says_nothing_where_they_are_left_out(
    kept: Store,
) -> None:
    ward, measures = ward_records(kept), load_measures()
    tests = back_test_store(kept, crime_types=["burglary"])
    with_them = read_panel(kept, include_btp=True)
    keep_expectation(kept, with_them, tests)

    found = [
        kept_expectation(
            kept,
            measures["burglary"],
            ward.micro_places,
            force=FORCE,
            counts_btp=False,
            leaves_out_btp=out,
        )
        for out in (False, True)
    ]

    assert found[0] is not None
    assert found[1] is None
    assert not ward.includes_btp


def test_a_page_made_with_a_kept_back_test_is_verified_with_it_alone(
    kept: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, site = tmp_path / f"{LARKFIELD}.toml", tmp_path / "site"
    priority = Priority(id="p1", title="Burglary", issue="Burglary.", measure="burglary")
    write_ward_file(
        WardFile(ward=LARKFIELD, name="Larkfield", operator="", priorities=[priority]), file
    )
    on = ["--store", str(kept.path)]
    made = run(["publish", LARKFIELD, *on, "--ward-file", str(file), "--site", str(site),
                "--date", "2026-02-01"])  # fmt: skip

    with_it = run(["verify", str(site / LARKFIELD), *on])
    with kept.writer() as writer:
        writer.remove(PartitionKey("expected_records", "police.uk", FORCE))
    capsys.readouterr()
    without = run(["verify", str(site / LARKFIELD), *on])

    assert (made, with_it, without) == (0, 0, VerificationError.exit_code)
    assert "Then run `peelian back-test --keep`" in capsys.readouterr().err


def test_where_the_default_was_chosen_only_the_sentence_is_kept(kept: Store) -> None:
    ward, robbery = ward_records(kept), load_measures()["robbery"]

    found = kept_expectation(kept, robbery, ward.micro_places, force=FORCE, counts_btp=False)

    assert found is not None
    assert found.found is None
    assert "this ranking caught" in found.sentence


def test_nothing_kept_is_used_once_other_records_are_held(kept: Store) -> None:
    ward, burglary = ward_records(kept), load_measures()["burglary"]
    newest = MonthSpan.parse("2025-12")
    rows = kept.crimes(months=newest, forces=[FORCE]).select(list(CRIMES_SCHEMA))
    with kept.writer() as writer:
        writer.replace(
            PartitionKey("crimes", "police.uk", FORCE, "2025-12"),
            rows.head(len(rows) - 1),
            sources=[SourceFile("newer", "newer", 1)],
            licence="OGL",
        )

    found = kept_expectation(kept, burglary, ward.micro_places, force=FORCE, counts_btp=False)

    assert found is None


def test_what_was_not_tested_is_not_spoken_for(kept: Store) -> None:
    ward, measures = ward_records(kept), load_measures()

    def asked(measure: str, *, btp: bool = False, horizon: int = 3) -> object:
        return kept_expectation(
            kept,
            measures[measure],
            ward.micro_places,
            force=FORCE,
            counts_btp=btp,
            horizon_months=horizon,
        )

    assert asked("vehicle-crime") is None
    assert asked("public-reported") is None  # many types together
    assert asked("burglary", btp=True) is None
    assert asked("burglary", horizon=6) is None


def test_the_command_keeps_once_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = small_store(tmp_path, months=21)
    arguments = ["back-test", "--store", str(tmp_path), "--keep"]

    codes = [run(arguments), run(arguments)]

    out = " ".join(capsys.readouterr().out.split())
    assert codes == [0, 0]
    assert "(new), until other records are ingested." in out
    assert "(unchanged), until" in out
    assert "keep one made with --btp" in out
    (partition,) = store.partitions("expected_records")
    assert partition.facts["types"]["burglary"]["chosen"] in ("decayed", "richer")


def test_a_kept_outcome_is_outdated_once_another_month_is_held(tmp_path: Path) -> None:
    store = small_store(tmp_path, months=21)
    read = read_panel(store)
    keep_expectation(store, read, back_test_store(store))
    before = outdated_expectations(store)

    small_store(tmp_path, months=22)

    assert before == ()
    assert outdated_expectations(store) == (FORCE,)
