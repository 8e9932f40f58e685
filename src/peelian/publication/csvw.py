"""Tables as CSV, each with a CSVW description: what its columns are and what a gap means.

CSV on the Web, https://www.w3.org/TR/tabular-data-primer/: UTF-8, one header line, ISO
dates. A count that is not shown is empty, and the column beside it says why.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from peelian.publication.disclosed import (
    DisclosedCount,
    DisclosedMeasure,
    DisclosedSource,
    DisclosedWardPage,
    places_of,
)
from peelian.publication.translation import _

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_GAPS = _(
    "“suppressed”: not shown, because it is from 1 to 4 or would let somebody work out one that "
    "is. “missing”: no data, which is not zero. “shown”: the count, zero included."
)
_TO_FIVE = _("To the nearest five; empty where it is not shown.")
_STATE = _("Whether the count is shown, suppressed or missing. {gaps}").format(gaps=_GAPS)


@dataclass(frozen=True)
class Column:
    """A column: its name in the file, its title for readers, its type and what it holds."""

    name: str
    title: str
    datatype: str
    description: str


class Beside(Protocol):
    """The page that a table stands beside: whose it is, of when, and what it rests on."""

    @property
    def ward_name(self) -> str: ...  # noqa: D102
    @property
    def operator(self) -> str: ...  # noqa: D102
    @property
    def snapshot_day(self) -> str: ...  # noqa: D102
    @property
    def licence(self) -> str: ...  # noqa: D102
    @property
    def sources(self) -> tuple[DisclosedSource, ...]: ...  # noqa: D102


@dataclass(frozen=True)
class Table:
    """A table to be written: `name` is the file's name with .csv. gaps: what an empty cell says."""

    name: str
    title: str
    description: str
    columns: Sequence[Column]
    key: Sequence[str]  # the columns that tell a row from all others
    rows: Iterable[Sequence[object]]
    gaps: str = _GAPS


def table_files(table: Table, page: Beside) -> dict[str, bytes]:
    """A table as two files: the CSV and its description."""
    metadata = msgspec.json.encode(_metadata(table, page))
    return {
        table.name: _csv(table),
        f"{table.name}-metadata.json": msgspec.json.format(metadata, indent=1) + b"\n",
    }


def measure_table(measure: DisclosedMeasure) -> Table:
    """A measure month by month."""
    records = _("Records of the month; empty where they are not shown.")
    return Table(
        name=measure.how.download,
        title=measure.title,
        description=f"{measure.subtitle}. {measure.change}",
        columns=(
            Column("month", _("Month"), "gYearMonth", _("The month, YYYY-MM.")),
            Column("records", _("Records"), "integer", records),
            Column("records_state", _("State"), "string", _STATE),
            Column(
                "year_before", _("A year before"), "integer", _("The same month a year earlier.")
            ),
            Column("year_before_state", _("State a year before"), "string", _STATE),
            Column("note", _("Note"), "string", _("Why a month is missing.")),
        ),
        key=("month",),
        rows=[
            (month.month, *_count(month.count), *_count(month.year_before), month.note)
            for month in measure.months
        ],
    )


def places_table(page: DisclosedWardPage) -> Table:
    """The ranked places of every priority."""
    return Table(
        name="places.csv",
        title=_("Places by records expected"),
        description=_(
            "The publisher's points, in named groups, in order of the records to expect in the "
            "next months. A place is where records were put, not where something happened."
        ),
        columns=(
            Column("priority", _("Priority"), "string", _("The priority's id on the page.")),
            Column("rank", _("Rank"), "integer", _("1 has most records expected.")),
            Column("place_id", _("Place id"), "string", _("Stable from snapshot to snapshot.")),
            Column("name", _("Name"), "string", _("The place's name.")),
            Column("longitude", _("Longitude"), "number", _("Degrees, EPSG:4326.")),
            Column("latitude", _("Latitude"), "number", _("Degrees, EPSG:4326.")),
            Column("records", _("Records"), "integer", _TO_FIVE),
            Column("records_state", _("State of the records"), "string", _STATE),
            Column("last_year", _("Records of the last twelve months"), "integer", _TO_FIVE),
            Column("last_year_state", _("State of the last year"), "string", _STATE),
            Column("expected", _("Expected"), "string", _("In words, with a 90 % interval.")),
            Column("persistence", _("Persistence"), "string", _("How long it has been high.")),
        ),
        key=("priority", "place_id"),
        rows=[
            (
                places.id, place.rank, place.place_id, place.name, place.longitude,
                place.latitude, *_count(place.records), *_count(place.recent),
                place.expected_text, place.persistence,
            )
            for places in places_of(page)
            for place in places.ranking.places
        ],
    )  # fmt: skip


