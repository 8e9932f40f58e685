"""What changed from one snapshot of a ward to the next, in sentences a reader can check."""

from __future__ import annotations

from collections.abc import Iterator

from peelian.publication.disclosed import (
    DisclosedClaim,
    DisclosedCommitment,
    DisclosedCount,
    DisclosedWardPage,
    measures_of,
)
from peelian.publication.translation import _

_NAMED = 3  # months named in one sentence; of more the number is said


def differences_between(earlier: DisclosedWardPage, new: DisclosedWardPage) -> tuple[str, ...]:
    """What a reader of both would notice, most telling first. Nothing changed gives none.

    Only what either snapshot shows is said: a count that is hidden in one of them is
    named without its number.
    """
    return (
        *_months(earlier, new),
        *_revised(earlier, new),
        *_priorities(earlier, new),
        *_commitments(earlier, new),
        *_claims(earlier, new),
        *_made_otherwise(earlier, new),
    )


def _months(earlier: DisclosedWardPage, new: DisclosedWardPage) -> Iterator[str]:
    before = {
        month.month for month in earlier.public_reported.months if month.count.state != "missing"
    }
    after = {m.month: m.label for m in new.public_reported.months if m.count.state != "missing"}
    added = [label for month, label in after.items() if month not in before]
    lost = [m.label for m in earlier.public_reported.months if m.month in before - set(after)]
    if added:
        yield _("Added: {months}.").format(months=_some(added))
    if lost:
        yield _("No longer held: {months}.").format(months=_some(lost))


def _some(labels: list[str]) -> str:
    if len(labels) <= _NAMED:
        return ", ".join(labels)
    return _("{n} months, {first} to {last}").format(
        n=len(labels), first=labels[0], last=labels[-1]
    )


def _revised(earlier: DisclosedWardPage, new: DisclosedWardPage) -> Iterator[str]:
    """Counts of months that both have, where the publisher's records have changed since."""
    before = {measure.id: measure for measure in measures_of(earlier)}
    for measure in measures_of(new):
        if measure.id not in before:
            continue
        was = {month.month: month.count for month in before[measure.id].months}
        changed = [
            (month.label, was[month.month], month.count)
            for month in measure.months
            if _differ(was.get(month.month), month.count)
        ]
        if 0 < len(changed) <= _NAMED:
            for label, old, count in changed:
                yield _("{what}, {month}: {new}, earlier {old}.").format(
                    what=measure.title, month=label, new=count.text, old=old.text
                )
        elif changed:
            yield _("{what}: {n} months were revised, {first} to {last}.").format(
                what=measure.title, n=len(changed), first=changed[0][0], last=changed[-1][0]
            )


def _differ(old: DisclosedCount | None, new: DisclosedCount) -> bool:
    return old is not None and "missing" not in (old.state, new.state) and old != new


def _priorities(earlier: DisclosedWardPage, new: DisclosedWardPage) -> Iterator[str]:
    before, after = ({p.title for p in page.priorities} for page in (earlier, new))
    for priority in new.priorities:
        if priority.title not in before:
            yield _("New priority: {title}.").format(title=priority.title)
    for priority in earlier.priorities:
        if priority.title not in after:
            yield _("No longer a priority: {title}.").format(title=priority.title)


def _commitments(earlier: DisclosedWardPage, new: DisclosedWardPage) -> Iterator[str]:
    before: dict[str, DisclosedCommitment] = {c.text: c for c in earlier.commitments}
    for commitment in new.commitments:
        old = before.pop(commitment.text, None)
        if old is None:
            yield _("New commitment: {text}.").format(text=commitment.text.rstrip("."))
        elif old.status != commitment.status:
            yield _("“{text}”: {new}, earlier {old}.").format(
                text=commitment.text.rstrip("."),
                new=commitment.status_words.lower(),
                old=old.status_words.lower(),
            )
    for commitment in before.values():
        yield _("No longer on the page: the commitment “{text}”.").format(
            text=commitment.text.rstrip(".")
        )


def _claims(earlier: DisclosedWardPage, new: DisclosedWardPage) -> Iterator[str]:
    before: dict[str, DisclosedClaim] = {
        claim.sentence: claim for priority in earlier.priorities for claim in priority.claims
    }
    for claim in (claim for priority in new.priorities for claim in priority.claims):
        old = before.get(claim.sentence)
        if old is not None and old.verdict != claim.verdict:
            yield _("“{sentence}” {new}, earlier {old}.").format(
                sentence=claim.sentence,
                new=claim.verdict_words.lower(),
                old=old.verdict_words.lower(),
            )


def _made_otherwise(earlier: DisclosedWardPage, new: DisclosedWardPage) -> Iterator[str]:
    if earlier.boundary_set != new.boundary_set:
        yield _("Counted within {new}, earlier within {old}.").format(
            new=new.boundary_set, old=earlier.boundary_set
        )
    if earlier.code_version != new.code_version:
        yield _("Computed by version {new}, earlier by {old}.").format(
            new=new.code_version, old=earlier.code_version
        )
