import pytest
from shapely.geometry import LineString, box

from camden_map import camden_store
from peelian.core.gazetteer import Gazetteer
from peelian.core.places import NamedPlace
from peelian.store import places

WARD = box(0, 0, 1_000, 1_000)
LARK_STREET = NamedPlace("Lark Street", "street", LineString([(100, 100), (300, 100)]))
SAINT_ANNES = NamedPlace("Saint Anne's Gardens", "park", box(150, 115, 250, 200))
LARK_ESTATE = NamedPlace("Lark Street Estate", "estate", box(400, 100, 500, 200), ("The Larks",))
INSTITUTE = NamedPlace("The Mary Finch Institute", "building", box(600, 600, 650, 650))
HARBOUR = NamedPlace("Harbour Railway Station", "station", box(900, 100, 990, 300), ("Harbour",))
MADE = (LARK_STREET, SAINT_ANNES, LARK_ESTATE, INSTITUTE, HARBOUR)

# Enough other streets that "street" is a common word and "lark" a rare one.
OTHERS = tuple(
    NamedPlace(f"{tree} {kind}", "street", LineString([(50, 900 - i), (60, 900 - i)]))
    for i, (tree, kind) in enumerate(
        (tree, kind)
        for tree in ("Ash", "Beech", "Cedar", "Elder", "Fir", "Hazel", "Larch", "Maple", "Oak")
        for kind in ("Street", "Road", "Mews")
    )
)
GAZETTEER = Gazetteer(MADE + OTHERS, near=WARD)


def test_a_name_spelt_as_the_map_spells_it_is_exact():
    found = GAZETTEER.resolve("Lark Street")

    assert (found.certainty, found.place) == ("exact", LARK_STREET)


@pytest.mark.parametrize("written", ["St Anne’s Gardens", "st. annes gdns", "ST ANNE'S GARDENS"])
def test_a_spelling_of_the_same_name_is_exact_too(written):
    found = GAZETTEER.resolve(written)

    assert (found.certainty, found.place) == ("exact", SAINT_ANNES)


def test_another_name_on_the_map_is_an_alias():
    found = GAZETTEER.resolve("the Larks")

    assert (found.certainty, found.place) == ("alias", LARK_ESTATE)


@pytest.mark.parametrize(
    "written", ["Harbour station", "Harbour British Rail station", "London Harbour Station"]
)
def test_a_station_is_found_whatever_railway_words_it_is_written_with(written):
    found = GAZETTEER.resolve(written)

    assert (found.certainty, found.place) == ("alias", HARBOUR)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Lark Estate", LARK_ESTATE),
        ("St Mary Finch institute", INSTITUTE),
        ("Finch Institute", INSTITUTE),
        ("Mary Fnich Institute", INSTITUTE),
    ],
)
def test_a_near_name_is_only_a_suggestion(written, meant):
    found = GAZETTEER.resolve(written)

    assert (found.certainty, found.place) == ("suggestion", meant)


def test_a_confirmed_suggestion_is_an_alias():
    confirmed = {"Lark Estate": "Lark Street Estate"}

    found = Gazetteer(MADE, near=WARD, confirmed=confirmed).resolve("lark estate")

    assert (found.certainty, found.place) == ("alias", LARK_ESTATE)


def test_a_confirmed_name_is_known_with_words_for_whereabouts_before_it():
    confirmed = {"Lark Estate": "Lark Street Estate"}

    found = Gazetteer(MADE, near=WARD, confirmed=confirmed).resolve("in and around Lark Estate")

    assert (found.certainty, found.place) == ("alias", LARK_ESTATE)


def test_a_name_confirmed_as_something_unknown_stays_unknown():
    found = Gazetteer(MADE, confirmed={"Lark Estate": "Nowhere"}).resolve("Lark Estate")

    assert (found.certainty, found.place) == ("unknown", None)


def test_words_for_whereabouts_may_stand_before_a_name():
    found = GAZETTEER.resolve("in and around Lark Street")

    assert (found.written, found.place) == ("in and around Lark Street", LARK_STREET)


def test_a_name_of_another_kind_of_place_is_not_suggested():
    assert GAZETTEER.resolve("Lark Gardens").certainty == "unknown"
    assert GAZETTEER.resolve("Lark Street School").certainty == "unknown"


