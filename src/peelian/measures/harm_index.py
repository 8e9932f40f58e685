"""Harm indices: one YAML file each, what a recorded crime of a type weighs, and who says so.

A ward's analyst may write another: every crime type stands either among the weights, with
what it stands for, or among those without, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from math import isfinite
from pathlib import Path
from types import MappingProxyType

import msgspec

from peelian.core.crimes import CRIME_TYPES, POLICE_GENERATED_TYPES, RETIRED_TYPES
from peelian.core.errors import InputError
from peelian.measures.strict import from_yaml, in_form, require, require_review, require_texts

OWN_FOLDER = "harm"


class HarmWeight(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one recorded crime of a type weighs.

    least, most: the lightest and the heaviest offence that the open category may be. is_proxy:
    the category mixes offences of other weights with the one that `stands_for` names.
    """

    crime_type: str
    weight: float
    least: float
    most: float
    stands_for: str
    is_proxy: bool


class WithoutWeight(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A crime type that has no weight, and why."""

    crime_type: str
    reason: str


class HarmIndex(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The strict form of a harm index's YAML file.

    unit: what the weights are counted in ("days of imprisonment"). year: of the weights.
    source: who published them. read_from: where they were read, if not there.
    """

    id: str
    title: str
    definition: str
    unit: str
    year: int
    source: str
    read_from: str = ""
    weights: list[HarmWeight]
    without_weight: list[WithoutWeight]
    author: str
    reviewed: str  # YYYY-MM-DD
    review_due: str

    @property
    def by_type(self) -> Mapping[str, HarmWeight]:
        """The weights by crime type."""
        return {each.crime_type: each for each in self.weights}


def load_harm_indices(folder: Path | None = None) -> Mapping[str, HarmIndex]:
    """Every harm index by id, in alphabetical order.

    folder: of YAML files, one an index; the package's own unless given. A file that breaks
    the schema is a SchemaError that names the file and the key.
    """
    return _own_indices() if folder is None else _indices_in(folder)


def harm_index(index_id: str) -> HarmIndex:
    """One of the package's own indices. An id that is not there is an InputError."""
    known = load_harm_indices()
    if index_id not in known:
        raise InputError(
            f"A harm index is named by its id; none is called {index_id!r}. "
            f"Use one of: {', '.join(known)}."
        )
    return known[index_id]


def read_harm_index(path: Path) -> HarmIndex:
    """Read one index's file; its id is the file's name, so ids cannot repeat."""
    written = from_yaml(path)
    read = in_form(written, HarmIndex, path, schema="a harm index", explained=__name__)
    _check(path, read)
    return read


@cache
def _own_indices() -> Mapping[str, HarmIndex]:
    with resources.as_file(resources.files(__package__) / OWN_FOLDER) as folder:
        return _indices_in(folder)


def _indices_in(folder: Path) -> Mapping[str, HarmIndex]:
    loaded = (read_harm_index(path) for path in sorted(folder.glob("*.yaml")))
    return MappingProxyType({each.id: each for each in loaded})


def _check(path: Path, read: HarmIndex) -> None:
    """What a type cannot say: ids, slugs, ranges, dates, and that no crime type is forgotten."""
    require(path, "id", read.id, read.id == path.stem, f"the file's name, {path.stem}")
    require_texts(path, read, ("title", "definition", "unit", "source", "author"))
    require(path, "weights", read.weights, bool(read.weights), "at least one weight")
    known = set(CRIME_TYPES | RETIRED_TYPES)
    named = [weight.crime_type for weight in read.weights]
    named += [without.crime_type for without in read.without_weight]
    for slug in named:
        require(path, "crime_type", slug, slug in known, f"any of {', '.join(sorted(known))}")
        once = "each crime type once, with a weight or without"
        require(path, "crime_type", slug, named.count(slug) == 1, once)
    forgotten = sorted(set(CRIME_TYPES) - set(named))
    rule = "every crime type among weights or without_weight; a type left out is not weightless"
    require(path, "without_weight", f"nothing of {', '.join(forgotten)}", not forgotten, rule)
    for each in read.weights:
        _check_weight(path, each)
    for without in read.without_weight:
        key = f"without_weight.{without.crime_type}.reason"
        require(path, key, without.reason, bool(without.reason.strip()), "why it has none")
    require_review(path, reviewed=read.reviewed, review_due=read.review_due)


def _check_weight(path: Path, each: HarmWeight) -> None:
    where = f"weights.{each.crime_type}"
    found = (each.least, each.weight, each.most)
    in_order = 0 < each.least <= each.weight <= each.most and isfinite(each.most)
    rule = "0 < least <= weight <= most, all finite"
    require(path, where, found, in_order, rule)
    range_rule = "least = weight = most where is_proxy is false: the category is one weight"
    require(path, where, found, each.is_proxy or each.least == each.most, range_rule)
    text = each.stands_for
    require(path, f"{where}.stands_for", text, bool(text.strip()), "which offence it is of")
    rule = "no weight for what police generate: more patrol would add to a place's harm"
    require(path, where, each.weight, each.crime_type not in POLICE_GENERATED_TYPES, rule)
