"""A ward's hot spots from the made town's store: ranked, known, left out, and from plan to plan."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from peelian.core.errors import InputError, UnknownPlaceError
from peelian.core.patrols import Dose, Hotspot, PatrolPlan
from peelian.core.tasking import KnownPlace, LeftOut, Tasking
from peelian.measures import measure
from peelian.measures.harm_index import harm_index
from peelian.products.patrol_plan.places import ChosenPlaces, hotspots_of_ward
from peelian.products.patrol_plan.plan_file import plan_text
from peelian.products.ward_records import WardRecords, read_ward_records
from peelian.response.patrol_places import Eligibility
from peelian.response.trial import draw_trial
from peelian.store import Store
from peelian.store.places import area
from publication.profile_town import files_of_town, store_of_an_extract

pytestmark = pytest.mark.xdist_group("town")

LARKFIELD = "E05999901"
NOTHING_TOLD = Tasking()
PUBLIC = measure("public-reported")
# The town's records end in December 2025.
FIRST, NEXT, THIRD = date(2026, 1, 5), date(2026, 2, 2), date(2026, 3, 2)


@pytest.fixture(scope="module")
def ward(town_store: Store) -> WardRecords:
    return read_ward_records(
        town_store, "", area(town_store, LARKFIELD), {}, include_btp=True, source="police.uk"
    )


@pytest.fixture(scope="module")
def choose(ward: WardRecords) -> Callable[..., ChosenPlaces]:
    def chosen(
        tasking: Tasking = NOTHING_TOLD, *, of: str = "public-reported", on: date = FIRST,
        previous: PatrolPlan | None = None, harm: str = "", **asked: object,
    ) -> ChosenPlaces:  # fmt: skip
        return hotspots_of_ward(
            ward, measure(of), tasking, harm_index=harm_index(harm) if harm else None, on=on,
            previous=previous, eligibility=Eligibility(**asked),  # type: ignore[arg-type]
        )  # fmt: skip

    return chosen


@pytest.fixture(scope="module")
def first(choose: Callable[..., ChosenPlaces]) -> ChosenPlaces:
    return choose()


def plan_of(hotspots: tuple[Hotspot, ...], code: str = LARKFIELD) -> PatrolPlan:
    return PatrolPlan(
        area_code=code, area_name="Larkfield", boundary_set="made", first=FIRST, last=NEXT,
        made_on=FIRST, measure="public-reported", harm_index="", seed=1, code_version="0",
        dose=Dose(), hotspots=hotspots, shifts=(), asked=(), visits=(), covered=0, bound=0,
        next_best=0,
    )  # fmt: skip


def last_year(ward: WardRecords, spot: Hotspot, types: list[str]) -> int:
    """Records within the circle in the twelve months of 2025, straight from the rows."""
    rows = ward.inside.filter(pl.col("month").dt.year() == 2025)
    away = (pl.col("easting") - spot.centre[0]) ** 2 + (pl.col("northing") - spot.centre[1]) ** 2
    near = rows.filter(away.sqrt() <= spot.radius_m)
    return near.filter(pl.col("crime_type").is_in(types)).height


def test_a_hot_spots_records_are_those_of_the_rows_in_its_circle(
    ward: WardRecords, first: ChosenPlaces
) -> None:
    assert first.hotspots
    for spot in first.hotspots:
        drugs = last_year(ward, spot, ["drugs", "possession-of-weapons"])
        assert spot.records == last_year(ward, spot, PUBLIC.crime_types) >= 36
        assert spot.police_made_share == pytest.approx(drugs / (drugs + spot.records))


def test_a_first_plans_places_are_active_and_ranked_by_what_they_expect(
    first: ChosenPlaces,
) -> None:
    assert {each.lifecycle for each in first.hotspots} == {"active"}
    assert [each.rank for each in first.hotspots] == list(range(1, len(first.hotspots) + 1))
    weights = [each.weight for each in first.hotspots]
    assert weights == sorted(weights, reverse=True)
    for spot in first.hotspots:
        assert spot.weight == spot.expected
        assert spot.low <= spot.expected <= spot.high
        assert spot.why
        assert spot.points
    assert len({each.name for each in first.hotspots}) == len(first.hotspots)


def test_centres_lie_apart_and_no_micro_place_of_one_point_is_in_two(first: ChosenPlaces) -> None:
    centres = [each.centre for each in first.hotspots]

    for i, one in enumerate(centres):
        assert all(math.dist(one, other) >= 200 for other in centres[:i])
    assert all(each.buffer_m == 100 for each in first.hotspots)


def test_a_hot_spot_says_what_is_recorded_where_in_it(
    ward: WardRecords, first: ChosenPlaces
) -> None:
    spot = first.hotspots[0]

    said = " ".join(spot.why)
    violence = last_year(ward, spot, ["violent-crime"])
    assert f"Recorded there: Violence and sexual offences ({violence}), " in said
    assert "In the circle: " in said
    assert "Over the months held it is " in said


def test_how_much_the_hot_spots_hold_on_how_much_ground_is_told(
    ward: WardRecords, first: ChosenPlaces
) -> None:
    rows = ward.inside.filter(pl.col("month").dt.year() == 2025)
    whole = rows.filter(pl.col("crime_type").is_in(PUBLIC.crime_types)).height
    share = sum(each.records for each in first.hotspots) / whole

    (said,) = [each for each in first.notices if "of its ground" in each]

    assert f"hot spots hold {100 * share:.0f} % of the ward's records" in said
    assert "ask for more with --least-records, and they are fewer." in said


def test_few_hot_spots_on_little_ground_are_not_called_much(
    ward: WardRecords, first: ChosenPlaces
) -> None:
    most = max(each.records for each in first.hotspots)

    few = hotspots_of_ward(
        ward, PUBLIC, Tasking(), harm_index=None, on=FIRST, previous=None,
        eligibility=Eligibility(least_records=most),
    )  # fmt: skip

    (said,) = [each for each in few.notices if "of its ground" in each]
    assert said.startswith("One hot spot holds ")
    assert "much ground" not in said


def test_open_records_know_no_hours_and_say_so(first: ChosenPlaces) -> None:
    assert {each.hours_set for each in first.hotspots} == {"always"}
    assert any("Open records know months and no hours" in each for each in first.notices)


def test_the_same_records_give_the_same_places_byte_for_byte(
    first: ChosenPlaces, choose: Callable[..., ChosenPlaces]
) -> None:
    assert plan_text(plan_of(choose().hotspots)) == plan_text(plan_of(first.hotspots))


def test_with_a_harm_index_places_are_ranked_by_harm_and_told_how_much_is_weighed(
    first: ChosenPlaces, choose: Callable[..., ChosenPlaces]
) -> None:
    weighed = choose(harm="ons-crime-severity-score-2016")

    assert {each.place_id for each in weighed.hotspots} == {e.place_id for e in first.hotspots}
    weights = [each.weight for each in weighed.hotspots]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > 10 * weighed.hotspots[0].expected
    assert any("are of a type that has a weight" in each for each in weighed.notices)


def test_what_police_find_is_refused_and_overridden_by_name(
    choose: Callable[..., ChosenPlaces],
) -> None:
    with pytest.raises(InputError, match="Recorded drug offences follows where police looked"):
        choose(of="drugs")

    for of, how in (("drugs", "which follow"), ("all-records", "some of which follow")):
        found = choose(of=of, override="Sgt A. Jones: the panel asked", least_records=5)

        assert any(f"{how} where police looked" in each for each in found.notices)

    assert any("Overridden by Sgt A. Jones: the panel asked" in each for each in found.notices)


def test_asking_for_more_leaves_fewer_and_says_what_came_next(
    first: ChosenPlaces, choose: Callable[..., ChosenPlaces]
) -> None:
    strict = choose(least_records=first.hotspots[0].records)
    none = choose(least_records=100_000)

    assert 1 <= len(strict.hotspots) < len(first.hotspots)
    assert none.hotspots == ()
    assert any(each.startswith("No circle is eligible. Next") for each in none.notices)


# ---- places that a person tells of


def known(place: str, *, until: str = "2026-12-31", **fields: object) -> KnownPlace:
    return KnownPlace(place=place, reason="The panel said so", until=until, **fields)  # type: ignore[arg-type]


def park_of(ward: WardRecords) -> str:
    inside = [p for p in ward.named_places if p.kind == "park" and p.shape.within(ward.area.shape)]
    return inside[0].name


def test_a_known_place_has_its_own_circle_its_reason_and_its_last_day(
    ward: WardRecords, choose: Callable[..., ChosenPlaces]
) -> None:
    name = park_of(ward)

    found = choose(Tasking(known_places=[known(name, rank=2, hours="night")]))

    (spot,) = [each for each in found.hotspots if each.origin == "known"]
    assert (spot.name, spot.rank, spot.lifecycle) == (name, 2, "active")
    assert (spot.until, spot.hours_set) == (date(2026, 12, 31), "night")
    assert spot.reason == "The panel said so"
    assert spot.why[0].startswith(("The circle is around the middle", f"{name} is larger"))
    assert [e.rank for e in found.hotspots] == list(range(1, len(found.hotspots) + 1))


def test_records_of_a_known_place_are_not_counted_at_another_too(
    first: ChosenPlaces, choose: Callable[..., ChosenPlaces]
) -> None:
    street = first.hotspots[0].name.split(" and ")[0]

    found = choose(Tasking(known_places=[known(street)]))

    (spot,) = [each for each in found.hotspots if each.origin == "known"]
    weights = [each.weight for each in found.hotspots]
    assert spot.records >= 36
    assert weights == sorted(weights, reverse=True)
    assert not set(spot.points) & {p for e in found.hotspots if e is not spot for p in e.points}


def test_a_known_place_with_too_few_records_comes_after_the_ranked_ones(
    choose: Callable[..., ChosenPlaces], ward: WardRecords
) -> None:
    found = choose(Tasking(known_places=[known(park_of(ward))]), least_records=200)

    active = [each for each in found.hotspots if each.lifecycle == "active"]
    (spot,) = [each for each in active if each.origin == "known"]
    assert spot.records < 200 <= active[0].records
    assert spot.rank == len(active)


def test_a_known_place_is_patrolled_on_its_last_day_and_retired_the_day_after(
    choose: Callable[..., ChosenPlaces], ward: WardRecords
) -> None:
    told = Tasking(known_places=[known(park_of(ward), until=FIRST.isoformat())])

    on_it = choose(told, on=FIRST)
    after = choose(told, on=NEXT)

    (active,) = [each for each in on_it.hotspots if each.origin == "known"]
    (retired,) = [each for each in after.hotspots if each.origin == "known"]
    assert active.lifecycle == "active"
    assert (retired.lifecycle, retired.rank) == ("retired", 0)
    assert retired.reason.startswith("Its last day was 5 January 2026, and nobody has confirmed")


def test_a_name_that_nobody_knows_is_an_error_that_says_what_comes_near(
    choose: Callable[..., ChosenPlaces], first: ChosenPlaces
) -> None:
    street = first.hotspots[0].name.split(" and ")[0]

    with pytest.raises(UnknownPlaceError, match=r"'Xyzzy Tor' is none"):
        choose(Tasking(known_places=[known("Xyzzy Tor")]))
    with pytest.raises(UnknownPlaceError, match=f"Near it: {street}"):
        choose(Tasking(left_out=[LeftOut(place=f"{street}e", reason="x")]))


def test_one_place_by_two_of_its_spellings_is_told_once(
    choose: Callable[..., ChosenPlaces], ward: WardRecords
) -> None:
    name = park_of(ward)

    with pytest.raises(InputError, match=f"are both {name} on the map"):
        choose(Tasking(known_places=[known(name), known(f"in and around {name}")]))


def test_a_known_place_of_another_ward_is_refused_with_how_far_it_lies(
    choose: Callable[..., ChosenPlaces], ward: WardRecords
) -> None:
    far = max(ward.named_places, key=lambda place: place.shape.distance(ward.area.shape))

    with pytest.raises(UnknownPlaceError, match=r"lies \d+ m away"):
        choose(Tasking(known_places=[known(far.name)]))


def test_a_place_left_out_is_retired_with_its_reason_and_its_records_are_nobodys(
    choose: Callable[..., ChosenPlaces], first: ChosenPlaces, ward: WardRecords
) -> None:
    busiest = first.hotspots[0].points[0]
    name = next(p.name for p in ward.micro_places if p.place_id == busiest)

    found = choose(Tasking(left_out=[LeftOut(place=name, reason="A counter's records")]))

    (gone,) = [each for each in found.hotspots if each.lifecycle == "retired"]
    assert gone.reason == "Left out: A counter's records"
    assert gone.points == (busiest,)
    assert all(busiest not in each.points for each in found.hotspots if each is not gone)
    assert any(each.startswith(f"{name} is left out, with ") for each in found.notices)


# ---- from plan to plan


def test_the_next_plan_of_the_same_records_has_the_same_places(
    first: ChosenPlaces, choose: Callable[..., ChosenPlaces]
) -> None:
    again = choose(previous=plan_of(first.hotspots), on=NEXT)

    assert [e.place_id for e in again.hotspots] == [e.place_id for e in first.hotspots]
    assert {each.lifecycle for each in again.hotspots} == {"active"}
    assert all(e.reason.startswith("Active in the plan before.") for e in again.hotspots)


def test_a_place_is_active_then_on_watch_then_retired_then_gone(
    first: ChosenPlaces, choose: Callable[..., ChosenPlaces]
) -> None:
    least = first.hotspots[0].records
    last = first.hotspots[-1].place_id

    second = choose(previous=plan_of(first.hotspots), on=NEXT, least_records=least)
    # As if a month of records had come in between.
    older = [replace(each, records=each.records + 1) for each in second.hotspots]
    again = choose(previous=plan_of(second.hotspots), on=THIRD, least_records=least)
    third = choose(previous=plan_of(tuple(older)), on=THIRD, least_records=least)
    fourth = choose(previous=plan_of(third.hotspots), on=THIRD, least_records=least)

    (waits,) = [each for each in again.hotspots if each.place_id == last]
    assert waits.lifecycle == "watch"
    lives = [{e.place_id: e for e in plan.hotspots}.get(last) for plan in (second, third, fourth)]
    assert [life and life.lifecycle for life in lives] == ["watch", "retired", None]
    assert lives[0] is not None
    assert lives[0].rank == 0
    assert f"under the {least} asked" in lives[0].reason


def test_places_of_a_trial_stay_as_drawn_until_it_ends_however_few_records_they_have(
    first: ChosenPlaces, choose: Callable[..., ChosenPlaces]
) -> None:
    """Else a place that patrol made quiet would leave, and chance tell places apart no more."""
    trial = draw_trial(
        first.hotspots, kind="crossover", seed=1,
        period_starts=[date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)],
    )  # fmt: skip
    plan = replace(plan_of(first.hotspots), trial=trial)
    most = 10_000

    during = choose(previous=plan, on=date(2026, 3, 31), least_records=most)
    after = choose(previous=plan, on=date(2026, 4, 1), least_records=most)

    active = {each.place_id: each for each in during.hotspots if each.lifecycle == "active"}
    assert set(trial.places) == set(active)
    assert [active[e.place_id].centre for e in first.hotspots] == [e.centre for e in first.hotspots]
    assert [active[e.place_id].records for e in first.hotspots] == [
        each.records for each in first.hotspots
    ]
    assert sorted(each.rank for each in active.values()) == [*range(1, len(active) + 1)]
    assert "until the trial ends on 31 March 2026" in during.hotspots[0].reason
    assert {each.lifecycle for each in after.hotspots} == {"watch"}


def test_a_new_place_is_proposed_and_has_no_rank(
    first: ChosenPlaces, choose: Callable[..., ChosenPlaces]
) -> None:
    found = choose(previous=plan_of(first.hotspots[1:]), on=NEXT)

    (new,) = [each for each in found.hotspots if each.lifecycle == "proposed"]
    assert new.centre == first.hotspots[0].centre
    assert new.rank == 0
    assert found.hotspots[0].rank == 1


def test_a_known_place_that_is_told_no_more_is_retired(
    choose: Callable[..., ChosenPlaces], ward: WardRecords
) -> None:
    before = choose(Tasking(known_places=[known(park_of(ward))]))

    after = choose(previous=plan_of(before.hotspots), on=NEXT)

    (retired,) = [each for each in after.hotspots if each.origin == "known"]
    assert retired.lifecycle == "retired"
    assert "told no more in the tasking file" in retired.reason


def test_a_left_out_point_ends_the_hot_spot_that_was_centred_on_it(
    first: ChosenPlaces, choose: Callable[..., ChosenPlaces], ward: WardRecords
) -> None:
    spot = first.hotspots[0]
    centred = next(p for p in ward.micro_places if p.snap_points[0].easting == spot.centre[0])

    found = choose(
        Tasking(left_out=[LeftOut(place=centred.name, reason="x")]),
        previous=plan_of(first.hotspots), on=NEXT,
    )  # fmt: skip

    lives = [each.lifecycle for each in found.hotspots if each.place_id == spot.place_id]
    assert lives == ["retired"]
    ids = [each.place_id for each in found.hotspots]
    assert len(ids) == len(set(ids))


def test_the_file_or_the_plan_of_another_ward_is_refused(
    first: ChosenPlaces, choose: Callable[..., ChosenPlaces]
) -> None:
    with pytest.raises(InputError, match=r"tasking file is the same ward's .*found E05999902"):
        choose(Tasking(ward="E05999902"))
    with pytest.raises(InputError, match=r"plan before is the same ward's .*found E05999902"):
        choose(previous=plan_of(first.hotspots, "E05999902"))


def test_old_records_and_missing_months_are_told(
    choose: Callable[..., ChosenPlaces], ward: WardRecords
) -> None:
    late = choose(on=date(2026, 9, 1))
    gap = replace(ward, no_record_near=dict.fromkeys(list(ward.span)[-6:], "not held"))

    half = hotspots_of_ward(
        gap, PUBLIC, Tasking(), harm_index=None, on=FIRST, previous=None, eligibility=Eligibility()
    )

    assert any(
        "Old records: they end in December 2025, 9 months before" in each for each in late.notices
    )
    assert any("6 of the last twelve months are held, so 18 records" in e for e in half.notices)
    assert all(each.records >= 18 for each in half.hotspots)


# ---- records with times


@pytest.fixture(scope="module")
def night_ward(town_store: Store, tmp_path_factory: pytest.TempPathFactory) -> WardRecords:
    folder: Path = tmp_path_factory.mktemp("extract")
    store = store_of_an_extract(files_of_town(folder / "town"), town_store, folder)
    source = next(each.key.source for each in store.partitions("crimes"))
    return read_ward_records(store, "", area(store, LARKFIELD), {}, include_btp=True, source=source)


def test_records_with_times_mark_the_places_of_the_night(night_ward: WardRecords) -> None:
    """Two in three of the extract's robberies are at 21:00 or 22:00, the others at any hour."""
    found = hotspots_of_ward(
        night_ward, measure("robbery"), Tasking(), harm_index=None, on=FIRST, previous=None,
        eligibility=Eligibility(least_records=20),
    )  # fmt: skip

    sets = [each.hours_set for each in found.hotspots]
    assert sets.count("night") > sets.count("always")
    assert "day" not in sets
    assert all("By day it ranks" in " ".join(each.why) for each in found.hotspots)
    assert not any("Open records know months" in each for each in found.notices)
