"""In what words a verdict is said, at the level that its design earns.

Level 2 says that records were lower; 3 and 4 that they fell more than in comparison places; 5 that
the response reduced them. A rise is said in the same words turned round, and where nothing moved
beyond chance, what is ruled out is said. How sure is said on the scale of `publication.wording`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isinf
from typing import TYPE_CHECKING

from peelian.assessment.effect import Difference, Effect
from peelian.assessment.verdict import LONGEST_MONTHS, Conclusion, EffectVerdict, Nearby, way_of
from peelian.publication.translation import _, ngettext
from peelian.publication.wording import (
    ABOUT_THE_SAME,
    ALMOST_CERTAIN,
    VERY_LIKELY,
    Certainty,
    compared_with_before,
    in_a_word,
    is_plural,
    number,
    sentence_case,
)

if TYPE_CHECKING:
    from peelian.assessment.verdict import Result

_LONG = 24  # months; above, years are easier to read
_CHANGED = (Conclusion.FELL, Conclusion.ROSE, Conclusion.MOVED_NEARBY, Conclusion.MOVED_HERE)


@dataclass(frozen=True)
class AssessedThing:
    """What was assessed, in words that stand inside a sentence.

    what: records, as "Recorded robbery". where: "at Curnock Estate". response: "extra patrol".
    since, until: "April 2018", "September 2018". shown: whether numbers of this place may be
    shown; where not, no percentage is given, because it would give them away.
    """

    what: str
    where: str
    response: str
    since: str
    until: str
    shown: bool = True


def certainty_of(verdict: EffectVerdict) -> Certainty:
    """How sure the verdict is, in a word of the fixed scale.

    With a check that failed, or another method that saw no change, no change is more than
    "likely", and none is "about the same".
    """
    ruled_out = verdict.ruled_out
    if verdict.main is None or ruled_out is None or verdict.conclusion not in _SURE:
        return "too few to say"
    shaken = bool(verdict.failed_checks or verdict.disagreeing)
    if verdict.conclusion is Conclusion.NO_CHANGE:
        near = max(-ruled_out[0], ruled_out[1]) <= ABOUT_THE_SAME
        return "about the same" if near and not shaken else "no clear change"
    if shaken or verdict.main.p_value >= VERY_LIKELY:
        return "likely"
    return "almost certain" if verdict.main.p_value < ALMOST_CERTAIN else "very likely"


_SURE = (*_CHANGED, Conclusion.NO_CHANGE)


def verdict_sentences(verdict: EffectVerdict, about: AssessedThing) -> tuple[str, ...]:
    """What may be said, the finding first: then how sure, nearby, doubts, and when it was designed.

    None of them says more than the interval and the level allow.
    """
    said = (
        _finding(verdict, about),
        _around(verdict, about),
        *_doubts(verdict),
        _earned(verdict),
        _designed(verdict),
    )
    return tuple(sentence_case(sentence) for sentence in said if sentence)


def _finding(verdict: EffectVerdict, about: AssessedThing) -> str:
    main = verdict.main
    if main is None:
        return _("{what} {where} cannot be assessed: {why}").format(
            what=about.what, where=about.where, why=verdict.why
        )
    if verdict.conclusion is Conclusion.NOT_ASSESSABLE:
        return _(
            "{what} {where} cannot be assessed: one method finds a fall and another a rise, each "
            "beyond chance."
        ).format(what=about.what, where=about.where)
    if verdict.conclusion is Conclusion.TOO_FEW:
        return _too_few(verdict, about)
    if verdict.conclusion is Conclusion.NO_CHANGE:
        return _no_change(verdict, about)
    fell = verdict.direction == "down"
    sure = _("a real fall is {sure}") if fell else _("a real rise is {sure}")
    return _("{claim}{numbers}; {sure}.").format(
        claim=_claim(verdict, about),
        numbers=_(": {n}").format(n=_numbers(verdict)) if about.shown else "",
        sure=sure.format(sure=_(certainty_of(verdict))),
    )


def _claim(verdict: EffectVerdict, about: AssessedThing) -> str:
    fell = verdict.direction == "down"
    fields = {
        "what": about.what, "where": about.where, "response": sentence_case(about.response)[:-1],
        "since": about.since, "until": about.until,
        "were": _("were") if is_plural(about.what) else _("was"),
        "object": about.what[:1].lower() + about.what[1:],
    }  # fmt: skip
    if verdict.maryland_level >= 5:
        said = (
            _("{response} reduced {object} {where}")
            if fell
            else (_("{response} increased {object} {where}"))
        )
    elif verdict.maryland_level >= 3:
        said = _("From {since} to {until} {what} {where} {moved} than in comparison places")
        fields["what"] = fields["object"]
        fields["moved"] = _moved_more(verdict)
    else:
        said = (
            _("{what} {where} {were} lower from {since} to {until} than before")
            if fell
            else (_("{what} {where} {were} higher from {since} to {until} than before"))
        )
    return said.format(**fields)


def _moved_more(verdict: EffectVerdict) -> str:
    """Fell more, or rose less: which of the two, where the place alone is known."""
    fell = verdict.direction == "down"
    alone = verdict.place_alone.estimate if verdict.place_alone else None
    if alone is None:
        return _("fell more, or rose less,") if fell else _("rose more, or fell less,")
    if fell:
        return _("fell more") if alone < 1 else _("rose less")
    return _("rose more") if alone > 1 else _("fell less")


def _no_change(verdict: EffectVerdict, about: AssessedThing) -> str:
    show = _("show") if is_plural(about.what) else _("shows")
    none = _(
        "{what} {where} {show} no change beyond chance from {since} to {until}, {against}"
    ).format(
        what=about.what, where=about.where, show=show, since=about.since, until=about.until,
        against=_against(verdict),
    )  # fmt: skip
    sure = _(certainty_of(verdict))
    if not about.shown or verdict.ruled_out is None:
        return _("{none}: {sure}.").format(none=none, sure=sure)
    low, high = verdict.ruled_out
    return _(
        "{none}: {numbers}. A fall of more than {low} % and a rise of more than {high} % are ruled "
        "out: {sure}."
    ).format(
        none=none, numbers=_numbers(verdict), sure=sure,
        low=max(0, _up(-100 * low)), high=max(0, _up(100 * high)),
    )  # fmt: skip


def _against(verdict: EffectVerdict) -> str:
    if verdict.maryland_level >= 5:
        return _("against the same kind of place without it")
    if verdict.maryland_level >= 3:
        return _("against comparison places")
    return _("against the time before")


def _too_few(verdict: EffectVerdict, about: AssessedThing) -> str:
    are = _("are") if is_plural(about.what) else _("is")
    few = _("{what} {where} {are} too few to say whether anything changed").format(
        what=about.what, where=about.where, are=are
    )
    numbers = _(": {n}").format(n=_numbers(verdict)) if about.shown else ""
    return _("{few}{numbers}. {time}").format(few=few, numbers=numbers, time=_time(verdict))


def _time(verdict: EffectVerdict) -> str:
    needed = verdict.months_needed
    if needed is None:
        return _(
            "At this rate, and as much as these records vary, it would not be known in {years} "
            "years."
        ).format(years=LONGEST_MONTHS // 12)
    months = ngettext("{n} month", "{n} months", needed).format(n=in_a_word(needed))
    if needed > _LONG:
        months = _("{n} years").format(n=in_a_word(-(-needed // 12)))
    return _(
        "At this rate it would take about {months} of records since the start, not {now}, to "
        "tell {what} from no change."
    ).format(
        months=months,
        now=ngettext("{n} month", "{n} months", verdict.months).format(n=in_a_word(verdict.months)),
        what=(
            _("a change by half")
            if isinstance(verdict.main, Difference)
            else _("a halving or a doubling")
        ),
    )


def _around(verdict: EffectVerdict, about: AssessedThing) -> str:
    is_change = verdict.conclusion in _CHANGED
    if verdict.nearby == "not looked at" and not is_change:
        return ""
    if verdict.conclusion in (Conclusion.MOVED_NEARBY, Conclusion.MOVED_HERE):
        rose = verdict.conclusion is Conclusion.MOVED_NEARBY
        said = (
            _("Nearby it rose at the same time{numbers}: it may have moved and not gone away.")
            if rose
            else _("Nearby it fell at the same time{numbers}: it may have moved here.")
        )
        return said.format(numbers=_nearby_numbers(verdict, about))
    return _NEARBY[verdict.nearby].format(numbers=_nearby_numbers(verdict, about))


_NEARBY: dict[Nearby, str] = {
    "not looked at": _("Whether it moved nearby was not looked at."),
    "fell": _("Nearby it fell{numbers}."),
    "rose": _("Nearby it rose{numbers}."),
    "no clear change": _("Nearby no change beyond chance was recorded{numbers}."),
    "too few to say": _("Whether it moved nearby cannot be told: the records there are too few."),
}


def _nearby_numbers(verdict: EffectVerdict, about: AssessedThing) -> str:
    if verdict.nearby_result is None or not about.shown:
        return ""
    return _(" ({n})").format(n=_interval(verdict.nearby_result))


def _doubts(verdict: EffectVerdict) -> Iterable[str]:
    """What came out otherwise: checks in their own sentences, then other methods."""
    for check in verdict.failed_checks:
        yield _("Against it: {says}").format(says=check.says)
    if verdict.conclusion is Conclusion.NOT_ASSESSABLE:
        return
    for other in verdict.disagreeing:
        way = {
            None: _("no change beyond chance"), "down": _("a fall"), "up": _("a rise"),
        }[way_of(other)]  # fmt: skip
        yield _("Another method ({design}) finds {way}.").format(design=other.design, way=way)


def _earned(verdict: EffectVerdict) -> str:
    """What the design cannot say, where a reader may hear it."""
    main = verdict.main
    if main is None or verdict.conclusion not in _CHANGED or verdict.maryland_level >= 5:
        return ""
    if verdict.maryland_level < 3 <= main.maryland_level:
        return _(
            "A check of what it is compared with failed, so that this says what was recorded, and "
            "not why."
        )
    if verdict.maryland_level < 3:
        return _(
            "Nothing was compared with places elsewhere: this says what was recorded, not why."
        )
    return _("Chance did not decide where the response came, so that other causes are possible.")


def _designed(verdict: EffectVerdict) -> str:
    if verdict.designed_first:
        return _("What would count as having worked was set down and sealed before it started.")
    return _("What would count as having worked was not set down before it started.")


def _numbers(verdict: EffectVerdict) -> str:
    """The estimate and its interval: "26 % fewer (from 40 % fewer to 8 % fewer, 95 % interval)"."""
    main = verdict.main
    assert main is not None
    interval = _interval(main)
    if main.estimate is None:
        return interval
    than = _(" than these would suggest") if 3 <= verdict.maryland_level < 5 else ""
    return _("{estimate}{than} ({interval})").format(
        estimate=_amount(main, main.estimate), than=than, interval=interval
    )


def _interval(result: Result) -> str:
    level = f"{100 * result.level:.4g}"
    low = _amount(result, result.low)
    if isinf(result.high):
        return _("from {low} to any number more, {level} % interval").format(low=low, level=level)
    return _("from {low} to {high}, {level} % interval").format(
        low=low, high=_amount(result, result.high), level=level
    )


def _amount(result: Result, value: float) -> str:
    """An end of the interval: a share where it is a ratio, records where it is a number."""
    if isinstance(result, Effect):
        return compared_with_before(value)
    records = round(abs(value))
    if records == 0:
        return _("as many records")
    fewer = ngettext("{n} record fewer", "{n} records fewer", records)
    more = ngettext("{n} record more", "{n} records more", records)
    return (fewer if value < 0 else more).format(n=number(records))


def _up(value: float) -> int:
    """Rounded away from nothing: what is ruled out is never more than the interval rules out."""
    return -int(-value // 1)
