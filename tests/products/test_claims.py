from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from peelian.core.counts import Series
from peelian.core.gazetteer import Gazetteer
from peelian.core.measures import Measure
from peelian.core.months import Month, MonthSpan
from peelian.core.places import NamedPlace
from peelian.core.results import Direction
from peelian.core.wards import Claim
from peelian.measures import load_measures
from peelian.products.claims import ClaimGround, check_claim

SPAN = MonthSpan.parse("2024-01/2025-12")
ESTATE = NamedPlace("Curnock Street Estate", "estate", shapely.box(0, 0, 100, 100))


def series_of(before: int, after: int, *, breaks: dict[Month, str] | None = None) -> Series:
    """So many records a month in the last six months of each year, none in the others."""
    counts = (0,) * 6 + (before,) * 6 + (0,) * 6 + (after,) * 6
    return Series("robbery", "the ward", SPAN, counts, breaks=breaks or {})


def ground_of(
    series: Series, *, confirmed: dict[str, str] | None = None, has_snap_point: bool = True
) -> ClaimGround:
    return ClaimGround(
        measures=load_measures(),
        gazetteer=Gazetteer([ESTATE], confirmed=confirmed),
        series_in=lambda measure, shape, words: series,
        has_snap_point=lambda shape: has_snap_point,
        ward_name="Larkfield",
        source="police.uk",
    )


def claim(direction: Direction = "down", **said: object) -> Claim:
    fields = {"measure": "robbery", "sentence": "Robbery has changed.", **said}
    return Claim(id="p1-k1", direction=direction, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "direction", "verdict"),
    [
        (20, 5, "down", "supported"),
        (20, 5, "up", "not_supported"),
        (20, 21, "down", "not_supported"),
        (1, 1, "down", "cannot_be_measured"),
        (0, 0, "down", "cannot_be_measured"),
    ],
)
def test_the_verdict_follows_the_interval(
    before: int, after: int, direction: Direction, verdict: str
) -> None:
    checked = check_claim(claim(direction), ground_of(series_of(before, after)))

    assert checked.verdict == verdict
    assert checked.ratio is not None
    assert (checked.ratio.before, checked.ratio.after) == (6 * before, 6 * after)


def test_too_few_to_say_is_told_apart_from_no_change() -> None:
    few = check_claim(claim(), ground_of(series_of(1, 1)))
    many = check_claim(claim(), ground_of(series_of(20, 21)))

    assert "too few" in few.reason
    assert many.reason == ""


def test_a_place_that_nobody_confirmed_is_not_counted() -> None:
    said = claim(place="in and around Curnock Estate")

    waiting = check_claim(said, ground_of(series_of(20, 5)))
    settled = check_claim(
        said,
        ground_of(series_of(20, 5), confirmed={"Curnock Estate": "Curnock Street Estate"}),
    )

    assert waiting.verdict == "cannot_be_measured"
    assert waiting.ratio is None
    assert "nobody has confirmed" in waiting.reason
    assert settled.verdict == "supported"
    assert settled.place == "Curnock Street Estate and 50 m around it"


def test_a_place_without_a_snap_point_has_no_count_and_not_a_zero() -> None:
    ground = ground_of(series_of(0, 0), has_snap_point=False)

    checked = check_claim(claim(place="Curnock Street Estate"), ground)

    assert checked.verdict == "cannot_be_measured"
    assert checked.ratio is None
    assert "None of the points" in checked.reason


def test_an_unknown_place_stays_unknown() -> None:
    checked = check_claim(claim(place="Nowhere Mews"), ground_of(series_of(20, 5)))

    assert checked.verdict == "cannot_be_measured"
    assert "knows no place" in checked.reason


def test_a_claim_about_the_streets_between_places_is_counted_in_the_corridor() -> None:
    asked: list[object] = []
    corridor = shapely.box(0, 0, 500, 50)

    def series_in(measure: Measure, shape: object, words: str) -> Series:
        asked.append(shape)
        return series_of(20, 5)

    ground = replace(ground_of(series_of(0, 0)), series_in=series_in)
    checked = check_claim(
        claim(place="in the streets between the stations"), ground, corridor=corridor
    )

    assert asked == [corridor]
    assert checked.verdict == "supported"


def test_what_open_records_do_not_hold_cannot_be_measured() -> None:
    knife = check_claim(claim(measure="knife-robbery"), ground_of(series_of(20, 5)))
    patrols = check_claim(
        claim(measure="", unmeasurable="No open record counts patrols."),
        ground_of(series_of(20, 5)),
    )

    assert knife.verdict == patrols.verdict == "cannot_be_measured"
    assert "not in open records" in knife.reason
    assert patrols.reason == "No open record counts patrols."


def test_months_on_both_sides_of_a_break_are_not_compared() -> None:
    broken = series_of(20, 5, breaks={Month(2025, 1): "The force changed its system."})

    checked = check_claim(claim(), ground_of(broken))

    assert checked.verdict == "cannot_be_measured"
    assert "changed its system" in checked.reason


def test_a_span_that_a_person_fixed_is_used() -> None:
    counts = (9,) * 3 + (0,) * 9 + (30,) * 3 + (0,) * 9
    series = Series("robbery", "the ward", SPAN, counts)

    checked = check_claim(claim("up", span="2025-01/2025-03"), ground_of(series))

    assert checked.verdict == "supported"
    assert checked.ratio is not None
    assert str(checked.ratio.span) == "2025-01/2025-03"


def test_a_period_without_records_is_said_and_not_counted_as_zero() -> None:
    missing = Series("robbery", "the ward", SPAN, (None,) * 24)

    checked = check_claim(claim(), ground_of(missing))

    assert checked.verdict == "cannot_be_measured"
    assert "No month" in checked.reason
