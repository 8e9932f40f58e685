"""Read the measures' YAML files, strictly."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from peelian.core.crimes import CRIME_TYPES, RETIRED_TYPES
from peelian.core.errors import InputError, SchemaError
from peelian.core.measures import Measure, SeriesBreak
from peelian.measures.strict import (
    from_yaml,
    in_form,
    is_month,
    require,
    require_review,
    require_texts,
)


def load_measures(folder: Path | None = None) -> Mapping[str, Measure]:
    """Every measure by id, in alphabetical order.

    folder: a folder of YAML files, one a measure; the package's own unless given. A file
    that breaks the schema is a SchemaError that names the file and the key.
    """
    return _own_measures() if folder is None else _measures_in(folder)


def measure(measure_id: str) -> Measure:
    """One of the package's own measures. An id that is not there is an InputError."""
    known = load_measures()
    if measure_id not in known:
        raise InputError(
            f"A measure is named by its id; no measure is called {measure_id!r}. "
            f"Use one of: {', '.join(known)}."
        )
    return known[measure_id]


@cache
def _own_measures() -> Mapping[str, Measure]:
    with resources.as_file(resources.files(__package__)) as folder:
        return _measures_in(folder)


def _measures_in(folder: Path) -> Mapping[str, Measure]:
    loaded = (read_measure(path) for path in sorted(folder.glob("*.yaml")))
    return MappingProxyType({each.id: each for each in loaded})


def read_measure(path: Path) -> Measure:
    """Read one measure's file; its id is the file's name, so ids cannot repeat."""
    written = from_yaml(path)
    if isinstance(written, dict):
        _check_names(path, written, Measure.__struct_fields__, "")
        for number, each in enumerate(written.get("series_breaks") or []):
            if isinstance(each, dict):
                where = f"series_breaks[{number}]."
                _check_names(path, each, SeriesBreak.__struct_fields__, where)
    read = in_form(written, Measure, path, schema="a measure", explained=Measure.__module__)
    _check_meaning(path, read)
    return read


def _check_names(
    path: Path, written: Mapping[object, object], allowed: tuple[str, ...], where: str
) -> None:
    for key in written:
        if key not in allowed:
            raise SchemaError(
                f"{path.name} has the key {where}{key}, which a measure does not have. "
                f"Allowed: {', '.join(allowed)}."
            )


def _check_meaning(path: Path, read: Measure) -> None:
    """What a type cannot say: ids, slugs, dates and what must stand together."""
    require(path, "id", read.id, read.id == path.stem, f"the file's name, {path.stem}")
    require_texts(path, read, ("title", "definition", "why_it_matters", "unit", "author"))
    known = CRIME_TYPES | RETIRED_TYPES
    for slug in read.crime_types:
        require(path, "crime_types", slug, slug in known, f"any of {', '.join(known)}")
    counts_types = read.records == "crimes"
    rule = "at least one crime type for records: crimes, and none for records: stops"
    require(path, "crime_types", read.crime_types, bool(read.crime_types) == counts_types, rule)
    require(path, "sources", read.sources, bool(read.sources), "at least one source")
    rule = "what the measure stands in for where is_proxy is true, and nothing where it is not"
    require(path, "proxy_for", read.proxy_for, bool(read.proxy_for) == read.is_proxy, rule)
    for each in read.series_breaks:
        written = each.first_month
        require(path, "series_breaks.first_month", written, is_month(written), "YYYY-MM")
    require_review(path, reviewed=read.reviewed, review_due=read.review_due)
