"""What the watch found: places that newly have more records than is usual there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peelian.core.months import MonthSpan
from peelian.products.problem_profile import Unanswered
from peelian.publication import wording
from peelian.publication.profile.certainty import by_chance, sure_of
from peelian.publication.profile.statements import RECORDS, Figure, Statement, not_known
from peelian.publication.translation import _

if TYPE_CHECKING:
    from peelian.products.watch import WatchReport
    from peelian.scanning.alert_history import AlertState, PlaceAlert, WardBurst

_STATES: dict[AlertState, str] = {
    "new": _("Newly unusual"),
    "going on": _("Unusual and going on"),
    "as a year before": _("As high as a year before, above the rest of the year"),
}


def watch_statements(
    found: WatchReport | Unanswered, *, beside_clusters: bool
) -> Iterator[Statement]:
    """A line a place that is unusual, or that none is; then how such lines turned out before.

    beside_clusters: the search for clusters found some in the ward, which the watch need not.
    """
    if isinstance(found, Unanswered):
        question = _("Newly unusual places")
        yield not_known("changing.watch", "changing", question, found.why)
        return
    alerts = (*found.alerts, *found.police_generated)
    bursts = (*found.bursts, *found.police_generated_bursts)
    for number, alert in enumerate(alerts, start=1):
        yield _place(alert, f"changing.watch.{number}")
    for burst in bursts:
        yield _burst(burst)
    if not alerts and not bursts:
        yield _nothing(found, beside_clusters=beside_clusters)
    yield _past(found)


def _place(found: PlaceAlert, id_: str) -> Statement:
    months = MonthSpan(found.months[0], found.months[-1]).in_words
    text = _(
        "{state}, since {since}: {place}, {observed} in {months}, where {low} to {high} were to be "
        "expected; {chance}."
    ).format(
        state=_STATES[found.state],
        since=found.since.in_words,
        place=found.name,
        observed=wording.number(found.observed),
        months=months,
        low=wording.number(found.low),
        high=wording.number(found.high),
        chance=by_chance(found.p_value),
    )
    figures: dict[str, Figure] = {
        "place": found.name,
        "state": found.state,
        "since": found.since.in_words,
        "months": months,
        "observed": found.observed,
        "expected": found.expected,
        "low": found.low,
        "high": found.high,
        "level": found.level,
        "p_value": found.p_value,
        "chance": by_chance(found.p_value),
    }
    return Statement(id_, "changing", text, figures, sure_of(found.p_value), "watch", RECORDS)


def _burst(found: WardBurst) -> Statement:
    last = MonthSpan.ending(found.month, months=3).in_words
    text = _(
        "{state} in the whole ward, since {since}: {observed} in {months}, where {usual:.1f} a "
        "month are usual; {chance} in a year."
    ).format(
        state=_STATES[found.state],
        since=found.since.in_words,
        observed=wording.number(found.observed),
        months=last,
        usual=found.usual,
        chance=by_chance(found.chance),
    )
    figures: dict[str, Figure] = {
        "state": found.state,
        "since": found.since.in_words,
        "months": last,
        "observed": found.observed,
        "usual_a_month": found.usual,
        "p_value": found.chance,
        "chance": by_chance(found.chance),
    }
    sure = sure_of(found.chance)
    return Statement("changing.watch.ward", "changing", text, figures, sure, "watch", RECORDS)


def _nothing(found: WatchReport, *, beside_clusters: bool) -> Statement:
    figures: dict[str, Figure] = {
        "month": found.month.in_words, "places_watched": len(found.watched),
    }  # fmt: skip
    if found.missing:
        why = wording.sentence_case("; ".join(found.missing.values()))
        text = _("Newly unusual places: not looked for. {why}").format(why=why)
        figures["reason"] = why
        sure = _("too few to say")
    elif found.too_few:
        text = _("There are too few records to look for newly unusual places; the ward as a whole "
                 "has no burst up to {month}.")  # fmt: skip
        text, sure = text.format(month=found.month.in_words), _("too few to say")
    else:
        text = _(
            "Held against its own past, no place has newly more than is usual, up to {month}."
        ).format(month=found.month.in_words)
        if beside_clusters:
            text += " " + _("The watch is stricter than the search for clusters.")
        sure = _("no clear change")
    return Statement("changing.watch", "changing", text, figures, sure, "watch", RECORDS)


def _past(found: WatchReport) -> Statement:
    """Of the watch's alerts in earlier months, how many came true: how far to believe it."""
    record = found.record
    figures: dict[str, Figure] = {
        "judged": record.judged,
        "came_true": record.came_true,
        "unjudged": record.unjudged,
        "low_per_cent": round(100 * record.low),
        "high_per_cent": round(100 * record.high),
        "false_alarms_in_100_ward_years": f"{found.false_alarms:g}",
        "ward_years": 100,
    }
    tuned = _("The watch is set to at most {n:g} false alarms in 100 ward-years.").format(
        n=found.false_alarms
    )
    if record.is_too_few_to_say:
        text = (
            _("{tuned} In earlier months it raised {n} here that can be judged: too few to say how "
              "often it is right.").format(tuned=tuned, n=wording.in_a_word(record.judged))
            if record.judged
            else _("{tuned} None that it raised here in earlier months can be judged yet.").format(
                tuned=tuned
            )
        )  # fmt: skip
        sure = _("too few to say")
    else:
        text = _("{tuned} Of {n} it raised here in earlier months, {true} came true ({low} to "
                 "{high} %).")  # fmt: skip
        text = text.format(
            tuned=tuned,
            n=record.judged,
            true=record.came_true,
            low=figures["low_per_cent"],
            high=figures["high_per_cent"],
        )
        sure = ""
    return Statement("changing.watch.record", "changing", text, figures, sure, "watch", RECORDS)
