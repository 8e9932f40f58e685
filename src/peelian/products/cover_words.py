"""What a ward's cover comes to, a sentence at a time: the finding first, then how sure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peelian.analysis.time_of_week import SHIFTS
from peelian.core import week

if TYPE_CHECKING:
    from peelian.products.cover import WardCover
    from peelian.response.cover import BandCover, CoverFound, ShortStretch
    from peelian.response.cover_changes import RosterChange
    from peelian.response.roster import WeeklyShift

DAYS = tuple(day.capitalize() for day in week.DAYS)
_LATER_BANDS = ("late", "night")


def cover_sentences(found: WardCover) -> Iterator[str]:
    """The finding of a ward's cover: its fit, what is short, and the smallest change."""
    yield from _fits(found)
    yield from _short(found)
    yield from _late(found)
    yield _change(found)


def of_concern(found: WardCover) -> str:
    """What the shares are of: records, or concern where people said when it is."""
    return "records" if found.months is not None else "concern"


def percent(share: float) -> str:
    """A share to the whole per cent."""
    return f"{100 * share:.0f} %"


def _fits(found: WardCover) -> Iterator[str]:
    kinds = (
        ("Rostered", found.rostered),
        ("Planned", found.planned),
        ("Delivered", found.delivered),
    )
    for name, cover in kinds:
        if cover is not None:
            yield (
                f"{name} hours: {percent(cover.fit.estimate)}{_sure(cover)} of them fall in the "
                f"same hours as {of_concern(found)}."
            )


def _sure(cover: CoverFound) -> str:
    fit = cover.fit
    if fit.low is None or fit.high is None:
        return ""
    words = f" (allowing for chance, from {percent(fit.low)} to {percent(fit.high)}"
    return f"{words}: too few to say)" if fit.is_too_few_to_say else f"{words})"


def _short(found: WardCover) -> Iterator[str]:
    cover, kind = (
        (found.delivered, "delivered") if found.delivered else (found.rostered, "rostered")
    )
    if cover.stretches:
        worst = cover.stretches[0]
        yield (
            f"Most short: {_stretch(worst)}, with {percent(worst.concern)} of {of_concern(found)} "
            f"and {percent(worst.cover)} of {kind} hours."
        )


def _stretch(found: ShortStretch) -> str:
    return f"{_hour(found.first)} to {_hour(found.first + found.hours)}"


def _hour(hour: int) -> str:
    return f"{DAYS[hour // 24 % 7]} {hour % 24:02d}:00"


def _late(found: WardCover) -> Iterator[str]:
    """Of the week's late hours and nights, whether cover is missing."""
    for band in found.rostered.bands:
        if band.day is None and band.band in _LATER_BANDS:
            first, end = SHIFTS[band.band]
            yield (
                f"{band.band.capitalize()} hours ({first:02d}:00 to {end:02d}:00): "
                f"{percent(band.concern)}{_band_sure(band)} of {of_concern(found)}, "
                f"{percent(band.cover)} of rostered hours{_verdict(band)}."
            )


def _band_sure(band: BandCover) -> str:
    if band.low is None or band.high is None:
        return ""
    return f" ({percent(band.low)} to {percent(band.high)})"


def _verdict(band: BandCover) -> str:
    if band.is_surely_short:
        return ": shifts are missing here"
    if band.low is None:
        return ": fewer than people ask for" if band.short > 0 else ""
    return ": short, but chance alone could make it so" if band.short > 0 else ""


def _change(found: WardCover) -> str:
    change = found.change
    if change is None:
        if found.reach is not None and found.rostered.fit.estimate >= found.reach - 1e-9:
            return f"No change is needed: the roster reaches {percent(found.reach)}."
        return "No single change of a shift makes the fit better."
    begin = "The best single change"
    if change.reaches:
        begin = f"The smallest change that reaches {percent(found.reach or 0)}"
    elif change.reaches is False:
        begin = f"No single change reaches {percent(found.reach or 0)}; the best"
    return (
        f"{begin}: {change_in_words(change)}, {change.hours:g} unit-hours. The fit goes from "
        f"{percent(change.before)} to {percent(change.after)}{_gain(change)}."
    )


def _gain(change: RosterChange) -> str:
    if change.gain_low is None or change.gain_high is None:
        return ""
    low, high = (f"{100 * gain:.1f}" for gain in (change.gain_low, change.gain_high))
    words = f" (allowing for chance and for being picked, a gain of {low} to {high} points"
    return f"{words}: too few to say that it helps)" if change.is_too_few_to_say else f"{words})"


def change_in_words(change: RosterChange) -> str:
    """What to do: "begin unit A's late shift on Friday at 17:00 instead of 14:00"."""
    new, old = change.becomes, change.shift
    if old is None:
        return f"one more shift, {DAYS[new.day]} {clock(new.start)} to {_end(new)}"
    whose = f"unit {old.unit}'s {old.band} shift"
    if change.kind == "day":
        return f"move {whose} from {DAYS[old.day]} to {DAYS[new.day]}"
    return f"begin {whose} on {DAYS[old.day]} at {clock(new.start)} instead of {clock(old.start)}"


def clock(minutes: int) -> str:
    """Minutes from midnight as a time of the day."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _end(shift: WeeklyShift) -> str:
    return clock(shift.start + shift.minutes)
