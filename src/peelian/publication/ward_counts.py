"""Which counts of a ward page hang together, and what the disclosure rule makes of them.

Months of a measure, the sums that a sentence compares, the last year by crime type and the
total are all sums over the same parts: one month of one group of crime types, where types
belong to one group if the page's measures never tell them apart. A part of the ward that
has a series of its own, such as a corridor, comes with the rest of the ward, which nobody
asks for but anybody could work out. Earlier snapshots are sums over these parts too, as
long as the records have not been revised since.

The last year by crime type is shown to the nearest five, and so is the total once an
earlier snapshot has shown another: two exact ones, a month apart, would give away what one
type had in that month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from peelian.core.months import Month, MonthSpan
from peelian.publication.consistent_tables import Asked, Known
from peelian.publication.disclosed import (
    DisclosedClaim,
    DisclosedComparison,
    DisclosedCount,
    DisclosedMeasure,
    DisclosedWardPage,
    measures_of,
)
from peelian.publication.disclosure import Held, is_small, suppress
from peelian.publication.shown_counts import about, held_beside, missing, shown, too_small
from peelian.publication.wording import number

if TYPE_CHECKING:
    from peelian.core.counts import Series
    from peelian.core.measures import Measure
    from peelian.core.results import RateRatio
    from peelian.products.ward_page import CheckedClaim, MeasureResult, WardPage

RECENT_MONTHS = 12
_MONTHS_FIRST, _TYPES_NEXT, _SUMS_LAST = 0, 1, 2  # what goes first beside a small count


def series_name(measure_id: str, place: str) -> str:
    """What a series is called among the page's. place: empty for the whole ward."""
    return f"{measure_id} in {place}" if place else measure_id


