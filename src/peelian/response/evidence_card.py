"""An evidence card: what is known about one tactic, by EMMIE, and how well it is known.

EMMIE is Effect, Mechanism, Moderator, Implementation, Economics (Johnson, Tilley and Bowers
2015, doi:10.1007/s11292-015-9238-7). The scale of strength is this program's own, coarser than
the toolkit's, and is stated once, in `STRENGTHS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from peelian.response.tactic_mix import Tactic

Strength = Literal["strong", "moderate", "limited", "mixed", "not_known"]
Design = Literal["review", "trial", "comparison", "before_after", "association", "interviews"]

# How well it is shown that the tactic lessens the problem; best shown first.
STRENGTHS: Mapping[Strength, str] = MappingProxyType(
    {
        "strong": "a review of many studies, trials among them, finds less crime",
        "moderate": "a review of comparisons, or several careful ones, find less crime",
        "limited": "few studies, or associations alone, and they point to less crime",
        "mixed": "good studies disagree, find no effect, or find harm beside a small effect",
        "not_known": "no study found here could tell",
    }
)

DESIGNS: Mapping[Design, str] = MappingProxyType(
    {
        "review": "systematic review",
        "trial": "randomised trial",
        "comparison": "compared with other places or people",
        "before_after": "before and after, nothing to compare with",
        "association": "association in records or a survey",
        "interviews": "interviews or observation",
    }
)


class Finding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a source found.

    estimate: in `unit`, below zero for less of the outcome; low and high its 95 % interval, or
    `no_interval` says why there is none here. None where the source gives no figure worth
    repeating. checked: the figure was read in the source, in its abstract or where the source
    is quoted (`Source.read_as`); where it is false the figure is from memory of the published
    paper.
    """

    says: str
    outcome: str
    design: Design
    source: str  # the key of a source
    checked: bool
    studies: int | None = None
    estimate: float | None = None
    unit: str = ""  # "% change"
    low: float | None = None
    high: float | None = None
    no_interval: str = ""


class DoseParameter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of the tactic a source says to give."""

    name: str
    value: str
    source: str
    checked: bool


class PoorFit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A problem that the tactic does not suit, by its measure, and why."""

    measure: str
    reason: str


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a finding was published, and what was read of it.

    year: of publication; of reading, where the page has no date and the citation says so.
    url: where it was read, where that is not the publisher's own page. read_as: "quoted" for a
    figure read where others quote it.
    """

    key: str
    citation: str
    year: int
    doi: str = ""
    url: str = ""
    read_as: Literal["article", "abstract", "summary", "quoted", ""] = ""  # "": not read here
    read_on: str = ""  # YYYY-MM-DD


class EvidenceCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The strict form of a card's YAML file; a text may name a source by its key: [braga-2019].

    suits: ids of the measures of the problems that it suits. settle_first: what to settle
    before it is used, the law above all.
    """

    id: str
    title: str
    tactic: Tactic
    what: str
    strength: Strength
    why_strength: str
    effect: tuple[Finding, ...]
    mechanism: str
    moderators: str
    implementation: str
    economics: str
    harms: str
    harms_fall_on: str
    settle_first: str
    suits: tuple[str, ...]
    does_not_suit: tuple[PoorFit, ...] = ()
    dose: tuple[DoseParameter, ...] = ()
    sources: tuple[Source, ...]
    author: str
    reviewed: str  # YYYY-MM-DD
    review_due: str

    @property
    def from_memory(self) -> int:
        """How many of its findings and doses were not read in a source."""
        checked = [*(each.checked for each in self.effect), *(each.checked for each in self.dose)]
        return checked.count(False)
