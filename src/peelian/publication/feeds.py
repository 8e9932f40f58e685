"""What a reader can follow: an Atom feed of snapshots, a calendar of reviews and due dates."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

from peelian.publication.disclosed import DisclosedWardPage
from peelian.publication.translation import _

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class FeedEntry:
    """A snapshot in the feed. day: YYYY-MM-DD. state: its sentence of state."""

    id: str
    day: str
    state: str
    differences: tuple[str, ...] = ()


def atom_feed(page: DisclosedWardPage, entries: Sequence[FeedEntry], *, address: str = "") -> bytes:
    """The ward's snapshots as an Atom feed (RFC 4287), newest first.

    address: where the ward's folder is on the web, with a slash at the end; links are
    relative without it. Ids do not depend on it, so a site can move.
    """
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    newest = max((entry.day for entry in entries), default=page.snapshot_day)
    _text(
        feed,
        "title",
        _("{ward}: what was promised, what the records say").format(ward=page.ward_name),
    )
    _text(feed, "id", _stable_id(page.ward_code))
    _text(feed, "updated", _instant(newest))
    _link(feed, "self", f"{address}feed.atom", "application/atom+xml")
    _link(feed, "alternate", f"{address}index.html", "text/html")
    author = ElementTree.SubElement(feed, f"{{{_ATOM}}}author")
    _text(author, "name", page.operator or _("Peelian"))
    _text(feed, "rights", page.licence)
    for entry in sorted(entries, key=lambda e: e.day, reverse=True):
        _entry(feed, entry, page, address)
    ElementTree.indent(feed, " ")
    text: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _entry(
    feed: ElementTree.Element, entry: FeedEntry, page: DisclosedWardPage, address: str
) -> None:
    element = ElementTree.SubElement(feed, f"{{{_ATOM}}}entry")
    _text(element, "title", _("{ward}, {day}").format(ward=page.ward_name, day=entry.day))
    _text(element, "id", _stable_id(f"{page.ward_code}/{entry.id}"))
    _text(element, "updated", _instant(entry.day))
    folder = f"{address}snapshots/{entry.day}-{entry.id}/"
    _link(element, "alternate", f"{folder}index.html", "text/html")
    _text(element, "summary", " ".join((entry.state, *entry.differences)))


def _text(parent: ElementTree.Element, name: str, words: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}").text = words


def _link(parent: ElementTree.Element, rel: str, href: str, kind: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}link", {"rel": rel, "href": href, "type": kind})


def _stable_id(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"peelian:{name}").urn


def _instant(day: str) -> str:
    return f"{day}T00:00:00Z"


def reviews_calendar(page: DisclosedWardPage, *, sequence: int) -> bytes:
    """Reviews of priorities and due commitments as a calendar (RFC 5545), whole days.

    sequence: how many snapshots came before; it tells a calendar which version is newer. A
    day's UID stays the same when it is moved. With nothing due the calendar is empty.
    """
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", f"-//Peelian {page.code_version}//Ward page//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("{ward}: reviews and due dates").format(ward=page.ward_name))
    stamp = datetime.combine(date.fromisoformat(page.snapshot_day), datetime.min.time(), UTC)
    for uid, summary, day in _days(page):
        event = Event()
        event.add("uid", f"{uid}.{page.ward_code}@peelian")
        event.add("dtstamp", stamp)
        event.add("sequence", sequence)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", summary)
        event.add("status", "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        if page.address:
            event.add("url", page.address)
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def _days(page: DisclosedWardPage) -> Iterator[tuple[str, str, date]]:
    for priority in page.priorities:
        if (day := _day(priority.review_date)) is not None:
            yield f"{priority.id}-review", _("Review: {what}").format(what=priority.title), day
    for commitment in page.commitments:
        if (day := _day(commitment.due_date)) is not None:
            yield f"{commitment.id}-due", _("Due: {what}").format(what=commitment.text), day


def _day(written: str) -> date | None:
    """The day, or None where a ward file has no date or one that is none."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
