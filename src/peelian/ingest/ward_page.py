"""A published ward page becomes a ward file, and a ward file becomes the page again.

Three forms are read: the text of a force's page with Issue and Action headings, the same
with Issues in SMART form, and police.uk's priorities as JSON, whose HTML is kept as it is.
What the rules read out of the words (commitments, claims, places, measures) is a first
draft for a person to correct in the ward file.
"""

from __future__ import annotations

import json
import re
from typing import Any

from peelian.core.errors import LayoutError
from peelian.core.page_words import named_places
from peelian.core.published_text import paragraphs_of
from peelian.core.wards import (
    ConfirmedPlace,
    Corridor,
    Priority,
    TextWarning,
    WardFile,
)
from peelian.ingest.page_claims import read_claims
from peelian.ingest.page_commitments import read_commitments
from peelian.ingest.page_dates import day_after_span, written_day
from peelian.ingest.page_layout import (
    HIDDEN_EMAIL,
    PublishedPage,
    PublishedPriority,
    is_usual,
    put_together,
    take_apart,
)
from peelian.ingest.page_measures import measures_for, reservation_on, without_topic
from peelian.ingest.page_sentences import page_sentences, smart_parts
from peelian.ingest.page_titles import title_of

_KEYS = ("issue", "issue-date", "action", "action-date")
_FORCES = {"met.police.uk": "metropolitan", "cityoflondon.police.uk": "city-of-london"}
_CORRIDOR_WORDS = r"\b(?:streets?|roads?|routes?|paths?|corridor|area) between (?:the )?"
_NAME = r"[A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*)*"
_STATIONS = re.compile(
    rf"{_CORRIDOR_WORDS}(?P<start>{_NAME}) and (?P<end>{_NAME}?)"
    r"(?: British Rail| [Rr]ail(?:way)?| [Tt]ube| [Uu]nderground)? [Ss]tations\b"
)
_BETWEEN = re.compile(rf"{_CORRIDOR_WORDS}(?P<start>{_NAME}) and (?:the )?(?P<end>{_NAME})")
_JSON = re.compile(r"\s*[\[{]\s*[\[{\"\]}]")
_TARGET = re.compile(
    r"\b(?:an? )?\d+(?:\.\d+)?\s?(?:%|per cent)[^.;,]*|\b(?:fewer|less) than \d+[^.;,]*"
)


def read_ward_page(
    text: str,
    *,
    ward: str,
    name: str | None = None,
    operator: str | None = None,
    force: str = "",
    neighbourhood: str = "",
) -> WardFile:
    """Read a published page into a ward file.

    text: the page's text, or police.uk's priorities JSON. ward: the area's code. name,
    operator: as the page gives them where they are None; police.uk's JSON gives neither.
    A hidden e-mail address is flagged, never stored. The warnings on Issue and Action texts
    are `publication.linter`'s. A text without priorities is a LayoutError.
    """
    page = _read_json(text) if _JSON.match(text) else take_apart(text)
    priorities = [
        _read_priority(published, number) for number, published in enumerate(page.priorities, 1)
    ]
    ward_file = WardFile(
        ward=ward,
        name=name or _name_in(page.address) or ward,
        operator=operator or page.operator,
        address=page.address,
        force=force or _force_of(page.address),
        neighbourhood=neighbourhood,
        channels=page.channels,
        team=page.team,
        places=_places(priorities),
        layout="\n".join(page.layout),
        priorities=priorities,
        warnings=_contact_warnings(page),
    )
    return _without_usual_layout(ward_file)


def export_page(ward_file: WardFile) -> str:
    """The page's text again: equal to what was read, white space apart."""
    return put_together(ward_file)


def export_priorities(ward_file: WardFile) -> list[dict[str, str | None]]:
    """The priorities in police.uk's shape, with its hyphenated keys. What is empty is null.

    A day that a page writes in words ("4 March 2024") comes out as police.uk writes it.
    """
    return [
        {
            "issue": priority.issue,
            "issue-date": _police_uk_date(priority.issue_date),
            "action": priority.action or None,
            "action-date": _police_uk_date(priority.action_date),
        }
        for priority in ward_file.priorities
    ]


def _read_json(text: str) -> PublishedPage:
    try:
        rows: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise LayoutError(
            f"Priorities as JSON are a list that police.uk's API gives; this text breaks off at "
            f"line {error.lineno}: {error.msg}. Fetch it again, or give the page's text."
        ) from error
    if not isinstance(rows, list):
        raise LayoutError(
            "police.uk gives priorities as a list of objects; found one "
            f"{type(rows).__name__}. Give the answer of …/priorities."
        )
    return PublishedPage(priorities=[_read_row(row, place) for place, row in enumerate(rows, 1)])


