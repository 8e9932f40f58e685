"""A monthly CSV file split into rows of text: fast where it is regular, with care where not.

A row is one line after the header that is not blank: the publisher breaks no field over
lines. So a stray quotation mark costs the line it stands in, never the rest of the file.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from peelian.core.errors import LayoutError
from peelian.store.writer import QUARANTINE_SCHEMA

# Header names, cleaned as `_cleaned` does, and the columns of our tables that they fill.
_CRIME_COLUMNS = {
    "crime id": "crime_id",
    "month": "month",
    "reported by": "reported_by",
    "falls within": "falls_within",
    "longitude": "longitude",
    "latitude": "latitude",
    "location": "location",
    "lsoa code": "lsoa_code",
    "lsoa name": "lsoa_name",
}
LAYOUTS: Mapping[str, Mapping[str, str]] = {
    "street": _CRIME_COLUMNS
    | {
        "crime type": "crime_type",
        "last outcome category": "last_outcome",
        "context": "context",
    },
    "outcomes": _CRIME_COLUMNS | {"outcome type": "outcome"},
    "stop-and-search": {
        "type": "type",
        "date": "date",
        "part of a policing operation": "part_of_operation",
        "policing operation": "operation",
        "latitude": "latitude",
        "longitude": "longitude",
        "gender": "gender",
        "age range": "age_range",
        "self defined ethnicity": "self_defined_ethnicity",
        "officer defined ethnicity": "officer_defined_ethnicity",
        "legislation": "legislation",
        "object of search": "object_of_search",
        "outcome": "outcome",
        "outcome linked to object of search": "outcome_linked_to_object",
        "removal of more than just outer clothing": "removal_of_more_than_outer_clothing",
    },
}
_PIECE = 1 << 17
_MAY_BE_MISSING = {"context"}  # always empty where it stands, so nothing is lost without it


@dataclass(frozen=True)
class RefusedRow:
    """A row that could not be read. line: of the file, from 1, the header included."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class SplitFile:
    """The rows of a file as text, one column a field of the layout, blank fields null.

    The coordinates of crimes and outcomes are numbers already where every line is regular.
    lines: where each row stands in the file. read: rows in the file, refused ones included.
    """

    rows: pl.DataFrame
    lines: Sequence[int]
    read: int
    refused: tuple[RefusedRow, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    content: bytes = field(default=b"", repr=False)

    def texts_at(self, lines: Sequence[int]) -> list[str]:
        """The lines of the file as they stand, for the quarantine."""
        every = self.content.split(b"\n")
        return [_text(every[line - 1].rstrip(b"\r")) for line in lines]


def split_rows(content: bytes, *, kind: str, name: str) -> SplitFile:
    """Split a file of one kind ("street", "outcomes", "stop-and-search").

    A header that lacks a column of the kind, or has one twice, is a LayoutError.
    """
    columns, unknown = _columns(content, kind=kind, name=name)
    schema: dict[str, pl.DataType] = dict.fromkeys(columns, pl.String())
    if kind != "stop-and-search":  # stops are compared as text, to find exact duplicates
        schema |= {"longitude": pl.Float64(), "latitude": pl.Float64()}
    refused: list[RefusedRow] = []
    lines: Sequence[int]
    rows = _split_fast(content, schema)
    if rows is None:
        rows, lines, refused = _split_with_care(content, columns)
    else:
        lines = range(2, rows.height + 2)
    absent = [column for column in LAYOUTS[kind].values() if column not in columns]
    rows = rows.with_columns(pl.lit(None, pl.String).alias(column) for column in absent)
    return SplitFile(
        rows.select(LAYOUTS[kind].values()),
        lines,
        rows.height + len(refused),
        refused=tuple(refused),
        unknown_columns=unknown,
        content=content,
    )


def quarantine_table(name: str, refused: Sequence[RefusedRow]) -> pl.DataFrame:
    """Refused rows of one file as the store keeps them, in the order of their lines."""
    return pl.DataFrame(
        [(name, row.line, row.reason, row.text) for row in sorted(refused, key=lambda r: r.line)],
        schema=QUARANTINE_SCHEMA,
        orient="row",
    )


def _columns(content: bytes, *, kind: str, name: str) -> tuple[list[str], tuple[str, ...]]:
    header = content.partition(b"\n")[0].removeprefix(codecs.BOM_UTF8)
    layout = LAYOUTS[kind]
    try:
        written = next(csv.reader([_text(header).strip()]), [])
    except csv.Error:
        written = []
    columns = [layout.get(_cleaned(title), f"unknown {i}") for i, title in enumerate(written)]
    missing = [
        title
        for title, column in layout.items()
        if column not in columns and column not in _MAY_BE_MISSING
    ]
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if missing or twice:
        has_none = not set(columns) & set(layout.values())
        faults = [f"it lacks {'all' if has_none else ', '.join(missing)}"] if missing else []
        faults += [f"it has {', '.join(twice)} twice"] if twice else []
        advice = _other_dress(content) or (
            "Check that its name says what is in it, or bring it in by a column map."
        )
        raise LayoutError(
            f"A {kind} file of data.police.uk has the columns {', '.join(layout)}. In {name} "
            f"{' and '.join(faults)}. {advice}"
        )
    unknown = tuple(
        title
        for title, column in zip(written, columns, strict=True)
        if column not in layout.values()
    )
    return columns, unknown


def _other_dress(content: bytes) -> str:
    """What else a file is that should be comma-separated UTF-8, and what to do; empty if unknown.

    Told by its beginning: a program in between has saved it in a dress of its own.
    """
    beginning = content[:4096]
    line = beginning.split(b"\n")[0]
    if not content.strip():
        return "It is empty: download it again."
    if beginning.startswith(b"PK"):
        return "It is a zip or a spreadsheet by another name: save the table as CSV."
    if b"\0" in beginning:
        return "It is not UTF-8 text, perhaps UTF-16: save it as CSV in UTF-8."
    if b"\r" in line.rstrip(b"\r"):
        return "Its lines end in carriage returns alone: save it with line feeds."
    for mark, word in ((b";", "semicolons"), (b"\t", "tabs")):
        if line.count(mark) > line.count(b","):
            return f"Its fields are divided by {word}: save it with commas."
    return ""


def _split_fast(content: bytes, schema: Mapping[str, pl.DataType]) -> pl.DataFrame | None:
    """The rows below the header where every line is regular; None where one is not."""
    # Polars knows quotation marks only across lines, and fills a short row or a blank line
    # with nulls without a word. So there may be none of the one, and the commas are counted;
    # a row that is too long, it refuses by itself.
    header_end = content.find(b"\n") + 1
    if not header_end or content.find(b'"', header_end) >= 0 or b"\0" in content:
        return None
    if content.startswith(codecs.BOM_UTF8, header_end):  # Polars drops it, be it a row of its own
        return None
    if b"\r" in content and content.count(b"\r") != content.count(b"\r\n"):
        return None
    try:
        rows = pl.read_csv(
            content, has_header=False, skip_lines=1, schema=dict(schema), quote_char=None
        )
    except pl.exceptions.PolarsError:
        return None
    commas = _commas(np.frombuffer(content, dtype=np.uint8, offset=header_end))
    return rows if commas == (len(schema) - 1) * rows.height else None


def _commas(characters: NDArray[np.uint8]) -> int:
    # Four times as fast as bytes.count where commas are thick; in pieces that fit the cache.
    pieces = range(0, characters.size, _PIECE)
    return sum(int(np.count_nonzero(characters[at : at + _PIECE] == ord(","))) for at in pieces)


def _split_with_care(
    content: bytes, columns: Sequence[str]
) -> tuple[pl.DataFrame, list[int], list[RefusedRow]]:
    """The rows below the header line by line: fast again for those without quotation marks."""
    every = list(enumerate(content.split(b"\n"), start=1))
    quoted = [(line, raw) for line, raw in every[1:] if b'"' in raw]
    plain = [(line, raw) for line, raw in every if line == 1 or b'"' not in raw]
    if plain[-1][1] == b"":
        plain.pop()
    text = dict.fromkeys(columns, pl.String())
    rows = _split_fast(b"\n".join(raw for _, raw in plain), text) if quoted else None
    if rows is None:
        return _split_line_by_line(every[1:], columns)
    others, lines, refused = _split_line_by_line(quoted, columns)
    lines = [line for line, _ in plain[1:]] + lines
    rows = pl.concat([rows, others]).with_columns(pl.Series("line", lines)).sort("line")
    return rows.drop("line"), rows["line"].to_list(), refused


def _split_line_by_line(
    numbered: Sequence[tuple[int, bytes]], columns: Sequence[str]
) -> tuple[pl.DataFrame, list[int], list[RefusedRow]]:
    kept: list[list[str]] = []
    lines: list[int] = []
    refused: list[RefusedRow] = []
    for line, raw in numbered:
        if not raw.strip():
            continue
        try:
            kept.append(_fields(raw.rstrip(b"\r"), len(columns)))
            lines.append(line)
        except ValueError as reason:
            refused.append(RefusedRow(line, str(reason), _text(raw.rstrip(b"\r"))))
    by_column = zip(*kept, strict=True) if kept else ([] for _ in columns)
    rows = pl.DataFrame(
        {
            column: pl.Series([text or None for text in texts], dtype=pl.String())
            for column, texts in zip(columns, by_column, strict=True)
        }
    )
    return rows, lines, refused


def _fields(raw: bytes, count: int) -> list[str]:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    if "\0" in text or "\r" in text:
        raise ValueError("it holds a control character")
    try:
        fields = next(csv.reader([text], strict=True)) if '"' in text else text.split(",")
    except csv.Error as error:
        raise ValueError(f"its quotation marks do not pair: {error}") from None
    if len(fields) != count:
        raise ValueError(f"it has {len(fields)} fields where the header has {count}")
    return fields


def _cleaned(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", title.casefold()).strip()


def _text(raw: bytes) -> str:
    return raw.decode(errors="backslashreplace")
