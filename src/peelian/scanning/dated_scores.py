"""Scores of places from records with days: those of the place, of other kinds, and around it.

For a force's own extract, whose records have days. Open crime records are known only to the
month: rank those with ranking.py.

Counting another kind of record half, and one in the places around a tenth, is a variation on
self-exciting and near-repeat forecasts (Mohler et al. 2011, doi:10.1198/jasa.2011.ap09546)
that can be explained in a sentence. On Portland's records (250 ft cells, weekly origins from
June 2013 to December 2014, 14 days ahead, six positions of the grid) it raised burglary's PAI
from 10.7 to 13.0 (95 % interval of the difference, paired bootstrap: 0.3 to 4.4), and vehicle
theft's from 35.1 to 35.7 (-1.2 to 2.2); the weights were chosen on those months, so that is
a little too kind. From 2015 on it stayed ahead for burglary (by 1.4 to
2.3, each interval with zero) and fell behind for vehicle theft. So take it only where origins
before show that it wins: PairedDifference.is_better.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import InputError, MonthOnlyError
from peelian.scanning.neighbours import Neighbours

# From 300 to 2,000 days the PAI hardly differs (same months, a mean of 16 positions of the grid
# and three areas marked): burglary 10.1 to 10.5, vehicle theft 36.1 to 37.7; at 60 days 7.7
# and 25.2.
HALF_LIFE_DAYS = 730.0
OTHER_WEIGHT = 0.5
NEAR_WEIGHT = 0.1


@dataclass(frozen=True, eq=False)
class DatedRecords:
    """Records of one kind: the place of each, and its day. In any order.

    place: index of the unit, -1 where it is in none. day: datetime64[D]. Days that are all the
    first of a month are months: MonthOnlyError.
    """

    place: NDArray[np.int64]
    day: NDArray[np.datetime64]

    def __post_init__(self) -> None:
        if len(self.place) != len(self.day):
            raise InputError(
                f"Every record has a place and a day; found {len(self.place)} places and "
                f"{len(self.day)} days. Pass one of each for every record."
            )
        days = np.unique(self.day.astype("datetime64[D]"))
        if len(days) > 1 and (days == days.astype("datetime64[M]")).all():
            raise MonthOnlyError(
                f"Scores by day need the day of each record; all {len(self.day):,} are dated on "
                f"the first of a month, as open crime records are, which are known only to the "
                f"month. Rank them by month, or use a force's own extract with dates."
            )

    def between(
        self, first: np.datetime64, before: np.datetime64, *, places: int
    ) -> NDArray[np.int64]:
        """Records at each of so many places from one day, included, to another, excluded."""
        during = (self.day >= first) & (self.day < before) & (self.place >= 0)
        return np.bincount(self.place[during], minlength=places)


def decayed_counts(
    records: DatedRecords,
    *,
    on: np.datetime64,
    places: int,
    half_life_days: float = HALF_LIFE_DAYS,
) -> NDArray[np.float64]:
    """Records at each place before a day, one of `half_life_days` ago counting half.

    on: the origin; records of that day and later are not known. No records give zeros.
    """
    known = (records.day < on) & (records.place >= 0)
    age = (on - records.day[known]).astype("timedelta64[D]").astype(float)
    return np.bincount(
        records.place[known], weights=0.5 ** (age / half_life_days), minlength=places
    ).astype(float)


def wider_scores(
    own: NDArray[np.float64], other: NDArray[np.float64], around: Neighbours
) -> NDArray[np.float64]:
    """A place's own decayed counts, half those of another kind, and a tenth of both around it.

    own, other: from `decayed_counts`, on the same day. around: the places that touch each.
    """
    here = own + OTHER_WEIGHT * other
    return here + NEAR_WEIGHT * around.sums(here)
