"""The sentences about the numbers: where they come from, what they are, what they cannot tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from peelian.core.months import Month
from peelian.publication.disclosed import DisclosedCount, DisclosedHow, DisclosedSource
from peelian.publication.translation import _, ngettext
from peelian.publication.wording import (
    held_months,
    is_plural,
    join,
    months_in_words,
    number,
    recorded,
    sentence_case,
)

if TYPE_CHECKING:
    from peelian.core.measures import Measure
    from peelian.core.places import Resolution
    from peelian.products.ward_page import HeldSource, MeasureResult, Totals, WardPage

LICENCE = _(
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Streets and places © OpenStreetMap contributors, Open Database Licence."
)
METHOD = _(
    "Records are counted by month. The last months are held against the same calendar months "
    "of the year before: an exact conditional rate ratio with its 95 % interval, over months "
    "held in both years only. Counts from 1 to 4 are not shown, nor others that would give one "
    "away; zero is shown as 0."
)
TABLES = {
    "crimes": _("Recorded crime"),
    "stops": _("Stop and search"),
    "outcomes": _("Outcomes"),
    "areas": _("Boundaries"),
    "streets": _("Streets"),
    "named_places": _("Parks, estates and stations"),
    "map_features": _("Shops, stops and stations"),
    "population": _("Residents"),
    "expected_records": _("Records to expect, from a back-test"),
}


def how(page: WardPage, result: MeasureResult, *, method: str, download: str) -> DisclosedHow:
    """How we know a figure."""
    measure, series = result.measure, result.series
    table = "stops" if measure.records == "stops" else "crimes"
    files = [held for held in page.sources if held.table == table]
    names = dict.fromkeys(held.source for held in files)
    forces = dict.fromkeys(held.force for held in files if held.force)
    where = ", ".join(names) or measure.sources[0]
    return DisclosedHow(
        source=_("{table}, {where} ({forces})").format(
            table=TABLES[table], where=where, forces=join(forces)
        )
        if forces
        else where,
        licence=", ".join(dict.fromkeys(held.licence for held in files)) or LICENCE,
        months_held=held_months(series.span, series.missing),
        months_missing=tuple(_missing(series.missing.items())),
        boundary_set=boundary_set(page),
        boundary_rule=boundary_rule(page),
        proxy=sentence_case(measure.proxy_for) if measure.is_proxy else "",
        police_generated=_follows_police(measure) if measure.police_generated else "",
        method=sentence_case(method),
        code_version=page.code_version,
        seed=page.seed,
        download=download,
        definition=measure.definition,
        why_it_matters=measure.why_it_matters,
    )


def _follows_police(measure: Measure) -> str:
    """Why a series of what police did cannot tell of what happened."""
    if measure.records == "stops":
        return _("Searches are what police did: their number says nothing of how much crime is.")
    what = recorded(measure)
    if is_plural(what):
        return _(
            "{what} mostly follow what police did: more patrols and searches record more of them."
        ).format(what=what)
    return _(
        "{what} mostly follows what police did: more patrols and searches record more of it."
    ).format(what=what)


def _missing(missing: Iterable[tuple[Month, str]]) -> list[str]:
    """A line for each reason with its months as spans, in the order of their first months."""
    months: dict[str, list[Month]] = {}
    for month, why in sorted(missing):
        months.setdefault(why, []).append(month)
    return [f"{months_in_words(those)}: {why}" for why, those in months.items()]


def boundary_set(page: WardPage) -> str:
    """The boundaries' name and year."""
    of = page.area.boundary_set
    return f"{of.name} ({of.vintage})" if of.vintage else of.name


def boundary_rule(page: WardPage) -> str:
    """Which records are in."""
    rule = _("A record counts when its published point lies in the ward or on its line.")
    return f"{rule} {sentence_case(page.area.repaired)}" if page.area.repaired else rule


def population(residents: int | None, source: str) -> str:
    """How many live here, and who counted."""
    if residents is None:
        return _("Number of residents not held")
    return _("{n} residents ({source})").format(n=number(residents), source=source)


def totals(
    records: DisclosedCount, totals: Totals, transport: DisclosedCount, *, includes_btp: bool
) -> str:
    """The figures that a reader checks first."""
    points = ngettext("{n} snap point", "{n} snap points", totals.snap_points)
    first = _("{records} records at {points}, {span}.").format(
        records=records.text,
        points=points.format(n=number(totals.snap_points)),
        span=totals.span.in_words,
    )
    if not includes_btp:
        return f"{first} " + _("Records of the British Transport Police are left out.")
    if transport.value == 0:
        return f"{first} " + _("None was recorded by the British Transport Police.")
    return f"{first} " + _("Of these the British Transport Police recorded: {n}.").format(
        n=transport.text
    )


def cannot_know(page: WardPage) -> tuple[str, ...]:
    """What no number here can tell, and why."""
    sentences = [
        _(
            "Recorded is not all that happened: what nobody reported or recorded is not here, and "
            "records can rise because more people report."
        ),
        _(
            "Where exactly: the publisher moves each record to one of a fixed set of points, so "
            "a place here is a point or a few of them, and distances between them mean nothing."
        ),
        _("When exactly: open records name the month; the day and the hour are not published."),
        _(
            "Why something changed: two years side by side cannot tell police work from "
            "everything else that changed."
        ),
        _(
            "Small numbers: counts from 1 to 4 are not shown, nor others that would give them "
            "away. Counts of places and by crime type are to the nearest five, so that two "
            "editions of this page cannot be compared to find a person."
        ),
    ]
    if page.missing:
        gone = months_in_words(list(page.missing))
        sentences.append(
            _("What happened in {months}: no data, which is not zero.").format(months=gone)
        )
    return tuple(sentences)


def place_name(found: Resolution) -> str:
    """What a place name of the page was taken to mean."""
    written = found.written
    if found.place is None:
        if found.alternatives:
            names = join(place.name for place in found.alternatives)
            return _("“{written}” could be {names}; nothing was counted for it.").format(
                written=written, names=names
            )
        return _("“{written}” is not on the map, so nothing was counted for it.").format(
            written=written
        )
    if found.certainty == "suggestion":
        return _(
            "“{written}” may be {name}; until the team confirms it, nothing is counted."
        ).format(written=written, name=found.place.name)
    borders = (
        " " + _("It borders {names}.").format(names=join(found.borders)) if found.borders else ""
    )
    if written.casefold() == found.place.name.casefold():
        return _("“{written}” is on the map.{borders}").format(written=written, borders=borders)
    return _("“{written}” is {name} on the map.{borders}").format(
        written=written, name=found.place.name, borders=borders
    )


def source(held: HeldSource) -> DisclosedSource:
    """A row of the table of sources."""
    return DisclosedSource(
        what=TABLES.get(held.table, held.table),
        source=held.source,
        force=held.force,
        months=months_in_words(held.months),
        rows=number(held.rows),
        sha256=held.sha256,
        licence=held.licence,
    )


def dates(issue_date: str, action_date: str) -> str:
    """When the team wrote what."""
    parts = []
    if issue_date:
        parts.append(_("Issue of {day}").format(day=day_in_words(issue_date)))
    if action_date:
        parts.append(_("action of {day}").format(day=day_in_words(action_date)))
    return sentence_case(", ".join(parts)) if parts else _("The team's page gives no dates.")


def day_in_words(written: str) -> str:
    """A published date as a reader would write it: 20 September 2018. Not a date: as written."""
    year_month, _dash, day = written[:10].rpartition("-")
    if not day.isdigit() or len(year_month) != 7:
        return written
    return f"{int(day)} {Month.parse(year_month).in_words}"
