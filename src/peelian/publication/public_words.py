"""What of the team's own words may be repeated: withheld paragraphs leave in no format.

A paragraph that could point at a person or a source is replaced by a line that says so and
why. Everything on the page and beside it is made from the ward file after that, so the
public ward file gives the same page again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from peelian.core.published_text import in_one_line, paragraphs_of
from peelian.core.wards import Channel, Commitment, Priority, WardFile
from peelian.publication.linter import paragraphs_withheld
from peelian.publication.translation import _

_MARK, _END = "[Not repeated here: ", "]"


def public_ward_file(ward_file: WardFile) -> WardFile:
    """The ward file without what may not be repeated; one that is public already is unchanged."""
    return msgspec.structs.replace(
        ward_file,
        channels=[_public_channel(channel) for channel in ward_file.channels],
        priorities=[_public_priority(priority) for priority in ward_file.priorities],
        warnings=[],
    )


def repeated_paragraphs(published: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The paragraphs of a public text that are repeated, and why each other one is not."""
    paragraphs = paragraphs_of(published)
    kept = tuple(p for p in paragraphs if not p.startswith(_MARK))
    reasons = (p.removeprefix(_MARK).removesuffix(_END) for p in paragraphs if p.startswith(_MARK))
    return kept, tuple(reasons)


def _public_channel(channel: Channel) -> Channel:
    """A hidden e-mail address stays hidden, whatever stands in its place."""
    hidden = "obfuscated" in channel.note or "protected" in channel.value
    return msgspec.structs.replace(channel, value="") if hidden else channel


def _public_priority(priority: Priority) -> Priority:
    issue, gone_from_issue = _without_withheld(priority.issue)
    action, gone_from_action = _without_withheld(priority.action)
    gone = (*gone_from_issue, *gone_from_action)
    return msgspec.structs.replace(
        priority,
        title=_("A priority") if _repeats(priority.title, gone) else priority.title,
        issue=issue,
        action=action,
        commitments=[_public_commitment(c, gone) for c in priority.commitments],
        claims=[claim for claim in priority.claims if not _repeats(claim.sentence, gone)],
        warnings=[],
    )


def _without_withheld(published: str) -> tuple[str, tuple[str, ...]]:
    """The text with a mark for each withheld paragraph, and the paragraphs that went."""
    gone: list[str] = []
    # A paragraph is read with the one above, so that a mark can show up another; the text
    # that comes out is one of which nothing more is withheld.
    while found := _withheld(published):
        lines = list(paragraphs_of(published))
        for number, reason in found.items():
            gone.append(lines[number])
            lines[number] = f"{_MARK}{reason}{_END}"
        published = "\n".join(lines)
    return published, tuple(gone)


def _withheld(published: str) -> dict[int, str]:
    """Which paragraphs may not be repeated, by their number, and why."""
    return {
        paragraph.number: paragraph.reason
        for paragraph in paragraphs_withheld(published)
        if not paragraph.text.startswith(_MARK)
    }


def _repeats(words: str, gone: Iterable[str]) -> bool:
    """Whether words come from a paragraph that is withheld."""
    plain = in_one_line(words).rstrip(".…").casefold()
    return bool(plain) and any(plain in paragraph.casefold() for paragraph in gone)


def _public_commitment(commitment: Commitment, gone: Sequence[str]) -> Commitment:
    hidden = _("A promise made in a paragraph that is not repeated here")
    if _repeats(commitment.sentence, gone):
        commitment = msgspec.structs.replace(commitment, text=hidden, sentence=hidden)
    if _repeats(commitment.reported, gone):
        commitment = msgspec.structs.replace(
            commitment, reported=_("It is reported on in a paragraph that is not repeated here.")
        )
    return commitment
