"""What a back-test found: shares caught by ranking, which is chosen, totals, intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from peelian.core.months import Month
from peelian.scanning.accuracy import Accuracy
from peelian.scanning.back_test_choice import ShareGained

TOPS = (0.01, 0.05)
DECIDING_TOP = 0.05
# A central interval of a place that expects a tenth of a record holds every likely outcome.
LEAST_EXPECTED = 1.0

Chosen = Literal["decayed", "richer"]
RANKINGS = ("decayed", "all_time", "kernel", "richer")


@dataclass(frozen=True)
class Coverage:
    """How many outcomes fell within their predictive interval, ends included.

    outcomes: places and origins that expected LEAST_EXPECTED records or more.
    """

    within: int
    outcomes: int
    level: float

    @property
    def share(self) -> float:
        """The share within; NaN without an outcome."""
        return self.within / self.outcomes if self.outcomes else float("nan")


@dataclass(frozen=True)
class TypeBackTest:
    """How the rankings of one crime type did over all origins.

    origins: the last month known at each. passed_over: those of which a month that followed is
    missing. caught: by share of places (0.01, 0.05) and ranking, in RANKINGS. records: that
    came, summed over origins, so that a month counts at every origin it followed. gained:
    richer minus decayed, None where there are too few squares to say. chosen_in_time: what
    would have been caught at the top 5 % by choosing at each origin from the origins whose
    horizon had ended by then. predicted: records in all, an origin, as every ranking has them.
    coverage: of the chosen ranking's intervals.
    """

    crime_type: str
    horizon_months: int
    units: int
    origins: tuple[Month, ...]
    passed_over: tuple[Month, ...]
    records: int
    caught: Mapping[float, Mapping[str, Accuracy]]
    gained: ShareGained | None
    chosen: Chosen
    chosen_in_time: Accuracy
    predicted: tuple[float, ...]
    coverage: Coverage

    @property
    def calibration(self) -> float:
        """Records predicted over records that came, summed over origins."""
        return sum(self.predicted) / self.records

    @property
    def calibration_by_origin(self) -> tuple[float, ...]:
        """The same at each origin that had records."""
        came = self.caught[DECIDING_TOP]["decayed"].totals
        return tuple(p / n for p, n in zip(self.predicted, came, strict=True) if n)

    def share(self, ranking: str, *, top: float = DECIDING_TOP) -> float:
        """The share caught by a ranking, by "chosen", "chance" or "best"; NaN without records."""
        found = self.caught[top]
        if ranking == "chance":
            return found["decayed"].marked / self.units
        if ranking == "best":
            of = found["decayed"]
            return sum(of.best) / sum(of.totals) if sum(of.totals) else float("nan")
        return found[self.chosen if ranking == "chosen" else ranking].share

    @property
    def reason(self) -> str:
        """Which ranking is chosen and why, in a sentence."""
        if self.gained is None:
            return (
                "Decayed counts: records lie in too few parts of the map to say whether the "
                "richer model catches more."
            )
        found = self.gained
        said = (
            f"the richer model caught {100 * found.estimate:+z.1f} percentage points against "
            f"decayed counts ({100 * found.low:+z.1f} to {100 * found.high:+z.1f}, "
            f"{found.level:.0%})"
        )
        if self.chosen == "richer":
            return f"Richer: {said}."
        if found.estimate <= 0:
            return f"Decayed counts: {said}."
        if found.wins:
            return f"Decayed counts: {said}, at too few past times to be preferred."
        return f"Decayed counts: {said}, too unsure to be preferred."

    def figures(self) -> dict[str, Any]:
        """Every figure as plain values, for a file."""
        names = (*RANKINGS, "chosen", "chance", "best")
        chosen = self.caught[DECIDING_TOP][self.chosen]
        return {
            "chosen": self.chosen,
            "reason": self.reason,
            "records": self.records,
            "units": self.units,
            "origins": [str(month) for month in self.origins],
            "passed_over": [str(month) for month in self.passed_over],
            "shares": {
                f"{top:g}": {name: self.share(name, top=top) for name in names} for top in TOPS
            },
            "chosen_in_time": self.chosen_in_time.share,
            "pai": chosen.pai,
            "pei": chosen.pei,
            "gained": None if self.gained is None else asdict(self.gained),
            "calibration": self.calibration,
            "calibration_by_origin": list(self.calibration_by_origin),
            "coverage": asdict(self.coverage),
        }
