"""Builds the page that may be shown: counts by the disclosure rule, sentences by wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from peelian.core.crimes import POLICE_GENERATED_TYPES, label_of_slug
from peelian.core.months import Month
from peelian.publication import about_the_numbers as about
from peelian.publication import wording
from peelian.publication.disclosed import (
    DisclosedBreak,
    DisclosedClaim,
    DisclosedCommitment,
    DisclosedHow,
    DisclosedMeasure,
    DisclosedMonth,
    DisclosedPriority,
    DisclosedRanking,
    DisclosedType,
    DisclosedWardPage,
)
from peelian.publication.public_words import (
    public_ward_file,
    repeated_paragraphs,
)
from peelian.publication.shown_counts import part_of
from peelian.publication.translation import _
from peelian.publication.ward_counts import WardCounts
from peelian.publication.ward_map import disclosed_map, rings_of
from peelian.publication.ward_places import disclosed_ranking, edge_sentence

if TYPE_CHECKING:
    from peelian.core.wards import Claim, Commitment
    from peelian.products.ward_page import (
        CheckedClaim,
        CheckedPriority,
        MeasureResult,
        PlaceRanking,
        WardPage,
    )


def disclosed_page(page: WardPage, *, earlier: Sequence[DisclosedWardPage]) -> DisclosedWardPage:
    """See `disclosure.disclose`."""
    ward_file = public_ward_file(page.ward_file)
    priorities = tuple(
        replace(checked, priority=public, claims=_public_claims(checked, public.claims))
        for checked, public in zip(page.priorities, ward_file.priorities, strict=True)
    )
    page = replace(page, ward_file=ward_file, priorities=priorities)
    return _Builder(page, WardCounts(page, earlier)).ward()


def _public_claims(checked: CheckedPriority, public: Sequence[Claim]) -> tuple[CheckedClaim, ...]:
    """The claims whose sentence may be repeated; of the others there is nothing to judge."""
    shown = {claim.id for claim in public}
    return tuple(claim for claim in checked.claims if claim.claim.id in shown)


@dataclass(frozen=True)
class _Builder:
    """The parts of one page, with what all of them need."""

    page: WardPage
    counts: WardCounts

    def ward(self) -> DisclosedWardPage:
        page, ward_file = self.page, self.page.ward_file
        priorities = tuple(self._priority(p) for p in page.priorities)
        commitments = tuple(c for priority in priorities for c in priority.commitments)
        return DisclosedWardPage(
            ward_code=page.area.code,
            ward_name=ward_file.name or page.area.name,
            operator=ward_file.operator or page.force_name,
            address=ward_file.address,
            force=ward_file.force or page.force,
            neighbourhood=ward_file.neighbourhood,
            state=wording.state_of_ward(
                len(priorities),
                [trend for p in page.priorities for trend in self._telling(p)]
                or [self._short(page.public_reported)],
                [commitment.status for commitment in commitments],
            ),
            snapshot_date=about.day_in_words(page.snapshot_date),
            last_month=page.last_month.in_words,
            population=about.population(page.population, page.population_source),
            channels=tuple(ward_file.channels),
            team=tuple(ward_file.team),
            priorities=priorities,
            commitments=commitments,
            public_reported=self._measure(page.public_reported, "ward"),
            by_type=self._by_type(),
            totals=self._totals(),
            stops=self._measure(page.stops, "ward") if page.stops else None,
            edge=edge_sentence(page.totals.edge),
            place_names=tuple(about.place_name(name) for name in page.place_names),
            cannot_know=about.cannot_know(page),
            map=disclosed_map(page.area, page.layers),
            sources=tuple(about.source(held) for held in page.sources),
            licence=about.LICENCE,
            code_version=page.code_version,
            seed=page.seed,
            snapshot_day=page.snapshot_date,
            recent_months=tuple(str(month) for month in self.counts.recent_months),
            boundary_set=page.area.boundary_set.name,
            boundary_source=page.area.boundary_set.source,
            notice=ward_file.notice,
            ranking=self._ranking(page.ranking, "ward") if page.ranking else None,
        )

    def _telling(self, checked: CheckedPriority) -> tuple[wording.Trend, ...]:
        """What a priority's records say in short: its first measure, and any sure of a change."""
        trends = [self._short(result) for result in checked.measures]
        return (*trends[:1], *(trend for trend in trends[1:] if trend.is_sure))

    def _short(self, result: MeasureResult) -> wording.Trend:
        unclear = self._certainty(result) == "no clear change"
        return wording.Trend(
            self._trend(result), self._is_sure(result), self._what(result) if unclear else ""
        )

    def _is_sure(self, result: MeasureResult) -> bool:
        change = result.change
        return (
            self._compared_may_be_shown(result)
            and change is not None
            and change.direction is not None
        )

    def _priority(self, checked: CheckedPriority) -> DisclosedPriority:
        priority = checked.priority
        issue, gone_from_issue = repeated_paragraphs(priority.issue)
        action, gone_from_action = repeated_paragraphs(priority.action)
        commitments = tuple(_commitment(c, priority.id) for c in priority.commitments)
        measures = self._measures(checked)
        owed = wording.without_evidence([c.status for c in commitments])
        first = measures[0].change if measures else _("No open record measures this priority.")
        sure = [trend.words for trend in self._telling(checked)[1:]]
        ranking = self._ranking(checked.ranking, priority.id) if checked.ranking else None
        return DisclosedPriority(
            id=priority.id,
            title=priority.title,
            issue=issue,
            action=action,
            withheld=(*gone_from_issue, *gone_from_action),
            dates=about.dates(priority.issue_date, priority.action_date),
            review_due=about.day_in_words(priority.review_due),
            state=" ".join(s for s in (first, *sure, owed) if s),
            measures=measures,
            ranking=ranking,
            corridor=rings_of(checked.corridor),
            corridor_rule=self._named(checked.corridor_rule),
            claims=tuple(self._claim(claim) for claim in checked.claims),
            commitments=commitments,
            cannot_know=tuple(map(wording.sentence_case, checked.cannot_know)),
            issue_date=priority.issue_date,
            action_date=priority.action_date,
            review_date=priority.review_due,
        )

    def _ranking(self, ranking: PlaceRanking, priority_id: str) -> DisclosedRanking:
        return disclosed_ranking(
            ranking,
            id_=f"{priority_id}-places",
            how=self._how(ranking.measure.id, "places.csv", ranking.method),
            ward=self.page.ward_file.name or self.page.area.name,
            surroundings=self.page.surroundings,
        )

    def _measures(self, checked: CheckedPriority) -> tuple[DisclosedMeasure, ...]:
        """The priority's measures, each with an id of its own on the page."""
        prefixes: list[str] = []
        for result in checked.measures:
            same = sum(r.measure.id == result.measure.id for r in checked.measures)
            in_part = same > 1 and self.counts.place_of(result)
            prefixes.append(f"{checked.priority.id}-part" if in_part else checked.priority.id)
        return tuple(
            self._measure(result, prefix)
            for result, prefix in zip(checked.measures, prefixes, strict=True)
        )

    def _measure(self, result: MeasureResult, prefix: str) -> DisclosedMeasure:
        measure, series = result.measure, result.series
        id_ = f"{prefix}-{measure.id}"
        return DisclosedMeasure(
            id=id_,
            measure_id=measure.id,
            title=wording.recorded(measure),
            finding=self._trend(result),
            subtitle=_("{what}, {unit} a month, {place}").format(
                what=wording.recorded(measure), unit=measure.unit, place=self._named(result.place)
            ),
            change=self._change(result),
            certainty=self._certainty(result),
            months=tuple(self._month(result, month) for month in series.span),
            breaks=tuple(
                DisclosedBreak(str(month), wording.sentence_case(why))
                for month, why in sorted(series.breaks.items())
            ),
            is_proxy=measure.is_proxy,
            police_generated=measure.police_generated,
            how=self._how(measure.id, f"{id_}.csv", about.METHOD, result),
            compared=self.counts.compared(result),
            place=self.counts.place_of(result),
        )

    def _month(self, result: MeasureResult, month: Month) -> DisclosedMonth:
        before, why = month.plus(-12), result.series.missing.get(month, "")
        return DisclosedMonth(
            month=str(month),
            label=month.in_words,
            count=self.counts.month(result, month),
            year_before=self.counts.month(result, before) if before in result.series.span else None,
            note=wording.sentence_case(why),
        )

    def _compared_may_be_shown(self, result: MeasureResult) -> bool:
        sums = self.counts.compared(result)
        return sums is not None and sums.before.state == sums.after.state == "shown"

    def _trend(self, result: MeasureResult) -> str:
        return wording.trend(
            wording.recorded(result.measure),
            result.change,
            shown=self._compared_may_be_shown(result),
            where=self._where(result),
        )

    def _what(self, result: MeasureResult) -> str:
        return wording.within(wording.recorded(result.measure), self._where(result))

    def _where(self, result: MeasureResult) -> wording.Where:
        """In which part of the ward; the whole is said where its part is told beside it."""
        if self.counts.place_of(result):
            return "in_part"
        beside = any(
            other.measure.id == result.measure.id and self.counts.place_of(other)
            for checked in self.page.priorities
            if any(result is one for one in checked.measures)
            for other in checked.measures
        )
        return "beside_part" if beside else "in_ward"

    def _named(self, place: str) -> str:
        """A place with the ward called as its page calls it, not as a boundary file does."""
        area, name = self.page.area.name, self.page.ward_file.name or self.page.area.name
        stop = "." if place.endswith(".") else ""
        before = place.removesuffix(f"{area}{stop}")
        return place if before == place else f"{before}{name}{stop}"

    def _certainty(self, result: MeasureResult) -> str:
        if result.change is None or not self._compared_may_be_shown(result):
            return ""
        return wording.certainty(result.change)

    def _change(self, result: MeasureResult) -> str:
        sums = self.counts.compared(result)
        if result.change is None or sums is None:
            return wording.sentence_case(
                result.no_change_because or _("There is no comparison with the year before.")
            )
        return wording.change_sentence(
            self._what(result),
            result.change,
            before=sums.before,
            after=sums.after,
            missing=result.series,
        )

    def _claim(self, checked: CheckedClaim) -> DisclosedClaim:
        claim, sums = checked.claim, self.counts.of_claim(checked)
        reason = wording.sentence_case(self._named(checked.reason))
        change = ""
        if checked.ratio is not None and sums is not None:
            counted = self._title_of(claim.measure)
            what = _("{what}, {place}").format(what=counted, place=self._named(checked.place))
            change = wording.change_sentence(
                what, checked.ratio, before=sums.before, after=sums.after
            )
            says_why = checked.verdict == "cannot_be_measured" and checked.ratio.is_too_few_to_say
            if says_why and sums.before.state == sums.after.state == "shown":
                reason = ""  # the sentence of the change ends with it
        return DisclosedClaim(
            id=claim.id,
            sentence=claim.sentence,
            verdict=checked.verdict,
            verdict_words=wording.VERDICTS[checked.verdict],
            explanation=" ".join(s for s in (change, reason) if s),
            measure_id=claim.measure,
            compared=sums,
            place=self.counts.place_of(checked),
        )

    def _title_of(self, measure_id: str) -> str:
        from peelian.measures import load_measures

        known = load_measures()
        return wording.recorded(known[measure_id]) if measure_id in known else _("Records")

    def _by_type(self) -> tuple[DisclosedType, ...]:
        return tuple(
            DisclosedType(
                label=label_of_slug(slug),
                count=self.counts.of_type(slug, value),
                police_generated=slug in POLICE_GENERATED_TYPES,
                id=slug,
            )
            for slug, value in self.page.totals.by_type
        )

    def _totals(self) -> str:
        totals = self.page.totals
        btp = part_of(totals.british_transport_police, totals.records)
        return about.totals(self.counts.records, totals, btp, includes_btp=self.page.includes_btp)

    def _how(
        self, measure_id: str, download: str, method: str, result: MeasureResult | None = None
    ) -> DisclosedHow:
        page = self.page
        measures = [r for r in self._every_result() if r.measure.id == measure_id]
        result = result or (measures[0] if measures else page.public_reported)
        return about.how(page, result, method=method, download=download)

    def _every_result(self) -> list[MeasureResult]:
        return [self.page.public_reported, *(m for p in self.page.priorities for m in p.measures)]


def _commitment(commitment: Commitment, priority_id: str) -> DisclosedCommitment:
    return DisclosedCommitment(
        id=commitment.id,
        priority_id=priority_id,
        text=commitment.text,
        said_in=commitment.said_in,
        status=commitment.status,
        status_words=wording.status_of(commitment),
        reported=commitment.reported,
        owner=commitment.owner,
        due=about.day_in_words(commitment.due),
        due_date=commitment.due,
        evidence=tuple(commitment.evidence),
    )
