"""An ingest in a process of its own, to be killed."""

from __future__ import annotations

from multiprocessing.synchronize import Event
from pathlib import Path

from peelian.ingest.police_archive import ingest_archives
from peelian.store import Store


def ingest(archive: Path, folder: Path, began: Event) -> None:
    """Say that it begins, and ingest."""
    began.set()
    ingest_archives([archive], Store.create(folder))
