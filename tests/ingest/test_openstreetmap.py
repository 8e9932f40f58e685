import gzip
import json

import osmium
import pytest

from camden_map import camden_store
from made_places import square
from peelian.core.grid import to_degrees
from peelian.ingest.openstreetmap import ingest_street_maps
from peelian.ingest.openstreetmap_tags import (
    access_of,
    aliases_of,
    is_street,
    kind_of_feature,
    kind_of_place,
)
from peelian.store import PartitionKey, Store
from peelian.store.map_features import map_features
from peelian.store.places import area, named_places, street_network

GROUND = square(0, 0, 1_000)
# Nodes of the made map: number, metres east and north of its corner.
NODES = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (100, 100), 5: (900, 900), 6: (950, 900)}
RING = {11: (300, 300), 12: (400, 300), 13: (400, 400), 14: (300, 400)}


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "store")


def degrees(east, north):
    x, y, *_ = GROUND.bounds
    lon, lat = to_degrees(x + east, y + north)
    return float(lon), float(lat)


@pytest.fixture
def made_map(tmp_path):
    """Two pieces of Mill Lane, a far one, an unnamed path, a park of two rings, pub, station."""
    path = tmp_path / "made.osm.pbf"
    ways = [
        (101, [1, 2], {"highway": "residential", "name": "Mill Lane", "lit": "yes"}),
        (102, [2, 3], {"highway": "residential", "name": "Mill Lane", "oneway": "yes"}),
        (103, [5, 6], {"highway": "residential", "name": "Mill Lane"}),
        (104, [2, 4], {"highway": "footway"}),
        (105, [1, 4], {"highway": "corridor", "name": "Inside"}),
        (106, [11, 12, 13, 14, 11], {
            "leisure": "park", "name": "Saint Anne's Gardens", "alt_name": "Annie's;The Gardens",
        }),
        (107, [11, 12, 13, 14, 11], {"building": "train_station", "name": "Harbour Station"}),
    ]  # fmt: skip
    with osmium.SimpleWriter(str(path)) as writer:
        for number, spot in (NODES | RING).items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=degrees(*spot)))
        points = [
            (20, (350, 350), {"amenity": "pub", "name": "The Finch"}),
            (21, (390, 390), {"railway": "station", "name": "London Harbour"}),
            (22, (0, 500), {"place": "suburb", "name": "Larkfield"}),
            (23, (40, 5), {"highway": "street_lamp"}),
            (24, (60, 5), {"highway": "bus_stop", "name": "Mill Lane"}),
            (25, (60, -5), {"highway": "bus_stop", "name": "Mill Lane"}),
            (26, (70, 5), {"amenity": "bench"}),
        ]
        for number, spot, tags in points:
            node = osmium.osm.mutable.Node(id=number, location=degrees(*spot), tags=tags)
            writer.add_node(node)
        for number, nodes, tags in ways:
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags))
    return path


def test_streets_and_places_of_an_extract_are_read(store, made_map):
    read = ingest_street_maps([made_map], store)

    assert [(r.table, r.source, r.rows, r.state) for r in read] == [
        ("streets", "made", 4, "new"),
        ("named_places", "made", 5, "new"),
        ("map_features", "made", 6, "new"),
    ]
    assert "OpenStreetMap contributors" in store.partitions("streets")[0].licence


def test_pieces_of_a_street_that_lie_together_are_one_place_and_far_ones_another(store, made_map):
    ingest_street_maps([made_map], store)

    lanes = [p for p in named_places(store, GROUND) if p.name == "Mill Lane"]

    assert sorted(round(p.shape.length) for p in lanes) == [50, 200]


def test_a_station_drawn_as_a_building_and_as_a_node_is_one_place(store, made_map):
    ingest_street_maps([made_map], store)

    (station,) = [p for p in named_places(store, GROUND) if p.kind == "station"]

    assert (station.name, station.aliases) == ("Harbour Station", ("London Harbour",))
    assert station.shape.area == pytest.approx(10_000, rel=0.001)


