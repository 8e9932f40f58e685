"""The command that holds a team's hours against the hours of concern."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from peelian.cli.records import DEFAULT_STORE, StoreFolder

if TYPE_CHECKING:
    from peelian.core.patrols import PatrolPlan
    from peelian.ingest.patrol_log import PatrolLog
    from peelian.products.cover import WardCover
    from peelian.response.cover import CoverFound


def cover(
    ward: Annotated[str, typer.Argument(help="The ward's code or name.")],
    tasking: Annotated[Path, typer.Option(help="The tasking file, with the team's shifts.")],
    store: StoreFolder = DEFAULT_STORE,
    plan: Annotated[
        Path | None, typer.Option(help="A plan.json: its visits are held against concern too.")
    ] = None,
    log: Annotated[Path | None, typer.Option(help="The plan's patrol log, as CSV.")] = None,
    fit: Annotated[
        float | None, typer.Option(help="The fit that the smallest change is to reach: 0.7.")
    ] = None,
    measure: Annotated[str, typer.Option(help="A measure's id: robbery.")] = "public-reported",
    source: Annotated[
        str, typer.Option(help="Whose records to count: an extract's name, for their times.")
    ] = "police.uk",
    boundary_set: Annotated[str, typer.Option(help="The boundary set to count in.")] = "",
    seed: Annotated[int, typer.Option(min=0, help="Of what chance could give.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say which hours lack cover, and what would mend it.

    Rostered, planned and delivered hours against those of records, or of what residents say;
    whether late shifts are missing, and the smallest change that would mend it. For the team:
    it is no public page.
    """
    from peelian.ingest.tasking_file import read_tasking
    from peelian.products.cover import cover_of_ward
    from peelian.products.patrol_plan.plan_file import read_plan
    from peelian.store import Store

    planned = None if plan is None else read_plan(plan)
    read = None if log is None else _log(log, planned)
    found = cover_of_ward(
        Store(store),
        ward,
        read_tasking(tasking),
        seed=seed,
        measure=measure,
        source=source,
        boundary_set=boundary_set or None,
        plan=planned,
        visits=None if read is None else read.visits,
        reach=fit,
    )
    if as_json:
        typer.echo(json.dumps(_as_json(found), indent=1))
        return
    typer.echo("\n".join(_lines(found)))
    if read is not None and read.refused:
        typer.echo(
            f"{len(read.refused):,} rows of the log were refused: `peelian dosage` lists them."
        )


def _log(path: Path, plan: PatrolPlan | None) -> PatrolLog:
    from peelian.core.errors import InputError
    from peelian.ingest.patrol_log import read_patrol_log

    if plan is None:
        raise InputError(
            "A log names the places of a plan; no plan was given. Name it with --plan."
        )
    return read_patrol_log(path, hotspots=plan.hotspots)


def _lines(found: WardCover) -> Iterator[str]:
    from peelian.products.cover_words import cover_sentences

    yield f"{found.area.name} ({found.area.code}): {_basis(found)}"
    yield from cover_sentences(found)
    yield ""
    yield from _table(found)
    if found.background_hours or found.plain_hours:
        yield (
            f"Not counted as delivered: {found.background_hours:.1f} unit-hours outside places, "
            f"{found.plain_hours:.1f} out of uniform."
        )
    yield from found.notices


def _basis(found: WardCover) -> str:
    if found.months is None:
        who = ", ".join(found.concern.said_by)
        return f"hours of concern as people say them{f' ({who})' if who else ''}."
    return (
        f"{found.measure.title}, {found.concern.records:,} records with a time, "
        f"{found.months.in_words}."
    )


def _table(found: WardCover) -> Iterator[str]:
    """Each day's parts: shares of concern, then of each kind of cover, in per cent."""
    from peelian.analysis.time_of_week import SHIFTS
    from peelian.products.cover_words import DAYS

    kinds = _kinds(found)
    wide = 9 * (1 + len(kinds))
    heads = [f"{name} {a:02d}-{b:02d}".center(wide) for name, (a, b) in SHIFTS.items()]
    yield "Per cent of each  " + "  ".join(heads)
    columns = "".join(f"{name:>9}" for name in ("concern", *kinds))
    yield " " * 18 + "  ".join(columns for _shift in SHIFTS)
    for day in (*range(7), None):
        cells = []
        for name in SHIFTS:
            bands = [_band(cover, day, name) for cover in kinds.values()]
            shares = (bands[0].concern, *(band.cover for band in bands))
            cells.append("".join(f"{100 * share:9.1f}" for share in shares))
        yield f"{'The week' if day is None else DAYS[day]:<18}" + "  ".join(cells)


def _kinds(found: WardCover) -> dict[str, CoverFound]:
    kinds = {"roster": found.rostered, "planned": found.planned, "done": found.delivered}
    return {name: cover for name, cover in kinds.items() if cover is not None}


def _band(cover: CoverFound, day: int | None, name: str) -> Any:
    return next(band for band in cover.bands if (band.day, band.band) == (day, name))


def _as_json(found: WardCover) -> dict[str, Any]:
    from peelian.products.cover_words import cover_sentences

    return {
        "code": found.area.code,
        "name": found.area.name,
        "boundary_set": found.area.boundary_set.name,
        "measure": found.measure.id,
        "records": found.concern.records,
        "months": None if found.months is None else str(found.months),
        "said_by": found.concern.said_by,
        "concern": found.concern.shares.round(6).tolist(),
        "cover": {name: _cover_as_json(each) for name, each in _kinds(found).items()},
        "background_hours": found.background_hours,
        "plain_hours": found.plain_hours,
        "reach": found.reach,
        "change": None if found.change is None else _plain(found.change),
        "finding": list(cover_sentences(found)),
        "notices": found.notices,
    }


def _cover_as_json(cover: CoverFound) -> dict[str, Any]:
    return {
        "hours": cover.hours.round(6).tolist(),
        "fit": {**_plain(cover.fit), "too_few_to_say": cover.fit.is_too_few_to_say},
        "bands": [{**_plain(b), "surely_short": b.is_surely_short} for b in cover.bands],
        "most_short": [_plain(stretch) for stretch in cover.stretches],
    }


def _plain(found: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(found)
