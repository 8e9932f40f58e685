"""A page that may be shown: no small number in any count, sentence or list of it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.core.months import Month, MonthSpan
from peelian.core.results import EdgeSensitivity, RateRatio
from peelian.core.wards import WardFile
from peelian.publication.disclosed import DisclosedMeasure, DisclosedWardPage, measures_of
from peelian.publication.disclosure import disclose
from peelian.publication.public_words import public_ward_file
from peelian.publication.ward_places import edge_sentence
from publication.true_page import (
    ASB,
    OTHER,
    PLACES,
    ROBBERY,
    ROBBERY_MEASURE,
    SLIP,
    SPAN,
    WARD,
    ranked,
    result_of,
    true_page,
)


@pytest.fixture(scope="module")
def page() -> DisclosedWardPage:
    return disclose(true_page())


def texts_of(measure: DisclosedMeasure) -> list[str]:
    return [month.count.text for month in measure.months]


def test_the_small_month_is_hidden_with_a_second_one_and_the_sums_are_shown(
    page: DisclosedWardPage,
) -> None:
    robbery = page.priorities[0].measures[0]

    # The made series: 5 in October and 3 in November 2017, within the six months that sum to 31.
    assert texts_of(robbery)[21:23] == ["not shown", "fewer than 5"]
    assert texts_of(robbery)[2] == "no data"
    assert robbery.compared is not None
    assert (robbery.compared.after.text, robbery.compared.before.text) == ("31", "42")


def test_a_hidden_month_is_hidden_too_as_the_year_before_of_a_later_one() -> None:
    counts = (*ROBBERY[:-12], *ROBBERY[-24:-12])
    small_last_year = tuple(3 if i == 20 else n for i, n in enumerate(counts))
    span = MonthSpan(SPAN.first, SPAN.last)

    months = (
        disclose(true_page(robbery=small_last_year, span=span)).priorities[0].measures[0].months
    )

    later = [m for m in months if m.year_before and m.year_before.state == "suppressed"]
    assert {m.month for m in months if m.count.text == "fewer than 5"} == {"2017-09"}
    assert all(m.year_before in {n.count for n in months} for m in later)


def test_one_crime_type_is_not_told_from_the_total_of_all(page: DisclosedWardPage) -> None:
    by_type = {kind.id: kind.count for kind in page.by_type}

    # Burglary is 3. With robbery and anti-social behaviour taken off, a reader may know the sum
    # of three types; two of them are shown to the nearest five, which leaves any small number.
    assert by_type["burglary"].text == "fewer than 5"
    shown = [by_type[slug].value or 0 for slug in ("drugs", "violent-crime")]
    left = sum(n for n in OTHER[-12:] if n is not None) - sum(shown)
    assert {n for n in range(1, 5) if abs(left - n) <= 2 * len(shown)} == {1, 2, 3, 4}


def test_a_place_with_few_records_is_counted_but_not_named(page: DisclosedWardPage) -> None:
    ranking = page.priorities[0].ranking

    assert ranking is not None
    names = [place.name for place in ranking.places]
    assert names == ["Canal Street", "Market Parade", "Station Approach", "Chapel Street"]
    assert [place.rank for place in ranking.places] == [1, 2, 3, 4]
    assert ranking.not_listed == "3 further places had fewer than 5 records each."


def test_places_are_said_to_the_nearest_five_and_without_the_exact_reasons(
    page: DisclosedWardPage,
) -> None:
    ranking = page.priorities[0].ranking

    assert ranking is not None
    first, *_, last = ranking.places
    assert (first.records.text, first.recent.text) == ("about 70", "about 30")  # 71 and 31
    assert (last.records.text, last.recent.text) == ("about 20", "fewer than 5")  # 18 and 3
    assert not any(
        re.search(r"\b(71|31|44|21|33|17|18)\b", w) for p in ranking.places for w in p.why
    )


def test_what_stands_near_a_place_is_said_and_no_business_is_named(
    page: DisclosedWardPage,
) -> None:
    ranking = page.priorities[0].ranking

    assert ranking is not None
    assert ranking.places[0].why[-1] == (
        "Within 100 m on the map: a station (Canal Street station, 80 m); two pubs and bars "
        "(nearest: beside it)."
    )
    assert len(ranking.places[1].why) == 1  # nothing is known of its surroundings
    assert "Made Arms" not in str(page)


def test_the_only_small_place_takes_a_second_one_off_the_list() -> None:
    places = (ranked(1, "Canal Street", 22, 9), ranked(2, "Basin Walk", 4, 2))

    ranking = disclose(true_page(places=places)).priorities[0].ranking

    assert ranking is not None
    assert ranking.places == ()
    assert ranking.not_listed.startswith("2 further places are not listed")


def test_ranks_follow_the_list_and_leave_no_gap() -> None:
    places = (ranked(1, "Basin Walk", 4, 4), *(replace(p, rank=p.rank + 1) for p in PLACES[:4]),
              ranked(6, "Old Wharf", 3, 1))  # fmt: skip

    ranking = disclose(true_page(places=places)).priorities[0].ranking

    assert ranking is not None
    assert [p.rank for p in ranking.places] == [1, 2, 3, 4]


def test_a_small_rest_of_the_ward_is_not_left_beside_a_corridor() -> None:
    true = true_page()
    few_elsewhere = tuple(None if n is None else n - 2 if n > 6 else n for n in ROBBERY)
    corridor = result_of(ROBBERY_MEASURE, few_elsewhere, place="the streets between A and B")
    first = replace(true.priorities[0], measures=(corridor, *true.priorities[0].measures))

    page = disclose(replace(true, priorities=(first, true.priorities[1])))

    part, ward = page.priorities[0].measures[:2]
    assert (part.id, ward.id) == ("p1-part-robbery", "p1-robbery")
    for inside, whole in zip(part.months, ward.months, strict=True):
        if inside.count.value is not None and whole.count.value is not None:
            assert whole.count.value - inside.count.value in (0, *range(5, 200))


def test_a_sure_change_of_the_whole_ward_is_said_though_its_part_is_too_few_to_say() -> None:
    risen = tuple(n and (6 if slot > 20 else 3) * n for slot, n in enumerate(ROBBERY))
    steady = tuple(None if n is None else 5 for n in ROBBERY)
    true = true_page(robbery=risen, places=())
    part = result_of(ROBBERY_MEASURE, steady, place="the streets between A and B")
    first = replace(true.priorities[0], measures=(part, *true.priorities[0].measures[:1]))

    page = disclose(replace(true, priorities=(first, true.priorities[1])))

    whole = (
        "Recorded robbery in the whole ward is higher than a year ago; "
        "a real rise is almost certain."
    )
    assert page.state.startswith(f"Two priorities. {whole} ")
    assert whole in page.priorities[0].state
    assert page.priorities[0].state.startswith("Recorded robbery in the streets named: 30 in")
    assert [m.finding for m in page.priorities[0].measures][1] == whole


def test_the_ward_has_one_name_on_its_page() -> None:
    true = true_page()
    ward_file = msgspec.structs.replace(true.ward_file, name="Quayside with Millfield")
    streets = result_of(ROBBERY_MEASURE, ROBBERY, place=f"the streets named, within {WARD}")
    first = replace(
        true.priorities[0],
        measures=(streets,),
        corridor_rule=f"Every street, as far as it lies in {WARD}.",
    )

    page = disclose(replace(true, ward_file=ward_file, priorities=(first, *true.priorities[1:])))

    said = replace(page.priorities[0].measures[0], place="")  # a key that editions share
    assert WARD not in msgspec.json.encode((said, page.priorities[0].corridor_rule)).decode()
    assert page.priorities[0].measures[0].subtitle.endswith("within Quayside with Millfield")


def test_a_verdict_of_too_few_is_explained_once() -> None:
    true = true_page()
    claims = true.priorities[0].claims
    few = RateRatio(12, 18, 6, 1.5, 0.7, 3.4, 0.95, SPAN, tuple(SPAN)[-6:], 0.3)
    claim = replace(
        claims[1],
        verdict="cannot_be_measured",
        ratio=few,
        reason="There are too few records to say.",
    )
    first = replace(true.priorities[0], claims=(claims[0], claim, claims[2]))

    page = disclose(replace(true, priorities=(first, true.priorities[1])))

    assert page.priorities[0].claims[1].explanation.endswith("3.4 times as many: too few to say.")


def test_a_claim_with_a_small_count_gives_no_percentage(page: DisclosedWardPage) -> None:
    claim = page.priorities[0].claims[1]  # the made counts: 4 before, 9 after

    assert "fewer than 5 in the same months a year before" in claim.explanation
    assert "%" not in claim.explanation
    assert "times" not in claim.explanation


def test_claims_have_the_four_verdicts_in_words(page: DisclosedWardPage) -> None:
    assert [claim.verdict_words for claim in page.priorities[0].claims] == [
        "Not supported by the records",
        "Not supported by the records",
        "Cannot be measured with these data",
    ]


@pytest.mark.parametrize("seed", range(6))
def test_two_snapshots_a_month_apart_leave_every_hidden_month_two_values(seed: int) -> None:
    draw = random.Random(seed)
    counts = tuple(draw.choice([2, 3, *range(5, 13)]) for _ in range(28))
    others = (40,) * 28
    months = MonthSpan.parse("2016-01/2018-04")
    first = disclose(
        true_page(robbery=counts[:-1], asb=others[:-1], other=others[:-1], missing={}, places=())
    )
    then = true_page(
        robbery=counts, asb=others, other=others, span=months, missing={}, places=(),
        snapshot_date="2018-06-01",
    )  # fmt: skip

    second = disclose(then, earlier=[first])

    left = _values_left([p.priorities[0].measures[0] for p in (first, second)])
    assert left
    assert all(len(values) > 1 for values in left.values())


def test_without_the_first_snapshot_the_second_would_give_a_month_away() -> None:
    # 5 in October and 3 in November 2017 are hidden in March's page, whose six months sum to
    # 31. April brings 2: its own six months alone would be safe with any other month hidden.
    first = disclose(true_page())
    then = true_page(
        robbery=(*ROBBERY, 2), asb=(*ASB, 55), other=(*OTHER, 90),
        span=MonthSpan.parse("2016-01/2018-04"), snapshot_date="2018-06-01",
    )  # fmt: skip

    alone, reckoned = disclose(then), disclose(then, earlier=[first])

    def left(second: DisclosedWardPage) -> dict[str, set[int]]:
        return _values_left([p.priorities[0].measures[0] for p in (first, second)])

    assert any(len(values) == 1 for values in left(alone).values())
    assert all(len(values) > 1 for values in left(reckoned).values())


def _values_left(editions: Sequence[DisclosedMeasure]) -> dict[str, set[int]]:
    """The oracle: what the hidden months could be for a reader with every edition of a series.

    Every edition's months and six-month sums are put together, and all fillings tried.
    """
    newest = {month.month: month.count for month in editions[-1].months}
    shown = {
        m.month: m.count.value for e in editions for m in e.months if m.count.value is not None
    }
    sums = []
    for compared in (edition.compared for edition in editions):
        assert compared is not None
        for months, total in (
            (compared.before_months, compared.before),
            (compared.after_months, compared.after),
        ):
            if total.value is not None:
                known = sum(shown.get(month, 0) for month in months)
                sums.append(([m for m in months if m not in shown], total.value - known))
    hidden = sorted({month for months, _ in sums for month in months})
    ranges = [
        range(1, 5) if newest[month].text == "fewer than 5" else range(5, 20) for month in hidden
    ]
    left: dict[str, set[int]] = {month: set() for month in hidden}
    for filling in _fillings(hidden, ranges, sums):
        for month, value in filling.items():
            left[month].add(value)
    return left


def _fillings(
    hidden: Sequence[str], ranges: Sequence[range], sums: Sequence[tuple[list[str], int]]
) -> Iterator[dict[str, int]]:
    """Every way to fill in the hidden months so that all sums come out."""

    def fill(chosen: dict[str, int]) -> Iterator[dict[str, int]]:
        for months, total in sums:
            if sum(chosen.get(month, 0) for month in months) > total:
                return
            if all(m in chosen for m in months) and sum(chosen[m] for m in months) != total:
                return
        if len(chosen) == len(hidden):
            yield dict(chosen)
            return
        month = hidden[len(chosen)]
        for value in ranges[len(chosen)]:
            yield from fill({**chosen, month: value})

    yield from fill({})


def test_a_count_that_was_revised_by_fewer_than_five_is_not_shown_again(
    page: DisclosedWardPage,
) -> None:
    revised = tuple(n + 2 if i == 5 and n is not None else n for i, n in enumerate(ASB))
    more = tuple(n + 9 if i == 5 and n is not None else n for i, n in enumerate(ASB))

    by_two = disclose(true_page(asb=revised), earlier=[page]).priorities[1].measures[0]
    by_nine = disclose(true_page(asb=more), earlier=[page]).priorities[1].measures[0]

    assert by_two.months[5].count.text == "not shown"
    assert by_nine.months[5].count.text == "83"  # 74 + 9


def test_the_same_snapshot_again_hides_nothing_more(page: DisclosedWardPage) -> None:
    assert disclose(true_page(), earlier=[page]) == page


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=26, max_size=26),
    st.integers(0, 25),
)
def test_no_subtraction_on_the_page_gives_a_small_month(counts: list[int], gap: int) -> None:
    series = (*counts[:gap], None, *counts[gap:])
    missing = {Month(2016, 1).plus(gap): "no file"}
    asb = tuple(None if i == gap else 50 for i in range(27))
    try:
        true = true_page(robbery=series, missing=missing, asb=asb, other=asb, places=())
    except AssertionError:
        return  # no month can be compared

    robbery = disclose(true).priorities[0].measures[0]

    by_month = {m.month: m.count for m in robbery.months}
    for value, text in zip(series, texts_of(robbery), strict=True):
        assert text == "fewer than 5" if value in (1, 2, 3, 4) else text != str(0) or value == 0
    assert robbery.compared is not None
    for months, total in (
        (robbery.compared.after_months, robbery.compared.after),
        (robbery.compared.before_months, robbery.compared.before),
    ):
        hidden = [m for m in months if by_month[m].state == "suppressed"]
        if total.value is not None and hidden:
            assert len(hidden) > 1


def test_withheld_words_stand_in_no_sentence_of_the_page(page: DisclosedWardPage) -> None:
    assert page.priorities[0].action == ("Officers patrolled at peak times.",)
    assert page.priorities[0].withheld == (
        "A paragraph is left out because it could show who gave information to the police.",
    )
    assert "valuable" in SLIP
    assert b"valuable" not in msgspec.json.encode(page)


def test_a_hidden_address_stays_hidden(page: DisclosedWardPage) -> None:
    email, telephone = page.channels

    assert (email.kind, email.value) == ("email", "")
    assert telephone.value == "101"


def test_what_is_public_already_is_left_as_it_is() -> None:
    once = public_ward_file(true_page().ward_file)

    assert public_ward_file(once) == once
    assert isinstance(once, WardFile)


def test_the_seeds_paragraph_that_shows_a_source_is_withheld_and_no_other(seed_page: str) -> None:
    from peelian.ingest.ward_page import read_ward_page

    public = public_ward_file(read_ward_page(seed_page, ward="E05013669"))

    words = msgspec.json.encode(public).decode()
    assert "valuable intelligence" not in words
    assert "Reports of drug use in and around Curnock Estate" in words
    assert words.count("Not repeated here") <= 3
    assert public_ward_file(public) == public


def test_the_map_is_clipped_to_the_ward_and_its_margin(page: DisclosedWardPage) -> None:
    (street,) = page.map.streets  # Far Road lies ten kilometres away

    # The ward runs from 530,000 to 530,900; the made street from 529,000 to 531,500.
    assert street.lines == (((529_850.0, 183_100.0), (531_050.0, 183_100.0)),)
    assert {(ground.name, bool(ground.rings)) for ground in page.map.grounds} == {
        ("Millfield Gardens", True),
        ("Quayside", False),
    }
    assert page.map.attribution.startswith("© OpenStreetMap contributors")


def test_every_series_has_a_name_of_its_own_and_a_table(page: DisclosedWardPage) -> None:
    measures = measures_of(page)

    assert len({measure.id for measure in measures}) == len(measures)
    assert all(measure.how.download == f"{measure.id}.csv" for measure in measures)


def test_every_figure_says_how_it_is_known(page: DisclosedWardPage) -> None:
    how = page.priorities[0].measures[0].how

    assert how.months_held == "January 2016 to March 2018, 26 of 27 months"
    assert how.months_missing == ("March 2016: the archive has no file",)
    assert how.boundary_set == "made_wards_2022 (2022)"
    assert how.proxy == "Knife-enabled robbery."
    assert how.licence == "Open Government Licence v3.0"
    assert (how.code_version, how.seed) == ("0.1.0", 7)


def _numbers(page: DisclosedWardPage) -> Iterator[int]:
    for measure in measures_of(page):
        for month in measure.months:
            for count in (month.count, month.year_before):
                if count is not None and count.value is not None:
                    yield count.value


def test_no_count_from_one_to_four_is_anywhere(page: DisclosedWardPage) -> None:
    assert not set(_numbers(page)) & {1, 2, 3, 4}
    assert not {kind.count.value for kind in page.by_type} & {1, 2, 3, 4}


@pytest.mark.parametrize(("near", "words"), [(3, "less than 5 %"), (98, "more than 95 %")])
def test_a_share_near_the_line_gives_no_small_remainder_away(near: int, words: str) -> None:
    edge = EdgeSensitivity(10, near, 20, 100, 1, 1)

    assert edge_sentence(edge).startswith(words)


def test_what_is_counted_and_why_stands_under_every_measure() -> None:
    page = disclose(true_page())

    for measure in measures_of(page):
        assert measure.how.definition.endswith(".")
        assert measure.how.why_it_matters