@pytest.mark.parametrize(
    "written",
    [
        "Baker Street", "Privet Drive", "Diagon Alley", "Mordor", "Wakanda Estate", "The Estate",
        "Street", "Saint", "St", "Gardens", "The", "", "?", "42", "Coronation Street",
        "Albert Square", "Nonsense Institute", "Springfield Park", "Walford East station",
        "Hogwarts School", "Lake", "every street in the ward", "hotspot locations",
    ],
)  # fmt: skip
def test_a_name_the_map_does_not_know_stays_unknown(written):
    found = GAZETTEER.resolve(written)

    assert (found.certainty, found.place) == ("unknown", None)


def test_of_two_names_equally_near_none_is_chosen():
    finches = (street("Goldfinch Road", 100), street("Goldfynch Road", 900))

    found = Gazetteer((*OTHERS, *finches), near=WARD).resolve("Goldfench Road")

    assert (found.certainty, found.place) == ("unknown", None)
    assert set(found.alternatives) == set(finches)


def test_of_two_places_with_one_name_the_one_in_the_ward_is_meant():
    here, away = street("High Street", 500), street("High Street", 5_000)

    found = Gazetteer((away, here), near=WARD).resolve("High Street")

    assert found.place is here
    assert found.alternatives == (away,)


def test_of_two_places_with_one_name_and_no_ward_none_is_chosen():
    found = Gazetteer((street("High Street", 500), street("High Street", 5_000))).resolve(
        "High Street"
    )

    assert (found.certainty, len(found.alternatives)) == ("unknown", 2)


def test_a_street_and_a_building_of_one_name_at_one_spot_mean_the_street():
    lane = street("Churchway", 500)
    building = NamedPlace("Churchway", "building", box(500, 500, 520, 520))

    found = Gazetteer((building, lane), near=WARD).resolve("Churchway")

    assert found.place is lane


def test_a_street_borders_the_park_15_m_from_its_middle_and_not_the_estate_100_m_off():
    assert GAZETTEER.resolve("Lark Street").borders == ("Saint Anne's Gardens",)


def test_an_empty_gazetteer_knows_nothing():
    found = Gazetteer(()).resolve("Lark Street")

    assert (found.certainty, found.borders) == ("unknown", ())


@pytest.fixture(scope="module")
def camden(real_data):
    store = camden_store(real_data)
    ward = places.area(store, "E05013669", boundary_set="camden_wards_2022").shape
    return Gazetteer(places.named_places(store, ward, buffer_m=1_000), near=ward)


# The names that the published page writes, and what OpenStreetMap calls the places (read off
# the map: ways 8364034, 53372098, 132318687, 4256246 and 4960746).
@pytest.mark.parametrize(
    ("written", "certainty", "name"),
    [
        ("Pratt Street", "exact", "Pratt Street"),
        ("St Martin’s Gardens", "exact", "Saint Martin's Gardens"),
        ("Curnock Estate", "suggestion", "Curnock Street Estate"),
        ("in and around Curnock Estate", "suggestion", "Curnock Street Estate"),
        ("St Francis Crick institute", "suggestion", "The Francis Crick Institute"),
        ("Francis Crick Institute", "exact", "The Francis Crick Institute"),
        ("St Pancras station", "alias", "St Pancras International Station"),
        ("Euston British Rail station", "alias", "Euston Railway Station"),
    ],
)
def test_the_names_of_the_published_page_are_found_on_the_real_map(
    camden, written, certainty, name
):
    found = camden.resolve(written)

    assert found.place is not None
    assert (found.certainty, found.place.name) == (certainty, name)


def test_pratt_street_borders_saint_martins_gardens(camden):
    assert "Saint Martin's Gardens" in camden.resolve("Pratt Street").borders


@pytest.mark.parametrize(
    "written",
    [
        "Bogus Lane", "Fake Park", "Pratt Gardens", "Curnock Street", "Wakanda Estate",
        "Nonsense Institute", "The Estate", "Hogwarts School", "Diagon Alley", "Ramsay Street",
        "Privet Drive", "Gotham Station", "Coronation Street", "Walford East station",
        "Springfield Park", "Ambridge Green", "Mordor", "London Road", "St Martin's",
        "hotspot locations", "the ward", "Camden Council",
    ],
)  # fmt: skip
def test_nonsense_is_unknown_on_the_real_map(camden, written):
    assert camden.resolve(written).certainty == "unknown"


def street(name: str, north: float) -> NamedPlace:
    return NamedPlace(name, "street", LineString([(500, north), (600, north)]))
