"""The promises of a text: new ones, and those that it should report on and does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from peelian.core.errors import LayoutError
from peelian.core.wards import Commitment
from peelian.ingest.page_layout import take_apart
from peelian.ingest.page_promises import Promise, promises_in
from peelian.ingest.page_reports import report_on
from peelian.ingest.page_sentences import PageSentence, page_sentences
from peelian.publication.gate_finding import Finding, Kind
from peelian.publication.gate_sentences import finding_at

_SETTLED = ("done", "not_done")


def promise_findings(plain: str, promised: Sequence[Commitment] = ()) -> Iterator[Finding]:
    """Yield what a text promises anew, and what was promised and is not reported on.

    plain: paragraphs, one a line. Where it has Issue and Action headings, the Action reports on
    what the Issue promises; an Issue without an Action only promises. promised: earlier
    commitments; those done or given up are settled. One that the text is silent about stands
    at the text's end.
    """
    place = _Places(plain)
    actions: list[PageSentence] = []
    for issue, action in _parts(plain):
        issue_sentences, action_sentences = page_sentences(issue), page_sentences(action)
        actions += action_sentences
        for promise in promises_in(issue_sentences, in_issue=True):
            found = place.of("promise_unreported" if action else "promise", promise)
            if not action or not report_on(promise, action_sentences):
                yield found
        for promise in promises_in(action_sentences, in_issue=False):
            yield place.of("promise", promise)
    for commitment in promised:
        promise = Promise(commitment.text, commitment.sentence)
        if commitment.status not in _SETTLED and not report_on(promise, actions):
            yield finding_at("promise_unreported", commitment.text, len(plain)).at_the_end()


def _parts(plain: str) -> tuple[tuple[str, str], ...]:
    """Issue and Action of each priority; a text without headings is one Action."""
    try:
        page = take_apart(plain)
    except LayoutError:
        return (("", plain),)
    return tuple((priority.issue, priority.action) for priority in page.priorities)


class _Places:
    """Where promises stand in a text: one made twice in the same words stands in two places."""

    def __init__(self, plain: str) -> None:
        self.plain = plain
        self.next_at: dict[Promise, int] = {}

    def of(self, kind: Kind, promise: Promise) -> Finding:
        """The finding at the promise's own words, or at its sentence where they are not whole."""
        sentence = self.plain.find(promise.sentence, self.next_at.get(promise, 0))
        if sentence < 0:
            return finding_at(kind, promise.text, len(self.plain)).at_the_end()
        self.next_at[promise] = sentence + 1
        within = promise.sentence.lower().find(promise.text.lower())
        if within < 0:
            return finding_at(kind, promise.sentence, sentence)
        words = promise.sentence[within : within + len(promise.text)]
        return finding_at(kind, words, sentence + within)
