"""Boundary files as published: GeoJSON, GeoPackage, zipped shapefile, police.uk's boundary JSON.

Each layer becomes one dated boundary set. A shape that is not valid as published is
repaired, and the row says what was wrong with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from peelian.core.areas import AREA_CODE
from peelian.core.errors import InputError, ShapeError
from peelian.core.extras import require_extra
from peelian.ingest.licences import OPEN_GOVERNMENT_LICENCE
from peelian.ingest.paths import content_of
from peelian.ingest.place_files import (
    PlaceFile,
    bounds_columns,
    files_of,
    held_already,
    passed_over,
    published_file,
    shapes_to_grid,
    stem_of,
)
from peelian.store import PartitionKey, RowCounts, Store

AREAS_SCHEMA: dict[str, pl.DataType] = {
    "code": pl.String(),
    "name": pl.String(),
    "kind": pl.String(),  # ward, borough, lsoa, msoa, force, neighbourhood
    "boundary_set": pl.String(),
    "vintage": pl.Int64(),  # the year of the boundaries; null where the file does not say
    "shape": pl.Binary(),  # WKB, EPSG:27700
    "vertices": pl.Int64(),  # as published
    "repaired": pl.String(),  # what was wrong with the published shape; null where nothing was
    "file": pl.String(),
    "min_e": pl.Float64(),
    "min_n": pl.Float64(),
    "max_e": pl.Float64(),
    "max_n": pl.Float64(),
}

# The first three characters of the Office for National Statistics' codes.
KIND_OF_CODE: dict[str, str] = {
    "E05": "ward", "W05": "ward", "S13": "ward", "N08": "ward",
    "E06": "borough", "E07": "borough", "E08": "borough", "E09": "borough",
    "W06": "borough", "S12": "borough", "N09": "borough",
    "E01": "lsoa", "W01": "lsoa", "S01": "lsoa", "E02": "msoa", "W02": "msoa",
    "E23": "force", "W15": "force",
}  # fmt: skip
# Where a code tells nothing, the column that it stands in may: LSOA21CD.
_KIND_OF_COLUMN = {"WD": "ward", "LSOA": "lsoa", "MSOA": "msoa", "LAD": "borough", "PFA": "force"}

# Beside its own codes (WD22CD) a layer may have its parents' (LAD22CD), which repeat.
_CODE_COLUMN = re.compile(r"(WD|LSOA|LAD|MSOA|PFA|CTYUA|OA|LTLA)(\d\d)CD", re.IGNORECASE)
_PLAIN_CODES = ("GSS_CODE", "CODE", "AREA_CODE")
_PLAIN_NAMES = ("NAME", "AREA_NAME", "LABEL")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d\d|19\d\d)(?!\d)")
_ENDINGS = (".geojson", ".geojson.gz", ".gpkg", ".shp", ".shp.zip", ".zip", ".json")
# Great Britain on the National Grid; longitudes and latitudes never come near.
_GRID_BOX = (-10_000.0, -10_000.0, 700_000.0, 1_300_000.0)
_DEGREES_BOX = (-11.0, 49.0, 2.5, 61.5)  # the same in degrees, and Ireland
# What a file may call degrees or the grid. GeoJSON that names no system counts as EPSG:4326,
# so coordinates on the grid are read as such even there.
_READ_SYSTEMS = re.compile(r"(?!EPSG:\d+$)|EPSG:(27700|7405|4326|4258)$")


@dataclass(frozen=True)
class _Layer:
    """A layer as read: its columns, its shapes as published, and the system it declares."""

    name: str
    columns: dict[str, NDArray[Any]]
    shapes: NDArray[Any]
    crs: str


def ingest_boundaries(
    paths: Sequence[Path], store: Store, *, licence: str = OPEN_GOVERNMENT_LICENCE
) -> tuple[PlaceFile, ...]:
    """Put every layer of boundaries in the files, or in folders of files, into the store.

    Returns one entry a layer, those passed over included. A damaged file is passed over with
    the reason; a path that does not exist is an InputError.
    """
    read: list[PlaceFile] = []
    with store.writer() as writer:
        for path in files_of(paths):
            if not path.name.lower().endswith(_ENDINGS):
                read.append(passed_over(path, "areas", "not a kind of file that holds boundaries"))
                continue
            source = published_file(path)
            held = held_already(store, "areas", source)
            if held:
                read += held
                continue
            try:
                layers = _layers_of(path)
                if not layers:
                    raise ShapeError("it holds no layer of shapes")
            except (InputError, ValueError, RuntimeError, OSError) as error:
                read.append(passed_over(path, "areas", str(error)))
                continue
            for layer in layers:
                set_name = stem_of(path) if len(layers) == 1 else f"{stem_of(path)}:{layer.name}"
                try:
                    rows, notes = _areas_of(layer, set_name=set_name, file=path.name)
                except InputError as error:
                    read.append(passed_over(path, "areas", str(error)))
                    continue
                state = writer.replace(
                    PartitionKey("areas", set_name),
                    rows,
                    sources=[source],
                    licence=licence,
                    counts=RowCounts(rows.height, rows.height),
                    facts={"kind": rows["kind"][0], "vintage": rows["vintage"][0], "notes": notes},
                )
                read.append(
                    PlaceFile(path.name, "areas", set_name, rows.height, state, tuple(notes))
                )
    return tuple(read)


def _layers_of(path: Path) -> list[_Layer]:
    if path.name.lower().endswith(".json"):
        return [_police_boundary(path)]
    require_extra("places", to="read boundary files")

    import pyogrio

    prefix = {".zip": "/vsizip/", ".gz": "/vsigzip/"}.get(path.suffix.lower(), "")
    address = f"{prefix}{path}"
    try:
        found = [name for name, geometry in pyogrio.list_layers(address) if geometry is not None]
        read = [pyogrio.raw.read(address, layer=name, force_2d=True) for name in found]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise ShapeError(
            "it cannot be read as layers of shapes: cut off, or not what its name says"
        ) from error
    layers = []
    for name, (meta, _, shapes, columns) in zip(found, read, strict=True):
        named = dict(zip((str(f) for f in meta["fields"]), columns, strict=True))
        layers.append(_Layer(str(name), named, shapely.from_wkb(shapes), meta["crs"] or ""))
    return layers


def _police_boundary(path: Path) -> _Layer:
    """The service's answer for one neighbourhood: points, coordinates as text, no name."""
    try:
        answer = json.loads(content_of(path))
        ring = [(float(point["longitude"]), float(point["latitude"])) for point in answer]
    except (ValueError, KeyError, TypeError) as error:
        raise ShapeError("JSON that is not a list of points with latitude and longitude") from error
    if len(set(ring)) < 3:
        raise ShapeError(
            f"a boundary has three different points or more; this one has {len(set(ring))}"
        )
    if not np.isfinite(ring).all():
        raise ShapeError("a boundary's latitudes and longitudes are numbers; one of these is not")
    # `peelian fetch` puts the call and the force before it: "boundary_metropolitan_E05013669N".
    code = re.sub(r"[_-]?boundary$", "", stem_of(path)).rpartition("_")[2] or stem_of(path)
    columns = {"neighbourhood": np.array([code], dtype=object)}
    return _Layer(stem_of(path), columns, np.array([shapely.Polygon(ring)]), "EPSG:4326")


