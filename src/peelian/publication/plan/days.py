"""Days and times of day as a person writes them."""

from __future__ import annotations

from datetime import date, datetime

from peelian.core.months import Month
from peelian.publication.translation import _

_DAYS = _("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split(" ")


def day_in_words(day: date) -> str:
    """Monday 1 December 2025."""
    return f"{_DAYS[day.weekday()]} {day.day} {Month.of(day).in_words}"


def period_in_words(first: date, last: date) -> str:
    """Monday 1 to Sunday 7 December 2025; month and year are said once where they are the same."""
    if first == last:
        return day_in_words(first)
    begins = day_in_words(first)
    if first.year == last.year:
        begins = begins.removesuffix(f" {first.year}")
        if first.month == last.month:
            begins = begins.rpartition(" ")[0]
    return _("{first} to {last}").format(first=begins, last=day_in_words(last))


def clock(moment: datetime) -> str:
    """15:05."""
    return f"{moment:%H:%M}"
