"""A unit's GPS points from a GPX 1.1 file or a plain CSV. They are read, used and let go.

Only times and positions are read. A device's or a person's name, a description, heights and
heart rates may stand in such files; none is looked at, and no point is written anywhere.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import LayoutError
from peelian.core.grid import to_grid
from peelian.ingest.paths import existing_file, text_of
from peelian.ingest.repair import LONDON, UNITED_KINGDOM

# A day of a point a second is some 12 MB of GPX.
MOST_BYTES = 100 * 1024 * 1024
_FIRST_GPS_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # receivers without a fix show 1980 or 1999
_LAST_GPS_DAY = datetime(2100, 1, 1, tzinfo=UTC)
_XML_ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)")
_PLAIN_ENCODINGS = {"utf-8", "us-ascii", "iso-8859-1", "windows-1252"}
_COLUMNS = ("time", "latitude", "longitude")

_Written = tuple[str, str, str]  # time, latitude, longitude


@dataclass(frozen=True)
class GpsTrace:
    """The points of one file, in order of time, each time once.

    times: seconds since 1970, UTC. points: (n, 2) eastings and northings, EPSG:27700, metres.
    read: how many points the file has. faults: those that were put in order or left out, by
    reason.
    """

    file: str
    times: NDArray[np.float64]
    points: NDArray[np.float64]
    read: int
    faults: Mapping[str, int]


def is_trace(path: Path) -> bool:
    """Whether a file holds GPS points: a GPX file, or a CSV with a latitude."""
    if path.suffix.lower() == ".gpx":
        return True
    with existing_file(path).open("rb") as file:
        return b"latitude" in file.readline(10_000).lower()


def read_trace(path: Path) -> GpsTrace:
    """Read a GPX file, or a CSV with the columns time, latitude and longitude.

    GPX times are UTC unless they say a zone; a CSV's are the clock on the wall in London
    unless they do, and of an hour that comes twice the first is meant. Degrees are EPSG:4326.
    A point without a time or a place, or with one that cannot be true, is left out and
    counted; so is a second point of the same second. Points out of order are sorted and
    counted. A file that is neither, is too large, or has a document type is a LayoutError.
    """
    size = existing_file(path).stat().st_size
    if size > MOST_BYTES:
        raise LayoutError(
            f"A trace has at most {MOST_BYTES // 2**20} MB, months of a unit's shifts; {path.name} "
            f"has {size // 2**20}. Divide it by days."
        )
    if path.suffix.lower() == ".gpx":
        return _trace(path.name, _gpx_points(path), zone=ZoneInfo("UTC"))
    return _trace(path.name, _csv_points(path), zone=ZoneInfo(LONDON))


def _trace(file: str, written: Iterable[_Written], *, zone: ZoneInfo) -> GpsTrace:
    faults: Counter[str] = Counter()
    rows: list[tuple[int, float, float]] = []
    read = 0
    for point in written:
        read += 1
        found = _read_point(point, zone)
        if isinstance(found, str):
            faults[found] += 1
        else:
            rows.append(found)
    table = np.array(rows, dtype=float).reshape(-1, 3)
    backwards = int((np.diff(table[:, 0]) < 0).sum())
    if backwards:
        faults["earlier than the point before; put in order"] = backwards
    times, first = np.unique(table[:, 0], return_index=True)
    if len(times) < len(table):
        faults["a second point of the same second"] = len(table) - len(times)
    east, north = to_grid(table[first, 2], table[first, 1])
    return GpsTrace(file, times, np.column_stack([east, north]), read, dict(faults))


def _read_point(point: _Written, zone: ZoneInfo) -> tuple[int, float, float] | str:
    """Seconds, latitude and longitude, or why there are none."""
    when, latitude, longitude = point
    if not when:
        return "no time"
    try:
        moment = datetime.fromisoformat(when)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
        north, east = float(latitude), float(longitude)
    except (ValueError, OverflowError):
        return "a time or a place that cannot be read"
    if moment < _FIRST_GPS_DAY:
        return "a time before 2000: the receiver had none"
    if moment >= _LAST_GPS_DAY:
        return "a time after 2099"
    west, south, east_end, north_end = UNITED_KINGDOM
    if not (west <= east <= east_end and south <= north <= north_end):
        return "a place outside the United Kingdom"
    return int(moment.timestamp()), north, east


def _gpx_points(path: Path) -> Iterator[_Written]:
    """The track points of a GPX file; routes and way points are where nobody need have been."""
    content = path.read_bytes()
    _refuse_unsafe(content, path.name)
    points = 0
    around: list[ElementTree.Element] = []  # what an element stands in, from the outermost
    within_points = 0
    try:
        for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):
            is_point = element.tag.rpartition("}")[2] == "trkpt"
            if event == "start":
                around.append(element)
                within_points += is_point
                continue
            around.pop()
            if is_point:
                points += 1
                within_points -= 1
                time = next((e.text for e in element if e.tag.rpartition("}")[2] == "time"), "")
                yield (time or "").strip(), element.get("lat", ""), element.get("lon", "")
            if around and not within_points:
                # Otherwise every element of the file would be kept until its end.
                around[-1].remove(element)
    except ElementTree.ParseError as error:
        raise LayoutError(
            f"A GPX file is whole XML; {path.name} is not: {error}. Export it again."
        ) from error
    if not points:
        raise LayoutError(
            f"A trace has track points (trkpt); {path.name} has none. Export the recorded track, "
            f"not a route or way points."
        )


def _refuse_unsafe(content: bytes, file: str) -> None:
    """A LayoutError where a file could make the reader open or unfold something else."""
    declared = _XML_ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared.group(1).decode().lower() if declared else "utf-8"
    # In these encodings every byte of "<!DOCTYPE" is itself, so that looking for it is enough. In
    # the others, which the parser may tell by itself, a letter has an empty byte beside it.
    if encoding not in _PLAIN_ENCODINGS or b"\0" in content:
        raise LayoutError(f"A GPX file is in UTF-8; {file} is not. Export it again in UTF-8.")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise LayoutError(
            f"A GPX file has no document type, which could name other files to be read; {file} "
            f"has one. Take the <!DOCTYPE ...> out, or export the track again."
        )


def _csv_points(path: Path) -> Iterator[_Written]:
    rows = csv.reader(io.StringIO(text_of(path, what="A CSV of points"), newline=""))
    header = [name.strip().lower() for name in next(rows, [])]
    missing = [name for name in _COLUMNS if header.count(name) != 1]
    if missing:
        raise LayoutError(
            f"A CSV of points has the columns {', '.join(_COLUMNS)}, each once; {path.name} has "
            f"not {', '.join(missing)}. Write their names above the points, divided by commas."
        )
    where = [header.index(name) for name in _COLUMNS]
    try:
        for row in rows:
            if any(field.strip() for field in row):
                time, latitude, longitude = (
                    row[place].strip() if place < len(row) else "" for place in where
                )
                yield time, latitude, longitude
    except csv.Error as error:
        raise LayoutError(
            f"A CSV of points can be divided into fields; {path.name} cannot, at line "
            f"{rows.line_num}: {error}. Export it again."
        ) from error
