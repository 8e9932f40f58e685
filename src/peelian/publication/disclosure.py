"""The one disclosure rule: which counts may be shown, and the one door through which they leave.

A count is the sum of some parts: a month of a measure, six of them, a place's last year. A
count from one to one under the threshold is small and is not shown; a measured zero is
shown as 0, because it tells of nobody. A small count must not come out of the others
either, so further counts are held back beside it until every hidden count keeps at least
two possible values for a reader who knows

- every count shown here, and every one that earlier snapshots of the ward have shown;
- that a small count lies from one to the threshold less one;
- which counts are hidden for being small, and that the others are not small.

Possible values are found exactly, by integer programming over the parts. Counts of places
and of crime types are shown to the nearest five (the "10-5 rule" of the Office for National
Statistics, here 5-5): they are many and their months few, so two editions of an exact list
would give away what was recorded at a place, or of a type, in the month between them.

Threshold: 5 for places and times; 10 for a table that crosses a protected characteristic.
What the rule does not do: it does not compare different measures at one place, nor a
place of a claim with the places of a ranking, nor a list of places with those of earlier
snapshots: where a ward has two or three places in all, rounding alone stands between them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peelian.publication.consistent_tables import Asked, Known, Tables

if TYPE_CHECKING:
    from peelian.products.ward_page import WardPage
    from peelian.publication.disclosed import DisclosedWardPage

THRESHOLD = 5
PROTECTED_THRESHOLD = 10


@dataclass(frozen=True)
class Held:
    """The counts that are not shown: because they are small, or beside a small one."""

    small: frozenset[str]
    beside: frozenset[str]

    @property
    def keys(self) -> frozenset[str]:
        """Every count that is not shown."""
        return self.small | self.beside


def is_small(value: int, *, threshold: int = THRESHOLD) -> bool:
    """Whether a count is too small to show. Zero is not."""
    return 0 < value < threshold


def part_may_be_shown(part: int, whole: int, *, threshold: int = THRESHOLD) -> bool:
    """Whether a part can stand beside its whole: neither it nor the rest is small."""
    return not is_small(part, threshold=threshold) and not is_small(
        whole - part, threshold=threshold
    )


def suppress(
    asked: Sequence[Asked],
    *,
    known: Sequence[Known] = (),
    held_already: Collection[str] = (),
    threshold: int = THRESHOLD,
) -> Held:
    """Choose the counts to hold back so that no small one can be worked out.

    known: what earlier snapshots have shown and what is common knowledge, true of the
    parts; it cannot be held back. Where it alone gives a small count away nothing here can
    help, and the count is hidden all the same. held_already: keys to hide for another
    reason. A count may be held back that a cleverer choice would show.
    """
    small = frozenset(a.key for a in asked if is_small(a.value, threshold=threshold))
    table = Tables(asked, known, threshold)
    beside = set(held_already) - small
    # What is safe stays safe when more is hidden, so each count is looked at until it is, and
    # no sooner than its turn comes: what was hidden for others may have made it safe.
    waiting = table.exposed(small | beside, small, beside)
    while waiting:
        key, *rest = waiting
        candidates = (
            table.beside(key, small, beside) if table.is_exposed(key, small, beside) else []
        )
        if not candidates:
            waiting = rest
            continue
        helps = (c for c in candidates if not table.is_exposed(key, small, beside | {c}))
        chosen = next(helps, candidates[0])
        beside.add(chosen)
        waiting = sorted({*waiting, chosen})
    return Held(small, frozenset(beside))


def possible_values(
    asked: Sequence[Asked],
    held: Held,
    *,
    known: Sequence[Known] = (),
    threshold: int = THRESHOLD,
) -> dict[str, tuple[int, int]]:
    """The least and the greatest value a reader could think of for each hidden count."""
    table = Tables(asked, known, threshold)
    return {key: table.interval(key, held.small, held.beside) for key in sorted(held.keys)}


def disclose(page: WardPage, *, earlier: Iterable[DisclosedWardPage] = ()) -> DisclosedWardPage:
    """Turn a ward page into what a stranger may be shown.

    earlier: every snapshot of the ward that has been published, in any order; what they
    show is known, and is never the key to a count that is hidden now.
    """
    # The builders stand on the rule above, so they are met only here.
    from peelian.publication.disclosed_page import disclosed_page

    return disclosed_page(page, earlier=tuple(earlier))
