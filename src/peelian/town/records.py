"""Street-level records and their outcomes, drawn month by month from the planted rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from peelian.core.crimes import CRIME_TYPES
from peelian.core.months import Month
from peelian.town import names
from peelian.town.census_areas import CensusAreas
from peelian.town.rates import SPAN, TYPES, PlantedRates
from peelian.town.snap_points import MadeSnapPoint

STREET_COLUMNS = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
    "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context",
)  # fmt: skip
OUTCOME_COLUMNS = (*STREET_COLUMNS[:9], "Outcome type")

LSOA_CHANGE = Month(2022, 6)

_NOT_KNOWN = "Status update unavailable"
_OPEN = "Under investigation"
# Last outcome category, its label in the outcomes file, share of cases.
_OUTCOMES = (
    ("Investigation complete; no suspect identified",) * 2 + (0.50,),
    (_NOT_KNOWN, "", 0.22),
    ("Unable to prosecute suspect",) * 2 + (0.12,),
    ("Awaiting court outcome", "Suspect charged", 0.07),
    ("Local resolution",) * 2 + (0.04,),
    ("Offender given a caution",) * 2 + (0.03,),
    ("Offender given a drugs possession warning",) * 2 + (0.02,),
)

_STATION_RATES = {"violent-crime": 2.5, "theft-from-the-person": 3.0, "public-order": 2.0,
                  "other-theft": 2.0, "bicycle-theft": 1.0, "drugs": 0.6, "robbery": 0.3,
                  "shoplifting": 0.6}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Records:
    """Rows of the whole span as text, in the archive's columns.

    movable: which street rows a fault may be put into, because no planted truth counts them.
    """

    street: pl.DataFrame
    movable: NDArray[np.bool_]
    rail: pl.DataFrame
    outcomes: pl.DataFrame


def draw_records(
    rates: PlantedRates,
    points: tuple[MadeSnapPoint, ...],
    areas: CensusAreas,
    rng: np.random.Generator,
) -> Records:
    """Draw every record: counts are Poisson about the expected, each count so many equal rows."""
    counts = rng.poisson(rates.expected)
    month, crime_type, point = _repeated(counts)
    columns = _columns(points, areas)
    street = columns.rows(month, crime_type, point, force=names.FORCE_NAME)
    outcome = _outcomes(month, rng)
    has_id = crime_type != TYPES.index("anti-social-behaviour")
    ids = _crime_ids(len(month), rng)
    street = street.with_columns(
        pl.Series("Crime ID", [i if has else None for i, has in zip(ids, has_id, strict=True)],
                  pl.String),
        pl.Series("Last outcome category",
                  [_last_outcome(o, m) if has else None
                   for o, m, has in zip(outcome, month, has_id, strict=True)], pl.String),
    )  # fmt: skip
    return Records(
        street.select(STREET_COLUMNS),
        ~rates.planted[crime_type, point],
        _rail(points, columns, rng),
        _outcome_rows(street, month, outcome, has_id, rng),
    )


@dataclass(frozen=True, eq=False)
class _Columns:
    """What is written for each month and point, as arrays to pick from."""

    months: NDArray[np.str_]
    types: NDArray[np.str_]
    location: NDArray[np.str_]
    longitude: NDArray[np.str_]
    latitude: NDArray[np.str_]
    lsoa_code: NDArray[np.str_]  # (vintage, point)
    lsoa_name: NDArray[np.str_]

    def rows(
        self,
        month: NDArray[np.int64],
        crime_type: NDArray[np.int64],
        point: NDArray[np.int64],
        *,
        force: str,
    ) -> pl.DataFrame:
        vintage = (month >= LSOA_CHANGE.minus(SPAN.first)).astype(int)
        return pl.DataFrame(
            {
                "Crime ID": pl.Series([None] * len(month), dtype=pl.String),
                "Month": self.months[month],
                "Reported by": np.full(len(month), force),
                "Falls within": np.full(len(month), force),
                "Longitude": self.longitude[point],
                "Latitude": self.latitude[point],
                "Location": self.location[point],
                "LSOA code": self.lsoa_code[vintage, point],
                "LSOA name": self.lsoa_name[vintage, point],
                "Crime type": self.types[crime_type],
                "Last outcome category": pl.Series([_NOT_KNOWN] * len(month), dtype=pl.String),
                "Context": pl.Series([None] * len(month), dtype=pl.String),
            }
        )


def _columns(points: tuple[MadeSnapPoint, ...], areas: CensusAreas) -> _Columns:
    places = shapely.points([(point.x, point.y) for point in points])
    lsoas = [areas.of_points(places, vintage=vintage) for vintage in (2011, 2021)]
    return _Columns(
        np.array([str(month) for month in SPAN]),
        np.array([CRIME_TYPES[slug] for slug in TYPES]),
        np.array([point.location for point in points]),
        np.array([f"{point.longitude:.6f}" for point in points]),
        np.array([f"{point.latitude:.6f}" for point in points]),
        np.array([[lsoa.code for lsoa in of_points] for of_points in lsoas]),
        np.array([[lsoa.name for lsoa in of_points] for of_points in lsoas]),
    )


def _repeated(
    counts: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    month, crime_type, point = np.nonzero(counts)
    times = counts[month, crime_type, point]
    return np.repeat(month, times), np.repeat(crime_type, times), np.repeat(point, times)


def _crime_ids(count: int, rng: np.random.Generator) -> list[str]:
    digits = rng.bytes(32 * count).hex()
    return [digits[start : start + 64] for start in range(0, 64 * count, 64)]


def _outcomes(month: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    shares = np.array([share for _, _, share in _OUTCOMES])
    return rng.choice(len(_OUTCOMES), size=len(month), p=shares / shares.sum())


def _last_outcome(outcome: int, month: int) -> str:
    # The newest months are still being looked into.
    return _OPEN if month >= len(SPAN) - 2 else _OUTCOMES[outcome][0]


def _outcome_rows(
    street: pl.DataFrame,
    month: NDArray[np.int64],
    outcome: NDArray[np.int64],
    has_id: NDArray[np.bool_],
    rng: np.random.Generator,
) -> pl.DataFrame:
    later = month + rng.geometric(0.5, size=len(month)) - 1
    labels = np.array([label for _, label, _ in _OUTCOMES])[outcome]
    reported = has_id & (labels != "") & (later < len(SPAN)) & (month < len(SPAN) - 2)
    written = np.array([str(m) for m in SPAN])
    return (
        street.filter(reported)
        .with_columns(
            pl.Series("Month", written[later[reported]]),
            pl.Series("Outcome type", labels[reported]),
        )
        .select(OUTCOME_COLUMNS)
        .sort("Month", maintain_order=True)
    )


def _rail(
    points: tuple[MadeSnapPoint, ...], columns: _Columns, rng: np.random.Generator
) -> pl.DataFrame:
    """The British Transport Police's rows: at stations, without Crime ID, outcome or ASB."""
    expected = np.zeros((len(SPAN), len(TYPES), len(points)))
    for index, point in enumerate(points):
        if point.surroundings == "station":
            for slug, rate in _STATION_RATES.items():
                expected[:, TYPES.index(slug), index] = rate
    month, crime_type, point_index = _repeated(rng.poisson(expected))
    rows = columns.rows(month, crime_type, point_index, force=names.RAIL_FORCE_NAME)
    return rows.select(STREET_COLUMNS)
