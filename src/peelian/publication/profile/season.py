"""Whether what a profile is about has a season, and which months are high."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelian.core.months import Month
from peelian.products.problem_profile import Unanswered
from peelian.publication.profile.about import what_of
from peelian.publication.profile.certainty import sure_of
from peelian.publication.profile.statements import RECORDS, Figure, Statement, not_known
from peelian.publication.translation import _

if TYPE_CHECKING:
    from peelian.analysis.seasonality import MonthFactor
    from peelian.products.problem_profile import ProblemProfile


def season_statement(profile: ProblemProfile) -> Statement:
    """The months that are high and low, or that there is too little to say."""
    found, what = profile.when.season, what_of(profile, profile.main)
    if isinstance(found, Unanswered):
        return _unclear(found.why)
    highest, lowest = found.highest, found.lowest
    if highest is None or lowest is None or found.p_value is None:
        return _unclear(found.why_not)
    figures: dict[str, Figure] = {
        "p_value": found.p_value,
        "months_held": found.months_held,
        "records": found.records,
        "level": found.level,
        **_figures("highest", highest),
        **_figures("lowest", lowest),
        **{_name(each): each.factor for each in found.factors},
    }
    if not found.has_season:
        text = _("No clear season in the {n} months held.").format(n=found.months_held)
        return Statement(
            "when.season", "when", text, figures, _("no clear change"), "season", RECORDS
        )
    text = _(
        "{what}: a season. Highest in {high}, {more}; lowest in {low}, {less}."
    ).format(
        what=what,
        high=_name(highest),
        more=_in_words(highest),
        low=_name(lowest),
        less=_in_words(lowest),
    )  # fmt: skip
    return Statement(
        "when.season", "when", text, figures, sure_of(found.p_value), "season", RECORDS
    )


def _unclear(why: str) -> Statement:
    return not_known("when.season", "when", _("Season"), why)


def _name(month: MonthFactor) -> str:
    return Month(2000, month.number).in_words.split()[0]


def _in_words(month: MonthFactor) -> str:
    """How far from a typical month: "23 % above a typical month (5 to 44)"."""
    above = month.factor >= 1
    way = _("above") if above else _("below")
    near, far = (month.low, month.high) if above else (month.high, month.low)
    return _("{n} % {way} a typical month ({near} to {far})").format(
        n=_per_cent(month.factor),
        way=way,
        near=_signed(near, above=above),
        far=_signed(far, above=above),
    )


def _signed(factor: float, *, above: bool) -> str:
    """An end of the interval in per cent the same way; with a minus on the other side of it."""
    same_side = (factor >= 1) == above or _per_cent(factor) == 0
    return f"{'' if same_side else '−'}{_per_cent(factor)}"


def _per_cent(factor: float) -> int:
    return round(100 * abs(factor - 1))


def _figures(name: str, month: MonthFactor) -> dict[str, Figure]:
    return {
        f"{name}_month": _name(month),
        f"{name}_per_cent": _per_cent(month.factor),
        f"{name}_low_per_cent": _per_cent(month.low),
        f"{name}_high_per_cent": _per_cent(month.high),
        f"{name}_chance": month.chance_highest if name == "highest" else month.chance_lowest,
    }
