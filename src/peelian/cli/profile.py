"""The command that writes a problem profile for a team's own desk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.pages import WardFilePath, day_of
from peelian.cli.records import DEFAULT_STORE, StoreFolder


def profile(
    ward: Annotated[str, typer.Argument(help="The ward's code or name.")],
    priority: Annotated[
        str, typer.Option(help="The priority's number on the ward's page: 2.")
    ] = "",
    measure: Annotated[
        str, typer.Option(help="A measure's id instead of a priority: robbery.")
    ] = "",
    store: StoreFolder = DEFAULT_STORE,
    ward_file: WardFilePath = None,
    to: Annotated[Path, typer.Option("--to", help="The folder to write.")] = Path("profile"),
    boundary_set: Annotated[str, typer.Option(help="The boundary set to count in.")] = "",
    btp: Annotated[
        bool, typer.Option("--btp/--no-btp", help="Count British Transport Police records.")
    ] = True,
    source: Annotated[str, typer.Option(help="Whose records to count.")] = "police.uk",
    seed: Annotated[int, typer.Option(min=0, help="Of the tests by chance.")] = 0,
    date: Annotated[
        str, typer.Option(help="The profile's date, YYYY-MM-DD; today unless given.")
    ] = "",
) -> None:
    """Write what the records say about one priority: where, what changes, when, why there.

    A page, a PDF and every figure as JSON, for the team: small counts are not withheld.
    """
    from peelian.publication.profile.writing import ProfileOptions, write_problem_profile
    from peelian.store import Store

    options = ProfileOptions(
        day=day_of(date),
        priority=priority,
        measure=measure,
        boundary_set=boundary_set or None,
        include_btp=btp,
        source=source,
        seed=seed,
    )
    written = write_problem_profile(Store(store), ward, to=to, options=options, ward_file=ward_file)
    typer.echo(f"{written.title}: {written.files.page}")
    typer.echo(written.finding)
    typer.echo(written.notice)
