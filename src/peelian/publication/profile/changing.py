"""What is changing: against the year before, against what was to be expected, and at places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peelian.core.months import MonthSpan
from peelian.products.problem_profile import Unanswered
from peelian.publication import wording
from peelian.publication.profile.about import change_statement, what_of
from peelian.publication.profile.certainty import LIKELY, by_chance, sure_of
from peelian.publication.profile.statements import (
    RECORDS,
    Figure,
    Statement,
    not_asked,
    not_known,
)
from peelian.publication.profile.watch import watch_statements
from peelian.publication.translation import _, ngettext

if TYPE_CHECKING:
    from peelian.core.results import PersistenceClass
    from peelian.products.clusters import Cluster, Clusters
    from peelian.products.problem_profile import ProblemProfile
    from peelian.products.ward_page import MeasureResult, PlaceRanking
    from peelian.products.watch import WatchReport
    from peelian.scanning.unusual import UnusualPeriod

_NAMED = 4  # places named in a sentence
_CLASSES: tuple[tuple[PersistenceClass, str], ...] = (
    ("new", _("New: {places}.")),
    ("intensifying", _("Rising: {places}.")),
    ("persistent", _("Steady for a long time: {places}.")),
    ("diminishing", _("Falling: {places}.")),
    ("historical", _("In the past, not lately: {places}.")),
)


def changing_statements(profile: ProblemProfile) -> Iterator[Statement]:
    """Each question of change with its answer, or why there is none."""
    changing = profile.changing
    yield _unlike(changing.unusual, what_of(profile, profile.main), "changing.unlike")
    if profile.in_ward is not None and changing.unusual_in_ward is not None:
        what = what_of(profile, profile.in_ward)
        yield _unlike(changing.unusual_in_ward, what, "changing.unlike-in-ward")
    for result in profile.checked.measures:
        if result not in (profile.main, profile.in_ward, *profile.apart):
            id_ = f"changing.year.{result.measure.id}"
            yield change_statement(profile, result, id_=id_, section="changing")
    if profile.checked.ranking is not None:
        yield _classes(profile.checked.ranking)
    yield from _at_places(changing.clusters, changing.watch)
    for result in profile.checked.measures:
        yield _by_month(profile, result)


def _unlike(found: UnusualPeriod | Unanswered, what: str, id_: str) -> Statement:
    if isinstance(found, Unanswered):
        question = _("{what}, whether the last months are out of the ordinary").format(what=what)
        return not_known(id_, "changing", question, found.why)
    text = _(
        "{what}: {observed} in {months}, {how} the {low} to {high} to be expected from the {n} "
        "months before."
    ).format(
        what=what,
        observed=wording.number(found.observed),
        months=wording.months_in_words(found.months),
        how=_against_the_range(found),
        n=len(found.trained_on),
        low=wording.number(found.low),
        high=wording.number(found.high),
    )
    figures: dict[str, Figure] = {
        "observed": found.observed,
        "expected": found.expected,
        "low": found.low,
        "high": found.high,
        "level": found.level,
        "p_value": found.p_value,
        "months": wording.months_in_words(found.months),
        "months_learned_from": len(found.trained_on),
        "dispersion": found.dispersion,
    }
    is_clear = found.direction is not None and found.p_value < LIKELY
    sure = sure_of(found.p_value) if is_clear else _("no clear change")
    return Statement(id_, "changing", text, figures, sure, "unlike", RECORDS)


def _against_the_range(found: UnusualPeriod) -> str:
    if found.direction is None:
        return _("within")
    return _("more than") if found.direction == "up" else _("fewer than")


def _classes(ranking: PlaceRanking) -> Statement:
    """Which places are new, rising, steady, falling or past: in a line, as many as are any."""
    said: list[str] = []
    figures: dict[str, Figure] = {}
    for kind, words in _CLASSES:
        names = [place.name for place in ranking.places if place.persistence == kind]
        figures[kind] = "; ".join(names)
        if names:
            more = [_("{n} more").format(n=len(names) - _NAMED)] if len(names) > _NAMED else []
            figures[f"{kind}_more"] = str(max(len(names) - _NAMED, 0))
            said.append(words.format(places=wording.join([*names[:_NAMED], *more])))
    lead = _("Against the ward's average place, six months at a time.")
    said = (
        [lead, *said]
        if said
        else [_("No place stands out from the ward's average place for long enough to be classed.")]
    )
    return Statement(
        "changing.places", "changing", " ".join(said), figures, "", "persistence", RECORDS
    )


def _at_places(
    clusters: Clusters | Unanswered, watch: WatchReport | Unanswered
) -> Iterator[Statement]:
    """Where something newly stands out; one refusal for both where neither is asked."""
    if isinstance(clusters, Unanswered) and clusters.on_principle:
        question = _("Clusters and newly unusual places")
        yield not_asked("changing.at-places", "changing", question, clusters.why)
        return
    yield from _clusters(clusters)
    is_stricter = not isinstance(clusters, Unanswered) and any(c.in_ward for c in clusters.found)
    yield from watch_statements(watch, beside_clusters=is_stricter)


def _clusters(found: Clusters | Unanswered) -> Iterator[Statement]:
    if isinstance(found, Unanswered):
        question = _("Clusters in place and time")
        yield not_known("changing.clusters", "changing", question, found.why)
        return
    scanned: dict[str, Figure] = {
        "records": found.records,
        "places": found.places,
        "around_m": found.around_m,
        "radius_m": found.radius_m,
        "least_p_value": found.least_p_value,
        "replicates": found.replicates,
    }
    if not found.found:
        text = _(
            "No cluster: among {places} places in the ward and up to {around:g} m around it, no "
            "neighbours have lately had more records together than chance would give."
        ).format(places=wording.number(found.places), around=found.around_m)
        yield Statement(
            "changing.clusters", "changing", text, scanned, _("no clear change"), "scan", RECORDS
        )
    for number, cluster in enumerate(sorted(found.found, key=lambda c: not c.in_ward), start=1):
        yield _cluster(cluster, f"changing.cluster.{number}", scanned)


def _cluster(cluster: Cluster, id_: str, scanned: dict[str, Figure]) -> Statement:
    names = cluster.places[:_NAMED]
    others = len(cluster.places) - len(names)
    more = (
        [ngettext("one more place", "{n} more places", others).format(n=others)] if others else []
    )
    text = _(
        "{cluster}, {months}: {observed} records where {expected:.1f} were to be expected, at "
        "{places}; {chance}."
    ).format(
        cluster=_lies(cluster),
        months=MonthSpan(cluster.first, cluster.last).in_words,
        observed=wording.number(cluster.found.observed),
        expected=cluster.found.expected,
        places=wording.join([*names, *more]),
        chance=by_chance(cluster.found.p_value),
    )
    figures: dict[str, Figure] = {
        **scanned,
        "observed": cluster.found.observed,
        "expected": cluster.found.expected,
        "p_value": cluster.found.p_value,
        "gumbel_p_value": cluster.found.gumbel_p_value,
        "statistic": cluster.found.statistic,
        "months": MonthSpan(cluster.first, cluster.last).in_words,
        "places_named": "; ".join(cluster.places),
        "places_in_cluster": len(cluster.places),
        "places_in_ward": cluster.in_ward,
        "more_places": others,
        "chance": by_chance(cluster.found.p_value),
    }
    return Statement(
        id_, "changing", text, figures, sure_of(cluster.found.p_value), "scan", RECORDS
    )


def _lies(cluster: Cluster) -> str:
    if not cluster.in_ward:
        return _("Outside the ward, a cluster")
    is_whole = cluster.in_ward == len(cluster.places)
    return _("A cluster") if is_whole else _("A cluster across the ward's line")


def _by_month(profile: ProblemProfile, result: MeasureResult) -> Statement:
    """The series behind a chart: its figures are the table's."""
    series = result.series
    months = wording.held_months(series.span, series.missing)
    text = _("{what} by month, {months}: the chart, and the table under it.").format(
        what=what_of(profile, result), months=months
    )
    part = "part" if result.place != profile.area.name else "ward"
    figures: dict[str, Figure] = {str(month): series.at(month) or 0 for month in series.held}
    missing = wording.months_in_words(list(series.missing)) if series.missing else ""
    return Statement(
        f"changing.months.{part}.{result.measure.id}",
        "changing",
        text,
        {"months_held": months, "missing": missing, **figures},
        "",
        "series",
        RECORDS,
    )
