"""Which LSOAs stand for a ward: they nest in no ward, and stores hold several sets of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from peelian.core.errors import CoverageError
from peelian.store import places

if TYPE_CHECKING:
    from peelian.core.areas import Area
    from peelian.store import Store


def lsoas_of_wards(store: Store, wards: Sequence[Area], *, above: float) -> tuple[Area, ...]:
    """The LSOAs that lie in some wards with more than a share of their own ground, 0 to 1.

    Of several boundary sets that which covers the wards best, to the hundredth; of these the
    newest, and of these the one drawn finest. A CoverageError where there is none.
    """
    import shapely

    ground = shapely.union_all([ward.shape for ward in wards])
    best: tuple[tuple[float, int, int, str], tuple[Area, ...]] | None = None
    for held in places.boundary_sets(store):
        if held.kind != "lsoa":
            continue
        near = places.areas(store, kind="lsoa", boundary_set=held.name, near=ground)
        parts = [float(lsoa.shape.intersection(ground).area) for lsoa in near]
        inside = tuple(
            lsoa for lsoa, part in zip(near, parts, strict=True) if part > above * lsoa.shape.area
        )
        vertices = sum(int(shapely.get_num_coordinates(lsoa.shape)) for lsoa in inside)
        order = (round(sum(parts) / ground.area, 2), held.vintage or 0, vertices, held.name)
        if inside and (best is None or order > best[0]):
            best = order, inside
    if best is None:
        raise CoverageError(
            f"LSOAs are areas of a boundary file, and the store has none in "
            f"{', '.join(ward.name for ward in wards)}. Ingest a boundary file of LSOAs."
        )
    return best[1]
