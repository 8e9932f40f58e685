"""The command that says what a patrol plan delivered, from the logs of its units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.records import DEFAULT_STORE, StoreFolder

if TYPE_CHECKING:
    from peelian.core.patrols import PatrolMode, PatrolPlan, Visit
    from peelian.core.streets import StreetNetwork
    from peelian.ingest.patrol_log import PatrolLog
    from peelian.products.dosage import DosageReport
    from peelian.response.dosage import Delivered, Planned

_REFUSED_SHOWN = 10
_MOST_DAYS = 1000
_HEAD = f"{'':32}{'planned':>8}{'on time':>8}{'other':>8}{'short':>8}{'missed':>8}{'no log':>8}"
_HEAD += f"{'visits':>8}{'useful':>8}{'minutes':>9}"


def dosage(
    plan: Annotated[Path, typer.Argument(help="The plan: plan.json, as `peelian plan` wrote it.")],
    logs: Annotated[
        list[Path], typer.Argument(help="Patrol logs (CSV) and GPS traces (GPX, or CSV of points).")
    ],
    store: StoreFolder = DEFAULT_STORE,
    mode: Annotated[
        str, typer.Option(help="foot, cycle or vehicle, where a log or a trace does not say.")
    ] = "",
    unit: Annotated[str, typer.Option(help="The unit whose traces they are: A.")] = "",
    complete: Annotated[
        list[str] | None,
        typer.Option(
            help="Days of which the logs have every patrol: YYYY-MM-DD, or two joined by two dots."
        ),
    ] = None,
    changed: Annotated[
        str, typer.Option(help="Compare weeks before and from this day; the plan's first unless.")
    ] = "",
    on_time: Annotated[
        float, typer.Option(min=0, help="How many minutes off its time a visit may start.")
    ] = 15.0,
    to: Annotated[
        Path | None, typer.Option("--to", help="A folder to write JSON and CSV to.")
    ] = None,
    public: Annotated[
        Path | None,
        typer.Option(
            help="A folder to write residents' version to: minutes of weeks that are over."
        ),
    ] = None,
    made_on: Annotated[
        str, typer.Option("--date", help="The day it is made, YYYY-MM-DD; today unless given.")
    ] = "",
) -> None:
    """Say what patrol a plan's places got against the plan.

    A store with a street map helps to tell streets apart in GPS traces. Positions are never
    written. True numbers, for desk use; `--public` alone is for residents.
    """
    from peelian.cli.pages import day_of
    from peelian.core.errors import InputError
    from peelian.ingest.patrol_log import unit_fault
    from peelian.products.dosage import dosage_of_plan
    from peelian.products.dosage_tables import json_of, tables_of
    from peelian.products.patrol_plan.plan_file import read_plan
    from peelian.publication.patrol_minutes import write_public_minutes
    from peelian.publication.swapping import write_whole

    _refuse_mixed(to, public)
    if unit and (fault := unit_fault(unit)):
        raise InputError(f"A unit is a call sign of the day; --unit is none: {fault}.")
    made = read_plan(plan)
    days = [day for each in complete or () for day in _days(each)]
    visits, notices = _read(made, logs, store=store, mode=_mode(mode), unit=unit)
    report = dosage_of_plan(
        made, visits, complete=days, changed_on=_day(changed) if changed else None,
        on_time_minutes=on_time, notices=notices,
    )  # fmt: skip
    typer.echo("\n".join(_lines(report)))
    if to:
        to.mkdir(parents=True, exist_ok=True)
        for name, text in {**tables_of(report), "dosage.json": json_of(report)}.items():
            write_whole(to / name, text.encode())
        typer.echo(f"Written to {to}.")
    if public:
        page = write_public_minutes(made, visits, to=public, day=_day(day_of(made_on)))
        typer.echo(f"For residents: {page}.")


def _refuse_mixed(to: Path | None, public: Path | None) -> None:
    """An InputError where true numbers or a plan would stand in the folder for residents."""
    from peelian.core.errors import InputError

    if not public:
        return
    held = [each.name for each in public.iterdir()] if public.is_dir() else []
    team = sorted({"plan.json", "dosage.json"} & set(held))
    if team or (to and public.resolve() in (to.resolve(), *to.resolve().parents)):
        raise InputError(
            f"A folder for residents has nothing of the team's in it; {public} has or would have "
            f"{', '.join(team) or f'what is written to {to}'}. Name another with --public."
        )


def _read(
    plan: PatrolPlan,
    logs: Sequence[Path],
    *,
    store: Path,
    mode: PatrolMode | None,
    unit: str,
) -> tuple[list[Visit], list[str]]:
    """The visits of all the files, and what their readers say."""
    from peelian.ingest.gps_trace import is_trace, read_trace
    from peelian.ingest.patrol_log import read_patrol_log
    from peelian.products.dosage import visits_of_trace

    visits: list[Visit] = []
    notices: list[str] = []
    network: StreetNetwork | None = None
    for path in logs:
        if not is_trace(path):
            log = read_patrol_log(path, hotspots=plan.hotspots, mode=mode)
            visits += log.visits
            notices += _log_notices(log)
            continue
        if network is None:
            network = _streets(plan, store)
        trace = read_trace(path)
        found = visits_of_trace(
            plan, trace.times, trace.points, name=path.name, network=network, mode=mode, unit=unit
        )
        visits += found.visits
        notices += found.notices
        notices += [f"{path.name}: {n:,} points: {why}." for why, n in trace.faults.items()]
    return visits, notices


def _streets(plan: PatrolPlan, store: Path) -> StreetNetwork | None:
    """The streets about the plan's places; None where no store has a map of them."""
    import shapely

    from peelian.store import Store, places

    if not plan.hotspots or not Store.is_at(store):
        return None
    ground = shapely.MultiPoint([each.centre for each in plan.hotspots])
    network = places.street_network(Store(store), ground, buffer_m=500)
    return network if len(network) else None


