"""Fetch a ward from data.police.uk: save what it answers, then ingest what was saved.

The saved files can be ingested again at any time, without the service.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from peelian.core.errors import InputError
from peelian.core.months import Month
from peelian.ingest.police_api import ApiReport, ingest_api_json
from peelian.ingest.police_api_records import RecordTable
from peelian.ingest.police_neighbourhood import (
    Neighbourhood,
    read_events,
    read_neighbourhood,
    read_people,
    read_priorities,
)
from peelian.ingest.police_service import PoliceService
from peelian.ingest.police_transport import Record
from peelian.store import Store

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_WRITABLE = re.compile(r"[A-Za-z0-9-]+")


@dataclass(frozen=True)
class NotPublished:
    """Records of a month that the service does not have, and how that is known."""

    table: str
    month: Month
    reason: str


@dataclass(frozen=True)
class FetchReport:
    """What a fetch saved, what became of it, and what there was not to fetch."""

    saved: tuple[Path, ...]
    ingested: ApiReport
    not_published: tuple[NotPublished, ...]


def fetch_ward(
    service: PoliceService,
    boundary: BaseGeometry,
    months: Iterable[Month],
    store: Store,
    *,
    force: str,
    ward: str,
    folder: Path,
    stops: bool = True,
    outcomes: bool = False,
    replace: bool = False,
    progress: Callable[[str], None] | None = None,
) -> FetchReport:
    """Fetch a ward's crimes, and its stops and outcomes where wanted, into folder and store.

    boundary: EPSG:27700, metres. ward: the area's code, by which the files are named. force:
    whose ward it is. folder: where the answers are saved, as FORCE/YYYY-MM/…json. progress:
    called with a line for each answer. Every month is checked against those served before
    any is asked for. Saved answers stay where a later one fails: `peelian ingest` reads them.
    """
    if not _WRITABLE.fullmatch(ward):
        raise InputError(
            f"Answers are saved under the ward's code, letters and figures as in E05013669; "
            f"found {ward!r}. Give the code."
        )
    wanted = list(months)
    served = {month: service.check_served(month) for month in wanted}
    saved: list[Path] = []
    published: list[tuple[RecordTable, Month]] = []
    not_published: list[NotPublished] = []

    def keep(route: str, month: Month, records: Sequence[Record]) -> None:
        saved.append(_save(folder, force, route, ward, month, records))
        if progress is not None:
            progress(f"{route} {month}: {len(records):,} records")

    for month in wanted:
        crimes = service.crimes_in(boundary, month)
        if crimes or service.has_published_crimes(force, month):
            published.append(("crimes", month))
            keep("crimes-street_all-crime", month, crimes)
        else:
            reason = f"the area's answer is empty, and so is that for all of {force}"
            not_published.append(NotPublished("crimes", month, reason))
        if outcomes:
            keep("outcomes-at-location", month, service.outcomes_in(boundary, month))
        if stops and force in served[month].stop_forces:
            keep("stops-street", month, service.stops_in(boundary, month, force=force))
            published.append(("stops", month))
        elif stops:
            reason = f"{force} is not among the forces with stops for the month"
            not_published.append(NotPublished("stops", month, reason))
    if not saved:
        return FetchReport((), ApiReport((), (), 0, 0), tuple(not_published))
    ingested = ingest_api_json(saved, store, force=force, published=published, replace=replace)
    return FetchReport(tuple(saved), ingested, tuple(not_published))


def fetch_neighbourhood(
    service: PoliceService, force: str, neighbourhood: str, *, folder: Path | None = None
) -> Neighbourhood:
    """What a team publishes of itself: facts, officers, priorities, meetings to come.

    folder: where the answers are saved as they were sent; nowhere unless given.
    """
    answers = {
        "neighbourhood": service.neighbourhood(force, neighbourhood),
        "people": service.people(force, neighbourhood),
        "priorities": service.priorities(force, neighbourhood),
        "events": service.events(force, neighbourhood),
    }
    if folder is not None:
        for route, answer in answers.items():
            _write_whole(folder / force / f"{route}_{neighbourhood}.json", answer)
    return dataclasses.replace(
        read_neighbourhood(answers["neighbourhood"]),
        team=read_people(answers["people"]),
        priorities=read_priorities(answers["priorities"]),
        events=read_events(answers["events"]),
    )


def _save(
    folder: Path, force: str, route: str, ward: str, month: Month, records: Sequence[Record]
) -> Path:
    file = folder / force / str(month) / f"{route}_{ward}_{month}.json"
    _write_whole(file, msgspec.json.encode(records))
    return file


def _write_whole(file: Path, content: bytes) -> None:
    """Write beside, then put in place, so that a file is never half there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(content)
    part.replace(file)
