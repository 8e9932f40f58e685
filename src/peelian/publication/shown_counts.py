"""Counts as a reader sees them: shown, to the nearest five, too small, held beside, missing."""

from __future__ import annotations

from peelian.publication.consistent_tables import to_nearest_five
from peelian.publication.disclosed import DisclosedCount
from peelian.publication.disclosure import THRESHOLD, is_small, part_may_be_shown
from peelian.publication.translation import _
from peelian.publication.wording import number


def shown(value: int) -> DisclosedCount:
    """A count that may be read."""
    return DisclosedCount(value, "shown", number(value))


def about(value: int) -> DisclosedCount:
    """A count of a place or a crime type, to the nearest five. Zero is zero."""
    if not value:
        return shown(0)
    rounded = to_nearest_five(value)
    return DisclosedCount(rounded, "shown", _("about {n}").format(n=number(rounded)))


def too_small() -> DisclosedCount:
    """A count under the threshold."""
    return DisclosedCount(None, "suppressed", _("fewer than {n}").format(n=THRESHOLD))


def held_beside() -> DisclosedCount:
    """A count that would give a small one away."""
    return DisclosedCount(None, "suppressed", _("not shown"))


def missing() -> DisclosedCount:
    """A month that is not held, or only in part."""
    return DisclosedCount(None, "missing", _("no data"))


def part_of(part: int, whole: int) -> DisclosedCount:
    """A part as it may stand beside its whole, to the nearest five.

    Two exact ones in two editions would give away what was added in between.
    """
    if is_small(part):
        return too_small()
    return about(part) if part_may_be_shown(part, whole) else held_beside()
