"""How sure a test is, in the words of wording's fixed scale."""

from __future__ import annotations

from peelian.publication.translation import _
from peelian.publication.wording import ALMOST_CERTAIN, VERY_LIKELY

LIKELY = 0.05


def sure_of(p_value: float) -> str:
    """The word for a finding that chance alone would make this often."""
    if p_value < ALMOST_CERTAIN:
        return _("almost certain")
    if p_value < VERY_LIKELY:
        return _("very likely")
    return _("likely") if p_value < LIKELY else _("chance could do this")


def by_chance(p_value: float) -> str:
    """How often chance alone would do as much: "less than once in 1,000 times"."""
    if p_value >= LIKELY:
        return _("chance alone would do as much in about {n} of 100 cases").format(
            n=max(5, round(100 * p_value))
        )
    limit = next((n for n in (1000, 100) if p_value < 1 / n), 20)
    return _("chance alone would do as much less than once in {n:,} times").format(n=limit)
