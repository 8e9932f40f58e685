"""What a hidden count could be, for a reader who knows the others: exactly, in whole numbers.

Counts are rows over the parts that they are sums of. A shown row is fixed, a hidden one lies
between bounds, and every table of parts that fits is a table the reader cannot rule out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


def to_nearest_five(value: int) -> int:
    """A count of a place as it is shown."""
    return NEAREST * ((value + NEAREST // 2) // NEAREST)


@dataclass
class Tables:
    """Every table of counts that fits what a reader knows, asked one question at a time."""

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

    def beside(self, key: str, small: Collection[str], beside: Collection[str]) -> list[str]:
        """Shown counts that help to give a hidden one away, the first to go first."""
        hidden, public = {*small, *beside}, {frozenset(k.parts) for k in self.known}
        pinning = self._pinning(key, small, beside)
        near = [
            a
            for i, a in enumerate(self.asked)
            if pinning[i] and a.value and a.key not in hidden and a.parts not in public
        ]
        return [a.key for a in sorted(near, key=lambda a: (a.keep, a.value, a.key))]

    def _pinning(
        self, key: str, small: Collection[str], beside: Collection[str]
    ) -> NDArray[np.bool_]:
        """The rows without which a count could be larger or smaller.

        They are those that bear a price in the linear programmes for its greatest and its
        least value. Where only whole numbers pin it, every row that shares a sum with it.
        """
        from scipy.optimize import linprog
        from scipy.sparse import vstack

        low, high = self._ends(small, beside)
        fixed, bounded = low == high, np.isfinite(high) & (low != high)
        row, rows = self._coefficients(key), self._cells
        priced = np.zeros(len(low), dtype=bool)
        for sign in (1, -1):
            answer = linprog(
                sign * row,
                A_ub=vstack([-rows[~fixed], rows[bounded]]),
                b_ub=np.concatenate([-low[~fixed], high[bounded]]),
                A_eq=rows[fixed],
                b_eq=low[fixed],
                bounds=(0, self._top),
            )
            priced[fixed] |= answer.eqlin.marginals != 0
            prices = answer.ineqlin.marginals != 0
            priced[~fixed] |= prices[: (~fixed).sum()]
            priced[bounded] |= prices[(~fixed).sum() :]
            if round(answer.fun) != sign * self.asked[self._row[key]].value:
                return self._sharing_a_sum(key)
        return priced

    def _sharing_a_sum(self, key: str) -> NDArray[np.bool_]:
        touched = self._cells @ (abs(self._cells).T @ (abs(self._cells) @ self._coefficients(key)))
        return np.asarray(touched != 0)

    def exposed(
        self, keys: Collection[str], small: Collection[str], beside: Collection[str]
    ) -> list[str]:
        """Those of some hidden counts that have one possible value only, in order."""
        left = self._left_after_one_look(sorted(keys), small, beside)
        found = []
        while left:
            key = next(iter(left))
            # A table that fits clears every count that has another value in it.
            if others := self._differing(key, small, beside):
                left = {k: None for k in left if k not in others}
            else:
                del left[key]
                found.append(key)
        return found

    def _left_after_one_look(
        self, keys: Sequence[str], small: Collection[str], beside: Collection[str]
    ) -> dict[str, None]:
        """The counts that the two tables furthest along one direction do not clear together.

        The direction is drawn at random, from a fixed seed, so that no sum is level along it.
        """
        if not keys:
            return {}
        weights = np.random.default_rng(0).normal(size=len(keys))
        direction = self._cells[[self._row[key] for key in keys], :].T @ weights
        cleared = {
            key
            for sign in (1, -1)
            for key in self._other_than_true(self._solve(sign * direction, small, beside))
        }
        return {key: None for key in keys if key not in cleared}

    def is_exposed(self, key: str, small: Collection[str], beside: Collection[str]) -> bool:
        """Whether a hidden count has one possible value only."""
        return not self._differing(key, small, beside)

    def _differing(
        self, key: str, small: Collection[str], beside: Collection[str]
    ) -> frozenset[str]:
        """Counts with another value in a table where that of `key` is another, if there is one."""
        for sign in (1, -1):
            others = self._other_than_true(
                self._solve(sign * self._coefficients(key), small, beside)
            )
            if key in others:
                return others
        return frozenset()

    def _other_than_true(self, parts: NDArray[np.float64]) -> frozenset[str]:
        """The counts that have another value in a table than in the true one."""
        counts = self._cells @ np.round(parts)
        pairs = zip(self.asked, counts, strict=False)
        return frozenset(a.key for a, count in pairs if a.value != count)

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

    def _solve(
        self, aim: NDArray[np.float64], small: Collection[str], beside: Collection[str]
    ) -> NDArray[np.float64]:
        from scipy.optimize import Bounds, LinearConstraint, milp

        low, high = self._ends(small, beside)
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

    def _ends(
        self, small: Collection[str], beside: Collection[str]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What a reader knows of every row: the least and the most it can be."""
        ends = [self._bounds(a, a.key in small, a.key in beside) for a in self.asked]
        ends += [(k.value, k.value) for k in self.known]
        low, high = np.array(ends, dtype=float).reshape(-1, 2).T
        return low, high

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
