"""Counts that hang together: claims, corridors and editions beside the series of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from peelian.core.counts import Series
from peelian.core.months import MonthSpan
from peelian.core.wards import Claim
from peelian.measures import measure
from peelian.products.ward_page import CheckedClaim, WardPage
from peelian.publication.disclosed import DisclosedPriority
from peelian.publication.disclosure import disclose, is_small
from peelian.publication.shown_counts import part_of
from peelian.scanning.change import change_since_year_before
from publication.true_page import (
    ASB,
    OTHER,
    ROBBERY,
    ROBBERY_MEASURE,
    result_of,
    series_of,
    true_page,
)

STREETS = "the streets between A and B"
STEADY = (9,) * 2 + (None,) + (9,) * 24


def judged(series: Series, *, months: int, part: str = "") -> CheckedClaim:
    said = Claim(id=f"k{months}", sentence="It fell.", measure=series.measure_id, direction="down")
    ratio = change_since_year_before(series, months=months)
    return CheckedClaim(said, "not_supported", part or series.place, ratio, "", series)


def disclosed(*claims: CheckedClaim, streets: Sequence[int | None] = ()) -> DisclosedPriority:
    """The made page's first priority with these claims, and a corridor's series if given."""
    page = true_page()
    first, second = page.priorities
    said = msgspec.structs.replace(first.priority, claims=[claim.claim for claim in claims])
    ward_file = msgspec.structs.replace(page.ward_file, priorities=[said, second.priority])
    measures = first.measures
    if streets:
        measures = (result_of(ROBBERY_MEASURE, streets, place=STREETS), *measures)
    first = replace(first, priority=said, claims=claims, measures=measures)
    changed: WardPage = replace(page, ward_file=ward_file, priorities=(first, second))
    return disclose(changed).priorities[0]


def test_two_claims_of_one_measure_leave_no_small_month_between_them() -> None:
    # October 2017 has 2 burglaries: the six months to March less the five are 2.
    burglaries = series_of(measure("burglary"), [2 if i == 21 else n for i, n in enumerate(STEADY)])

    six, five = disclosed(judged(burglaries, months=6), judged(burglaries, months=5)).claims

    assert six.compared is not None
    assert five.compared is not None
    shown = (six.compared.after.value, five.compared.after.value)
    assert None in shown or not is_small(shown[0] - shown[1])  # type: ignore[operator]


def test_a_claim_about_a_corridor_does_not_give_its_hidden_months_away() -> None:
    # Two months of four records each: hidden, they sum to eight, and four is the most of each.
    streets = (*ROBBERY[:-2], 4, 4)
    counted = series_of(ROBBERY_MEASURE, streets, place=STREETS)

    priority = disclosed(judged(counted, months=2), streets=streets)

    (claim,) = priority.claims
    assert [m.count.text for m in priority.measures[0].months[-2:]] == ["fewer than 5"] * 2
    assert claim.compared is not None
    assert claim.compared.after.text == "not shown"


def test_a_small_rest_of_the_ward_is_not_left_beside_a_claim_about_a_place() -> None:
    # All robberies of the ward but three of the last six months are at the place.
    at_place = series_of(ROBBERY_MEASURE, (*ROBBERY[:-1], 2), place="Canal Street")

    priority = disclosed(judged(at_place, months=6))

    ward, place = priority.measures[0].compared, priority.claims[0].compared
    assert ward is not None
    assert place is not None
    assert sum(n or 0 for n in ROBBERY[-6:]) - sum(n or 0 for n in at_place.counts[-6:]) == 3
    assert None in (ward.after.value, place.after.value)


def test_two_editions_do_not_tell_what_one_type_had_in_the_month_between() -> None:
    first = disclose(true_page())
    then = true_page(
        robbery=(*ROBBERY, 7), asb=(*ASB, 55), other=(*OTHER, 90),
        span=MonthSpan.parse("2016-01/2018-04"), snapshot_date="2018-06-01",
    )  # fmt: skip

    second = disclose(then, earlier=[first])

    # 152 records more; two exact totals would give what no series of the page counts.
    exact = then.totals.records
    assert first.totals.startswith(f"{exact - 152:,} records")
    assert second.totals.startswith(f"About {5 * round(exact / 5):,} records")
    kinds = [kind.count for page in (first, second) for kind in page.by_type]
    assert all(count.value is None or count.value % 5 == 0 for count in kinds)


def test_transport_police_records_are_said_to_the_nearest_five() -> None:
    assert part_of(2_792, 7_958).text == "about 2,790"
    assert part_of(3, 7_958).text == "fewer than 5"
    assert part_of(0, 7_958).text == "0"
