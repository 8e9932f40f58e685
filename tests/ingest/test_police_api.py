"""Saved API answers into the store: what adds up, what replaces, what is left out."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely

from peelian.core.areas import Area, BoundarySet
from peelian.core.crimes import slug_of_label
from peelian.core.errors import InputError, LayoutError, ShrinkingReplacementError
from peelian.core.grid import shape_to_grid, to_grid
from peelian.core.months import Month
from peelian.ingest.police_api import SOURCE, ingest_api_json
from peelian.store import PartitionKey, Store


def crime(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "category": "robbery",
        "location_type": "Force",
        "location": {
            "latitude": "51.530000",
            "street": {"id": 7, "name": "On or near Pratt Street"},
            "longitude": "-0.130000",
        },
        "context": "",
        "outcome_status": None,
        "persistent_id": f"{number:064x}",
        "id": number,
        "location_subtype": "",
        "month": "2018-03",
    } | changes


def save(folder: Path, ward: str, records: list[dict[str, Any]], month: str = "2018-03") -> Path:
    file = folder / f"crimes-street_all-crime_{ward}_{month}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(records), encoding="utf-8")
    return file


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store")


def held(store: Store, force: str = "metropolitan") -> pl.DataFrame:
    return store.crimes(source=SOURCE, forces=[force]).sort("published_id")


def test_a_crime_in_two_wards_answers_is_one_row(store: Store, tmp_path: Path):
    save(tmp_path / "in", "E05000001", [crime(1), crime(2)])
    save(tmp_path / "in", "E05000002", [crime(2), crime(3)])

    report = ingest_api_json([tmp_path / "in"], store, force="metropolitan")

    assert held(store)["published_id"].to_list() == ["1", "2", "3"]
    (partition,) = report.partitions
    assert (partition.counts.read, partition.counts.kept, partition.counts.duplicates) == (4, 3, 1)
    assert partition.extent == ("E05000001", "E05000002")
    assert report.lines() == (
        "police.uk API: 4 records read, 0 refused; 1 partitions now hold 3 rows",
        "crimes, police.uk-api, metropolitan, 2018-03: new, 3 rows, 1 duplicates, 0 refused; "
        "areas: E05000001, E05000002",
    )


def test_a_further_wards_answer_adds_to_the_month(store: Store, tmp_path: Path):
    first = save(tmp_path / "a", "E05000001", [crime(1), crime(2)])
    ingest_api_json([first], store, force="metropolitan")

    second = save(tmp_path / "b", "E05000002", [crime(2), crime(3)])
    report = ingest_api_json([second], store, force="metropolitan")

    assert held(store)["published_id"].to_list() == ["1", "2", "3"]
    assert report.partitions[0].what == "added to"
    (partition,) = store.partitions("crimes", source=SOURCE)
    assert partition.facts["extent"] == ["E05000001", "E05000002"]
    assert {source.name for source in partition.sources} == {first.name, second.name}


def test_the_newer_answer_of_a_crime_wins(store: Store, tmp_path: Path):
    status = {"category": "Local resolution", "date": "2018-05"}
    ingest_api_json([save(tmp_path / "a", "E05000001", [crime(1)])], store, force="metropolitan")

    newer = save(tmp_path / "b", "E05000002", [crime(1, outcome_status=status)])
    ingest_api_json([newer], store, force="metropolitan")

    assert held(store)["last_outcome"].to_list() == ["Local resolution"]


def test_a_newer_answer_for_all_that_is_held_replaces_it(store: Store, tmp_path: Path):
    before = [crime(n) for n in range(20)]
    ingest_api_json([save(tmp_path / "a", "E05000001", before)], store, force="metropolitan")

    newer = save(tmp_path / "b", "E05000001", before[1:])
    report = ingest_api_json([newer], store, force="metropolitan")

    assert report.partitions[0].what == "replaced"
    assert held(store).height == 19


def test_a_newer_answer_may_not_lose_a_crime_type_unless_said(store: Store, tmp_path: Path):
    before = [crime(n) for n in range(20)] + [crime(20, category="drugs")]
    ingest_api_json([save(tmp_path / "a", "E05000001", before)], store, force="metropolitan")
    newer = save(tmp_path / "b", "E05000001", before[:20])

    with pytest.raises(ShrinkingReplacementError, match="Drugs"):
        ingest_api_json([newer], store, force="metropolitan")
    ingest_api_json([newer], store, force="metropolitan", replace=True)

    assert held(store).height == 20


def test_the_same_answers_twice_change_nothing(store: Store, tmp_path: Path):
    save(tmp_path / "in", "E05000001", [crime(1), crime(2, location_type="BTP")])
    ingest_api_json([tmp_path / "in"], store, force="metropolitan")
    before = store.partitions()

    report = ingest_api_json([tmp_path / "in"], store, force="metropolitan")

    assert {partition.what for partition in report.partitions} == {"unchanged"}
    assert store.partitions() == before


def test_answers_and_archive_name_their_licence_alike(store: Store, tmp_path: Path):
    save(tmp_path / "in", "E05000001", [crime(1)])

    ingest_api_json([tmp_path / "in"], store, force="metropolitan")

    assert {p.licence for p in store.partitions()} == {"Open Government Licence v3.0"}


def test_transport_police_cover_every_ward_asked_where_they_published(store: Store, tmp_path: Path):
    save(tmp_path / "in", "E05000001", [crime(1), crime(2, location_type="BTP", persistent_id="")])
    save(tmp_path / "in", "E05000002", [crime(3)])
    save(tmp_path / "in", "E05000001", [crime(4, month="2018-02")], month="2018-02")

    ingest_api_json([tmp_path / "in"], store, force="metropolitan")

    # In 2018-02 no record of theirs came back, which does not say that there was none.
    (partition,) = store.partitions("crimes", force="btp")
    assert partition.key.month == "2018-03"
    assert partition.facts["extent"] == ["E05000001", "E05000002"]
    assert held(store, "btp")["reported_by"].to_list() == ["British Transport Police"]


def test_an_empty_answer_is_not_a_zero(store: Store, tmp_path: Path):
    save(tmp_path / "in", "E05000001", [])

    report = ingest_api_json([tmp_path / "in"], store, force="metropolitan")

    assert store.partitions() == ()
    assert "empty" in report.left_out[0].reason


def test_an_empty_answer_is_a_zero_where_the_force_published(store: Store, tmp_path: Path):
    save(tmp_path / "in", "E05000001", [])

    ingest_api_json(
        [tmp_path / "in"], store, force="metropolitan", published=[("crimes", Month(2018, 3))]
    )

    (partition,) = store.partitions("crimes", source=SOURCE)
    assert (partition.counts.kept, partition.facts["extent"]) == (0, ["E05000001"])


def test_an_empty_answer_beside_others_of_its_month_is_a_zero(store: Store, tmp_path: Path):
    save(tmp_path / "in", "E05000001", [])
    save(tmp_path / "in", "E05000002", [crime(1)])

    ingest_api_json([tmp_path / "in"], store, force="metropolitan")

    (partition,) = store.partitions("crimes", source=SOURCE)
    assert partition.facts["extent"] == ["E05000001", "E05000002"]


def test_an_answer_cut_short_is_kept_in_the_quarantine_and_covers_nothing(
    store: Store, tmp_path: Path
):
    save(tmp_path / "in", "E05000001", [crime(1)])
    cut = save(tmp_path / "in", "E05000002", [crime(2), crime(3)])
    cut.write_bytes(cut.read_bytes()[:-40])

    report = ingest_api_json([tmp_path / "in"], store, force="metropolitan")

    key = PartitionKey("crimes", SOURCE, "metropolitan", "2018-03")
    quarantine = store.quarantine(key)
    assert report.refused == 1
    assert quarantine["file"].to_list() == [cut.name]
    assert quarantine["text"][0] == cut.read_text(encoding="utf-8")
    assert report.partitions[0].extent == ("E05000001",)


def test_an_answer_for_one_crime_type_says_so(store: Store, tmp_path: Path):
    file = tmp_path / "crimes-street_robbery_E05000001_2018-03.json"
    file.write_text(json.dumps([crime(1)]), encoding="utf-8")

    report = ingest_api_json([file], store, force="metropolitan")

    assert report.partitions[0].extent == ("E05000001 (robbery only)",)


def test_a_repeated_crime_id_is_kept_and_marked(store: Store, tmp_path: Path):
    same = "ab" * 32
    records = [crime(1, persistent_id=same), crime(2, persistent_id=same), crime(3)]
    save(tmp_path / "in", "E05000001", records)

    ingest_api_json([tmp_path / "in"], store, force="metropolitan")

    assert held(store)["crime_id_repeats"].to_list() == [False, True, False]


@pytest.mark.parametrize(
    ("latitude", "longitude", "repair"),
    [
        ("0.000000", "0.000000", "coordinates are zero"),
        ("-0.13", "51.53", "coordinates outside the United Kingdom"),
        ("51.53", "", "only one of two coordinates"),
    ],
)
def test_a_position_that_cannot_be_true_is_blanked_and_counted(
    store: Store, tmp_path: Path, latitude: str, longitude: str, repair: str
):
    nowhere = {"latitude": latitude, "longitude": longitude}
    save(tmp_path / "in", "E05000001", [crime(1, location=nowhere), crime(2)])

    ingest_api_json([tmp_path / "in"], store, force="metropolitan")

    assert held(store)["longitude"].to_list() == [None, -0.13]
    (partition,) = store.partitions("crimes", source=SOURCE)
    assert partition.facts["repairs"] == {repair: 1}
    assert partition.facts["blank_coordinates"] == 1


def test_the_force_is_read_from_the_folders_name(store: Store, tmp_path: Path):
    save(tmp_path / "in" / "city-of-london" / "2018-03", "E05000001", [crime(1)])

    ingest_api_json([tmp_path / "in"], store)

    assert held(store, "city-of-london").height == 1


def test_records_of_nobody_said_are_not_guessed(store: Store, tmp_path: Path):
    save(tmp_path / "in", "E05000001", [crime(1)])

    with pytest.raises(InputError, match="Say the force"):
        ingest_api_json([tmp_path / "in"], store)


def test_a_folder_without_answers_is_said_so(store: Store, tmp_path: Path):
    (tmp_path / "in").mkdir()

    with pytest.raises(LayoutError, match="holds none"):
        ingest_api_json([tmp_path / "in"], store)


def test_a_zip_that_is_none_is_said_so(store: Store, tmp_path: Path):
    (tmp_path / "in.zip").write_bytes(b"no zip")

    with pytest.raises(LayoutError, match="Copy it again"):
        ingest_api_json([tmp_path / "in.zip"], store)


def test_exact_duplicates_of_stops_are_dropped_and_counted(store: Store, tmp_path: Path):
    stop = {
        "type": "Person search",
        "datetime": "2018-03-14T20:50:00+00:00",
        "object_of_search": "Controlled drugs",
        "outcome": False,
    }
    other = stop | {"object_of_search": "Stolen goods"}
    file = tmp_path / "stops-street_E05000001_2018-03.json"
    file.write_text(json.dumps([stop, stop, other]), encoding="utf-8")

    report = ingest_api_json([file], store, force="metropolitan")

    (partition,) = report.partitions
    assert (partition.counts.kept, partition.counts.duplicates) == (2, 1)
    assert store.stops(source=SOURCE)["object_of_search"].to_list() == [
        "Controlled drugs",
        "Stolen goods",
    ]


def test_neighbourhood_answers_are_left_out_by_name(store: Store, real_data: Path):
    folder = real_data / "api-fixtures" / "tjcain-ukpolice"

    report = ingest_api_json([folder], store, force="leicestershire")

    reasons = {left.file.split("_")[2]: left.reason for left in report.left_out}
    assert "boundary" in reasons["GetNeighbourhoodBoundary"]
    assert "priorities" in reasons["GetNeighbourhoodPriorities"]
    assert "people" in reasons["GetNeighbourhoodTeam"]
    assert "events" in reasons["GetNeighbourhoodEvents"]
    assert {p.key.table for p in report.partitions} == {"crimes", "stops", "outcomes"}


def test_every_recorded_answer_is_kept_refused_or_left_out_with_a_reason(
    store: Store, real_data: Path
):
    folder = real_data / "api-fixtures"

    report = ingest_api_json([folder], store, force="leicestershire")

    used = {source.name for partition in store.partitions() for source in partition.sources}
    left = {entry.file for entry in report.left_out}
    assert used | left == {f.relative_to(folder).as_posix() for f in folder.rglob("*.json")}
    assert not used & left
    assert len(used) == 9  # 3 crimes (one of them cut from an outcome), 2 stops, 4 outcomes
    assert report.read == sum(p.counts.read for p in report.partitions)


@pytest.fixture(scope="module")
def camden(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store.create(tmp_path_factory.mktemp("camden") / "store")
    (path,) = (real_data / "police.uk").glob("crimes-street_api-json_camden*.zip")
    ingest_api_json([path], store, force="metropolitan")
    return store


def test_the_real_answers_add_up_to_what_the_manifest_counts(camden: Store):
    # MANIFEST.md: 18 wards x 26 months, 101,790 crimes, 4,747 ids also in another ward's file.
    partitions = camden.partitions("crimes", source=SOURCE)

    assert sum(p.counts.read for p in partitions) == 101_790
    assert sum(p.counts.duplicates for p in partitions) == 4_747
    assert sum(p.counts.refused for p in partitions) == 0
    assert camden.crimes(source=SOURCE)["published_id"].n_unique() == 101_790 - 4_747
    assert len({p.key.month for p in partitions}) == 26
    assert {len(p.facts["extent"]) for p in partitions} == {18}
    # The transport police published nothing for 2016-02: missing, not zero.
    assert len({p.key.month for p in partitions if p.key.force == "btp"}) == 25


@pytest.mark.parametrize(
    ("boundaries", "code", "points", "rows"),
    # MANIFEST.md, counted in the archive-layout file of the same months.
    [
        ("camden_wards_2022.geojson", "E05013669", 50, 4_163),
        ("camden_wards_2018.geojson", "E05000143", 64, 7_958),
    ],
)
def test_the_pilot_ward_holds_what_the_manifest_counts(
    camden: Store, real_data: Path, boundaries: str, code: str, points: int, rows: int
):
    ward = _area(real_data, boundaries, code)
    crimes = camden.crimes(source=SOURCE)

    inside = crimes.filter(ward.holds(crimes["easting"], crimes["northing"]))

    assert inside.height == rows
    assert inside.select("longitude", "latitude").n_unique() == points


def test_api_and_archive_count_the_same_at_every_point_both_hold(camden: Store, real_data: Path):
    # The two were fetched apart: the answers by ward, the archive-layout file by borough. The
    # wards asked for reach past the 2018 boundary at 37 points, the file at 2 just inside it.
    at_point = ["month", "force", "crime_type", "longitude", "latitude"]
    archive = _archive_rows(real_data).join(
        camden.crimes(source=SOURCE).select("longitude", "latitude").unique(),
        on=["longitude", "latitude"],
        how="semi",
    )
    inside = _is_in_camden(real_data, archive)

    in_archive = archive.filter(inside).group_by(at_point).len("archive")
    points = archive.filter(inside).select("longitude", "latitude").unique()
    in_api = (
        camden.crimes(source=SOURCE)
        .join(points, on=["longitude", "latitude"], how="semi")
        .group_by(at_point)
        .len("api")
    )

    both = in_archive.join(in_api, on=at_point, how="full", coalesce=True)
    assert both.filter(pl.col("archive").ne_missing(pl.col("api"))).height == 0
    assert both["api"].sum() > 93_000


def _archive_rows(real_data: Path) -> pl.DataFrame:
    (path,) = (real_data / "police.uk").glob("street_camden*.zip")
    with zipfile.ZipFile(path) as archive:
        frames = [
            pl.read_csv(
                archive.read(name), columns=["Month", "Longitude", "Latitude", "Crime type"]
            ).with_columns(force=pl.lit("btp" if "-btp-" in name else "metropolitan"))
            for name in archive.namelist()
        ]
    rows = pl.concat(frames)
    slugs = {label: slug_of_label(label) for label in rows["Crime type"].unique()}
    return rows.select(
        pl.col("Month").str.to_date("%Y-%m").alias("month"),
        "force",
        pl.col("Crime type").replace_strict(slugs).alias("crime_type"),
        pl.col("Longitude").alias("longitude"),
        pl.col("Latitude").alias("latitude"),
    )


def _is_in_camden(real_data: Path, rows: pl.DataFrame) -> Any:
    borough = _area(real_data, "camden_wards_2018.geojson")
    return borough.holds(*to_grid(rows["longitude"].to_numpy(), rows["latitude"].to_numpy()))


def _area(real_data: Path, boundaries: str, code: str | None = None) -> Area:
    """One ward of a boundary file, or all of them as one area."""
    wards = json.loads((real_data / "boundaries" / boundaries).read_text(encoding="utf-8"))
    shapes = [
        shapely.make_valid(shapely.geometry.shape(feature["geometry"]))
        for feature in wards["features"]
        if code is None or code in feature["properties"].values()
    ]
    boundary_set = BoundarySet(boundaries, "ward", None, boundaries, "")
    return Area(code or "", "", boundary_set, shape_to_grid(shapely.union_all(shapes)))


def test_british_transport_police_can_be_left_out_and_are_said_to_be(store: Store, tmp_path: Path):
    file = save(tmp_path, "E05000001", [crime(1), crime(2, location_type="BTP")])

    report = ingest_api_json([file], store, force="metropolitan", btp=False)

    assert [partition.key.force for partition in report.partitions] == ["metropolitan"]
    assert report.lines()[-1] == (
        "left out: in all answers: 1 records of the British Transport Police, left out by choice"
    )
    assert store.partitions(force="btp") == ()
