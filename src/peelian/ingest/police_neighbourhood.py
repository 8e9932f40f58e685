"""What police.uk says of a neighbourhood team, as the pieces of a ward file.

Names and descriptions come with HTML and entities and leave as plain text.
A population that is no number, or zero, is not known.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from peelian.core.errors import LayoutError
from peelian.core.published_text import in_one_line, paragraphs_of
from peelian.core.wards import Channel, ChannelKind, TeamMember, WardFile
from peelian.ingest.police_forces import FORCE_NAMES
from peelian.ingest.ward_page import read_ward_page

_CHANNEL_KINDS: dict[str, ChannelKind] = {
    "twitter": "twitter",
    "facebook": "facebook",
    "email": "email",
    "e-messaging": "email",
    "telephone": "telephone",
    "mobile": "telephone",
    "web": "website",
    "address": "address",
}
_OBFUSCATED = re.compile(r"\[email.*protected\]|cdn-cgi/l/email-protection", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """A link the team publishes."""

    title: str
    url: str
    description: str = ""


@dataclass(frozen=True)
class TeamBase:
    """A building the team can be found at. Coordinates: EPSG:4326, None where not given."""

    name: str
    kind: str = ""
    address: str = ""
    postcode: str = ""
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True)
class PublicEvent:
    """A meeting or surgery. Times are the clock in London, as published."""

    title: str
    kind: str
    starts: datetime
    ends: datetime | None
    address: str
    description: str


@dataclass(frozen=True)
class Neighbourhood:
    """A neighbourhood as police.uk describes it. `centre`: longitude, latitude in degrees."""

    id: str
    name: str
    description: str
    force_url: str
    population: int | None
    centre: tuple[float, float] | None
    channels: tuple[Channel, ...]
    links: tuple[Link, ...]
    bases: tuple[TeamBase, ...]
    team: tuple[TeamMember, ...] = ()
    events: tuple[PublicEvent, ...] = ()


class _Place(msgspec.Struct, frozen=True):
    name: str | None = None
    type: str | None = None
    address: str | None = None
    postcode: str | None = None
    longitude: str | float | None = None
    latitude: str | float | None = None


class _Link(msgspec.Struct, frozen=True):
    title: str | None = None
    url: str | None = None
    description: str | None = None


class _Neighbourhood(msgspec.Struct, frozen=True):
    id: str
    name: str
    description: str | None = None
    url_force: str | None = None
    population: str | int | None = None
    centre: _Place | None = None
    contact_details: dict[str, str | None] = {}
    links: list[_Link] = []
    locations: list[_Place] = []


class _Officer(msgspec.Struct, frozen=True):
    name: str
    rank: str | None = None


class _Event(msgspec.Struct, frozen=True):
    title: str | None
    start_date: str
    end_date: str | None = None
    type: str | None = None
    address: str | None = None
    description: str | None = None


def read_neighbourhood(answer: bytes) -> Neighbourhood:
    """The facts of one neighbourhood (`/{force}/{id}`)."""
    found = _decoded(answer, _Neighbourhood, "neighbourhood")
    return Neighbourhood(
        id=found.id,
        name=_line(found.name),
        description=_paragraphs(found.description),
        force_url=found.url_force or "",
        population=_population(found.population),
        centre=_degrees(found.centre) if found.centre else None,
        channels=_channels(found.contact_details),
        links=tuple(
            Link(_line(link.title), link.url, _line(link.description))
            for link in found.links
            if link.url
        ),
        bases=tuple(_base(place) for place in found.locations),
    )


def read_people(answer: bytes) -> tuple[TeamMember, ...]:
    """The team's officers (`/{force}/{id}/people`); a rank that is not given is ""."""
    officers = _decoded(answer, list[_Officer], "people", _Officer)
    return tuple(TeamMember(name=_line(o.name), rank=_line(o.rank)) for o in officers)


def read_events(answer: bytes) -> tuple[PublicEvent, ...]:
    """Meetings to come (`/{force}/{id}/events`), by their start."""
    events = _decoded(answer, list[_Event], "events", _Event)
    return tuple(
        sorted(
            (
                PublicEvent(
                    title=_line(event.title),
                    kind=event.type or "",
                    starts=_moment(event.start_date),
                    ends=_moment(event.end_date) if event.end_date else None,
                    address=_line(event.address),
                    description=_paragraphs(event.description),
                )
                for event in events
            ),
            key=lambda event: event.starts,
        )
    )


def ward_file_of(
    neighbourhood: Neighbourhood, priorities: bytes, *, ward: str, force: str
) -> WardFile:
    """A ward file with what police.uk says of the team.

    priorities: the answer of `/{force}/{id}/priorities`; what it promises and claims is read
    as from a published page, its HTML kept. ward: the area's code, E05013669. force:
    police.uk's force id. The team's address is the link that police.uk has to its page.
    """
    try:
        text = priorities.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LayoutError(
            f"A police.uk answer is written in UTF-8; this one with priorities is not: {error}. "
            f"Fetch it again."
        ) from error
    read = read_ward_page(
        text,
        ward=ward,
        name=neighbourhood.name,
        operator=FORCE_NAMES.get(force, force),
        force=force,
        neighbourhood=neighbourhood.id,
    )
    return msgspec.structs.replace(
        read,
        address=neighbourhood.force_url,
        channels=list(neighbourhood.channels),
        team=list(neighbourhood.team),
    )


def _decoded(answer: bytes, wanted: Any, what: str, lone: Any = None) -> Any:
    """The answer in its published shape; one object where `lone` names its type is a list."""
    try:
        if lone is not None and answer.lstrip()[:1] == b"{":
            return [msgspec.json.decode(answer, type=lone)]
        return msgspec.json.decode(answer, type=wanted)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LayoutError(
            f"A police.uk answer with a neighbourhood's {what} has the published shape; "
            f"this one has not: {error}. Fetch it again."
        ) from error


def _paragraphs(published: str | None) -> str:
    return "\n\n".join(paragraphs_of(published or ""))


def _line(published: str | None) -> str:
    return in_one_line(" ".join(paragraphs_of(published or "")))


def _population(value: str | int | None) -> int | None:
    text = str(value or "").replace(",", "").strip()
    return int(text) if text.isascii() and text.isdecimal() and int(text) > 0 else None


def _degrees(place: _Place) -> tuple[float, float] | None:
    try:
        longitude, latitude = float(place.longitude or "nan"), float(place.latitude or "nan")
    except ValueError:
        return None
    return (longitude, latitude) if math.isfinite(longitude + latitude) else None


def _channels(details: dict[str, str | None]) -> tuple[Channel, ...]:
    channels = []
    for key, value in details.items():
        kind = _CHANNEL_KINDS.get(key, "other")
        if not value:
            continue
        if kind == "email" and _OBFUSCATED.search(value):
            channels.append(Channel(kind=kind, note="hidden on the team's page: ask the team"))
        else:
            channels.append(Channel(kind=kind, value=_line(value), note="" if key == kind else key))
    return tuple(channels)


def _base(place: _Place) -> TeamBase:
    base = TeamBase(
        name=_line(place.name),
        kind=place.type or "",
        address=_line(place.address).replace(" ,", ","),
        postcode=place.postcode or "",
    )
    degrees = _degrees(place)
    return base if degrees is None else replace(base, longitude=degrees[0], latitude=degrees[1])


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise LayoutError(
            f"An event's time is written YYYY-MM-DDTHH:MM:SS; found {text!r}. Fetch it again."
        ) from error
