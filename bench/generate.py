"""Monthly street files with invented rows, in the archive's layout, for benchmarks."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from peelian.core.crimes import CRIME_TYPES
from peelian.core.months import Month

ROWS_A_FILE = 100_000  # the Metropolitan Police publishes about as many a month
FORCES = ("metropolitan", "kent", "west-yorkshire", "thames-valley")
SNAP_POINTS = 20_000
OUTCOMES = ("Investigation complete; no suspect identified", "Status update unavailable",
            "Under investigation", "Unable to prosecute suspect", "Court result unavailable",
            "Offender given a caution", "Local resolution", "Awaiting court outcome")  # fmt: skip
ANTI_SOCIAL = "Anti-social behaviour"


def generated_folder(cache: Path, *, rows: int) -> Path:
    """A folder of so many rows; made once, the same every time."""
    folder = cache / f"rows-{rows}"
    done = folder.with_suffix(".done")
    if done.exists():
        return folder
    for number, start in enumerate(range(0, rows, ROWS_A_FILE)):
        force = FORCES[number % len(FORCES)]
        month = Month.of(date(2010, 12, 1)).plus(number // len(FORCES))
        file = folder / str(month) / f"{month}-{force}-street.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        _month(month, force, rows=min(ROWS_A_FILE, rows - start), seed=number).write_csv(file)
    done.touch()
    return folder


def zipped(folder: Path) -> Path:
    """The folder as a zip, packed as the publisher's are; made once."""
    archive = folder.with_suffix(".zip")
    if archive.exists():
        return archive
    part = archive.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as opened:
        for file in sorted(folder.rglob("*.csv")):
            opened.write(file, file.relative_to(folder).as_posix())
    return part.rename(archive)


def _month(month: Month, force: str, *, rows: int, seed: int) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    name = f"{force.replace('-', ' ').title()} Police"
    types = np.array([*CRIME_TYPES.values()])[random.integers(0, len(CRIME_TYPES), rows)]
    # Half the rows on a twentieth of the snap points, as places are.
    points = np.where(
        random.random(rows) < 0.5,
        random.integers(0, SNAP_POINTS // 20, rows),
        random.integers(0, SNAP_POINTS, rows),
    )
    has_place = random.random(rows) < 0.98
    digits = random.bytes(rows * 32).hex()
    ids = [digits[start : start + 64] for start in range(0, rows * 64, 64)]
    of_points = _snap_points(force)[points]
    return pl.DataFrame(
        {
            "Crime ID": pl.Series(ids),
            "Month": pl.repeat(str(month), rows, eager=True),
            "Reported by": pl.repeat(name, rows, eager=True),
            "Falls within": pl.repeat(name, rows, eager=True),
            "type": pl.Series(types),
            "outcome": pl.Series(np.array(OUTCOMES)[random.integers(0, len(OUTCOMES), rows)]),
            "has_place": has_place,
        }
    ).hstack(of_points).select(
        pl.when(pl.col("type") != ANTI_SOCIAL).then("Crime ID").alias("Crime ID"),
        "Month",
        "Reported by",
        "Falls within",
        *(pl.when("has_place").then(column) for column in ("Longitude", "Latitude")),
        pl.when("has_place").then("Location").otherwise(pl.lit("No Location")).alias("Location"),
        *(pl.when("has_place").then(column) for column in ("LSOA code", "LSOA name")),
        pl.col("type").alias("Crime type"),
        pl.when(pl.col("type") != ANTI_SOCIAL).then("outcome").alias("Last outcome category"),
        pl.lit(None, pl.String).alias("Context"),
    )  # fmt: skip


def _snap_points(force: str) -> pl.DataFrame:
    random = np.random.default_rng(sum(force.encode()))
    longitude = random.uniform(-0.5, 0.3, SNAP_POINTS)
    latitude = random.uniform(51.3, 51.7, SNAP_POINTS)
    return pl.DataFrame(
        {
            "Longitude": [f"{x:.6f}" for x in longitude],
            "Latitude": [f"{y:.6f}" for y in latitude],
            "Location": [f"On or near Made Street {n}" for n in range(SNAP_POINTS)],
            "LSOA code": [f"E010{n // 4:05d}" for n in range(SNAP_POINTS)],
            "LSOA name": [
                f"Madetown {n // 20:03d}{'ABCDE'[n // 4 % 5]}" for n in range(SNAP_POINTS)
            ],
        }
    )
