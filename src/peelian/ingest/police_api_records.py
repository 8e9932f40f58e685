"""Records of the data.police.uk API, one JSON object each, as rows of our tables.

The rules come from what the service was seen to answer: coordinates are strings; a record
without a place has `location` null; all anti-social behaviour has `persistent_id` "" and
`outcome_status` null; every category of a stop may be null; the time of a stop is UTC.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
import polars as pl

from peelian.core.crimes import (
    BRITISH_TRANSPORT_POLICE,
    CRIMES_SCHEMA,
    EXTRACT_SCHEMA,
    OUTCOMES_SCHEMA,
    slug_of_label,
)
from peelian.core.errors import InputError
from peelian.core.months import Month
from peelian.core.stops import STOPS_SCHEMA
from peelian.ingest.police_forces import FORCE_NAMES
from peelian.ingest.repair import LONDON

RecordTable = Literal["crimes", "stops", "outcomes"]

_FORCE = {"force": pl.String()}
_PUBLISHED_ID = {"published_id": EXTRACT_SCHEMA["published_id"]}
# Columns of the parsed rows: the table's own, the API's row id (stops have none), the force.
PARSED_SCHEMAS: dict[RecordTable, dict[str, pl.DataType]] = {
    "crimes": CRIMES_SCHEMA | _PUBLISHED_ID | _FORCE,
    "stops": STOPS_SCHEMA | _FORCE,
    "outcomes": OUTCOMES_SCHEMA | _PUBLISHED_ID | _FORCE,
}
REFUSED_SCHEMA: dict[str, pl.DataType] = {
    "file": pl.String(),
    "line": pl.Int64(),  # the record's number in its answer, counted from 1
    "reason": pl.String(),
    "text": pl.String(),
}


@dataclass(frozen=True)
class ParsedAnswer:
    """One answer's records: rows that can be used, and those refused with the reason.

    rows: the columns of PARSED_SCHEMAS. refused: the columns of REFUSED_SCHEMA. `read` is
    always the rows plus the refused.
    """

    table: RecordTable
    rows: pl.DataFrame
    refused: pl.DataFrame

    @property
    def read(self) -> int:
        """How many records the answer holds."""
        return self.rows.height + self.refused.height


class _Street(msgspec.Struct, frozen=True):
    id: int
    name: str | None = None


class _Location(msgspec.Struct, frozen=True):
    latitude: str | float | None
    longitude: str | float | None
    street: _Street | None = None


class _OutcomeStatus(msgspec.Struct, frozen=True):
    category: str | None = None
    date: str | None = None


class _Crime(msgspec.Struct, frozen=True):
    category: str
    month: str
    id: int
    location_type: str | None = None
    location: _Location | None = None
    context: str | None = None
    persistent_id: str | None = None
    outcome_status: _OutcomeStatus | None = None


class _OutcomeCategory(msgspec.Struct, frozen=True):
    name: str
    code: str | None = None


class _Outcome(msgspec.Struct, frozen=True):
    category: _OutcomeCategory
    date: str
    crime: _Crime


class _CaseHistory(msgspec.Struct, frozen=True):
    crime: dict[str, Any]
    outcomes: list[dict[str, Any]] | None


class _Stop(msgspec.Struct, frozen=True):
    datetime: str
    type: str | None
    location: _Location | None = None
    operation: bool | None = None
    operation_name: str | None = None
    gender: str | None = None
    age_range: str | None = None
    self_defined_ethnicity: str | None = None
    officer_defined_ethnicity: str | None = None
    legislation: str | None = None
    object_of_search: str | None = None
    outcome: str | bool | None = None
    outcome_linked_to_object_of_search: bool | None = None
    removal_of_more_than_outer_clothing: bool | None = None


class _RefusedRecordError(Exception):
    """Why one record cannot be used."""


def parse_records(
    body: bytes, table: RecordTable, *, force: str, file: str = "", month: Month | None = None
) -> ParsedAnswer:
    """The records of one answer (a list, or one object) as rows; none is lost.

    force: whose records these are, except where a record says British Transport Police.
    month: the month that was asked for, which for stops is the publisher's bucket; without
    it a stop's month is that of its local time. A body that is not JSON is an InputError.
    """
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        raw = _raw_records(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            f"An answer of the police.uk API is JSON; {file or 'this one'} is not: {error}. "
            f"Fetch it again."
        ) from error
    decode, row_of = _READERS[table]
    rows: list[tuple[Any, ...]] = []
    refused: list[tuple[str, int, str, str]] = []
    for number, record in enumerate(raw, start=1):
        try:
            rows.append(row_of(decode(record), force, month))
        except (msgspec.DecodeError, UnicodeDecodeError, _RefusedRecordError) as error:
            refused.append((file, number, str(error), bytes(record).decode("utf-8", "replace")))
    parsed = pl.DataFrame(rows, schema=PARSED_SCHEMAS[table], orient="row")
    return ParsedAnswer(table, parsed, pl.DataFrame(refused, schema=REFUSED_SCHEMA, orient="row"))


def _raw_records(body: bytes) -> list[msgspec.Raw]:
    """The list's items. An object is a list of one; a crime's history, one outcome an entry."""
    try:
        return msgspec.json.decode(body, type=list[msgspec.Raw])
    except msgspec.ValidationError:
        pass
    try:
        history = msgspec.json.decode(body, type=_CaseHistory)
    except msgspec.ValidationError:
        return [msgspec.Raw(body)]
    return [
        msgspec.Raw(msgspec.json.encode(entry | {"crime": history.crime}))
        for entry in history.outcomes or []
    ]


def _crime_row(crime: _Crime, force: str, asked: Month | None) -> tuple[Any, ...]:
    slug = slug_of_label(crime.category)
    if slug is None:
        raise _RefusedRecordError(f"unknown crime type {crime.category!r}")
    longitude, latitude = _position(crime.location)
    whose = _force_of(crime, force)
    name = FORCE_NAMES.get(whose, whose)
    outcome = crime.outcome_status.category if crime.outcome_status else None
    return (
        _text(crime.persistent_id),
        False,  # repeats are marked once the partition is whole
        _month(crime.month),
        name,
        name,
        longitude,
        latitude,
        _street_name(crime.location),
        None,
        None,
        slug,
        _text(outcome),
        _text(crime.context),
        str(crime.id),
        whose,
    )


def _outcome_row(outcome: _Outcome, force: str, asked: Month | None) -> tuple[Any, ...]:
    crime = outcome.crime
    longitude, latitude = _position(crime.location)
    whose = _force_of(crime, force)
    name = FORCE_NAMES.get(whose, whose)
    return (
        _text(crime.persistent_id),
        _month(outcome.date),
        name,
        name,
        longitude,
        latitude,
        _street_name(crime.location),
        None,
        None,
        outcome.category.name,
        str(crime.id),
        whose,
    )


def _stop_row(stop: _Stop, force: str, asked: Month | None) -> tuple[Any, ...]:
    try:
        moment = datetime.fromisoformat(stop.datetime)
    except ValueError as error:
        raise _RefusedRecordError(f"unreadable time {stop.datetime!r}") from error
    in_utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    local = in_utc.astimezone(ZoneInfo(LONDON)).replace(tzinfo=None)
    longitude, latitude = _position(stop.location)
    return (
        _text(stop.type),
        in_utc,
        local,
        (asked or Month.of(local)).first_day,
        stop.operation,
        _text(stop.operation_name),
        longitude,
        latitude,
        _text(stop.gender),
        _text(stop.age_range),
        _text(stop.self_defined_ethnicity),
        _text(stop.officer_defined_ethnicity),
        _text(stop.legislation),
        _text(stop.object_of_search),
        _stop_outcome(stop.outcome),
        stop.outcome_linked_to_object_of_search,
        stop.removal_of_more_than_outer_clothing,
        force,
    )


_READERS: dict[RecordTable, tuple[Callable[[Any], Any], Callable[..., tuple[Any, ...]]]] = {
    "crimes": (msgspec.json.Decoder(_Crime).decode, _crime_row),
    "stops": (msgspec.json.Decoder(_Stop).decode, _stop_row),
    "outcomes": (msgspec.json.Decoder(_Outcome).decode, _outcome_row),
}


def _force_of(crime: _Crime, force: str) -> str:
    is_transport_police = (crime.location_type or "").upper() == "BTP"
    return BRITISH_TRANSPORT_POLICE if is_transport_police else force


def _month(text: str) -> date:
    try:
        return Month.parse(text).first_day
    except InputError as error:
        raise _RefusedRecordError(f"unreadable month {text!r}") from error


def _position(location: _Location | None) -> tuple[float | None, float | None]:
    """Longitude and latitude as published; none where the publisher gives none."""
    if location is None:
        return None, None
    return _degrees(location.longitude), _degrees(location.latitude)


def _degrees(written: str | float | None) -> float | None:
    if written is None or written == "":
        return None
    try:
        degrees = float(written)
    except ValueError:
        degrees = math.nan
    if not math.isfinite(degrees):
        raise _RefusedRecordError(f"unreadable coordinate {written!r}")
    return degrees


def _street_name(location: _Location | None) -> str | None:
    return _text(location.street.name) if location and location.street else None


def _text(value: str | None) -> str | None:
    """Entities read, white space tidied; an empty text is nothing."""
    return " ".join(html.unescape(value).split()) or None if value else None


def _stop_outcome(value: str | bool | None) -> str | None:
    # Until 2018 the service wrote `false` for a search that found nothing; the archive's
    # files write it out. `true` was never seen and says nothing.
    if value is False:
        return "Nothing found - no further action"
    return _text(value) if isinstance(value, str) else None
