"""Near repeats: pairs of records close in both space and time, against what chance would give."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from peelian.core.errors import InputError, MonthOnlyError
from peelian.scanning.replicates import check_replicates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

Metric = Literal["manhattan", "euclidean"]
Closed = Literal["left", "right"]
CellKind = Literal["repeat", "near", "further"]

_LAST_DAY = 2**15  # the kernel's: days are compared in 16 bits
_MOST_BYTES = 2**29  # of all threads together


@dataclass(frozen=True)
class NearRepeatCell:
    """Pairs of records within one band of distance and one of days.

    kind: "repeat" at the same place, "near" between two distances, "further" beyond the last.
    from_m, to_m, from_days, to_days: the bands' ends; the last ones end at infinity. Which of
    the two ends belongs to a band is said by `closed` of the test. expected: the mean over every
    possible arrangement of the days, exactly. chance_low, chance_high: what the central share
    `level` of the shuffles gave, both ends included. p_value: the share of arrangements, the
    observed one among them, with at least as many pairs.
    """

    kind: CellKind
    from_m: float
    to_m: float
    from_days: float
    to_days: float
    observed: int
    expected: float
    chance_low: int
    chance_high: int
    p_value: float

    @property
    def ratio(self) -> float | None:
        """Observed over expected; None where no pair is expected."""
        return self.observed / self.expected if self.expected else None

    @property
    def is_too_few_to_say(self) -> bool:
        """Whether twice the expected pairs would still have looked like chance."""
        return self.observed <= self.chance_high and 2 * self.expected <= self.chance_high


@dataclass(frozen=True)
class NearRepeat:
    """A Knox test: one cell for each band of distance and of days, in that order.

    records, places: how many, and at how many different points. closed: "left", a band holds
    its lower end and not its upper; "right", its upper and not its lower (the first of days
    holds pairs on the same day in both).
    """

    records: int
    places: int
    metric: Metric
    closed: Closed
    replicates: int
    level: float
    seed: int
    cells: tuple[NearRepeatCell, ...]

    def of(self, kind: CellKind) -> tuple[NearRepeatCell, ...]:
        """The cells of repeats at the same place, of near repeats, or of pairs further apart."""
        return tuple(cell for cell in self.cells if cell.kind == kind)


def near_repeat(
    easting: ArrayLike,
    northing: ArrayLike,
    days: ArrayLike,
    *,
    distances_m: Sequence[float] = (100.0, 200.0, 300.0),
    day_bands: Sequence[int] = (7, 14, 21),
    metric: Metric = "manhattan",
    same_place_m: float = 1.0,
    closed: Closed = "left",
    replicates: int = 999,
    level: float = 0.95,
    seed: int,
) -> NearRepeat:
    """Test whether records come in pairs close in space and time more often than by chance.

    easting, northing: one entry a record, metres (EPSG:27700, or any flat grid). days: dates
    (datetime64 or anything numpy reads as dates), or whole days from any start. distances_m,
    day_bands: upper ends of the bands, ascending; the first bands begin at `same_place_m` and
    at 0, and a last band takes all that is further. Pairs nearer than `same_place_m` are repeats,
    apart from near repeats. With closed="left" a band is [from, to): at 7 and 14, pairs 0 to 6
    days apart, then 7 to 13. With "right" it is (from, to]: 0 to 7, then 8 to 14.

    Knox (1964, doi:10.2307/2985220) with Monte Carlo, as Johnson et al. (2007,
    doi:10.1007/s10940-007-9025-3) and Ratcliffe's Near Repeat Calculator do it: days are shuffled
    among the records. The Calculator writes "0 to 7" and "8 to 14" over bands that it computes
    as [0, 7) and [7, 14), and uses Manhattan distance: both are the defaults here. One variation:
    `expected` is the exact mean over all arrangements, which the Calculator estimates.

    The test takes it that risk at a place does not change otherwise: over years in which some
    districts grow, it finds what is not there. Cells are tested one by one; see
    `scanning.false_discovery`. Fewer than two records give no pairs and p-values of one.
    Records known only to the month cannot be used: MonthOnlyError. A record without a place or
    a date is an InputError. Results do not depend on the number of threads.
    """
    check_replicates(replicates, level)
    x, y, day = _checked(easting, northing, days)
    distances = _ascending(same_place_m, *distances_m, name="distances_m", of="same_place_m")
    uppers = _ascending(0, *day_bands, name="day_bands", of="0")[1:] + (closed == "right")
    _whole(uppers, "bands of days")
    pairs, counts, places = _pairs_by_arrangement(
        x, y, day, distances, uppers, (metric == "manhattan", closed == "right"), replicates, seed
    )
    cells = _cells(counts, pairs, day, uppers, level)
    edges_m = [0.0, *distances.tolist(), float("inf")]
    edges_days = [0.0, *(float(upper) for upper in day_bands), float("inf")]
    near: list[CellKind] = ["near"] * len(distances_m)
    kinds: list[CellKind] = ["repeat", *near, "further"]
    return NearRepeat(
        records=len(x),
        places=places,
        metric=metric,
        closed=closed,
        replicates=replicates,
        level=level,
        seed=seed,
        cells=tuple(
            NearRepeatCell(
                kind, edges_m[row], edges_m[row + 1], edges_days[column], edges_days[column + 1],
                *cells[row][column],
            )
            for row, kind in enumerate(kinds)
            for column in range(len(uppers) + 1)
        ),
    )  # fmt: skip


def _checked(
    easting: ArrayLike, northing: ArrayLike, days: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Places in metres and days from the first; an error that says what is wrong."""
    x, y = np.asarray(easting, dtype=float), np.asarray(northing, dtype=float)
    day = np.asarray(days)
    if day.dtype.kind == "f":
        _whole(day, "records")
    elif day.dtype.kind not in "iu":
        dates = day.astype("datetime64[D]")
        if np.isnat(dates).any():
            raise InputError(
                f"Near repeats need a date for every record; found {np.isnat(dates).sum()} "
                f"without one. Leave them out, and say how many they were."
            )
        _not_months(dates)
        day = dates.astype(np.int64)
    lost = ~(np.isfinite(x) & np.isfinite(y))
    if lost.any():
        raise InputError(
            f"Near repeats need a place for every record; found {lost.sum()} without one. "
            f"Leave them out, and say how many they were."
        )
    if not len(x) == len(y) == len(day):
        raise InputError(
            f"Each record has an easting, a northing and a day; found {len(x)}, {len(y)} and "
            f"{len(day)} of them. Pass one of each a record."
        )
    day = day.astype(np.int64)
    day = day - day.min(initial=0 if not len(day) else int(day[0]))
    if day.max(initial=0) >= _LAST_DAY:
        raise InputError(
            f"Days lie within {_LAST_DAY:,} of each other, some 90 years; found {day.max():,} "
            f"between the first and the last. Pass days, not seconds, and fewer years."
        )
    return x, y, day


