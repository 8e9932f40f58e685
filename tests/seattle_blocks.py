"""Seattle's drug market intervention: blocks of the city by quarter, read where they lie.

9,642 census blocks x 16 quarters; it came to 39 of them after 12 quarters. Outcomes and
covariates are those of the published example, whose covariates count residents by ethnicity
too: they stand here because a published figure is to be reproduced, and nowhere else.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

OUTCOMES = ("i_felony", "i_misdemea", "i_drugs", "any_crime")
QUARTERS, BEFORE = 16, 12


@dataclass(frozen=True)
class Blocks:
    """counts: outcomes x blocks x quarters. covariates: blocks x nine counts of the census."""

    counts: NDArray[np.float64]
    covariates: NDArray[np.float64]
    treated: NDArray[np.bool_]


@cache
def seattle_blocks(data: Path) -> Blocks:
    path = data / "validation" / "evaluation_seattle-dmi" / "seattledmi.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        names = next(rows)
        table = np.array(list(rows), dtype=float)
    at = {name: number for number, name in enumerate(names)}
    order = np.lexsort((table[:, at["time"]], table[:, at["ID"]]))
    table = table[order].reshape(-1, QUARTERS, len(names))
    return Blocks(
        counts=np.stack([table[:, :, at[name]] for name in OUTCOMES]),
        covariates=table[:, 0, at["TotalPop"] : at["VACANT_HOU"] + 1],
        treated=table[:, :, at["Intervention"]].any(axis=1),
    )
