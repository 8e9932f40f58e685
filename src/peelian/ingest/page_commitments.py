"""The commitments of a priority: what was promised, and what the page says became of it."""

from __future__ import annotations

from collections.abc import Sequence

from peelian.core.wards import Commitment
from peelian.ingest.page_deeds import tactic_of
from peelian.ingest.page_promises import promises_in
from peelian.ingest.page_reports import report_on
from peelian.ingest.page_sentences import PageSentence


def read_commitments(
    issue: Sequence[PageSentence], action: Sequence[PageSentence], *, priority: str, due: str = ""
) -> tuple[Commitment, ...]:
    """List what an Issue and its Action promise, numbered "p2-c1", "p2-c2" in reading order.

    What the Issue promises and the Action reports on is "in_progress", and `reported` holds
    the sentence: words are no evidence, so it is never "done". What the Action says nothing
    about is "no_evidence". What the Action itself promises lies ahead of it, and no text
    reports on it yet: "planned".
    """
    commitments: list[Commitment] = []
    for promise in promises_in(issue, in_issue=True):
        reported = report_on(promise, action)
        commitments.append(
            Commitment(
                id=f"{priority}-c{len(commitments) + 1}",
                text=promise.text,
                sentence=promise.sentence,
                said_in="issue",
                tactic=tactic_of(promise.text) if promise.kind == "deed" else "",
                status="in_progress" if reported else "no_evidence",
                reported=reported,
                due=due,
            )
        )
    for promise in promises_in(action, in_issue=False):
        commitments.append(
            Commitment(
                id=f"{priority}-c{len(commitments) + 1}",
                text=promise.text,
                sentence=promise.sentence,
                said_in="action",
                tactic=tactic_of(promise.text),
                status="planned",
            )
        )
    return tuple(commitments)
