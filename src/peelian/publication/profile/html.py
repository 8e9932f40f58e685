"""The problem profile as one page: laid out from its statements, nothing computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelian.publication.charts import chart_patterns, scale_top
from peelian.publication.maps import base_map, places_map
from peelian.publication.profile.methods import METHODS
from peelian.publication.profile.statements import SECTIONS
from peelian.publication.site import markup, write_page

if TYPE_CHECKING:
    from peelian.publication.profile.disclosed import DisclosedProfile


def profile_page(profile: DisclosedProfile, *, lang: str = "en-GB") -> bytes:
    """The profile as a page that stands alone: no script, nothing fetched."""
    places = profile.places
    ground = drawn = ""
    if places is not None:
        ground = base_map(profile.map, numbered=[places.ranking.places])
        drawn = places_map(profile.map, places.ranking, corridor=places.corridor)
    return write_page(
        "profile.html",
        lang=lang,
        profile=profile,
        sections=SECTIONS,
        methods=METHODS,
        ground=markup(ground),
        patterns=markup(chart_patterns()),
        drawn=markup(drawn),
        top=scale_top(profile.measures),
        apart_top=scale_top(profile.apart) if profile.apart else None,
    )
