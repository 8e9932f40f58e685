"""The plan and each shift's briefing as pages: laid out, nothing computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelian.publication.plan.days import day_in_words
from peelian.publication.plan.map import plan_ground, plan_map
from peelian.publication.site import markup, write_page

if TYPE_CHECKING:
    from peelian.publication.plan.disclosed import DisclosedBriefing, DisclosedPlan

_STYLE = "plan.css"


def plan_page(plan: DisclosedPlan, *, lang: str = "en-GB") -> bytes:
    """The plan as a page that stands alone: no script, nothing fetched."""
    return write_page(
        "plan.html",
        lang=lang,
        also=_STYLE,
        plan=plan,
        day_in_words=day_in_words,
        ground=markup(plan_ground(plan)),
        drawn=markup(plan_map(plan)),
    )


def briefing_page(
    plan: DisclosedPlan, briefing: DisclosedBriefing, *, lang: str = "en-GB"
) -> bytes:
    """One shift of one unit, for a phone at night and one sheet of paper."""
    return write_page("briefing.html", lang=lang, also=_STYLE, plan=plan, briefing=briefing)
