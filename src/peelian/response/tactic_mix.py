"""What a plan is made of: enforcement, visibility, prevention, support, engagement.

A plan that leans on enforcement alone is asked about, never blocked: what keeps a problem away
when the officers have left is for the team to answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from peelian.core.errors import InputError

Tactic = Literal[
    "visibility", "enforcement", "stop_search", "target_hardening", "design_out", "diversion",
    "engagement", "partner", "disruption",
]  # fmt: skip
Kind = Literal["enforcement", "visibility", "prevention", "support", "engagement"]

TACTICS: tuple[Tactic, ...] = get_args(Tactic)
KINDS: tuple[Kind, ...] = get_args(Kind)
TACTIC_WORDS: Mapping[Tactic, str] = MappingProxyType(
    {tactic: tactic.replace("_", " ") for tactic in TACTICS} | {"stop_search": "stop and search"}
)
KIND_OF: Mapping[Tactic, Kind] = MappingProxyType(
    {
        "visibility": "visibility",
        "enforcement": "enforcement",
        "stop_search": "enforcement",
        "disruption": "enforcement",
        "target_hardening": "prevention",
        "design_out": "prevention",
        "diversion": "support",
        "partner": "support",
        "engagement": "engagement",
    }
)

_ALL_ENFORCEMENT = (
    "Every tactic that this plan names is enforcement: what prevention, support or engagement "
    "would keep the problem away once officers have left?"
)
_WITH_VISIBILITY = (
    "This plan names enforcement and visible patrol and nothing else: what prevention, support "
    "or engagement would keep the problem away once officers have left?"
)


@dataclass(frozen=True)
class TacticMix:
    """How many of a plan's tactics are of each kind.

    counts: every kind, in the order of `KINDS`. unnamed: promises whose tactic nobody has
    named, which no share counts. question: one sentence to put to the team, or "". These count
    what was promised or chosen, not hours; `response.dosage` tells hours.
    """

    counts: Mapping[Kind, int]
    unnamed: int
    question: str

    @property
    def named(self) -> int:
        """How many tactics are counted."""
        return sum(self.counts.values())

    @property
    def shares(self) -> Mapping[Kind, float]:
        """Each kind's share of the tactics named, from 0 to 1; all 0 where none is named."""
        return {kind: count / max(self.named, 1) for kind, count in self.counts.items()}


def tactic_mix(tactics: Iterable[str]) -> TacticMix:
    """Count a plan's tactics by kind, and ask about one that is enforcement alone.

    tactics: one a promise or chosen option, of `TACTICS`, or "" for one that nobody has named.
    Searches and disruption are enforcement; work with partners is support. A plan of visible
    patrol alone is not asked about. Another word is an InputError.
    """
    found = list(tactics)
    for each in found:
        if each and each not in KIND_OF:
            raise InputError(
                f"A tactic is one of {', '.join(TACTICS)}; found {each!r}. Use one of those, or "
                f"leave it empty where it is not known."
            )
    seen = Counter(KIND_OF[tactic] for tactic in TACTICS for each in found if each == tactic)
    counts = MappingProxyType({kind: seen[kind] for kind in KINDS})
    return TacticMix(counts, sum(not each for each in found), _question(counts))


def _question(counts: Mapping[Kind, int]) -> str:
    lasting = counts["prevention"] + counts["support"] + counts["engagement"]
    if lasting or not counts["enforcement"]:
        return ""
    return _WITH_VISIBILITY if counts["visibility"] else _ALL_ENFORCEMENT
