"""In what words a number is said: the finding first, then the number, then how sure.

The scale of certainty is fixed, and every page uses it the same:

    almost certain   chance alone would do this less than once in 1,000 times
    very likely      less than once in 100 times
    likely           less than once in 20 times: the 95 % interval excludes no change
    about the same   the interval lies within 10 % of no change, on both sides
    no clear change  it holds no change, and neither a halving nor a doubling
    too few to say   it holds no change, and a halving or a doubling as well

"Significant" is no word of this file, and what is known is always what was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isinf
from typing import TYPE_CHECKING, Literal

from peelian.core.months import MonthSpan
from peelian.publication.translation import _, ngettext

if TYPE_CHECKING:
    from peelian.core.counts import Series
    from peelian.core.measures import Measure
    from peelian.core.months import Month
    from peelian.core.results import PersistenceClass, RateRatio, Verdict
    from peelian.core.wards import Commitment, CommitmentStatus
    from peelian.publication.disclosed import DisclosedCount

Certainty = Literal[
    "almost certain", "very likely", "likely",
    "about the same", "no clear change", "too few to say",
]  # fmt: skip

# In the ward, in the part of it that a priority names, or in the ward where that part is told
# as well.
Where = Literal["in_ward", "in_part", "beside_part"]

ALMOST_CERTAIN = 0.001
VERY_LIKELY = 0.01
ABOUT_THE_SAME = 0.10

VERDICTS: dict[Verdict, str] = {
    "supported": _("Supported by the records"),
    "not_supported": _("Not supported by the records"),
    "cannot_be_measured": _("Cannot be measured with these data"),
    "no_evidence_yet": _("No evidence yet"),
}
STATUSES: dict[CommitmentStatus, str] = {
    "planned": _("Planned"),
    "in_progress": _("In progress"),
    "done": _("Done"),
    "not_done": _("Not done"),
    "no_evidence": _("No evidence yet"),
}
PERSISTENCE: dict[PersistenceClass, str] = {
    "new": _("New: clearly above average only lately"),
    "intensifying": _("Clearly above average more than once, and rising"),
    "persistent": _("Clearly above average half the time or more"),
    "diminishing": _("Clearly above average half the time or more, but falling"),
    "sporadic": _("Seldom or never clearly above average"),
    "historical": _("Clearly above average in the past, not lately"),
}
_COUNTED = tuple(_("no one two three four five six seven eight nine ten eleven twelve").split(" "))


def number(value: int) -> str:
    """A count with thousands separated: 4,163."""
    return f"{value:,}"


def in_a_word(value: int) -> str:
    """A small number as a word, a larger one in figures: three; 14."""
    return _COUNTED[value] if 0 <= value < len(_COUNTED) else number(value)


def sentence_case(text: str) -> str:
    """The text with a capital first and a full stop last; empty stays empty."""
    text = text.strip()
    return (
        text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".") * bool(text)
    )


def join(items: Iterable[str]) -> str:
    """A list as a reader would write it: a, b and c."""
    *first, last = items
    return _("{first} and {last}").format(first=", ".join(first), last=last) if first else last


def recorded(measure: Measure) -> str:
    """The measure's title, saying that what is known is what was recorded."""
    title = measure.title
    if title.startswith(("Record", "All ")):
        return title
    return _("Recorded {what}").format(what=title[:1].lower() + title[1:])


def is_plural(what: str) -> bool:
    """Whether a measure's title asks for "are": records, offences; not robbery."""
    return what.startswith("Records") or what.endswith(("offences", "records"))


def within(what: str, where: Where) -> str:
    """What was counted, and in which part of the ward where a priority is of a part."""
    if where == "in_part":
        return _("{what} in the streets named").format(what=what)
    return _("{what} in the whole ward").format(what=what) if where == "beside_part" else what


def certainty(ratio: RateRatio) -> Certainty:
    """How sure a change is, in a word of the fixed scale."""
    if ratio.direction is not None:
        if ratio.p_value < ALMOST_CERTAIN:
            return "almost certain"
        return "very likely" if ratio.p_value < VERY_LIKELY else "likely"
    if ratio.low >= 1 - ABOUT_THE_SAME and ratio.high <= 1 + ABOUT_THE_SAME:
        return "about the same"
    return "too few to say" if ratio.is_too_few_to_say else "no clear change"