@dataclass(frozen=True)
class WardCounts:
    """The page's counts, each as it may be shown."""

    page: WardPage
    earlier: Sequence[DisclosedWardPage]

    def month(self, result: MeasureResult, month: Month) -> DisclosedCount:
        """A month of a series."""
        value = result.series.at(month)
        if value is None:
            return missing()
        return self._as_shown(_month_key(self._name(result), month), value)

    def compared(self, result: MeasureResult) -> DisclosedComparison | None:
        """The two sums that a series is judged by; None where there is no comparison."""
        return self._comparison(self._name(result), result.change)

    def of_claim(self, checked: CheckedClaim) -> DisclosedComparison | None:
        """The two sums that a claim is judged by; None where it cannot be measured."""
        return self._comparison(_claim_key(checked), checked.ratio)

    def place_of(self, result: MeasureResult | CheckedClaim) -> str:
        """Where something was counted: empty for the whole ward."""
        return "" if result.place == self.page.public_reported.place else result.place

    def _comparison(self, name: str, ratio: RateRatio | None) -> DisclosedComparison | None:
        if ratio is None:
            return None
        return DisclosedComparison(
            before=self._as_shown(f"{name} before", ratio.before),
            after=self._as_shown(f"{name} after", ratio.after),
            before_months=tuple(str(month.plus(-12)) for month in ratio.compared),
            after_months=tuple(str(month) for month in ratio.compared),
        )

    def of_type(self, slug: str, value: int) -> DisclosedCount:
        """The last year's records of a crime type, to the nearest five."""
        count = self._as_shown(f"type {slug}", value)
        return about(value) if count.state == "shown" else count

    @property
    def records(self) -> DisclosedCount:
        """All records of the ward; to the nearest five where a snapshot has shown another sum."""
        count = self._as_shown("records", self.page.totals.records)
        return about(self.page.totals.records) if self._total_has_changed else count

    @property
    def recent_months(self) -> tuple[Month, ...]:
        """The months held of the last twelve: what the counts by type are of."""
        last_year = MonthSpan.ending(self.page.last_month, months=RECENT_MONTHS)
        return tuple(m for m in last_year if self.page.public_reported.series.at(m) is not None)

    @cached_property
    def _total_has_changed(self) -> bool:
        said = f"{number(self.page.totals.records)} "
        return any(not page.totals.startswith(said) for page in self.earlier)

    def _as_shown(self, key: str, value: int) -> DisclosedCount:
        if key in self._held.small:
            return too_small()
        return held_beside() if key in self._held.beside else shown(value)

    def _name(self, result: MeasureResult) -> str:
        return series_name(result.measure.id, self.place_of(result))

    @cached_property
    def _results(self) -> dict[str, MeasureResult]:
        """Every series of the page, once."""
        listed = [self.page.public_reported, *(m for p in self.page.priorities for m in p.measures)]
        listed += [self.page.stops] if self.page.stops else []
        return {self._name(result): result for result in reversed(listed)}

    @cached_property
    def _groups(self) -> dict[str, str]:
        """Each crime type's group: the measures of the whole ward that count it."""
        counted: dict[str, list[str]] = {}
        for name, result in sorted(self._results.items()):
            if self._counts_by_type(name, result):
                for slug in result.measure.crime_types:
                    counted.setdefault(slug, []).append(name)
        return {slug: " + ".join(names) for slug, names in counted.items()}

    def _counts_by_type(self, name: str, result: MeasureResult) -> bool:
        """Whether a series is a sum over crime types of the whole ward."""
        whole = name == result.measure.id and not result.measure.flags
        return whole and result.measure.records == "crimes"

    def _parts(self, name: str, months: Iterable[Month]) -> frozenset[str]:
        result = self._results[name]
        groups = {name}
        if self._counts_by_type(name, result):
            groups = {self._groups[slug] for slug in result.measure.crime_types}
        return frozenset(_month_key(group, month) for group in groups for month in months)

    @cached_property
    def _types_add_up(self) -> bool:
        """Whether the counts by type are of the same rows as the months of the measures."""
        by_type = dict(self.page.totals.by_type)
        return all(
            sum(by_type.get(slug, 0) for slug in result.measure.crime_types)
            == _sum_of(result, self.recent_months)
            for name, result in self._results.items()
            if self._counts_by_type(name, result)
        )

    def _type_parts(self, slug: str) -> frozenset[str]:
        group = self._groups.get(slug, "")
        alone = list(self._groups.values()).count(group) == 1
        if alone and self._types_add_up:
            return frozenset(_month_key(group, month) for month in self.recent_months)
        return frozenset({f"type {slug}"})

    @cached_property
    def _held(self) -> Held:
        known = {k: Known(dict(k), value) for k, value in self._known().items()}
        asked = list(self._asked())
        revised = {a.key for a in asked if self._gives_a_small_revision_away(a.key, a.value)}
        return suppress(asked, known=list(known.values()), held_already=revised)

    def _asked(self) -> Iterator[Asked]:
        for name, result in sorted(self._results.items()):
            for month in result.series.held:
                value = result.series.at(month) or 0
                parts = self._parts(name, [month])
                yield Asked(_month_key(name, month), value, parts, keep=_MONTHS_FIRST)
            yield from self._compared_sums(name, name, result.change)
            yield from self._rest_of_ward(name, result)
        for priority in self.page.priorities:
            for claim in priority.claims:
                series = series_name(claim.claim.measure, self.place_of(claim))
                yield from self._compared_sums(_claim_key(claim), series, claim.ratio)
        for slug, value in self.page.totals.by_type:
            yield Asked(f"type {slug}", value, self._type_parts(slug), keep=_TYPES_NEXT)
        held = self.page.public_reported.series.held
        name = self._name(self.page.public_reported)
        yield self._sum("records", name, held, self.page.totals.records)

    def _compared_sums(self, key: str, name: str, ratio: RateRatio | None) -> Iterator[Asked]:
        if ratio is not None:
            before = [month.plus(-12) for month in ratio.compared]
            yield self._sum(f"{key} before", name, before, ratio.before)
            yield self._sum(f"{key} after", name, ratio.compared, ratio.after)

    def _sum(self, key: str, name: str, months: Sequence[Month], value: int) -> Asked:
        if name not in self._results:
            return Asked(key, value, frozenset({key}), keep=_SUMS_LAST)
        parts = self._parts(name, months)
        if value != _sum_of(self._results[name], months):
            parts |= {f"{key}, other months"}  # rows of months that are held only in part
        return Asked(key, value, parts, keep=_SUMS_LAST)

    def _rest_of_ward(self, name: str, result: MeasureResult) -> Iterator[Asked]:
        """What one subtraction from the ward's own series would give, where it is small."""
        ward = self._results.get(result.measure.id)
        if ward is None or ward is result:
            return
        for month in result.series.held:
            rest = (ward.series.at(month) or 0) - (result.series.at(month) or 0)
            if is_small(rest):
                key = f"rest of {_month_key(name, month)}"
                yield Asked(key, rest, frozenset({key}))

    def _known(self) -> dict[frozenset[tuple[str, int]], int]:
        """What readers know: how types and months add up, and what snapshots have shown."""
        known: dict[frozenset[tuple[str, int]], int] = {}
        if self._types_add_up:
            for group in sorted(set(self._groups.values())):
                types = {p for s, g in self._groups.items() if g == group for p in self._typed(s)}
                lately = {_month_key(group, month) for month in self.recent_months}
                if types and lately and not types & lately:
                    signed = [(t, 1) for t in types] + [(m, -1) for m in lately]
                    known[frozenset(signed)] = 0
        for name, result in self._results.items():
            for rest in self._rest_of_ward(name, result):
                part = rest.key.removeprefix("rest of ")
                month = Month.parse(part[-7:])
                whole = self._parts(result.measure.id, [month])
                known[frozenset([(p, 1) for p in whole] + [(part, -1), (rest.key, -1)])] = 0
        for name, months, value in self._said_before():
            parts = self._parts(name, months)
            if value == _sum_of(self._results[name], months):
                known[frozenset((part, 1) for part in parts)] = value
        return known

    def _typed(self, slug: str) -> frozenset[str]:
        listed = {name for name, _value in self.page.totals.by_type}
        return self._type_parts(slug) if slug in listed else frozenset()

    def _said_before(self) -> Iterator[tuple[str, tuple[Month, ...], int]]:
        """Every sum of months that an earlier snapshot has shown, of series still on the page."""
        of_one_type = {
            result.measure.crime_types[0]: name
            for name, result in self._results.items()
            if self._counts_by_type(name, result) and len(result.measure.crime_types) == 1
        }
        for page in self.earlier:
            for name, months, count in _sums_of(page, of_one_type):
                if name in self._results and count.value is not None:
                    yield name, tuple(Month.parse(text) for text in months), count.value

    @cached_property
    def _before_by_key(self) -> Mapping[str, set[int]]:
        """Earlier snapshots' counts of the very same months, by the key they have now."""
        found: dict[str, set[int]] = {}
        for name, months, value in self._said_before():
            if len(months) == 1:
                found.setdefault(_month_key(name, months[0]), set()).add(value)
        recent = tuple(str(month) for month in self.recent_months)
        for page in self.earlier:
            for kind in page.by_type:
                if page.recent_months == recent and kind.count.value is not None:
                    found.setdefault(f"type {kind.id}", set()).add(kind.count.value)
        return found

    def _gives_a_small_revision_away(self, key: str, value: int) -> bool:
        """Whether fewer than five records have been added or taken away since it was shown."""
        return any(is_small(abs(value - was)) for was in self._before_by_key.get(key, ()))


