"""The ways between a plan's bases and places, in whole minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peelian.core.patrols import Hotspot, PatrolMode, Shift
from peelian.response.patrol_hours import Stretch
from peelian.response.travel_times import minutes_between

if TYPE_CHECKING:
    from peelian.core.streets import StreetNetwork

NO_WAY = -1
# A way of three minutes must not take four because its metres were summed in another order.
_NOISE_MINUTES = 1e-9


@dataclass(frozen=True, eq=False)
class PatrolWays:
    """Whole minutes, rounded up, between bases and places, by mode; -1 where there is no way.

    bases, places: the row and column of each, by base and by place id.
    """

    minutes: Mapping[PatrolMode, NDArray[np.int64]]
    bases: Mapping[tuple[float, float], int]
    places: Mapping[str, int]

    @staticmethod
    def between(
        hotspots: Sequence[Hotspot], shifts: Sequence[Shift], network: StreetNetwork
    ) -> PatrolWays:
        """The ways among all bases and places, for each mode that a shift has."""
        bases = {base: row for row, base in enumerate(sorted({shift.base for shift in shifts}))}
        places = {spot.place_id: len(bases) + row for row, spot in enumerate(hotspots)}
        points = [*bases, *(spot.centre for spot in hotspots)]
        modes = sorted({shift.mode for shift in shifts})
        return PatrolWays(
            {mode: _whole(minutes_between(network, points, mode=mode)) for mode in modes},
            bases,
            places,
        )

    def of_stretch(self, stretch: Stretch, place_ids: Sequence[str]) -> NDArray[np.int64]:
        """(P+1) x (P+1), first from where the stretch sets out and to where it ends: its base."""
        base = self.bases[stretch.shift.base]
        rows = [base, *(self.places[place_id] for place_id in place_ids)]
        minutes = self.minutes[stretch.shift.mode]
        matrix = minutes[np.ix_(rows, rows)]
        if stretch.sets_out_from:
            matrix[0, 1:] = minutes[self.places[stretch.sets_out_from], rows[1:]]
        return matrix


def _whole(minutes: NDArray[np.float64]) -> NDArray[np.int64]:
    has_way = np.isfinite(minutes)
    return np.where(
        has_way, np.ceil(np.where(has_way, minutes, 0.0) - _NOISE_MINUTES), NO_WAY
    ).astype(np.int64)
