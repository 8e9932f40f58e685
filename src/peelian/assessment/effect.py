"""An effect with its interval: what every method of this room returns."""

from __future__ import annotations

from dataclasses import dataclass

from peelian.core.results import Direction


@dataclass(frozen=True)
class Effect:
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

    @property
    def direction(self) -> Direction | None:
        """Which way records moved beyond chance; None where the interval includes no change."""
        if self.low > 1:
            return "up"
        return "down" if self.high < 1 else None

    @property
    def is_too_few_to_say(self) -> bool:
        """Whether the interval holds no change, and a halving or a doubling as well."""
        return self.direction is None and (self.low < 0.5 or self.high > 2)
