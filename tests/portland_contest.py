"""Portland's records of the forecasting challenge of 2017, and forecasts scored on them.

Read in place from validation/nij-portland, in its own feet (EPSG:2913). The protocol is the
one that gives the figures of the guide to methods: cells of 250 ft laid out from the
south-west corner of the police districts' bounding box, 116 of them marked (0.26 square miles
of 147.7), origins every 7 days for horizons of 7 and 14 days and every 31 for longer ones,
from January 2015, every horizon ending before March 2017.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from peelian.scanning.accuracy import (
    Accuracy,
    PairedDifference,
    accuracy,
    difference_between,
    pai,
)
from peelian.scanning.dated_scores import DatedRecords, decayed_counts, wider_scores
from peelian.scanning.neighbours import Neighbours, from_pairs

Kind = Literal["burglary", "vehicle theft"]
Scores = Callable[["Portland", Kind, np.datetime64], NDArray[np.float64]]
FILES: dict[Kind, str] = {"burglary": "crimes_bur.csv", "vehicle theft": "crimes_veh.csv"}
SUBMITTED: dict[Kind, tuple[str, ...]] = {
    "burglary": ("Burg/2MO/TEAM_KERNEL_GLITCHES_BURG_2MO",),
    "vehicle theft": (
        "TOA/1MO/TEAM_KERNEL_GLITCHES_TOA_1MO",
        "TOA/2MO/TEAM_KERNEL_GLITCHES_TOA_2MO",
    ),
}
HORIZONS = (7, 14, 31, 92)
SIDE_FT, MARKED = 250.0, 116
DAY = np.timedelta64(1, "D")
FIRST, END = np.datetime64("2015-01-01"), np.datetime64("2017-03-01")
CHOSEN_FROM, CHOSEN_BEFORE = np.datetime64("2013-06-01"), FIRST
SHIFTS = ((0.0, 0.0), (0.0, 0.5), (0.25, 0.5), (0.5, 0.25), (0.5, 0.5), (0.75, 0.75))


@dataclass(frozen=True, eq=False)
class Portland:
    """The districts as one shape, and each kind's positions and days; feet.

    shift: how far, in cells, the grid lies south-west of the box's corner.
    """

    districts: shapely.Geometry
    x: dict[Kind, NDArray[np.float64]]
    y: dict[Kind, NDArray[np.float64]]
    day: dict[Kind, NDArray[np.datetime64]]
    shift: tuple[float, float] = (0.0, 0.0)

    @cached_property
    def _grid(self) -> tuple[float, float, int, int]:
        west, south, east, north = self.districts.bounds
        left, bottom = west - self.shift[0] * SIDE_FT, south - self.shift[1] * SIDE_FT
        across, up = int((east - left) // SIDE_FT) + 1, int((north - bottom) // SIDE_FT) + 1
        return left, bottom, across, up

    @property
    def cells(self) -> int:
        """How many cells the box has."""
        return self._grid[2] * self._grid[3]

    @property
    def area_share(self) -> float:
        """The share of the districts' area in the marked cells."""
        return MARKED * SIDE_FT**2 / self.districts.area

    def cell(self, kind: Kind) -> NDArray[np.int64]:
        left, bottom, across, _ = self._grid
        column = np.floor((self.x[kind] - left) / SIDE_FT).astype(np.int64)
        row = np.floor((self.y[kind] - bottom) / SIDE_FT).astype(np.int64)
        return row * across + column

    @cached_property
    def records(self) -> dict[Kind, DatedRecords]:
        return {kind: DatedRecords(self.cell(kind), self.day[kind]) for kind in FILES}

    @cached_property
    def around(self) -> Neighbours:
        """The eight cells around each."""
        _, _, across, up = self._grid
        at = np.arange(self.cells).reshape(up, across)
        pairs = [
            (at[:, :-1], at[:, 1:]),
            (at[:-1], at[1:]),
            (at[:-1, :-1], at[1:, 1:]),
            (at[:-1, 1:], at[1:, :-1]),
        ]
        return from_pairs(
            np.concatenate([np.column_stack([a.ravel(), b.ravel()]) for a, b in pairs]),
            places=self.cells,
        )


def portland(validation: Path, *, shift: tuple[float, float] = (0.0, 0.0)) -> Portland:
    from pyogrio.raw import read

    folder = validation / "nij-portland"
    geometry = read(folder / "Portland_Police_Districts.shp")[2]
    tables = {
        kind: pl.read_csv(folder / name, try_parse_dates=True) for kind, name in FILES.items()
    }
    return Portland(
        shapely.union_all(shapely.make_valid(shapely.from_wkb(geometry))),
        {kind: table["x_coordina"].cast(float).to_numpy() for kind, table in tables.items()},
        {kind: table["y_coordina"].cast(float).to_numpy() for kind, table in tables.items()},
        {
            kind: table["occ_date"].to_numpy().astype("datetime64[D]")
            for kind, table in tables.items()
        },
        shift,
    )


