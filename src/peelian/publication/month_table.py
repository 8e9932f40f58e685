"""The table under a chart: its months as rows, long gaps as one row, and why each is a gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from peelian.core.months import Month
from peelian.publication.disclosed import DisclosedMonth
from peelian.publication.translation import _
from peelian.publication.wording import months_in_words

FEWEST_TOGETHER = 3  # missing months in one row: thirty rows of "no data" hide the others


@dataclass(frozen=True)
class MonthRow:
    """A row: one month, or neighbouring months that are missing for one reason."""

    months: str
    records: str
    year_before: str


def month_rows(months: Sequence[DisclosedMonth]) -> Iterator[MonthRow]:
    """Every month in order. A row of several has no year before: its months have rows of theirs."""
    for _reason, run in groupby(months, key=_why_missing):
        those = list(run)
        if _why_missing(those[0]) is not None and len(those) >= FEWEST_TOGETHER:
            yield MonthRow(_in_words(those), those[0].count.text, "–")
        else:
            yield from (_row(month) for month in those)


def month_notes(months: Sequence[DisclosedMonth]) -> Iterator[str]:
    """A line for each note with its months: "March 2016: No file of the force is held."."""
    noted: dict[str, list[DisclosedMonth]] = {}
    for month in months:
        if month.note:
            noted.setdefault(month.note, []).append(month)
    for note, those in noted.items():
        yield _("{months}: {note}").format(months=_in_words(those), note=note)


def _why_missing(month: DisclosedMonth) -> str | None:
    return month.note if month.count.state == "missing" else None


def _in_words(months: Sequence[DisclosedMonth]) -> str:
    return months_in_words([Month.parse(month.month) for month in months])


def _row(month: DisclosedMonth) -> MonthRow:
    return MonthRow(
        month.label, month.count.text, month.year_before.text if month.year_before else "–"
    )
