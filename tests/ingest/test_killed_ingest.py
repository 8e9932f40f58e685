"""Killed at any instant, an ingest leaves a whole store, and the next run completes it."""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import signal
import time
from dataclasses import replace
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from archive_made import (
    MET,
    crime,
    folder_of,
    outcome,
    outcomes_file,
    stop,
    stops_file,
    street_file,
)
from ingest_child import ingest

from peelian.ingest.police_archive import ingest_archives
from peelian.store import Partition, Store

KILLS = 50
MONTHS = [f"2018-{month:02d}" for month in range(1, 4)]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Street, outcomes and stops of three months, with a row refused and a stop twice in each."""
    files = {}
    for month in MONTHS:
        rows = [crime(f"{month}-{n}", month=month) for n in range(200)]
        files[f"{month}-metropolitan-street.csv"] = street_file(*rows, crime(month="2017-01"))
        files[f"{month}-kent-street.csv"] = street_file(*rows[:50])
        files[f"{month}-metropolitan-outcomes.csv"] = outcomes_file(outcome("a", month))
        stops = [stop(f"{month}-15T10:00:{n:02d}+00:00") for n in range(50)]
        files[f"{month}-metropolitan-stop-and-search.csv"] = stops_file(*stops, stops[0])
    return folder_of(tmp_path_factory.mktemp("archive") / "archive", files)


def catalogue(store: Store) -> list[Partition]:
    """What the catalogue says, without the times."""
    return [replace(partition, written_at="") for partition in store.partitions()]


def data_files(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (folder / "data").rglob("*")
        if file.is_file()
    }


def check_whole(store: Store) -> None:
    """Every file that counts is there and is the one it was."""
    for partition in store.partitions():
        content = (store.path / partition.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == partition.sha256
    store.quarantine()


def test_a_killed_ingest_leaves_a_whole_store_and_a_second_run_completes_it(
    archive: Path, tmp_path: Path
) -> None:
    undisturbed = Store.create(tmp_path / "undisturbed")
    ingest_archives([archive], undisturbed)
    # Children are forked from a server that has done no work, so they start in milliseconds.
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["__main__", "peelian.ingest.police_archive"])
    moments = random.Random(1829)
    lasts_s = min(_duration(forks, archive, tmp_path / f"timed-{n}") for n in range(3))
    cut_off = 0

    for number in range(KILLS):
        folder = tmp_path / f"killed-{number}"
        began = forks.Event()
        child = forks.Process(target=ingest, args=(archive, folder, began))
        child.start()
        assert began.wait(30)
        time.sleep(moments.uniform(0, lasts_s))
        child.kill()
        child.join()
        cut_off += child.exitcode == -signal.SIGKILL

        store = Store.create(folder)
        check_whole(store)
        ingest_archives([archive], store)

        assert catalogue(store) == catalogue(undisturbed)
        assert data_files(folder) == data_files(undisturbed.path)

    assert cut_off >= KILLS // 5  # the others had ended before: a busy machine times badly
    assert undisturbed.partitions()[0].key.force == "kent"
    assert undisturbed.crimes(forces=["metropolitan"])["reported_by"].unique().to_list() == [MET]


def _duration(forks: ForkServerContext, archive: Path, folder: Path) -> float:
    began = forks.Event()
    child = forks.Process(target=ingest, args=(archive, folder, began))
    child.start()
    assert began.wait(30)
    start = time.perf_counter()
    child.join()
    assert child.exitcode == 0
    return time.perf_counter() - start
