"""The made town as problem profiles need it: whole, of one month, and as a force's extract."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from peelian.core.grid import shape_to_degrees
from peelian.core.wards import Corridor, Priority, WardFile
from peelian.ingest.column_map import parse_column_map
from peelian.ingest.force_extract import ingest_extract
from peelian.ingest.intake import take_in
from peelian.measures import load_measures
from peelian.products.problem_profile import ProblemProfile
from peelian.products.problem_profile.assembly import assemble_problem_profile
from peelian.store import Store, places
from peelian.town import build_town, write_town
from peelian.town.files import TownFiles

WARD = "E05999901"
FILE = WardFile(
    ward=WARD,
    name="Larkfield",
    operator="Made Town",
    priorities=[
        Priority(id="p1", title="ASB", issue="x", measure="anti-social-behaviour", also=["drugs"]),
        Priority(
            id="p2", title="Robbery", issue="x", measure="robbery", also=["knife-robbery"],
            corridor=Corridor(start="Priory Gate station", end="Wharf Lane station"),
        ),
        Priority(id="p3", title="Drugs", issue="x", measure="drugs"),
        Priority(id="p4", title="Speeding", issue="x"),
    ],
)  # fmt: skip


MAP = b"""
source = "force-extract"
title = "Made Police"
licence = "internal"
force = "metropolitan"

[columns]
published_id = "Ref"
crime_type = "Group"
location = "Where"

[times.from]
column = ["Date", "Time"]
format = "%d/%m/%Y %H:%M"

[coordinates]
system = "EPSG:4326"
x = "Lon"
y = "Lat"

[crime_types]
"ROBBERY" = "robbery"

[[flags]]
flag = "knife used"
column = "Weapon"
values = ["Knife"]
"""


def profile_of(
    store: Store,
    priority: str = "",
    *,
    measure: str = "",
    ward: str = WARD,
    file: WardFile | None = FILE,
    day: str = "2026-02-01",
    source: str = "police.uk",
    seed: int = 0,
) -> ProblemProfile:
    return assemble_problem_profile(
        store,
        ward,
        measures=load_measures(),
        day=day,
        code_version="test",
        ward_file=file,
        priority=priority,
        measure=measure,
        source=source,
        seed=seed,
    )


def files_of_town(folder: Path) -> TownFiles:
    """The town's files, its archive a folder a month."""
    return write_town(build_town(1829), folder)


def whole_store(files: TownFiles, folder: Path) -> Store:
    """The whole town."""
    store = Store.create(folder)
    take_in([files.archive, files.boundaries, files.network, files.population], store)
    return store


def store_of_one_month(files: TownFiles, folder: Path) -> Store:
    """The town's last month and its boundaries; no street map."""
    store = Store.create(folder)
    last = max(path for path in files.archive.iterdir() if path.is_dir())
    take_in([last, files.boundaries], store)
    return store


def store_of_an_extract(files: TownFiles, town_store: Store, folder: Path) -> Store:
    """Three hundred knife robberies of one year at the ward's own points, most from 20:00."""
    area = places.area(town_store, WARD)
    rows = town_store.crimes(box=shape_to_degrees(area.shape).bounds)
    rows = rows.filter(pl.Series(area.holds(rows["easting"], rows["northing"])))
    points = rows.select("location", "longitude", "latitude").unique().sort(pl.all()).head(20)
    random = np.random.default_rng(1)
    with (folder / "extract.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Ref", "Group", "Where", "Date", "Time", "Lon", "Lat", "Weapon"])
        for number in range(300):
            hour = 20 + number % 3 if number % 3 else int(random.integers(24))
            at = datetime(2025, 1, 1, hour) + timedelta(
                days=number * 364 // 299, minutes=int(random.integers(1, 59))
            )
            point = points.row(int(random.integers(len(points))))
            day, time = f"{at:%d/%m/%Y}", f"{at:%H:%M}"
            writer.writerow([number, "ROBBERY", point[0], day, time, *point[1:], "Knife"])
    store = Store.create(folder / "store")
    take_in([files.boundaries, files.network], store)
    ingest_extract(folder / "extract.csv", parse_column_map(MAP, name="made.toml"), store)
    return store
