"""The way to a place in words that a person can follow, and in short for a sheet of paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from peelian.core.place_names import normalised
from peelian.publication.translation import _

if TYPE_CHECKING:
    from peelian.core.patrols import PatrolMode
    from peelian.response.directions import Directions, Step, Turn

MODES: Mapping[PatrolMode, str] = {
    "foot": _("on foot"), "cycle": _("by cycle"), "vehicle": _("by vehicle"),
}  # fmt: skip
NO_WAY = _("The street map held has no way there: find it on the ground.")
THERE_ALREADY = _("You are there already.")

_TURNS: Mapping[Turn, str] = {
    "start": "{street}",
    "straight on": _("straight on along {street}"),
    "bear left": _("bear left into {street}"),
    "left": _("left into {street}"),
    "sharp left": _("sharp left into {street}"),
    "bear right": _("bear right into {street}"),
    "right": _("right into {street}"),
    "sharp right": _("sharp right into {street}"),
    "turn round": _("turn round into {street}"),
}
_A = {"path", "cycle track", "track", "service road", "road", "walkway"}


def way_in_words(way: Directions | None) -> str:
    """Every street in order, with its turn and its length to the nearest ten metres."""
    if way is None:
        return NO_WAY
    if not way.steps:
        return THERE_ALREADY
    told = [
        _("{turn}, {metres} m").format(turn=_step(step), metres=_tens(step.metres))
        for step in way.steps
    ]
    words = "; ".join(told)
    return words[:1].upper() + words[1:] + "."


def streets_in_short(way: Directions | None) -> str:
    """The names of the streets alone, each once in a row; paths only where nothing has a name."""
    if way is None:
        return NO_WAY
    if not way.steps:
        return THERE_ALREADY
    names = [step.street for step in way.steps if step.street]
    # The map may spell one street in two ways: St. Pancras Way, St Pancras Way.
    alike = [normalised(name) for name in names]
    names = [name for i, name in enumerate(names) if not i or alike[i] != alike[i - 1]]
    return _("By {streets}.").format(streets=", ".join(names or [_without_name(way.steps[0])]))


def _step(step: Step) -> str:
    return _TURNS[step.turn].format(street=step.street or _without_name(step))


def _without_name(step: Step) -> str:
    return _("a {kind}").format(kind=step.kind) if step.kind in _A else step.kind


def _tens(metres: float) -> int:
    return max(10, 10 * round(metres / 10))
