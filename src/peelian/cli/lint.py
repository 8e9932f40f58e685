"""The command that reads a text before it is published, and says what may not be said so."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.pages import day_of

if TYPE_CHECKING:
    from peelian.core.wards import WardFile
    from peelian.publication.gate_finding import Finding, GateReport

_BLOCKED = 2
_COLUMNS = 88
_WORDS_SHOWN = 160


def lint(
    file: Annotated[Path, typer.Argument(help="The text: a draft Action or a whole page.")],
    ward_file: Annotated[
        Path | None, typer.Option(help="The ward file: its promises, and places confirmed.")
    ] = None,
    ward: Annotated[str, typer.Option(help="The ward's code, where it has no ward file.")] = "",
    priority: Annotated[
        str, typer.Option(help="The priority's number in the ward file that a draft is of: 1.")
    ] = "",
    store: Annotated[
        Path | None, typer.Option(help="A store: hold each claim against its records.")
    ] = None,
    source: Annotated[str, typer.Option(help="Whose records to count.")] = "police.uk",
    date: Annotated[
        str, typer.Option(help="The day of the text, YYYY-MM-DD; today unless given.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Find every claim, promise and risk in a text.

    Each blocks, warns or asks. Exit code: 0 where nothing blocks, 2 where something does (or
    the file cannot be read). With --store and a ward, each claim is held against the records,
    and the sentence that they support is proposed with its figures.
    """
    from peelian.core.errors import InputError
    from peelian.ingest.paths import text_of
    from peelian.publication.gate import pass_through_gate
    from peelian.publication.gate_records import priority_of, with_records
    from peelian.store import Store

    text = text_of(file, what="A text to check")
    if store is not None and ward_file is None and not ward:
        raise InputError(
            "Claims are held against the records of one ward; found --store without a ward. "
            "Give --ward-file, or --ward with its code."
        )
    if priority and ward_file is None:
        raise InputError(
            "A priority is one of a ward file's; found --priority alone. Give --ward-file."
        )
    read = _ward_file(ward_file, ward, store)
    promised = priority_of(read, priority).commitments if read and priority else ()
    report = pass_through_gate(text, promised=promised)
    if store is not None and read is not None:
        report = with_records(
            report, Store(store), read, priority=priority, snapshot_date=day_of(date), source=source
        )
    typer.echo(_as_json(report) if as_json else "\n".join(_lines(report)))
    if report.blocks:
        raise typer.Exit(_BLOCKED)


def _ward_file(path: Path | None, ward: str, store: Path | None) -> WardFile | None:
    from peelian.core.wards import WardFile
    from peelian.ingest.ward_file import read_ward_file
    from peelian.store import Store, places

    if path is not None:
        return read_ward_file(path)
    if store is None:
        return None
    area = places.area(Store(store), ward)
    return WardFile(ward=area.code, name=area.name, operator="")


def _as_json(report: GateReport) -> str:
    import msgspec

    content = {"blocks": report.blocks, "text": report.text, "findings": report.findings}
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode()


def _lines(report: GateReport) -> Iterator[str]:
    for finding in report.findings:
        yield from _finding_lines(finding)
    counted = [
        f"{sum(f.severity == severity for f in report.findings)} {words}"
        for severity, words in (("blocks", "block"), ("warns", "warn"), ("asks", "ask"))
    ]
    yield f"{', '.join(counted)}."


def _finding_lines(finding: Finding) -> Iterator[str]:
    words = textwrap.shorten(finding.words, _WORDS_SHOWN, placeholder=" …")
    yield f"{finding.severity.upper()} {finding.kind.replace('_', ' ')}: “{words}”"
    parts = [finding.rule, finding.to_do]
    if finding.proposed:
        parts.append(f"Supported: {finding.proposed}")
    elif finding.form:
        parts.append(f"Form: {finding.form}")
    for part in parts:
        yield from textwrap.wrap(
            part, _COLUMNS, initial_indent="  ", subsequent_indent="    ", break_long_words=False
        )
    yield ""
