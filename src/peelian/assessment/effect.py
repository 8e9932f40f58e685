"""An effect with its interval, and what would change it: what every method of this room returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from peelian.core.results import Direction, RatioInterval


@dataclass(frozen=True)
class Check:
    """One look at what would change the answer: another date, window or comparison.

    says: what was tried and what came of it, one sentence with its numbers. changed: whether
    the direction, or that there is none beyond chance, came out otherwise.
    """

    kind: Literal["placebo date", "comparison left out", "window", "assumption"]
    says: str
    changed: bool


@dataclass(frozen=True)
class FoundRatio(RatioInterval):
    """A ratio with its interval, both ends included; `estimate` is None without any before."""

    estimate: float | None
    low: float
    high: float
    p_value: float

    @property
    def in_words(self) -> str:
        """The ratio, and from where to where."""
        middle = "no ratio" if self.estimate is None else f"{self.estimate:.2f}"
        return f"{middle} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True)
class Effect(RatioInterval):
    """Records under a response, over what they would have been without it: a ratio of rates.

    estimate: None where the untreated side has no record. low, high: an interval at `level`,
    both included; high may be infinity. p_value: of no effect. treated, untreated: the
    records compared. design: how they were told apart, in words. maryland_level: 1 to 5 on the
    scale of scientific methods (5 is a randomised trial). assumptions: one sentence each.
    checks: what was tried to see what would change the answer.
    """

    estimate: float | None
    low: float
    high: float
    level: float
    p_value: float
    treated: int
    untreated: int
    design: str
    maryland_level: int
    assumptions: tuple[str, ...]
    notices: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Difference:
    """Records under a response, less what they would have been without it: a number of records.

    estimate: below 0 for fewer records. low, high: an interval at `level`, both included.
    p_value: of no effect. The rest is as in `Effect`.
    """

    estimate: float
    low: float
    high: float
    level: float
    p_value: float
    design: str
    maryland_level: int
    assumptions: tuple[str, ...]
    notices: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def direction(self) -> Direction | None:
        """Which way it moved beyond chance; None where the interval includes no change."""
        if self.low > 0:
            return "up"
        return "down" if self.high < 0 else None
