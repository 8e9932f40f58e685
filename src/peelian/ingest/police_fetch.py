"""Fetch a ward from data.police.uk: save what it answers, then ingest what was saved.

The saved files can be ingested again at any time, without the service.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from peelian.core.areas import Area
from peelian.core.errors import InputError, PublisherError
from peelian.core.grid import shape_to_degrees
from peelian.core.months import Month
from peelian.core.wards import WardFile
from peelian.ingest.police_api import ApiReport, ingest_api_json
from peelian.ingest.police_api_records import RecordTable
from peelian.ingest.police_neighbourhood import (
    Neighbourhood,
    read_events,
    read_neighbourhood,
    read_people,
    ward_file_of,
)
from peelian.ingest.police_service import PoliceService
from peelian.ingest.police_transport import Record
from peelian.store import Store

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

    def lines(self) -> tuple[str, ...]:
        """The report for a person to read."""
        missing = (f"not published: {n.table} {n.month}: {n.reason}" for n in self.not_published)
        return (f"{len(self.saved)} answers saved", *self.ingested.lines(), *missing)


@dataclass(frozen=True)
class FetchedTeam:
    """What a team publishes of itself. saved: the answers as they were sent."""

    ward_file: WardFile
    facts: Neighbourhood
    saved: tuple[Path, ...]

    def lines(self) -> tuple[str, ...]:
        """The report for a person to read."""
        facts = self.facts
        return (
            f"{facts.name}: {len(self.ward_file.priorities)} priorities, {len(facts.team)} "
            f"officers, {len(facts.events)} meetings to come",
            *(f"saved {path}" for path in self.saved),
        )


def fetch_ward(
    service: PoliceService,
    area: Area,
    months: Iterable[Month],
    store: Store,
    *,
    force: str,
    answers: Path,
    stops: bool = True,
    outcomes: bool = False,
    replace: bool = False,
    progress: Callable[[str], None] | None = None,
) -> FetchReport:
    """Fetch a ward's crimes, and its stops and outcomes where wanted, and ingest them.

    force: whose ward it is, checked against the ward's middle. answers: the folder they are
    saved in, by month, named with the force and the area's code. progress: called with a
    line for each answer. Every month is checked against those served before any is asked
    for. Saved answers stay where a later one fails: `peelian ingest` reads them.
    """
    if not _WRITABLE.fullmatch(area.code):
        raise InputError(
            f"Answers are saved under the area's code, letters and figures as in E05013669; "
            f"found {area.code!r}. Use a boundary set with codes."
        )
    _check_whose(service, area, force)
    served = {month: service.check_served(month) for month in months}
    saved: list[Path] = []
    published: list[tuple[RecordTable, Month]] = []
    not_published: list[NotPublished] = []

    def keep(route: str, month: Month, records: Sequence[Record]) -> None:
        file = answers / str(month) / f"{route}_{force}_{area.code}_{month}.json"
        _write_whole(file, msgspec.json.encode(records))
        saved.append(file)
        if progress is not None:
            progress(f"{route} {month}: {len(records):,} records")

    for month, listed in served.items():
        crimes = service.crimes_in(area.shape, month)
        if crimes or service.has_published_crimes(force, month):
            published.append(("crimes", month))
            keep("crimes-street_all-crime", month, crimes)
        else:
            reason = f"the area's answer is empty, and so is that for all of {force}"
            not_published.append(NotPublished("crimes", month, reason))
        if outcomes:
            keep("outcomes-at-location", month, service.outcomes_in(area.shape, month))
        if stops and force in listed.stop_forces:
            published.append(("stops", month))
            keep("stops-street", month, service.stops_in(area.shape, month, force=force))
        elif stops:
            reason = f"{force} is not among the forces with stops for the month"
            not_published.append(NotPublished("stops", month, reason))
    nothing = ApiReport(partitions=(), left_out=(), read=0, refused=0)
    ingested = (
        ingest_api_json(saved, store, force=force, published=published, replace=replace)
        if saved
        else nothing
    )
    return FetchReport(tuple(saved), ingested, tuple(not_published))


def fetch_neighbourhood(
    service: PoliceService, force: str, neighbourhood: str, *, ward: str, answers: Path
) -> FetchedTeam:
    """Fetch what a team publishes of itself: facts, officers, priorities, meetings to come.

    ward: the area's code, for the ward file. answers: the folder they are saved in as sent.
    """
    sent = {
        "neighbourhood": service.neighbourhood(force, neighbourhood),
        "people": service.people(force, neighbourhood),
        "priorities": service.priorities(force, neighbourhood),
        "events": service.events(force, neighbourhood),
        "boundary": service.boundary(force, neighbourhood),
    }
    saved = []
    for route, answer in sent.items():
        saved.append(answers / f"{route}_{force}_{neighbourhood}.json")
        _write_whole(saved[-1], answer)
    facts = dataclasses.replace(
        read_neighbourhood(sent["neighbourhood"]),
        team=read_people(sent["people"]),
        events=read_events(sent["events"]),
    )
    ward_file = ward_file_of(facts, sent["priorities"], ward=ward, force=force)
    return FetchedTeam(ward_file, facts, tuple(saved))


def _check_whose(service: PoliceService, area: Area, force: str) -> None:
    service.check_force(force)
    middle = shape_to_degrees(area.shape.representative_point())
    located = service.locate(middle.x, middle.y)
    if located is not None and located.force != force:
        raise PublisherError(
            f"Records are filed under the force that they are fetched for; {area.name} lies in "
            f"the area of {located.force}, and {force} was given. Give {located.force}."
        )


def _write_whole(file: Path, content: bytes) -> None:
    """Write beside, then put in place, so that a file is never half there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(content)
    part.replace(file)
