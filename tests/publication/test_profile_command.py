"""`peelian profile`: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from peelian.cli.app import run
from peelian.ingest.ward_file import write_ward_file
from publication.profile_town import FILE, WARD, files_of_town, store_of_one_month


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command")
    store_of_one_month(files_of_town(folder / "files"), folder / "store")
    write_ward_file(FILE, folder / "larkfield.toml")
    return folder


def profile(folder: Path, *words: str, ward: str = WARD) -> int:
    return run(
        ["profile", ward, "--store", str(folder / "store"), "--date", "2026-02-01", *words]
    )  # fmt: skip


def test_it_writes_three_files_and_says_what_it_found(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ward_file = str(folder / "larkfield.toml")
    ended = profile(
        folder, "--priority", "2", "--ward-file", ward_file, "--to", str(tmp_path / "p")
    )

    out = capsys.readouterr().out.splitlines()
    assert ended == 0
    assert out[0] == f"Robbery: {tmp_path / 'p' / 'index.html'}"
    assert out[1] == "Recorded robbery cannot be compared with a year ago."
    assert out[2].startswith("For the team.")
    assert {path.name for path in (tmp_path / "p").iterdir()} == {
        "index.html", "profile.json", "profile.pdf",
    }  # fmt: skip


def test_it_replaces_an_earlier_profile_in_the_folder(folder: Path, tmp_path: Path) -> None:
    profile(folder, "--measure", "robbery", "--to", str(tmp_path))
    ended = profile(folder, "--measure", "burglary", "--to", str(tmp_path))

    assert ended == 0
    assert json.loads((tmp_path / "profile.json").read_bytes())["title"] == "Recorded burglary"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ((), 2, "of one priority of a ward file, or of one measure; found neither"),
        (("--priority", "1"), 2, "there is no E05999901.toml here"),
        (("--measure", "mugging"), 2, "no measure is called 'mugging'"),
        (("--measure", "stops"), 4, "Give --measure with what comes near it"),
        (("--measure", "robbery", "--date", "2020-01-01"), 2, "dated after the records"),
        (("--measure", "robbery", "--date", "1 May"), 2, "A date is a day as YYYY-MM-DD"),
        (("--measure", "robbery", "--boundary-set", "moon"), 5, "'moon' is none"),
    ],
)
def test_a_mistake_is_answered_in_plain_words(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    ended = profile(folder, *words, "--to", str(tmp_path / "p"))

    assert ended == code
    assert message in capsys.readouterr().err
    assert not (tmp_path / "p").exists()


def test_another_wards_file_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ward_file = str(folder / "larkfield.toml")
    ended = profile(
        folder, "--priority", "1", "--ward-file", ward_file, "--to", str(tmp_path / "p"),
        ward="E05999902",
    )  # fmt: skip

    assert ended == 2
    assert "larkfield.toml is of E05999901, and E05999902 was asked for" in capsys.readouterr().err
