"""An effect with its interval: what every method of this room returns."""

from __future__ import annotations

from dataclasses import dataclass

from peelian.core.results import RatioInterval


@dataclass(frozen=True)
class Effect(RatioInterval):
    """Records under a response, over what they would have been without it: a ratio of rates.

    estimate: None where the untreated side has no record. low, high: an interval at `level`,
    both included; high may be infinity. p_value: of no effect. treated, untreated: the
    records compared. design: how they were told apart, in words. maryland_level: 1 to 5 on the
    scale of scientific methods (5 is a randomised trial). assumptions: one sentence each.
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
