"""The ward file as a person meets it: written, edited, read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.core.errors import InputError, SchemaError
from peelian.core.wards import (
    Channel,
    Claim,
    Commitment,
    Corridor,
    Evidence,
    Priority,
    TextWarning,
    WardFile,
)
from peelian.ingest.ward_file import read_ward_file, ward_file_text, write_ward_file
from peelian.ingest.ward_page import read_ward_page

SMALL = WardFile(
    ward="E05000001",
    name="Harbour Side",
    operator="Northshire Police",
    priorities=[
        Priority(
            id="p1",
            title="Burglary",
            issue="Burglary on the Quayside Estate.\nWe will visit every victim.",
            commitments=[
                Commitment(
                    id="p1-c1",
                    text="Visit every victim",
                    sentence="We will visit every victim.",
                    said_in="issue",
                )
            ],
            claims=[Claim(id="p1-k1", sentence="Burglary has fallen.", direction="down")],
        )
    ],
)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "E05000001.toml"
    write_ward_file(SMALL, path)
    return path


def edited(path: Path, old: str, new: str) -> Path:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_what_is_written_is_read_again(written: Path) -> None:
    assert read_ward_file(written) == SMALL


def test_the_published_page_survives_the_file(seed_page: str, tmp_path: Path) -> None:
    ward_file = read_ward_page(seed_page, ward="E05013669")

    write_ward_file(ward_file, tmp_path / "ward.toml")

    assert read_ward_file(tmp_path / "ward.toml") == ward_file


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
days = st.sampled_from(["", "2025-03-31"])
commitments = st.builds(
    Commitment, id=st.just("c"), text=words, sentence=words,
    said_in=st.sampled_from(["issue", "action"]),
    status=st.sampled_from(["planned", "in_progress", "done", "not_done", "no_evidence"]),
    reported=words, owner=words, due=days,
    evidence=st.lists(st.builds(Evidence, text=words, date=days, url=words), max_size=2),
)  # fmt: skip
claims = st.builds(
    Claim, id=st.just("k"), sentence=words, direction=st.sampled_from(["up", "down"]),
    months=st.none() | st.integers(1, 60), span=st.sampled_from(["", "2024-04/2024-09"]),
)  # fmt: skip
priorities = st.builds(
    Priority, id=st.just("p"), title=words, issue=words, action=words,
    also=st.lists(words, max_size=2),
    corridor=st.none() | st.builds(Corridor, start=words, end=words),
    commitments=st.lists(commitments, max_size=1), claims=st.lists(claims, max_size=1),
    warnings=st.lists(
        st.builds(TextWarning, rule=st.just("no_number"), text=words, reason=words), max_size=2
    ),
)  # fmt: skip
ward_files = st.builds(
    WardFile, ward=words, name=words, operator=words, layout=words,
    channels=st.lists(st.builds(Channel, kind=st.just("email"), value=words), max_size=2),
    priorities=st.lists(priorities, max_size=1),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(ward_file=ward_files)
def test_any_ward_file_comes_back_equal(
    ward_file: WardFile, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"

    write_ward_file(ward_file, path, replace=True)

    assert read_ward_file(path) == ward_file


def test_it_starts_by_saying_what_it_is_and_shows_what_to_fill_in() -> None:
    text = ward_file_text(SMALL)

    assert text.startswith("# The ward file of Harbour Side.\n")
    assert 'issue = """\nBurglary on the Quayside Estate.\nWe will visit every victim."""' in text
    assert 'status = "no_evidence"\nowner = ""\ndue = ""\n' in text


def test_an_example_of_evidence_from_its_header_can_be_pasted_in(written: Path) -> None:
    header = written.read_text(encoding="utf-8")
    lines = [line.removeprefix("#").strip() for line in header.splitlines()]
    start = lines.index("[[priorities.commitments.evidence]]")
    example = "\n".join(lines[start : start + 4])

    read = read_ward_file(edited(written, 'due = ""\n', f'due = ""\n{example}\n'))

    assert read.priorities[0].commitments[0].evidence[0].text == "Patrol log of March"


def test_a_day_without_quotes_is_understood(written: Path) -> None:
    read = read_ward_file(edited(written, 'due = ""', "due = 2025-03-31"))

    assert read.priorities[0].commitments[0].due == "2025-03-31"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "title =",
            "titel =",
            r"priorities 1 \(p1\): .*unknown field `titel`.*Allowed here: id, tit",
        ),
        ('"no_evidence"', '"kept"', r"status of commitments 1 \(p1-c1\).*'kept'.*planned, in_prog"),
        ('owner = ""', "owner = 7", r"owner of commitments 1 .*got `int`"),
        ('due = ""', 'due = "soon"', r"due of p1-c1 is a day as YYYY-MM-DD; found 'soon'"),
        ('due = ""', 'due = "20250331"', r"due of p1-c1 .*found '20250331'"),
        ('"p1-c1"', '"p1-k1"', r"uses p1-k1 twice"),
        ('direction = "down"', 'direction = "down"\nspan = "2024"', r"span of p1-k1 .*'2024'"),
        ('name = "Harbour', 'name = Harbour"', r"breaks its grammar.*line"),
        ('operator = "Northshire Police"', "", r"missing required field `operator`"),
    ],
)
def test_a_slip_is_named_with_what_was_found_and_what_is_allowed(
    written: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(SchemaError, match=said):
        read_ward_file(edited(written, old, new))


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.toml is not there.*import-page"):
        read_ward_file(tmp_path / "none.toml")


def test_corrections_are_not_overwritten_unless_told(written: Path) -> None:
    before = written.read_bytes()

    with pytest.raises(InputError, match="say --replace"):
        write_ward_file(SMALL, written)

    assert written.read_bytes() == before
    write_ward_file(SMALL, written, replace=True)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = written.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_ward_file(SMALL, written, replace=True)

    assert written.read_bytes() == before
    assert [path.name for path in written.parent.iterdir()] == [written.name]


def test_a_file_saved_with_a_byte_order_mark_is_read(written: Path) -> None:
    written.write_bytes(b"\xef\xbb\xbf" + written.read_bytes())

    assert read_ward_file(written) == SMALL


def test_a_folder_is_neither_read_nor_overwritten_as_a_ward_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        read_ward_file(tmp_path)
    with pytest.raises(InputError, match="is a folder"):
        write_ward_file(SMALL, tmp_path, replace=True)
