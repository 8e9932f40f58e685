"""Where streets meet: they are cut there, and what does not hang together is left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import shapely
from shapely.geometry import LineString

from peelian.town.shapes import Street

_GRID_M = 0.5  # streets meet on this grid, so that an end on a line becomes a junction
_SHORTEST_END_M = 40.0


def cut_at_junctions(streets: Sequence[Street]) -> tuple[Street, ...]:
    """The streets' pieces between junctions, each with its street's name and class."""
    noded = shapely.unary_union([street.line for street in streets], grid_size=_GRID_M)
    pieces = _connected(_without_stubs(list(shapely.get_parts(noded))))
    tree = shapely.STRtree([street.line for street in streets])
    owners = tree.nearest([piece.interpolate(0.5, normalized=True) for piece in pieces])
    return tuple(
        Street(streets[owner].name, streets[owner].highway, piece)
        for owner, piece in zip(owners, pieces, strict=True)
    )


def _without_stubs(pieces: Sequence[LineString]) -> list[LineString]:
    # Ends that run on past the street they meet are drawing, not streets.
    met = Counter(end for piece in pieces for end in _ends(piece))
    return [
        piece
        for piece in pieces
        if piece.length > _SHORTEST_END_M or min(met[end] for end in _ends(piece)) > 1
    ]


def _connected(pieces: Sequence[LineString]) -> list[LineString]:
    """The pieces of the largest network: one can walk from each to each other."""
    meets: dict[tuple[float, ...], set[tuple[float, ...]]] = defaultdict(set)
    for piece in pieces:
        start, end = _ends(piece)
        meets[start].add(end)
        meets[end].add(start)
    left, largest = set(meets), set[tuple[float, ...]]()
    while left:
        reached, ahead = set(), [next(iter(left))]
        while ahead:
            at = ahead.pop()
            if at not in reached:
                reached.add(at)
                ahead.extend(meets[at] - reached)
        largest = max(largest, reached, key=len)
        left -= reached
    return [piece for piece in pieces if _ends(piece)[0] in largest]


def _ends(piece: LineString) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return piece.coords[0], piece.coords[-1]
