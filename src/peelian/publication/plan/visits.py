"""A plan's visits as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelian.publication.csvw import Column, Table
from peelian.publication.translation import _

if TYPE_CHECKING:
    from peelian.publication.plan.disclosed import DisclosedPlan


def visits_table(plan: DisclosedPlan) -> Table:
    """Every planned visit, by shift and time."""
    return Table(
        name="visits.csv",
        title=_("Planned visits"),
        description=f"{plan.period}. {plan.notice}",
        columns=(
            Column("shift_id", _("Shift"), "string", _("Day, part of the day and unit.")),
            Column("unit", _("Unit"), "string", _("A call sign for the day, never a person.")),
            Column("mode", _("Mode"), "string", _("On foot, by cycle or by vehicle.")),
            Column("place_id", _("Place id"), "string", _("The same as in plan.json.")),
            Column("rank", _("Rank"), "integer", _("The place's number on the page and map.")),
            Column("place", _("Place"), "string", _("The place's name.")),
            Column("start", _("Start"), "datetime", _("The clock on the wall, Europe/London.")),
            Column("end", _("End"), "datetime", _("The same; the end is not part of it.")),
            Column("minutes", _("Minutes"), "integer", _("How long the visit lasts.")),
            Column("leave", _("Leave"), "datetime", _("When to set out for it.")),
            Column("metres", _("Metres"), "integer", _("The way to it, along the streets.")),
        ),
        key=("shift_id", "start"),
        rows=[
            (
                shift.shift_id, shift.unit, shift.mode, leg.place_id, leg.rank, leg.name,
                leg.arrives.isoformat(), leg.ends.isoformat() if leg.ends else "",
                leg.visit_minutes, leg.leaves.isoformat(), leg.metres,
            )
            for shift in plan.shifts
            for leg in shift.visits
        ],
        gaps="",
    )  # fmt: skip
