"""Small tables beside a plan: cover of the hours of concern, and who gets the minutes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peelian.products.cover_words import cover_sentences
from peelian.publication.plan.disclosed import DisclosedTable
from peelian.publication.translation import _
from peelian.publication.wording import number

if TYPE_CHECKING:
    from peelian.products.cover import WardCover
    from peelian.products.fairness import PlanFairness
    from peelian.products.patrol_plan.document import PlanDocument


def tables_beside(document: PlanDocument) -> Iterator[DisclosedTable]:
    """Cover and fairness, as far as the store and the tasking file can tell them."""
    if document.cover is not None:
        yield _cover(document.cover)
    if document.fairness is not None:
        yield _fairness(document.fairness)


def _cover(found: WardCover) -> DisclosedTable:
    """Parts of the day over the whole week: their share of concern, and of hours."""
    planned = found.planned.bands if found.planned else ()
    of_plan = {band.band: band for band in planned if band.day is None}
    return DisclosedTable(
        id="cover",
        title=_("Hours of patrol against hours of concern"),
        says=(*cover_sentences(found), *found.notices),
        head=(_("Part of the day"), _("Of concern"), _("Of rostered hours"), _("Of the plan")),
        rows=tuple(
            (
                band.band,
                _percent(band.concern),
                _percent(band.cover),
                _percent(of_plan[band.band].cover) if band.band in of_plan else "–",
            )
            for band in found.rostered.bands
            if band.day is None
        ),
    )


def _fairness(found: PlanFairness) -> DisclosedTable:
    """Minutes by LSOA, in order of code: looked at afterwards, never fed back."""
    planned = found.planned
    says = [
        _(
            "Looked at after the plan was made, and never fed back into it: the plan follows "
            "records, not who lives where. The boundaries are those of {set}."
        ).format(set=found.boundary_set),
        *filter(None, [planned.why_not]),
        *found.notices,
    ]
    if found.outside >= 1:
        says.append(
            _("{n} planned minutes lie outside these areas, over the ward's line.").format(
                n=number(round(found.outside))
            )
        )
    return DisclosedTable(
        id="fairness",
        title=_("Who gets the minutes"),
        says=tuple(says),
        head=(
            _("LSOA"), _("Minutes"), _("Residents"), _("Minutes for 1,000"),
            _("Fifth by deprivation (1: most)"),
        ),
        rows=tuple(
            (
                f"{area.name} ({area.code})" if area.name else area.code,
                number(round(area.minutes)),
                "–" if area.residents is None else number(area.residents),
                "–" if area.per_thousand is None else number(round(area.per_thousand)),
                "–" if area.fifth is None else str(area.fifth),
            )
            for area in planned.areas
        ),
    )  # fmt: skip


def _percent(share: float) -> str:
    return _("{n} %").format(n=round(100 * share))
