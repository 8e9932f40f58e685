"""Counts by month in which missing is never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from peelian.core.months import Month, MonthSpan


@dataclass(frozen=True)
class Series:
    """Records of one measure in one place, month by month.

    counts: one entry a month of `span`; None where the month is missing or only part of it
    is held, and then `missing` says why. A measured zero is 0.
    """

    measure_id: str
    place: str
    span: MonthSpan
    counts: tuple[int | None, ...]
    missing: Mapping[Month, str] = field(default_factory=dict)
    breaks: Mapping[Month, str] = field(default_factory=dict)  # first month after a break: why

    def __post_init__(self) -> None:
        if len(self.counts) != len(self.span):
            raise ValueError(
                f"A series holds one entry a month: {len(self.span)} months, "
                f"{len(self.counts)} entries."
            )

    def over(self, span: MonthSpan) -> Series:
        """The part of the series within a span; months outside what is held are missing."""
        return Series(
            self.measure_id,
            self.place,
            span,
            tuple(self.at(month) for month in span),
            {m: self.missing.get(m, "not held") for m in span if self.at(m) is None},
            {m: why for m, why in self.breaks.items() if m in span},
        )

    def at(self, month: Month) -> int | None:
        """The month's count, or None where it is not known."""
        return self.counts[month.minus(self.span.first)] if month in self.span else None

    @property
    def held(self) -> tuple[Month, ...]:
        """The months whose count is known."""
        return tuple(m for m, n in zip(self.span, self.counts, strict=True) if n is not None)

    @property
    def total(self) -> int:
        """The sum over the months held."""
        return sum(n for n in self.counts if n is not None)
