"""The problem profile on paper: a tagged PDF on A4, laid out by Typst.

The layout is in `templates/profile.typ`. Text reaches it as data, never as markup.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from peelian.publication.charts import scale_top, series_chart
from peelian.publication.profile.map import map_alone
from peelian.publication.profile.statements import SECTIONS

if TYPE_CHECKING:
    from peelian.publication.profile.disclosed import DisclosedProfile

_LAYOUT = Path(__file__).parents[1] / "templates" / "profile.typ"
_CHART_PX = 760  # on 170 mm: letters of about 7.5 pt


def profile_document(profile: DisclosedProfile) -> bytes:
    """The profile as a PDF that a screen reader can follow (PDF/UA-1), dated as the profile is."""
    import typst

    tops = {False: scale_top(profile.measures), True: scale_top(profile.apart or profile.measures)}
    charts = {
        measure.id: series_chart(measure, top=tops[measure in profile.apart], width_px=_CHART_PX)
        for measure in (*profile.measures, *profile.apart)
    }
    drawn = map_alone(profile.map, profile.places) if profile.places else ""
    data = {
        "profile": profile,
        "sections": SECTIONS,
        "in_section": {section: profile.of(section) for section in SECTIONS},
        "places": profile.place_statements,
        "charts": charts,
        "map": drawn,
    }
    document: bytes = typst.compile(
        _layout(),
        format="pdf",
        sys_inputs={"data": msgspec.json.encode(data).decode()},
        ignore_system_fonts=True,
        pdf_standards="ua-1",
    )
    return document


@cache
def _layout() -> bytes:
    return _LAYOUT.read_bytes()
