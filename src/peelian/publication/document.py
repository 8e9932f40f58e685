"""The page as a document for the panel's meeting: a tagged PDF on A4, laid out by Typst.

The layout is in `templates/panel.typ`. Text reaches it as data, never as markup, and the
fonts are those that come with Typst, so the same page gives the same bytes anywhere.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from peelian.publication.charts import scale_top, series_chart
from peelian.publication.disclosed import DisclosedWardPage, measures_of

_LAYOUT = Path(__file__).parent / "templates" / "panel.typ"
_CHART_PX = 760  # on 170 mm: letters of about 7.5 pt


def panel_document(page: DisclosedWardPage) -> bytes:
    """The ward's page as a PDF that a screen reader can follow (PDF/UA-1).

    It holds the state, each priority with its charts, claims and commitments, the places in
    order, what cannot be known, and the sources. Its date is the snapshot's.
    """
    import typst

    data = msgspec.json.encode({"page": page, "charts": _charts(page)}).decode()
    document: bytes = typst.compile(
        _layout(),
        format="pdf",
        sys_inputs={"data": data},
        ignore_system_fonts=True,
        pdf_standards="ua-1",
    )
    return document


@cache
def _layout() -> bytes:
    return _LAYOUT.read_bytes()


def _charts(page: DisclosedWardPage) -> dict[str, str]:
    """Every measure's chart by its id; charts of one measure share their scale."""
    measures = list(measures_of(page))
    return {
        measure.id: series_chart(
            measure,
            top=scale_top([m for m in measures if m.measure_id == measure.measure_id]),
            width_px=_CHART_PX,
        )
        for measure in measures
    }
