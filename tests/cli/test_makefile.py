"""`make run` asks for what it needs before it makes a town that nobody asked for."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


def made(*variables: str) -> subprocess.CompletedProcess[str]:
    """What make would do, without doing it."""
    return subprocess.run(
        ["make", "--dry-run", "run", *variables],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_without_files_the_made_town_is_shown() -> None:
    assert "peelian demo --to demo" in made().stdout


def test_an_archive_is_ingested_and_its_ward_published() -> None:
    printed = made("ARCHIVE=street.zip", "WARD=E05013669").stdout

    assert "peelian ingest street.zip" in printed
    assert "peelian publish E05013669" in printed


def test_an_archive_without_a_ward_stops_before_it_is_ingested() -> None:
    done = made("ARCHIVE=street.zip")

    assert done.returncode != 0
    assert "ARCHIVE needs WARD" in done.stderr
    assert "peelian ingest" not in done.stdout


@pytest.mark.parametrize("variable", ["WARD=E05013669", "PAGE=page.txt", "BOUNDARIES=w.geojson"])
def test_a_real_file_without_an_archive_does_not_show_the_made_town(variable: str) -> None:
    done = made(variable)

    assert done.returncode != 0
    assert "Real files need ARCHIVE" in done.stderr
    assert "peelian demo" not in done.stdout
