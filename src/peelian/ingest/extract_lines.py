"""A CSV as text: its rows by column, with the lines they stand on, none lost."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from peelian.core.errors import LayoutError
from peelian.ingest.column_map import ColumnMap


@dataclass(frozen=True)
class ExtractLines:
    """The rows of a CSV as text.

    rows: the columns that the map names, blank fields null, with `_line`, the first line of
    the row in the file, and `_same`, equal where two rows stand in the same words. broken:
    rows that cannot be divided into the header's columns: line, reason, text.
    """

    file: str
    rows: pl.DataFrame
    broken: tuple[tuple[int, str, str], ...]
    _physical: tuple[str, ...]
    _ends: dict[int, int]

    def text(self, line: int) -> str:
        """What stands in the file where a row begins."""
        return _text(self._physical, line, self._ends.get(line, line))


def read_lines(content: bytes, column_map: ColumnMap, *, file: str) -> ExtractLines:
    """Divide a CSV into rows. A column that the map names and the file lacks is a LayoutError.

    Blank lines, and lines of blank fields, are no rows. A row is broken where it has another
    number of fields than the header, or bytes that its encoding does not have.
    """
    if content.startswith(b"PK\x03\x04"):
        raise LayoutError(
            f"An extract is a table as text; {file} is a zip or a spreadsheet. Unpack it, or save "
            f"the table as CSV."
        )
    encoding = codecs.lookup(column_map.encoding).name
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    decoded = content.decode(encoding, "surrogateescape")
    has_wrong_bytes = not _is_writable(decoded)
    physical = tuple(io.StringIO(decoded, newline="").readlines())
    records = _records(physical, column_map.delimiter)
    header = [name.strip() for name in next((f for _, _, f in records if f), [])]
    _check_header(header, column_map, file)
    wanted = [(name, header.index(name)) for name in column_map.columns_read]
    columns: list[list[str]] = [[] for _ in wanted]
    lines: list[int] = []
    same: list[int] = []
    ends: dict[int, int] = {}  # only of rows on several lines
    broken: list[tuple[int, str, str]] = []
    for line, end, fields in records:
        if fields is not None and not any(map(str.strip, fields)):
            continue
        if end > line:
            ends[line] = end
        reason = ""
        if fields is None:
            reason = "it cannot be divided into fields"
        elif has_wrong_bytes and not _is_writable("".join(fields)):
            reason = f"it has bytes that {column_map.encoding} does not have"
        elif len(fields) != len(header):
            reason = f"it has {len(fields)} fields where the header has {len(header)}"
        if fields is None or reason:
            broken.append((line, reason, _text(physical, line, end)))
            continue
        for column, (_, place) in zip(columns, wanted, strict=True):
            column.append(fields[place])
        lines.append(line)
        same.append(hash(tuple(fields)))
    frame = pl.DataFrame(
        [
            pl.Series(name, column, pl.String()).str.strip_chars().replace("", None)
            for (name, _), column in zip(wanted, columns, strict=True)
        ]
    ).with_columns(
        pl.Series("_line", lines, pl.Int64()),
        pl.Series("_same", same, pl.Int64()),
    )
    return ExtractLines(file, frame, tuple(broken), physical, ends)


def _is_writable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _text(physical: Sequence[str], line: int, end: int) -> str:
    written = "".join(physical[line - 1 : end]).rstrip("\r\n")
    return written.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _records(
    physical: Sequence[str], delimiter: str
) -> Iterator[tuple[int, int, list[str] | None]]:
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
