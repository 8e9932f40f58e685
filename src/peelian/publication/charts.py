"""A measure's months as bars: SVG drawn by hand, in the page or on its own.

In the page one drawing serves every width: positions across are per cent of the plot, so
a phone and a desk get the same marks and the letters keep their size. Colours are classes
of the page's style sheet. On its own (`width_px`) the drawing has fixed positions and
carries its colours, for documents that know no style sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from peelian.publication.disclosed import DisclosedCount, DisclosedMeasure, DisclosedMonth
from peelian.publication.translation import _

_PLOT_PX = 168  # from the baseline to the top of the scale
_ABOVE_PX = 34  # room for labels over the highest bar
_BELOW_PX = 40  # room for months and years
_LEFT_PX = 34  # room for the scale's numbers; the page's style sheet pads by the same
_BASE_PX = _ABOVE_PX + _PLOT_PX
_HEIGHT_PX = _BASE_PX + _BELOW_PX
_NARROWEST_PX = 280  # labels that do not touch at this width touch at no other
_LETTER_PX = 6.4  # a letter of the labels, on average
_FEWEST_SLOTS = 12  # one month alone is not drawn as wide as the page
_ALONE = (
    "text{font:12px sans-serif;fill:#15201f}.grid{stroke:#d5dcdb}.axis,.break{stroke:#15201f}"
    ".bars{fill:#0b5d66}.held-back{stroke:#0b5d66}.before{fill:#15201f;stroke:#fff;"
    "stroke-width:1.5}.stripe{stroke:#51605f}.stripe-held{stroke:#0b5d66}"
    ".break,.pointer{stroke-dasharray:4 3}.pointer{stroke:#15201f}.halo{stroke:#fff;stroke-width:3;"
    "paint-order:stroke}"
)


@dataclass(frozen=True)
class _Plot:
    """From slots and records to positions."""

    slots: int
    top: float
    width_px: int | None

    def across(self, slot: float) -> str:
        """A position or a width, counted in slots from the left."""
        share = slot / self.slots
        return f"{100 * share:.4g}%" if self.width_px is None else f"{share * self.width_px:.1f}"

    def up(self, records: float) -> int:
        """Whole pixels from the top of the drawing to so many records."""
        return round(_BASE_PX - _PLOT_PX * min(records, self.top) / self.top)

    @property
    def slot_px(self) -> float:
        """How wide a month is where space is scarcest."""
        return (self.width_px or _NARROWEST_PX) / self.slots


def series_chart(
    measure: DisclosedMeasure,
    *,
    top: float | None = None,
    width_px: int | None = None,
) -> str:
    """Draw a measure's months as bars from zero, and the same months a year before as marks.

    A missing month is hatched over its whole height and says so; a count that is held back
    is hatched as high as it can be. top: the records at the top of the scale, where charts
    are to be compared (`scale_top`); otherwise the measure's own. width_px: draw on its own,
    so wide. The finding is the drawing's title and its text alternative.
    """
    plot = _Plot(max(len(measure.months), _FEWEST_SLOTS), top or scale_top([measure]), width_px)
    parts = [
        f'<title id="t-{escape(measure.id)}">{escape(measure.finding)}</title>',
        _hatches(measure.id),
        *_scale(plot),
        *_time(plot, measure.months),
        *_unseen(plot, measure),
        *_bars(plot, measure.months),
        *_year_before(plot, measure.months),
        *_unseen_words(plot, measure.months),
        *_values(plot, measure.months),
        *_breaks(plot, measure),
    ]
    return _frame(measure.id, plot, "".join(parts))


def scale_top(measures: Sequence[DisclosedMeasure]) -> float:
    """The top of a scale on which all of the measures fit: a round number above every bar."""
    highest = 4
    for measure in measures:
        for month in measure.months:
            for count in (month.count, month.year_before):
                highest = max(highest, (count and _highest(count)) or 0)
    step = _step(highest)
    return step * -(-highest // step)


def _step(highest: float) -> int:
    """A round distance between lines of the scale, so that three or four lines are drawn."""
    for size in (1, 10, 100, 1_000, 10_000, 100_000):
        for step in (2, 5, 10):
            if highest <= 4 * step * size:
                return step * size
    return 10_000_000


def _highest(count: DisclosedCount) -> int | None:
    """The largest number a count can be, as its words say; None where they do not."""
    if count.state == "shown":
        return count.value
    numbers = [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", count.text)]
    if count.state == "missing" or not numbers:
        return None
    return numbers[-1] - 1  # "fewer than 5"


def _frame(measure_id: str, plot: _Plot, inside: str) -> str:
    label = f'role="img" aria-labelledby="t-{escape(measure_id)}"'
    if plot.width_px is None:
        return f'<svg class="chart" {label} width="100%" height="{_HEIGHT_PX}">{inside}</svg>'
    width = plot.width_px + _LEFT_PX + 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {label} width="{width}" height="{_HEIGHT_PX}" '
        f'viewBox="{-_LEFT_PX} 0 {width} {_HEIGHT_PX}"><style>{_ALONE}</style>{inside}</svg>'
    )


def _hatches(measure_id: str) -> str:
    """Stripes for what is not known, and stripes the other way for what is held back."""
    box = 'width="6" height="6" patternUnits="userSpaceOnUse"'
    name = escape(measure_id)
    return (
        f'<defs><pattern id="gap-{name}" {box}>'
        f'<path class="stripe" d="M-1 7 7-1M-1 1 1-1M5 7 7 5"/></pattern>'
        f'<pattern id="held-{name}" {box}>'
        f'<path class="stripe-held" d="M-1-1 7 7M-1 5 1 7M5-1 7 1"/></pattern></defs>'
    )


def _scale(plot: _Plot) -> Iterator[str]:
    step = _step(plot.top)
    yield '<g text-anchor="end">'
    for records in range(0, int(plot.top) + 1, step):
        y = plot.up(records)
        kind = "grid" if records else "axis"
        yield f'<line class="{kind}" x2="{plot.across(plot.slots)}" y1="{y}" y2="{y}"/>'
        yield f'<text x="-8" y="{y + 4:g}">{records:,}</text>'
    yield "</g>"


def _time(plot: _Plot, months: Sequence[DisclosedMonth]) -> Iterator[str]:
    """Quarters by name where there is room, years below them."""
    quarters = len(months) <= 36
    for slot, month in enumerate(months):
        year, number = month.month.split("-")
        starts_year = number == "01" or slot == 0
        if starts_year:
            x = plot.across(slot)
            yield f'<line class="axis" x1="{x}" x2="{x}" y1="{_BASE_PX}" y2="{_HEIGHT_PX - 4}"/>'
        if quarters and number in ("01", "04", "07", "10"):
            name = escape(month.label.split()[0][:3])
            yield f'<text x="{plot.across(slot)}" dx="4" y="{_BASE_PX + 15}">{name}</text>'
        room = 12 - (int(number) - 1)  # slots to the next year's label
        if starts_year and (room * plot.slot_px > 34 or slot + room > len(months)):
            y = _BASE_PX + (31 if quarters else 15)
            yield f'<text class="year" x="{plot.across(slot)}" dx="4" y="{y}">{year}</text>'


def _stretched(
    plot: _Plot, kind: str, rectangles: Sequence[tuple[float, float, float, float]]
) -> str:
    """Upright rectangles (slot, top, slots wide, pixels high) as one path as wide as the plot.

    Ten units a slot across, one a pixel down: only the width is stretched.
    """
    path = "".join(f"M{10 * x:g} {y:g}h{10 * w:g}v{h:g}h{-10 * w:g}z" for x, y, w, h in rectangles)
    wide = "100%" if plot.width_px is None else plot.width_px
    return (
        f'<svg class="{kind}" width="{wide}" height="{_BASE_PX}" preserveAspectRatio="none" '
        f'viewBox="0 0 {10 * plot.slots} {_BASE_PX}"><path d="{path}"/></svg>'
    )


def _bars(plot: _Plot, months: Sequence[DisclosedMonth]) -> Iterator[str]:
    tops = [(slot, plot.up(m.count.value)) for slot, m in enumerate(months) if m.count.value]
    if tops:
        yield _stretched(plot, "bars", [(slot + 0.1, y, 0.8, _BASE_PX - y) for slot, y in tops])


def _runs(months: Sequence[DisclosedMonth]) -> Iterator[tuple[int, int, DisclosedCount]]:
    """Neighbouring months that are unseen for the same reason: first slot, how many, which."""
    start = 0
    while start < len(months):
        count = months[start].count
        end = start + 1
        if count.state != "shown":
            while end < len(months) and months[end].count == count:
                end += 1
            yield start, end - start, count
        start = end


def _unseen(plot: _Plot, measure: DisclosedMeasure) -> Iterator[str]:
    for start, length, count in _runs(measure.months):
        y = plot.up(_unseen_height(plot, count))
        pattern, kind = ("gap", "missing") if count.state == "missing" else ("held", "held-back")
        yield (
            f'<rect class="{kind}" fill="url(#{pattern}-{escape(measure.id)})" '
            f'x="{plot.across(start)}" y="{y}" width="{plot.across(length)}" '
            f'height="{_BASE_PX - y}"/>'
        )


def _unseen_height(plot: _Plot, count: DisclosedCount) -> float:
    """How many records a count could be at most: all of the scale where nothing is said."""
    highest = _highest(count)
    return plot.top if highest is None else highest


def _unseen_words(plot: _Plot, months: Sequence[DisclosedMonth]) -> Iterator[str]:
    last_label = -99.0
    for start, length, count in _runs(months):
        middle = start + length / 2
        if (middle - last_label) * plot.slot_px < 13:
            continue
        last_label = middle
        y = plot.up(_unseen_height(plot, count))
        top_px = y if y > _ABOVE_PX else None
        yield _unseen_label(plot, middle, length, top_px, count.text)


def _unseen_label(plot: _Plot, middle: float, length: int, top_px: float | None, text: str) -> str:
    """The words for a hatched stretch: level where they fit, upright where they do not."""
    if length * plot.slot_px >= len(text) * _LETTER_PX:
        y = _BASE_PX - _PLOT_PX / 2 if top_px is None else top_px - 6
        return (
            f'<text class="halo" x="{plot.across(middle)}" y="{y:g}" text-anchor="middle">'
            f"{escape(text)}</text>"
        )
    y = _BASE_PX - 8 if top_px is None else top_px - 6
    return (
        f'<svg x="{plot.across(middle)}" y="{y:g}" overflow="visible">'
        f'<text class="halo" transform="rotate(-90)" y="4">{escape(text)}</text></svg>'
    )


def _year_before(plot: _Plot, months: Sequence[DisclosedMonth]) -> Iterator[str]:
    known = {
        slot: plot.up(month.year_before.value)
        for slot, month in enumerate(months)
        if month.year_before is not None and month.year_before.value is not None
    }
    if not known:
        return
    yield _stretched(plot, "before", [(slot, y - 1, 1, 3) for slot, y in known.items()])
    yield _year_before_label(plot, months, known, _("a year before"))


def _year_before_label(
    plot: _Plot, months: Sequence[DisclosedMonth], known: dict[int, float], text: str
) -> str:
    """The words for the marks, over the lowest stretch that is wide enough for them."""
    tops = [
        min(known.get(slot, _BASE_PX), _mark_top(plot, month)) for slot, month in enumerate(months)
    ]
    for slot in _labelled(plot, months):
        tops[slot] -= 16
    wide = min(len(months), int(len(text) * _LETTER_PX / plot.slot_px) + 2)
    starts = range(max(0, min(known) - wide + 1), len(months) - wide + 1)
    start = max(starts, key=lambda s: (min(tops[s : s + wide]), s), default=0)
    y = max(min(tops[start : start + wide]) - 12, 12)
    inside = [s for s in known if start <= s < start + wide] or list(known)
    mark = min(inside, key=lambda s: abs(s - (start + wide / 2)))
    x = plot.across(mark + 0.5)
    return (
        f'<line class="pointer" x1="{x}" x2="{x}" y1="{y + 3:g}" y2="{known[mark] - 2}"/>'
        f'<text class="halo" x="{plot.across(start + wide / 2)}" y="{y:g}" text-anchor="middle">'
        f"{escape(text)}</text>"
    )


def _mark_top(plot: _Plot, month: DisclosedMonth) -> float:
    """How high the month's own mark and its words reach, in pixels from the top."""
    if month.count.state == "shown":
        return plot.up(month.count.value or 0)
    highest = _highest(month.count)
    return _ABOVE_PX if highest is None else plot.up(highest) - len(month.count.text) * _LETTER_PX


