"""The live data.police.uk API, with its silent traps turned into errors.

The service answers some wrong questions as if they were right: without a date it serves the
latest month, for a category it does not know all crime, for a force it does not know an
empty list. Everything is therefore checked before it is asked, and again when it is answered.
An area is asked for by its own boundary, never by the one-mile circle round a point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from peelian.core.crimes import BRITISH_TRANSPORT_POLICE
from peelian.core.errors import PublisherError, UnknownPlaceError
from peelian.core.months import Month
from peelian.ingest.police_areas import asked_polygons, halves, poly_text
from peelian.ingest.police_transport import BASE_URL, Record, Transport, misshapen
from peelian.ingest.repair import LONDON

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_ALL_CRIME = "all-crime"
_DEEPEST_SPLIT = 8  # into 256 pieces: 10,000 crimes each would be more than a year of London


@dataclass(frozen=True)
class ServedMonth:
    """A month that the service serves, and the forces whose stops it has for it."""

    month: Month
    stop_forces: frozenset[str]


class Located(msgspec.Struct, frozen=True):
    """The force and the neighbourhood team that a point belongs to, by police.uk's ids."""

    force: str
    neighbourhood: str


class PoliceService:
    """Asks the service, at its pace. Every failure is a PublisherError that says what to do."""

    def __init__(self, base_url: str = BASE_URL, *, transport: Transport | None = None) -> None:
        """base_url: where the service is. transport: a pace of its own, for another service."""
        self._transport = transport or Transport(base_url=base_url)

    def close(self) -> None:
        """Let go of the connections."""
        self._transport.close()

    def __enter__(self) -> PoliceService:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # What the service holds

    @cached_property
    def served_months(self) -> tuple[ServedMonth, ...]:
        """The months the service serves, newest first: a rolling window of about 36."""
        rows = self._transport.list_from("crimes-street-dates")
        try:
            return tuple(
                ServedMonth(Month.parse(row["date"]), frozenset(row["stop-and-search"]))
                for row in rows
            )
        except (KeyError, TypeError) as error:
            raise misshapen("crimes-street-dates") from error

    @cached_property
    def categories(self) -> frozenset[str]:
        """The slugs of crime categories that can be asked for."""
        return self._values("crime-categories", "url")

    @cached_property
    def forces(self) -> frozenset[str]:
        """The ids of the forces; the British Transport Police are not among them."""
        return self._values("forces", "id")

    def check_served(self, month: Month) -> ServedMonth:
        """The month, where the service serves it; a PublisherError where it does not."""
        served = {entry.month: entry for entry in self.served_months}
        if month not in served:
            raise PublisherError(
                f"data.police.uk serves {min(served)} to {max(served)}; {month} was asked for. "
                f"Older months are in the archive (data.police.uk/data/archive): download it "
                f"and `peelian ingest` it. Newer ones are published about two months later."
                if served
                else "data.police.uk lists no month that it serves. Try again later."
            )
        return served[month]

    def check_force(self, force: str, *, transport_police: bool = False) -> None:
        """Nothing, where the service knows the force; a PublisherError where it does not.

        transport_police: take the British Transport Police too, who are in no list.
        """
        if transport_police and force == BRITISH_TRANSPORT_POLICE:
            return
        if force not in self.forces:
            raise PublisherError(
                f"The service answers for an unknown force as if it had no records; it knows "
                f"{', '.join(sorted(self.forces))}, and {force!r} was asked for. "
                f"Use one of these."
            )

    # Records of an area

    def crimes_in(
        self, boundary: BaseGeometry, month: Month, *, category: str = _ALL_CRIME
    ) -> list[Record]:
        """The month's crimes in an area and up to 20 m around it, each once.

        boundary: EPSG:27700, metres. The rim keeps what a moved line could bring in; the
        store is asked by the true boundary afterwards.
        """
        self.check_served(month)
        self._check_category(category)
        records = self._in_area(f"crimes-street/{category}", boundary, month)
        self._check_returned(records, month, lambda record: {record["month"]})
        return _each_once(records)

    def outcomes_in(self, boundary: BaseGeometry, month: Month) -> list[Record]:
        """The outcomes that crimes in an area were given in a month; as `crimes_in` otherwise."""
        self.check_served(month)
        records = self._in_area("outcomes-at-location", boundary, month)
        self._check_returned(records, month, lambda record: {record["date"]})
        return _each_once(records)

    def stops_in(self, boundary: BaseGeometry, month: Month, *, force: str) -> list[Record]:
        """The month's stops and searches in an area; as `crimes_in` otherwise.

        force: whose stops are looked for. Where that force has not published stops for the
        month, an empty list would look like none, and it is a PublisherError.
        """
        self._check_stops(force, month)
        records = self._in_area("stops-street", boundary, month)
        self._check_returned(records, month, _months_of_stop)
        return records

    def stops_of(self, force: str, month: Month) -> list[Record]:
        """All stops and searches of a force in a month, those without a place too."""
        self._check_stops(force, month)
        records = self._transport.list_from("stops-force", {"force": force, "date": str(month)})
        self._check_returned(records, month, _months_of_stop)
        return records

    def has_published_crimes(self, force: str, month: Month) -> bool:
        """Whether any crime of the force is served for the month, asked by those without a place.

        Tells an area without crime from a force that sent nothing. A force that places every
        crime looks as if it had sent nothing; then the area is not held, which is not zero.
        """
        self.check_served(month)
        self.check_force(force)
        asked = {"category": _ALL_CRIME, "force": force, "date": str(month)}
        return bool(self._transport.list_from("crimes-no-location", asked))

    # Neighbourhood teams

    def neighbourhood(self, force: str, neighbourhood: str) -> bytes:
        """A neighbourhood's answer as sent: its name, description, channels, population."""
        return self._of_neighbourhood(force, neighbourhood, "")

    def priorities(self, force: str, neighbourhood: str) -> bytes:
        """A neighbourhood's priorities as sent."""
        return self._of_neighbourhood(force, neighbourhood, "/priorities")

    def people(self, force: str, neighbourhood: str) -> bytes:
        """A neighbourhood's officers as sent."""
        return self._of_neighbourhood(force, neighbourhood, "/people")

    def events(self, force: str, neighbourhood: str) -> bytes:
        """A neighbourhood's meetings to come as sent."""
        return self._of_neighbourhood(force, neighbourhood, "/events")

    def boundary(self, force: str, neighbourhood: str) -> bytes:
        """A neighbourhood's boundary as sent."""
        return self._of_neighbourhood(force, neighbourhood, "/boundary")

    def locate(self, longitude: float, latitude: float) -> Located | None:
        """Whose a point is, in degrees; None where the service covers no such place."""
        answer = self._transport.body_unless_missing(
            "locate-neighbourhood", {"q": f"{latitude:.6f},{longitude:.6f}"}
        )
        if answer is None:
            return None
        try:
            return msgspec.json.decode(answer, type=Located)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise misshapen("locate-neighbourhood") from error

    def neighbourhoods(self, force: str) -> dict[str, str]:
        """The ids and names of a force's neighbourhoods. Ids change: look them up by name."""
        self.check_force(force)
        return {
            row["id"]: row["name"] for row in self._transport.list_from(f"{force}/neighbourhoods")
        }

    def _of_neighbourhood(self, force: str, neighbourhood: str, rest: str) -> bytes:
        self.check_force(force)
        answer = self._transport.body_unless_missing(f"{force}/{neighbourhood}{rest}")
        if answer is None:
            raise self._unknown_neighbourhood(force, neighbourhood)
        return answer

    def _unknown_neighbourhood(self, force: str, neighbourhood: str) -> UnknownPlaceError:
        known = self.neighbourhoods(force)
        meant = [id_ for id_ in known if id_.casefold() == neighbourhood.casefold()]
        if meant and meant[0] != neighbourhood:
            advice = f"Ids tell capitals from small letters: ask for {meant[0]}."
        else:
            advice = f"{force} has {len(known)} neighbourhoods; look the id up by the ward's name."
        return UnknownPlaceError(
            f"A neighbourhood is asked for by the id the service gives it; {force} has none "
            f"with the id {neighbourhood!r}. {advice}"
        )

    # What is checked before asking, and after

    def _values(self, route: str, key: str) -> frozenset[str]:
        try:
            return frozenset(row[key] for row in self._transport.list_from(route))
        except (KeyError, TypeError) as error:
            raise misshapen(route) from error

    def _check_category(self, category: str) -> None:
        if category not in self.categories:
            raise PublisherError(
                f"The service answers an unknown category with all crime; it knows "
                f"{', '.join(sorted(self.categories))}, and {category!r} was asked for. "
                f"Use one of these."
            )

    def _check_stops(self, force: str, month: Month) -> None:
        self.check_force(force, transport_police=True)
        if force not in self.check_served(month).stop_forces:
            raise PublisherError(
                f"The service answers an empty list where a force has published no stops; "
                f"{force} is not among the forces with stops for {month}. "
                f"Ask for another month, or again later: late forces are added."
            )

    def _check_returned(
        self, records: Sequence[Record], month: Month, months_of: Callable[[Record], set[str]]
    ) -> None:
        try:
            others = [months_of(r) for r in records if str(month) not in months_of(r)]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise misshapen(f"records of {month}") from error
        if others:
            raise PublisherError(
                f"Records of {month} were asked for; {len(others)} of {len(records)} that came "
                f"are of another month ({', '.join(sorted(others[0]))}). The service serves its "
                f"latest month where it does not understand the date. Ask again; nothing was kept."
            )

    def _in_area(self, route: str, boundary: BaseGeometry, month: Month) -> list[Record]:
        records: list[Record] = []
        waiting = [(polygon, 0) for polygon in reversed(asked_polygons(boundary))]
        while waiting:
            polygon, depth = waiting.pop()
            asked = {"date": str(month), "poly": poly_text(polygon)}
            found = self._transport.list_unless_too_large(route, asked)
            if found is not None:
                records.extend(found)
            elif depth < _DEEPEST_SPLIT:
                waiting.extend((half, depth + 1) for half in halves(polygon))
            else:
                raise PublisherError(
                    f"The service refuses areas with more than 10,000 records; a piece of this "
                    f"one halved {depth} times is still refused. Ask for a smaller area."
                )
        return records


def _each_once(records: Sequence[Record]) -> list[Record]:
    return list(
        {msgspec.json.encode(record, order="sorted"): record for record in records}.values()
    )


def _months_of_stop(stop: Record) -> set[str]:
    # Times are UTC and months local, so a stop at the turn of a month may be in either.
    from datetime import datetime
    from zoneinfo import ZoneInfo

    moment = datetime.fromisoformat(stop["datetime"])
    if moment.tzinfo is None:
        return {str(Month.of(moment))}
    return {str(Month.of(moment)), str(Month.of(moment.astimezone(ZoneInfo(LONDON))))}
