"""What a circle is called: by the micro-places in it that have most of its records."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from peelian.core.micro_places import GENERIC_NAMES
from peelian.core.place_names import normalised

if TYPE_CHECKING:
    from peelian.core.places import MicroPlace

# A micro-place with a smaller share of a circle's records does not give it a name.
LEAST_SHARE = 0.2


def names_of_circles(
    circles: Sequence[Sequence[int]], points: Sequence[MicroPlace], records: ArrayLike
) -> tuple[str, ...]:
    """A name for each circle that no other has: "Churchway and Doric Way".

    circles: numbers of the points in each. points: under their micro-places' names. records: of
    the last twelve months, one entry a point. Its two main micro-places name it, those with a
    name of their own before a "Supermarket near ...". Circles that would share a name take a
    third, and at last a number. A circle without a point has no name: it is empty.
    """
    recent = np.asarray(records, dtype=float).tolist()
    ordered = [_main_places(circle, points, recent) for circle in circles]
    names = [" and ".join(each[:2]) for each in ordered]
    shared = Counter(names)
    names = [
        f"{each[0]}, {each[1]} and {each[2]}" if shared[name] > 1 and len(each) > 2 else name
        for name, each in zip(names, ordered, strict=True)
    ]
    return tuple(_numbered(names))


def _main_places(
    circle: Sequence[int], points: Sequence[MicroPlace], recent: Sequence[float]
) -> list[str]:
    held: dict[str, float] = defaultdict(float)
    for index in circle:
        held[points[index].name] += recent[index]
    whole = sum(held.values())
    main = sorted(
        held,
        key=lambda name: (held[name] < LEAST_SHARE * whole, _is_generic(name), -held[name], name),
    )
    telling = [name for name in main if held[name] >= LEAST_SHARE * whole]
    own = [name for name in telling if not _is_generic(name)]
    return own or telling or main


def _is_generic(name: str) -> bool:
    return any(name == kind or name.startswith(f"{kind} near ") for kind in GENERIC_NAMES.values())


def _numbered(names: Sequence[str]) -> list[str]:
    shared, met = Counter(names), Counter[str]()
    numbered = []
    for name in names:
        met[name] += 1
        numbered.append(f"{name} ({met[name]})" if shared[name] > 1 and name else name)
    return numbered


def slug(name: str) -> str:
    """A name as part of an id: small letters and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", normalised(name)).strip("-")