def commitments_table(page: DisclosedWardPage) -> Table:
    """Every promise of the page and what is known of it."""
    return Table(
        name="commitments.csv",
        title=_("Commitments"),
        description=_("What the team's page promises, and the status of each promise."),
        columns=(
            Column("id", _("Id"), "string", _("Stable from snapshot to snapshot.")),
            Column("priority", _("Priority"), "string", _("The priority's id on the page.")),
            Column("text", _("Commitment"), "string", _("The promise.")),
            Column("said_in", _("Said in"), "string", _("The Issue or the Action.")),
            Column(
                "status", _("Status"), "string",
                _("planned, in_progress, done, not_done or no_evidence."),
            ),
            Column("reported", _("Reported"), "string", _("The sentence that reports on it.")),
            Column("owner", _("Who"), "string", _("Who answers for it.")),
            Column("due", _("Due"), "date", _("By when, YYYY-MM-DD; empty where none is set.")),
            Column("evidence", _("Evidence"), "string", _("What shows it, and where.")),
        ),
        key=("id",),
        rows=[
            (
                c.id, c.priority_id, c.text, c.said_in, c.status, c.reported, c.owner, c.due_date,
                "; ".join(" ".join(filter(None, (e.text, e.date, e.url))) for e in c.evidence),
            )
            for c in page.commitments
        ],
    )  # fmt: skip


def types_table(page: DisclosedWardPage) -> Table:
    """The last twelve months by crime type."""
    return Table(
        name="crime-types.csv",
        title=_("Records of the last twelve months by crime type"),
        description=_("Months counted: {months}.").format(months=", ".join(page.recent_months)),
        columns=(
            Column("crime_type", _("Crime type"), "string", _("The publisher's label.")),
            Column("records", _("Records"), "integer", _TO_FIVE),
            Column("records_state", _("State"), "string", _STATE),
            Column(
                "police_generated", _("Police-generated"), "boolean",
                _("Whether such records mostly follow what police did."),
            ),
        ),
        key=("crime_type",),
        rows=[
            (kind.label, *_count(kind.count), str(kind.police_generated).lower())
            for kind in page.by_type
        ],
    )  # fmt: skip


def _count(count: DisclosedCount | None) -> tuple[int | None, str]:
    return (None, "missing") if count is None else (count.value, count.state)


def _csv(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue().encode("utf-8")


def _cell(value: object) -> object:
    """A cell. Words that a spreadsheet would run as a formula begin with an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _metadata(table: Table, page: Beside) -> dict[str, Any]:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": table.name,
        "dc:title": f"{table.title}, {page.ward_name}",
        "dc:description": table.description,
        "dc:creator": page.operator,
        "dc:issued": page.snapshot_day,
        "dc:license": page.licence,
        "dc:source": [f"{source.what}, {source.source}" for source in page.sources],
        "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"]},
        "notes": [{"suppression": table.gaps}] if table.gaps else [],
        "tableSchema": {
            "columns": [
                {
                    "name": column.name,
                    "titles": column.name,
                    "dc:title": column.title,
                    "dc:description": column.description,
                    "datatype": column.datatype,
                    "null": "",
                }
                for column in table.columns
            ],
            "primaryKey": list(table.key),
        },
    }
