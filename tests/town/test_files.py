from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from peelian import town as made
from peelian.town import Town, TownFiles

# data.police.uk/about and the files themselves: one header a kind.
HEADERS = {
    "street": "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,"
    "LSOA name,Crime type,Last outcome category,Context",
    "outcomes": "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,"
    "LSOA name,Outcome type",
    "stop-and-search": "Type,Date,Part of a policing operation,Policing operation,Latitude,"
    "Longitude,Gender,Age range,Self-defined ethnicity,Officer-defined ethnicity,Legislation,"
    "Object of search,Outcome,Outcome linked to object of search,"
    "Removal of more than just outer clothing",
}
NAME = re.compile(r"(\d{4}-\d{2})/\1-(?:made-town|btp)-(street|outcomes|stop-and-search)\.csv")


def digests(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def features_of(path: Path) -> list[dict]:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return json.loads(content)["features"]


def test_the_same_seed_writes_the_same_bytes(town: Town, files: TownFiles, tmp_path: Path) -> None:
    again = made.write_town(made.build_town(town.seed), tmp_path)

    assert digests(again.folder) == digests(files.folder)


def test_the_same_seed_zips_the_same_bytes(town: Town, tmp_path: Path) -> None:
    few = made.Town(**{**vars(town), "archive": town.archive[:5]})

    first = made.write_town(few, tmp_path / "one", zipped=True)
    second = made.write_town(few, tmp_path / "two", zipped=True)

    assert first.archive.read_bytes() == second.archive.read_bytes()


def test_the_zip_holds_what_the_folder_holds(town: Town, files: TownFiles, tmp_path: Path) -> None:
    few = made.Town(**{**vars(town), "archive": town.archive[:9]})

    zipped = made.write_town(few, tmp_path, zipped=True)

    with zipfile.ZipFile(zipped.archive) as archive:
        for name in archive.namelist():
            assert archive.read(name) == (files.archive / name).read_bytes()
        assert len(archive.namelist()) == 9


def test_every_monthly_file_has_the_archives_name_and_header(files: TownFiles) -> None:
    paths = [path for path in files.archive.rglob("*") if path.is_file()]

    for path in paths:
        match = NAME.fullmatch(path.relative_to(files.archive).as_posix())
        assert match, path
        with path.open(encoding="utf-8-sig") as file:
            assert file.readline().rstrip("\n") == HEADERS[match[2]]
    assert len(paths) > 4 * 70


def test_headers_equal_those_of_the_real_archive(real_data: Path) -> None:
    archive = real_data / "police.uk"
    city = next(archive.glob("city-of-london_street*.zip"))
    outcomes = next(archive.glob("outcomes_met-burglary-only*.zip"))

    found = {}
    for path in (city, outcomes):
        with zipfile.ZipFile(path) as opened:
            for name in opened.namelist():
                kind = next((kind for kind in HEADERS if name.endswith(f"{kind}.csv")), None)
                if kind and kind not in found:
                    with opened.open(name) as member:
                        found[kind] = member.readline().decode("utf-8-sig").rstrip("\r\n")

    assert found == HEADERS


def test_only_the_planted_files_start_with_a_byte_order_mark(town: Town, files: TownFiles) -> None:
    marked = [
        path.relative_to(files.archive).as_posix()
        for path in sorted(files.archive.rglob("*.csv"))
        if path.read_bytes().startswith(b"\xef\xbb\xbf")
    ]

    assert tuple(marked) == town.faults.files_with_byte_order_mark


def test_all_rows_of_the_town_are_in_the_files(town: Town, files: TownFiles) -> None:
    lines = sum(path.read_bytes().count(b"\n") - 1 for path in files.archive.rglob("*.csv"))

    assert lines == town.rows_written
    assert 60_000 < lines < 100_000


def test_boundaries_have_the_statistics_offices_columns(files: TownFiles) -> None:
    wards = [feature["properties"] for feature in features_of(files.boundaries)]

    assert [ward["WD22CD"] for ward in wards] == [f"E0599990{n}" for n in range(1, 6)]
    assert wards[0]["WD22NM"] == "Larkfield"
    for year, count in (("11", 20), ("21", 25)):
        path = files.boundaries.with_name(f"made-town_lsoa_20{year}.geojson")
        codes = [feature["properties"][f"LSOA{year}CD"] for feature in features_of(path)]
        assert len(set(codes)) == count


def test_ways_that_meet_share_a_node_at_one_position(files: TownFiles) -> None:
    positions: dict[int, tuple[float, float]] = {}
    met: dict[int, int] = {}
    for way in features_of(files.network / "made-town_highways.geojson.gz"):
        nodes = way["properties"]["node_ids"]
        line = way["geometry"]["coordinates"]
        assert len(nodes) == len(line)
        for node, (longitude, latitude) in zip(nodes, line, strict=True):
            assert positions.setdefault(node, (longitude, latitude)) == (longitude, latitude)
        for node in (nodes[0], nodes[-1]):
            met[node] = met.get(node, 0) + 1

    assert sum(count > 2 for count in met.values()) > 400


def test_streets_have_the_keys_of_the_real_extract(files: TownFiles, real_data: Path) -> None:
    real = {
        key
        for way in features_of(real_data / "network" / "camden_highways_2021-07.geojson.gz")
        for key in way["properties"]
    }

    made_keys = {
        key
        for way in features_of(files.network / "made-town_highways.geojson.gz")
        for key in way["properties"]
    }

    assert made_keys <= real
    assert made_keys >= {"osm_id", "node_ids", "highway", "name", "lit"}


def test_the_population_table_has_the_censuss_header(files: TownFiles, real_data: Path) -> None:
    census = real_data / "population" / "census2021_camden-wards_residents+deprivation.csv"

    with (
        census.open(encoding="utf-8-sig") as real,
        files.population.open(encoding="utf-8-sig") as own,
    ):
        assert next(csv.reader(own)) == next(csv.reader(real))


def test_residents_of_each_ward_stand_in_the_population_table(town: Town, files: TownFiles) -> None:
    with files.population.open(encoding="utf-8-sig") as file:
        residents = [int(row["usual_residents"]) for row in csv.DictReader(file)]

    assert tuple(residents) == town.residents


@pytest.mark.parametrize("part", ["boundaries", "network", "api"])
def test_every_file_says_that_it_is_made(files: TownFiles, part: str) -> None:
    for path in sorted((files.folder / part).iterdir()):
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
        if path.name != "boundary.json":  # the service's answer is points and nothing else
            assert "made" in text.casefold(), path


def test_the_town_lies_in_the_wash_where_nobody_lives(files: TownFiles) -> None:
    ring = np.array(features_of(files.boundaries)[0]["geometry"]["coordinates"][0])

    west, south = ring.min(axis=0)
    east, north = ring.max(axis=0)

    # Between Boston's and Hunstanton's longitudes, north of the coast at King's Lynn.
    assert 0.1 < west < east < 0.45
    assert 52.9 < south < north < 53.05
