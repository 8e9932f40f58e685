"""A damaged file never ends in a traceback, and none of its rows is lost."""

from __future__ import annotations

import codecs
import csv
import io
import random
from collections.abc import Callable

import polars as pl
import pytest
from archive_made import (
    STREET_HEADER,
    crime,
    folder_of,
    outcome,
    outcomes_file,
    stop,
    stops_file,
    street_file,
)
from hypothesis import example, given
from hypothesis import strategies as st

from peelian.core.errors import PeelianError
from peelian.core.months import Month
from peelian.ingest.archive_rows import LAYOUTS, split_rows
from peelian.ingest.archive_tables import read_table
from peelian.ingest.police_archive import ingest_archives
from peelian.ingest.quality import QualityReport
from peelian.store import Store

FILES = 1_000
NASTY = [
    b'"', b'""', b",", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xc3", codecs.BOM_UTF8, b" ", b"-",
    b"9" * 40, b"nan", b"inf", b"1e400", b"\xe2\x80\xa8", b",,,,,,,,,,,,,", b"'", b"\t",
]  # fmt: skip


def cut_out(content: bytearray, chosen: random.Random) -> None:
    start = chosen.randrange(len(content))
    del content[start : start + chosen.choice([1, 2, 30, 400])]


def put_in(content: bytearray, chosen: random.Random) -> None:
    at = chosen.randrange(len(content) + 1)
    content[at:at] = chosen.choice(NASTY)


def overwrite(content: bytearray, chosen: random.Random) -> None:
    content[chosen.randrange(len(content))] = chosen.randrange(256)


def break_off(content: bytearray, chosen: random.Random) -> None:
    del content[chosen.randrange(len(content)) :]


def say_twice(content: bytearray, chosen: random.Random) -> None:
    start = chosen.randrange(len(content))
    content[start:start] = content[start : start + chosen.randrange(300)]


MUTATIONS: list[Callable[[bytearray, random.Random], None]] = [
    cut_out, put_in, put_in, overwrite, break_off, say_twice,
]  # fmt: skip


def mutated(content: str, chosen: random.Random) -> bytes:
    damaged = bytearray(content.encode())
    for _ in range(chosen.randint(1, 6)):
        if damaged:
            chosen.choice(MUTATIONS)(damaged, chosen)
    return bytes(damaged)


def data_lines(content: bytes) -> dict[int, bytes]:
    """Every line after the first that is not blank, by its number."""
    lines = enumerate(content.split(b"\n"), start=1)
    return {number: line for number, line in lines if number > 1 and line.strip()}


@pytest.fixture(scope="module")
def damaged() -> dict[str, bytes]:
    """A thousand damaged files of the three kinds, by name."""
    chosen = random.Random(1829)
    files = {}
    for number in range(FILES):
        month = Month(1950, 1).plus(number // 3)
        times = [f"{month}-{day:02d}T1{day % 10}:05:00+00:00" for day in (3, 9, 9, 21)]
        kind, content = [
            ("street", street_file(*[crime(f"a{i}", month=str(month)) for i in range(6)])),
            ("outcomes", outcomes_file(*[outcome(f"a{i}", str(month)) for i in range(6)])),
            ("stop-and-search", stops_file(*map(stop, times))),
        ][number % 3]
        files[f"{month}-metropolitan-{kind}.csv"] = mutated(content, chosen)
    return files


@pytest.fixture(scope="module")
def ingested(
    damaged: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Store, QualityReport]:
    folder = folder_of(tmp_path_factory.mktemp("damaged") / "archive", damaged)
    store = Store.create(tmp_path_factory.mktemp("store"))
    return store, ingest_archives([folder], store)


def test_every_damaged_file_is_accounted_for_once(
    damaged: dict[str, bytes], ingested: tuple[Store, QualityReport]
) -> None:
    _, report = ingested
    names = [file.name for file in report.files]
    names += [passed.name for passed in report.passed_over]
    names += [refusal.what for refusal in report.refusals]

    assert sorted(name.rpartition("/")[2] for name in names) == sorted(damaged)
    assert len(report.files) > FILES // 2
    assert report.refusals
    assert report.totals.refused > FILES // 4


def test_every_line_is_kept_refused_or_a_duplicate(
    damaged: dict[str, bytes], ingested: tuple[Store, QualityReport]
) -> None:
    _, report = ingested

    for file in report.files:
        assert file.counts.read == len(data_lines(damaged[file.name.rpartition("/")[2]]))


def test_every_refused_line_stands_in_the_quarantine_as_it_was(
    damaged: dict[str, bytes], ingested: tuple[Store, QualityReport]
) -> None:
    store, report = ingested
    quarantine = store.quarantine()

    assert quarantine.height == report.totals.refused
    for name, line, reason, text in quarantine.iter_rows():
        written = data_lines(damaged[name.rpartition("/")[2]])[line].rstrip(b"\r")
        assert text == written.decode(errors="backslashreplace")
        assert reason


def test_what_is_kept_has_a_month_a_type_and_a_possible_place(
    ingested: tuple[Store, QualityReport],
) -> None:
    store, _ = ingested
    crimes = store.crimes()

    assert crimes.height > FILES // 3
    assert crimes.select("month", "crime_type").null_count().row(0) == (0, 0)
    assert crimes["latitude"].drop_nulls().is_between(49.8, 61).all()
    assert store.stops()["date_utc"].null_count() == 0


FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=12)


@given(st.lists(st.lists(FIELD, min_size=12, max_size=12), max_size=8))
def test_what_the_standard_library_writes_is_split_as_it_was(rows: list[list[str]]) -> None:
    # The oracle is Python's csv writer; a blank field is null.
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    content = f"{STREET_HEADER}\n{text.getvalue()}".encode()

    split = split_rows(content, kind="street", name="made.csv")

    expected = [[field or None for field in row] for row in rows]
    assert split.read == len(rows)
    if split.rows.schema["longitude"] == pl.String():
        assert [list(row) for row in split.rows.iter_rows()] == expected
    assert split.rows["location"].to_list() == [row[6] for row in expected]


@given(st.sampled_from(sorted(LAYOUTS)), st.binary(max_size=400))
@example("outcomes", b"\xef\xbb\xbf")
def test_any_bytes_at_all_are_read_or_refused_in_words(kind: str, noise: bytes) -> None:
    header = ",".join(LAYOUTS[kind]).encode()

    for content in (noise, header + b"\n" + noise):
        try:
            split = split_rows(content, kind=kind, name="noise.csv")
            table = read_table(split, kind=kind, month=Month(2018, 1))
        except PeelianError:
            continue
        assert split.read == len(data_lines(content))
        assert table.counts.read == len(data_lines(content))