def _areas_of(layer: _Layer, *, set_name: str, file: str) -> tuple[pl.DataFrame, list[str]]:
    if not len(layer.shapes):
        raise ShapeError("it holds no area")
    code_column, name_column, vintage = _named_columns(layer)
    codes = ["" if code is None else str(code) for code in layer.columns[code_column]]
    if "" in codes:
        raise ShapeError(f"an area has a code; row {codes.index('') + 1} has none")
    names = [
        " ".join(("" if name is None else str(name)).split()) or code
        for code, name in zip(codes, layer.columns[name_column], strict=True)
    ]
    if vintage is None:
        year = _YEAR_IN_NAME.search(set_name)
        vintage = int(year[1]) if year else None
    dated = _CODE_COLUMN.fullmatch(code_column)
    of_column = _KIND_OF_COLUMN.get(dated[1].upper(), "other") if dated else "other"
    kinds = (
        ["neighbourhood"] * len(codes)
        if code_column == "neighbourhood"
        else [KIND_OF_CODE.get(code[:3], of_column) for code in codes]
    )
    shapes, notes = _on_grid(layer)
    vertices = shapely.get_num_coordinates(shapes)
    mended = [_repaired(shape, code) for shape, code in zip(shapes, codes, strict=True)]
    notes += [
        f"{name} ({code}) was repaired: {fault}"
        for code, name, (_, fault) in zip(codes, names, mended, strict=True)
        if fault
    ]
    polygons = np.array([shape for shape, _ in mended], dtype=object)
    rows = pl.DataFrame(
        {
            "code": codes,
            "name": names,
            "kind": kinds,
            "boundary_set": [set_name] * len(codes),
            "vintage": [vintage] * len(codes),
            "shape": shapely.to_wkb(polygons).tolist(),
            "vertices": vertices,
            "repaired": [fault for _, fault in mended],
            "file": [file] * len(codes),
            **bounds_columns(polygons),
        },
        schema=AREAS_SCHEMA,
    )
    repeated = rows.filter(pl.col("code").is_duplicated())["code"].unique().sort()
    if repeated.len():
        raise ShapeError(
            f"an area has one row; {', '.join(repeated[:5])} has several. Merge its parts"
        )
    return rows.sort("code"), notes


