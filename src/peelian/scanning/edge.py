"""What a ward's boundary line decides: the records that a few metres would move across it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from peelian.core.results import EdgeSensitivity

if TYPE_CHECKING:
    from peelian.core.areas import Area
    from peelian.core.places import SnapPoint


def edge_sensitivity(
    points: Sequence[SnapPoint], counts: ArrayLike, area: Area, *, within_m: float = 10
) -> EdgeSensitivity:
    """Count the records that would change sides if the boundary moved a little.

    points: snap points inside the area and around it, at least `within_m` beyond the line.
    counts: records at each point, in the same order. within_m: a point is near at most
    this far from the line, the end included; a point on the line is inside and near.
    """
    records = np.asarray(counts, dtype=np.int64)
    if records.shape != (len(points),):
        raise ValueError(
            f"Edge sensitivity takes one count a point: {len(points)} points, "
            f"counts of shape {records.shape}."
        )
    easting = np.array([point.easting for point in points], dtype=float)
    northing = np.array([point.northing for point in points], dtype=float)
    inside = area.holds(easting, northing)
    near = area.distance_to_line_m(easting, northing) <= within_m
    return EdgeSensitivity(
        within_m=within_m,
        inside_near=int(records[inside & near].sum()),
        outside_near=int(records[~inside & near].sum()),
        total_inside=int(records[inside].sum()),
        points_inside_near=int((inside & near).sum()),
        points_outside_near=int((~inside & near).sum()),
    )
