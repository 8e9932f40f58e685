"""What a person named is a file or a folder that can be read whole, or it is said what it is."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from peelian.core.errors import InputError, LayoutError
from peelian.ingest import paths
from peelian.ingest.paths import existing, existing_file, files_within, text_of, unpacked


def test_a_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rows.csv")

    with pytest.raises(InputError, match=r"rows\.csv is a device or a pipe"):
        existing(tmp_path / "rows.csv")


def test_a_folder_is_not_taken_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is a folder\. Name the file in it"):
        existing_file(tmp_path)


def test_a_folder_that_may_not_be_looked_into_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "2018-01").mkdir()
    (tmp_path / "2018-01" / "rows.csv").write_text("")
    real = os.scandir

    def scandir(folder: str) -> Iterator[os.DirEntry[str]]:
        if str(folder).endswith("2018-01"):
            raise PermissionError(13, "Permission denied", str(folder))
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)

    with pytest.raises(InputError, match=r"2018-01 cannot be: Permission denied"):
        list(files_within(tmp_path))


def test_the_mark_that_some_programs_put_first_is_no_part_of_a_text(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(b"\xef\xbb\xbfIssue\r\n")

    assert text_of(tmp_path / "page.txt", what="A page") == "Issue\n"


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4\n%\xe2\xe3\xcf\xd3", "Café".encode("cp1252"), "Issue".encode("utf-16")]
)
def test_a_text_in_another_encoding_is_said_so(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(content)

    with pytest.raises(LayoutError, match=r"A page is plain text in UTF-8; page\.txt is not"):
        text_of(tmp_path / "page.txt", what="A page")


def test_a_member_that_would_fill_the_memory_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.csv", "0" * 1_001)
        archive.writestr("small.csv", "0" * 1_000)
    monkeypatch.setattr(paths, "_MOST_BYTES_UNPACKED", 1_000)

    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert len(unpacked(archive, "small.csv")) == 1_000
        with pytest.raises(LayoutError, match="may unpack to a gigabyte"):
            unpacked(archive, "zeros.csv")