def compared_with_before(ratio: float) -> str:
    """A rate ratio in words: "26 % fewer", "as many", "2.4 times as many"."""
    percent = round(100 * abs(ratio - 1))
    if round(ratio, 1) == 2:
        return _("twice as many")
    if ratio > 2:
        return _("{times:.1f} times as many").format(times=ratio)
    if percent == 0:
        return _("as many")
    return (_("{n} % more") if ratio > 1 else _("{n} % fewer")).format(n=percent)


def _chance(ratio: RateRatio) -> str:
    """The interval in words, from its lower to its upper end."""
    if isinf(ratio.high):
        return _("{low} or any number more").format(low=compared_with_before(ratio.low))
    return _("{low} to {high}").format(
        low=compared_with_before(ratio.low), high=compared_with_before(ratio.high)
    )


def change_sentence(
    what: str,
    ratio: RateRatio,
    *,
    before: DisclosedCount,
    after: DisclosedCount,
    missing: Series | None = None,
) -> str:
    """What changed against the same months a year before, with numbers and how sure.

    before, after: as they may be shown; where either may not, no percentage is given,
    because it would give the number away. missing: the series whose months that are left
    out, and whose breaks, are to be said.
    """
    sentences = [
        _("{what}: {after} in {months}, {before} in the same months a year before.").format(
            what=what, after=after.text, before=before.text, months=_compared_months(ratio)
        ),
        _how_much(ratio, shown=before.state == after.state == "shown"),
    ]
    if missing is not None:
        sentences += [*_left_out(ratio, missing), *_broken(ratio, missing)]
    return " ".join(s for s in sentences if s)


def _compared_months(ratio: RateRatio) -> str:
    held, asked = len(ratio.compared), len(ratio.span)
    if asked == 1:
        return ratio.span.in_words
    if held == asked:
        return _("the last {n} months").format(n=in_a_word(asked))
    return _("{held} of the last {n} months").format(held=in_a_word(held), n=in_a_word(asked))


def _how_much(ratio: RateRatio, *, shown: bool) -> str:
    if not shown:
        return _("Numbers this small are not shown, and no percentage is given with them.")
    if ratio.estimate is None:
        if ratio.after == 0:
            return _("Nothing was recorded in either year: too few to say.")
        return _("There is no percentage of nothing: {sure}.").format(sure=_sure(ratio))
    found = compared_with_before(ratio.estimate)
    found = _("the same number") if found == _("as many") else found
    if certainty(ratio) in ("too few to say", "no clear change"):
        return _(
            "That is {found}, but chance alone could give anything from {chance}: {sure}."
        ).format(found=found, chance=_chance(ratio), sure=_sure(ratio))
    return _("That is {found}; allowing for chance, from {chance}: {sure}.").format(
        found=found, chance=_chance(ratio), sure=_sure(ratio)
    )


def _sure(ratio: RateRatio) -> str:
    scale = certainty(ratio)
    if ratio.direction is None:
        return _(scale)
    return (_("a rise is {sure}") if ratio.direction == "up" else _("a fall is {sure}")).format(
        sure=_(scale)
    )


def _left_out(ratio: RateRatio, series: Series) -> list[str]:
    """A sentence for each month of the span that is not compared, and why."""
    left_out = []
    for month in ratio.span:
        if month not in ratio.compared:
            gap = month if series.at(month) is None else month.plus(-12)
            why = series.missing.get(gap, _("not held")).strip().rstrip(".")
            left_out.append(
                _("{name} is left out: {why} ({month}).").format(
                    name=month.in_words.split()[0], why=_lower_first(why), month=gap.in_words
                )
            )
    return left_out


def _broken(ratio: RateRatio, series: Series) -> list[str]:
    first, last = ratio.compared[0].plus(-12), ratio.compared[-1]
    return [
        _("The two years are not quite alike: {why}").format(why=sentence_case(why))
        for month, why in sorted(series.breaks.items())
        if first < month <= last
    ]


def _lower_first(text: str) -> str:
    """The text without its capital, unless the first word is a name or an abbreviation."""
    starts_plainly = text.split(" ", 1)[0] in {"The", "No", "Not", "Only", "A", "An", "This"}
    return text[:1].lower() + text[1:] if starts_plainly else text


