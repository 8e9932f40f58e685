"""Archives of data.police.uk, as zip or folder: street crime, outcomes, stop and search.

The layout is data.police.uk/about's: YYYY-MM/YYYY-MM-<force>-street.csv. The file's name
says kind, force and month, and each file fills one partition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path

from peelian.core.crimes import BRITISH_TRANSPORT_POLICE
from peelian.core.errors import InputError, LayoutError, PeelianError, ShrinkingReplacementError
from peelian.core.months import Month
from peelian.ingest.archive_members import (
    SOURCE,
    TABLE_OF_KIND,
    Member,
    ReadMember,
    members_of,
    read_ahead,
    worked_ahead,
)
from peelian.ingest.archive_rows import quarantine_table, split_rows
from peelian.ingest.archive_tables import ReadTable, read_table
from peelian.ingest.quality import (
    FileReport,
    PassedOver,
    QualityReport,
    Refusal,
    keep_report,
    quality_report,
)
from peelian.store import Store, Writer

LICENCE = "Open Government Licence v3.0"


@dataclass(frozen=True)
class Progress:
    """How far an import has come: the file just dealt with, and bytes of all files."""

    name: str
    done_bytes: int
    total_bytes: int


def ingest_archives(
    paths: Sequence[Path],
    store: Store,
    *,
    replace: bool = False,
    btp: bool = True,
    report: Callable[[Progress], None] | None = None,
) -> QualityReport:
    """Bring archives into the store, any forces and months mixed, and say what was found.

    paths: zips, folders or single files; where two hold the same month, the later in the list
    wins. replace: accept files that lose crime types or more than a tenth of the rows held.
    btp: take the British Transport Police too. report: called after every file.

    An archive's files of one kind and force enter together or not at all, so that a store
    never holds some months of one extract and some of another: where one would shrink what
    is held, all are refused. That, and a file in another layout, stands in the report's
    `refusals`; the rest of the import goes on. The report is also kept in the store.
    """
    run = _Run(replace=replace, report=report, today=Month.of(datetime.now(UTC).date()))
    archives = [run.members_chosen(path, btp=btp) for path in paths]
    run.total_bytes = sum(member.size for members in archives for member in members)
    with store.writer() as writer:
        for members in archives:
            parsed = worked_ahead(
                partial(_parsed, writer=writer), read_ahead(members), depth=2, threads=2
            )
            for _, group in groupby(parsed, key=_kind_and_force):
                run.bring_in(group, writer)
        made = quality_report(
            store,
            files=run.files,
            refusals=run.refusals,
            passed_over=run.passed_over,
            tables=tuple(TABLE_OF_KIND.values()),
            source=SOURCE,
            now=datetime.now(UTC),
        )
        keep_report(made, store)
    return made


@dataclass(frozen=True)
class _Parsed:
    """A file's table, or the fault it has; neither where its partition holds it already."""

    read: ReadMember
    table: ReadTable | None = None
    fault: LayoutError | None = None


def _parsed(read: ReadMember, *, writer: Writer) -> _Parsed:
    """Parse a file, while the one before it is written."""
    try:
        if writer.holds(read.member.key, [read.source]):
            return _Parsed(read)
        return _Parsed(read, _table(read))
    except LayoutError as error:
        return _Parsed(read, fault=error)


def _table(read: ReadMember) -> ReadTable:
    member = read.member
    split = split_rows(read.content, kind=member.kind, name=member.name)
    return read_table(split, kind=member.kind, month=member.month)


class _Run:
    """What one import has gathered so far."""

    def __init__(
        self, *, replace: bool, report: Callable[[Progress], None] | None, today: Month
    ) -> None:
        self.files: list[FileReport] = []
        self.refusals: list[Refusal] = []
        self.passed_over: list[PassedOver] = []
        self.total_bytes = 0
        self._done_bytes = 0
        self._replace = replace
        self._today = today
        self._report = report

    def members_chosen(self, path: Path, *, btp: bool) -> tuple[Member, ...]:
        """The files to read of a path; of the others the reason is kept."""
        try:
            members, others = members_of(path)
        except InputError as error:
            self._refuse(path.name, error)
            return ()
        self._pass_over(others, "its name is not that of a monthly file")
        left_out = [m for m in members if m.force == BRITISH_TRANSPORT_POLICE and not btp]
        for member in members:
            if member.month > self._today:
                self._refuse(member.name, _not_over_yet(member, self._today))
        self._pass_over(
            (member.name for member in left_out), "British Transport Police, left out by choice"
        )
        return tuple(m for m in members if m not in left_out and m.month <= self._today)

    def bring_in(self, group: Iterator[_Parsed], writer: Writer) -> None:
        """Replace the partitions of one kind and force together, or none of them."""
        entered: list[FileReport] = []
        member = None
        try:
            with writer.together():
                for parsed in group:
                    member = parsed.read.member
                    entered.extend(self._entered(parsed, writer))
                    self._tell(member)
            self.files += entered
        except ShrinkingReplacementError as error:
            assert member is not None
            what = f"{member.archive.name}, {member.kind} of {member.force}, every month"
            self._refuse(what, error)
            self._tell(member)
            for parsed in group:
                self._tell(parsed.read.member)

    def _entered(self, parsed: _Parsed, writer: Writer) -> Iterator[FileReport]:
        """Put one file in place of what is held; a file in another layout is refused alone."""
        member = parsed.read.member
        if parsed.fault is not None:
            self._refuse(member.name, parsed.fault)
            return
        source = parsed.read.source
        held = writer.held(member.key)
        if held is not None and writer.holds(member.key, [source]):
            yield FileReport(member.name, member.key, "unchanged", held.counts, held.facts)
            return
        # The same month may stand twice in an archive, so that what was held no longer is.
        table = parsed.table or _table(parsed.read)
        if not table.counts.read:
            self._pass_over([member.name], "it has a header and no row, so its month stays missing")
            return
        action = writer.replace(
            member.key,
            table.rows,
            refused=quarantine_table(member.name, table.refused),
            sources=[source],
            licence=LICENCE,
            counts=table.counts,
            facts=table.facts,
            allow_shrink=self._replace,
        )
        yield FileReport(member.name, member.key, action, table.counts, table.facts)

    def _refuse(self, what: str, error: PeelianError) -> None:
        self.refusals.append(Refusal(what, str(error), error.exit_code))

    def _pass_over(self, names: Iterable[str], reason: str) -> None:
        self.passed_over += [PassedOver(name, reason) for name in names]

    def _tell(self, member: Member) -> None:
        self._done_bytes += member.size
        if self._report is not None:
            self._report(Progress(member.name, self._done_bytes, self.total_bytes))


def _not_over_yet(member: Member, today: Month) -> LayoutError:
    return LayoutError(
        f"A file's name says its month, and no record is of a month to come; {member.name} says "
        f"{member.month}, and this machine's clock {today}. Correct the name, or the clock."
    )


def _kind_and_force(parsed: _Parsed) -> tuple[str, str]:
    return parsed.read.member.kind, parsed.read.member.force