def test_other_names_of_the_map_are_aliases(store, made_map):
    ingest_street_maps([made_map], store)

    (park,) = [p for p in named_places(store, GROUND) if p.kind == "park"]

    assert (park.name, park.aliases) == ("Saint Anne's Gardens", ("Annie's", "The Gardens"))


def test_a_suburb_without_a_boundary_is_no_place_to_count_in(store, made_map):
    ingest_street_maps([made_map], store)

    assert "Larkfield" not in {p.name for p in named_places(store, GROUND)}


def test_features_are_kept_with_or_without_a_name(store, made_map):
    ingest_street_maps([made_map], store)

    found = [(f.kind, f.name) for f in map_features(store, GROUND)]

    # The two stops are those of the two directions; the bench is none of the kinds kept.
    assert found == [
        ("bus_stop", "Mill Lane"),
        ("bus_stop", "Mill Lane"),
        ("licensed_premises", "The Finch"),
        ("park", "Saint Anne's Gardens"),
        ("station", "Harbour Station"),
        ("street_lamp", ""),
    ]


def test_a_lamp_or_a_bus_stop_is_no_place_to_speak_of(store, made_map):
    ingest_street_maps([made_map], store)

    kinds = {place.kind for place in named_places(store, GROUND)}

    assert kinds == {"street", "park", "station", "licensed_premises"}


def test_a_feature_that_two_maps_hold_is_taken_once(store, made_map, tmp_path):
    ingest_street_maps([made_map], store)
    two = Store.create(tmp_path / "two")
    ingest_street_maps([made_map], two)
    rename(two, "made", "copy")

    assert len(two.partitions("map_features")) == 2
    assert map_features(two, GROUND) == map_features(store, GROUND)


def test_a_building_built_as_a_station_is_none_alone(store, tmp_path):
    path = tmp_path / "closed.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for number, spot in RING.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=degrees(*spot)))
        lamp = {"highway": "street_lamp"}
        writer.add_node(osmium.osm.mutable.Node(id=20, location=degrees(0, 0), tags=lamp))
        closed = {"building": "train_station", "name": "Old Harbour"}
        ring = [11, 12, 13, 14, 11]
        writer.add_way(osmium.osm.mutable.Way(id=107, nodes=ring, tags=closed))

    ingest_street_maps([path], store)

    assert [f.kind for f in map_features(store, GROUND)] == ["street_lamp"]


def test_features_far_from_what_is_asked_are_left_out(store, made_map):
    ingest_street_maps([made_map], store)

    near = map_features(store, square(0, -50, 50), buffer_m=30)

    assert [f.kind for f in near] == ["bus_stop", "bus_stop", "street_lamp"]


def test_a_store_whose_map_was_read_before_features_were_kept_gets_them(store, made_map):
    assert map_features(store, GROUND) == ()
    ingest_street_maps([made_map], store)
    with store.writer() as writer:
        writer.remove(PartitionKey("map_features", "made"))

    read = ingest_street_maps([made_map], store)

    assert {r.table: r.state for r in read} == {
        "streets": "unchanged", "named_places": "unchanged", "map_features": "new",
    }  # fmt: skip


def test_a_map_whose_streets_are_damaged_is_read_again(store, made_map):
    ingest_street_maps([made_map], store)
    (streets,) = store.partitions("streets")
    (store.path / streets.path).write_bytes(b"")

    ingest_street_maps([made_map], store)

    assert store.table("streets").height == 4


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "street_lamp"}, "street_lamp"),
        ({"highway": "bus_stop"}, "bus_stop"),
        ({"railway": "station"}, "station"),
        ({"building": "train_station"}, "station"),
        ({"railway": "subway_entrance"}, None),
        ({"amenity": "pub"}, "licensed_premises"),
        ({"amenity": "fast_food"}, "fast_food"),
        ({"amenity": "atm"}, "cash_machine"),
        ({"shop": "supermarket"}, "supermarket"),
        ({"shop": "alcohol"}, "convenience_store"),
        ({"leisure": "playground"}, "park"),
        ({"leisure": "garden"}, None),
        ({"leisure": "garden", "name": "Finch Gardens"}, "park"),
        ({"leisure": "garden", "name": "Finch Gardens", "access": "private"}, None),
        ({"amenity": "school"}, "school"),
        ({"amenity": "bench"}, None),
    ],
)
def test_what_kind_of_feature_tags_make(tags, kind):
    assert kind_of_feature(tags) == kind


