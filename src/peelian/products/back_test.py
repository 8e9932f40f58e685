"""The rolling back-test on a store's own records: which ranking to use, and how it did."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from peelian.core.crimes import (
    BRITISH_TRANSPORT_POLICE,
    CRIME_TYPES,
    RETIRED_TYPES,
    label_of_slug,
    slug_of_label,
)
from peelian.core.errors import CoverageError, InputError
from peelian.core.measures import Measure
from peelian.core.months import Month, MonthSpan
from peelian.products.held import months_held, span_of, without_transport_police
from peelian.scanning.back_test import FIRST_ORIGIN, back_test
from peelian.scanning.back_test_results import TypeBackTest
from peelian.scanning.panel import Panel, count_panel
from peelian.scanning.series import months_missing

if TYPE_CHECKING:
    import polars as pl

    from peelian.store import Partition, Store

POINT = ["location", "longitude", "latitude"]


@dataclass(frozen=True)
class PanelRead:
    """A force's records by type, snap point and month, and what they were read from.

    points: one row a unit of the panel: location, longitude, latitude, easting, northing.
    unplaced: records without coordinates, which are not counted.
    """

    force: str
    panel: Panel
    points: pl.DataFrame
    records: int
    unplaced: int
    includes_btp: bool
    source: str
    partitions: tuple[Partition, ...]


@dataclass(frozen=True)
class BackTestReport:
    """How each ranking did on a store's records of one force, by crime type.

    tests: in the order of the types asked for. not_tested: types without a judged record,
    and why. missing: months of the span that are missing for every type, and why.
    """

    force: str
    span: MonthSpan
    horizon_months: int
    snap_points: int
    records: int
    unplaced: int
    includes_btp: bool
    missing: Mapping[Month, str]
    tests: tuple[TypeBackTest, ...]
    not_tested: Mapping[str, str]
    seed: int


def back_test_store(
    store: Store,
    *,
    crime_types: Sequence[str] = (),
    force: str = "",
    horizon_months: int = 3,
    include_btp: bool = False,
    source: str = "police.uk",
    seed: int = 0,
    report: Callable[[int, int], None] = lambda done, of: None,
) -> BackTestReport:
    """Back-test the rankings of crime types on what a store holds of one force.

    See `read_panel` and `back_test_panel`.
    """
    read = read_panel(store, force=force, include_btp=include_btp, source=source)
    return back_test_panel(
        read, crime_types=crime_types, horizon_months=horizon_months, seed=seed, report=report
    )


def back_test_panel(
    read: PanelRead,
    *,
    crime_types: Sequence[str] = (),
    horizon_months: int = 3,
    seed: int = 0,
    report: Callable[[int, int], None] = lambda done, of: None,
) -> BackTestReport:
    """Back-test the rankings of crime types on a panel that was read from a store.

    crime_types: slugs or labels; all that are held where none is given. seed: breaks ties.
    report: told how many forecasts are done, of how many. InputError for a type that is
    unknown; CoverageError where it has no placed record, or there are too few months.
    """
    panel = read.panel
    named = dict.fromkeys(_slug(name, panel.types) for name in crime_types)
    asked = list(named) or list(panel.types)
    tests = back_test(
        panel, crime_types=asked, horizon_months=horizon_months, seed=seed, report=report
    )
    tested = {each.crime_type for each in tests}
    everywhere = set.intersection(*(set(panel.missing[name]) for name in panel.types))
    return BackTestReport(
        force=read.force,
        span=panel.span,
        horizon_months=horizon_months,
        snap_points=len(read.points),
        records=read.records,
        unplaced=read.unplaced,
        includes_btp=read.includes_btp,
        missing={month: panel.missing[panel.types[0]][month] for month in sorted(everywhere)},
        tests=tests,
        not_tested={
            name: f"no record could be judged after {FIRST_ORIGIN} months"
            for name in asked
            if name not in tested
        },
        seed=seed,
    )


def read_panel(
    store: Store, *, force: str = "", include_btp: bool = False, source: str = "police.uk"
) -> PanelRead:
    """Read a force's records by type, snap point and month.

    force: police.uk's id; the force with most records where none is given. A month is
    missing for a type as it is for a measure that counts the type alone. include_btp: count
    the British Transport Police near the force's own points too; months without their file
    are then missing. CoverageError where no crimes are held, or none of the force.
    """
    import polars as pl

    force = _force(store, force, source=source)
    forces = {force, BRITISH_TRANSPORT_POLICE} if include_btp else {force}
    held = months_held(store, "crimes", source=source, area_code="")
    span = span_of(held, force=force)
    # Month by month and few columns at a time: a whole force's rows with every column are
    # many times what is kept of them.
    parts = [
        store.crimes(months=MonthSpan(month, month), forces=forces, source=source).select(
            "month", "crime_type", "force", *POINT, "easting", "northing"
        )
        for month in span
    ]
    rows = pl.concat(parts)
    placed = rows.drop_nulls("easting")
    if include_btp:
        placed = _near_the_force(placed, force)
    points = placed.select(*POINT, "easting", "northing").unique().sort(POINT)
    unit = placed.join(points.with_row_index("unit"), on=POINT, how="left", maintain_order="left")
    types = [t for t in (CRIME_TYPES | RETIRED_TYPES) if (placed["crime_type"] == t).any()]
    missing = {}
    for name in types:
        counted = _counting(name)
        stations = without_transport_police(placed, held, counted, span) if include_btp else {}
        missing[name] = {
            **stations,
            **months_missing(counted, held, span=span, force=force),
        }
    panel = count_panel(
        placed,
        unit["unit"].cast(pl.Int64).to_numpy(),
        types=types,
        easting=points["easting"].to_numpy(),
        northing=points["northing"].to_numpy(),
        span=span,
        missing=missing,
    )
    return PanelRead(
        force=force,
        panel=panel,
        points=points,
        records=len(placed),
        unplaced=int(rows["easting"].null_count()),
        includes_btp=include_btp,
        source=source,
        partitions=partitions_behind(store, force, include_btp=include_btp, source=source),
    )


def partitions_behind(
    store: Store, force: str, *, include_btp: bool, source: str
) -> tuple[Partition, ...]:
    """The partitions that a force's panel is read from."""
    forces = [force, BRITISH_TRANSPORT_POLICE] if include_btp else [force]
    return tuple(p for f in forces for p in store.partitions("crimes", source=source, force=f))


