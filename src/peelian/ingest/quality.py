"""The report after every import: rows kept and refused, months missing, faults found."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, Literal

from peelian.core.errors import StoreError
from peelian.core.months import Month, MonthSpan
from peelian.store import PartitionKey, RowCounts, Store

Action = Literal["new", "replaced", "unchanged"]
_NAME = "quality.json"
_FOLDER = "reports"


@dataclass(frozen=True)
class FileReport:
    """One published file that is in the store after the import."""

    name: str
    key: PartitionKey
    action: Action
    counts: RowCounts
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Refusal:
    """A file, or all of an archive's files of one kind and force, that did not enter."""

    what: str
    reason: str
    exit_code: int


@dataclass(frozen=True)
class PassedOver:
    """A file that was not read, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Coverage:
    """Which months a table of one force holds after the import. Missing is never zero.

    missing: months between the first and the last held that are not held. part: months of
    which only some days are held, and which. lag_months: from the last month held to the
    month of the import.
    """

    table: str
    force: str
    first: str
    last: str
    months: int
    rows: int
    missing: tuple[str, ...]
    part: Mapping[str, str]
    lag_months: int
    lsoa_codes_of_2021_from: str | None = None


@dataclass(frozen=True)
class QualityReport:
    """What one import did, file by file, and what the store holds after it."""

    run_id: str
    files: tuple[FileReport, ...]
    refusals: tuple[Refusal, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    totals: RowCounts = field(default_factory=lambda: RowCounts(0, 0))

    @property
    def exit_code(self) -> int:
        """Zero, or the code of the first refusal."""
        return self.refusals[0].exit_code if self.refusals else 0

    def to_json(self) -> str:
        """The whole report as JSON."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    def lines(self) -> tuple[str, ...]:
        """The report in plain lines, totals first, what needs a person last."""
        return tuple(_lines(self))


def quality_report(
    store: Store,
    *,
    files: Sequence[FileReport],
    refusals: Sequence[Refusal] = (),
    passed_over: Sequence[PassedOver] = (),
    tables: Sequence[str],
    source: str,
    now: datetime,
) -> QualityReport:
    """Put together the report of an import that ended now."""
    return QualityReport(
        run_id=now.strftime("%Y%m%dT%H%M%S.%fZ"),
        files=tuple(files),
        refusals=tuple(refusals),
        passed_over=tuple(passed_over),
        coverage=tuple(_coverages(store, tables, source, Month.of(now.date()))),
        totals=reduce(add, (file.counts for file in files), RowCounts(0, 0)),
    )


def keep_report(report: QualityReport, store: Store) -> Path:
    """Write the report into the store's folder, as the newest and under its run's id."""
    folder = store.path / _FOLDER
    folder.mkdir(exist_ok=True)
    kept = folder / f"{report.run_id}.json"
    for file in (kept, store.path / _NAME):
        part = file.with_name(f"{file.name}.part")
        part.write_text(report.to_json(), encoding="utf-8")
        os.replace(part, file)  # noqa: PTH105
    return kept


def read_report(store: Store) -> QualityReport:
    """The report of the newest import. A StoreError where none was kept."""
    import msgspec

    try:
        return msgspec.json.decode((store.path / _NAME).read_bytes(), type=QualityReport)
    except FileNotFoundError:
        raise StoreError(
            f"A report is kept after every import of an archive; the store at {store.path} has "
            f"none. Run `peelian ingest` with an archive first."
        ) from None
    except msgspec.DecodeError as error:
        raise StoreError(
            f"The report {store.path / _NAME} must be as an import wrote it; it is not: {error}. "
            f"Ingest an archive again: what is held stays."
        ) from error