def test_ways_that_share_a_node_meet_and_a_corridor_indoors_is_no_street(store, made_map):
    ingest_street_maps([made_map], store)

    network = street_network(store, GROUND)

    assert sorted(network.length_m.round().tolist()) == [50, 100, 100, 100]
    away = network.distances_from(network.nodes_within(GROUND.centroid, 1_000)[:1])
    assert len(away) == 6


def test_features_as_geojson_give_the_same_streets(store, made_map, tmp_path):
    ingest_street_maps([made_map], store)
    lines = {
        101: ([1, 2], {"highway": "residential", "name": "Mill Lane", "lit": "yes"}),
        102: ([2, 3], {"highway": "residential", "name": "Mill Lane", "oneway": "yes"}),
        103: ([5, 6], {"highway": "residential", "name": "Mill Lane", "lit": None}),
        104: ([2, 4], {"highway": "footway", "name": None}),
    }
    features = [
        {
            "type": "Feature",
            "properties": {"osm_id": number, "node_ids": nodes, **tags},
            "geometry": {
                "type": "LineString",
                "coordinates": [degrees(*NODES[node]) for node in nodes],
            },
        }
        for number, (nodes, tags) in lines.items()
    ]
    file = tmp_path / "made_highways.geojson.gz"
    file.write_bytes(gzip.compress(json.dumps(collection(features)).encode()))
    other = Store.create(tmp_path / "other")

    ingest_street_maps([file], other)

    columns = ["way_id", "name", "highway", "on_foot", "one_way", "lit", "node_ids"]
    one, two = (s.table("streets").select(columns).rows() for s in (store, other))
    assert one == two


def test_a_way_held_by_two_maps_is_in_the_network_once(store, made_map, tmp_path):
    ingest_street_maps([made_map], store)
    with_copy = Store.create(tmp_path / "two")
    ingest_street_maps([made_map], with_copy)
    rename(with_copy, "made", "copy")

    network = street_network(with_copy, GROUND)

    assert len(network) == len(street_network(store, GROUND))
    assert len(named_places(with_copy, GROUND)) == len(named_places(store, GROUND))


def test_the_same_map_twice_changes_nothing(store, made_map):
    ingest_street_maps([made_map], store)

    assert {r.state for r in ingest_street_maps([made_map], store)} == {"unchanged"}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("note.txt", b"hello", "not an .osm.pbf"),
        ("cut.osm.pbf", b"\x00\x00", "cannot be read as a map"),
        ("list.geojson", b"[]", "not a GeoJSON feature collection"),
        ("trees.geojson", b'{"type": "FeatureCollection", "features": []}', "no street"),
        ("broken.geojson", b"{", "cannot be read as a map"),
        (
            "odd.geojson",
            b'{"type": "FeatureCollection", "features": [3]}',
            "cannot be read as a map",
        ),
        ("broken.geojson.gz", b"not gzip", "is a whole packed file"),
    ],
)
def test_a_file_that_is_no_street_map_is_passed_over(store, tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)

    (read,) = ingest_street_maps([tmp_path / name], store)

    assert read.state == "passed over"
    assert reason in read.reason


@pytest.mark.parametrize(
    ("tags", "foot", "cycle", "vehicle"),
    [
        ({"highway": "residential"}, True, True, True),
        ({"highway": "trunk"}, True, True, True),
        ({"highway": "motorway"}, False, False, True),
        ({"highway": "footway"}, True, False, False),
        ({"highway": "footway", "bicycle": "yes"}, True, True, False),
        ({"highway": "cycleway"}, True, True, False),
        ({"highway": "service", "access": "private"}, False, False, False),
        ({"highway": "service", "access": "private", "foot": "yes"}, True, False, False),
        ({"highway": "residential", "foot": "no"}, False, True, True),
        ({"highway": "residential", "motor_vehicle": "no"}, True, True, False),
        ({"highway": "residential", "vehicle": "no"}, True, False, False),
    ],
)
def test_who_may_use_a_way(tags, foot, cycle, vehicle):
    access = access_of(tags)

    assert (access.on_foot, access.by_cycle, access.by_vehicle) == (foot, cycle, vehicle)


