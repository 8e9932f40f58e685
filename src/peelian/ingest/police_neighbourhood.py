"""What police.uk says of a neighbourhood team, as the pieces of a ward file.

Names, descriptions and priorities come with HTML and entities and leave as plain text.
A population that is no number, or zero, is not known.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from peelian.core.errors import LayoutError, ShapeError
from peelian.core.wards import Channel, ChannelKind, Priority, TeamMember, WardFile
from peelian.ingest.markup import plain_text
from peelian.ingest.police_forces import FORCE_NAMES

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

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
_LONGEST_TITLE = 80


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
    priorities: tuple[Priority, ...] = ()
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


class _Priority(msgspec.Struct, frozen=True, rename={"issue_date": "issue-date",
                                                     "action_date": "action-date"}):  # fmt: skip
    issue: str | None
    action: str | None = None
    issue_date: str | None = None
    action_date: str | None = None


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
        name=plain_text(found.name),
        description=plain_text(found.description),
        force_url=found.url_force or "",
        population=_population(found.population),
        centre=_degrees(found.centre) if found.centre else None,
        channels=_channels(found.contact_details),
        links=tuple(
            Link(plain_text(link.title), link.url, plain_text(link.description))
            for link in found.links
            if link.url
        ),
        bases=tuple(_base(place) for place in found.locations),
    )


def read_people(answer: bytes) -> tuple[TeamMember, ...]:
    """The team's officers (`/{force}/{id}/people`); a rank that is not given is ""."""
    officers = _decoded(answer, list[_Officer], "people", _Officer)
    return tuple(TeamMember(name=plain_text(o.name), rank=plain_text(o.rank)) for o in officers)


def read_priorities(answer: bytes) -> tuple[Priority, ...]:
    """The team's priorities (`/{force}/{id}/priorities`), Issue and Action as plain text.

    Dates stay as published; an Action that is not there yet is "". The title is the first
    sentence of the Issue, shortened.
    """
    published = _decoded(answer, list[_Priority], "priorities", _Priority)
    return tuple(
        Priority(
            id=f"p{number}",
            title=_title(plain_text(priority.issue)),
            issue=plain_text(priority.issue),
            action=plain_text(priority.action),
            issue_date=priority.issue_date or "",
            action_date=priority.action_date or "",
        )
        for number, priority in enumerate(published, start=1)
    )


def read_events(answer: bytes) -> tuple[PublicEvent, ...]:
    """Meetings to come (`/{force}/{id}/events`), by their start."""
    events = _decoded(answer, list[_Event], "events", _Event)
    return tuple(
        sorted(
            (
                PublicEvent(
                    title=plain_text(event.title),
                    kind=event.type or "",
                    starts=_moment(event.start_date),
                    ends=_moment(event.end_date) if event.end_date else None,
                    address=" ".join(plain_text(event.address).split()),
                    description=plain_text(event.description),
                )
                for event in events
            ),
            key=lambda event: event.starts,
        )
    )


def read_boundary(answer: bytes) -> BaseGeometry:
    """The neighbourhood's boundary (`/{force}/{id}/boundary`) in EPSG:27700, metres.

    The service writes one ring, its first vertex last or not. A ring that crosses itself is
    repaired. Fewer than three different vertices are a ShapeError.
    """
    import shapely

    from peelian.core.grid import shape_to_grid

    places = _decoded(answer, list[_Place], "boundary")
    vertices = [degrees for place in places if (degrees := _degrees(place)) is not None]
    if len(vertices) != len(places) or len(set(vertices)) < 3:
        raise ShapeError(
            f"A boundary has at least three vertices, each with latitude and longitude; found "
            f"{len(places)} vertices, {len(set(vertices))} of them different and readable. "
            f"Fetch it again, or take the ward's boundary from a boundary file."
        )
    ring = shape_to_grid(shapely.Polygon(vertices))
    return ring if ring.is_valid else shapely.make_valid(ring, method="structure")


def ward_file_of(
    neighbourhood: Neighbourhood, *, ward: str, force: str, address: str = ""
) -> WardFile:
    """A ward file with what police.uk says of the team.

    ward: the area's code, E05013669. force: police.uk's force id. Commitments and claims are
    not read out of the texts here.
    """
    return WardFile(
        ward=ward,
        name=neighbourhood.name,
        operator=FORCE_NAMES.get(force, force),
        address=address,
        force=force,
        neighbourhood=neighbourhood.id,
        channels=list(neighbourhood.channels),
        team=list(neighbourhood.team),
        priorities=list(neighbourhood.priorities),
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
            channels.append(Channel(kind=kind, note="obfuscated on the page: ask the team"))
        else:
            channels.append(
                Channel(kind=kind, value=plain_text(value), note="" if key == kind else key)
            )
    return tuple(channels)


def _base(place: _Place) -> TeamBase:
    base = TeamBase(
        name=plain_text(place.name),
        kind=place.type or "",
        address=" ".join(plain_text(place.address).replace("\n,", ",").split()),
        postcode=place.postcode or "",
    )
    degrees = _degrees(place)
    return base if degrees is None else replace(base, longitude=degrees[0], latitude=degrees[1])


def _title(issue: str) -> str:
    sentence = re.split(r"(?<=[.!?])\s|\n", issue, maxsplit=1)[0].rstrip(".")
    if len(sentence) <= _LONGEST_TITLE:
        return sentence
    return sentence[:_LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(",;") + " …"


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise LayoutError(
            f"An event's time is written YYYY-MM-DDTHH:MM:SS; found {text!r}. Fetch it again."
        ) from error
