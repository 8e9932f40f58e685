"""Counts of every crime type by place and month, side by side: what a model of many types reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import InputError
from peelian.core.months import Month, MonthSpan

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Panel:
    """Records of each crime type at each unit in each month.

    counts: shape (types, units, months), in the order of `types` (slugs) and the months of
    `span`; NaN where the month is missing for the type, at every unit alike. easting,
    northing: the units' positions, metres (EPSG:27700). Read only.
    """

    types: tuple[str, ...]
    easting: NDArray[np.float64]
    northing: NDArray[np.float64]
    span: MonthSpan
    counts: NDArray[np.float32]
    missing: Mapping[str, Mapping[Month, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = (len(self.types), len(self.easting), len(self.span))
        if self.counts.shape != shape:
            raise ValueError(
                f"A panel has one layer a type, one row a unit and one column a month: {shape} "
                f"expected, {self.counts.shape} found."
            )
        self.counts.flags.writeable = False

    @property
    def held(self) -> NDArray[np.bool_]:
        """Which months are held of each type: shape (types, months)."""
        if not len(self.easting):
            return np.zeros((len(self.types), len(self.span)), dtype=bool)
        known: NDArray[np.bool_] = ~np.isnan(self.counts[:, 0])
        return known

    def of_type(self, crime_type: str) -> int:
        """The layer of a type; an InputError where the panel lacks it."""
        if crime_type not in self.types:
            raise InputError(
                f"A type is looked up among those counted; found {crime_type!r} where "
                f"{', '.join(self.types) or 'none'} are. Ask for one of them."
            )
        return self.types.index(crime_type)


def count_panel(
    rows: pl.DataFrame,
    unit: NDArray[np.int64],
    *,
    types: Sequence[str],
    easting: NDArray[np.float64],
    northing: NDArray[np.float64],
    span: MonthSpan,
    missing: Mapping[str, Mapping[Month, str]] | None = None,
) -> Panel:
    """Count records by type, unit and month.

    rows: `month` (first days) and `crime_type`. unit: the index of each row's unit, -1 for
    none. Rows of other types or months, or in no unit, are not counted. missing: by type, the
    months whose count is not known whatever rows exist, and why. No rows give zeros.
    """
    layer = {name: index for index, name in enumerate(types)}
    missing = missing or {}
    month = (
        (rows["month"].dt.year().cast(int) * 12 + rows["month"].dt.month().cast(int)).to_numpy()
        - (span.first.year * 12 + span.first.number)
    )  # fmt: skip
    layers = [layer.get(name, -1) for name in rows["crime_type"].to_list()]
    kind = np.array(layers, dtype=np.int64)
    kept = (unit >= 0) & (kind >= 0) & (month >= 0) & (month < len(span))
    shape = (len(types), len(easting), len(span))
    cell = np.ravel_multi_index((kind[kept], unit[kept], month[kept]), shape)
    counts = np.bincount(cell, minlength=int(np.prod(shape))).astype(np.float32).reshape(shape)
    within = {
        name: {m: why for m, why in missing.get(name, {}).items() if m in span} for name in types
    }
    for name, months in within.items():
        for each in months:
            counts[layer[name], :, each.minus(span.first)] = np.nan
    return Panel(tuple(types), easting, northing, span, counts, within)
