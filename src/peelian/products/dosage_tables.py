"""The dosage report as files: JSON, and a CSV for each of its tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date

import msgspec

from peelian.products.dosage import DosageReport

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def json_of(report: DosageReport) -> str:
    """The report as JSON, the same bytes for the same report."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1).decode() + "\n"


def tables_of(report: DosageReport) -> dict[str, str]:
    """The report as CSV, a file name and its text each."""
    return {
        "place-weeks.csv": _csv(_place_weeks(report)),
        "planned-visits.csv": _csv(_planned_visits(report)),
        "bands.csv": _csv(_bands(report)),
        "hours.csv": _csv(_hours(report)),
        "gaps.csv": _csv(
            {"name": report.name_of[each.place_id], **asdict(each)} for each in report.dosage.gaps
        ),
        "weeks.csv": _csv(asdict(each) for each in report.trend.weeks),
    }


def _place_weeks(report: DosageReport) -> Iterator[dict[str, object]]:
    for each in report.dosage.place_weeks:
        # Of a week without a log nothing is known: the cells stay empty.
        got = asdict(each.delivered) if each.delivered else {}
        yield {
            "place_id": each.place_id,
            "name": report.name_of[each.place_id],
            "week": each.week,
            "days_logged": each.days_logged,
            **{f"planned_{name}": value for name, value in asdict(each.planned).items()},
            **{name: got.get(name) for name in asdict(report.dosage.at_places)},
        }


def _planned_visits(report: DosageReport) -> Iterator[dict[str, object]]:
    for each in report.dosage.deliveries:
        yield {
            "place_id": each.planned.place_id,
            "name": report.name_of[each.planned.place_id],
            "day": each.day,
            "band": each.band,
            "planned_start": each.planned.start,
            "planned_end": each.planned.end,
            "outcome": each.outcome,
            "start": each.start,
            "end": each.end,
            "mode": each.mode,
        }


def _bands(report: DosageReport) -> Iterator[dict[str, object]]:
    for each in report.dosage.bands:
        yield {
            "band": each.band,
            "shifts": each.shifts,
            "rostered_minutes": each.rostered_minutes,
            "logged_shifts": each.logged_shifts,
            "logged_minutes": each.logged_minutes,
            **{f"planned_{name}": value for name, value in asdict(each.planned).items()},
            **{f"places_{name}": value for name, value in asdict(each.at_places).items()},
            "places_visible_share": each.at_places.visible_share,
            "background_minutes": each.background.minutes,
            "background_visible_minutes": each.background.visible_minutes,
        }


def _hours(report: DosageReport) -> Iterator[dict[str, object]]:
    tables = asdict(report.dosage.hours)
    for weekday, name in enumerate(_WEEKDAYS):
        for hour in range(24):
            yield {
                "weekday": name,
                "hour": hour,
                **{f"{what}_minutes": table[weekday][hour] for what, table in tables.items()},
            }


def _csv(rows: Iterable[dict[str, object]]) -> str:
    held = list(rows)
    text = io.StringIO(newline="")
    if held:
        writer = csv.DictWriter(text, list(held[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: _cell(v) for k, v in row.items()} for row in held)
    return text.getvalue()


def _cell(value: object) -> object:
    """A cell as it is written: numbers to a thousandth, times as ISO 8601."""
    if isinstance(value, float):
        return round(value, 3)
    return value.isoformat() if isinstance(value, date) else value
