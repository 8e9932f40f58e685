"""Take a published page apart into fields and a layout, and put it together again.

The layout is the page with a slot in the place of each field: `{operator}`, `{channel.1}`,
`{p1.issue}`. Lines that mean nothing to the program stay in it as they are, so nothing of
a page is lost. A brace of the page itself is doubled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from peelian.core.errors import LayoutError
from peelian.core.published_text import in_one_line
from peelian.core.wards import Channel, ChannelKind, Priority, TeamMember, WardFile

HIDDEN_EMAIL = "[email protected]"
HIDDEN_NOTE = "hidden on the team's page: ask the team"

_OPERATOR = re.compile(r"^(?P<before>(?:operated by|force)\s*:\s*)(?P<value>.+)$", re.I)
_URL = re.compile(r"^https?://\S+$")
_LABELLED = re.compile(r"^(?P<before>(?P<label>[A-Za-z][A-Za-z -]{0,18})\s*:\s*)(?P<value>\S.*)$")
_HIDDEN = re.compile(r"\[email\s+protected\]|\S\s*[\[(]\s*at\s*[\])]\s*\S", re.I)
_MEMBER = re.compile(
    r"^(?P<rank>(?:Chief |Police |Special |Detective )?(?:PCSO|PC|PS|SC|DC|Sgt|Sergeant|Insp|"
    r"Inspector|Constable)\.?)(?P<gap>\s+)(?P<name>[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*)"
    r"(?:(?P<joint>\s*[,–—-]\s+)(?P<role>.+))?$"
)
_KINDS: dict[str, ChannelKind] = {
    "twitter": "twitter", "x": "twitter", "facebook": "facebook", "email": "email",
    "e-mail": "email", "telephone": "telephone", "phone": "telephone", "tel": "telephone",
    "mobile": "telephone", "website": "website", "web": "website", "address": "address",
    "instagram": "other", "nextdoor": "other", "whatsapp": "other", "youtube": "other",
    "met engage": "other",
}  # fmt: skip
_USUAL = {"twitter": "Twitter", "facebook": "Facebook", "email": "Email", "telephone": "Telephone",
          "website": "Website", "address": "Address", "other": "Other"}  # fmt: skip

_NUMBER = r"(?:\s*(?:no\.?\s*)?\d+)?"
_PRIORITY = re.compile(
    r"^(?P<before>(?:ward )?priority(?:\s*(?:no\.?\s*)?\d+|$)(?:\s*[:–-]\s*)?)(?P<inline>.*)$",
    re.I,
)
_ISSUE = re.compile(
    r"^(?P<before>(?:(?:the )?(?:issue|problem)|you said|what you told us|why this is a priority)"
    rf"{_NUMBER}(?:\s*[:–-]\s*|$))(?P<inline>.*)$",
    re.I,
)
_ACTION = re.compile(
    r"^(?P<before>(?:actions?(?: taken)?|we did|what we(?: are|[’']re| have)? (?:doing|done|did)|"
    rf"our response|response|progress|update){_NUMBER}(?:\s*:\s*|$))(?P<inline>.*)$",
    re.I,
)
_DATE = re.compile(
    r"^(?P<before>(?:date|issued|published|updated|last updated|set)(?: on)?\s*:?\s+)"
    r"(?P<value>\d{1,2}\D.*\d{2,4}|\d{4}-\d\d-\d\d\S*)$",
    re.I,
)
_ELSEWHERE = re.compile(
    r"^(?:contact (?:us|details)|your team|meet the team|upcoming (?:meetings|events)|events|"
    r"get involved|related links)$",
    re.I,
)
_SLOT = re.compile(
    r"\{\{|\}\}|\{(?:(?P<one>operator|address)|channel\.(?P<channel>\d+)|"
    r"team\.(?P<member>\d+)\.(?P<part>rank|name|role)|"
    r"(?P<priority>[\w-]+)\.(?P<field>title|issue|action|issue_date|action_date))\}"
)


@dataclass
class PublishedPriority:
    """The words of one priority as they stand on the page; filled while the page is read."""

    title: str = ""
    issue: str = ""
    action: str = ""
    issue_date: str = ""
    action_date: str = ""


@dataclass
class PublishedPage:
    """A page taken apart: its fields, and the layout that puts them together."""

    operator: str = ""
    address: str = ""
    channels: list[Channel] = field(default_factory=list)
    team: list[TeamMember] = field(default_factory=list)
    priorities: list[PublishedPriority] = field(default_factory=list)
    layout: list[str] = field(default_factory=list)


def take_apart(text: str) -> PublishedPage:
    """Read the text of a page with Issue and Action headings. Without any: LayoutError."""
    page = PublishedPage()
    reader = _Reader(page)
    for line in text.splitlines():
        reader.read(line.strip())
    reader.end_page()
    if not page.priorities:
        first = next((line.strip() for line in text.splitlines() if line.strip()), "nothing")
        raise LayoutError(
            "A ward page has an Issue heading, alone on its line, before each priority; found "
            f"none. The text starts with {first[:60]!r}. Save the page's text with its headings, "
            "or give police.uk's priorities as JSON."
        )
    return page


class _Reader:
    """Reads a page line by line: its head, then Issue and Action texts in turn."""

    def __init__(self, page: PublishedPage) -> None:
        self.page = page
        self.reading = "head"
        self.body: list[str] = []
        self.inline_at: int | None = None  # the layout line that holds a priority's title

    def read(self, line: str) -> None:
        if match := _PRIORITY.match(line):
            self._start_priority(match)
        elif match := _ISSUE.match(line):
            if self.reading == "issue" and not any(self.body) and not self._date():
                self._put(line)
            else:
                self._start_priority(match)
        elif self.reading == "issue" and (match := _ACTION.match(line)):
            self._start_action(match)
        elif self.reading != "head" and _ELSEWHERE.match(line):
            self.end_body()
            self.reading = "head"
            self._put(line)
        elif self.reading == "head":
            self._read_head(line)
        else:
            self._read_body(line)

    def end_body(self) -> None:
        """Close the Issue or Action being read and leave its slot in the layout."""
        if self.reading == "head":
            return
        priority, number = self.page.priorities[-1], len(self.page.priorities)
        body = "\n".join(self.body).strip()
        if self.reading == "issue" and not body and priority.title and self.inline_at is not None:
            # "Issue: Burglary" with nothing under it: the words are the issue itself.
            body, priority.title = priority.title, ""
            line = self.page.layout[self.inline_at]
            self.page.layout[self.inline_at] = line.replace(".title}", ".issue}")
        elif body:
            self.page.layout += ["", f"{{p{number}.{self.reading}}}", ""]
        setattr(priority, self.reading, body)
        self.body = []

    def end_page(self) -> None:
        """Close what is being read; a heading with nothing under it is no priority."""
        self.end_body()
        if self.page.priorities and self.page.priorities[-1] == PublishedPriority():
            self.page.priorities.pop()

    def _start_priority(self, match: re.Match[str]) -> None:
        self.end_page()
        self.page.priorities.append(PublishedPriority(title=match["inline"].strip()))
        self.reading, self.inline_at = "issue", None
        slot = f"{{p{len(self.page.priorities)}.title}}" if match["inline"].strip() else ""
        self.page.layout.append(_literal(match["before"]) + slot)
        if slot:
            self.inline_at = len(self.page.layout) - 1

    def _start_action(self, match: re.Match[str]) -> None:
        self.end_body()
        self.reading = "action"
        self._put(match["before"])
        if match["inline"].strip():
            self.body.append(match["inline"].strip())

    def _read_body(self, line: str) -> None:
        date = _DATE.match(line)
        if date and not any(self.body) and not self._date():
            slot = f"{self.reading}_date"
            setattr(self.page.priorities[-1], slot, date["value"])
            number = len(self.page.priorities)
            self.page.layout.append(f"{_literal(date['before'])}{{p{number}.{slot}}}")
        else:
            self.body.append(line)

    def _date(self) -> str:
        """The date of the Issue or Action being read, where one has been found."""
        return str(getattr(self.page.priorities[-1], f"{self.reading}_date"))

    def _read_head(self, line: str) -> None:
        page = self.page
        if not page.operator and (match := _OPERATOR.match(line)):
            page.operator = match["value"]
            page.layout.append(_literal(match["before"]) + "{operator}")
        elif not page.address and _URL.match(line):
            page.address = line
            page.layout.append("{address}")
        elif match := _MEMBER.match(line):
            page.team.append(
                TeamMember(name=match["name"], rank=match["rank"], role=match["role"] or "")
            )
            slot = f"team.{len(page.team)}"
            role = f"{match['joint']}{{{slot}.role}}" if match["role"] else ""
            page.layout.append(f"{{{slot}.rank}}{match['gap']}{{{slot}.name}}{role}")
        elif (match := _LABELLED.match(line)) and match["label"].strip().lower() in _KINDS:
            page.channels.append(_channel(match["label"].strip(), match["value"]))
            page.layout.append(f"{_literal(match['before'])}{{channel.{len(page.channels)}}}")
        else:
            self._put(line)

    def _put(self, line: str) -> None:
        self.page.layout.append(_literal(line))


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _channel(label: str, value: str) -> Channel:
    kind = _KINDS[label.lower()]
    if kind == "email" and _HIDDEN.search(value):
        return Channel(kind=kind, note=HIDDEN_NOTE)
    return Channel(kind=kind, value=value, note=label if kind == "other" else "")


def usual_layout(ward_file: WardFile) -> str:
    """The layout of a page in the usual form: operator, contacts, then Issue and Action pairs."""
    lines = ["Operated by: {operator}", ""] if ward_file.operator else []
    lines += ["{address}", ""] if ward_file.address else []
    if ward_file.team:
        lines += ["Your team", ""]
    for number, member in enumerate(ward_file.team, start=1):
        role = f" – {{team.{number}.role}}" if member.role else ""
        lines += [f"{{team.{number}.rank}} {{team.{number}.name}}{role}", ""]
    if ward_file.channels:
        lines += ["Contact Details", ""]
    for number, channel in enumerate(ward_file.channels, start=1):
        label = channel.note if channel.kind == "other" and channel.note else _USUAL[channel.kind]
        lines += [f"{_literal(label)}: {{channel.{number}}}", ""]
    lines += ["Current Priorities", ""]
    for priority in ward_file.priorities:
        lines += _usual_priority(priority)
    return "\n".join(lines).rstrip() + "\n"


def _usual_priority(priority: Priority) -> list[str]:
    lines = ["Issue", ""]
    lines += [f"Date: {{{priority.id}.issue_date}}", ""] if priority.issue_date else []
    lines += [f"{{{priority.id}.issue}}", ""]
    if not priority.action:
        return lines
    lines += ["Action", ""]
    lines += [f"Date: {{{priority.id}.action_date}}", ""] if priority.action_date else []
    return [*lines, f"{{{priority.id}.action}}", ""]


def put_together(ward_file: WardFile) -> str:
    """Fill a layout with a ward file's fields. The inverse of `take_apart`, white space apart.

    A priority that the layout does not name is added at the end in the usual form; a slot
    whose field has gone is left empty. A hidden e-mail comes out hidden.
    """
    layout = ward_file.layout or usual_layout(ward_file)
    named = {match["priority"] for match in _SLOT.finditer(layout) if match["priority"]}
    for priority in ward_file.priorities:
        if priority.id not in named:
            layout = layout.rstrip("\n") + "\n\n" + "\n".join(_usual_priority(priority))
    return _SLOT.sub(lambda slot: _field_at(ward_file, slot), layout)


def _field_at(ward_file: WardFile, slot: re.Match[str]) -> str:
    if slot[0] in ("{{", "}}"):
        return slot[0][0]
    if slot["one"]:
        return str(getattr(ward_file, slot["one"]))
    if slot["channel"]:
        channels = ward_file.channels[int(slot["channel"]) - 1 : int(slot["channel"])]
        return "".join(
            HIDDEN_EMAIL if one.kind == "email" and not one.value else one.value for one in channels
        )
    if slot["member"]:
        members = ward_file.team[int(slot["member"]) - 1 : int(slot["member"])]
        return "".join(str(getattr(one, slot["part"])) for one in members)
    found = [one for one in ward_file.priorities if one.id == slot["priority"]]
    return "".join(str(getattr(one, slot["field"])) for one in found)


def is_usual(layout: str, ward_file: WardFile) -> bool:
    """The layout says no more than the usual form does, white space apart."""
    return in_one_line(layout) == in_one_line(usual_layout(ward_file))
