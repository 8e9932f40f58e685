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
are shown to the nearest five (the "10-5 rule" of the Office for National Statistics, here
5-5): places are many and their months few, so two editions of an exact list would give
away what was recorded at a place in the month between them.

Threshold: 5 for places and times; 10 for a table that crosses a protected characteristic.
What the rule does not do: it does not compare different measures at one place, nor a
place of a claim with the places of a ranking.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from peelian.products.ward_page import WardPage
    from peelian.publication.disclosed import DisclosedWardPage

THRESHOLD = 5
PROTECTED_THRESHOLD = 10
NEAREST = 5


@dataclass(frozen=True)
class Asked:
    """A count that somebody asks to show: the sum of its parts.

    rounded: it is shown to the nearest five. keep: of two counts that could be held back
    beside a small one, that with the lower number goes first.
    """

    key: str
    value: int
    parts: frozenset[str]
    rounded: bool = False
    keep: int = 0


@dataclass(frozen=True)
class Known:
    """What a reader knows already: the parts, each times its factor, add up to the value."""

    parts: Mapping[str, int]
    value: int


@dataclass(frozen=True)
class Held:
    """The counts that are not shown: because they are small, or beside a small one."""

    small: frozenset[str]
    beside: frozenset[str]

    @property
    def keys(self) -> frozenset[str]:
        """Every count that is not shown."""
        return self.small | self.beside


def to_nearest_five(value: int) -> int:
    """A count of a place as it is shown."""
    return NEAREST * ((value + NEAREST // 2) // NEAREST)


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
    table = _Table(asked, known, threshold)
    beside, given_away = set(held_already) - small, set[str]()
    while found := [k for k in table.exposed(small, beside) if k not in given_away]:
        candidates = table.beside(found[0], small | beside)
        if not candidates:
            given_away.add(found[0])
            continue
        helps = (c for c in candidates if not table.is_exposed(found[0], small, beside | {c}))
        beside.add(next(helps, candidates[0]))
    return Held(small, frozenset(beside))


def possible_values(
    asked: Sequence[Asked],
    held: Held,
    *,
    known: Sequence[Known] = (),
    threshold: int = THRESHOLD,
) -> dict[str, tuple[int, int]]:
    """The least and the greatest value a reader could think of for each hidden count."""
    table = _Table(asked, known, threshold)
    return {key: table.interval(key, held.small, held.beside) for key in sorted(held.keys)}


@dataclass
class _Table:
    """The counts as rows over their parts, ready to ask what else they could be."""

    asked: Sequence[Asked]
    known: Sequence[Known]
    threshold: int
    _row: dict[str, int] = field(init=False)
    _parts: dict[str, int] = field(init=False)
    _cells: Any = field(init=False)  # scipy's sparse matrix, rows: asked, then known

    def __post_init__(self) -> None:
        from scipy.sparse import csr_array

        rows: list[Mapping[str, int]] = [dict.fromkeys(sorted(a.parts), 1) for a in self.asked]
        rows += [k.parts for k in self.known]
        self._row = {a.key: i for i, a in enumerate(self.asked)}
        self._parts = {part: i for i, part in enumerate(dict.fromkeys(p for r in rows for p in r))}
        where = [(i, self._parts[p], f) for i, row in enumerate(rows) for p, f in row.items()]
        at, of, factors = zip(*where, strict=True) if where else ((), (), ())
        self._cells = csr_array((factors, (at, of)), shape=(len(rows), len(self._parts)))

    def beside(self, key: str, hidden: Collection[str]) -> list[str]:
        """Shown counts that stand in one sum with a hidden one, the first to go first."""
        target = self.asked[self._row[key]].parts
        sums = [a.parts for a in self.asked if a.key not in hidden and a.parts & target]
        sums += [frozenset(k.parts) for k in self.known if not target.isdisjoint(k.parts)]
        reach = target.union(*sums)
        near = (a for a in self.asked if a.key not in hidden and a.value and a.parts & reach)
        return [a.key for a in sorted(near, key=lambda a: (a.keep, a.value, a.key))]

    def exposed(self, small: Collection[str], beside: Collection[str]) -> list[str]:
        """Hidden counts with one possible value only, in order."""
        left = set(small) | set(beside)
        if left:
            # Each other table of counts that is found clears many hidden ones at once.
            draw = np.random.default_rng(0)
            for _ in range(4):
                left -= self._differing(draw.choice((-1.0, 1.0), len(self._parts)), small, beside)
        return [key for key in sorted(left) if self.is_exposed(key, small, beside)]

    def is_exposed(self, key: str, small: Collection[str], beside: Collection[str]) -> bool:
        """Whether a hidden count has one possible value only: no table lies on either side."""
        row, value = self._coefficients(key), self.asked[self._row[key]].value
        return all(
            round(float(row @ self._solve(sign * row, small, beside))) == value for sign in (1, -1)
        )

    def interval(
        self, key: str, small: Collection[str], beside: Collection[str]
    ) -> tuple[int, int]:
        """The least and the greatest possible value of a hidden count."""
        row = self._coefficients(key)
        least, greatest = (
            round(float(row @ self._solve(sign * row, small, beside))) for sign in (1, -1)
        )
        return least, greatest

    def _coefficients(self, key: str) -> NDArray[np.float64]:
        """Which parts a count is the sum of, as numbers."""
        row: NDArray[np.float64] = self._cells[[self._row[key]], :].toarray()[0].astype(float)
        return row

    def _differing(
        self, aim: NDArray[np.float64], small: Collection[str], beside: Collection[str]
    ) -> set[str]:
        found = self._cells @ np.round(self._solve(aim, small, beside))
        return {a.key for a, other in zip(self.asked, found, strict=False) if a.value != other}

    def _solve(
        self, aim: NDArray[np.float64], small: Collection[str], beside: Collection[str]
    ) -> NDArray[np.float64]:
        from scipy.optimize import Bounds, LinearConstraint, milp

        ends = [self._bounds(a, a.key in small, a.key in beside) for a in self.asked]
        ends += [(k.value, k.value) for k in self.known]
        low, high = np.array(ends, dtype=float).reshape(-1, 2).T
        answer = milp(
            aim,
            constraints=LinearConstraint(self._cells, low, high),
            integrality=np.ones(len(self._parts)),
            bounds=Bounds(0, self._top),
            options={"mip_rel_gap": 0},
        )
        if answer.x is None:
            raise ValueError(
                f"Counts to be disclosed agree with their own sums; these do not: {answer.message}"
            )
        solution: NDArray[np.float64] = answer.x
        return solution

    @property
    def _top(self) -> int:
        """More than any part can be, so that every question has an answer."""
        return max((a.value for a in self.asked), default=0) + self.threshold + NEAREST

    def _bounds(self, asked: Asked, small: bool, beside: bool) -> tuple[float, float]:
        """What a reader knows of one count."""
        if small:
            return 1, self.threshold - 1
        if beside:
            return self.threshold, np.inf
        if asked.rounded and asked.value:
            shown = to_nearest_five(asked.value)
            return max(self.threshold, shown - NEAREST // 2), shown + NEAREST // 2
        return asked.value, asked.value


def disclose(page: WardPage, *, earlier: Iterable[DisclosedWardPage] = ()) -> DisclosedWardPage:
    """Turn a ward page into what a stranger may be shown.

    earlier: every snapshot of the ward that has been published, in any order; what they
    show is known, and is never the key to a count that is hidden now.
    """
    # The builders stand on the rule above, so they are met only here.
    from peelian.publication.disclosed_page import disclosed_page

    return disclosed_page(page, earlier=tuple(earlier))
