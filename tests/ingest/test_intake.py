"""Files of any kind in one call: what was named and not read is told, and ends in an error code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from archive_made import crime, folder_of, street_file

from made_places import square, write_geojson
from peelian.core.errors import InputError, StoreError
from peelian.ingest.intake import take_in
from peelian.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return folder_of(
        tmp_path / "archive", {"2018-01-metropolitan-street.csv": street_file(crime())}
    )


@pytest.mark.parametrize("name", ["notes.txt", "broken.zip", "broken.geojson", "broken.osm.pbf"])
def test_a_file_named_by_itself_that_cannot_be_read_gives_an_error_code(
    name: str, store: Store, archive: Path, tmp_path: Path
) -> None:
    (tmp_path / name).write_text("not what its name says")

    intake = take_in([archive, tmp_path / name], store)

    assert intake.unread == (name,)
    assert intake.exit_code == InputError.exit_code
    assert len(store.partitions("crimes")) == 1


def test_other_files_in_a_folder_are_passed_over_without_an_error_code(
    store: Store, archive: Path
) -> None:
    (archive / "notes.txt").write_text("")

    intake = take_in([archive], store)

    assert [passed.path.name for passed in intake.passed_over] == ["notes.txt"]
    assert (intake.unread, intake.exit_code) == ((), 0)


def test_a_folder_of_which_nothing_can_be_read_gives_an_error_code(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "notes.txt").write_text("")

    intake = take_in([tmp_path / "in"], store)

    assert (intake.unread, intake.exit_code) == (("notes.txt",), InputError.exit_code)


def test_a_folder_without_files_is_an_input_error(store: Store, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(InputError, match="empty holds none"):
        take_in([tmp_path / "empty"], store)


def test_what_was_taken_out_of_the_store_is_missed_in_words_and_comes_back(
    store: Store, archive: Path, tmp_path: Path
) -> None:
    wards = write_geojson(
        tmp_path / "wards_2022.geojson",
        [({"WD22CD": "E05999901", "WD22NM": "Larkfield"}, square(0, 0, 500))],
    )
    take_in([archive, wards], store)
    shutil.rmtree(store.path / "data")

    with pytest.raises(StoreError, match="one was taken away"):
        store.crimes()
    take_in([archive, wards], store)

    assert store.crimes().height == 1
    assert store.table("areas")["code"].to_list() == ["E05999901"]
