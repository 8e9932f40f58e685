"""Rank places as it would have been done at earlier times, and see what each ranking caught.

At each origin only the months before it are read; the months after it are the judge. The
default ranking stands beside all-time counts, a kernel density, chance and the best possible,
and beside the richer model, which is chosen for a type only where it won over the default
(see back_test_choice.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import CoverageError
from peelian.core.months import Month
from peelian.scanning.accuracy import Accuracy, accuracy, top_places
from peelian.scanning.back_test_choice import (
    LEAST_ORIGINS,
    ShareGained,
    share_gained,
    squares_of,
)
from peelian.scanning.back_test_results import (
    DECIDING_TOP,
    LEAST_EXPECTED,
    RANKINGS,
    TOPS,
    Chosen,
    Coverage,
    TypeBackTest,
)
from peelian.scanning.kernel_density import kernel_at_places
from peelian.scanning.panel import Panel
from peelian.scanning.richer import Expectation, forecast
from peelian.scanning.richer_evidence import EvidenceBook

FIRST_ORIGIN = 17  # months known: a year, a season before it, and lessons to learn from
# Of the usual kernels the hardest to beat: a Gaussian of 75 m catches less (anti-social behaviour
# in six boroughs .238 against .359), but for possession of weapons (.285 against .267).
KERNEL_M = 75.0


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
        won = gained is not None and gained.wins and len(origins) >= LEAST_ORIGINS
        return gained, "richer" if won else "decayed"

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
