"""A problem profile as its page and its document take it: nothing is computed after this.

Made by `page.cleared_for_team` alone. Its counts are true and none is held back: it
is the team's own document. Public pages are made of other types, by another door.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peelian.publication.disclosed import (
        DisclosedMap,
        DisclosedMeasure,
        DisclosedPlaces,
        DisclosedSource,
        Ring,
    )
    from peelian.publication.profile.statements import Section, Statement

_OF_PLACES = "where.place."
# Whose figures stand in a list, under a chart or in a table: they are no part of the prose.
_APART = (_OF_PLACES, "changing.months.", "how.source.")


@dataclass(frozen=True)
class DisclosedProfile:
    """All that a profile says, in reading order.

    measures: what the profile is about, first where the priority says, then in the whole
    ward. apart: measures that follow police activity. places: what the map shows; None where
    none is ranked.
    """

    ward_code: str
    ward_name: str
    operator: str
    priority: str  # "Priority 2"; empty where the profile is of a measure
    title: str
    finding: str  # first on the page: which way it went, and how sure
    notice: str  # for whom it is
    made_town: str  # the ward file's own notice; empty where there is none
    day: str  # YYYY-MM-DD
    day_in_words: str
    statements: tuple[Statement, ...]
    measures: tuple[DisclosedMeasure, ...]
    apart: tuple[DisclosedMeasure, ...]
    places: DisclosedPlaces | None
    map: DisclosedMap
    streets_named: tuple[Ring, ...]  # as counted in; EPSG:27700, to the centimetre
    sources: tuple[DisclosedSource, ...]
    licence: str
    code_version: str
    seed: int

    def of(self, section: Section) -> tuple[Statement, ...]:
        """A section's statements in order, without those of a list, a chart or a table."""
        return tuple(
            s for s in self.statements if s.section == section and not s.id.startswith(_APART)
        )

    @property
    def place_statements(self) -> tuple[Statement, ...]:
        """One statement a place of the list, in its order."""
        return tuple(s for s in self.statements if s.id.startswith(_OF_PLACES))
