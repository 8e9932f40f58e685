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
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from peelian.core.months import Month, MonthSpan
from peelian.measures import load_measures
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
        count = about(self.page.totals.records) if self._total_has_changed else count
        return replace(count, text=count.text[:1].upper() + count.text[1:])  # opens a sentence

    @property
    def recent_months(self) -> tuple[Month, ...]:
        """The months held of the last twelve: what the counts by type are of.

        Where an archive has one crime type alone, so that no month is whole, those with a file.
        """
        last_year = MonthSpan.ending(self.page.last_month, months=RECENT_MONTHS)
        whole = [m for m in last_year if self.page.public_reported.series.at(m) is not None]
        files = [s.months for s in self.page.sources if s.table == "crimes"]
        filed = {month for months in files for month in months}
        return tuple(whole or [month for month in last_year if month in filed])

    @cached_property
    def _total_has_changed(self) -> bool:
        said = f"{number(self.page.totals.records)} "
        return not all(page.totals.startswith(said) for page in self.earlier)

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
    def _claims(self) -> tuple[CheckedClaim, ...]:
        """The claims that are judged by two sums."""
        claims = (claim for priority in self.page.priorities for claim in priority.claims)
        return tuple(claim for claim in claims if claim.ratio is not None)

    def _name_of_claim(self, checked: CheckedClaim) -> str:
        return series_name(checked.claim.measure, self.place_of(checked))

    @cached_property
    def _series(self) -> dict[str, Series]:
        """Every series that a count of the page is a month of, or a sum over."""
        of_claims = {self._name_of_claim(c): c.series for c in self._claims if c.series}
        return of_claims | {name: result.series for name, result in self._results.items()}

    @cached_property
    def _types_of(self) -> dict[str, tuple[str, ...]]:
        """The crime types of each series that is a sum over types of the whole ward."""
        found = {name: result.measure for name, result in self._results.items()}
        for claim in self._claims:
            if claim.series and not self.place_of(claim):
                found.setdefault(claim.claim.measure, load_measures()[claim.claim.measure])
        return {
            name: tuple(measure.crime_types)
            for name, measure in sorted(found.items())
            if name == measure.id and measure.records == "crimes" and not measure.flags
        }

    @cached_property
    def _groups(self) -> dict[str, str]:
        """Each crime type's group: the measures of the whole ward that count it."""
        counted: dict[str, list[str]] = {}
        for name, types in self._types_of.items():
            for slug in types:
                counted.setdefault(slug, []).append(name)
        return {slug: " + ".join(names) for slug, names in counted.items()}

    def _parts(self, name: str, months: Iterable[Month]) -> frozenset[str]:
        groups = {self._groups[slug] for slug in self._types_of.get(name, ())} or {name}
        return frozenset(_month_key(group, month) for group in groups for month in months)

    @cached_property
    def _types_add_up(self) -> bool:
        """Whether the counts by type are of the same rows as the months of the measures."""
        by_type = dict(self.page.totals.by_type)
        return all(
            sum(by_type.get(slug, 0) for slug in types)
            == _sum_of(self._series[name], self.recent_months)
            for name, types in self._types_of.items()
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
            yield from self._small_rests(name, result.series.held, result.change)
        for claim in self._claims:
            name = self._name_of_claim(claim)
            yield from self._compared_sums(_claim_key(claim), name, claim.ratio)
            if name not in self._results:
                yield from self._small_rests(name, (), claim.ratio, key=_claim_key(claim))
        for name in sorted(self._series.keys() - self._results.keys()):
            # Months that are not on the page, but lie between the sums of two claims.
            for month in self._series[name].held:
                value = self._series[name].at(month) or 0
                if is_small(value):
                    yield Asked(_month_key(name, month), value, self._parts(name, [month]))
        for slug, value in self.page.totals.by_type:
            parts = self._type_parts(slug)
            yield Asked(f"type {slug}", value, parts, rounded=True, keep=_TYPES_NEXT)
        held = self.page.public_reported.series.held
        name = self._name(self.page.public_reported)
        yield self._sum("records", name, held, self.page.totals.records)

    def _compared_sums(self, key: str, name: str, ratio: RateRatio | None) -> Iterator[Asked]:
        if ratio is not None:
            before = [month.plus(-12) for month in ratio.compared]
            yield self._sum(f"{key} before", name, before, ratio.before)
            yield self._sum(f"{key} after", name, ratio.compared, ratio.after)

    def _sum(self, key: str, name: str, months: Sequence[Month], value: int) -> Asked:
        if name not in self._series:
            return Asked(key, value, frozenset({key}), keep=_SUMS_LAST)
        parts = self._parts(name, months)
        if value != _sum_of(self._series[name], months):
            parts |= {f"{key}, other months"}  # rows of months that are held only in part
        return Asked(key, value, parts, keep=_SUMS_LAST)

    @cached_property
    def _rests(self) -> dict[str, dict[Month, int]]:
        """Of each series of a part of the ward, the rest of the ward by month.

        A place that reaches over the ward's line, so that a month of it has more records
        than the ward, is no part of it.
        """
        found = {}
        for name, series in self._series.items():
            ward = self._series.get(series.measure_id)
            if ward is None or ward is series:
                continue
            rest = {
                month: (ward.at(month) or 0) - (series.at(month) or 0)
                for month in series.held
                if ward.at(month) is not None
            }
            if min(rest.values(), default=0) >= 0:
                found[name] = rest
        return found

    def _small_rests(
        self, name: str, months: Iterable[Month], ratio: RateRatio | None, *, key: str = ""
    ) -> Iterator[Asked]:
        """What one subtraction from the ward's own series would give, where it is small."""
        rest, after = self._rests.get(name, {}), ratio.compared if ratio else ()
        before = [month.plus(-12) for month in after]
        spans = {str(month): [month] for month in months}
        spans |= {f"{key} before": before, f"{key} after": list(after)} if after else {}
        for which, span in spans.items():
            value = sum(rest.get(month, 0) for month in span)
            if is_small(value) and rest.keys() >= set(span):
                parts = frozenset(_rest_key(name, month) for month in span)
                yield Asked(f"{_rest_key(name)} {which}", value, parts)

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
        for name, rests in self._rests.items():
            for month in rests:
                whole = self._parts(self._series[name].measure_id, [month])
                part, rest = _month_key(name, month), _rest_key(name, month)
                known[frozenset([(p, 1) for p in whole] + [(part, -1), (rest, -1)])] = 0
        for name, months, value in self._said_before():
            parts = self._parts(name, months)
            if value == _sum_of(self._series[name], months):
                known[frozenset((part, 1) for part in parts)] = value
        return known

    def _typed(self, slug: str) -> frozenset[str]:
        listed = {name for name, _value in self.page.totals.by_type}
        return self._type_parts(slug) if slug in listed else frozenset()

    def _said_before(self) -> Iterator[tuple[str, tuple[Month, ...], int]]:
        """Every sum of months that an earlier snapshot has shown, of series still on the page."""
        for page in self.earlier:
            for name, months, count in _sums_of(page):
                if name in self._series and count.value is not None:
                    yield name, tuple(Month.parse(text) for text in months), count.value

    @cached_property
    def _before_by_key(self) -> Mapping[str, set[int]]:
        """Earlier snapshots' counts of the very same months, by the key they have now."""
        found: dict[str, set[int]] = {}
        for name, months, value in self._said_before():
            if len(months) == 1:
                found.setdefault(_month_key(name, months[0]), set()).add(value)
        return found

    def _gives_a_small_revision_away(self, key: str, value: int) -> bool:
        """Whether fewer than five records have been added or taken away since it was shown."""
        return any(is_small(abs(value - was)) for was in self._before_by_key.get(key, ()))


def _month_key(name: str, month: Month) -> str:
    return f"{name} {month}"


def _rest_key(name: str, month: Month | None = None) -> str:
    return f"rest of {_month_key(name, month)}" if month else f"rest of {name}"


def _sum_of(series: Series, months: Iterable[Month]) -> int | None:
    """The sum over months, or None where one of them is not held."""
    counts = [series.at(month) for month in months]
    return None if None in counts else sum(n for n in counts if n is not None)


def _claim_key(checked: CheckedClaim) -> str:
    return f"claim {checked.claim.id}"


def _sums_of(page: DisclosedWardPage) -> Iterator[tuple[str, tuple[str, ...], DisclosedCount]]:
    """The exact counts of a snapshot: the series, its months, and the count as it was shown."""
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
