import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from camden_map import camden_store
from made_places import ways
from peelian.analysis.corridors import corridor_between
from peelian.core.areas import Area, BoundarySet
from peelian.core.errors import UnknownPlaceError
from peelian.core.gazetteer import Gazetteer
from peelian.core.places import NamedPlace
from peelian.store import places
from peelian.store.street_network import network_of

SET = BoundarySet("made_2022", "ward", 2022, "made_2022.geojson", "Open Government Licence v3.0")
WARD = Area("E05999901", "Larkfield", SET, box(-100, -100, 1_000, 350))
WEST = NamedPlace("West Station", "station", box(-10, -10, 10, 10))
EAST = NamedPlace("East Station", "station", box(390, -10, 410, 10))

# Front Street leads straight from west to east (400 m), Back Lane round the block (600 m),
# Far Road three blocks round (1,000 m); Spur Close leads 200 m on from East Station.
TOWN = network_of(
    ways(
        {"nodes": [0, 1, 2, 3, 4], "name": "Front Street"},
        {"nodes": [0, 10, 11, 12, 13, 14, 4], "name": "Back Lane"},
        {"nodes": [10, 20, 30, 31, 32, 33, 34, 24, 14], "name": "Far Road"},
        {"nodes": [4, 5, 6], "name": "Spur Close"},
    )
)


def test_only_the_straight_way_is_in_without_a_detour():
    corridor = corridor_between(TOWN, WEST, EAST, clip=WARD, detour=1.2)

    assert corridor.streets == ("Front Street",)
    assert corridor.shortest_m == 400


def test_a_way_half_as_long_again_is_in_at_the_usual_detour():
    corridor = corridor_between(TOWN, WEST, EAST, clip=WARD)

    assert set(corridor.streets) == {"Front Street", "Back Lane"}
    assert corridor.longest_m == 600


def test_a_place_beside_a_street_and_far_from_its_ends_is_reached_by_it():
    halfway = NamedPlace("Halt", "station", Point(250, 30))
    sparse = network_of(ways({"nodes": [0, 4], "name": "Front Street"}))

    corridor = corridor_between(sparse, WEST, halfway, clip=WARD)

    assert corridor.streets == ("Front Street",)


def test_a_dead_end_is_in_where_there_is_time_to_walk_in_and_out():
    short = corridor_between(TOWN, WEST, EAST, clip=WARD, detour=1.99)
    long = corridor_between(TOWN, WEST, EAST, clip=WARD, detour=2)

    assert "Spur Close" not in short.streets
    assert "Spur Close" in long.streets


def test_the_streets_count_with_their_buffer_and_no_further():
    corridor = corridor_between(TOWN, WEST, EAST, clip=WARD, detour=1.2, buffer_m=25)

    assert corridor.shape.covers(Point(200, 25))
    assert not corridor.shape.intersects(Point(200, 25.1))


def test_what_lies_outside_the_ward_is_cut_off():
    half = Area("E05999902", "Westfield", SET, box(-100, -100, 200, 350))

    corridor = corridor_between(TOWN, WEST, EAST, clip=half)

    assert corridor.shape.within(half.shape)
    assert corridor.shape.bounds[2] == 200


def test_a_ward_that_no_street_of_the_corridor_reaches_has_an_empty_one():
    elsewhere = Area("E05999903", "Farfield", SET, box(5_000, 5_000, 6_000, 6_000))

    corridor = corridor_between(TOWN, WEST, EAST, clip=elsewhere)

    assert corridor.shape.is_empty
    assert corridor.streets == ()


def test_the_rule_says_which_streets_are_in():
    corridor = corridor_between(TOWN, WEST, EAST, clip=WARD)

    assert corridor.rule == (
        "Every street and path on a walk of at most 600 m between West Station and East Station "
        "(the shortest is 400 m), with 25 m to each side, as far as it lies in Larkfield."
    )


def test_places_that_no_street_joins_have_no_corridor():
    island = NamedPlace("Island", "park", box(8_000, 8_000, 8_100, 8_100))

    with pytest.raises(UnknownPlaceError, match="none from West Station to Island"):
        corridor_between(TOWN, WEST, island, clip=WARD)


def test_a_walk_shorter_than_the_shortest_cannot_be_asked_for():
    with pytest.raises(ValueError, match=r"detour=0\.9"):
        corridor_between(TOWN, WEST, EAST, clip=WARD, detour=0.9)


@settings(deadline=None)
@given(st.floats(1, 3), st.floats(0, 2))
def test_a_longer_detour_never_leaves_a_street_out(detour, more):
    short = corridor_between(TOWN, WEST, EAST, clip=WARD, detour=detour)
    long = corridor_between(TOWN, WEST, EAST, clip=WARD, detour=detour + more)

    assert set(short.streets) <= set(long.streets)
    assert short.shape.difference(long.shape).area < 1e-6


@settings(deadline=None)
@given(st.floats(1, 3))
def test_the_way_back_has_the_same_streets(detour):
    there = corridor_between(TOWN, WEST, EAST, clip=WARD, detour=detour)
    back = corridor_between(TOWN, EAST, WEST, clip=WARD, detour=detour)

    assert there.shape.equals(back.shape)


@pytest.fixture(scope="module")
def between_the_stations(real_data):
    store = camden_store(real_data)
    ward = places.area(store, "E05013669", boundary_set="camden_wards_2022")
    gazetteer = Gazetteer(places.named_places(store, ward.shape, buffer_m=1_000), near=ward.shape)
    ends = [gazetteer.resolve(name).place for name in ("St Pancras station", "Euston station")]
    assert None not in ends
    network = places.street_network(store, ward.shape, buffer_m=1_000)
    return ward, corridor_between(network, *ends, clip=ward)


# The streets between the two stations as anyone reads them off a street map.
@pytest.mark.parametrize(
    "street",
    [
        "Euston Road", "Phoenix Road", "Brill Place", "Chalton Street", "Ossulston Street",
        "Churchway", "Doric Way", "Midland Road", "Drummond Crescent",
    ],
)  # fmt: skip
def test_the_streets_between_saint_pancras_and_euston_are_in(between_the_stations, street):
    _, corridor = between_the_stations

    assert street in corridor.streets


@pytest.mark.parametrize(
    "street", ["Pratt Street", "Royal College Street", "Camden High Street", "Plender Street"]
)
def test_streets_at_the_other_end_of_the_ward_are_not(between_the_stations, street):
    _, corridor = between_the_stations

    assert street not in corridor.streets


def test_the_corridor_lies_within_the_ward_though_the_stations_do_not(between_the_stations):
    ward, corridor = between_the_stations

    assert corridor.shape.within(ward.shape.buffer(0.001))
    assert 0.1 < corridor.shape.area / ward.shape.area < 0.5