def _log_notices(log: PatrolLog) -> Iterator[str]:
    yield (
        f"{log.file}: {log.read} rows, {len(log.visits)} kept, {len(log.refused)} refused, "
        f"{log.duplicates} told twice."
    )
    if log.personal:
        yield (f"{log.file}: columns about people were left out unread: {', '.join(log.personal)}.")
    yield from (f"{log.file}: {note}." for note in log.notes)
    for row in log.refused[:_REFUSED_SHOWN]:
        yield f"{log.file}, line {row.line}: {row.reason} ({row.text})"
    if len(log.refused) > _REFUSED_SHOWN:
        yield f"{log.file}: and {len(log.refused) - _REFUSED_SHOWN} more refused rows."


def _lines(report: DosageReport) -> Iterator[str]:
    found = report.dosage
    yield (
        f"{report.area_name}, {report.first} to {report.last}, plan version "
        f"{report.plan_version}: {len(found.days_logged)} of {found.days} days logged. A dose is "
        f"a visit of {report.shortest_minutes} to {report.longest_minutes} minutes; on time is "
        f"within {report.on_time_minutes:g}."
    )
    for week in sorted({each.week for each in found.place_weeks}):
        own = [each for each in found.place_weeks if each.week == week]
        yield f"Week of {week}, {own[0].days_logged} of 7 days logged"
        yield _HEAD
        for each in own:
            name = report.name_of[each.place_id]
            if not each.place_id:
                yield _background_row(name, each.delivered)
            elif each.planned.visits or (each.delivered and each.delivered.visits):
                yield _row(name, each.planned, each.delivered)
    yield "By band, on logged days"
    yield _HEAD
    for band in found.bands:
        yield _row(band.band or "outside all shifts", band.planned, band.at_places)
        yield _background_row("  background patrol", band.background)
    yield _row("All", found.planned, found.at_places)
    if found.planned.delivered_share is not None:
        yield f"Delivered: {found.planned.delivered_share:.0%} of visits planned on logged days."
    if found.at_places.visible_share is not None:
        yield (
            f"In uniform for {found.at_places.visible_share:.0%} of the minutes at places. On "
            f"foot {found.at_places.foot_minutes:,.0f} minutes, by cycle "
            f"{found.at_places.cycle_minutes:,.0f}, by vehicle "
            f"{found.at_places.vehicle_minutes:,.0f}."
        )
    if found.unplanned:
        yield (
            f"{found.unplanned} useful visits, {found.unplanned_minutes:,.0f} minutes, were in no "
            f"plan."
        )
    yield from _gap_lines(report)
    yield from _trend_lines(report)
    yield from report.notices


