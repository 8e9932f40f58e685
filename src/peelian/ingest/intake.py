"""One call for files of any kind: each goes to its reader, and what became of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from peelian.core.errors import InputError
from peelian.ingest.sorting import SortedFile, sort_paths

if TYPE_CHECKING:
    from peelian.ingest.place_files import PlaceFile
    from peelian.ingest.police_api import ApiReport
    from peelian.ingest.police_archive import Progress
    from peelian.ingest.quality import QualityReport
    from peelian.store import Store


@dataclass(frozen=True)
class Intake:
    """What became of every file: reports of the readers, and the files that none knew.

    archive, api: None where there was no such file. unread: files named by themselves of which
    nothing was kept; of a folder, every file where nothing was kept of any.
    """

    archive: QualityReport | None
    api: ApiReport | None
    places: tuple[PlaceFile, ...]
    passed_over: tuple[SortedFile, ...]
    unread: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """Zero, or the code of the first refusal."""
        refused = self.archive.exit_code if self.archive else 0
        return refused or (InputError.exit_code if self.unread else 0)


def take_in(
    paths: Sequence[Path],
    store: Store,
    *,
    replace: bool = False,
    btp: bool = True,
    force: str | None = None,
    report: Callable[[Progress], None] | None = None,
) -> Intake:
    """Bring files and folders of any kind into the store.

    replace: accept files that lose records which are held. btp: take the British Transport
    Police's records too. force: whose records saved API answers are, where their names do
    not say. report: called after every file of an archive. No file at all is an InputError.
    """
    from peelian.ingest.boundaries import ingest_boundaries
    from peelian.ingest.deprivation import ingest_deprivation
    from peelian.ingest.openstreetmap import ingest_street_maps
    from peelian.ingest.police_api import ingest_api_json
    from peelian.ingest.police_archive import ingest_archives
    from peelian.ingest.population import ingest_population

    found = sort_paths(paths)
    if not found:
        raise InputError(
            f"A folder to ingest holds files; {', '.join(map(str, paths))} holds none. Name the "
            f"folder that has them."
        )
    by_reader: dict[str, list[Path]] = {}
    for each in found:
        by_reader.setdefault(each.reader, []).append(each.path)
    places: list[PlaceFile] = []
    for reader, read in (
        ("boundaries", ingest_boundaries),
        ("streets", ingest_street_maps),
        ("population", ingest_population),
        ("deprivation", ingest_deprivation),
    ):
        if reader in by_reader:
            places += read(by_reader[reader], store)
    archive = api = None
    if "archive" in by_reader:
        archive = ingest_archives(
            by_reader["archive"], store, replace=replace, btp=btp, report=report
        )
    if "api" in by_reader:
        api = ingest_api_json(by_reader["api"], store, force=force, replace=replace, btp=btp)
    passed_over = tuple(f for f in found if f.reader == "none")
    kept = {place.name for place in places if place.state != "passed over"}
    alone = {path.name for path in paths if not path.is_dir()}
    unread = dict.fromkeys([f.path.name for f in passed_over] + [place.name for place in places])
    return Intake(
        archive,
        api,
        tuple(places),
        passed_over,
        tuple(
            name
            for name in unread
            if name not in kept and (name in alone or not (kept or archive or api))
        ),
    )
