"""From a made archive to a page that anyone can check, by the commands that a person types."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from peelian import town as made
from peelian.cli.app import run
from peelian.core.errors import VerificationError

LARKFIELD = "E05999901"


@dataclass(frozen=True)
class Loop:
    """The made town after all commands: where everything is, and what each command printed."""

    town: made.Town
    folder: Path
    printed: dict[str, str]
    publish_arguments: tuple[object, ...]

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def ward(self) -> Path:
        return self.folder / "site" / LARKFIELD

    @cached_property
    def page(self) -> dict[str, Any]:
        page: dict[str, Any] = json.loads((self.ward / "page.json").read_bytes())
        return page


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    folder = tmp_path_factory.mktemp("loop")
    town = made.build_town(1829)
    files = made.write_town(town, folder / "town", zipped=True)
    ward_file, store = folder / f"{LARKFIELD}.toml", ("--store", folder / "store")
    published = (files.archive, files.boundaries.parent, files.network, files.population)
    publish = (LARKFIELD, *store, "--site", folder / "site", "--ward-file", ward_file,
               "--date", "2026-01-15")  # fmt: skip
    printed = {
        "ingest": _run("ingest", *published, *store),
        "import-page": _run(
            "import-page", files.page_text, "--ward", LARKFIELD, "--to", ward_file, *store
        ),
        "publish": _run("publish", *publish),
    }
    return Loop(town, folder, printed, publish)


def _run(command: str, *arguments: object, expect: int = 0) -> str:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([command, *map(str, arguments)])
    assert code == expect, f"peelian {command} ended with {code}: {err.getvalue()}"
    return out.getvalue() + err.getvalue()


def rows_in_the_pilot_ward(town: made.Town) -> int:
    """Counted from the files alone: rows whose snap point is the pilot ward's."""
    pilot = {
        (point.location, f"{point.longitude:.6f}", f"{point.latitude:.6f}")
        for point in town.snap_points
        if point.ward == 0
    }
    return sum(
        row in pilot
        for file in town.archive
        if file.path.endswith("street.csv")
        for row in file.rows.select("Location", "Longitude", "Latitude").iter_rows()
    )


def test_every_row_of_the_archive_is_accounted_for(loop: Loop) -> None:
    faults = loop.town.faults
    kept = loop.town.rows_written - faults.unreadable_rows - faults.duplicate_stops

    assert (
        f"{loop.town.rows_written:,} rows read: {kept:,} kept, {faults.unreadable_rows} refused, "
        f"{faults.duplicate_stops} exact duplicates dropped."
    ) in loop.printed["ingest"]


def test_the_page_counts_the_rows_that_the_files_have_in_the_ward(loop: Loop) -> None:
    # The first of the three rows that cannot be read stands at a snap point of the pilot ward
    # or not, as the seed has it; no more than three can be lost.
    in_files = rows_in_the_pilot_ward(loop.town)

    shown = re.match(r"([\d,]+) records at (\d+) snap points", loop.page["totals"])

    assert shown is not None
    assert 0 <= in_files - int(shown[1].replace(",", "")) <= loop.town.faults.unreadable_rows


def test_claims_get_the_verdicts_that_were_planted(loop: Loop) -> None:
    verdicts = {
        claim["sentence"]: claim["verdict"]
        for priority in loop.page["priorities"]
        for claim in priority["claims"]
    }

    found = {
        words: next(verdict for sentence, verdict in verdicts.items() if words in sentence)
        for words in ("Coopers Field Estate have decreased", "noticeable rise", "patrols across")
    }
    assert found == {
        "Coopers Field Estate have decreased": "supported",
        "noticeable rise": "not_supported",
        "patrols across": "cannot_be_measured",
    }
    assert "supported" not in [v for s, v in verdicts.items() if "drop in the number" in s]


def test_the_planted_emergence_is_among_the_first_places_and_rising(loop: Loop) -> None:
    places = loop.page["priorities"][0]["ranking"]["places"]

    rank, persistence = next(
        (place["rank"], place["persistence"]) for place in places if place["name"] == "Lantern Row"
    )

    assert rank <= 8
    assert persistence in ("new", "intensifying")


def test_the_missing_month_is_shown_as_no_data_and_never_as_zero(loop: Loop) -> None:
    months = {month["month"]: month["count"] for month in loop.page["public_reported"]["months"]}

    count = months[str(loop.town.faults.missing_month)]

    assert (count["state"], count["value"]) == ("missing", None)


def test_promises_without_a_report_have_no_evidence_yet(loop: Loop) -> None:
    statuses = {c["text"]: c["status"] for c in loop.page["commitments"]}

    assert len(statuses) >= 12
    for text in ("Engagement via social media", "Hold a monthly surgery at Larkfield Market"):
        assert statuses[text] == "no_evidence"


def test_the_paragraph_that_could_reveal_a_source_is_not_published(loop: Loop) -> None:
    pages = [path.read_text(encoding="utf-8") for path in loop.ward.rglob("*.html")]

    assert pages
    assert all("who supplies drugs nearby" not in page for page in pages)
    assert loop.page["priorities"][0]["withheld"]


def test_a_published_page_can_be_computed_again(loop: Loop) -> None:
    printed = _run("verify", loop.ward, "--store", loop.store)

    assert "Built again from the store" in printed


def test_a_page_with_one_number_changed_is_found_out(loop: Loop, tmp_path: Path) -> None:
    copy = tmp_path / "changed"
    shutil.copytree(loop.ward, copy)
    for page in copy.rglob("page.json"):
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace(" records at ", " records  at ", 1), encoding="utf-8")

    printed = _run("verify", copy, "--store", loop.store, expect=VerificationError.exit_code)

    assert "page.json" in printed


def test_publishing_the_same_again_makes_no_new_snapshot(loop: Loop) -> None:
    printed = _run("publish", *loop.publish_arguments)

    assert "unchanged" in printed
    assert len(list((loop.ward / "snapshots").iterdir())) == 1


def test_bringing_in_the_same_files_again_changes_nothing(loop: Loop) -> None:
    printed = _run("ingest", loop.folder / "town" / "archive.zip", "--store", loop.store)

    assert f"{len(loop.town.archive)} files: 0 new, 0 replaced" in printed
