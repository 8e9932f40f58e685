"""The command that lists what is newly unusual in wards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from peelian.cli.records import DEFAULT_STORE, StoreFolder

if TYPE_CHECKING:
    from peelian.core.months import Month
    from peelian.products.watch import WatchReport
    from peelian.scanning.alert_history import AlertRecord, PlaceAlert, WardBurst

_STATES = {"new": "NEW", "going on": "GOING ON", "as a year before": "AS A YEAR BEFORE"}
_RAREST = 100_000  # beyond it the model is not to be trusted to the figure


def watch(
    wards: Annotated[
        list[str], typer.Argument(help="Wards' codes or names; or a borough's for all.")
    ],
    store: StoreFolder = DEFAULT_STORE,
    measure: Annotated[
        list[str] | None,
        typer.Option(help="A measure's id; all that the public reports unless given."),
    ] = None,
    month: Annotated[
        str, typer.Option(help="Look as of this month, YYYY-MM; the last one held unless given.")
    ] = "",
    false_alarms: Annotated[
        float, typer.Option(help="False alarms to bear, in a hundred ward-years.")
    ] = 5.0,
    boundary_set: Annotated[str, typer.Option(help="The boundary set to count in.")] = "",
    btp: Annotated[
        bool, typer.Option("--btp/--no-btp", help="Count British Transport Police records.")
    ] = True,
    source: Annotated[str, typer.Option(help="Whose records to count.")] = "police.uk",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List what is newly unusual at wards' places.

    To be run after each ingest. True counts, for desk use: what may be published is decided by
    `peelian publish`.
    """
    from math import isfinite

    from peelian.core.errors import InputError
    from peelian.core.months import Month
    from peelian.products.watch import watch_ward
    from peelian.scanning.alert_history import alert_record
    from peelian.store import Store, places

    if not (isfinite(false_alarms) and false_alarms > 0):
        raise InputError(
            f"False alarms to bear are a number above 0, in a hundred ward-years; found "
            f"{false_alarms:g}. Ask for 5, say."
        )
    opened, at = Store(store), Month.parse(month) if month else None
    reports = []
    for ward in places.ward_codes(opened, wards, boundary_set=boundary_set or None):
        report = watch_ward(
            opened,
            ward,
            measures=measure or (),
            month=at,
            false_alarms=false_alarms,
            boundary_set=boundary_set or None,
            include_btp=btp,
            source=source,
        )
        reports.append(report)
        if not as_json:
            typer.echo("\n".join(_lines(report)))
    record = alert_record(past for report in reports for past in report.past)
    if as_json:
        typer.echo(json.dumps(_as_json(reports, record), indent=1))
    else:
        typer.echo("\n".join(_footer(reports, record)))


def _lines(report: WatchReport) -> Iterator[str]:
    titles = {each: measure.title for each, measure in report.measures.items()}
    yield f"{report.area.name} ({report.area.code}), to {report.month.in_words}"
    if not report.watched and not report.too_few:
        yield "  Nothing could be looked at: no measure's records of the month are held."
    elif not report.alerts and not report.bursts:
        yield "  Nothing unusual at any place."
    for alert in report.alerts:
        yield f"  {_place_line(alert, titles)}"
    for burst in report.bursts:
        yield f"  {_ward_line(burst, titles)}"
    if report.police_generated or report.police_generated_bursts:
        yield "  Records that police make by looking (a rise can be more police work):"
        for alert in report.police_generated:
            yield f"    {_place_line(alert, titles)}"
        for burst in report.police_generated_bursts:
            yield f"    {_ward_line(burst, titles)}"
    if report.too_few:
        named = ", ".join(titles[each] for each in report.too_few)
        yield f"  Too few to say by place, looked at in the whole ward: {named}."
    for why in dict.fromkeys(report.missing.values()):
        named = ", ".join(titles[each] for each, its in report.missing.items() if its == why)
        yield f"  Not looked at, since {why}: {named}."
    for why in dict.fromkeys(report.breaks.values()):
        yield f"  Learned from the months after a break alone. {why}"


