"""The finding first, then the number, then how sure; and the same words for the same thing."""

from __future__ import annotations

import inspect
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from peelian.core.counts import Series
from peelian.core.months import Month, MonthSpan
from peelian.core.places import NamedPlace, Resolution
from peelian.core.results import RateRatio
from peelian.core.wards import Commitment, CommitmentStatus
from peelian.measures import load_measures
from peelian.publication import about_the_numbers, wording
from peelian.publication.disclosed import DisclosedCount
from peelian.publication.shown_counts import shown, too_small
from peelian.publication.wording import (
    Trend,
    certainty,
    change_sentence,
    compared_with_before,
    expected_records,
    held_months,
    months_in_words,
    state_of_ward,
    status_of,
    trend,
    without_evidence,
)
from peelian.scanning.change import exact_rate_ratio

SPAN = MonthSpan.parse("2017-10/2018-03")


def ratio_of(
    before: int, after: int, *, span: MonthSpan = SPAN, compared: tuple[Month, ...] | None = None
) -> RateRatio:
    months = tuple(span) if compared is None else compared
    found = exact_rate_ratio(before, after)
    return RateRatio(
        before, after, len(months), found.estimate, found.low, found.high, 0.95, span, months,
        found.p_value,
    )  # fmt: skip


def as_drawn(before: int, after: int, low: float, high: float) -> RateRatio:
    """A ratio with the interval that the design guide's example states."""
    months = tuple(SPAN)
    return RateRatio(before, after, 6, after / before, low, high, 0.95, SPAN, months, 0.2)


def said(ratio: RateRatio, **options: Series) -> str:
    return change_sentence(
        "Recorded robbery", ratio, before=shown(ratio.before), after=shown(ratio.after), **options
    )


def test_the_design_guides_example_comes_out_in_its_words() -> None:
    # docs: "31 in the last six months, 42 in the same months a year before. That is 26 % fewer,
    # but chance alone could give anything from 54 % fewer to 19 % more: too few to say."
    assert said(as_drawn(42, 31, 0.46, 1.19)) == (
        "Recorded robbery: 31 in the last six months, 42 in the same months a year before. "
        "That is 26 % fewer, but chance alone could give anything from 54 % fewer to 19 % more: "
        "too few to say."
    )


def test_a_clear_fall_says_how_sure_it_is() -> None:
    assert said(as_drawn(200, 100, 0.39, 0.64)).endswith(
        "That is 50 % fewer; allowing for chance, from 61 % fewer to 36 % fewer: a fall is likely."
    )


@pytest.mark.parametrize(
    ("low", "high", "p_value", "word"),
    [
        (0.4, 0.6, 0.0009, "almost certain"),
        (0.4, 0.6, 0.001, "very likely"),
        (0.4, 0.99, 0.01, "likely"),
        (1.01, 2.0, 0.049, "likely"),
        (0.9, 1.1, 0.6, "about the same"),
        (0.89, 1.1, 0.6, "no clear change"),
        (0.46, 1.19, 0.2, "too few to say"),
        (0.8, 2.1, 0.2, "too few to say"),
        (0.5, 1.0, 0.05, "no clear change"),
    ],
)
def test_the_scale_of_certainty_has_fixed_steps(
    low: float, high: float, p_value: float, word: str
) -> None:
    ratio = RateRatio(50, 50, 6, 1.0, low, high, 0.95, SPAN, tuple(SPAN), p_value)

    assert certainty(ratio) == word


@settings(deadline=None)
@given(st.integers(0, 400), st.integers(0, 400))
def test_no_change_is_called_likely_whose_interval_includes_none(before: int, after: int) -> None:
    ratio = ratio_of(before, after)

    is_sure = certainty(ratio) in ("almost certain", "very likely", "likely")
    assert is_sure == (ratio.direction is not None)


def test_ratios_are_said_as_a_reader_would() -> None:
    ratios = (0.54, 1.19, 1.0, 0.998, 2.0, 3.26, 0.0)

    assert [compared_with_before(ratio) for ratio in ratios] == [
        "46 % fewer", "19 % more", "as many", "as many", "twice as many", "3.3 times as many",
        "100 % fewer",
    ]  # fmt: skip


