"""A CSV as text: its rows by column, with the lines they stand on, none lost."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from peelian.core.errors import LayoutError
from peelian.ingest.column_map import ColumnMap


@dataclass(frozen=True)
class ExtractLines:
    """The rows of a CSV as text.

    rows: every column of the file, blank fields null. lines, texts: of each row, the first
    line it stands on and what stands there. broken: rows that cannot be divided into the
    header's columns: line, reason, text.
    """

    file: str
    rows: pl.DataFrame
    lines: tuple[int, ...]
    texts: tuple[str, ...]
    broken: tuple[tuple[int, str, str], ...]


def read_lines(content: bytes, column_map: ColumnMap, *, file: str) -> ExtractLines:
    """Divide a CSV into rows. A column that the map names and the file lacks is a LayoutError.

    Blank lines, and lines of blank fields, are no rows. A row is broken where it
    has another number of fields than the header, or bytes that its encoding does not have.
    """
    encoding = codecs.lookup(column_map.encoding).name
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    physical = io.StringIO(content.decode(encoding, "surrogateescape"), newline="").readlines()
    records = _records(physical, column_map.delimiter)
    header = next((fields for _, _, fields in records if fields), [])
    header = [name.strip() for name in header]
    _check_header(header, column_map, file)
    rows: list[list[str]] = []
    lines: list[int] = []
    texts: list[str] = []
    broken: list[tuple[int, str, str]] = []
    for line, end, fields in records:
        if fields is not None and not any(field.strip() for field in fields):
            continue
        written = "".join(physical[line - 1 : end]).rstrip("\r\n")
        text = written.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        if fields is None:
            broken.append((line, "it cannot be divided into fields", text))
        elif text != written:
            broken.append((line, f"it has bytes that {column_map.encoding} does not have", text))
        elif len(fields) != len(header):
            reason = f"it has {len(fields)} fields where the header has {len(header)}"
            broken.append((line, reason, text))
        else:
            rows.append(fields)
            lines.append(line)
            texts.append(text)
    schema = dict.fromkeys(header, pl.String())
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        pl.all().str.strip_chars().replace("", None)
    )
    return ExtractLines(file, frame, tuple(lines), tuple(texts), tuple(broken))


def _records(physical: list[str], delimiter: str) -> Iterator[tuple[int, int, list[str] | None]]:
    """First line, last line and fields of each record; no fields where csv gives it up."""
    reader = csv.reader(physical, delimiter=delimiter)
    end = 0
    while True:
        start = end + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            end = reader.line_num
            yield start, end, None
            continue
        end = reader.line_num
        yield start, end, fields


def _check_header(header: list[str], column_map: ColumnMap, file: str) -> None:
    twice = sorted({name for name in header if header.count(name) > 1})
    missing = [name for name in column_map.columns_read if name not in header]
    if twice or missing:
        what = []
        if missing:
            what.append(f"it lacks {', '.join(map(repr, missing))}")
        if twice:
            what.append(f"it has {', '.join(map(repr, twice))} more than once")
        raise LayoutError(
            f"{file} should have the columns that the map of {column_map.title} names; "
            f"{' and '.join(what)}. Its columns are {', '.join(header) or 'none'}. "
            f"Correct the map, or export the columns."
        )