def _read_row(row: Any, place: int) -> PublishedPriority:
    if not isinstance(row, dict) or not set(row) <= set(_KEYS) or not row.get("issue"):
        found = ", ".join(map(str, row)) if isinstance(row, dict) else repr(row)
        raise LayoutError(
            f"A priority of police.uk holds {', '.join(_KEYS)}, and its issue is never empty; "
            f"number {place} holds {found or 'nothing'}. Give the answer of …/priorities unchanged."
        )
    for key, value in row.items():
        if value is not None and not isinstance(value, str):
            raise LayoutError(
                f"A priority of police.uk holds text or null; {key} of number {place} is "
                f"{value!r}. Give the answer of …/priorities unchanged."
            )
    return PublishedPriority(
        issue=row["issue"],
        action=row.get("action") or "",
        issue_date=row.get("issue-date") or "",
        action_date=row.get("action-date") or "",
    )


def _read_priority(published: PublishedPriority, number: int) -> Priority:
    key = f"p{number}"
    parts = smart_parts(published.issue)
    issue, action = page_sentences(published.issue), page_sentences(published.action)
    plain = " ".join(paragraphs_of(published.issue))
    title = published.title or title_of(parts.get("") or parts.get("S") or published.issue)
    named_in = (title, parts.get("S", ""), plain)
    measures = measures_for(*named_in)
    due = _due(parts.get("T", ""), published.issue_date)
    target = _TARGET.search(f"{parts.get('M', '')} {parts.get('S', '')}") if parts else None
    return Priority(
        id=key,
        title=title,
        issue=published.issue,
        action=published.action,
        issue_date=published.issue_date,
        action_date=published.action_date,
        measure=measures[0] if measures else "",
        target=target[0].strip() if target else "",
        also=list(measures[1:]),
        stands_in=reservation_on(*named_in),
        corridor=corridor_in(plain),
        review_due=due,
        commitments=list(read_commitments(issue, action, priority=key, due=due)),
        claims=list(read_claims(issue, action, priority=key, measures=measures)),
    )


def _due(deadline: str, issue_date: str) -> str:
    """The day a SMART deadline names; a span counts from the Issue's date, if that is known."""
    day = written_day(deadline)
    if day is None and (start := written_day(issue_date)) is not None:
        day = day_after_span(deadline, start=start)
    return day.isoformat() if day else ""


def corridor_in(issue: str) -> Corridor | None:
    """The two ends of "the streets between A and B"; two stations keep that word."""
    stations = _STATIONS.search(issue)
    if stations:
        return Corridor(start=f"{stations['start']} station", end=f"{stations['end']} station")
    between = _BETWEEN.search(issue)
    return Corridor(start=between["start"], end=between["end"]) if between else None


def _places(priorities: list[Priority]) -> list[ConfirmedPlace]:
    names: dict[str, None] = {}
    for priority in priorities:
        issue, action = paragraphs_of(priority.issue), paragraphs_of(priority.action)
        for paragraph in (priority.title, *issue, *action):
            names.update(dict.fromkeys(map(without_topic, named_places(paragraph))))
        for end in (priority.corridor.start, priority.corridor.end) if priority.corridor else ():
            # "between Priory Gate and Wharf Lane stations" names no lane.
            names.pop(end.removesuffix(" station"), None)
            names[end] = None
    return [ConfirmedPlace(written=name) for name in names]


def _contact_warnings(page: PublishedPage) -> list[TextWarning]:
    hidden = any(channel.kind == "email" and not channel.value for channel in page.channels)
    words = [page_words.issue + page_words.action for page_words in page.priorities]
    if not hidden and not any(HIDDEN_EMAIL in text for text in words):
        return []
    return [
        TextWarning(
            rule="obfuscated_contact",
            text=HIDDEN_EMAIL,
            reason=(
                "The page hides an e-mail address from copying, so the address is not known and "
                "none is kept. Ask the team for it and write it under channels."
            ),
        )
    ]


def _name_in(address: str) -> str:
    """The ward's name out of its page's address: …/St-Pancras-and-Somers-Town."""
    _, _, path = address.partition("://")
    _, slash, last = path.rstrip("/").rpartition("/")
    if not slash or not re.fullmatch(r"[A-Za-z][A-Za-z'-]+", last):
        return ""
    words = last.split("-")
    return " ".join(words) if last[0].isupper() else " ".join(map(str.capitalize, words))


def _force_of(address: str) -> str:
    host = re.sub(r"^https?://(?:www\.)?", "", address).partition("/")[0]
    return _FORCES.get(host, "")


def _police_uk_date(written: str) -> str | None:
    if not written or re.match(r"\d{4}-\d\d-\d\d", written):
        return written or None
    day = written_day(written)
    return f"{day.isoformat()}T00:00:00" if day else written


def _without_usual_layout(ward_file: WardFile) -> WardFile:
    import msgspec

    if ward_file.layout and not is_usual(ward_file.layout, ward_file):
        return ward_file
    return msgspec.structs.replace(ward_file, layout="")