def _named_columns(layer: _Layer) -> tuple[str, str, int | None]:
    """The layer's code column, its name column and the year in the code column's name."""
    if "neighbourhood" in layer.columns:
        return "neighbourhood", "neighbourhood", None
    by_upper = {column.upper(): column for column in layer.columns}
    dated = {c: m for c in layer.columns if (m := _CODE_COLUMN.fullmatch(c))}
    if dated:
        column = max(dated, key=lambda c: len(set(layer.columns[c])))
        year = int(dated[column][2])
        name = by_upper.get(f"{column[:-2].upper()}NM", column)
        return column, name, 2000 + year if year < 80 else 1900 + year
    code = next((by_upper[c] for c in _PLAIN_CODES if c in by_upper), None)
    if code is None or not all(AREA_CODE.fullmatch(str(c)) for c in layer.columns[code]):
        raise ShapeError(
            f"no column of area codes such as WD22CD or GSS_CODE among {', '.join(layer.columns)}"
        )
    name = next((by_upper[c] for c in _PLAIN_NAMES if c in by_upper), code)
    return code, name, None


def _on_grid(layer: _Layer) -> tuple[NDArray[Any], list[str]]:
    """The shapes in EPSG:27700, and a note where the file's own word on that was not followed."""
    if not _READ_SYSTEMS.match(layer.crs):
        raise ShapeError(
            f"coordinates are read as degrees or as the British National Grid; this file says "
            f"{layer.crs}. Save it in EPSG:27700"
        )
    west, south, east, north = shapely.total_bounds(layer.shapes)
    if np.isnan((west, south, east, north)).any():
        raise ShapeError("every area has a shape of whole coordinates; some here have none")
    if -180 <= west <= east <= 180 and -90 <= south <= north <= 90:
        _check_degrees(west, south, east, north)
        return shapes_to_grid(layer.shapes), []
    low_e, low_n, high_e, high_n = _GRID_BOX
    if not (low_e <= west <= east <= high_e and low_n <= south <= north <= high_n):
        raise ShapeError(
            f"coordinates are read as degrees or as the British National Grid; these, from "
            f"{west:.0f}, {south:.0f} to {east:.0f}, {north:.0f}, are neither"
        )
    note = (
        "Its coordinate system is not named as EPSG:27700; read as such by the coordinates' range."
    )
    return shapely.force_2d(layer.shapes), [] if layer.crs == "EPSG:27700" else [note]


def _check_degrees(west: float, south: float, east: float, north: float) -> None:
    low_x, low_y, high_x, high_y = _DEGREES_BOX
    if low_x <= west <= east <= high_x and low_y <= south <= north <= high_y:
        return
    is_swapped = low_x <= south <= north <= high_x and low_y <= west <= east <= high_y
    what = (
        "these are latitudes written before longitudes. Save them the other way round"
        if is_swapped
        else "these are elsewhere"
    )
    raise ShapeError(
        f"areas lie in Great Britain or Ireland, from {low_x:.1f}, {low_y:.1f} to {high_x:.1f}, "
        f"{high_y:.1f} in degrees; these reach from {west:.2f}, {south:.2f} to {east:.2f}, "
        f"{north:.2f}: {what}"
    )


def _repaired(shape: Any, code: str) -> tuple[Any, str | None]:
    """A valid (multi)polygon, and what was wrong with the shape as published."""
    if shape is None or shape.is_empty:
        raise ShapeError(f"an area has a shape; {code} has none")
    fault = None if shape.is_valid else _fault_of(shape)
    whole = shape if shape.is_valid else shapely.make_valid(shape)
    polygons = [
        part for part in shapely.get_parts(shapely.get_parts(whole)) if part.geom_type == "Polygon"
    ]
    if not polygons:
        raise ShapeError(f"an area is a polygon; {code} is a {shape.geom_type}")
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons), fault


def _fault_of(shape: Any) -> str:
    """GEOS's reason in words, whole metres: "ring self-intersection at 524793, 184495"."""
    reason = str(shapely.is_valid_reason(shape))
    what, _, where = reason.partition("[")
    spot = ", ".join(f"{float(number):.0f}" for number in where.rstrip("]").split())
    return f"{what.lower()} at {spot}" if spot else what.lower()
