"""What the gate says once the records of a ward are asked: the made town's.

What is expected is what the claim check of a ward's page says: the same months, the same words.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from peelian.cli.app import run
from peelian.core.errors import InputError
from peelian.core.wards import Commitment, Priority, WardFile
from peelian.ingest.ward_file import write_ward_file
from peelian.publication.gate import pass_through_gate
from peelian.publication.gate_records import priority_of, with_records
from peelian.store import Store

WARD = "E05999901"
FILE = WardFile(
    ward=WARD,
    name="Larkfield",
    operator="Made Town Police",
    priorities=[
        Priority(
            id="p1",
            title="Robbery",
            issue="We will run foot patrols.",
            measure="robbery",
            commitments=[
                Commitment(
                    id="p1-c1",
                    text="Run foot patrols",
                    sentence="We will run foot patrols.",
                    said_in="issue",
                )
            ],
        )
    ],
)
DAY = "2026-02-01"
DRAFT = (
    "Over the past 12 months, robbery has doubled.\n"
    "Over the past 12 months, robbery has fallen, due to our work.\n"
    "There has been an increase in patrols."
)


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("draft") / "action.txt"
    path.write_text(DRAFT, encoding="utf-8")
    return path


def test_a_claim_is_answered_with_what_was_recorded(town_store: Store) -> None:
    report = with_records(pass_through_gate(DRAFT), town_store, FILE, snapshot_date=DAY)

    rise, fall, patrols = report.of("direction")
    assert rise.proposed.startswith("Recorded robbery, Larkfield")
    assert fall.proposed == rise.proposed
    assert patrols.severity == "warns"
    assert patrols.to_do.startswith("No open record counts patrols")
    assert patrols.to_do.count("No open record") == 1
    assert not (rise.severity == fall.severity == "asks")


def test_what_the_records_support_passes_the_gate_itself(town_store: Store) -> None:
    report = with_records(pass_through_gate(DRAFT), town_store, FILE, snapshot_date=DAY)

    proposed = {finding.proposed for finding in report.findings if finding.proposed}
    assert len(proposed) == 1
    assert pass_through_gate(proposed.pop()).findings == ()


def test_a_word_of_cause_stays_blocked_beside_the_sentence_that_may_stand(
    town_store: Store,
) -> None:
    report = with_records(pass_through_gate(DRAFT), town_store, FILE, snapshot_date=DAY)

    (cause,) = report.of("cause")
    assert cause.severity == "blocks"
    assert cause.proposed.startswith("Recorded robbery, Larkfield")


def test_a_text_without_claims_is_the_same_after_the_records_are_asked(town_store: Store) -> None:
    report = pass_through_gate("The hall was cold.")

    assert with_records(report, town_store, FILE, priority="1", snapshot_date=DAY) == report


def test_a_priority_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(InputError, match=r"found '7', and the file has 1\."):
        priority_of(FILE, "7")


def test_the_command_ends_with_two_where_something_blocks(
    draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = run(["lint", str(draft)])

    out = capsys.readouterr().out
    assert ended == 2
    assert "BLOCKS cause: “due to”" in out
    assert out.rstrip().endswith("ask.")


def test_the_command_ends_with_nought_where_nothing_blocks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "safe.txt").write_text("Nine foot patrols took place in May 2024.", "utf-8")

    ended = run(["lint", str(tmp_path / "safe.txt")])

    assert ended == 0
    assert capsys.readouterr().out == "0 block, 0 warn, 0 ask.\n"


def test_the_command_asks_about_the_promises_of_a_priority(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_ward_file(FILE, tmp_path / "ward.toml")
    (tmp_path / "draft.txt").write_text("The hall was cold.", "utf-8")

    ward_file = str(tmp_path / "ward.toml")
    run(["lint", str(tmp_path / "draft.txt"), "--ward-file", ward_file, "--priority", "1"])

    assert "WARNS promise unreported: “Run foot patrols”" in capsys.readouterr().out


def test_the_command_gives_json_with_spans_and_what_the_records_say(
    draft: Path, town_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    store = str(town_store.path)
    run(["lint", str(draft), "--store", store, "--ward", WARD, "--date", DAY, "--json"])

    read = json.loads(capsys.readouterr().out)
    first = read["findings"][0]
    assert read["blocks"] is True
    assert read["text"][first["start"] : first["end"]] == first["words"]
    assert any(f["proposed"].startswith("Recorded robbery") for f in read["findings"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--store", "."), "found --store without a ward"),
        (("--priority", "1"), "found --priority alone"),
    ],
)
def test_the_command_says_what_an_option_needs(
    words: tuple[str, ...], message: str, draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["lint", str(draft), *words]) == 2
    assert message in capsys.readouterr().err
