"""The plan and each shift's briefing on paper: tagged PDFs on A4, laid out by Typst.

The layouts are `templates/plan.typ` and `templates/briefing.typ`. Text reaches them as data,
never as markup. A briefing is always one page: its letters grow smaller until it fits.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from peelian.publication.plan.map import in_words, plan_map_alone

if TYPE_CHECKING:
    from peelian.publication.plan.disclosed import DisclosedBriefing, DisclosedPlan

_TEMPLATES = Path(__file__).parents[1] / "templates"


def plan_document(plan: DisclosedPlan) -> bytes:
    """The plan as a PDF that a screen reader can follow (PDF/UA-1), dated as the plan is."""
    week = [[plan.shift_of(day, band, unit) for band, unit in plan.columns] for day in plan.days]
    data = {
        "plan": plan, "columns": plan.columns, "week": week, "map": plan_map_alone(plan),
        "map_in_words": in_words(plan),
    }  # fmt: skip
    return _compiled("plan.typ", data)


def briefing_document(plan: DisclosedPlan, briefing: DisclosedBriefing) -> bytes:
    """One shift of one unit on one page of A4."""
    about = {
        name: getattr(plan, name)
        for name in (
            "ward_name", "operator", "notice", "made_town", "snapshot_day", "version", "warning",
        )
    }  # fmt: skip
    return _compiled("briefing.typ", {"plan": about, "briefing": briefing})


def _compiled(layout: str, data: dict[str, Any]) -> bytes:
    import typst

    document: bytes = typst.compile(
        _layout(layout),
        format="pdf",
        sys_inputs={"data": msgspec.json.encode(data).decode()},
        ignore_system_fonts=True,
        pdf_standards="ua-1",
    )
    return document


@cache
def _layout(name: str) -> bytes:
    return (_TEMPLATES / name).read_bytes()