def _coverages(
    store: Store, tables: Sequence[str], source: str, today: Month
) -> Iterator[Coverage]:
    held: dict[tuple[str, str], dict[Month, tuple[int, Mapping[str, Any]]]] = {}
    for partition in store.partitions(source=source):
        key = partition.key
        if key.table in tables:
            months = held.setdefault((key.table, key.force), {})
            months[Month.parse(key.month)] = (partition.counts.kept, partition.facts)
    for (table, force), months in sorted(held.items()):
        span = MonthSpan(min(months), max(months))
        of_2021 = [
            m for m, (_, facts) in months.items() if facts.get("rows_with_lsoa_codes_of_2021")
        ]
        yield Coverage(
            table,
            force,
            str(span.first),
            str(span.last),
            len(months),
            sum(rows for rows, _ in months.values()),
            tuple(str(month) for month in span if month not in months),
            {
                str(month): facts["part_of_month"]
                for month, (_, facts) in sorted(months.items())
                if "part_of_month" in facts
            },
            today.minus(span.last),
            str(min(of_2021)) if of_2021 else None,
        )


def _lines(report: QualityReport) -> Iterator[str]:
    actions = [file.action for file in report.files]
    yield (
        f"{_counted(len(report.files), 'file')}: {actions.count('new'):,} new, "
        f"{actions.count('replaced'):,} replaced, {actions.count('unchanged'):,} unchanged."
    )
    totals = report.totals
    yield (
        f"{_counted(totals.read, 'row')} read: {totals.kept:,} kept, {totals.refused:,} refused, "
        f"{totals.duplicates:,} exact duplicates dropped."
    )
    yield from _fact_lines(report.files)
    if totals.refused:
        yield "Refused rows, by file and line: `peelian quality --refused`."
    for held in report.coverage:
        yield (
            f"{held.table}, {held.force}: {_counted(held.rows, 'row')} in "
            f"{_counted(held.months, 'month')}, {held.first} to {held.last}; the last is "
            f"{_counted(held.lag_months, 'month')} old."
        )
        if held.missing:
            yield f"  missing, and not zero: {', '.join(_runs(held.missing))}"
        for month, days in held.part.items():
            yield f"  partly held: {month}: {days}"
        if held.lsoa_codes_of_2021_from not in (None, held.first):
            yield (
                f"  LSOA codes of two vintages: from {held.lsoa_codes_of_2021_from} some are "
                f"of 2021, before that none."
            )
    for file in report.passed_over:
        yield f"Passed over: {file.name}: {file.reason}"
    for refusal in report.refusals:
        yield f"Refused: {refusal.what}: {refusal.reason}"


def _fact_lines(files: Sequence[FileReport]) -> Iterator[str]:
    for fact, words in {
        "blank_coordinates": "rows have no coordinates",
        "repeated_ids": "rows repeat a Crime ID of their file; all are kept and marked",
        "outside_month": "stops fall in another month than their file's on the London clock",
    }.items():
        count = sum(file.facts.get(fact, 0) for file in files)
        if count:
            yield f"{count:,} {words}."
    for fact, words in {
        "repairs": "repaired: {}",
        "retired_labels": "retired label: {}",
        "other_falls_within": "rows that fall within another force: {}",
        "refused": "refused: {}",
    }.items():
        for name, count in sorted(_summed(files, fact).items()):
            yield f"{count:,} {words.format(name)}."
    for file in files:
        if file.counts.refused == file.counts.read:
            yield (
                f"{file.key}: none of its {_counted(file.counts.read, 'row')} could be read, so "
                f"its month stays missing."
            )
        for fact in ("mostly_without_place", "only_days_known"):
            if fact in file.facts:
                yield f"{file.key}: {file.facts[fact]}."
        if "unknown_columns" in file.facts:
            yield f"{file.key}: columns not read: {', '.join(file.facts['unknown_columns'])}."


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _runs(months: Sequence[str]) -> Iterator[str]:
    """Months that follow one another as a span: 2018-04 to 2021-05."""
    of = [Month.parse(month) for month in months]
    starts = [i for i, month in enumerate(of) if i == 0 or month.minus(of[i - 1]) > 1]
    for start, end in zip(starts, [*starts[1:], len(of)], strict=True):
        yield months[start] if end - start == 1 else f"{months[start]} to {months[end - 1]}"


def _summed(files: Sequence[FileReport], fact: str) -> dict[str, int]:
    totals: dict[str, int] = {}
    for file in files:
        for name, count in file.facts.get(fact, {}).items():
            totals[name] = totals.get(name, 0) + count
    return totals
