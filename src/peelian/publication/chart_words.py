"""The words on a chart's marks, set so that few touch at the width of a phone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from peelian.publication.chart_plot import ABOVE_PX, BASE_PX, LETTER_PX, PLOT_PX, Plot
from peelian.publication.disclosed import DisclosedCount, DisclosedMeasure, DisclosedMonth
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
    """What is written on months that are missing or held back."""
    for start, length, count in _named_runs(plot, months):
        y = plot.up_to(count)
        top_px = y if y > ABOVE_PX else None
        yield _unseen_label(plot, start + length / 2, length, top_px, count.text)


def _named_runs(
    plot: Plot, months: Sequence[DisclosedMonth]
) -> list[tuple[int, int, DisclosedCount]]:
    """The runs that bear words: every missing one that has room, of the others the widest.

    Held-back months are many where a ward is small; the same words on each hide the bars.
    """
    runs = list(unseen_runs(months))
    widest = {count.text: max(n for _s, n, c in runs if c == count) for _start, _n, count in runs}
    named: list[tuple[int, int, DisclosedCount]] = []
    for start, length, count in runs:
        if count.state != "missing" and widest.get(count.text) != length:
            continue
        end = named[-1][0] + named[-1][1] / 2 if named else -99
        if (start + length / 2 - end) * plot.slot_px >= 13:
            named.append((start, length, count))
            if count.state != "missing":
                del widest[count.text]
    return named


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


def heights_before(plot: Plot, measure: DisclosedMeasure) -> dict[int, int]:
    """Where the marks of a year before stand: slot to pixels.

    On the months that the sentence compares, or the last twelve where it compares none: six
    years of marks are a thicket. A month without data bears none.
    """
    last = [month.month for month in measure.months[-12:]]
    marked = measure.compared.after_months if measure.compared else last
    return {
        slot: plot.up(month.year_before.value)
        for slot, month in enumerate(measure.months)
        if month.month in marked
        and month.count.state != "missing"
        and month.year_before is not None
        and month.year_before.value is not None
    }


def year_before_words(plot: Plot, measure: DisclosedMeasure, *, below_px: int) -> Iterator[str]:
    """The words for the marks of a year before, over the mark with most room above it."""
    months = measure.months
    known = heights_before(plot, measure)
    if not known:
        return
    text = _("a year before")
    tops = [
        min(known.get(slot, BASE_PX), plot.up_to(month.count)) for slot, month in enumerate(months)
    ]
    labelled = _labelled(plot, months)
    for slot in labelled:
        tops[slot] -= 16
    for start, length, count in _named_runs(plot, months):
        tops[start + length // 2] -= round(len(count.text) * LETTER_PX)
    wide = len(text) * LETTER_PX / plot.slot_px
    rooms = []
    for slot in [s for s in known if s not in labelled] or known:
        anchor, left = "middle", slot + 0.5 - wide / 2
        if left < 0:
            anchor, left = "start", slot
        elif left + wide > plot.slots:
            anchor, left = "end", slot + 1 - wide
        first, last = max(int(left), 0), int(left + wide)
        rooms.append((min(tops[first : last + 1]), slot, anchor))
    room, slot, anchor = max(rooms)
    y, x = max(room - 12, below_px + 2), plot.across(slot + 0.5)
    nudge = {"start": -4, "middle": 0, "end": 4}[anchor]
    yield f'<line class="pointer" x1="{x}" x2="{x}" y1="{y + 3:g}" y2="{known[slot] - 2}"/>'
    yield (
        f'<text class="halo" x="{x}" dx="{nudge}" y="{y:g}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )


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
