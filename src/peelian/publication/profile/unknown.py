"""What a profile cannot know, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from peelian.products.assembly import MONTH_ONLY
from peelian.products.problem_profile import Unanswered
from peelian.publication import wording
from peelian.publication.profile.statements import Statement
from peelian.publication.translation import _

if TYPE_CHECKING:
    from peelian.products.problem_profile import ProblemProfile


def unknown_statements(profile: ProblemProfile, said: Iterable[Statement]) -> Iterator[Statement]:
    """What the measure misses, what all such records miss, and the months that are not held.

    said: the statements before, of which some are tests by chance.
    """
    listed = list(map(wording.sentence_case, profile.checked.cannot_know))
    if not isinstance(profile.when.hours, Unanswered):
        listed.remove(MONTH_ONLY)
    listed.append(
        _(
            "Recorded is not all that happened: what nobody reported is not here, and records rise "
            "where more people report."
        )
    )
    if profile.source.startswith("police.uk"):
        listed.append(
            _(
                "Where exactly: the publisher moves each record to one of a fixed set of points, "
                "each with at least eight addresses or none. A place here is such a point, or a "
                "few of one name; it is no door."
            )
        )
    listed += [
        _(
            "Why it changed: months side by side cannot tell what the team did from everything "
            "else that changed."
        ),
        _("Who did it, and to whom: the records name nobody, and neither does this profile."),
    ]
    for number, text in enumerate(dict.fromkeys(listed), start=1):
        yield Statement(f"unknown.{number}", "unknown", text, {"as_written": text})
    if profile.missing:
        months = wording.months_in_words(list(profile.missing))
        text = _("What happened in {months}: no data, which is not zero.").format(months=months)
        yield Statement("unknown.months", "unknown", text, {"months": months})
    tests = sum(any(name.endswith("p_value") for name in each.figures) for each in said)
    if tests > 1:
        text = _(
            "Which finding is chance: {n} statements here are tests. Where nothing is going on one "
            "in twenty would still say “likely”, so take a lone “likely” as a question."
        ).format(n=tests)
        yield Statement("unknown.many", "unknown", text, {"tests": tests})