def test_a_hidden_count_brings_no_percentage_that_would_give_it_away() -> None:
    ratio = ratio_of(12, 3)

    words = change_sentence("Recorded robbery", ratio, before=shown(12), after=too_small())

    assert words == (
        "Recorded robbery: fewer than 5 in the last six months, 12 in the same months a year "
        "before. Numbers this small are not shown, and no percentage is given with them."
    )
    assert "25" not in trend("Recorded robbery", ratio, shown=False)
    assert "lower" not in trend("Recorded robbery", ratio, shown=False)


def test_nothing_before_gives_no_percentage() -> None:
    assert said(ratio_of(0, 0)).endswith("Nothing was recorded in either year: too few to say.")
    assert said(ratio_of(0, 9)).endswith(
        "There is no percentage of nothing: a rise is very likely."
    )
    assert math.isinf(ratio_of(0, 9).high)


def test_a_month_without_a_file_is_said_to_be_left_out_and_why() -> None:
    span = MonthSpan.parse("2016-10/2017-03")
    compared = tuple(month for month in span if month != Month(2017, 3))
    held = MonthSpan.parse("2015-10/2017-03")
    gap = Month(2016, 3)
    counts = tuple(None if month == gap else 6 for month in held)
    series = Series("robbery", "ward", held, counts, {gap: "The archive has no file"})

    words = said(ratio_of(30, 30, span=span, compared=compared), missing=series)

    assert "30 in five of the last six months" in words
    assert words.endswith("March is left out: the archive has no file (March 2016).")


def test_a_series_that_breaks_between_the_years_is_said_not_to_be_alike() -> None:
    held = MonthSpan.parse("2016-10/2018-03")
    broken = {Month(2017, 6): "the force changed its recording system"}
    series = Series("robbery", "ward", held, (6,) * 18, {}, broken)

    words = said(ratio_of(36, 36), missing=series)

    assert words.endswith(
        "The two years are not quite alike: The force changed its recording system."
    )


def test_the_state_of_the_ward_is_the_design_guides() -> None:
    statuses: list[CommitmentStatus] = [*["no_evidence"] * 7, *["in_progress"] * 11]

    robbery = trend("Recorded robbery", as_drawn(42, 31, 0.46, 1.19))
    words = state_of_ward(3, [Trend(robbery, is_sure=False)], statuses)

    assert words == (
        "Three priorities. Recorded robbery is lower than a year ago, but the numbers are too "
        "small to be sure. 7 of 18 commitments have no evidence yet."
    )


def test_a_clear_change_says_which_way_and_how_sure() -> None:
    assert trend("Recorded robbery", as_drawn(200, 100, 0.39, 0.64)) == (
        "Recorded robbery is lower than a year ago; a real fall is likely."
    )
    assert trend("Recorded robbery", None, where="in_part") == (
        "Recorded robbery in the streets named cannot be compared with a year ago."
    )
    assert trend("Recorded drug offences", None) == (
        "Recorded drug offences cannot be compared with a year ago."
    )


def test_a_change_that_is_sure_is_said_before_those_that_may_be_chance() -> None:
    trends = [Trend("One is too few to say.", is_sure=False), Trend("Two rose.", is_sure=True)]

    assert state_of_ward(2, trends, []) == "Two priorities. Two rose. One is too few to say."


def test_what_shows_no_clear_change_is_said_in_one_sentence() -> None:
    trends = [
        Trend(
            "Recorded burglary shows no clear change from a year ago.",
            is_sure=False,
            unclear_of="Recorded burglary",
        ),
        Trend("Recorded robbery is higher; a real rise is likely.", is_sure=True),
        Trend(
            "Recorded theft shows no clear change from a year ago.",
            is_sure=False,
            unclear_of="Recorded theft",
        ),
    ]

    assert state_of_ward(3, trends, []) == (
        "Three priorities. Recorded robbery is higher; a real rise is likely. Recorded burglary "
        "and recorded theft show no clear change from a year ago."
    )
    assert state_of_ward(1, trends[:1], []) == f"One priority. {trends[0].words}"


