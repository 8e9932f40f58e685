"""Commands about a ward's page: read a published one, publish, verify."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.records import DEFAULT_STORE, StoreFolder, show_intake

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")  # it names a file, too

WardFilePath = Annotated[
    Path | None, typer.Option("--ward-file", help="The ward file; WARD.toml unless given.")
]


def import_page(
    page: Annotated[Path, typer.Argument(help="The page's text, or police.uk's priorities JSON.")],
    ward: Annotated[str, typer.Option(help="The ward's code: E05013669.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="The ward file to write; WARD.toml unless given.")
    ] = None,
    store: StoreFolder = DEFAULT_STORE,
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite the ward file if it is there.")
    ] = False,
) -> None:
    """Read a published page into a ward file, to read and edit."""
    from peelian.core.errors import InputError
    from peelian.ingest.paths import text_of
    from peelian.ingest.place_suggestions import with_suggestions
    from peelian.ingest.ward_file import write_ward_file
    from peelian.ingest.ward_page import read_ward_page
    from peelian.publication.linter import with_warnings
    from peelian.store import Store

    if not _CODE.fullmatch(ward):
        raise InputError(
            f"A ward is named by its code, letters and figures as in E05013669; found {ward!r}. "
            f"Give its code."
        )
    held = Store(store) if Store.is_at(store) else None
    read = with_warnings(read_ward_page(text_of(page, what="A page"), ward=ward))
    if held and held.partitions("areas"):
        read = with_suggestions(read, held)
    else:
        typer.echo(
            f"No boundaries are held in {store}, so the page's place names were not looked up. "
            f"Ingest boundaries and a street map, and import again for the map's suggestions."
        )
    written = to or Path(f"{ward}.toml")
    write_ward_file(read, written, replace=replace)
    promises = [c for p in read.priorities for c in p.commitments]
    claims = [c for p in read.priorities for c in p.claims]
    warnings = [*read.warnings, *(w for p in read.priorities for w in p.warnings)]
    without = sum(promise.status == "no_evidence" for promise in promises)
    typer.echo(
        f"{written}: {len(read.priorities)} priorities, {len(promises)} commitments "
        f"({without} with no evidence yet), {len(claims)} claims, {len(warnings)} warnings."
    )
    for warning in warnings:
        typer.echo(f"  {warning.rule}: “{warning.text}”: {warning.reason}")
    for place in read.places:
        if place.suggested:
            typer.echo(
                f"  place: “{place.written}”: the map suggests {place.suggested}; write it "
                f"under `means` if that is so."
            )


def export_page(
    ward_file: Annotated[Path, typer.Argument(help="The ward file.")],
    as_text: Annotated[
        bool, typer.Option("--text", help="As page text instead of police.uk's JSON.")
    ] = False,
) -> None:
    """Write a ward file's priorities as police.uk does.

    Each has issue, issue-date, action and action-date.
    """
    import json

    from peelian.ingest.ward_file import read_ward_file
    from peelian.ingest.ward_page import export_page as page_text
    from peelian.ingest.ward_page import export_priorities

    read = read_ward_file(ward_file)
    if as_text:
        typer.echo(page_text(read))
    else:
        typer.echo(json.dumps(export_priorities(read), indent=1, ensure_ascii=False))


def publish(
    wards: Annotated[list[str], typer.Argument(help="Ward codes; or a borough's code for all.")],
    store: StoreFolder = DEFAULT_STORE,
    site: Annotated[Path, typer.Option(help="The site's folder.")] = Path("site"),
    ward_file: WardFilePath = None,
    ward_files: Annotated[
        Path, typer.Option(help="Folder of ward files, CODE.toml each.")
    ] = Path(),
    boundaries: Annotated[
        list[Path] | None, typer.Option(help="Boundary files or folders to ingest first.")
    ] = None,
    network: Annotated[
        list[Path] | None, typer.Option(help="Street maps or folders to ingest first.")
    ] = None,
    population: Annotated[
        list[Path] | None, typer.Option(help="Population tables to ingest first.")
    ] = None,
    boundary_set: Annotated[str, typer.Option(help="The boundary set to count in.")] = "",
    btp: Annotated[
        bool, typer.Option("--btp/--no-btp", help="Count British Transport Police records.")
    ] = True,
    source: Annotated[str, typer.Option(help="Whose records to count.")] = "police.uk",
    date: Annotated[
        str, typer.Option(help="The snapshot's date, YYYY-MM-DD; today unless given.")
    ] = "",
    address: Annotated[
        str, typer.Option(help="Where the site will be: https://example.org/wards/")
    ] = "",
) -> None:
    """Write wards' pages as snapshots, and the list of wards.

    A snapshot never changes; a later one stands beside it.
    """
    from peelian.ingest.intake import take_in
    from peelian.publication.publishing import PublishOptions, publish_wards
    from peelian.store import Store

    snapshot_day = day_of(date)
    first = [*(boundaries or []), *(network or []), *(population or [])]
    if first:
        intake = take_in(first, Store.create(store))
        if intake.exit_code:
            show_intake(intake)
            raise typer.Exit(intake.exit_code)
    options = PublishOptions(
        snapshot_date=snapshot_day,
        boundary_set=boundary_set or None,
        include_btp=btp,
        source=source,
        address=address,
    )
    for published in publish_wards(
        Store(store), wards, site=site, options=options, ward_file=ward_file, ward_files=ward_files
    ):
        typer.echo(f"{published.ward_name}: {published.page} ({published.outcome})")


def day_of(written: str) -> str:
    """A day as YYYY-MM-DD, today where none is written; an InputError where it is no day."""
    from datetime import date

    from peelian.core.errors import InputError

    if not written:
        return date.today().isoformat()
    try:
        if date.fromisoformat(written).isoformat() == written:
            return written
    except ValueError:
        pass
    raise InputError(
        f"A date is a day as YYYY-MM-DD; found {written!r}. Write it as in 2025-03-31, "
        f"or leave it out for today."
    )


def verify(
    snapshot: Annotated[Path, typer.Argument(help="A snapshot's folder, or a ward's.")],
    store: StoreFolder = DEFAULT_STORE,
) -> None:
    """Build a published page again, and compare every number."""
    from peelian.publication.publishing import verify_snapshot
    from peelian.store import Store

    verified = verify_snapshot(snapshot, Store(store))
    typer.echo("\n".join(verified.lines()))
