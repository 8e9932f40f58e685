"""A street network out of the streets table: ways cut where they meet."""

from __future__ import annotations

import numpy as np
import polars as pl
import shapely

from peelian.core.streets import StreetNetwork


def network_of(ways: pl.DataFrame) -> StreetNetwork:
    """The network of some rows of the streets table.

    Ways meet where they share a node. Each is cut at every such node, so that an edge runs
    from one meeting or dead end to the next; a way that crosses itself is cut there too.
    """
    coordinates = shapely.get_coordinates(shapely.from_wkb(ways["line"].to_numpy()))
    nodes = ways["node_ids"].explode(empty_as_null=False).to_numpy()
    vertices = ways["node_ids"].list.len().to_numpy().astype(int)
    way_of = np.repeat(np.arange(ways.height), vertices)
    last = np.cumsum(vertices) - 1
    first = last - vertices + 1

    _, where, index, times = np.unique(
        nodes, return_index=True, return_inverse=True, return_counts=True
    )
    cut = times[index] > 1
    cut[first] = cut[last] = True
    at = np.flatnonzero(cut)
    same_way = way_of[at[:-1]] == way_of[at[1:]]
    begins, ends = at[:-1][same_way], at[1:][same_way]

    sizes = ends - begins + 1
    vertex = np.repeat(begins - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    lines = shapely.linestrings(
        coordinates[vertex], indices=np.repeat(np.arange(len(begins)), sizes)
    )
    used, ends_of = np.unique(np.concatenate([index[begins], index[ends]]), return_inverse=True)
    ways = ways[way_of[begins]]
    one_way = ways["one_way"].to_numpy()
    return StreetNetwork(
        node_easting=coordinates[where[used], 0],
        node_northing=coordinates[where[used], 1],
        start=ends_of[: len(begins)],
        end=ends_of[len(begins) :],
        length_m=shapely.length(lines),
        names=ways["name"].to_numpy(),
        highways=ways["highway"].to_numpy(),
        on_foot=ways["on_foot"].to_numpy(),
        by_cycle=ways["by_cycle"].to_numpy(),
        by_vehicle=ways["by_vehicle"].to_numpy(),
        forward=one_way >= 0,
        backward=one_way <= 0,
        cycles_both_ways=ways["cycles_both_ways"].to_numpy(),
        lines=lines,
    )
