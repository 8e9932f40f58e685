"""The ward file: what a neighbourhood team says in public, in a form that can be checked.

A person reads and edits it as TOML. `issue` and `action` keep the published words; what
the program reads out of them (commitments, claims, places) points back at its sentence. A
field that nobody knows is an error, never silently dropped.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from peelian.core.results import Direction

CommitmentStatus = Literal["planned", "in_progress", "done", "not_done", "no_evidence"]
ChannelKind = Literal["twitter", "facebook", "email", "telephone", "website", "address", "other"]
WarningRule = Literal[
    "source_protection", "before_conviction", "reassurance_search", "no_number", "identification",
    "vague_period", "obfuscated_contact",
]  # fmt: skip


class Channel(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One way to reach the team."""

    kind: ChannelKind
    value: str = ""  # empty where the page hides it
    note: str = ""  # "hidden on the team's page: ask the team"


class TeamMember(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A named, contactable officer."""

    name: str
    rank: str = ""
    role: str = ""


class Evidence(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What shows that a commitment was kept: a link or a record, with its date."""

    text: str
    date: str = ""  # YYYY-MM-DD
    url: str = ""


class Commitment(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Something promised in public. `text` is the promise; `sentence` where it was made."""

    id: str  # "p2-c3": the third commitment of the second priority
    text: str
    sentence: str
    said_in: Literal["issue", "action"]
    tactic: str = ""  # a tactic of the glossary: visibility, stop_search, target_hardening ...
    status: CommitmentStatus = "no_evidence"
    reported: str = ""  # the sentence of an Action that reports on it, where there is one
    owner: str = ""
    due: str = ""  # YYYY-MM-DD
    evidence: list[Evidence] = []


class Claim(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A statement about what happened: a measure, a place, a direction, a period."""

    id: str  # "p1-k1"
    sentence: str
    measure: str = ""  # a measure's id; empty where none can measure it
    place: str = ""  # as written: "in and around Curnock Estate"; empty for the ward
    direction: Direction
    period: str = ""  # as written: "over the past 6 months"
    months: int | None = None  # the period in months where it says so
    span: str = ""  # YYYY-MM/YYYY-MM where a person has fixed it
    unmeasurable: str = ""  # why open records cannot measure it, where they cannot


class TextWarning(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Something a person should look at before this text is shown again."""

    rule: WarningRule
    text: str  # the words it is about
    reason: str  # the rule, and what to do


class ConfirmedPlace(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A place name of the page, and the map's place that a person says it means."""

    written: str
    means: str = ""  # the gazetteer's name; empty until somebody confirms
    suggested: str = ""  # what the gazetteer suggests


class Corridor(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The streets between two places, such as two stations."""

    start: str
    end: str


class Priority(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One current priority: Issue and Action as published, and what was read out of them."""

    id: str  # "p1"
    title: str
    issue: str
    action: str = ""
    issue_date: str = ""  # as published: 2018-09-20T00:00:00; empty where not given
    action_date: str = ""
    measure: str = ""  # the id of the measure that follows it
    target: str = ""  # as a page in SMART form words it: "a 15% reduction in reported burglary"
    also: list[str] = []  # further measures shown beside it
    stands_in: str = ""  # why the measure only stands in for what this priority is about
    corridor: Corridor | None = None
    review_due: str = ""  # YYYY-MM-DD
    commitments: list[Commitment] = []
    claims: list[Claim] = []
    warnings: list[TextWarning] = []


class WardFile(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Everything a team publishes about its ward."""

    ward: str  # the area's code: E05013669
    name: str
    operator: str
    notice: str = ""  # what a reader has to know before anything else: "A draft for the panel."
    address: str = ""  # the page's own address
    force: str = ""  # police.uk's force id: metropolitan
    neighbourhood: str = ""  # police.uk's neighbourhood id
    channels: list[Channel] = []
    team: list[TeamMember] = []
    places: list[ConfirmedPlace] = []
    # How the page was laid out, with {p1.issue} and the like where the fields above and below
    # stand; empty for the usual Issue and Action form.
    layout: str = ""
    priorities: list[Priority] = []
    warnings: list[TextWarning] = []