def _whole(days: NDArray[Any], of: str) -> None:
    parts = days[~(days % 1 == 0)]
    if len(parts):
        raise InputError(
            f"Days are whole, those of {of} too; found {parts[0]}. Round down to the day, or pass "
            f"dates."
        )


def _not_months(dates: NDArray[np.datetime64]) -> None:
    firsts = dates == dates.astype("datetime64[M]").astype("datetime64[D]")
    if len(np.unique(dates)) > 1 and firsts.all():
        raise MonthOnlyError(
            f"Near repeats need the day of each record; all {len(dates):,} are dated on the first "
            f"of a month, as open crime records are, which are known only to the month. Use a "
            f"force's own extract with dates (docs/column-maps.md)."
        )


def _ascending(*ends: float, name: str, of: str) -> NDArray[np.float64]:
    """The first end, then the bands' upper ends, each above the one before."""
    edges = np.asarray(ends, dtype=float)
    if len(edges) < 2 or not (np.diff(edges) > 0).all() or not np.isfinite(edges).all():
        raise InputError(
            f"{name} are upper ends of bands: at least one, each above the one before, the first "
            f"above {of}; found {list(ends[1:])} after {ends[0]}. Put them in order."
        )
    return edges


def _pairs_by_arrangement(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    day: NDArray[np.int64],
    distances: NDArray[np.float64],
    uppers: NDArray[np.float64],
    rule: tuple[bool, bool],
    replicates: int,
    seed: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Pairs by distance; of those, pairs closer in days than each upper end; number of places.

    The second has shape (distances, uppers, 1 + replicates), the observed arrangement first.
    """
    from peelian.analysis import near_repeat_pairs as kernel

    arrangements = replicates + 1
    if len(x) < 2:
        shape = len(distances), len(uppers), arrangements
        return np.zeros(len(distances), dtype=np.int64), np.zeros(shape, dtype=np.int64), len(x)
    keys, step = kernel.squares_of(x, y, float(distances[-1]))
    order = np.lexsort((y, x, keys))
    x, y, keys = x[order], y[order], keys[order]
    first = np.flatnonzero(np.r_[True, (np.diff(x) != 0) | (np.diff(y) != 0)])
    records = np.append(first, len(x)).astype(np.int64)
    x, y = x[first], y[first]
    squares, begins = np.unique(keys[first], return_index=True)
    grid = squares, np.append(begins, len(first)).astype(np.int64), step
    in_order = day[order].astype(np.uint16)
    # Nothing is further apart than the first day from the last.
    bands = np.minimum(uppers, _LAST_DAY).astype(np.int64)

    def batch(start: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        lanes = kernel.arranged_days(in_order, seed, start, arrangements)
        return kernel.close_pairs(x, y, records, grid, distances, rule, lanes, bands)

    # Each thread holds the days of a batch of arrangements: 2 bytes a record and arrangement.
    fit = max(1, _MOST_BYTES // (2 * kernel.LANES * len(in_order)))
    with ThreadPoolExecutor(max_workers=min(fit, os.cpu_count() or 1)) as pool:
        found = list(pool.map(batch, range(0, arrangements, kernel.LANES)))
    counts = np.concatenate([each for _, each in found], axis=2)
    return found[0][0], counts[:, :, :arrangements], len(first)


def _cells(
    counts: NDArray[np.int64],
    pairs: NDArray[np.int64],
    day: NDArray[np.int64],
    uppers: NDArray[np.float64],
    level: float,
) -> list[list[tuple[Any, ...]]]:
    """Observed, expected, limits of chance and p of every cell, by distance and by days."""
    every = len(day) * (len(day) - 1) // 2
    in_days = _pairs_below(np.sort(day), uppers)
    # Whatever the arrangement, as many pairs in all lie within so many days and so far apart.
    within = np.concatenate([counts, (in_days[:, None] - counts.sum(axis=0))[None]])
    by_distance = np.append(pairs, every - pairs.sum())
    whole = np.broadcast_to(by_distance[:, None, None], (len(within), 1, within.shape[2]))
    cells = np.diff(np.concatenate([within, whole], axis=1), axis=1, prepend=0)
    by_days = np.diff(np.append(in_days, every), prepend=0)
    expected = np.outer(by_distance, by_days) / max(every, 1)
    observed, shuffled = cells[:, :, 0], cells[:, :, 1:]
    tail = (1 - level) / 2
    low = np.quantile(shuffled, tail, axis=2, method="lower")
    high = np.quantile(shuffled, 1 - tail, axis=2, method="higher")
    as_many = (cells >= observed[:, :, None]).sum(axis=2)
    p_value = as_many / cells.shape[2]
    return [
        [
            (int(observed[r, c]), float(expected[r, c]), int(low[r, c]), int(high[r, c]),
             float(p_value[r, c]))
            for c in range(cells.shape[1])
        ]
        for r in range(cells.shape[0])
    ]  # fmt: skip


def _pairs_below(ordered: NDArray[np.int64], uppers: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many pairs of days lie less than each upper end apart."""
    ahead = np.arange(1, len(ordered) + 1)
    ends = [np.searchsorted(ordered, ordered + upper, side="left") for upper in uppers]
    return np.array([int((end - ahead).sum()) for end in ends], dtype=np.int64)
