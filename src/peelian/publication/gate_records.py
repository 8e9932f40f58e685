"""What the records say to the claims of a text: the sentence that they support, with figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from peelian import __version__
from peelian.core.errors import InputError, LayoutError
from peelian.core.extras import require_extra
from peelian.core.months import Month
from peelian.core.published_text import paragraphs_of
from peelian.core.wards import Priority, WardFile
from peelian.ingest.page_claims import read_claims
from peelian.ingest.page_measures import measures_for
from peelian.ingest.page_sentences import page_sentences
from peelian.ingest.ward_page import read_ward_page
from peelian.measures import load_measures
from peelian.products.assembly import assemble_ward_page
from peelian.publication import wording
from peelian.publication.disclosure import disclose
from peelian.publication.gate_finding import Finding, GateReport

if TYPE_CHECKING:
    from peelian.publication.disclosed import DisclosedClaim
    from peelian.store import Store

# How `wording.change_sentence` names the months, on a page that says elsewhere which they are.
_LAST_MONTHS = re.compile(r"\b(?:\w+ of )?the last (?:[\w-]+ )?months\b")
_NOT_SHOWN = (
    "The records do not show what the sentence says: the exact 95 % interval holds no change, "
    "or the change goes the other way."
)


@dataclass(frozen=True)
class _Answer:
    """What the records say to one sentence of a text; `start`, `end` are where it stands."""

    start: int
    end: int
    claims: tuple[DisclosedClaim, ...]

    @property
    def proposed(self) -> str:
        """What the records say, with figures as they may be shown; "" where none were counted."""
        return " ".join(dict.fromkeys(map(_dated, self.claims))).strip()

    @property
    def why_not(self) -> str:
        """Why nothing could be counted."""
        return " ".join(dict.fromkeys(c.explanation for c in self.claims if c.compared is None))


def _dated(claim: DisclosedClaim) -> str:
    """What was counted for a claim, with its months by name: it may stand on any page."""
    if claim.compared is None:
        return ""
    months = wording.months_in_words([Month.parse(m) for m in claim.compared.after_months])
    return _LAST_MONTHS.sub(months, claim.explanation)


def with_records(
    report: GateReport,
    store: Store,
    ward_file: WardFile,
    *,
    priority: str = "",
    snapshot_date: str,
    source: str = "police.uk",
) -> GateReport:
    """The same report, each claim held against the records of a store.

    A claim that the records do not show blocks; one that they support only asks for its figures;
    one that they cannot measure still warns. Small counts are withheld from what is proposed.
    ward_file: its ward, confirmed places, and priorities. priority: the number of the one that
    a draft Action is of. snapshot_date: YYYY-MM-DD, after the newest record.
    """
    require_extra("publish", to="hold a text's claims against the records")
    page = assemble_ward_page(
        store,
        msgspec.structs.replace(
            ward_file, priorities=_priorities(report.text, ward_file, priority), warnings=[]
        ),
        measures=load_measures(),
        snapshot_date=snapshot_date,
        code_version=__version__,
        source=source,
    )
    claims = [claim for each in disclose(page).priorities for claim in each.claims]
    answers = tuple(_answers(report.text, claims))
    return replace(report, findings=tuple(_answered(f, answers) for f in report.findings))


def priority_of(ward_file: WardFile, number: str) -> Priority:
    """A ward file's priority by its number on the page; InputError where there is none."""
    named = {key: each for each in ward_file.priorities for key in (each.id, each.id.lstrip("p"))}
    if number not in named:
        has = ", ".join(each.id.lstrip("p") for each in ward_file.priorities) or "none"
        raise InputError(
            f"A draft is of one priority of its ward file, by number; found {number!r}, and the "
            f"file has {has}. Give --priority with one of them."
        )
    return named[number]


def _priorities(text: str, ward_file: WardFile, number: str) -> list[Priority]:
    """The priorities that the text is about, with the claims that it makes."""
    try:
        return read_ward_page(text, ward=ward_file.ward).priorities
    except LayoutError:
        pass  # no headings: a draft Action
    if number:
        of = priority_of(ward_file, number)
    else:
        measures = measures_for(" ".join(paragraphs_of(text)))
        of = Priority(
            id="p1", title="Draft", issue="Draft.", measure="".join(measures[:1]),
            also=list(measures[1:]),
        )  # fmt: skip
    measures = tuple(filter(None, (of.measure, *of.also)))
    claims = read_claims((), page_sentences(text), priority=of.id, measures=measures)
    drafted = msgspec.structs.replace(
        of, action=text, claims=list(claims), commitments=[], warnings=[]
    )
    return [drafted]


def _answers(text: str, claims: Sequence[DisclosedClaim]) -> Iterator[_Answer]:
    by_sentence: dict[str, list[DisclosedClaim]] = {}
    for claim in claims:
        by_sentence.setdefault(claim.sentence, []).append(claim)
    for sentence, said in by_sentence.items():
        start = text.find(sentence)
        if start >= 0:
            yield _Answer(start, start + len(sentence), tuple(said))


def _answered(finding: Finding, answers: Sequence[_Answer]) -> Finding:
    if finding.kind not in ("direction", "significance", "cause", "number_without_base"):
        return finding
    for answer in answers:
        if finding.start < answer.end and answer.start < finding.end:
            if finding.kind != "direction":
                return replace(finding, proposed=finding.proposed or answer.proposed)
            return _direction_answered(finding, answer)
    return finding


def _direction_answered(finding: Finding, answer: _Answer) -> Finding:
    verdicts = {claim.verdict for claim in answer.claims}
    if "not_supported" in verdicts:
        return replace(
            finding, severity="blocks", rule=_NOT_SHOWN, proposed=answer.proposed,
            to_do="Say what was recorded instead, or leave the sentence out.",
        )  # fmt: skip
    if verdicts == {"supported"}:
        return replace(
            finding, severity="asks", proposed=answer.proposed,
            to_do="The records support it. Say it with their figures.",
        )  # fmt: skip
    if answer.proposed:
        return replace(
            finding, severity="warns", proposed=answer.proposed,
            to_do="The records cannot decide it. Say what was recorded, and that it cannot.",
        )  # fmt: skip
    # The reader of pages may have said already why nothing counts it.
    to_do = finding.to_do.removeprefix(answer.why_not).strip()
    return replace(finding, severity="warns", to_do=f"{answer.why_not} {to_do}")
