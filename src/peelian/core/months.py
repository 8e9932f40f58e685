"""Months, the finest time in open crime records, and spans of them (both ends included)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from peelian.core.errors import InputError

_WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_NAMES = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, written YYYY-MM."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read YYYY-MM. Anything else is an InputError."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise InputError(
                f"A month is written YYYY-MM, as in 2018-03; found {text!r}. Write it so."
            )
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that holds a day."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """The first day of the month: how tables hold a month."""
        return date(self.year, self.number, 1)

    @property
    def in_words(self) -> str:
        """As a reader would write it: March 2018."""
        return f"{_NAMES[self.number - 1]} {self.year}"

    def plus(self, months: int) -> Month:
        """The month so many months later (earlier where negative)."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def minus(self, other: Month) -> int:
        """How many months this one is later than the other."""
        return (self.year - other.year) * 12 + self.number - other.number

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@dataclass(frozen=True)
class MonthSpan:
    """Months from first to last, both included; ending before it starts is an InputError."""

    first: Month
    last: Month

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InputError(
                f"A span of months ends on or after the month it starts with; found {self.first} "
                f"to {self.last}. Swap the two."
            )

    @classmethod
    def parse(cls, text: str) -> MonthSpan:
        """Read YYYY-MM/YYYY-MM (an ISO interval) or one YYYY-MM."""
        first, _, last = text.partition("/")
        return cls(Month.parse(first), Month.parse(last or first))

    @classmethod
    def ending(cls, last: Month, *, months: int) -> MonthSpan:
        """The span of so many months that ends with this one."""
        return cls(last.plus(1 - months), last)

    @property
    def in_words(self) -> str:
        """As a reader would write it: October 2017 to March 2018."""
        if self.first == self.last:
            return self.first.in_words
        return f"{self.first.in_words} to {self.last.in_words}"

    def __iter__(self) -> Iterator[Month]:
        return (self.first.plus(step) for step in range(len(self)))

    def __len__(self) -> int:
        return self.last.minus(self.first) + 1

    def __contains__(self, month: object) -> bool:
        return isinstance(month, Month) and self.first <= month <= self.last

    def __str__(self) -> str:
        return f"{self.first}/{self.last}"
