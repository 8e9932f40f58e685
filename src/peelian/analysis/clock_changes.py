"""The clock on the wall against time that passes: twice a year they part by an hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LONDON = "Europe/London"
SECOND = 1_000_000  # times are whole microseconds since the start of 1970
HOUR = 3600 * SECOND
DAY = 24 * HOUR


@dataclass(frozen=True)
class ClockChanges:
    """When a zone's clocks were changed, and how far they were ahead of UTC.

    at: microseconds UTC, ascending. ahead: microseconds, before the first change, between the
    first and the second, and so on: one entry more than changes.
    """

    at: NDArray[np.int64]
    ahead: NDArray[np.int64]

    def to_utc(self, wall: NDArray[np.int64]) -> NDArray[np.int64]:
        """The moments at which clocks show these times.

        Of an hour that comes twice, the first is meant; a time that was skipped is taken as
        an hour later, as by a clock that was not put forward.
        """
        later = np.maximum(self.ahead[:-1], self.ahead[1:])
        return wall - self.ahead[np.searchsorted(self.at + later, wall, side="right")]


def clock_changes(first: int, last: int, *, zone: str) -> ClockChanges:
    """The changes of a zone's clocks from a day before one time to a day after another.

    first, last: microseconds since 1970. zone: its name in the time zone database, such as
    Europe/London. Changes are looked for at whole hours UTC, where Europe's and America's are.
    """
    import polars as pl

    start, stop = first // HOUR * HOUR - DAY, last + DAY
    utc = np.arange(start, stop + HOUR, HOUR)
    aware = pl.Series(utc).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
    ahead = aware.dt.replace_time_zone(None).cast(pl.Int64()).to_numpy() - utc
    changed = np.flatnonzero(np.diff(ahead)) + 1
    return ClockChanges(utc[changed], ahead[np.r_[0, changed]])
