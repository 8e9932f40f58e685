"""Published figures of local statistics and of Mann and Kendall's test."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from peelian.scanning.emerging_trend import MannKendall, mann_kendall
from peelian.scanning.local_statistics import getis_ord
from peelian.scanning.neighbours import within_distance

Computed = Callable[[pytest.FixtureRequest], float]

# The 136th cell that Getis and Ord counted from the other end: R's 120th, from 1.
CELL = 120 - 1
POINTS = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
POINT_VALUES = [2, 3, 3.2, 5, 8, 7]
HOLY_CROSS = (12.9, 14.8, 13.2, 15.7, 13.8, 15.6, 12.9, 11.0, 17.3, 15.9, 19.0, 18.3, 20.1, 21.7)


@cache
def cells(validation: Path) -> np.ndarray:
    path = validation / "spatial-statistics_spData" / "go_xyz.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = [[float(cell) for cell in row] for row in list(csv.reader(file))[1:]]
    return np.array(rows)


def remote_sensing(distance_m: float, *, star: bool) -> Computed:
    def computed(request: pytest.FixtureRequest) -> float:
        x, y, value = cells(request.getfixturevalue("real_data") / "validation").T
        found = getis_ord(value, within_distance(x, y, distance_m=distance_m), star=star)
        return float(found.z_scores[CELL])

    return computed


def of_six_points(place: int, *, star: bool) -> Computed:
    def computed(_: pytest.FixtureRequest) -> float:
        neighbours = within_distance(*zip(*POINTS, strict=True), distance_m=15)
        return float(getis_ord(POINT_VALUES, neighbours, star=star).z_scores[place])

    return computed


def by_hand(figure: Callable[[MannKendall], float]) -> Computed:
    return lambda _: float(figure(mann_kendall(HOLY_CROSS)))


def grid_row(distance_m: int) -> str:
    return f"getisord.rda, 16 x 16 cells of remote sensing, cell 120, neighbours to {distance_m} m"


SIX_POINTS = "six points, values 2, 3, 3.2, 5, 8, 7, neighbours to 15, place {}"
FOURTEEN = "fourteen values from 12.9 to 21.7, one pair equal"

COMPUTED: dict[tuple[str, str], Computed] = {
    **{
        ("Getis-Ord Gi: z", grid_row(distance)): remote_sensing(distance, star=False)
        for distance in (30, 60, 90, 120, 150)
    },
    ("Getis-Ord Gi*: z", grid_row(30)): remote_sensing(30, star=True),
    **{
        (f"Getis-Ord {name}: z", SIX_POINTS.format(place + 1)): of_six_points(place, star=star)
        for name, star in (("Gi", False), ("Gi*", True))
        for place in (0, 5)
    },
    ("Mann-Kendall: S", FOURTEEN): by_hand(lambda found: found.score[0]),
    ("Mann-Kendall: variance", FOURTEEN): by_hand(lambda found: found.variance[0]),
    ("Mann-Kendall: Z", FOURTEEN): by_hand(lambda found: found.z_scores[0]),
    ("Mann-Kendall: p, one-sided", FOURTEEN): by_hand(lambda found: found.p_values[0] / 2),
}
