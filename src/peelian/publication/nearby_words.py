"""What stands near a place, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from peelian.publication.translation import _
from peelian.publication.wording import in_a_word

if TYPE_CHECKING:
    from peelian.analysis.place_features import ReasonNearby
    from peelian.core.places import FeatureKind

# One of a kind, and several.
KINDS: Mapping[FeatureKind, tuple[str, str]] = {
    "station": (_("station"), _("stations")),
    "bus_stop": (_("bus stop"), _("bus stops")),
    "licensed_premises": (_("pub or bar"), _("pubs and bars")),
    "fast_food": (_("takeaway"), _("takeaways")),
    "supermarket": (_("supermarket"), _("supermarkets")),
    "convenience_store": (_("corner shop"), _("corner shops")),
    "cash_machine": (_("cash machine"), _("cash machines")),
    "school": (_("school"), _("schools")),
    "park": (_("park"), _("parks")),
    "street_lamp": (_("street lamp"), _("street lamps")),
}
# In public, a landmark may be named; a business or a school beside a list of records may not.
LANDMARKS: frozenset[FeatureKind] = frozenset({"station", "park"})


def near_words(
    found: Sequence[ReasonNearby], *, named: Collection[FeatureKind] = frozenset(KINDS)
) -> str:
    """A list such as "a station (Euston, 80 m); two pubs and bars (nearest: 20 m)".

    named: the kinds whose nearest is named. Nothing found gives an empty text.
    """
    return "; ".join(_one(each, with_name=each.kind in named) for each in found)


def _one(found: ReasonNearby, *, with_name: bool) -> str:
    one, several = KINDS[found.kind]
    name = f"{found.name}, " if found.name and with_name else ""
    away = _("{metres} m").format(metres=found.metres) if found.metres else _("beside it")
    if found.count == 1:
        return f"{_('a {thing}').format(thing=one)} ({name}{away})"
    return f"{in_a_word(found.count)} {several} ({_('nearest')}: {name}{away})"
