"""Published figures of near repeats: the Near Repeat Calculator on crimes in Chicago."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from peelian.analysis.near_repeat import NearRepeat, near_repeat

Computed = Callable[[pytest.FixtureRequest], float]

BURGLARY = (
    "970 burglaries in Chicago (chicago_be_month1.csv), to 100, 200 and 300 m, 7, 14 and 21 days"
)
ARSON = "522 arsons in Chicago (chicago_arson.csv), to 200, 400 and 600 m, 1, 2 and 3 days"
ARSON_LONGER = (
    "522 arsons in Chicago (chicago_arson.csv), to 200.1, 400.1 and 600.1 m, 2, 3 and 4 days"
)
INPUTS = {
    BURGLARY: ("chicago_be_month1.csv", (100, 200, 300), (7, 14, 21), 1.0),
    ARSON: ("chicago_arson.csv", (200, 400, 600), (1, 2, 3), 0.1),
    ARSON_LONGER: ("chicago_arson.csv", (200.1, 400.1, 600.1), (2, 3, 4), 0.1),
}
ROWS = ("same place", "first distance", "second distance", "third distance", "further")
COLUMNS = ("first days", "second days", "third days", "later")


@cache
def tested(validation: Path, name: str, replicates: int) -> NearRepeat:
    file, distances, days, same_place_m = INPUTS[name]
    lines = (validation / "near-repeat" / file).read_text(encoding="ascii").splitlines()
    columns = list(zip(*(line.split(",") for line in lines), strict=True))
    return near_repeat(
        np.array(columns[0], dtype=float), np.array(columns[1], dtype=float),
        np.array(columns[2], dtype="datetime64[D]"), distances_m=distances, day_bands=days,
        same_place_m=same_place_m, replicates=replicates, seed=1964,
    )  # fmt: skip


def figure(what: str, name: str, row: int, column: int, replicates: int = 99) -> Computed:
    def compute(request: pytest.FixtureRequest) -> float:
        found = tested(request.getfixturevalue("real_data") / "validation", name, replicates)
        return float(getattr(found.cells[row * len(COLUMNS) + column], what))

    return compute


COMPUTED: dict[tuple[str, str], Computed] = {
    **{
        (f"near repeat: pairs, {ROWS[row]}, {COLUMNS[column]}", name): figure(
            "observed", name, row, column
        )
        for name in INPUTS
        for row in range(len(ROWS))
        for column in range(len(COLUMNS))
    },
    **{
        (f"near repeat: observed over expected, {ROWS[row]}, first days", BURGLARY): figure(
            "ratio", BURGLARY, row, 0
        )
        for row in range(3)
    },
    **{
        (f"near repeat: p, {ROWS[row]}, first days", BURGLARY): figure(
            "p_value", BURGLARY, row, 0, 19
        )
        for row in range(3)
    },
}
