"""Do records go with what stands near, at three sizes: seconds and peak memory.

No package in the registry shifts places over a map, so there is no peer. The ground grows with
the places, as from a ward to a borough to several.

    python -m bench.place_features
"""

from __future__ import annotations

import sys

import numpy as np

from bench.memory import answer, run_apart

SIZES = (500, 2_000, 8_000)
REPLICATES = 999


def main() -> None:
    print(f"What stands near: places, one pub to every eight, {REPLICATES} shifts")
    for places in SIZES:
        found = run_apart("bench.place_features", "ours", places)
        print(found.line("peelian", places, "places", "times as many near"), flush=True)


def _ours(size: int) -> float:
    from shapely import Point

    from peelian.analysis.place_features import feature_association
    from peelian.core.months import MonthSpan
    from peelian.core.places import MapFeature, MicroPlace, SnapPoint
    from peelian.scanning.series import PlaceCounts

    draw = np.random.default_rng(1982)
    side = 70.0 * size**0.5  # a place to 70 m by 70 m, as in Camden
    spots = draw.uniform(0, side, (size, 2)).tolist()
    places = tuple(
        MicroPlace(str(i), str(i), (SnapPoint(str(i), 0.0, 0.0, e, n),))
        for i, (e, n) in enumerate(spots)
    )
    counts = draw.poisson(draw.gamma(0.5, 6, size)).astype(float)[:, None]
    pubs = [
        MapFeature("licensed_premises", "", Point(spot))
        for spot in draw.uniform(0, side, (size // 8, 2))
    ]
    table = PlaceCounts("robbery", places, MonthSpan.parse("2018-01"), counts)
    (found,) = feature_association(table, pubs, replicates=REPLICATES, seed=1)
    return found.ratio or 0.0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        answer(lambda: _ours(int(sys.argv[2])))
    else:
        main()