def _row(name: str, planned: Planned, got: Delivered | None) -> str:
    counts = (
        planned.visits, planned.on_time, planned.other_time, planned.too_short,
        planned.not_delivered, planned.not_logged,
    )  # fmt: skip
    line = f"{name[:31]:32}" + "".join(f"{each:>8}" for each in counts)
    if got is None:
        return line + f"{'no log':>8}{'no log':>8}{'no log':>9}"
    return line + f"{got.visits:>8}{got.useful:>8}{got.minutes:>9,.0f}"


def _background_row(name: str, got: Delivered | None) -> str:
    """Minutes alone: how often a unit turned from a place to the streets says nothing."""
    return f"{name:96}" + (f"{'no log':>9}" if got is None else f"{got.minutes:>9,.0f}")


def _gap_lines(report: DosageReport) -> Iterator[str]:
    gaps = sorted(report.dosage.gaps, key=lambda gap: -gap.minutes)[:3]
    if gaps:
        yield "Longest without anybody, in patrolled hours that are logged"
    for gap in gaps:
        yield (
            f"  {report.name_of[gap.place_id]}: {gap.minutes / 60:.1f} hours, from "
            f"{gap.start:%a %d %b %H:%M} to {gap.end:%a %d %b %H:%M}"
            + (", and perhaps longer" if gap.starts_at_log or gap.ends_at_log else "")
        )


def _trend_lines(report: DosageReport) -> Iterator[str]:
    change = report.trend.change
    if change is None:
        return
    yield (
        f"In uniform, throughout the ward: {change.after:,.0f} minutes a week in "
        f"{change.after_weeks} weeks after, {change.before:,.0f} in {change.before_weeks} before. "
        + (
            "Too few weeks to say whether that is a change."
            if change.low is None
            else f"The difference is {change.difference:,.0f} ({change.low:,.0f} to "
            f"{change.high:,.0f} at {change.level:.0%})."
        )
    )


def _mode(written: str) -> PatrolMode | None:
    from typing import get_args

    from peelian.core.errors import InputError
    from peelian.core.patrols import PatrolMode

    if not written:
        return None
    for mode in get_args(PatrolMode):
        if mode == written:
            return mode  # type: ignore[no-any-return]
    raise InputError(f"A mode is foot, cycle or vehicle; found {written!r}. Name one of them.")


def _days(written: str) -> list[date]:
    from peelian.core.errors import InputError

    first, _, last = written.partition("..")
    start, end = _day(first), _day(last or first)
    if not 0 <= (end - start).days < _MOST_DAYS:
        raise InputError(
            f"Days joined by two dots are from the first to the last, {_MOST_DAYS} at most; found "
            f"{written!r}. Write the earlier one first."
        )
    return [start + timedelta(days=each) for each in range((end - start).days + 1)]


def _day(written: str) -> date:
    from peelian.core.errors import InputError

    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise InputError(
            f"A day is written YYYY-MM-DD; found {written!r}. Write it so, or two of them joined "
            f"by two dots."
        ) from error
