from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from peelian.core.errors import InputError
from peelian.ingest.sorting import sort_paths

BOUNDARY = [{"latitude": "51.5", "longitude": "-0.1"}, {"latitude": "51.6", "longitude": "-0.1"}]
HIGHWAYS = {"type": "FeatureCollection", "features": [{"properties": {"osm_id": 1}}]}
WARDS = {"type": "FeatureCollection", "features": [{"properties": {"WD22CD": "E05999901"}}]}


def written(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    data = content if isinstance(content, str) else json.dumps(content)
    path.write_bytes(gzip.compress(data.encode()) if name.endswith(".gz") else data.encode())
    return path


def zipped(folder: Path, name: str, *members: str) -> Path:
    with zipfile.ZipFile(folder / name, "w") as archive:
        for member in members:
            archive.writestr(member, "")
    return folder / name


@pytest.mark.parametrize(
    ("name", "content", "reader"),
    [
        ("2024-01-metropolitan-street.csv", "Crime ID,Month\n", "archive"),
        ("map.osm.pbf", "", "streets"),
        ("highways.geojson.gz", HIGHWAYS, "streets"),
        ("highways.geojson", HIGHWAYS, "streets"),
        ("wards.geojson", WARDS, "boundaries"),
        ("wards.gpkg", "", "boundaries"),
        ("boundary.json", BOUNDARY, "boundaries"),
        ("crimes-street_all-crime_E05000143_2017-11.json", [{"category": "drugs"}], "api"),
        ("residents.csv", "ward_code,usual_residents\n", "population"),
        ("estimates.csv.gz", "Code,Borough,Ward_Name,Year,Population\n", "population"),
        ("of-its-own.csv", "a,b\n", "none"),
        ("table.xlsx", "", "none"),
        ("notes.txt", "", "none"),
        ("broken.zip", "not a zip", "none"),
    ],
)
def test_a_file_is_known_by_what_is_in_it(
    name: str, content: object, reader: str, tmp_path: Path
) -> None:
    (found,) = sort_paths([written(tmp_path, name, content)])

    assert found.reader == reader
    assert bool(found.why) == (reader == "none")


@pytest.mark.parametrize(
    ("member", "reader"),
    [
        ("2024-01/2024-01-btp-street.csv", "archive"),
        ("copied/2024-01/2024-01-btp-street.csv", "archive"),
        ("2024-01\\2024-01-btp-street.csv", "archive"),
        ("2024-01/2024-01-BTP-STREET.CSV", "archive"),
        ("2024-01/2024-01-devon-and-cornwall-stop-and-search.csv", "archive"),
        ("wards/wards.shp", "boundaries"),
        ("2017-11/crimes-street_all-crime_E05000143_2017-11.json", "api"),
        ("readme.txt", "none"),
    ],
)
def test_a_zip_is_known_by_its_members(member: str, reader: str, tmp_path: Path) -> None:
    (found,) = sort_paths([zipped(tmp_path, "some.zip", member)])

    assert found.reader == reader


def test_a_folder_in_the_archives_layout_is_one_archive(tmp_path: Path) -> None:
    month = tmp_path / "2024-01"
    month.mkdir()
    written(month, "2024-01-metropolitan-street.csv", "Crime ID\n")
    written(tmp_path, "wards.geojson", WARDS)

    found = {(each.path.name, each.reader) for each in sort_paths([tmp_path])}

    assert found == {(tmp_path.name, "archive"), ("wards.geojson", "boundaries")}


def test_hidden_files_of_a_folder_are_left_alone(tmp_path: Path) -> None:
    written(tmp_path, ".DS_Store", "")

    assert sort_paths([tmp_path]) == ()


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no-such\.zip does not"):
        sort_paths([tmp_path / "no-such.zip"])


@pytest.mark.parametrize("name", ["streets.geojson.gz", "residents.csv.gz"])
@pytest.mark.parametrize("kept", [0, 5, 20])
def test_a_packed_file_that_is_cut_off_is_for_no_reader_and_says_why(
    name: str, kept: int, tmp_path: Path
) -> None:
    path = tmp_path / name
    whole = gzip.compress(b"ward_code,usual_residents\n" * 9)
    path.write_bytes(whole[:kept] if kept else b"not packed at all")

    (found,) = sort_paths([path])

    assert found.reader == "none"
    assert f"a whole packed file; {name} is not" in found.why


def test_a_zip_of_zips_says_that_it_must_be_unpacked(tmp_path: Path) -> None:
    (found,) = sort_paths([zipped(tmp_path, "some.zip", "2024-01.zip")])

    assert (found.reader, found.why[:37]) == ("none", "the zip holds other zips: unpack it, ")


def test_a_zip_with_a_damaged_directory_is_for_no_reader_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "some.zip"
    path.write_bytes(b"PK\x05\x06" + b"\xff" * 18)

    (found,) = sort_paths([path])

    assert found.reader == "none"
    assert "download it again" in found.why
