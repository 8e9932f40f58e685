"""A measure's months as bars: SVG drawn by hand, in the page or on its own.

In the page one drawing serves every width: positions across are per cent of the plot, so
a phone and a desk get the same marks and the letters keep their size. Colours are classes
of the page's style sheet. On its own (`width_px`) the drawing has fixed positions and
carries its colours, for documents that know no style sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from peelian.publication.chart_plot import (
    BASE_PX,
    FEWEST_SLOTS,
    HEIGHT_PX,
    LEFT_PX,
    Plot,
    highest_of,
    scale_top,
    step_of,
)
from peelian.publication.chart_words import (
    heights_before,
    unseen_runs,
    unseen_words,
    value_words,
    year_before_words,
)
from peelian.publication.disclosed import DisclosedMeasure, DisclosedMonth
from peelian.publication.translation import _

__all__ = ["chart_patterns", "scale_top", "series_chart"]

_YEAR_PX, _SHORT_YEAR_PX = 42, 24  # 2018 and ’18, in bold, with air

_ALONE = (
    "text{font:12px sans-serif;fill:#15201f}.grid{stroke:#d5dcdb}.axis,.break{stroke:#15201f}"
    ".bars{fill:#6fa0a6}.now{fill:#0b5d66}.pale{fill:#e3eef0}.dot{fill:#0b5d66}.before{fill:#15201f;stroke:#fff;"
    "stroke-width:1.5}.stripe{stroke:#51605f}.stripe-held{stroke:#6fa0a6}"
    ".break,.pointer{stroke-dasharray:4 3}.pointer{stroke:#15201f}.halo{stroke:#fff;stroke-width:3;"
    "paint-order:stroke}"
)


def series_chart(
    measure: DisclosedMeasure,
    *,
    top: float | None = None,
    width_px: int | None = None,
) -> str:
    """Draw a measure's months as bars from zero, and marks of a year before on those compared.

    A missing month is hatched over its whole height and says so; a count that is held back
    is a pale band as high as it can be, or dots where it can be any. In a page the patterns
    are those of `chart_patterns`, once. top: the records at the top of the scale, where charts
    are to be compared (`scale_top`); otherwise the measure's own. width_px: draw on its own,
    so wide. The finding is the drawing's title and its text alternative.
    """
    plot = Plot(max(len(measure.months), FEWEST_SLOTS), top or scale_top([measure]), width_px)
    parts = [
        f'<title id="t-{escape(measure.id)}">{escape(measure.finding)}</title>',
        "" if width_px is None else f"<defs>{chart_patterns(f'-{escape(measure.id)}')}</defs>",
        *_scale(plot),
        *_time(plot, measure.months),
        *_unseen(plot, measure),
        *_bars(plot, measure),
        *_year_before(plot, measure),
        *unseen_words(plot, measure.months),
        *year_before_words(plot, measure, below_px=24 if measure.breaks else 10),
        *value_words(plot, measure.months),
        *_breaks(plot, measure),
    ]
    return _frame(measure.id, plot, "".join(parts))


def _frame(measure_id: str, plot: Plot, inside: str) -> str:
    label = f'role="img" aria-labelledby="t-{escape(measure_id)}"'
    if plot.width_px is None:
        return f'<svg class="chart" {label} width="100%" height="{HEIGHT_PX}">{inside}</svg>'
    width = plot.width_px + LEFT_PX + 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {label} width="{width}" height="{HEIGHT_PX}" '
        f'viewBox="{-LEFT_PX} 0 {width} {HEIGHT_PX}"><style>{_ALONE}</style>{inside}</svg>'
    )


def chart_patterns(suffix: str = "") -> str:
    """Stripes for what is not known; for what is held back a pale band, or dots without a limit.

    suffix: of their names, so that drawings that stand alone can share a document.
    """
    box = 'width="8" height="8" patternUnits="userSpaceOnUse"'
    return (
        f'<pattern id="gap{suffix}" {box}>'
        f'<path class="stripe" d="M-2 10 10-2M-2 2 2-2M6 10 10 6"/></pattern>'
        f'<pattern id="held{suffix}" {box}><path class="pale" d="M0 0h8v8H0z"/>'
        f'<path class="stripe-held" d="M-2-2 10 10M-2 6 2 10M6-2 10 2"/></pattern>'
        f'<pattern id="any{suffix}" {box}><circle class="dot" cx="4" cy="4" r="1"/></pattern>'
    )


def _scale(plot: Plot) -> Iterator[str]:
    step = step_of(plot.top)
    yield '<g text-anchor="end">'
    for records in range(0, int(plot.top) + 1, step):
        y = plot.up(records)
        kind = "grid" if records else "axis"
        yield f'<line class="{kind}" x2="{plot.across(plot.slots)}" y1="{y}" y2="{y}"/>'
        yield f'<text x="-8" y="{y + 4:g}">{records:,}</text>'
    yield "</g>"


def _time(plot: Plot, months: Sequence[DisclosedMonth]) -> Iterator[str]:
    """Quarters by name where there is room, years below them."""
    quarters = len(months) <= 36
    foot = BASE_PX + (36 if quarters else 20)
    full = 12 * plot.slot_px > _YEAR_PX
    for slot, month in enumerate(months):
        year, number = month.month.split("-")
        starts_year = number == "01" or slot == 0
        if starts_year:
            x = plot.across(slot)
            yield f'<line class="axis" x1="{x}" x2="{x}" y1="{BASE_PX}" y2="{foot}"/>'
        if quarters and number in ("01", "04", "07", "10"):
            name = escape(month.label.split()[0][:3])
            yield f'<text x="{plot.across(slot)}" dx="4" y="{BASE_PX + 15}">{name}</text>'
        room = 12 - (int(number) - 1)  # slots to the next year's label
        wide = _YEAR_PX if full else _SHORT_YEAR_PX
        if starts_year and (room * plot.slot_px > wide or slot + room > len(months)):
            y, text = BASE_PX + (31 if quarters else 15), year if full else f"’{year[2:]}"
            yield f'<text class="year" x="{plot.across(slot)}" dx="4" y="{y}">{text}</text>'


def _stretched(
    plot: Plot, kind: str, rectangles: Sequence[tuple[float, float, float, float]]
) -> str:
    """Upright rectangles (slot, top, slots wide, pixels high) as one path as wide as the plot.

    Ten units a slot across, one a pixel down: only the width is stretched.
    """
    path = "".join(f"M{10 * x:g} {y:g}h{10 * w:g}v{h:g}h{-10 * w:g}z" for x, y, w, h in rectangles)
    wide = "100%" if plot.width_px is None else plot.width_px
    return (
        f'<svg class="{kind}" width="{wide}" height="{BASE_PX}" preserveAspectRatio="none" '
        f'viewBox="0 0 {10 * plot.slots} {BASE_PX}"><path d="{path}"/></svg>'
    )


def _bars(plot: Plot, measure: DisclosedMeasure) -> Iterator[str]:
    """A bar a month; those that the sentence compares stand out where it compares any."""
    compared = measure.compared.after_months if measure.compared else ()
    kinds: dict[str, list[tuple[float, float, float, float]]] = {"bars": [], "bars now": []}
    for slot, month in enumerate(measure.months):
        if month.count.value:
            y = plot.up(month.count.value)
            now = not compared or month.month in compared
            kinds["bars now" if now else "bars"].append((slot + 0.1, y, 0.8, BASE_PX - y))
    for kind, bars in kinds.items():
        if bars:
            yield _stretched(plot, kind, bars)


def _unseen(plot: Plot, measure: DisclosedMeasure) -> Iterator[str]:
    """Stripes over months that are missing or held back, as high as the count can be."""
    suffix = "" if plot.width_px is None else f"-{escape(measure.id)}"
    for start, length, count in unseen_runs(measure.months):
        y = plot.up_to(count)
        kind = "missing" if count.state == "missing" else "held-back"
        pattern = "any" if highest_of(count) is None else "held"
        yield (
            f'<rect class="{kind}" fill="url(#{"gap" if kind == "missing" else pattern}{suffix})" '
            f'x="{plot.across(start)}" y="{y}" width="{plot.across(length)}" '
            f'height="{BASE_PX - y}"/>'
        )


def _year_before(plot: Plot, measure: DisclosedMeasure) -> Iterator[str]:
    """A mark across a month at the height of the same month a year before."""
    marks = [(slot, y - 1, 1, 3) for slot, y in heights_before(plot, measure).items()]
    if marks:
        yield _stretched(plot, "before", marks)


def _breaks(plot: Plot, measure: DisclosedMeasure) -> Iterator[str]:
    slots = {month.month: slot for slot, month in enumerate(measure.months)}
    for found in measure.breaks:
        if found.month not in slots:
            continue
        slot = slots[found.month]
        x, late = plot.across(slot), slot > plot.slots / 2
        yield f'<line class="break" x1="{x}" x2="{x}" y1="4" y2="{BASE_PX}"/>'
        yield (
            f'<text class="halo" x="{x}" dx="{-5 if late else 5}" y="13" '
            f'text-anchor="{"end" if late else "start"}">'
            f"{escape(_('recording changed'))}</text>"
        )
