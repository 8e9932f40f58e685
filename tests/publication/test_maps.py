from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from peelian.publication.map_frame import DESK, WIDTH, Frame
from peelian.publication.map_labels import Taken, street_labels
from peelian.publication.maps import base_map, places_map
from publication.sample import ranking_of, sample_page
from publication.sample_map import made_map

RANKING = ranking_of("p1-places", "Where it was recorded")


def _xml(text: str) -> ET.Element:
    return ET.fromstring(text)


def _layer(svg: ET.Element, name: str) -> ET.Element:
    return next(group for group in svg.iter("g") if group.get("class") == name)


def _rings(svg: ET.Element, layer: str = "desk") -> list[ET.Element]:
    return [c for c in _layer(svg, layer).iter("circle") if "ring" in c.get("class")]


def test_every_place_has_its_number_on_phones_and_on_desks() -> None:
    svg = _xml(places_map(made_map(), RANKING))

    for layer in ("phone", "desk"):
        numbers = [t.text for t in _layer(svg, layer).iter("text") if t.get("class") == "number"]
        assert sorted(numbers) == ["1", "2", "3", "4", "5", "6", "7", "8"]


def test_the_area_of_a_ring_grows_with_the_records_expected() -> None:
    first, second = RANKING.places[0], RANKING.places[1]
    halved = replace(RANKING, places=(first, replace(second, expected=first.expected / 2)))

    large, small = (float(r.get("r")) for r in _rings(_xml(places_map(made_map(), halved))))
    assert abs(small**2 / large**2 - 0.5) < 0.02  # radii are whole units of some 70


def test_maps_to_be_compared_share_the_largest_ring() -> None:
    own = _rings(_xml(places_map(made_map(), RANKING)))
    shared = _rings(_xml(places_map(made_map(), RANKING, most=4 * RANKING.places[0].expected)))

    assert abs(float(own[0].get("r")) / float(shared[0].get("r")) - 2) < 0.05


def test_a_place_with_too_few_records_is_dashed() -> None:
    rings = _rings(_xml(places_map(made_map(), RANKING)))

    assert [r.get("class") for r in rings][-2:] == ["ring", "ring unsure"]


def test_the_text_alternative_names_the_places_in_order() -> None:
    svg = _xml(places_map(made_map(), RANKING))

    title = svg.find("title")
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == title.get("id")
    assert "1 Canal Street; 2 Millfield Gardens" in title.text


def test_north_is_up_and_east_is_right() -> None:
    frame = Frame.around(made_map())
    x, y = frame.at(529_900, 183_200)

    assert frame.at(529_900, 183_300)[1] < y
    assert frame.at(530_000, 183_200)[0] > x


def test_the_ward_fills_the_frame_and_lies_within_it() -> None:
    frame = Frame.around(made_map())

    points = [frame.at(*point) for ring in made_map().outline for point in ring]
    assert min(min(point) for point in points) > 0
    assert max(y for _, y in points) < frame.height
    assert max(x for x, _ in points) < WIDTH


def test_a_very_tall_ward_is_not_taller_than_a_phone() -> None:
    tall = replace(made_map(), outline=(((0, 0), (100, 0), (100, 5000), (0, 5000), (0, 0)),))

    assert Frame.around(tall).height <= 1.25 * WIDTH


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    frame = Frame.around(made_map())

    text = base_map(made_map())
    metres, length = re.search(r'h(\d+)v-\d+"/><text class="still"[^>]*>(\d+) m<', text).groups()
    assert abs(float(metres) * frame.metres - float(length)) < 1


def test_streets_are_drawn_once_a_page() -> None:
    assert places_map(made_map(), RANKING).count('class="minor"') == 0
    assert base_map(made_map()).count('class="minor"') == 1
    assert '<use href="#ward-base"/>' in places_map(made_map(), RANKING)


def test_the_main_names_are_set_along_their_streets() -> None:
    text = base_map(made_map())

    assert ">Rope Walk</text>" in text  # the one main road along
    assert ">Millfield</text>" in text  # a station
    assert "rotate(" in text


def test_a_corridor_is_hatched_and_a_priority_without_one_is_not() -> None:
    corridor = sample_page().priorities[1].corridor

    assert 'fill="url(#c-p1-places)"' in places_map(made_map(), RANKING, corridor=corridor)
    assert "corridor" not in places_map(made_map(), RANKING)


def test_a_ward_without_streets_still_has_its_line_and_places() -> None:
    bare = replace(made_map(), streets=(), grounds=())

    assert 'class="line"' in base_map(bare)
    assert len(_rings(_xml(places_map(bare, RANKING)))) == 8


def test_a_ward_without_a_line_has_no_map() -> None:
    bare = replace(made_map(), outline=())

    assert places_map(bare, RANKING) == ""
    assert base_map(bare) == ""


def test_names_are_escaped() -> None:
    hostile = replace(RANKING, places=(replace(RANKING.places[0], name="<b>&"),))

    assert "1 <b>&" in _xml(places_map(made_map(), hostile)).find("title").text


def test_numbers_of_places_at_one_point_stand_beside_one_another() -> None:
    same = replace(RANKING.places[0], rank=2)
    svg = _xml(places_map(made_map(), replace(RANKING, places=(RANKING.places[0], same))))

    one, two = [
        (float(c.get("cx")), float(c.get("cy")))
        for c in _layer(svg, "desk").iter("circle")
        if c.get("class") == "disc"
    ]
    apart = ((one[0] - two[0]) ** 2 + (one[1] - two[1]) ** 2) ** 0.5
    assert apart >= 2 * DESK.units(DESK.number_px)


@given(
    st.lists(
        st.tuples(st.floats(0, 1000), st.floats(0, 1000), st.floats(1, 200), st.floats(-90, 90)),
        max_size=30,
    )
)
def test_no_two_claims_overlap(claims) -> None:
    import shapely
    from shapely import affinity

    taken = Taken(1000, 1000)
    granted = [
        affinity.rotate(shapely.box(x - w / 2, y - 5, x + w / 2, y + 5), turn, origin=(x, y))
        for x, y, w, turn in claims
        if taken.claim(x, y, wide=w, tall=10, degrees=turn)
    ]

    for number, one in enumerate(granted):
        assert all(one.intersection(other).area < 1e-6 for other in granted[:number])


def test_a_street_too_short_for_its_name_is_not_named() -> None:
    ward = [[(0, 0), (1000, 0), (1000, 1000), (0, 1000), (0, 0)]]
    streets = {"A": [[(100, 500), (900, 500)]], "A very long name": [[(100, 100), (180, 100)]]}

    labels = street_labels(streets, within=ward, letters=20, taken=Taken(1000, 1000), at_most=5)

    assert [(label.text, label.x, label.degrees) for label in labels] == [("A", 500, 0)]
