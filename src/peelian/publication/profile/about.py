"""What a profile is about, in one finding: which way it went, the numbers, and how sure."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING

from peelian.core.months import MonthSpan
from peelian.products.problem_profile import Unanswered
from peelian.publication import wording
from peelian.publication.profile.certainty import sure_of
from peelian.publication.profile.statements import RECORDS, Figure, Section, Statement
from peelian.publication.shown_counts import shown
from peelian.publication.translation import _, ngettext

if TYPE_CHECKING:
    from peelian.core.results import RateRatio
    from peelian.products.clusters import Cluster
    from peelian.products.problem_profile import Changing, ProblemProfile
    from peelian.products.ward_page import MeasureResult


def about_statements(profile: ProblemProfile) -> Iterator[Statement]:
    """The finding with its numbers, and what the measure stands in for."""
    yield change_statement(profile, profile.main, id_="about.change", section="about")
    if profile.in_ward is not None:
        yield change_statement(profile, profile.in_ward, id_="about.ward", section="about")
    for result in profile.once:
        part = "part" if result.place != profile.area.name else "ward"
        yield _once(profile, result, id_=f"about.once.{part}")
    if profile.measure.police_generated:
        text = _(
            "These records follow what police did: more patrols and searches record more of them, "
            "fewer record fewer. A change in them is no sign by itself that there is more of it "
            "or less."
        )
        yield Statement("about.police-generated", "about", text, {})
    yield from _newly(profile.changing)
    if profile.measure.is_proxy and profile.measure.proxy_for:
        what = wording.sentence_case(profile.measure.proxy_for)
        text = _("Stands in for: {what}").format(what=what)
        yield Statement("about.stands-in", "about", text, {"stands_in_for": what})


def finding_of(profile: ProblemProfile, result: MeasureResult) -> str:
    """Which way a measure went, and whether one can be sure of it."""
    what, where = wording.recorded(result.measure), where_of(profile, result)
    return wording.trend(what, result.change, where=where)


def what_of(profile: ProblemProfile, result: MeasureResult) -> str:
    """What was counted, and in which part of the ward."""
    return wording.within(wording.recorded(result.measure), where_of(profile, result))


def where_of(profile: ProblemProfile, result: MeasureResult) -> wording.Where:
    """In the streets that the priority names, or in the ward; which, where both are told."""
    if result.place != profile.area.name:
        return "in_part"
    return "in_ward" if profile.in_ward is None else "beside_part"


def change_statement(
    profile: ProblemProfile, result: MeasureResult, *, id_: str, section: Section
) -> Statement:
    """A measure's last months against the same months of the year before."""
    what, change = what_of(profile, result), result.change
    if change is None:
        return _without_comparison(what, result, id_, section)
    text = wording.change_sentence(
        what,
        change,
        before=shown(change.before),
        after=shown(change.after),
        missing=result.series,
    )
    figures = change_figures(change) | {
        "months_compared": ", ".join(month.in_words for month in change.compared),
        "months_asked": change.span.in_words,
        "left_out": "; ".join(f"{m.in_words}: {w}" for m, w in result.series.missing.items()),
        "breaks": "; ".join(result.series.breaks.values()),
    }
    return Statement(id_, section, text, figures, wording.certainty(change), "change", RECORDS)


def change_figures(change: RateRatio) -> dict[str, Figure]:
    """A comparison's figures, with the percentages that words say in place of ratios."""
    ratios = {"ratio": change.estimate, "ratio_low": change.low, "ratio_high": change.high}
    known = {name: r for name, r in ratios.items() if r is not None and isfinite(r)}
    return {
        "before": change.before,
        "after": change.after,
        "months": change.months,
        "level": change.level,
        "p_value": change.p_value,
        **known,
        **{f"{name}_per_cent": round(100 * abs(r - 1)) for name, r in known.items()},
    }


def _once(profile: ProblemProfile, result: MeasureResult, *, id_: str) -> Statement:
    """The comparison again with each crime once: rows of one event are no sign of another."""
    assert result.change is not None
    change, sure = result.change, wording.certainty(result.change)
    words = _(sure)
    if change.direction is not None:
        up = change.direction == "up"
        words = (_("a rise is {sure}") if up else _("a fall is {sure}")).format(sure=words)
    text = _(
        "{what}, records that share a Crime ID counted once: {after}, and {before} a year before; "
        "{words}."
    ).format(
        what=what_of(profile, result), after=wording.number(change.after),
        before=wording.number(change.before), words=words,
    )  # fmt: skip
    return Statement(id_, "about", text, change_figures(change), sure, "once", RECORDS)


def _newly(changing: Changing) -> Iterator[Statement]:
    """Where in the ward something newly stands out, ahead of the section that tells of it."""
    clusters, watch = changing.clusters, changing.watch
    found: dict[str, float] = {}
    if not isinstance(clusters, Unanswered):
        for cluster in clusters.found:
            if cluster.in_ward:
                found[_around(cluster)] = cluster.found.p_value
    if not isinstance(watch, Unanswered):
        found |= {a.name: a.p_value for a in watch.alerts if a.state != "as a year before"}
        for burst in watch.bursts:
            found[_("the ward as a whole")] = burst.chance
    if found:
        text = _("Newly stands out: {places}.").format(places=wording.join(found))
        figures: dict[str, Figure] = {"places": "; ".join(found), "least_sure": max(found.values())}
        sure = sure_of(max(found.values()))
        yield Statement("about.new", "about", text, figures, sure, "scan", RECORDS)
    elif not isinstance(clusters, Unanswered):
        text = _("No place in the ward newly stands out.")
        yield Statement("about.new", "about", text, {}, _("no clear change"), "scan", RECORDS)


def _around(cluster: Cluster) -> str:
    if len(cluster.places) == 1:
        return cluster.places[0]
    if cluster.in_ward < len(cluster.places):
        return _("{place} and around it, across the ward's line").format(place=cluster.places[0])
    return _("{place} and around it").format(place=cluster.places[0])


def _without_comparison(what: str, result: MeasureResult, id_: str, section: Section) -> Statement:
    held = result.series.held
    lately = [m for m in MonthSpan.ending(held[-1], months=6) if m in held] if held else []
    records = sum(result.series.at(month) or 0 for month in lately)
    why = wording.sentence_case(result.no_change_because)
    counted = ngettext("{n} record", "{n} records", records).format(n=wording.number(records))
    months = wording.months_in_words(lately) if lately else ""
    text = _("{what}: {counted} in {months}.").format(what=what, counted=counted, months=months)
    figures: dict[str, Figure] = {"records": records, "months": months, "reason": why}
    return Statement(
        id_, section, f"{text} {why}" if lately else why, figures, _("too few to say"), "change",
        RECORDS,
    )  # fmt: skip