def plain(city: Portland, kind: Kind, on: np.datetime64) -> NDArray[np.float64]:
    """The guide's baseline: the kind's own records, half-life 730 days."""
    return decayed_counts(city.records[kind], on=on, places=city.cells)


def wider(city: Portland, kind: Kind, on: np.datetime64) -> NDArray[np.float64]:
    """The kept method: the other kind's records and those of the cells around as well."""
    (other,) = set(FILES) - {kind}
    return wider_scores(plain(city, kind, on), plain(city, other, on), city.around)


def origins(
    horizon: int, *, first: np.datetime64 = FIRST, end: np.datetime64 = END
) -> NDArray[np.datetime64]:
    """The protocol's origins: every horizon ends before `end`."""
    step = DAY * (7 if horizon <= 14 else 31)
    return np.arange(first, end - DAY * horizon + DAY, step)


def rolling(
    city: Portland, kind: Kind, scores: Scores, horizon: int, days: Iterable[np.datetime64]
) -> Accuracy:
    """A forecast's accuracy over origins, one after another: the tables would not fit at once."""
    each = [
        accuracy(
            scores(city, kind, on),
            city.records[kind].between(on, on + DAY * horizon, places=city.cells),
            count=MARKED,
            area_share=city.area_share,
        )
        for on in days
    ]
    return replace(
        each[0],
        hits=tuple(found.hits[0] for found in each),
        totals=tuple(found.totals[0] for found in each),
        best=tuple(found.best[0] for found in each),
    )


@dataclass(frozen=True)
class Submission:
    """A hot-spot shapefile handed in to the challenge: its marked cells, as one shape."""

    name: str
    hot: shapely.Geometry
    whole: float  # area of all its cells

    def hits(self, city: Portland, kind: Kind, first: np.datetime64, days: int) -> tuple[int, int]:
        """Records in the marked cells, and all, from the first day for so many."""
        during = (city.day[kind] >= first) & (city.day[kind] < first + DAY * days)
        inside = shapely.intersects_xy(self.hot, city.x[kind][during], city.y[kind][during])
        return int(inside.sum()), int(during.sum())

    def pai(self, city: Portland, kind: Kind, first: np.datetime64, days: int) -> float:
        return pai(*self.hits(city, kind, first, days), self.hot.area, self.whole)


def submissions(validation: Path, kind: Kind) -> list[Submission]:
    """Those of this kind's shapefiles that are at hand, from the archive as it is."""
    from pyogrio.raw import read

    archive = (
        validation / "nij-portland" / ("team-kernel-glitches_submission_available-shapefiles.zip")
    )
    names = set(zipfile.ZipFile(archive).namelist())
    found = []
    for name in SUBMITTED[kind]:
        member = f"submission/{name}.shp"
        if member not in names:
            raise FileNotFoundError(f"{archive.name} has no {member}")
        _, _, geometry, (hotspot,) = read(f"/vsizip/{archive}/{member}", columns=["hotspot"])
        cells = shapely.from_wkb(geometry)
        found.append(
            Submission(
                name.rpartition("GLITCHES_")[2],
                shapely.union_all(cells[hotspot == 1]),
                float(shapely.area(cells).sum()),
            )
        )
    return found


def chosen(validation: Path) -> dict[Kind, tuple[Scores, PairedDifference]]:
    """For each kind the method to use from 2015 on, by origins before: the rule, and its evidence.

    The wider score is taken only where it caught more, beyond chance, within 14 days of weekly
    origins. Hits are summed over six positions of the grid, since where its lines fall moves
    the figure of any one by a tenth.
    """
    cities = [portland(validation, shift=shift) for shift in SHIFTS]
    found: dict[Kind, tuple[Scores, PairedDifference]] = {}
    for kind in FILES:
        days = origins(14, first=CHOSEN_FROM, end=CHOSEN_BEFORE)
        first, second = (
            added([rolling(city, kind, scores, 14, days) for city in cities])
            for scores in (wider, plain)
        )
        evidence = difference_between(first, second, block=2, seed=1)
        found[kind] = (wider if evidence.is_better else plain, evidence)
    return found


def added(each: Sequence[Accuracy]) -> Accuracy:
    """Accuracies at the same origins as one: hits and records added up origin by origin."""

    def total(values: Iterable[tuple[float, ...]]) -> tuple[float, ...]:
        return tuple(sum(column) for column in zip(*values, strict=True))

    return replace(
        each[0],
        hits=total(found.hits for found in each),
        totals=total(found.totals for found in each),
        best=total(found.best for found in each),
    )


def blocks_of(horizon: int) -> int:
    """How many of the protocol's origins one horizon spans."""
    return -(-horizon // (7 if horizon <= 14 else 31))
