"""What is planted in a made town: the truth that methods are to find, and nothing estimated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peelian.core.months import Month, MonthSpan

if TYPE_CHECKING:
    import polars as pl

    from peelian.town.census_areas import CensusAreas
    from peelian.town.snap_points import MadeSnapPoint
    from peelian.town.streets import StreetPlan


@dataclass(frozen=True)
class PlantedHotSpot:
    """A snap point where records of a type come at a known mean, in every month of the town."""

    point: MadeSnapPoint
    crime_type: str  # slug
    monthly_rate: float  # mean; a Poisson draw a month, times the type's season


@dataclass(frozen=True)
class PlantedEmergence:
    """A snap point that is quiet, and from a known month rises by so many records a month."""

    point: MadeSnapPoint
    crime_type: str
    rate_before: float
    first_month: Month
    rise_each_month: float
    highest_rate: float


@dataclass(frozen=True)
class PlantedEffect:
    """A hot spot whose rate is multiplied by a known factor from a known month on."""

    hot_spot: PlantedHotSpot
    first_month: Month
    factor: float


@dataclass(frozen=True)
class PlantedFaults:
    """Faults of the publisher put into the files on purpose, and how many of each."""

    missing_month: Month  # no street and no outcomes file of the town's force
    missing_stops_month: Month
    part_month: Month  # the stops file ends on `part_month_last_day`
    part_month_last_day: int
    lsoa_change: Month  # from here on LSOA codes are of 2021
    repeated_ids: int  # rows whose Crime ID stands earlier in the same file
    blank_coordinates: int  # street rows of the town's force with "No Location"
    duplicate_stops: int
    unreadable_rows: int
    retired_labels: Mapping[str, int]  # label: rows
    files_with_byte_order_mark: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ArchiveFile:
    """One CSV of the archive: its path inside it, its rows as text, and how it is written."""

    path: str  # 2020-01/2020-01-made-town-street.csv
    rows: pl.DataFrame
    byte_order_mark: bool = False


@dataclass(frozen=True, eq=False)
class Town:
    """A made town: its map, its records as the publisher would write them, and the truth."""

    seed: int
    span: MonthSpan
    streets: StreetPlan
    snap_points: tuple[MadeSnapPoint, ...]
    census_areas: CensusAreas
    hot_spots: tuple[PlantedHotSpot, ...]
    emergence: PlantedEmergence
    effect: PlantedEffect
    faded: PlantedEffect  # a hot spot that ended
    faults: PlantedFaults
    residents: tuple[int, ...]  # by ward, in the order of plan.WARDS
    archive: tuple[ArchiveFile, ...]

    @property
    def rows_written(self) -> int:
        """Rows in all files of the archive, without headers."""
        return sum(file.rows.height for file in self.archive)
