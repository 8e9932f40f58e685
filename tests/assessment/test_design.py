from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields, replace
from datetime import date

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.assessment.design import (
    Design,
    departures,
    design_seal,
    is_untouched,
    make_design,
    was_designed_before,
)
from peelian.core.errors import CoverageError, InputError, MonthOnlyError
from peelian.core.months import Month
from ward_panels import alike, ids, months

PLACES = 30


def made(mean: float = 40, **changes: object) -> Design:
    asked: dict[str, object] = {
        "measure": "robbery", "places": ["place 00"], "size": -0.3, "start": date(2022, 1, 1),
        "end": date(2022, 6, 30), "designed_on": date(2021, 12, 20), "method": "planning rule",
        "seed": 1, "simulations": 200, "left_out": ["place 01"], "wanted": 10,
    }  # fmt: skip
    panel = alike(PLACES, mean=mean)
    return make_design(panel, ids(PLACES), months(), **(asked | changes))  # type: ignore[arg-type]


DESIGN = made()


def test_a_design_says_what_would_count_and_what_could_be_seen() -> None:
    assert DESIGN.direction == "down"
    assert (DESIGN.records_from, DESIGN.records_until) == ("2020-01", "2021-12")
    assert len(DESIGN.comparison) == 10
    assert "place 01" not in {place.place_id for place in DESIGN.comparison}
    assert [at.effect for at in DESIGN.power.at] == [-0.15, -0.3, -0.6]
    assert DESIGN.check.months == 6


def test_the_seal_is_the_one_that_the_docstring_tells_how_to_make() -> None:
    content = {name: value for name, value in asdict(DESIGN).items() if name != "seal"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)

    assert DESIGN.seal == hashlib.sha256(text.encode()).hexdigest()


@given(st.sampled_from([field.name for field in fields(Design)]))
def test_whatever_is_changed_the_seal_shows_it(name: str) -> None:
    changed = replace(DESIGN, **{name: "other"})

    assert is_untouched(DESIGN)
    assert not is_untouched(changed)


def test_a_design_that_was_saved_and_read_again_is_untouched() -> None:
    read = msgspec.json.decode(msgspec.json.encode(DESIGN), type=Design)

    assert read == DESIGN
    assert is_untouched(read)


def test_it_was_designed_before_only_with_the_seal_the_date_and_no_later_record() -> None:
    later = replace(DESIGN, designed_on=date(2022, 1, 1))
    knowing = replace(DESIGN, records_until="2022-01")

    assert was_designed_before(DESIGN, date(2022, 1, 1))
    assert not was_designed_before(DESIGN, DESIGN.designed_on)
    assert not was_designed_before(replace(DESIGN, size=-0.1), date(2022, 1, 1))
    assert not was_designed_before(replace(later, seal=design_seal(later)), date(2022, 1, 1))
    assert not was_designed_before(replace(knowing, seal=design_seal(knowing)), date(2022, 1, 1))


def test_a_design_after_the_start_says_so() -> None:
    late = made(designed_on=date(2022, 3, 1))

    assert "This was designed after the start." in late.notices
    assert is_untouched(late)


def test_counts_that_could_show_nothing_are_told_before_it_starts() -> None:
    few = made(mean=1)

    assert not few.can_show_it
    assert "could not show a change of -30%" in few.notices[0]
    assert made(mean=200).can_show_it


def test_without_comparison_level_2_is_all_that_can_be_reached() -> None:
    alone = made(compare=False)

    assert alone.maryland_level == 2
    assert alone.comparison == ()
    assert alone.together is None
    assert "what happened everywhere counts as an effect" in alone.notices[-1]


def test_matched_places_reach_level_4() -> None:
    assert DESIGN.together is not None
    assert abs(DESIGN.together.trend) <= 0.1
    assert DESIGN.maryland_level == 4


def test_an_assessment_that_keeps_to_the_design_departs_in_nothing() -> None:
    comparison = [place.place_id for place in DESIGN.comparison]
    span = (DESIGN.start, DESIGN.end)

    kept = departures(
        DESIGN, measure="robbery", places=["place 00"], comparison=comparison, span=span,
        method="planning rule",
    )  # fmt: skip
    left = departures(
        DESIGN, measure="all-crime", places=["place 00"], comparison=[],
        span=(DESIGN.start, date(2022, 9, 30)), method="planning rule",
    )  # fmt: skip

    assert kept == ()
    assert left[0] == "The measure set down before: robbery; assessed: all-crime."
    assert left[1].endswith("assessed: none.")
    assert left[2] == "The last day set down before: 2022-06-30; assessed: 2022-09-30."


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"start": date(2022, 1, 2)}, MonthOnlyError, "found 2022-01-02"),
        ({"end": date(2022, 6, 29)}, MonthOnlyError, "2022-06-29"),
        ({"start": date(2021, 12, 1)}, InputError, "found 2021-12"),
        ({"size": 0.0}, InputError, "found 0"),
        ({"size": -1.0}, InputError, "found -1"),
        ({"buffers_m": (250.0, 125.0)}, InputError, "Write 125, 250"),
        ({"end": date(2024, 6, 30), "compare": False}, CoverageError, "found 24 months held"),
    ],
)
def test_what_cannot_be_designed_is_refused(
    changes: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        made(**changes)


def test_months_that_are_not_held_are_told() -> None:
    panel = alike(PLACES, mean=40)
    panel[3, 2] = np.nan

    design = make_design(
        panel, ids(PLACES), months(), measure="robbery", places=["place 00"], size=-0.3,
        start=date(2022, 1, 1), end=date(2022, 6, 30), designed_on=date(2021, 12, 20),
        method="planning rule", seed=1, simulations=50,
    )  # fmt: skip

    assert "Months before the start that are not held and were left out: 1." in design.notices


def test_a_comparison_that_leans_where_nothing_was_done_says_so() -> None:
    panel = alike(PLACES, mean=40)
    panel[:, -6:] = np.rint(panel[:, -6:] * 1.3)

    design = make_design(
        panel, ids(PLACES), months(), measure="robbery", places=["place 00"], size=-0.3,
        start=date(2022, 1, 1), end=date(2022, 6, 30), designed_on=date(2021, 12, 20),
        method="planning rule", seed=1, simulations=50, compare=False,
    )  # fmt: skip

    assert any("an effect of that size is none" in notice for notice in design.notices)
    assert design.check.variation > 0.2


def test_a_break_in_the_series_is_told_where_it_lies_in_the_months_compared() -> None:
    broken = made(breaks={Month(2022, 3): "a new system.", Month(2022, 7): "later."})

    assert broken.notices[-1] == (
        "Records before and since March 2022 are not counts of the same thing: a new system."
    )
    assert not any("later" in notice for notice in broken.notices)


@pytest.mark.parametrize("compare", [True, False])
def test_a_place_that_is_not_in_the_panel_is_refused(compare: bool) -> None:
    with pytest.raises(InputError, match="nowhere"):
        made(places=["nowhere"], compare=compare)