def _labelled(plot: _Plot, months: Sequence[DisclosedMonth]) -> list[int]:
    """The slots whose number is written: the last, the highest, and every measured zero."""
    shown = [slot for slot, month in enumerate(months) if month.count.value is not None]
    if not shown:
        return []
    last = shown[-1]
    highest = max(shown, key=lambda slot: months[slot].count.value or 0)
    slots = [slot for slot in shown if months[slot].count.value == 0]
    if highest != last and (last - highest) * plot.slot_px > 22:
        slots.append(highest)
    return sorted({*slots, last})


def _values(plot: _Plot, months: Sequence[DisclosedMonth]) -> Iterator[str]:
    for slot in _labelled(plot, months):
        month = months[slot]
        tops = [plot.up(month.count.value or 0)]
        if month.count.value and month.year_before and month.year_before.value is not None:
            tops.append(plot.up(month.year_before.value))
        yield (
            f'<text class="halo value" x="{plot.across(slot + 0.5)}" y="{min(tops) - 6:g}" '
            f'text-anchor="middle">{escape(month.count.text)}</text>'
        )


def _breaks(plot: _Plot, measure: DisclosedMeasure) -> Iterator[str]:
    slots = {month.month: slot for slot, month in enumerate(measure.months)}
    for found in measure.breaks:
        if found.month not in slots:
            continue
        slot = slots[found.month]
        x, late = plot.across(slot), slot > plot.slots / 2
        yield f'<line class="break" x1="{x}" x2="{x}" y1="4" y2="{_BASE_PX}"/>'
        yield (
            f'<text class="halo" x="{x}" dx="{-5 if late else 5}" y="13" '
            f'text-anchor="{"end" if late else "start"}">'
            f"{escape(_('recording changed'))}</text>"
        )
