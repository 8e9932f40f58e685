"""Where a way to a place begins or ends on the street network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from peelian.core.streets import StreetNetwork, Travel

# People leave a station by any door, and doors are not on every map: a way begins or ends at
# any street this near the place's shape.
DOORS_WITHIN_M = 50.0


def doors_of(
    network: StreetNetwork, shape: BaseGeometry, *, travel: Travel = "on_foot"
) -> NDArray[Any]:
    """Nodes where a way to a place may end: near it, or the nearer ends of streets that pass.

    shape: EPSG:27700. Indices of nodes, in order; none where no usable street comes near.
    """
    import shapely

    near = network.nodes_within(shape, DOORS_WITHIN_M, travel=travel)
    if len(near):
        return near
    usable: NDArray[Any] = getattr(network, travel)
    passing = usable & shapely.dwithin(network.lines, shape, DOORS_WITHIN_M)
    one, other = network.start[passing], network.end[passing]
    points = shapely.points(network.node_easting, network.node_northing)
    nearer = shapely.distance(points[one], shape) <= shapely.distance(points[other], shape)
    return np.unique(np.where(nearer, one, other))
