"""The command that writes wards' patrol plans and their shift briefings."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.records import DEFAULT_STORE, StoreFolder
from peelian.core.patrols import PatrolPlan, TrialKind

_NOTICES_SHOWN = 6
# With the seed, anybody who has the same open records can draw a plan's times before its days.
_SEEDS = 2**53  # as many as every reader of JSON keeps whole


def plan(
    context: typer.Context,
    wards: Annotated[
        list[str], typer.Argument(help="Wards' codes or names; or a borough's for all.")
    ],
    tasking: Annotated[
        Path | None,
        typer.Option(help="The tasking file: hours, base, known places, hours lost."),
    ] = None,
    first: Annotated[
        str, typer.Option("--from", help="The first day, YYYY-MM-DD; next Monday unless given.")
    ] = "",
    days: Annotated[int, typer.Option(help="How many days, 1 to 31.")] = 7,
    measure: Annotated[
        str, typer.Option(help="The measure by which places are ranked.")
    ] = "public-reported",
    harm: Annotated[
        str, typer.Option(help="A harm index's id, to weigh places by harm instead of records.")
    ] = "",
    least_records: Annotated[
        int,
        typer.Option(min=1, help="Records a year that a place needs to be a hot spot."),
    ] = 36,
    units: Annotated[
        int, typer.Option(help="Units of a shift, where the tasking file has no shifts.")
    ] = 2,
    to: Annotated[
        Path, typer.Option("--to", help="The folder in which each ward gets one.")
    ] = Path("plans"),
    seed: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Of the times drawn by chance; one that nobody can guess unless given.",
        ),
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(
            help="The plan before, plan.json: of the same days to make it anew for hours lost, "
            "of earlier ones to go on from its places and its trial."
        ),
    ] = None,
    now: Annotated[
        str,
        typer.Option(help="From when on it is made anew, YYYY-MM-DDTHH:MM; now unless given."),
    ] = "",
    reason: Annotated[str, typer.Option(help="Why it is made anew, in your words.")] = "",
    trial: Annotated[
        TrialKind | None, typer.Option(help="Let chance say which places are patrolled when.")
    ] = None,
    trial_months: Annotated[int, typer.Option(min=1, help="How long a trial lasts.")] = 6,
    override: Annotated[
        str,
        typer.Option(help="NAME: REASON, to rank by records that police make by looking."),
    ] = "",
    jobs: Annotated[int, typer.Option(min=1, help="How many wards are planned side by side.")] = 1,
    store: StoreFolder = DEFAULT_STORE,
    ward_files: Annotated[
        Path, typer.Option(help="Folder of ward files, CODE.toml each, for what was promised.")
    ] = Path(),
    boundary_set: Annotated[str, typer.Option(help="The boundary set to count in.")] = "",
    btp: Annotated[
        bool, typer.Option("--btp/--no-btp", help="Count British Transport Police records.")
    ] = True,
    source: Annotated[str, typer.Option(help="Whose records to count.")] = "police.uk",
    public: Annotated[
        bool, typer.Option("--public/--no-public", help="Write residents' version as well.")
    ] = True,
    made_on: Annotated[
        str, typer.Option("--date", help="The day it is made, YYYY-MM-DD; today unless given.")
    ] = "",
) -> None:
    """Plan a week's patrols: which places, when, in which order, and by which streets.

    Writes a folder a ward: the plan as a page, a document, a calendar, tracks and tables, and a
    sheet for each shift. For the team: `public/` alone is for residents.
    """
    import secrets

    from peelian import __version__
    from peelian.cli.pages import day_of
    from peelian.core.tasking import Tasking
    from peelian.ingest.tasking_file import read_tasking
    from peelian.products.patrol_plan.assembly import PlanWishes
    from peelian.products.patrol_plan.plan_file import read_plan
    from peelian.publication.plan.writing import Read, write_plans
    from peelian.response.patrol_places import Eligibility
    from peelian.store import Store

    today = date.fromisoformat(day_of(made_on))
    before = read_plan(previous) if previous else None
    begins = date.fromisoformat(day_of(first)) if first else None
    wishes = PlanWishes(
        first=begins or (before.first if before else next_monday(today)),
        days=days,
        made_on=today,
        code_version=__version__,
        measure=measure,
        harm_index=harm,
        units=units,
        seed=secrets.randbelow(_SEEDS) if seed is None else seed,
        trial=trial,
        trial_months=trial_months,
        tasking=read_tasking(tasking) if tasking else Tasking(),
        eligibility=Eligibility(least_records=least_records, override=override),
        previous=before,
        now=_moment(now),
        reason=reason,
    )
    if before is not None and wishes.replaces_previous:
        _refuse_changes(context, before)
    read = Read(
        boundary_set=boundary_set or None,
        include_btp=btp,
        source=source,
        ward_files=ward_files,
        public=public,
    )
    for written in write_plans(Store(store), wards, to=to, wishes=wishes, read=read, jobs=jobs):
        typer.echo(f"{written.ward_name}, {written.period}: {written.files.page}")
        for said in filter(None, (written.warning, written.finding, written.score)):
            typer.echo(f"  {said}")
        for said in written.notices[:_NOTICES_SHOWN]:
            typer.echo(f"  {said}")
        if (more := len(written.notices) - _NOTICES_SHOWN) > 0:
            typer.echo(f"  … and {more} more, on the page.")
        typer.echo(f"  {written.notice}")


def _refuse_changes(context: typer.Context, before: PatrolPlan) -> None:
    """An InputError where a person asks for something else of a plan that is made anew."""
    from peelian.core.errors import InputError

    own = {
        "days": (before.last - before.first).days + 1,
        "measure": before.measure,
        "harm": before.harm_index,
        "seed": before.seed,
        "trial": before.trial.kind if before.trial else None,
    }
    for name, value in own.items():
        asked, source = context.params[name], context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE" and asked != value:
            raise InputError(
                f"A plan that is made anew for lost hours keeps what it was made with; it has "
                f"--{name} {value}, and {asked} was asked for. Leave that out, or plan other days "
                f"with --from."
            )


def next_monday(today: date) -> date:
    """The first Monday after a day."""
    return today + timedelta(days=7 - today.weekday())


def _moment(written: str) -> datetime:
    """A moment as YYYY-MM-DDTHH:MM, now where none is written; an InputError where it is none."""
    from peelian.core.errors import InputError

    if not written:
        return datetime.now().replace(second=0, microsecond=0)
    try:
        moment = datetime.strptime(written, "%Y-%m-%dT%H:%M")
    except ValueError:
        raise InputError(
            f"A moment is written as YYYY-MM-DDTHH:MM; found {written!r}. Write it as in "
            f"2026-12-01T17:30."
        ) from None
    return moment
