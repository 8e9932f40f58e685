import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from peelian.core.micro_places import group_snap_points, is_generic, place_name
from peelian.core.places import NamedPlace, SnapPoint

HIGH_STREET = NamedPlace("Larkfield High Street", "street", LineString([(0, 0), (500, 0)]))
MILL_LANE = NamedPlace("Mill Lane", "street", LineString([(0, 300), (500, 300)]))
STREETS = (HIGH_STREET, MILL_LANE)


def point(location: str, east: float, north: float = 0.0) -> SnapPoint:
    # Degrees only tell points apart here; the grid position is what is measured.
    return SnapPoint(location, east / 1e5, north / 1e5, east, north)


def test_points_of_one_name_in_steps_of_150_m_are_one_place():
    points = [point("On or near Mill Lane", east) for east in (0, 150, 300)]

    (place,) = group_snap_points(points)

    assert (place.name, len(place.snap_points)) == ("Mill Lane", 3)
    assert place.centre == (150, 0)


def test_a_step_of_151_m_parts_two_places():
    points = [point("On or near Mill Lane", 0), point("On or near Mill Lane", 151)]

    assert len(group_snap_points(points)) == 2


def test_points_of_two_names_at_one_spot_are_two_places():
    points = [point("On or near Mill Lane", 0), point("On or near Larkfield High Street", 0)]

    assert {p.name for p in group_snap_points(points)} == {"Mill Lane", "Larkfield High Street"}


def test_a_point_issued_anew_40_m_to_the_side_joins_the_old_one():
    points = [point("On or near Supermarket", 100), point("On or near Supermarket", 140)]

    (place,) = group_snap_points(points, STREETS)

    assert place.name == "Supermarket near Larkfield High Street"


def test_two_supermarkets_100_m_apart_are_two_places_with_names_of_their_own():
    points = [point("On or near Supermarket", 100), point("On or near Supermarket", 200, 280)]

    names = [p.name for p in group_snap_points(points, STREETS)]

    assert names == ["Supermarket near Larkfield High Street", "Supermarket near Mill Lane"]


def test_two_supermarkets_of_one_street_are_told_apart_by_the_next_street():
    other = NamedPlace("Finch Row", "street", LineString([(300, 60), (300, 200)]))
    points = [point("On or near Supermarket", 0), point("On or near Supermarket", 300, 10)]

    names = [p.name for p in group_snap_points(points, (*STREETS, other))]

    assert names == [
        "Supermarket near Larkfield High Street and Finch Row",
        "Supermarket near Larkfield High Street and Mill Lane",
    ]


def test_of_streets_at_one_corner_the_longest_is_named():
    yard = NamedPlace("Signmakers Yard", "street", LineString([(90, 5), (110, 5)]))

    (place,) = group_snap_points([point("On or near Nightclub", 100, 5)], (yard, *STREETS))

    assert place.name == "Nightclub near Larkfield High Street"


def test_two_ends_of_a_long_street_are_told_apart_by_the_nearest_other_street():
    points = [point("On or near Long Road", 0, 5), point("On or near Long Road", 0, 295)]

    names = [p.name for p in group_snap_points(points, STREETS)]

    assert names == ["Long Road near Larkfield High Street", "Long Road near Mill Lane"]


def test_without_streets_equal_names_are_numbered_from_the_west():
    points = [point("On or near Nightclub", 900), point("On or near Nightclub", 100)]

    places = group_snap_points(points)

    assert [(p.name, p.centre[0]) for p in places] == [
        ("Nightclub (1)", 100),
        ("Nightclub (2)", 900),
    ]


def test_a_location_that_names_nothing_is_named_by_its_street():
    (place,) = group_snap_points([point("On or near ", 10)], STREETS)

    assert place.name == "A place without a name near Larkfield High Street"


def test_the_archives_capitals_and_the_services_are_one_name():
    points = [point("On or near Queen'S Road", 0), point("On or near Queen's Road", 30)]

    (place,) = group_snap_points(points)

    assert place.name == "Queen's Road"


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ("Euston (station)", "Euston station"),
        ("Kings Cross St Pancras (lu Station)", "Kings Cross St Pancras underground station"),
        ("Victoria Lu Station (lu Station)", "Victoria underground station"),
        ("Kings Cross St Pancras (underground)", "Kings Cross St Pancras underground station"),
        ("On or near Pratt Street", "Pratt Street"),
        ("On or near Theatre/concert Hall", "Theatre or concert hall"),
        ("On or near Theatre/Concert Hall", "Theatre or concert hall"),
        ("On or near", ""),
    ],
)
def test_published_locations_read_as_names(location, name):
    assert place_name(location) == name


@pytest.mark.parametrize("location", ["On or near Sports/Recreation Area", "On or near Prison", ""])
def test_kinds_of_place_are_generic(location):
    assert is_generic(place_name(location))


@pytest.mark.parametrize("name", ["Hospital Road", "Park Road", "Euston station"])
def test_streets_and_stations_are_not_generic(name):
    assert not is_generic(name)


def test_a_place_keeps_its_id_when_a_point_is_issued_anew_to_the_east():
    before = [point("On or near Mill Lane", 100)]

    (old,) = group_snap_points(before)
    (new,) = group_snap_points([*before, point("On or near Mill Lane", 130)])

    assert old.place_id == new.place_id == "mill-lane-100-0"


def test_no_points_give_no_places():
    assert group_snap_points([], STREETS) == ()


points_drawn = st.lists(
    st.builds(
        point,
        st.sampled_from(["On or near Mill Lane", "On or near Supermarket", "On or near "]),
        st.integers(0, 600),
        st.integers(0, 300),
    ),
    max_size=15,
)


@settings(deadline=None)
@given(points_drawn)
def test_every_point_is_in_one_place_and_no_two_places_share_a_name_or_an_id(points):
    places = group_snap_points(points, STREETS)

    assert sorted(map(repr, (p for place in places for p in place.snap_points))) == sorted(
        map(repr, set(points))
    )
    assert len({p.name for p in places}) == len({p.place_id for p in places}) == len(places)


@settings(deadline=None)
@given(points_drawn, st.randoms(use_true_random=False))
def test_the_order_of_the_points_does_not_matter(points, random):
    shuffled = random.sample(points, len(points))

    assert group_snap_points(shuffled, STREETS) == group_snap_points(points, STREETS)


@settings(deadline=None)
@given(points_drawn)
def test_groups_are_those_of_merging_near_pairs_by_hand(points):
    found = {
        frozenset(place.snap_points)
        for place in group_snap_points(points, within_m=150, generic_within_m=50)
    }

    groups = [{p} for p in set(points)]
    for one in points:
        for other in points:
            limit = 150 if "Mill" in one.location else 50
            away = abs(complex(one.easting - other.easting, one.northing - other.northing))
            if one.location == other.location and away <= limit:
                mine = next(g for g in groups if one in g)
                yours = next(g for g in groups if other in g)
                if mine is not yours:
                    groups.remove(yours)
                    mine |= yours
    assert found == {frozenset(group) for group in groups}
