"""From records to monthly counts, in which a month that is not held is never zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peelian.core.counts import Series
from peelian.core.errors import CoverageError
from peelian.core.months import Month, MonthSpan
from peelian.core.places import SnapPoint, UnitPlace

if TYPE_CHECKING:
    import polars as pl

    from peelian.core.measures import Measure
    from peelian.core.places import MicroPlace
    from peelian.scanning.units import Units

# The publisher's first months had five crime types, among them "other crime" for all that
# now has a type of its own; a count of every record is whole with them. An archive cut down
# to one type is not.
LEAST_SHARE_OF_TYPES = 1 / 3
# A count in an area lacks the records that have no location. With half of them enough, the City
# of London's stops, 36 to 84 % placed from April 2018 to December 2019, gave Bishopsgate a rise
# by 3.7 times that was partly one of locations. The Met's months lie at 0 to 5 %, or 89 to 93 %.
LEAST_SHARE_PLACED = 0.8


@dataclass(frozen=True)
class HeldMonth:
    """What is held of one month of one force, for one kind of record.

    types: slugs of the crime types in the whole partition; empty for stops. part: why the
    month is not whole ("records end on the 17th"); empty where it is. source: where the rows
    came from. placed: share of the records that have coordinates, 0 to 1.
    """

    month: Month
    force: str
    types: frozenset[str]
    part: str = ""
    source: str = "police.uk"
    placed: float = 1.0


@dataclass(frozen=True)
class PlaceCounts:
    """Records of one measure by place and month.

    counts: one row a place, in the order of `places`, one column a month of `span`; NaN
    where the month is missing. Read only.
    """

    measure_id: str
    places: tuple[MicroPlace | UnitPlace, ...]
    span: MonthSpan
    counts: NDArray[np.float64]
    missing: Mapping[Month, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = (len(self.places), len(self.span))
        if self.counts.shape != shape:
            raise ValueError(
                f"Counts have one row a place and one column a month: {shape} expected, "
                f"{self.counts.shape} found."
            )
        self.counts.flags.writeable = False


def months_missing(
    measure: Measure, held: Iterable[HeldMonth], *, span: MonthSpan, force: str
) -> dict[Month, str]:
    """The months of a span whose count would not be the whole count, and why.

    held: the months of the measure's own kind of record (crimes or stops), any forces.
    force: the territorial force of the area; others are passed over. A month is missing
    where the force has no records from a source that the measure accepts, where only part
    of the month is held, where over a fifth of the records have no location (the others
    would be a count of what was placed, not of what was recorded), or where the whole partition
    has none of the measure's crime types (under a third of them, for a measure of many):
    they were not supplied, which is not zero.
    """
    own = [each for each in held if each.force == force]
    reasons = {}
    for month in span:
        found = [each for each in own if each.month == month]
        if why := _why_missing(measure, found):
            reasons[month] = why
    return reasons


def _why_missing(measure: Measure, found: Sequence[HeldMonth]) -> str:
    if not found:
        return "no file of the force is held"
    usable = [each for each in found if measure.preference(each.source) is not None]
    if not usable:
        return (
            f"records from {found[0].source} cannot show it; it is counted from "
            f"{' or '.join(measure.sources)}"
        )
    held = min(usable, key=lambda each: measure.preference(each.source) or 0)
    if held.part:
        return f"only part of the month is held: {held.part}"
    if held.placed < LEAST_SHARE_PLACED:
        return f"only {held.placed:.0%} of the month's records have a location"
    wanted = set(measure.crime_types)
    supplied = wanted & held.types
    if wanted and len(supplied) < LEAST_SHARE_OF_TYPES * len(wanted):
        if not supplied:
            return "no record of this kind was supplied for any place in the force's area"
        return f"only {len(supplied)} of {len(wanted)} crime types were supplied"
    return ""


def monthly_series(
    rows: pl.DataFrame,
    measure: Measure,
    *,
    place: str,
    span: MonthSpan,
    missing: Mapping[Month, str],
    force: str,
) -> Series:
    """Count a measure's records by month.

    rows: records already cut to the place, with `month` and, for crimes, `crime_type`.
    place: what the series is of, in words. missing: months whose count is not known
    whatever rows exist. force: whose series breaks apply. No rows give zeros.
    """
    months = rows_counted(rows, measure)["month"].to_list()
    tally = dict.fromkeys(span, 0)
    for day in months:
        month = Month.of(day)
        if month in tally:
            tally[month] += 1
    breaks = {
        Month.parse(each.first_month): each.reason
        for each in measure.series_breaks
        if each.force in ("all", force)
    }
    return Series(
        measure.id,
        place,
        span,
        tuple(None if month in missing else tally[month] for month in span),
        {month: why for month, why in missing.items() if month in span},
        {month: why for month, why in breaks.items() if month in span},
    )


def place_counts(
    rows: pl.DataFrame,
    measure: Measure,
    micro_places: Sequence[MicroPlace],
    *,
    span: MonthSpan,
    missing: Mapping[Month, str],
) -> PlaceCounts:
    """Count a measure's records by micro-place and month.

    rows: crimes with `month`, `crime_type`, `location`, `longitude`, `latitude`. A row
    belongs to the place that has its snap point: the same name at the same published
    position. Rows at no snap point of these places are not counted.
    """
    place_of = {
        (point.location, point.longitude, point.latitude): index
        for index, place in enumerate(micro_places)
        for point in place.snap_points
    }
    counts = np.zeros((len(micro_places), len(span)))
    records = rows_counted(rows, measure).select("location", "longitude", "latitude", "month")
    for location, longitude, latitude, day in records.iter_rows():
        index = place_of.get((location, longitude, latitude))
        month = Month.of(day)
        if index is not None and month in span:
            counts[index, month.minus(span.first)] += 1
    return _with_missing(measure, tuple(micro_places), span, counts, missing)


def unit_counts(
    rows: pl.DataFrame,
    measure: Measure,
    units: Units,
    *,
    span: MonthSpan,
    missing: Mapping[Month, str],
) -> PlaceCounts:
    """Count a measure's records by square, hexagon, street or area, and by month.

    rows: crimes with `month`, `crime_type`, `location`, `longitude`, `latitude`, and `easting`
    and `northing`, EPSG:27700. Rows in none of the units are not counted.
    """
    import polars as pl

    in_span = pl.col("month").is_between(span.first.first_day, span.last.first_day)
    records = rows_counted(rows, measure).filter(in_span)
    unit = units.of_points(records["easting"].to_numpy(), records["northing"].to_numpy())
    inside = records.with_columns(unit=unit).filter(pl.col("unit") >= 0)
    counts = np.zeros((len(units), len(span)))
    for index, day, records_then in inside.group_by("unit", "month").len().iter_rows():
        counts[index, Month.of(day).minus(span.first)] = records_then
    points: dict[int, list[SnapPoint]] = {}
    position = ["location", "longitude", "latitude", "easting", "northing"]
    for index, *where in inside.select("unit", *position).unique().sort("unit", *position).rows():
        points.setdefault(index, []).append(SnapPoint(*where))
    places = tuple(
        UnitPlace(id_, name, (float(east), float(north)), tuple(points.get(index, ())))
        for index, (id_, name, east, north) in enumerate(
            zip(units.ids, units.names, units.easting, units.northing, strict=True)
        )
    )
    return _with_missing(measure, places, span, counts, missing)


def _with_missing(
    measure: Measure,
    places: tuple[MicroPlace | UnitPlace, ...],
    span: MonthSpan,
    counts: NDArray[np.float64],
    missing: Mapping[Month, str],
) -> PlaceCounts:
    within = {month: why for month, why in missing.items() if month in span}
    for month in within:
        counts[:, month.minus(span.first)] = np.nan
    return PlaceCounts(measure.id, places, span, counts, within)


def rows_counted(rows: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """The rows that the measure counts."""
    import polars as pl

    if measure.records == "stops":
        return rows
    kept = rows.filter(pl.col("crime_type").is_in(measure.crime_types))
    if not measure.flags:
        return kept
    if "flags" not in rows.columns:
        raise CoverageError(
            f"{measure.title} counts records flagged {', '.join(measure.flags)}, and these "
            f"records have no flags. Use a force's own extract whose column map names them."
        )
    return kept.filter(pl.all_horizontal(pl.col("flags").list.contains(f) for f in measure.flags))
