"""When: the season, the hours of the week, and whether one record soon follows another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peelian.products.problem_profile import Unanswered
from peelian.publication import wording
from peelian.publication.profile.about import what_of
from peelian.publication.profile.certainty import LIKELY, by_chance, sure_of
from peelian.publication.profile.season import season_statement
from peelian.publication.profile.statements import RECORDS, Figure, Statement, not_known
from peelian.publication.translation import _

if TYPE_CHECKING:
    from peelian.analysis.near_repeat import NearRepeat
    from peelian.analysis.time_of_week import HoursOfWeek, ShiftShare
    from peelian.products.problem_profile import ProblemProfile
    from peelian.scanning.exact_share import Share

_DAYS = tuple(_("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split())


def when_statements(profile: ProblemProfile) -> Iterator[Statement]:
    """The months of the year; the hours and the days, or why they are not known."""
    yield season_statement(profile)
    when, what = profile.when, what_of(profile, profile.main)
    if isinstance(when.hours, Unanswered):
        yield _refused("hours", _("Hour and day of the week"), when.hours)
        return
    yield _peak(when.hours, what)
    if when.hours.records:
        yield _shifts(when.hours)
        yield _weekdays(when.weekdays)
    if when.hours.set_aside or when.hours.without_time or when.hours.a_day_or_longer:
        yield _left_out(when.hours)
    if isinstance(when.near_repeat, Unanswered):
        yield _refused("near-repeat", _("Near repeats"), when.near_repeat)
    else:
        yield _repeats(when.near_repeat)


def _refused(name: str, question: str, found: Unanswered) -> Statement:
    sure = _("cannot be measured")
    return not_known(f"when.{name}", "when", question, found.why, sure=sure)


def _peak(found: HoursOfWeek, what: str) -> Statement:
    number = wording.number(found.records)
    if found.peak is None or found.peak.is_too_few_to_say:
        text = _("{what}: {n} records have times, too few to say at what hours most fall.").format(
            what=what, n=number
        )
        few: dict[str, Figure] = {"records": found.records}
        return Statement("when.hours", "when", text, few, _("too few to say"), "hours", RECORDS)
    band = found.peak.band
    text = _("{what}: most from {hours}, {share} of {n} records with times.").format(
        what=what, hours=_clock(band), share=_in_words(band), n=number
    )
    sure = _("likely") if band.is_unlike_even else _("no clear change")
    figures = _figures(band, "peak") | {"records": found.records}
    return Statement("when.hours", "when", text, figures, sure, "hours", RECORDS)


def _shifts(found: HoursOfWeek) -> Statement:
    said, figures = [], dict[str, Figure](records=found.records)
    for shift in found.shift_bands:
        said.append(f"{_(shift.name)} ({_clock(shift)}) {_in_words(shift)}")
        figures |= _figures(shift, shift.name)
    text = _("By shift: {shifts}.").format(shifts="; ".join(said))
    return Statement("when.shifts", "when", text, figures, "", "hours", RECORDS)


def _weekdays(days: tuple[Share, ...]) -> Statement:
    most = max(range(len(days)), key=lambda day: days[day].part)
    found = days[most]
    figures: dict[str, Figure] = {"even_per_cent": round(100 / len(days)), "level": found.level}
    for name, day in zip(_DAYS, days, strict=True):
        figures[name] = day.part
    figures |= {
        "share_per_cent": round(100 * (found.estimate or 0)),
        "low_per_cent": round(100 * found.low),
        "high_per_cent": round(100 * found.high),
    }
    if found.low <= 1 / len(days):
        text, sure = _("No day of the week stands out."), _("no clear change")
    else:
        text = _("Most on {day}: {share} % ({low} to {high}); an even week has {even} %.").format(
            day=_DAYS[most],
            share=figures["share_per_cent"],
            low=figures["low_per_cent"],
            high=figures["high_per_cent"],
            even=figures["even_per_cent"],
        )
        sure = _("likely")
    return Statement("when.weekdays", "when", text, figures, sure, "hours", RECORDS)


def _left_out(found: HoursOfWeek) -> Statement:
    said = []
    if found.without_time:
        said.append(_("{n} records have no time").format(n=wording.number(found.without_time)))
    if found.set_aside:
        said.append(
            _("{n} dated at midnight to the second are taken to have no time").format(
                n=wording.number(found.set_aside)
            )
        )
    if found.a_day_or_longer:
        said.append(
            _("{n} lie in intervals of a day or longer, which say nothing of the hour").format(
                n=wording.number(found.a_day_or_longer)
            )
        )
    figures: dict[str, Figure] = {
        "without_time": found.without_time,
        "set_aside": found.set_aside,
        "a_day_or_longer": found.a_day_or_longer,
    }
    text = wording.sentence_case(wording.join(said))
    return Statement("when.left-out", "when", text, figures, "", "hours", RECORDS)


def _repeats(found: NearRepeat) -> Statement:
    """Whether a record is soon followed by another at the same place, or close by."""
    said, figures = [], dict[str, Figure](records=found.records, replicates=found.replicates)
    least = 1.0
    for kind, words in (("repeat", _("at the same place")), ("near", _("close by"))):
        cell = found.of("repeat" if kind == "repeat" else "near")[0]
        figures |= {
            f"{kind}_observed": cell.observed,
            f"{kind}_expected": cell.expected,
            f"{kind}_p_value": cell.p_value,
            f"{kind}_days": round(cell.to_days),
            f"{kind}_within_m": round(cell.to_m),
            f"{kind}_chance": by_chance(cell.p_value),
        }
        if cell.p_value < LIKELY:
            least = min(least, cell.p_value)
            said.append(
                _("{n} pairs {where} less than {days} days apart, where {expected:.1f} were to be "
                  "expected").format(
                    n=wording.number(cell.observed), where=words, days=round(cell.to_days),
                    expected=cell.expected,
                )
            )  # fmt: skip
    text = (
        _("One record soon follows another: {pairs}.").format(pairs=wording.join(said))
        if said
        else _("No sign that one record soon follows another, at the same place or close by.")
    )
    sure = sure_of(least) if said else _("no clear change")
    return Statement("when.near-repeat", "when", text, figures, sure, "near-repeat", RECORDS)


def _clock(band: ShiftShare) -> str:
    return _("{first:02d}:00 to {end:02d}:00").format(
        first=band.hours[0], end=(band.hours[-1] + 1) % 24
    )


def _in_words(band: ShiftShare) -> str:
    return _("{share} % ({low} to {high})").format(
        share=round(100 * band.share), low=round(100 * band.low), high=round(100 * band.high)
    )


def _figures(band: ShiftShare, name: str) -> dict[str, Figure]:
    return {
        f"{name}_hours": _clock(band),
        f"{name}_records": band.records,
        f"{name}_per_cent": round(100 * band.share),
        f"{name}_low_per_cent": round(100 * band.low),
        f"{name}_high_per_cent": round(100 * band.high),
        f"{name}_even_per_cent": round(100 * band.even_share),
    }