def _month_key(name: str, month: Month) -> str:
    return f"{name} {month}"


def _sum_of(result: MeasureResult, months: Iterable[Month]) -> int | None:
    """The sum over months, or None where one of them is not held."""
    counts = [result.series.at(month) for month in months]
    return None if None in counts else sum(n for n in counts if n is not None)


def _claim_key(checked: CheckedClaim) -> str:
    return f"claim {checked.claim.id}"


def _sums_of(
    page: DisclosedWardPage, of_one_type: Mapping[str, str]
) -> Iterator[tuple[str, tuple[str, ...], DisclosedCount]]:
    """The counts of a snapshot: the series, its months, and the count as it was shown.

    of_one_type: the series that counts just one crime type, by the type's slug.
    """
    series = measures_of(page)
    for measure in series:
        for month in measure.months:
            yield series_name(measure.measure_id, measure.place), (month.month,), month.count
    judged_by: list[DisclosedMeasure | DisclosedClaim] = [*series]
    judged_by += [claim for priority in page.priorities for claim in priority.claims]
    for judged in judged_by:
        if (sums := judged.compared) is not None:
            name = series_name(judged.measure_id, judged.place)
            yield name, sums.before_months, sums.before
            yield name, sums.after_months, sums.after
    for kind in page.by_type:
        yield of_one_type.get(kind.id, ""), page.recent_months, kind.count