def trend(
    what: str, ratio: RateRatio | None, *, shown: bool = True, where: Where = "in_ward"
) -> str:
    """One clause of state: which way a measure went, and whether one can be sure of it."""
    are = _("are") if is_plural(what) else _("is")
    what = within(what, where)
    if ratio is None:
        return _("{what} cannot be compared with a year ago.").format(what=what)
    if not shown or (ratio.before == ratio.after == 0):
        return _("{what} {are} too few to compare with a year ago.").format(what=what, are=are)
    if certainty(ratio) == "about the same" or ratio.before == ratio.after:
        return _("{what} {are} about the same as a year ago.").format(what=what, are=are)
    if certainty(ratio) == "no clear change":
        show = _("show") if are == _("are") else _("shows")
        return _("{what} {show} no clear change from a year ago.").format(what=what, show=show)
    lower = ratio.after < ratio.before
    way = _("lower") if lower else _("higher")
    if ratio.direction is None:
        return _(
            "{what} {are} {way} than a year ago, but the numbers are too small to be sure."
        ).format(what=what, are=are, way=way)
    real = _("a real fall is {sure}") if lower else _("a real rise is {sure}")
    return _("{what} {are} {way} than a year ago; {real}.").format(
        what=what, are=are, way=way, real=real.format(sure=_(certainty(ratio)))
    )


@dataclass(frozen=True)
class Trend:
    """A clause of state, and whether it tells of a change beyond chance.

    unclear_of: what shows no clear change, where it does: several are said in one sentence.
    """

    words: str
    is_sure: bool
    unclear_of: str = ""


def status_of(commitment: Commitment) -> str:
    """A promise's status in words; words alone are not called evidence."""
    if commitment.status == "in_progress" and commitment.reported and not commitment.evidence:
        return _("Reported in words, without evidence")
    return STATUSES[commitment.status]


def without_evidence(statuses: Sequence[CommitmentStatus]) -> str:
    """How many promises have nothing to show for them, not even words; empty where none has."""
    open_ones = sum(status == "no_evidence" for status in statuses)
    if not open_ones:
        return ""
    if len(statuses) == 1:
        return _("The one commitment has no evidence yet.")
    return ngettext(
        "{open} of {n} commitments has no evidence yet.",
        "{open} of {n} commitments have no evidence yet.",
        open_ones,
    ).format(open=number(open_ones), n=number(len(statuses)))


def state_of_ward(
    priorities: int, trends: Sequence[Trend], statuses: Sequence[CommitmentStatus]
) -> str:
    """The first sentence of the page: how many priorities, which way, and what is owed.

    A change that one can be sure of comes before those that may be chance, and what shows no
    clear change comes last, together.
    """
    many = ngettext("{n} priority.", "{n} priorities.", priorities).format(n=in_a_word(priorities))
    many = many if priorities or not trends else ""
    ordered = sorted(trends, key=lambda trend: not trend.is_sure)
    unclear = list(dict.fromkeys(trend.unclear_of for trend in trends if trend.unclear_of))
    together = ""
    if len(unclear) > 1:
        ordered = [trend for trend in ordered if not trend.unclear_of]
        what = join([unclear[0], *(u.replace("Recorded", "recorded", 1) for u in unclear[1:])])
        together = _("{what} show no clear change from a year ago.").format(what=what)
    clauses = dict.fromkeys(trend.words for trend in ordered)
    said = [sentence_case(many), *clauses, together, without_evidence(statuses)]
    return " ".join(s for s in said if s)


def held_months(span: MonthSpan, missing: Iterable[Month]) -> str:
    """The months held: "January 2016 to March 2018, 26 of 27 months"."""
    gone = sum(month in span for month in missing)
    if not gone:
        return ngettext("{span}, {n} month", "{span}, all {n} months", len(span)).format(
            span=span.in_words, n=len(span)
        )
    return _("{span}, {held} of {n} months").format(
        span=span.in_words, held=len(span) - gone, n=len(span)
    )


def months_in_words(months: Sequence[Month]) -> str:
    """Months as spans: "January 2016 to February 2016, April 2016 to March 2018"."""
    runs = groupby(enumerate(sorted(set(months))), key=lambda pair: pair[1].plus(-pair[0]))
    spans = [[month for _position, month in run] for _first, run in runs]
    return ", ".join(MonthSpan(span[0], span[-1]).in_words for span in spans)


@dataclass(frozen=True)
class ExpectedWords:
    """What a place is expected to have, as shown."""

    value: float
    text: str


def expected_records(expected: float, low: float, high: float, months: int) -> ExpectedWords:
    """Records expected at a place, to the whole: "6 expected in three months (2 to 11)".

    A finer figure would let somebody work back to the months that it was made of.
    """
    whole = round(expected)
    text = _("{n} expected in {months} ({low} to {high})").format(
        n=number(whole) if whole else _("fewer than 1"),
        months=ngettext("one month", "{n} months", months).format(n=in_a_word(months)),
        low=number(round(low)),
        high=number(round(high)),
    )
    return ExpectedWords(max(0.5, float(whole)), text)
