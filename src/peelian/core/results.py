"""Results that travel with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from peelian.core.months import Month, MonthSpan

Direction = Literal["up", "down"]
Verdict = Literal["supported", "not_supported", "cannot_be_measured", "no_evidence_yet"]
PersistenceClass = Literal[
    "new", "intensifying", "persistent", "diminishing", "sporadic", "historical"
]


class RatioInterval:
    """What the interval of a ratio of rates says, both ends included; 1 is no change."""

    low: float
    high: float

    @property
    def direction(self) -> Direction | None:
        """Which way it moved beyond chance; None where the interval includes no change."""
        if self.low > 1:
            return "up"
        return "down" if self.high < 1 else None

    @property
    def is_too_few_to_say(self) -> bool:
        """Whether the interval holds no change, and a halving or a doubling as well."""
        return self.direction is None and (self.low < 0.5 or self.high > 2)


@dataclass(frozen=True)
class RateRatio(RatioInterval):
    """Records a month now over records a month before, with an exact interval.

    before, after: records in the compared months. months: how many months each side has
    (only months held in both years are compared). `estimate` is None where `before` is
    zero; `high` may be infinity.
    """

    before: int
    after: int
    months: int
    estimate: float | None
    low: float
    high: float
    level: float
    span: MonthSpan
    compared: tuple[Month, ...]  # the months of `span` held in both years
    p_value: float


@dataclass(frozen=True)
class RankedPlace:
    """One place in a ranking by expected records in the next period, with its interval.

    expected, low, high: records over `horizon_months` (a central predictive interval at
    `level`). records: all held in the ranked span. recent: in its last twelve months.
    """

    rank: int
    place_id: str
    name: str
    easting: float
    northing: float
    snap_points: int
    records: int
    recent: int
    expected: float
    low: float
    high: float
    level: float
    horizon_months: int
    persistence: PersistenceClass
    why: tuple[str, ...]  # the months and figures that justify it, each one sentence


@dataclass(frozen=True)
class EdgeSensitivity:
    """How many records would change sides if the boundary moved by `within_m` metres."""

    within_m: float
    inside_near: int  # counted, but at most this far inside the line
    outside_near: int  # not counted, but at most this far outside
    total_inside: int
    points_inside_near: int
    points_outside_near: int
