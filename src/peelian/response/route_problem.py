"""The shifts of one day and band, the places their units may go to, and routes for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peelian.core.errors import InputError

Route = tuple[tuple[int, int], ...]  # (place, from 0; minute at which the visit starts), in order
Visits = tuple[Route, ...]  # a unit

_NO_WAY = -1


@dataclass(frozen=True, eq=False)
class RouteProblem:
    """The shifts of one day and band, and the places that their units may go to. Whole minutes.

    travel: one matrix a unit, (P+1) x (P+1), from row to column, index 0 the unit's base; -1, or
    more than any shift, where there is no way. hours: (start, end) a unit, from the band's first
    minute on; a unit leaves its base at start or later and is back at end or before. weight: (P,)
    expected harm at each place in the band. most_visits: (P,), 0 for a place not to go to. open:
    (P, 2), a visit begins at the first or later and ends at the second or before. visit_minutes:
    of every visit. gap_minutes: the least from the end of a visit to the start of the next at
    the same place, whichever units make them. An InputError where these cannot be so.
    """

    travel: tuple[NDArray[np.int64], ...]
    hours: tuple[tuple[int, int], ...]
    weight: NDArray[np.float64]
    most_visits: NDArray[np.int64]
    open: NDArray[np.int64]
    visit_minutes: int
    gap_minutes: int

    def __post_init__(self) -> None:
        places = len(self.weight)
        shapes: dict[str, tuple[object, object]] = {
            "travel": ([np.shape(t) for t in self.travel], [(places + 1,) * 2] * len(self.hours)),
            "most_visits": (np.shape(self.most_visits), (places,)),
            "open": (np.shape(self.open), (places, 2)),
        }
        for name, (found, expected) in shapes.items():
            if found != expected:
                raise InputError(
                    f"Routes of {len(self.hours)} units among {places} places need `{name}` of "
                    f"shape {expected}; found {found}. Give one matrix a unit, with its base "
                    f"first, and one entry a place."
                )
        self._check_values()

    def _check_values(self) -> None:
        bad_hours = [f"{start}-{end}" for start, end in self.hours if not 0 <= start <= end]
        whole = (*self.travel, self.most_visits, self.open)
        faults: dict[str, list[Any]] = {
            "a shift ends after it starts, and does not start before minute 0": bad_hours,
            "minutes and visits are whole numbers": [
                str(a.dtype) for a in whole if a.size and not np.issubdtype(a.dtype, np.integer)
            ],
            "weights are at least 0 and finite": [
                f"{w:g}" for w in self.weight if not 0 <= w < np.inf
            ],
            "the most visits at a place are at least 0": [
                str(m) for m in self.most_visits if m < 0
            ],
            "a visit lasts at least 1 minute": [self.visit_minutes]
            if self.visit_minutes < 1
            else [],
            "a gap is at least 0 minutes": [self.gap_minutes] if self.gap_minutes < 0 else [],
        }
        for rule, found in faults.items():
            if found:
                raise InputError(
                    f"In a problem of routes {rule}; found {', '.join(map(str, found[:5]))}. "
                    f"Correct the shifts, the places or the dose."
                )

    @property
    def last_minute(self) -> int:
        """By when every unit is back; 0 without units."""
        return max((end for _, end in self.hours), default=0)

    def ways(self, unit: int) -> NDArray[np.int64]:
        """The unit's matrix, with one minute more than the last where there is no way."""
        travel = np.asarray(self.travel[unit], dtype=np.int64)
        beyond = self.last_minute + 1
        return np.where(travel <= _NO_WAY, beyond, np.minimum(travel, beyond))

    def counts(self, visits: Visits) -> NDArray[np.int64]:
        """How many visits each place gets: (P,)."""
        places = [place for route in visits for place, _ in route]
        return np.bincount(places, minlength=len(self.weight)).astype(np.int64)


@dataclass(frozen=True)
class Routes:
    """Which places each unit visits, and when.

    visits: a unit: (place, from 0; minute at which the visit starts), in order of time. covered:
    expected harm covered. bound: no routes can cover more; never below `covered`.
    """

    visits: Visits
    covered: float
    bound: float

    @property
    def gap_share(self) -> float:
        """The most that better routes could add, as a share of the bound; 0 where it is 0."""
        return 1.0 - self.covered / self.bound if self.bound > 0 else 0.0


def covered(weight: ArrayLike, visit_counts: ArrayLike) -> float:
    """Expected harm covered by so many visits a place: each covers half of what is left.

    weight, visit_counts: (P,). That presence works less each time is known (Koper 1995,
    doi:10.1080/07418829500096231, for minutes of one visit); the half is an assumption.
    """
    return float(np.sum(np.asarray(weight) * (1.0 - 0.5 ** np.asarray(visit_counts))))