def _near_the_force(rows: pl.DataFrame, force: str) -> pl.DataFrame:
    """Without records of the transport police beyond 500 m of the force's own snap points.

    Their file may be the whole railway's.
    """
    import polars as pl
    from scipy.spatial import KDTree

    spots = rows.select("easting", "northing").to_numpy()
    own = (rows["force"] == force).to_numpy()
    near = own.copy()
    distance, _ = KDTree(np.unique(spots[own], axis=0)).query(
        spots[~own], distance_upper_bound=500.0
    )
    near[~own] = np.isfinite(distance)
    return rows.filter(pl.Series(near))


def _force(store: Store, said: str, *, source: str) -> str:
    records: dict[str, int] = {}
    for partition in store.partitions("crimes", source=source):
        if partition.key.force != BRITISH_TRANSPORT_POLICE:
            key = partition.key.force
            records[key] = records.get(key, 0) + partition.counts.kept
    if not records:
        raise CoverageError(
            f"Rankings are tested on the store's own crimes, and it holds none from {source}. "
            f"Ingest an archive of data.police.uk first."
        )
    if said and said not in records:
        raise CoverageError(
            f"A back-test reads one force's records; none of {said!r} is held. The store has "
            f"{', '.join(sorted(records))}. Name one of them."
        )
    return said or max(sorted(records), key=records.__getitem__)


def _slug(name: str, held: Collection[str]) -> str:
    slug = name if name in CRIME_TYPES | RETIRED_TYPES else slug_of_label(name)
    if slug is None:
        raise InputError(
            f"A crime type is named as data.police.uk names it; {name!r} is none of "
            f"{', '.join(CRIME_TYPES)}. Name one of them."
        )
    if slug not in held:
        raise CoverageError(
            f"A type is tested on its records, and none of {label_of_slug(slug)} is held with a "
            f"location. Held are {', '.join(held)}. Ask for one of them."
        )
    return slug


def _counting(crime_type: str) -> Measure:
    """A measure of one type, for the rules of which months are missing."""
    return Measure(
        id=crime_type,
        title=label_of_slug(crime_type),
        definition="",
        why_it_matters="",
        records="crimes",
        unit="records",
        crime_types=[crime_type],
        is_proxy=False,
        police_generated=False,
        author="",
        reviewed="",
        review_due="",
    )
