"""Days as British pages write them."""

from __future__ import annotations

import calendar
import re
from datetime import date

from peelian.core.months import Month
from peelian.core.page_words import COUNTED, number_of

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.lower(): number for number, name in enumerate(calendar.month_abbr) if name
}
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_SLASHED = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})\b")
_WORDED = re.compile(r"\b(?:(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?)?([A-Za-z]{3,9}),?\s+(\d{4})\b")
_SPAN = re.compile(
    r"\b(?:within|in|over|for)?\s*(?:the next\s+)?"
    rf"({COUNTED})\s+(weeks?|months?)\b",
    re.I,
)


def written_day(text: str) -> date | None:
    """The last day that a text names, or None where it names none.

    Day before month, as in Britain: 04/03/2024 is 4 March. A month without a day means its
    last day. A date that no calendar has is not a day.
    """
    days: list[tuple[int, date]] = []
    for match in _ISO.finditer(text):
        _note(days, match.start(), match[1], match[2], match[3])
    for match in _SLASHED.finditer(text):
        year = match[3] if len(match[3]) == 4 else f"20{match[3]}"
        _note(days, match.start(), year, match[2], match[1])
    for match in _WORDED.finditer(text):
        month = _MONTHS.get(match[2].lower())
        if month is not None:
            last = calendar.monthrange(int(match[3]), month)[1] if int(match[3]) else 1
            _note(days, match.start(), match[3], month, match[1] or last)
    return max(days)[1] if days else None


def _note(
    days: list[tuple[int, date]], position: int, year: str | int, month: str | int, day: str | int
) -> None:
    try:
        days.append((position, date(int(year), int(month), int(day))))
    except ValueError:
        return


def day_after_span(text: str, *, start: date) -> date | None:
    """The day that "within 3 months" ends on, counted from a start; None where no span is named."""
    match = _SPAN.search(text)
    number = number_of(match[1]) if match else None
    if match is None or number is None:
        return None
    if match[2].lower().startswith("week"):
        return date.fromordinal(start.toordinal() + 7 * number)
    month = Month.of(start).plus(number)
    last = calendar.monthrange(month.year, month.number)[1]
    return date(month.year, month.number, min(start.day, last))
