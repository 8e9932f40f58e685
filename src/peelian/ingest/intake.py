"""One call for files of any kind: each goes to its reader, and what became of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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

    archive, api: None where there was no such file.
    """

    archive: QualityReport | None
    api: ApiReport | None
    places: tuple[PlaceFile, ...]
    passed_over: tuple[SortedFile, ...]

    @property
    def exit_code(self) -> int:
        """Zero, or the code of the first refusal."""
        return self.archive.exit_code if self.archive else 0


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
    not say. report: called after every file of an archive.
    """
    from peelian.ingest.boundaries import ingest_boundaries
    from peelian.ingest.openstreetmap import ingest_street_maps
    from peelian.ingest.police_api import ingest_api_json
    from peelian.ingest.police_archive import ingest_archives
    from peelian.ingest.population import ingest_population

    found = sort_paths(paths)
    by_reader: dict[str, list[Path]] = {}
    for each in found:
        by_reader.setdefault(each.reader, []).append(each.path)
    places: list[PlaceFile] = []
    for reader, read in (
        ("boundaries", ingest_boundaries),
        ("streets", ingest_street_maps),
        ("population", ingest_population),
    ):
        if reader in by_reader:
            places += read(by_reader[reader], store)
    archive = api = None
    if "archive" in by_reader:
        archive = ingest_archives(
            by_reader["archive"], store, replace=replace, btp=btp, report=report
        )
    if "api" in by_reader:
        api = ingest_api_json(by_reader["api"], store, force=force, replace=replace)
    return Intake(archive, api, tuple(places), tuple(f for f in found if f.reader == "none"))
