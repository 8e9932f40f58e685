"""Rank places as it would have been done at earlier times, and see what each ranking caught.

At each origin only the months before it are read; the months after it are the judge. The
default ranking stands beside all-time counts, a kernel density, chance and the best possible,
and beside the richer model, which is chosen for a type only where it won over the default
(see back_test_choice.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import ceil
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import CoverageError
from peelian.core.months import Month
from peelian.scanning.accuracy import Accuracy, accuracy, top_places
from peelian.scanning.back_test_choice import ShareGained, share_gained, squares_of
from peelian.scanning.kernel_density import kernel_at_places
from peelian.scanning.panel import Panel
from peelian.scanning.richer import Expectation, forecast
from peelian.scanning.richer_evidence import EvidenceBook

FIRST_ORIGIN = 17  # months known: a year, a season before it, and lessons to learn from
# Of the usual kernels the hardest to beat: a Gaussian of 75 m catches less (anti-social behaviour
# in six boroughs .238 against .359), but for possession of weapons (.285 against .267).
KERNEL_M = 75.0
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
            f"the richer model caught {100 * found.estimate:+.1f} percentage points against "
            f"decayed counts ({100 * found.low:+.1f} to {100 * found.high:+.1f}, {found.level:.0%})"
        )
        if self.chosen == "richer":
            return f"Richer: {said}."
        if found.estimate <= 0:
            return f"Decayed counts: {said}."
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


def origins_of(
    panel: Panel, crime_type: str, *, first_origin: int, horizon_months: int
) -> tuple[list[int], list[int]]:
    """The origins of a type that can be judged, and those that a missing month spoils."""
    held = panel.held[panel.of_type(crime_type)]
    every = range(first_origin, len(panel.span) - horizon_months + 1)
    usable = [o for o in every if held[:o].any() and held[o : o + horizon_months].all()]
    return usable, [o for o in every if o not in usable]


def back_test(
    panel: Panel,
    *,
    crime_types: Sequence[str] | None = None,
    first_origin: int = FIRST_ORIGIN,
    horizon_months: int = 3,
    level: float = 0.9,
    seed: int = 0,
    report: Callable[[int, int], None] = lambda done, of: None,
) -> tuple[TypeBackTest, ...]:
    """Back-test the rankings of crime types, in the order asked for (all of the panel's).

    Units are all of the panel, those too that have no record yet at an origin. A type without
    a record after any of its origins is left out; a CoverageError where the span is too short
    or no type is left. seed: breaks ties between equal scores. report: told how many
    forecasts are done, of how many.
    """
    asked = list(panel.types if crime_types is None else crime_types)
    _check_length(panel, first_origin, horizon_months)
    usable = {
        name: origins_of(panel, name, first_origin=first_origin, horizon_months=horizon_months)
        for name in asked
    }
    tallies = {name: _Tally(panel, name, horizon_months, level, seed) for name in asked}
    jobs = [(origin, name) for name in asked for origin in usable[name][0]]
    # Lessons lie a horizon apart, so origins are taken in classes that share their lessons.
    jobs.sort(key=lambda job: (job[0] % horizon_months, job[0]))
    book = EvidenceBook(panel)
    for done, (origin, name) in enumerate(jobs):
        tallies[name].add(book, origin)
        report(done + 1, len(jobs))
    results = tuple(
        tallies[name].result(passed_over=usable[name][1]) for name in asked if tallies[name].records
    )
    if not results:
        raise CoverageError(
            f"A ranking is judged by records that came after an origin; none of "
            f"{', '.join(asked) or 'any type'} came within {panel.span.in_words} after its month "
            f"{first_origin}. Ingest more months, or ask for other types."
        )
    return results


def _check_length(panel: Panel, first_origin: int, horizon: int) -> None:
    needed = first_origin + horizon
    if len(panel.span) < needed or not len(panel.easting):
        raise CoverageError(
            f"A back-test needs {first_origin} months to learn from and {horizon} to be judged "
            f"by, {needed} in all, and places; {panel.span.in_words} has {len(panel.span)} months "
            f"and {len(panel.easting)} places. Ingest earlier or later archives, or ask for a "
            f"shorter horizon."
        )


class _Tally:
    """What the rankings of one type caught, origin by origin."""

    def __init__(
        self, panel: Panel, crime_type: str, horizon: int, level: float, seed: int
    ) -> None:
        self._panel, self._type, self._horizon = panel, crime_type, horizon
        self._level, self._seed = level, seed
        self._counts = panel.counts[panel.of_type(crime_type)]
        self._marked = {top: ceil(round(top * len(panel.easting), 9)) for top in TOPS}
        self._square, self._squares = squares_of(panel.easting, panel.northing)
        self._caught: dict[int, dict[float, dict[str, Accuracy]]] = {}
        self._gains: dict[int, NDArray[np.float64]] = {}  # by origin: squares
        self._came: dict[int, NDArray[np.float64]] = {}
        self._predicted: dict[int, float] = {}
        self._covered: dict[int, dict[Chosen, tuple[int, int]]] = {}
        self.records = 0

    def add(self, book: EvidenceBook, origin: int) -> None:
        """Rank at one origin, and look up what came."""
        found = forecast(book, self._type, origin=origin, horizon_months=self._horizon)
        came = self._counts[:, origin : origin + self._horizon].sum(axis=1, dtype=float)
        before = np.nansum(self._counts[:, :origin], axis=1, dtype=float)
        scores = {
            "decayed": found.decayed.expected,
            "all_time": before,
            "kernel": kernel_at_places(
                before,
                self._panel.easting,
                self._panel.northing,
                bandwidth_m=KERNEL_M,
                kernel="quartic",
            ),
            "richer": found.richer.expected,
        }
        self._caught[origin] = {
            top: {
                name: accuracy(score, came, count=count, seed=self._seed)
                for name, score in scores.items()
            }
            for top, count in self._marked.items()
        }
        gain = np.zeros(len(came))
        for name, sign in (("richer", 1), ("decayed", -1)):
            marked = top_places(scores[name], count=self._marked[DECIDING_TOP], seed=self._seed)
            gain[marked] += sign * came[marked]
        self._gains[origin] = self._by_square(gain)
        self._came[origin] = self._by_square(came)
        self._predicted[origin] = float(found.decayed.expected.sum())
        self._covered[origin] = {
            "decayed": _covered(found.decayed, came, self._level),
            "richer": _covered(found.richer, came, self._level),
        }
        self.records += int(came.sum())

    def result(self, *, passed_over: Sequence[int]) -> TypeBackTest:
        """The whole back-test of the type."""
        origins = sorted(self._caught)
        gained, chosen = self._choice(origins)
        in_time = [
            self._caught[each][DECIDING_TOP][
                self._choice([o for o in origins if o + self._horizon <= each])[1]
            ]
            for each in origins
        ]
        within, outcomes = (
            sum(part) for part in zip(*(self._covered[o][chosen] for o in origins), strict=True)
        )
        return TypeBackTest(
            crime_type=self._type,
            horizon_months=self._horizon,
            units=len(self._square),
            origins=tuple(self._known_to(each) for each in origins),
            passed_over=tuple(self._known_to(each) for each in passed_over),
            records=self.records,
            caught={
                top: {
                    name: _pooled([self._caught[o][top][name] for o in origins])
                    for name in RANKINGS
                }
                for top in TOPS
            },
            gained=gained,
            chosen=chosen,
            chosen_in_time=_pooled(in_time),
            predicted=tuple(self._predicted[each] for each in origins),
            coverage=Coverage(within, outcomes, self._level),
        )

    def _choice(self, origins: Sequence[int]) -> tuple[ShareGained | None, Chosen]:
        """Richer where it won over the default at these origins."""
        if not origins:
            return None, "decayed"
        gained = share_gained(
            np.sum([self._gains[o] for o in origins], axis=0),
            np.sum([self._came[o] for o in origins], axis=0),
        )
        return gained, "richer" if gained is not None and gained.wins else "decayed"

    def _by_square(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(self._square, values, self._squares).astype(float)

    def _known_to(self, origin: int) -> Month:
        return self._panel.span.first.plus(origin - 1)


def _covered(expectation: Expectation, came: NDArray[np.float64], level: float) -> tuple[int, int]:
    """Outcomes within their interval, and all, where enough was expected."""
    looked_at = expectation.expected >= LEAST_EXPECTED
    expected, outcome = expectation.expected[looked_at], came[looked_at]
    low, high = expectation.straying.interval(expected, level=level)
    return int(((low <= outcome) & (outcome <= high)).sum()), int(looked_at.sum())


def _pooled(parts: Sequence[Accuracy]) -> Accuracy:
    return replace(
        parts[0],
        hits=tuple(hits for each in parts for hits in each.hits),
        totals=tuple(total for each in parts for total in each.totals),
        best=tuple(best for each in parts for best in each.best),
    )
