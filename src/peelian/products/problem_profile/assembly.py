"""Builds a problem profile: which priority, which records, and each question's answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from peelian.core.errors import CoverageError, InputError
from peelian.core.extras import require_extra
from peelian.core.months import Month
from peelian.core.wards import Priority, WardFile
from peelian.products.assembly import checked_priority, claim_ground, map_layers
from peelian.products.problem_profile import ProblemProfile
from peelian.products.problem_profile.changing import what_is_changing
from peelian.products.problem_profile.when import when_recorded
from peelian.products.problem_profile.where import where_recorded
from peelian.products.problem_profile.why import why_there
from peelian.products.ward_page import CheckedPriority, MeasureResult
from peelian.products.ward_records import (
    WardRecords,
    covers,
    each_crime_once,
    read_ward_records,
    ward_sources,
)
from peelian.scanning.series import rows_counted
from peelian.store import places

if TYPE_CHECKING:
    import polars as pl

    from peelian.core.measures import Measure
    from peelian.store import Store


def assemble_problem_profile(
    store: Store,
    ward: str,
    *,
    measures: Mapping[str, Measure],
    day: str,
    code_version: str,
    ward_file: WardFile | None = None,
    priority: str = "",
    measure: str = "",
    boundary_set: str | None = None,
    include_btp: bool = True,
    source: str = "police.uk",
    seed: int = 0,
) -> ProblemProfile:
    """Gather what the store says about one priority of a ward.

    ward: a code or an unambiguous name. priority: its number on the ward's page, or its id,
    in `ward_file`; or measure: a measure's id, where there is no ward file. day: YYYY-MM-DD,
    after the newest month held. InputError where not exactly one of the two is given, or
    it is not there; CoverageError where no month of what it is followed by is held.
    """
    require_extra("statistics", to="make a problem profile")
    area = places.area(store, ward, boundary_set=boundary_set)
    file = ward_file or WardFile(ward=area.code, name=area.name, operator="")
    number, chosen = _chosen(file, priority, measure, measures)
    read = read_ward_records(
        store, file.force, area, measures, include_btp=include_btp, source=source
    )
    _check_day(day, newest=read.span.last)
    ground = claim_ground(read, file, source=source)
    checked = checked_priority(read, ground, chosen)
    main, in_ward = _followed(checked, area.name), None
    if main.place != area.name:
        in_ward = next(
            r for r in checked.measures if (r.measure, r.place) == (main.measure, area.name)
        )
    rows = _rows_of(read, checked, main)
    return ProblemProfile(
        ward_file=file,
        area=area,
        force_name=read.force_name,
        number=number,
        checked=checked,
        measure=main.measure,
        main=main,
        in_ward=in_ward,
        apart=tuple(each for each in checked.measures if each.measure.police_generated),
        once=tuple(
            each
            for result in (main, in_ward)
            if result and (each := _each_once(read, result, _rows_of(read, checked, result)))
        ),
        where=where_recorded(read, checked, main.measure, gazetteer=ground.gazetteer, seed=seed),
        changing=what_is_changing(
            read,
            main.series,
            main.measure,
            in_ward=None if in_ward is None else in_ward.series,
            seed=seed,
        ),
        when=when_recorded(main.series, rows, main.measure, seed=seed),
        why=why_there(read, checked.ranking, main.measure, seed=seed),
        span=read.span,
        missing=read.missing(main.measure),
        includes_btp=include_btp,
        forces=read.forces_counted,
        layers=map_layers(read),
        sources=ward_sources(read),
        source=source,
        day=day,
        seed=seed,
        code_version=code_version,
    )


def _chosen(
    file: WardFile, priority: str, measure: str, measures: Mapping[str, Measure]
) -> tuple[int, Priority]:
    """The priority asked for and its number; one made of a measure has the number 0."""
    if bool(priority) == bool(measure):
        raise InputError(
            "A profile is of one priority of a ward file, or of one measure; found "
            f"{'both' if priority else 'neither'}. Give --priority with a number, or --measure "
            f"with an id."
        )
    if measure:
        if measure not in measures:
            raise InputError(
                f"A measure is named by its id; no measure is called {measure!r}. "
                f"Use one of: {', '.join(measures)}."
            )
        title = measures[measure].title
        return 0, Priority(id=measure, title=title, issue="", measure=measure)
    for number, each in enumerate(file.priorities, start=1):
        if priority in (str(number), each.id):
            return number, each
    known = "; ".join(f"{n} ({p.title})" for n, p in enumerate(file.priorities, start=1))
    raise InputError(
        f"A priority is one that the ward file has; {priority!r} is none of them. "
        + (f"It has: {known}." if known else "It has none; give --measure instead.")
    )


def _check_day(day: str, *, newest: Month) -> None:
    if Month.parse(day[:7]) <= newest:
        raise InputError(
            f"A profile is dated after the records that it shows; found {day}, and records to "
            f"{newest.in_words}. Give a later --date."
        )


def _followed(checked: CheckedPriority, ward: str) -> MeasureResult:
    """The result that the profile is about: the first of the priority's that can be counted."""
    if not checked.measures:
        raise CoverageError(
            f"A profile is made of what open records count; {checked.priority.title!r} names "
            f"nothing that they do. Give --measure with what comes near it."
        )
    counted = [each for each in checked.measures if each.series.held]
    if not counted:
        first = checked.measures[0]
        raise CoverageError(
            f"A profile is made of months held, and no month of {first.measure.title} is held "
            f"for {ward}: {first.no_change_because} Ingest an archive that has them."
        )
    # What police activity makes is shown beside a priority, and never what it is about where
    # the public's own reports can be counted.
    return next((each for each in counted if not each.measure.police_generated), counted[0])


def _rows_of(read: WardRecords, checked: CheckedPriority, main: MeasureResult) -> pl.DataFrame:
    """The records that a result counts: of its measure, in its part of the ward, in its months."""
    import polars as pl

    rows = read.inside
    if checked.corridor is not None and main.place != read.area.name:
        rows = rows.filter(pl.Series(covers(checked.corridor, rows), dtype=pl.Boolean))
    months = [month.first_day for month in main.series.held]
    return rows_counted(rows.filter(pl.col("month").is_in(months)), main.measure)


def _each_once(
    read: WardRecords, result: MeasureResult, rows: pl.DataFrame
) -> MeasureResult | None:
    """A result with each crime counted once; None where that changes nothing that is compared."""
    once = read.result(result.measure, each_crime_once(rows), result.place)
    counted = [(each.change.before, each.change.after) for each in (once, result) if each.change]
    return once if len(set(counted)) > 1 else None
