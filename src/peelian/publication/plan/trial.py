"""A plan's trial in words: what was drawn, how it can be checked, and what it could find."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from peelian.core.months import Month
from peelian.publication.plan.days import period_in_words
from peelian.publication.translation import _
from peelian.publication.wording import number

if TYPE_CHECKING:
    from peelian.core.patrols import Trial
    from peelian.response.trial_power import TrialPower


_DAY = timedelta(days=1)


def trial_period(first: date, after: date) -> str:
    """December 2026 for a whole month, the days for another span. after: the day after the last."""
    last = after - _DAY
    if first.day == after.day == 1 and (first.year, first.month) == (last.year, last.month):
        return Month.of(first).in_words
    return period_in_words(first, last)


def trial_words(trial: Trial, power: TrialPower | None) -> Iterator[str]:
    """The draw, its seal, and its power before anyone walks."""
    span = period_in_words(trial.period_starts[0], trial.period_starts[-1] - _DAY)
    if trial.kind == "parallel":
        yield _(
            "Chance chose which places get planned patrol throughout: half of each pair of "
            "neighbouring ranks, {span}."
        ).format(span=span)
    else:
        yield _(
            "Chance chose in which periods each place gets planned patrol: half of each pair of "
            "neighbouring ranks in every period, {span}."
        ).format(span=span)
    if power is not None:
        yield _power(power)
    yield _(
        "Officers are sent to a place not in the draw by what happens, never by this plan. Seed "
        "{seed}, seal {seal}: anyone can draw it again, and a later change would show."
    ).format(seed=trial.seed, seal=trial.seal)


def _power(power: TrialPower) -> str:
    sure = _("in {wanted} of 100 cases, at {level} %").format(
        wanted=round(100 * power.wanted), level=round(100 * power.level)
    )
    expected = number(round(power.expected_records))
    if power.smallest_found is None:
        return _(
            "With {expected} records expected in all, no effect that patrol can have would be "
            "found ({sure}): too few to say. Take more places or a longer time."
        ).format(expected=expected, sure=sure)
    fifth = next((at for at in power.at if round(-100 * at.effect) == 20), None)
    text = _(
        "With {expected} records expected in all, the smallest effect it would find is {n} % "
        "fewer records ({sure})."
    ).format(expected=expected, n=round(-100 * power.smallest_found), sure=sure)
    if fifth is None:
        return text
    return text + " " + _(
        "An effect of 20 % fewer would be found in {n} of 100 ({low} to {high})."
    ).format(
        n=round(100 * fifth.power), low=round(100 * fifth.low), high=round(100 * fifth.high)
    )  # fmt: skip