def test_the_whole_ward_is_named_where_a_part_of_it_is_told_as_well() -> None:
    assert trend("Recorded robbery", as_drawn(27, 55, 1.26, 3.4), where="beside_part") == (
        "Recorded robbery in the whole ward is higher than a year ago; a real rise is likely."
    )


def test_records_that_follow_the_police_are_said_to_in_the_right_number() -> None:
    measures = load_measures()

    def said(name: str) -> str:
        return about_the_numbers._follows_police(measures[name])

    assert said("drugs").startswith("Recorded drug offences mostly follow what police did")
    assert said("weapons").startswith("Recorded possession of weapons mostly follows")
    assert said("stops") == (
        "Searches are what police did: their number says nothing of how much crime is."
    )


def test_months_missing_for_one_reason_are_said_together() -> None:
    gone = [(month, "no file is held") for month in MonthSpan.parse("2018-04/2021-05")]

    assert about_the_numbers._missing([*gone, (Month(2022, 1), "no file is held")]) == [
        "April 2018 to May 2021, January 2022: no file is held"
    ]


def test_a_place_that_borders_others_is_said_in_two_sentences() -> None:
    street = NamedPlace("Pratt Street", "street", Point(0, 0))
    found = Resolution("Pratt Street", "exact", street, borders=("Saint Martin's Gardens",))

    assert about_the_numbers.place_name(found) == (
        "“Pratt Street” is on the map. It borders Saint Martin's Gardens."
    )


def test_a_ward_without_priorities_or_promises_still_has_a_state() -> None:
    assert state_of_ward(0, [], []) == "No priorities."


def test_promises_are_counted_in_words_that_fit_their_number() -> None:
    assert without_evidence([]) == ""
    assert without_evidence(["no_evidence"]) == "The one commitment has no evidence yet."
    assert without_evidence(["no_evidence", "done"]) == "1 of 2 commitments has no evidence yet."
    assert without_evidence(["done", "in_progress"]) == ""


def test_a_promise_reported_in_words_alone_is_not_called_kept() -> None:
    promise = Commitment(
        id="p1-c1", text="Patrols", sentence="We will.", said_in="issue", status="in_progress",
        reported="We did.",
    )  # fmt: skip

    assert status_of(promise) == "Reported in words, without evidence"


def test_months_held_and_missing_are_counted() -> None:
    span = MonthSpan.parse("2016-01/2018-03")

    assert held_months(span, [Month(2016, 3)]) == "January 2016 to March 2018, 26 of 27 months"
    assert held_months(span, []) == "January 2016 to March 2018, all 27 months"
    assert months_in_words([Month(2016, 4), Month(2016, 1), Month(2016, 5)]) == (
        "January 2016, April 2016 to May 2016"
    )


def test_what_is_expected_is_said_to_the_whole() -> None:
    assert expected_records(6.4, 2, 11, 3).text == "6 expected in three months (2 to 11)"
    assert expected_records(0.2, 0, 1, 3).text == "fewer than 1 expected in three months (0 to 1)"


def test_a_published_date_is_said_in_words() -> None:
    assert about_the_numbers.day_in_words("2018-09-20T00:00:00") == "20 September 2018"
    assert about_the_numbers.day_in_words("spring") == "spring"
    assert about_the_numbers.dates("", "") == "The team's page gives no dates."
    assert about_the_numbers.dates("2018-09-20", "2019-01-14") == (
        "Issue of 20 September 2018, action of 14 January 2019."
    )


def test_significant_is_no_word_of_these_files() -> None:
    for module in (wording, about_the_numbers):
        source = inspect.getsource(module).replace('"Significant" is no word of this file', "")
        assert "significant" not in source.casefold()


def test_a_count_is_written_with_its_thousands_apart() -> None:
    assert shown(4163) == DisclosedCount(4163, "shown", "4,163")
