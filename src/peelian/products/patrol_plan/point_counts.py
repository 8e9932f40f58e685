"""A ward's records by snap point, as its hot spots are chosen, weighed and explained from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peelian.core.crimes import (
    CRIME_TYPES,
    POLICE_GENERATED_TYPES,
    RETIRED_TYPES,
    label_of_slug,
)
from peelian.core.months import MonthSpan
from peelian.products.assembly import not_all_missing
from peelian.products.patrol_plan.told_places import positions_of
from peelian.response.place_figures import points_of_places, recent_records
from peelian.scanning.series import place_counts, rows_counted

if TYPE_CHECKING:
    import polars as pl

    from peelian.core.measures import Measure
    from peelian.core.places import MicroPlace
    from peelian.products.ward_records import WardRecords
    from peelian.scanning.series import PlaceCounts

YEAR_MONTHS = 12
_MOST_SAID = 4


@dataclass(frozen=True)
class PointCounts:
    """Records by snap point; in every array one entry a point, of the last twelve months.

    points: each under its micro-place's id and name. basis: of the measure, by month. by_type:
    of each of its crime types. every, police_made: of all types, and of
    those that mostly exist because police looked. months_held: of the last twelve.
    """

    points: tuple[MicroPlace, ...]
    positions: NDArray[np.float64]
    basis: PlaceCounts
    recent: NDArray[np.float64]
    every: NDArray[np.float64]
    police_made: NDArray[np.float64]
    by_type: Mapping[str, PlaceCounts]
    months_held: int

    def police_made_share(self, points: Sequence[int]) -> float | None:
        """Police-generated records as a share of all at these points; None without a record."""
        every = float(self.every[list(points)].sum())
        return float(self.police_made[list(points)].sum()) / every if every else None

    def in_words(self, points: Sequence[int]) -> tuple[str, ...]:
        """What these points are and what is recorded there, as two sentences; none, no record."""
        at: Counter[str] = Counter()
        for index in points:
            at[self.points[index].name] += int(self.recent[index])
        kinds = {
            label_of_slug(each): int(recent_records(counts)[list(points)].sum())
            for each, counts in self.by_type.items()
        }
        if not any(at.values()):
            return ()
        return (f"In the circle: {_most(at)}.", f"Recorded there: {_most(kinds)}.")

    def within(self, centre: tuple[float, float], radius_m: float) -> tuple[int, ...]:
        """The points at most so far from a centre, the radius included."""
        away = np.hypot(*(self.positions - np.asarray(centre)).T)
        return tuple(np.flatnonzero(away <= radius_m).tolist())


def _most(tally: Mapping[str, int]) -> str:
    """The largest of a tally with their numbers, and how many records the others have."""
    ordered = sorted((-records, name) for name, records in tally.items() if records)
    told = ", ".join(f"{name} ({-records})" for records, name in ordered[:_MOST_SAID])
    left = -sum(records for records, _ in ordered[_MOST_SAID:])
    return f"{told}, others ({left})" if left else told


def count_points(ward: WardRecords, measure: Measure) -> PointCounts:
    """Count a ward's records by snap point. CoverageError where no month of the measure is held."""
    import msgspec

    missing = not_all_missing(ward, measure)
    points = points_of_places(ward.micro_places)

    def counted(types: Sequence[str] | None) -> PlaceCounts:
        of = measure
        if types is not None:
            of = msgspec.structs.replace(measure, crime_types=list(types))
        return place_counts(ward.inside, of, points, span=ward.span, missing=missing)

    def of_all_kinds(types: Sequence[str]) -> NDArray[np.float64]:
        plain = msgspec.structs.replace(measure, crime_types=list(types), flags=[])
        return recent_records(
            place_counts(ward.inside, plain, points, span=ward.span, missing=missing)
        )

    basis = counted(None)
    last_year = last_twelve_months(ward)
    return PointCounts(
        points=points,
        positions=positions_of(points),
        basis=basis,
        recent=recent_records(basis),
        every=of_all_kinds(sorted(CRIME_TYPES | RETIRED_TYPES)),
        police_made=of_all_kinds(sorted(POLICE_GENERATED_TYPES)),
        by_type={each: counted([each]) for each in measure.crime_types},
        months_held=sum(month not in missing for month in last_year),
    )


def last_twelve_months(ward: WardRecords) -> MonthSpan:
    """The last twelve months of a ward's records, or all of them where there are fewer."""
    return MonthSpan.ending(ward.span.last, months=min(YEAR_MONTHS, len(ward.span)))


def recent_rows(ward: WardRecords, measure: Measure, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of the measure in the last twelve months."""
    import polars as pl

    span = last_twelve_months(ward)
    in_span = pl.col("month").is_between(span.first.first_day, span.last.first_day)
    return rows_counted(rows, measure).filter(in_span)


def timed_rows_by_point(
    ward: WardRecords, measure: Measure, points: Sequence[MicroPlace]
) -> tuple[NDArray[np.int64], NDArray[np.datetime64], NDArray[np.datetime64]]:
    """Number of the point, earliest and latest time of each record of the last twelve months.

    Records without a time, and those at a midnight that stands for "not known", are left out.
    MonthOnlyError where none of the records has a time.
    """
    from peelian.analysis.time_of_week import is_midnight_without_time, require_times

    rows = recent_rows(ward, measure, ward.inside)
    require_times(rows, to="tell day places from night places")
    number = {
        (p.location, p.longitude, p.latitude): i
        for i, place in enumerate(points)
        for p in place.snap_points
    }
    where = rows.select("location", "longitude", "latitude").iter_rows()
    point = np.array([number[row] for row in where], dtype=np.int64)
    start = rows["occurred_from"].to_numpy().astype("datetime64[us]")
    end = rows["occurred_to"].to_numpy().astype("datetime64[us]")
    end = np.where(np.isnat(end), start, end)
    kept = ~np.isnat(start)
    kept[kept] &= ~is_midnight_without_time(start[kept], end[kept])
    return point[kept], start[kept], end[kept]
