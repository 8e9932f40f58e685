from __future__ import annotations

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.offence_mix import quotient_limits
from peelian.analysis.offence_mix import offence_mix, reporting_share
from peelian.core.crimes import CRIME_TYPES, POLICE_GENERATED_TYPES
from peelian.core.errors import InputError
from peelian.scanning.exact_share import exact_share

LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])
HERE = {"robbery": 12, "drugs": 3, "burglary": 5}
AROUND = {"robbery": 40, "drugs": 60, "burglary": 50, "vehicle-crime": 50}
# Records by type in the place and in the rest of its area.
TABLES = st.dictionaries(
    st.sampled_from(list(CRIME_TYPES)), st.tuples(st.integers(0, 40), st.integers(0, 200))
)


def test_a_type_is_compared_by_its_share_here_over_its_share_around() -> None:
    mix = offence_mix(HERE, AROUND)

    by_type = {each.crime_type: each for each in mix.types}
    # 12 of 20 here, 40 of 200 around.
    assert by_type["robbery"].quotient == pytest.approx(0.6 / 0.2)
    assert by_type["drugs"].quotient == pytest.approx(0.15 / 0.3)
    assert (mix.records, mix.around) == (20, 200)


def test_types_come_by_records_here_and_those_only_around_come_too() -> None:
    mix = offence_mix(HERE, AROUND)

    assert [each.crime_type for each in mix.types] == [
        "robbery", "burglary", "drugs", "vehicle-crime",
    ]  # fmt: skip
    assert mix.types[-1].quotient == 0
    assert mix.types[-1].share.part == 0


def test_what_police_generate_is_marked() -> None:
    mix = offence_mix(HERE, AROUND)

    marked = {each.crime_type for each in mix.types if each.is_police_generated}
    assert marked == {"drugs"}


@settings(max_examples=25)
@given(st.integers(0, 25), st.integers(1, 25), st.integers(0, 25), st.integers(1, 25), LEVELS)
def test_the_limits_of_a_quotient_agree_with_sums_and_bisection(
    here: int, others_here: int, rest: int, others_rest: int, level: float
) -> None:
    mix = offence_mix(
        {"robbery": here, "burglary": others_here},
        {"robbery": here + rest, "burglary": others_here + others_rest},
        level=level,
    )

    robbery = next((each for each in mix.types if each.crime_type == "robbery"), None)
    if robbery is None:
        assert here + rest == 0
        return
    total, total_around = here + others_here, here + others_here + rest + others_rest
    low, high = quotient_limits(here, total, here + rest, total_around, level)
    assert robbery.quotient_low == pytest.approx(low, rel=1e-6, abs=1e-9)
    assert robbery.quotient_high == pytest.approx(high, rel=1e-6, abs=1e-9)


@given(TABLES, LEVELS)
def test_a_quotient_lies_in_its_interval_and_agrees_with_its_p_value(
    table: dict[str, tuple[int, int]], level: float
) -> None:
    here = {t: own for t, (own, _) in table.items()}
    around = {t: own + rest for t, (own, rest) in table.items()}

    mix = offence_mix(here, around, level=level)

    assert sum(each.share.part for each in mix.types) == mix.records
    for each in mix.types:
        if each.quotient is not None:
            assert each.quotient_low - 1e-9 <= each.quotient <= each.quotient_high + 1e-9
        excluded = each.quotient_low > 1 + 1e-9 or each.quotient_high < 1 - 1e-9
        if abs(each.p_value - (1 - level)) > 1e-6:
            assert excluded == (each.p_value < 1 - level)


@given(TABLES)
def test_what_stands_out_is_a_discovery_among_all_types(table: dict[str, tuple[int, int]]) -> None:
    here = {t: own for t, (own, _) in table.items()}
    around = {t: own + rest for t, (own, rest) in table.items()}

    strict = offence_mix(here, around, discovery_rate=0.01)
    loose = offence_mix(here, around, discovery_rate=0.2)

    one = {each.crime_type for each in strict.types if each.stands_out}
    assert one <= {each.crime_type for each in loose.types if each.stands_out}


def test_a_place_that_is_its_whole_area_cannot_be_compared() -> None:
    mix = offence_mix(AROUND, AROUND)

    assert {each.quotient for each in mix.types} == {1}
    assert {(each.quotient_low, each.quotient_high) for each in mix.types} == {(0, inf)}
    assert all(each.is_too_few_to_say and not each.stands_out for each in mix.types)


def test_a_place_without_a_record_has_no_quotient() -> None:
    mix = offence_mix({}, AROUND)

    assert {each.quotient for each in mix.types} == {None}
    assert not any(each.stands_out for each in mix.types)


def test_no_record_at_all_gives_an_empty_mix() -> None:
    assert offence_mix({}, {}).types == ()


def test_a_single_record_says_too_little() -> None:
    mix = offence_mix({"robbery": 1}, AROUND)

    robbery = next(each for each in mix.types if each.crime_type == "robbery")
    assert robbery.is_too_few_to_say
    assert robbery.quotient == 5


def test_the_area_around_holds_the_places_own_records() -> None:
    with pytest.raises(InputError, match="robbery has 12 here and 5 around"):
        offence_mix(HERE, {**AROUND, "robbery": 5})


@pytest.mark.parametrize(("here", "around"), [({"mugging": 1}, {"mugging": 1}), ({}, {"x": 1})])
def test_only_crime_types_are_counted(here: dict[str, int], around: dict[str, int]) -> None:
    with pytest.raises(InputError, match="by the slugs of crime types"):
        offence_mix(here, around)


def test_the_police_generated_share_is_that_of_drugs_and_weapons() -> None:
    found = reporting_share({"robbery": 6, "drugs": 3, "possession-of-weapons": 1})

    assert (found.public_reported, found.police_generated) == (6, 4)
    assert found.share == exact_share(4, 10)


@given(st.dictionaries(st.sampled_from(list(CRIME_TYPES)), st.integers(0, 99)))
def test_every_record_is_public_reported_or_police_generated(by_type: dict[str, int]) -> None:
    found = reporting_share(by_type)

    assert found.public_reported + found.police_generated == sum(by_type.values())
    assert found.police_generated == sum(by_type.get(t, 0) for t in POLICE_GENERATED_TYPES)


def test_no_record_can_have_any_reporting_share() -> None:
    found = reporting_share({})

    assert (found.share.estimate, found.share.low, found.share.high) == (None, 0, 1)