@pytest.mark.parametrize(
    ("tags", "one_way", "cycles_both_ways"),
    [
        ({}, 0, True),
        ({"oneway": "no"}, 0, True),
        ({"oneway": "yes"}, 1, False),
        ({"oneway": "-1"}, -1, False),
        ({"oneway": "yes", "oneway:bicycle": "no"}, 1, True),
        ({"oneway": "yes", "cycleway:left": "opposite_lane"}, 1, True),
        ({"junction": "roundabout"}, 1, False),
    ],
)
def test_which_way_a_way_is_used(tags, one_way, cycles_both_ways):
    access = access_of({"highway": "residential", **tags})

    assert (access.one_way, access.cycles_both_ways) == (one_way, cycles_both_ways)


@pytest.mark.parametrize(
    ("tags", "has_extent", "kind"),
    [
        ({"landuse": "residential"}, True, "estate"),
        ({"landuse": "residential"}, False, None),
        ({"building": "yes", "name": "Ossulston Estate"}, True, "estate"),
        ({"building": "yes", "name": "Oakford Estates"}, True, "building"),
        ({"leisure": "park"}, True, "park"),
        ({"landuse": "cemetery"}, True, "park"),
        ({"railway": "station"}, False, "station"),
        ({"amenity": "pub", "building": "yes"}, True, "licensed_premises"),
        ({"amenity": "school"}, False, "school"),
        ({"amenity": "research_institute", "building": "yes"}, True, "building"),
        ({"place": "suburb"}, False, None),
        ({"amenity": "bench"}, False, None),
    ],
)
def test_what_kind_of_place_tags_make(tags, has_extent, kind):
    assert kind_of_place({"name": "Some Place", **tags}, has_extent=has_extent) == kind


def test_platforms_and_ways_indoors_are_no_streets():
    assert not is_street({"highway": "platform"})
    assert not is_street({"highway": "footway", "indoor": "yes"})
    assert is_street({"highway": "steps"})


def test_aliases_are_split_and_never_the_name_itself():
    tags = {"name": "Harbour", "alt_name": "Harbour;Old Harbour", "old_name": "Old Harbour; Quay"}

    assert aliases_of(tags) == ("Old Harbour", "Quay")


def test_the_real_map_has_its_streets_and_places(real_data):
    store = camden_store(real_data)

    # MANIFEST.md: 10,674 highway ways, of which some lie indoors or are not built.
    streets, named = store.table("streets"), store.table("named_places")
    assert 10_000 < streets.height < 10_674
    assert streets["way_id"].is_unique().all()
    assert {"Saint Martin's Gardens", "Curnock Street Estate"} <= set(named["name"])


def test_the_real_map_has_the_lamps_that_the_manifest_counts(real_data):
    store = camden_store(real_data)

    lamps = store.table("map_features").filter(kind="street_lamp")

    # MANIFEST.md: 225 street lamps, far fewer than stand there.
    assert lamps.height == 225
    assert set(lamps["name"]) == {""}


def test_the_ward_has_the_kilometres_of_street_that_the_manifest_counts(real_data):
    store = camden_store(real_data)
    ward = area(store, "E05013669", boundary_set="camden_wards_2022").shape
    network = street_network(store, ward)

    inside = [line.intersection(ward).length for line in network.lines]

    # MANIFEST.md: 30.3 km of highway ways in the 2022 ward. How those along its
    # line were counted is not said.
    assert sum(inside) == pytest.approx(30_300, rel=0.05)


def collection(features):
    return {"type": "FeatureCollection", "features": features}


def rename(store, old, new):
    """Put a copy of a source's partitions beside it under another name."""
    from peelian.store import SourceFile

    with store.writer() as writer:
        for partition in store.partitions():
            rows = store.table(partition.key.table, source=old).drop("source")
            writer.replace(
                PartitionKey(partition.key.table, new),
                rows,
                sources=[SourceFile(new, new, 1)],
                licence=partition.licence,
            )
