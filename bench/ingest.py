"""Ingest beside plain Polars on the same generated files: seconds, rows a second, peak memory.

Each contestant runs in a process of its own, so that memory is measured apart, in turn with
the other; the best round counts. Making the files is not timed.

    python -m bench.ingest [--rows 20_000_000] [--rounds 2] [--cache FOLDER]
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.memory import peak_gb

GOAL_FOLDER = 1.5  # times plain Polars' time
GOAL_ZIP = 1.3  # times the time of unzipping and reading with Polars
GOAL_MEMORY_GB = 1.5
_CACHE = Path(tempfile.gettempdir()) / "peelian-bench"


@dataclass(frozen=True)
class Measured:
    seconds: float
    processor_seconds: float
    peak_gb: float
    rows: int

    def line(self, name: str) -> str:
        return (
            f"{name:<34}{self.seconds:8.1f} s {self.rows / self.seconds:12,.0f} rows/s"
            f"{self.processor_seconds:8.1f} s on processors{self.peak_gb:8.2f} GB peak"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--cache", type=Path, default=_CACHE)
    parser.add_argument("--rounds", type=int, default=2)
    chosen = parser.parse_args()
    from bench.generate import generated_folder, zipped

    print(f"Making {chosen.rows:,} rows in {chosen.cache}, once", flush=True)
    folder = generated_folder(chosen.cache, rows=chosen.rows)
    archive = zipped(folder)

    _warm(folder)
    plain, ours = _best(("plain", "ours"), folder, chosen)
    print(plain.line("plain Polars, scan and sink"))
    print(ours.line("peelian, folder"), flush=True)
    _warm(archive)
    unzipped, ours_zipped = _best(("unzip", "ours"), archive, chosen)
    print(unzipped.line("unzip, then plain Polars"))
    print(ours_zipped.line("peelian, zip"))
    _verdict("time, folder", ours.seconds / plain.seconds, GOAL_FOLDER, "times plain Polars")
    _verdict("time, zip", ours_zipped.seconds / unzipped.seconds, GOAL_ZIP, "times unzip and read")
    _verdict("peak memory", max(ours.peak_gb, ours_zipped.peak_gb), GOAL_MEMORY_GB, "GB")


def _verdict(what: str, value: float, goal: float, unit: str) -> None:
    print(f"{what}: {value:.2f} {unit} (goal {goal}): {'met' if value <= goal else 'MISSED'}")


def _warm(path: Path) -> None:
    """Read every file once, so that no contestant pays for a cold disk."""
    for file in path.rglob("*.csv") if path.is_dir() else [path]:
        with file.open("rb") as opened:
            while opened.read(1 << 24):
                pass


def _best(
    contestants: tuple[str, str], source: Path, chosen: argparse.Namespace
) -> tuple[Measured, Measured]:
    """The quickest round of each, taken in turn: other work on the machine slows some rounds."""
    rounds = [
        [_run(contestant, source, chosen.rows) for contestant in contestants]
        for _ in range(chosen.rounds)
    ]
    first, second = (min(each, key=lambda m: m.seconds) for each in zip(*rounds, strict=True))
    return first, second


def _run(contestant: str, source: Path, rows: int) -> Measured:
    with tempfile.TemporaryDirectory(prefix="bench-", dir=source.parent) as target:
        done = subprocess.run(
            [sys.executable, "-m", "bench.ingest", "--contestant", contestant, str(source), target],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    *figures, written = json.loads(done.stdout.splitlines()[-1])
    if written != rows:
        raise SystemExit(f"{contestant} wrote {written:,} rows of {rows:,}")
    return Measured(*figures, rows)


def _contest(contestant: str, source: Path, target: Path) -> None:
    """In the contestant's own process: work, then print seconds, peak memory and rows."""
    import time

    work = {"plain": _plain, "ours": _ours, "unzip": _unzip}[contestant]
    count = work(source, target)  # imports are done here, the work when called
    began, used = time.perf_counter(), time.process_time()
    rows = count()
    figures = [time.perf_counter() - began, time.process_time() - used, peak_gb(), rows]
    print(json.dumps(figures))


def _plain(source: Path, target: Path) -> Callable[[], int]:
    import polars as pl

    def work() -> int:
        for file in sorted(source.rglob("*.csv")):
            pl.scan_csv(file).sink_parquet(target / f"{file.stem}.parquet")
        return int(pl.scan_parquet(target / "*.parquet").select(pl.len()).collect().item())

    return work


def _unzip(source: Path, target: Path) -> Callable[[], int]:
    read = _plain(target / "files", target)

    def work() -> int:
        with zipfile.ZipFile(source) as archive:
            archive.extractall(target / "files")
        rows = read()
        shutil.rmtree(target / "files")
        return rows

    return work


def _ours(source: Path, target: Path) -> Callable[[], int]:
    from peelian.ingest.police_archive import ingest_archives
    from peelian.store import Store

    return lambda: ingest_archives([source], Store.create(target / "store")).totals.kept


if __name__ == "__main__":
    if sys.argv[1:2] == ["--contestant"]:
        _contest(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
