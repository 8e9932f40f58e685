"""Areas, streets, named places and population of the store, ready to use.

Rows are chosen by their bounding boxes before any shape is decoded: a ward's page has
three seconds in all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import polars as pl

from peelian.core.areas import Area, BoundarySet
from peelian.core.errors import UnknownPlaceError
from peelian.core.place_names import normalised, place_key
from peelian.core.places import NamedPlace
from peelian.store.store import Store
from peelian.store.street_network import network_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from peelian.core.streets import StreetNetwork

# How far around a ward a page's names and corridors reach: stations may lie outside. Every
# reader of names takes the same, so that an import suggests what the page will know.
AROUND_WARD_M = 1_000.0

# Objects of one kind and name this near each other, from two maps, are one place.
_SAME_PLACE_M = 250.0


@dataclass(frozen=True)
class Deprivation:
    """How deprived an LSOA is. score: of the Index of Multiple Deprivation, higher is more.

    fifth: 1 is most deprived, of the areas that `fifth_of` names. read_from: where the figure
    is another area's: the LSOA of 2011 that this one was part of, say; empty where it is its own.
    """

    score: float
    fifth: int
    fifth_of: str
    source: str
    read_from: str = ""


def boundary_sets(store: Store) -> tuple[BoundarySet, ...]:
    """The boundary sets held, by name."""
    return tuple(_boundary_sets(store).values())


def area(store: Store, code: str, *, boundary_set: str | None = None) -> Area:
    """The area with a code, or a ward or borough by its name in the newest boundaries that have it.

    Several boundary sets may hold the area: without `boundary_set` the one that draws it with
    the most vertices is taken (a generalised line moves snap points to the wrong side), the
    first by name where they are equal. An unknown code or name, or a name that several areas
    have in the same year, is an UnknownPlaceError that names what comes near.
    """
    sets = _boundary_sets(store)
    if boundary_set is not None and boundary_set not in sets:
        raise UnknownPlaceError(
            f"A boundary set is one that the store holds; {boundary_set!r} is none. "
            f"Held: {', '.join(sets) or 'none; ingest a boundary file first'}."
        )
    rows = store.table("areas", source=boundary_set) if sets else pl.DataFrame()
    found = rows.filter(code=code.strip().upper()) if rows.height else rows
    if not found.height:
        found = _named(rows, code)
    best = found.sort(
        ["vertices", "boundary_set"], descending=[True, False], maintain_order=True
    ).head(1)
    return _areas(best, sets)[0]


def areas(
    store: Store,
    *,
    kind: str,
    boundary_set: str | None = None,
    near: BaseGeometry | None = None,
) -> tuple[Area, ...]:
    """The areas of a kind, by code: of one set, or each from the set that draws it finest.

    kind: "ward", "borough", "lsoa", "msoa", "neighbourhood". near: only those whose shapes
    touch this one (EPSG:27700). None held gives an empty tuple.
    """
    sets = _boundary_sets(store)
    if not sets or (boundary_set is not None and boundary_set not in sets):
        return ()
    rows = store.table("areas", source=boundary_set).filter(kind=kind)
    if near is not None:
        rows = rows.filter(_within(near.bounds))
    rows = rows.sort(["code", "vertices", "boundary_set"], descending=[False, True, False])
    found = _areas(rows.unique("code", keep="first", maintain_order=True), sets)
    return found if near is None else tuple(a for a in found if a.shape.intersects(near))


def ward_codes(
    store: Store, wanted: Iterable[str], *, boundary_set: str | None = None
) -> Iterator[str]:
    """The codes of wards, given by code or name; for a borough, those of all its wards.

    boundary_set: whose wards a borough has; the newest held unless given, since wards that were
    abolished stay in older sets. A borough without a ward held is an UnknownPlaceError.
    """
    for written in wanted:
        found = area(store, written)
        if found.boundary_set.kind != "borough":
            yield found.code
            continue
        inside = [
            ward
            for ward in areas(store, kind="ward", boundary_set=boundary_set, near=found.shape)
            if found.shape.contains(ward.shape.representative_point())
        ]
        newest = max((ward.boundary_set.vintage or 0 for ward in inside), default=0)
        inside = [w for w in inside if boundary_set or (w.boundary_set.vintage or 0) == newest]
        if not inside:
            raise UnknownPlaceError(
                f"A borough is taken ward by ward, and the store has no ward in {found.name}. "
                f"Ingest its wards' boundaries."
            )
        yield from sorted({ward.code for ward in inside})


def street_network(
    store: Store, near: BaseGeometry, *, buffer_m: float = AROUND_WARD_M
) -> StreetNetwork:
    """The streets that come within `buffer_m` of a shape's bounding box, as a network.

    Streets are kept whole. A way that several maps hold is taken once. Without any street map
    in the store, the network is empty.
    """
    if not store.partitions("streets"):
        return network_of(_NO_STREETS)
    rows = store.table("streets").filter(_within(near.bounds, buffer_m))
    return network_of(rows.unique("way_id", keep="first", maintain_order=True).sort("way_id"))


def named_places(
    store: Store, near: BaseGeometry, *, buffer_m: float = AROUND_WARD_M
) -> tuple[NamedPlace, ...]:
    """The named places whose bounding boxes come within `buffer_m` of the shape's own.

    Sorted by kind and name. A place that several maps hold is taken once, with the finer
    shape and the names of all.
    """
    import shapely

    if not store.partitions("named_places"):
        return ()
    rows = store.table("named_places").filter(_within(near.bounds, buffer_m))
    rows = rows.sort("kind", "name", "min_e", "min_n", "source")
    shapes = shapely.from_wkb(rows["shape"].to_numpy())
    places: dict[tuple[str, str], list[NamedPlace]] = {}
    for name, kind, aliases, shape in zip(
        rows["name"], rows["kind"], rows["aliases"].to_list(), shapes, strict=True
    ):
        held = places.setdefault((kind, place_key(kind, name)), [])
        place = NamedPlace(name, kind, shape, tuple(aliases))
        twin = next((p for p in held if p.shape.distance(shape) <= _SAME_PLACE_M), None)
        if twin is None:
            held.append(place)
        else:
            held[held.index(twin)] = _one_of(twin, place)
    return tuple(place for same in places.values() for place in same)


def population(store: Store, of: Area) -> tuple[int | None, str]:
    """How many people live in an area, and by which source; None where no source has its code.

    A census comes before an estimate, and the year nearest the boundaries' own first.
    """
    if not store.partitions("population"):
        return None, "no population table is held"
    rows = store.table("population").filter(code=of.code)
    if not rows.height:
        return None, f"no population table held has {of.code}"
    vintage = of.boundary_set.vintage
    away = (pl.col("year") - vintage).abs() if vintage else -pl.col("year")
    order = pl.col("basis").replace_strict({"census": 0, "mid-year estimate": 1}, default=2)
    best = rows.sort(order, away, "year", "source").row(0, named=True)
    return int(best["residents"]), f"{best['publisher']}, {best['basis']} {best['year']}"


def deprivation(store: Store, codes: Collection[str]) -> dict[str, Deprivation]:
    """How deprived LSOAs are, by code, by the newest indices held; those of England first.

    An LSOA of 2021 that was part of one of 2011 has the figures of that one; of one that was
    several the mean score, unweighted, and the fifth of the area whose score is nearest: both
    need the lookup of changes in the store, and `read_from` says so. Areas drawn otherwise anew,
    and codes that no table has, are left out of what is returned.
    """
    if not store.partitions("deprivation"):
        return {}
    held = store.table("deprivation")
    newest = held.sort(
        pl.col("edition").fill_null(0), pl.col("fifth_of") == "England", "source",
        descending=[True, True, False],
    )["source"][0]  # fmt: skip
    rows = held.filter(source=newest).unique("code", keep="first", maintain_order=True)
    by_code = {row["code"]: row for row in rows.iter_rows(named=True)}
    before = _lsoas_before(store, set(codes) - by_code.keys())
    found = {}
    for code in codes:
        if code in by_code:
            found[code] = _deprivation_of(by_code[code], "")
        elif (old := before.get(code)) and all(each in by_code for each in old):
            found[code] = _deprivation_before(rows, [by_code[each] for each in old])
    return found


def _lsoas_before(store: Store, codes: Collection[str]) -> dict[str, list[str]]:
    """The LSOAs of 2011 that LSOAs of 2021 were part of, or are made of."""
    if not codes or not store.partitions("lsoa_changes"):
        return {}
    rows = store.table("lsoa_changes").filter(
        pl.col("code_2021").is_in(list(codes)) & pl.col("change").is_in(["S", "M"])
    )
    old = rows.unique(["code_2021", "code_2011"]).sort("code_2021", "code_2011")
    return dict(old.group_by("code_2021", maintain_order=True).agg("code_2011").iter_rows())


def _deprivation_before(rows: pl.DataFrame, old: list[dict[str, Any]]) -> Deprivation:
    if len(old) == 1:
        return _deprivation_of(old[0], f"{old[0]['code']}, which it was part of in 2011")
    score = sum(row["score"] for row in old) / len(old)
    nearest = rows.sort((pl.col("score") - score).abs(), "code").row(0, named=True)
    named = ", ".join(row["code"] for row in old)
    return _deprivation_of(
        {**nearest, "score": score}, f"{named}, which it was in 2011: their mean"
    )


def _deprivation_of(row: dict[str, Any], read_from: str) -> Deprivation:
    return Deprivation(row["score"], row["fifth"], row["fifth_of"], row["source"], read_from)


def _boundary_sets(store: Store) -> dict[str, BoundarySet]:
    return {
        held.key.source: BoundarySet(
            name=held.key.source,
            kind=str(held.facts.get("kind", "")),
            vintage=held.facts.get("vintage"),
            source=held.sources[0].name if held.sources else "",
            licence=held.licence,
        )
        for held in store.partitions("areas")
    }


def _areas(rows: pl.DataFrame, sets: dict[str, BoundarySet]) -> tuple[Area, ...]:
    import shapely

    shapes: Any = shapely.from_wkb(rows["shape"].to_numpy()) if rows.height else ()
    return tuple(
        Area(row["code"], row["name"], sets[row["boundary_set"]], shape, row["repaired"])
        for row, shape in zip(rows.iter_rows(named=True), shapes, strict=True)
    )


def _named(rows: pl.DataFrame, written: str) -> pl.DataFrame:
    """The rows of the one area that has a name; an UnknownPlaceError where it is not one."""
    if not rows.height:
        raise UnknownPlaceError(
            f"An area is looked up in the boundaries that the store holds; it holds none, so "
            f"{written!r} is not known. Ingest a boundary file first."
        )
    known = rows.filter(pl.col("kind").is_in(["ward", "borough", "neighbourhood"]))
    known = known.select("code", "name", "vintage").unique().sort("code", "name")
    names = [normalised(name) for name in known["name"]]
    wanted = normalised(written)
    matched = known.filter(pl.Series([name == wanted for name in names], dtype=pl.Boolean))
    newest = matched.filter(pl.col("vintage").fill_null(0) == pl.col("vintage").fill_null(0).max())
    codes = newest["code"].unique().sort().to_list()
    if len(codes) == 1:
        return rows.filter(code=codes[0])
    if codes:
        raise UnknownPlaceError(
            f"A name stands for an area where only one has it; in the newest boundaries that "
            f"have it {written!r} is the name of {', '.join(codes)}. Give the code that is meant."
        )
    near = get_close_matches(wanted, dict.fromkeys(names), n=3, cutoff=0.7)
    near_codes = get_close_matches(written.strip().upper(), rows["code"].unique().sort().to_list())
    like = [
        f"{row['name']} ({row['code']})"
        for row in known.unique(["code"], keep="first", maintain_order=True).iter_rows(named=True)
        if normalised(row["name"]) in near or row["code"] in near_codes
    ]
    raise UnknownPlaceError(
        f"An area is one that a boundary set of the store holds, by code or by name; {written!r} "
        f"is neither. "
        + (f"Near it: {'; '.join(like[:5])}." if like else "Ingest a boundary file that has it.")
    )


def _within(bounds: tuple[float, float, float, float], buffer_m: float = 0.0) -> pl.Expr:
    west, south, east, north = bounds
    return (
        (pl.col("max_e") >= west - buffer_m)
        & (pl.col("min_e") <= east + buffer_m)
        & (pl.col("max_n") >= south - buffer_m)
        & (pl.col("min_n") <= north + buffer_m)
    )


def _one_of(one: NamedPlace, other: NamedPlace) -> NamedPlace:
    import shapely

    def extent(place: NamedPlace) -> tuple[int, float]:
        size = place.shape.area or place.shape.length
        return int(shapely.get_dimensions(place.shape)), float(size)

    finer, plainer = (one, other) if extent(one) >= extent(other) else (other, one)
    names = {*finer.aliases, plainer.name, *plainer.aliases} - {finer.name}
    return NamedPlace(finer.name, finer.kind, finer.shape, tuple(sorted(names)), finer.source)


_NO_STREETS = pl.DataFrame(
    schema={
        "name": pl.String, "highway": pl.String, "on_foot": pl.Boolean, "by_cycle": pl.Boolean,
        "by_vehicle": pl.Boolean, "one_way": pl.Int8, "cycles_both_ways": pl.Boolean,
        "node_ids": pl.List(pl.Int64), "line": pl.Binary,
    }
)  # fmt: skip
