"""In what words residents read of patrol minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from peelian.core.months import Month
from peelian.publication.consistent_tables import to_nearest_five
from peelian.publication.disclosure import THRESHOLD
from peelian.publication.translation import _
from peelian.publication.wording import in_a_word, number

if TYPE_CHECKING:
    from peelian.publication.disclosed import DisclosedCount
    from peelian.publication.disclosed_minutes import DisclosedWeek
    from peelian.response.patrol_trend import MinutesChange


def day_in_words(monday: date) -> str:
    """A week's Monday, by which it is called: "30 November 2026"."""
    return f"{monday.day} {Month.of(monday).in_words}"


def finding_of(weeks: Sequence[DisclosedWeek]) -> str:
    """The newest week that is over, or what is to come."""
    over = [week for week in weeks if week.is_over]
    week = over[-1] if over else weeks[0]
    if week.planned is None or week.planned.value is None:
        return _("Week of {week}: planned visits are too few to show.").format(week=week.words)
    if not over:
        said = _("Week of {week}: {planned} minutes of patrol are aimed for at places of the ward.")
        return said.format(week=week.words, planned=week.planned.text)
    planned = _("Week of {week}: {planned} minutes of patrol were planned at places of the ward")
    return f"{planned.format(week=week.words, planned=week.planned.text)}; {_done(week.delivered)}"


def _done(delivered: DisclosedCount | None) -> str:
    if delivered is None:
        return _("what was delivered is not logged.")
    if delivered.value is None:
        return _("the visits made were too few to show.")
    return _("{minutes} were delivered there.").format(minutes=delivered.text)


def trend_of(change: MinutesChange | None, *, few: bool = False) -> str:
    """Patrol in the whole ward before the plan and since, and whether weeks differ so anyway.

    few: whether a week of either side has too few visits to show.
    """
    if change is not None and few:
        return _(
            "Some weeks have too few visits to show, so those before and since cannot be compared."
        )
    if change is None:
        return _(
            "No whole weeks before the plan and since are logged, so the two cannot be compared."
        )
    said = _(
        "In the whole ward {after} minutes a week since the plan began ({m} whole weeks), {before} "
        "before ({n} whole weeks)."
    ).format(
        after=_about(change.after), before=_about(change.before),
        m=in_a_word(change.after_weeks), n=in_a_word(change.before_weeks),
    )  # fmt: skip
    if change.low is None or change.high is None:
        sure = _("Too few weeks to say whether that is more than weeks differ anyway.")
    elif change.low > 0:
        sure = _("More than before, beyond how weeks differ anyway.")
    elif change.high < 0:
        sure = _("Fewer than before, beyond how weeks differ anyway.")
    else:
        sure = _("No more than weeks differ anyway.")
    return f"{said} {sure}"


def week_note(days_logged: int, days: int, *, by_place: bool = True) -> str:
    """What is missing of a week, and whether its places come later; empty where nothing is."""
    later = "" if by_place else _("Its places are shown later.")
    return " ".join(filter(None, [_log_note(days_logged, days), later]))


def _log_note(days_logged: int, days: int) -> str:
    """What is missing of a week's log, or of the plan in the week."""
    if not days_logged:
        return _("Nothing is logged.")
    if days_logged < days:
        return _("Logged in part: {n} of {days} days.").format(n=days_logged, days=days)
    return _("The plan has {n} days of this week.").format(n=days) if days < 7 else ""


def notes(records_until: str) -> tuple[str, ...]:
    """What a resident could misunderstand. records_until: YYYY-MM; empty where it is not known."""
    return (
        _(
            "Minutes are those that a patrol in uniform spent at a place, each unit counted, to "
            "the nearest five. Rows need not add up to the week."
        ),
        _(
            "No times, routes or units are shown, so that nobody can know when an officer will be "
            "where. Weeks to come are shown for the ward alone, by what is aimed for: hours lost "
            "to other work change a plan, and a week's own plan is shown when it is over."
        ),
        _(
            "A place with fewer than {n} visits in a week stands together with others: its "
            "minutes would tell of a single visit."
        ).format(n=THRESHOLD),
        _(
            "A place is listed because crime or disorder was recorded near it, or because people "
            "named it. That says nothing of those who live there."
        ),
        *_age_of_records(records_until),
    )


def _age_of_records(until: str) -> tuple[str, ...]:
    if not until:
        return ()
    said = _("The records by which places were chosen end in {month}.")
    return (said.format(month=Month.parse(until).in_words),)


def _about(minutes: float) -> str:
    return _("about {n}").format(n=number(to_nearest_five(round(minutes))))