def _place_line(alert: PlaceAlert, titles: dict[str, str]) -> str:
    return (
        f"{_STATES[alert.state]}  {alert.name}: {titles[alert.measure_id]}, {alert.observed} in "
        f"{_in_words(alert.months)}; {alert.low} to {alert.high} expected (mean "
        f"{alert.expected:.1f}). Since {alert.since.in_words}. {_how_rare(alert.p_value)}"
    )


def _ward_line(burst: WardBurst, titles: dict[str, str]) -> str:
    return (
        f"{_STATES[burst.state]}  The whole ward: {titles[burst.measure_id]}, {burst.observed} in "
        f"the three months to {burst.month.in_words}; usual {burst.usual:.1f} a month. Since "
        f"{burst.since.in_words}. {_once_in(burst.chance, 'steady years')}"
    )


def _in_words(months: tuple[Month, ...]) -> str:
    from peelian.core.months import MonthSpan

    span = MonthSpan(months[0], months[-1])
    if len(span) == len(months):
        return span.in_words
    return f"the {len(months)} months held of {span.in_words}"


def _how_rare(p_value: float) -> str:
    return _once_in(p_value, "months at such a place")


def _once_in(chance: float, of: str) -> str:
    if chance * _RAREST < 1:
        return f"By chance less than once in {_RAREST:,} {of}."
    times = 1 / chance
    scale = 10 ** (len(str(int(times))) - 1)
    return f"By chance about once in {round(times / scale) * scale:,} {of}."


def _footer(reports: list[WatchReport], record: AlertRecord) -> Iterator[str]:
    expected = sum(report.expected_false_alarms for report in reports)
    yield (
        f"Tuned to at most {reports[0].false_alarms:g} false alarms in 100 ward-years "
        f"({expected:.3f} expected in this run). A record is what was recorded, not what happened."
    )
    yield f"Past alerts: {_record_in_words(record)}"


def _record_in_words(record: AlertRecord) -> str:
    meaning = "half or more of what was above the usual was still there in the three months after"
    if not record.judged:
        return f"none yet that could be judged by whether {meaning}."
    share = f"{record.low:.0%} to {record.high:.0%} at {record.level:.0%}"
    words = f"in {record.came_true} of {record.judged}, {meaning} ({share})"
    return f"{words}. Too few to say." if record.is_too_few_to_say else f"{words}."


def _as_json(reports: list[WatchReport], record: AlertRecord) -> dict[str, Any]:
    return {
        "wards": [_report_as_json(report) for report in reports],
        "record": _record_as_json(record),
    }


def _record_as_json(record: AlertRecord) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(record), "too_few_to_say": record.is_too_few_to_say}


def _report_as_json(report: WatchReport) -> dict[str, Any]:
    return {
        "code": report.area.code,
        "name": report.area.name,
        "boundary_set": report.area.boundary_set.name,
        "month": str(report.month),
        "held": str(report.held),
        "false_alarms_in_100_ward_years": report.false_alarms,
        "expected_false_alarms": report.expected_false_alarms,
        "alerts": [_plain(each) for each in report.alerts],
        "bursts": [_plain(each) for each in report.bursts],
        "police_generated": [_plain(each) for each in report.police_generated],
        "police_generated_bursts": [_plain(each) for each in report.police_generated_bursts],
        "watched": report.watched,
        "too_few": report.too_few,
        "missing": dict(report.missing),
        "breaks": dict(report.breaks),
        "record": _record_as_json(report.record),
    }


def _plain(found: PlaceAlert | WardBurst) -> dict[str, Any]:
    """An alert's fields, with months as YYYY-MM."""
    from dataclasses import fields

    from peelian.core.months import Month

    def plain(value: object) -> object:
        if isinstance(value, Month):
            return str(value)
        return [plain(each) for each in value] if isinstance(value, tuple) else value

    return {field.name: plain(getattr(found, field.name)) for field in fields(found)}
