"""The words on a chart's marks, set so that few touch at the width of a phone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from peelian.publication.chart_plot import ABOVE_PX, BASE_PX, LETTER_PX, PLOT_PX, Plot, highest_of
from peelian.publication.disclosed import DisclosedCount, DisclosedMonth
from peelian.publication.translation import _


def unseen_runs(months: Sequence[DisclosedMonth]) -> Iterator[tuple[int, int, DisclosedCount]]:
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


def unseen_words(plot: Plot, months: Sequence[DisclosedMonth]) -> Iterator[str]:
    """What is written on months that are missing or held back; none where two would touch."""
    last = -99.0
    for start, length, count in unseen_runs(months):
        middle = start + length / 2
        if (middle - last) * plot.slot_px >= 13:
            last = middle
            y = plot.up_to(count)
            top_px = y if y > ABOVE_PX else None
            yield _unseen_label(plot, middle, length, top_px, count.text)


def _unseen_label(plot: Plot, middle: float, length: int, top_px: float | None, text: str) -> str:
    """The words for a hatched stretch: level where they fit, upright where they do not."""
    if length * plot.slot_px >= len(text) * LETTER_PX:
        y = BASE_PX - PLOT_PX / 2 if top_px is None else top_px - 6
        return (
            f'<text class="halo" x="{plot.across(middle)}" y="{y:g}" text-anchor="middle">'
            f"{escape(text)}</text>"
        )
    y = BASE_PX - 8 if top_px is None else top_px - 6
    return (
        f'<svg x="{plot.across(middle)}" y="{y:g}" overflow="visible">'
        f'<text class="halo" transform="rotate(-90)" y="4">{escape(text)}</text></svg>'
    )


def year_before_words(plot: Plot, months: Sequence[DisclosedMonth]) -> Iterator[str]:
    """The words for the marks of a year before, over the mark with most room above it."""
    known = {
        slot: plot.up(month.year_before.value)
        for slot, month in enumerate(months)
        if month.year_before is not None and month.year_before.value is not None
    }
    if not known:
        return
    text = _("a year before")
    tops = [
        min(known.get(slot, BASE_PX), _mark_top(plot, month)) for slot, month in enumerate(months)
    ]
    for slot in _labelled(plot, months):
        tops[slot] -= 16
    half = len(text) * LETTER_PX / plot.slot_px / 2
    best = -1.0, 0.0, 0
    for slot in known:
        middle = min(max(slot + 0.5, half), plot.slots - half)
        first, last = int(middle - half), int(middle + half)
        best = max(best, (min(tops[max(first, 0) : last + 1]), middle, slot))
    room, middle, slot = best
    y, x = max(room - 12, 12), plot.across(slot + 0.5)
    yield f'<line class="pointer" x1="{x}" x2="{x}" y1="{y + 3:g}" y2="{known[slot] - 2}"/>'
    yield (
        f'<text class="halo" x="{plot.across(middle)}" y="{y:g}" text-anchor="middle">'
        f"{escape(text)}</text>"
    )


def _mark_top(plot: Plot, month: DisclosedMonth) -> float:
    """How high the month's own mark and its words reach, in pixels from the top."""
    if month.count.state == "shown":
        return plot.up(month.count.value or 0)
    highest = highest_of(month.count)
    return ABOVE_PX if highest is None else plot.up(highest) - len(month.count.text) * LETTER_PX


def _labelled(plot: Plot, months: Sequence[DisclosedMonth]) -> list[int]:
    """The slots whose number is written; not the highest where it would touch the last."""
    shown = [slot for slot, month in enumerate(months) if month.count.value is not None]
    if not shown:
        return []
    last = shown[-1]
    highest = max(shown, key=lambda slot: months[slot].count.value or 0)
    slots = [slot for slot in shown if months[slot].count.value == 0]
    if highest != last and (last - highest) * plot.slot_px > 22:
        slots.append(highest)
    return sorted({*slots, last})


def value_words(plot: Plot, months: Sequence[DisclosedMonth]) -> Iterator[str]:
    """The last number, the highest, and every measured zero, over their bars."""
    for slot in _labelled(plot, months):
        month = months[slot]
        tops = [plot.up(month.count.value or 0)]
        if month.count.value and month.year_before and month.year_before.value is not None:
            tops.append(plot.up(month.year_before.value))
        yield (
            f'<text class="halo value" x="{plot.across(slot + 0.5)}" y="{min(tops) - 6:g}" '
            f'text-anchor="middle">{escape(month.count.text)}</text>'
        )
