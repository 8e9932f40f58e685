"""Where things stand on a chart: from months and records to positions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from peelian.publication.disclosed import DisclosedCount, DisclosedMeasure

PLOT_PX = 168  # from the baseline to the top of the scale
ABOVE_PX = 34  # room for labels over the highest bar
_BELOW_PX = 40  # room for months and years
LEFT_PX = 34  # room for the scale's numbers; the page's style sheet pads by the same
BASE_PX = ABOVE_PX + PLOT_PX
HEIGHT_PX = BASE_PX + _BELOW_PX
_NARROWEST_PX = 280  # labels that do not touch at this width touch at no other
LETTER_PX = 6.4  # a letter of the labels, on average
FEWEST_SLOTS = 12  # one month alone is not drawn as wide as the page


@dataclass(frozen=True)
class Plot:
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
        return round(BASE_PX - PLOT_PX * min(records, self.top) / self.top)

    def up_to(self, count: DisclosedCount) -> int:
        """The same for a count, as high as it can be: to the top where nothing is known."""
        highest = highest_of(count)
        return self.up(self.top if highest is None else highest)

    @property
    def slot_px(self) -> float:
        """How wide a month is where space is scarcest."""
        return (self.width_px or _NARROWEST_PX) / self.slots


def scale_top(measures: Sequence[DisclosedMeasure]) -> float:
    """The top of a scale on which all of the measures fit: a round number above every bar."""
    highest = 4
    for measure in measures:
        for month in measure.months:
            for count in (month.count, month.year_before):
                highest = max(highest, (count and highest_of(count)) or 0)
    step = step_of(highest)
    return step * -(-highest // step)


def step_of(highest: float) -> int:
    """A round distance between lines of the scale, so that two to five lines are drawn."""
    for size in (1, 10, 100, 1_000, 10_000, 100_000):
        for step in (2, 5, 10):
            if highest <= 5 * step * size:
                return step * size
    return 10_000_000


def highest_of(count: DisclosedCount) -> int | None:
    """The largest number a count can be, as its words say; None where they do not."""
    if count.state == "shown":
        return count.value
    numbers = [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", count.text)]
    if count.state == "missing" or not numbers:
        return None
    return numbers[-1] - 1  # "fewer than 5"
