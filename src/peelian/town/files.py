"""Write a made town in the layouts that publishers use, the same bytes for the same seed."""

from __future__ import annotations

import codecs
import gzip
import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from peelian.town import api, map_files, names, page, plan
from peelian.town.truth import ArchiveFile, Town

_POPULATION_HEADER = (
    "ward_code,ward_name,la_code,la_name,ward_area,usual_residents,usual_residents_aged_16+,"
    "usual_residents_aged_16+_in_employment,households,housolds_deprived_in_0_dimensions,"
    "housolds_deprived_in_1_dimension,housolds_deprived_in_2_dimensions,"
    "housolds_deprived_in_3_dimensions,housolds_deprived_in_4_dimensions"
)
_ONE_DATE = (2026, 1, 1, 0, 0, 0)  # in a zip, so that its bytes do not depend on the day


@dataclass(frozen=True)
class TownFiles:
    """Where a town was written. Each path can be given to the command that reads its kind."""

    folder: Path
    archive: Path  # a folder of YYYY-MM folders, or a zip of the same
    boundaries: Path  # the wards; census areas of 2011 and 2021 lie beside
    network: Path  # the folder of streets and context
    population: Path
    page_text: Path
    api_json: Path  # the folder of the service's answers


def write_town(town: Town, folder: Path, *, zipped: bool = False) -> TownFiles:
    """Write the archive, boundaries, network, population, ward page and service answers.

    zipped: the archive as one zip, as it is downloaded. Files of an earlier town in the same
    folder are written over; nothing is deleted.
    """
    files = TownFiles(
        folder=folder,
        archive=folder / ("archive.zip" if zipped else "archive"),
        boundaries=folder / "boundaries" / "made-town_wards_2022.geojson",
        network=folder / "network",
        population=folder / "population" / "census2021_made-town-wards_residents+deprivation.csv",
        page_text=folder / "page" / "ward-page_larkfield.txt",
        api_json=folder / "api",
    )
    _write_archive(town, files.archive, zipped=zipped)
    _write(files.boundaries, _json(map_files.ward_boundaries(town)))
    for vintage in (2011, 2021):
        areas = town.census_areas.of_2011 if vintage == 2011 else town.census_areas.of_2021
        _write(
            files.boundaries.with_name(f"made-town_lsoa_{vintage}.geojson"),
            _json(map_files.census_boundaries(areas, vintage=vintage)),
        )
    for name, features in (
        ("highways", map_files.highways(town)),
        ("context", map_files.context(town)),
    ):
        # No time and no name in the header: the same bytes every day.
        packed = gzip.compress(_json(features), compresslevel=6, mtime=0)
        _write(files.network / f"made-town_{name}.geojson.gz", packed)
    _write(files.population, _population(town))
    _write(files.page_text, page.page_text().encode())
    for name, answer in api.answers(town).items():
        _write(files.api_json / name, _json(answer))
    _write(folder / "READ-ME.txt", f"{names.NOTE}\nSeed: {town.seed}\n".encode())
    return files


def csv_bytes(file: ArchiveFile) -> bytes:
    """The bytes of one monthly file: UTF-8, a comma between fields, a newline after each row."""
    buffer = BytesIO(codecs.BOM_UTF8 if file.byte_order_mark else b"")
    buffer.seek(0, 2)
    file.rows.write_csv(buffer, line_terminator="\n")
    return buffer.getvalue()


def _write_archive(town: Town, path: Path, *, zipped: bool) -> None:
    if not zipped:
        for file in town.archive:
            _write(path / file.path, csv_bytes(file))
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for file in town.archive:
            member = zipfile.ZipInfo(file.path, _ONE_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, csv_bytes(file))


def _population(town: Town) -> bytes:
    lines = [_POPULATION_HEADER]
    for ward, shape, residents in zip(plan.WARDS, town.streets.wards, town.residents, strict=True):
        households = round(residents / 2.2)
        # Shares of an inner-city borough, the same in every ward: nothing rests on them.
        deprived = [round(households * share) for share in (0.47, 0.33, 0.15, 0.04, 0.01)]
        counts = [
            residents,
            round(residents * 0.83),
            round(residents * 0.51),
            households,
            *deprived,
        ]
        lines.append(
            f"{ward.code},{ward.name},{names.BOROUGH_CODE},{names.BOROUGH_NAME},"
            f"{shape.area:.3f},{','.join(map(str, counts))}"
        )
    return codecs.BOM_UTF8 + "".join(f"{line}\n" for line in lines).encode()


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
