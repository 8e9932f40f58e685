"""A measure: what is counted, from which record, and what it cannot tell."""

from __future__ import annotations

from typing import Literal

import msgspec

from peelian.core.crimes import POLICE_GENERATED_TYPES

OPEN_SOURCES = ("police.uk", "police.uk-api")
# Stands for any organisation's own extract, by whatever name its column map gives it.
ANY_EXTRACT = "force-extract"


class SeriesBreak(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Counts before and after are not counts of the same thing."""

    first_month: str  # YYYY-MM, the first month after the break
    force: str  # police.uk's force id; "all" for every force
    reason: str


class Measure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The strict form of a measure's YAML file.

    crime_types: slugs counted, for `records: crimes`. flags: an exact extract's flags that a
    row must have, all of them. sources: where the rows may come from, best first, one at a time;
    "force-extract" is any extract. is_proxy: what is counted stands in for what is meant, and
    `proxy_for` says for what.
    """

    id: str
    title: str
    definition: str
    why_it_matters: str
    records: Literal["crimes", "stops"]
    unit: str
    crime_types: list[str] = []
    flags: list[str] = []
    sources: list[str] = msgspec.field(default_factory=lambda: ["police.uk"])
    is_proxy: bool
    proxy_for: str = ""
    police_generated: bool
    series_breaks: list[SeriesBreak] = []
    author: str
    reviewed: str  # YYYY-MM-DD
    review_due: str

    @property
    def police_made_types(self) -> tuple[str, ...]:
        """Those of its crime types that mostly exist because police looked, in order."""
        return tuple(sorted(POLICE_GENERATED_TYPES & set(self.crime_types)))

    @property
    def holds_police_made(self) -> bool:
        """Whether any of what it counts, or all, follows where police looked."""
        return self.police_generated or bool(self.police_made_types)

    def preference(self, source: str) -> int | None:
        """How early a source stands among those the measure may be counted from; None: it may not.

        source: as the store names it.
        """
        accepted = source if source in OPEN_SOURCES else ANY_EXTRACT
        return self.sources.index(accepted) if accepted in self.sources else None
