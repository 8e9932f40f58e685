"""Commands that bring published records into a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from peelian.ingest.intake import Intake
    from peelian.ingest.police_archive import Progress

StoreFolder = Annotated[Path, typer.Option("--store", help="The store's folder.")]
DEFAULT_STORE = Path("store")


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders of any kind.")],
    store: StoreFolder = DEFAULT_STORE,
    replace: Annotated[
        bool, typer.Option("--replace", help="Accept files that lose records which are held.")
    ] = False,
    btp: Annotated[
        bool, typer.Option("--btp/--no-btp", help="Take British Transport Police records.")
    ] = True,
    column_map: Annotated[
        str, typer.Option("--map", help="A column map (its name or a TOML file) for extracts.")
    ] = "",
    force: Annotated[
        str, typer.Option(help="The force of an extract or of saved API answers.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --map: report row by row, write nothing.")
    ] = False,
) -> None:
    """Bring archives, boundaries, maps or extracts into a store."""
    from peelian.core.errors import InputError
    from peelian.store import Store

    if column_map:
        if not btp:
            raise InputError(
                "An extract is taken whole; --no-btp is for archives. Leave British Transport "
                "Police records out with `peelian publish --no-btp`."
            )
        _ingest_extracts(
            paths, store, column_map=column_map, force=force, dry_run=dry_run, replace=replace
        )
        return

    if dry_run:
        raise InputError(
            "A dry run reads an extract by its column map; without --map nothing can be tried "
            "without being written. Name the map, or ingest into a store of its own."
        )

    from peelian.ingest.intake import take_in
    from peelian.ingest.paths import existing

    for path in paths:
        existing(path)  # before a store is made for nothing
    with _bar() as report:
        intake = take_in(
            paths, Store.create(store), replace=replace, btp=btp, force=force or None,
            report=report,
        )  # fmt: skip
    show_intake(intake)
    if intake.exit_code:
        raise typer.Exit(intake.exit_code)


def show_intake(intake: Intake) -> None:
    """Print what became of every file."""
    for place in intake.places:
        outcome = place.reason or f"{place.rows:,} rows, {place.state}"
        typer.echo(f"{place.table}: {place.name}: {outcome}")
        for note in place.notes:
            typer.echo(f"  {note}")
    if intake.archive:
        typer.echo("\n".join(intake.archive.lines()))
    if intake.api:
        typer.echo("\n".join(intake.api.lines()))
    for passed in intake.passed_over:
        typer.echo(f"passed over: {passed.path.name}: {passed.why}")
    if intake.unread:
        typer.echo(f"peelian: nothing was taken from {', '.join(intake.unread)}.", err=True)


def _ingest_extracts(
    paths: list[Path], store: Path, *, column_map: str, force: str, dry_run: bool, replace: bool
) -> None:
    from peelian.ingest.force_extract import check_extract, ingest_extract, read_column_map
    from peelian.store import Store

    columns = read_column_map(column_map)
    for path in paths:
        report = (
            check_extract(path, columns, force=force or None)
            if dry_run
            else ingest_extract(
                path, columns, Store.create(store), force=force or None, replace=replace
            )
        )
        typer.echo("\n".join(report.lines()))


def fetch(
    ward: Annotated[str, typer.Argument(help="The ward's code or name.")],
    months: Annotated[str, typer.Option(help="YYYY-MM or YYYY-MM/YYYY-MM.")],
    force: Annotated[str, typer.Option(help="police.uk's force id: metropolitan.")],
    store: StoreFolder = DEFAULT_STORE,
    answers: Annotated[
        Path, typer.Option(help="Where the service's answers are kept as they came.")
    ] = Path("answers"),
    boundary_set: Annotated[str, typer.Option(help="Whose boundary to ask with.")] = "",
    neighbourhood: Annotated[
        str,
        typer.Option(
            help="police.uk's neighbourhood id: writes CODE.toml with its team and priorities."
        ),
    ] = "",
    service: Annotated[str, typer.Option(help="The service's address.")] = "",
) -> None:
    """Ask the live police.uk service for a ward's records."""
    from peelian.core.months import MonthSpan
    from peelian.ingest.police_fetch import fetch_neighbourhood, fetch_ward
    from peelian.ingest.police_service import PoliceService
    from peelian.ingest.ward_file import write_ward_file
    from peelian.publication.linter import with_warnings
    from peelian.store import Store, places

    opened = Store.create(store)
    area = places.area(opened, ward, boundary_set=boundary_set or None)
    with PoliceService(service) if service else PoliceService() as asked:
        report = fetch_ward(
            asked, area, MonthSpan.parse(months), opened, force=force, answers=answers,
            progress=typer.echo,
        )  # fmt: skip
        typer.echo("\n".join(report.lines()))
        if neighbourhood:
            team = fetch_neighbourhood(asked, force, neighbourhood, ward=area.code, answers=answers)
            typer.echo("\n".join(team.lines()))
            write_ward_file(with_warnings(team.ward_file), Path(f"{area.code}.toml"))


def quality(
    store: StoreFolder = DEFAULT_STORE,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
    refused: Annotated[
        bool, typer.Option("--refused", help="List refused rows: file, line, reason.")
    ] = False,
) -> None:
    """Show the report of the newest import, or the rows refused."""
    from peelian.ingest.quality import read_report
    from peelian.store import Store

    opened = Store(store)
    if refused:
        for file, line, reason, text in opened.quarantine().iter_rows():
            typer.echo(f"{file}:{line}: {reason}: {text}")
        return
    report = read_report(opened)
    typer.echo(report.to_json() if as_json else "\n".join(report.lines()))


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    """A progress bar on a terminal; nothing where the output goes to a file."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
        console=console, disable=not console.is_terminal, transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("reading", total=None)

        def show(progress: object) -> None:
            bar.update(
                task,
                description=progress.name,  # type: ignore[attr-defined]
                completed=progress.done_bytes,  # type: ignore[attr-defined]
                total=progress.total_bytes,  # type: ignore[attr-defined]
            )

        yield show
