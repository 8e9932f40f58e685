from __future__ import annotations

from pathlib import Path

import pytest

from peelian.core.crimes import CRIME_TYPES, POLICE_GENERATED_TYPES, RETIRED_TYPES
from peelian.core.errors import InputError, SchemaError
from peelian.measures import load_measures, measure, read_measure

WRITTEN = """\
id: noise
title: Noise at night
definition: Incidents of noise.
why_it_matters: People cannot sleep.
records: crimes
unit: incidents
crime_types: [anti-social-behaviour]
is_proxy: false
police_generated: false
author: A. Nalyst
reviewed: "2026-11-01"
review_due: "2027-11-01"
"""


def file_with(folder: Path, text: str, *, name: str = "noise.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_measure_reads_as_written(tmp_path: Path) -> None:
    read = read_measure(file_with(tmp_path, WRITTEN))

    assert (read.id, read.unit, read.crime_types) == (
        "noise",
        "incidents",
        ["anti-social-behaviour"],
    )
    assert read.sources == ["police.uk"]
    assert read.series_breaks == []


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("unit: incidents", "units: incidents", "key units, which a measure does not have"),
        ("unit: incidents\n", "", "missing required field `unit`"),
        ("records: crimes", "records: cats", "Invalid enum value 'cats'"),
        ('"2026-11-01"', "2026-11-01", "dates and months are quoted"),
        ('"2026-11-01"', '"2026-11-31"', "key reviewed: found '2026-11-31'"),
        ('"2027-11-01"', '"2025-11-01"', "a date after 2026-11-01"),
        ("id: noise", "id: din", "key id: found 'din'. Allowed: the file's name, noise"),
        ("[anti-social-behaviour]", "[noise]", "key crime_types: found 'noise'. Allowed: any of"),
        ("[anti-social-behaviour]", "[]", "at least one crime type for records: crimes"),
        ("records: crimes", "records: stops", "none for records: stops"),
        ("is_proxy: false", "is_proxy: true", "what the measure stands in for"),
        ("is_proxy: false", "is_proxy: false\nproxy_for: sleep", "nothing where it is not"),
        ("title: Noise at night", 'title: " "', "a text that is not empty"),
        ("title: Noise at night", "title: Noise: at night", "is not YAML"),
        ("unit: incidents", "unit: incidents\nsources: []", "at least one source"),
        (
            "unit: incidents",
            'unit: incidents\nseries_breaks: [{first_month: "2024", force: all, reason: x}]',
            "series_breaks.first_month: found '2024'. Allowed: YYYY-MM",
        ),
        (
            "unit: incidents",
            'unit: incidents\nseries_breaks: [{month: "2024-03", force: all, reason: x}]',
            "key series_breaks[0].month, which a measure does not have. Allowed: first_month",
        ),
    ],
)
def test_a_broken_file_is_refused_with_file_key_and_rule(
    tmp_path: Path, was: str, becomes: str, says: str
) -> None:
    assert was in WRITTEN

    with pytest.raises(SchemaError) as refusal:
        read_measure(file_with(tmp_path, WRITTEN.replace(was, becomes, 1)))

    assert "noise.yaml" in str(refusal.value)
    assert says in str(refusal.value)


def test_a_list_at_the_top_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="Expected `object`, got `array`"):
        read_measure(file_with(tmp_path, "- noise"))


def test_a_folder_gives_its_measures_by_id(tmp_path: Path) -> None:
    file_with(tmp_path, WRITTEN)
    file_with(tmp_path, WRITTEN.replace("id: noise", "id: din"), name="din.yaml")

    assert list(load_measures(tmp_path)) == ["din", "noise"]


def test_measures_cannot_be_changed_by_a_reader() -> None:
    with pytest.raises(TypeError):
        load_measures()["noise"] = measure("drugs")  # type: ignore[index]


def test_an_unknown_measure_is_named_with_those_that_exist() -> None:
    with pytest.raises(InputError, match=r"no measure is called 'knives'.*knife-robbery"):
        measure("knives")


def test_every_published_crime_type_has_a_measure() -> None:
    single = {m.crime_types[0] for m in load_measures().values() if len(m.crime_types) == 1}

    # "Other crime" is what is left over: nobody follows it by itself.
    assert set(CRIME_TYPES) - single == {"other-crime"}


def test_public_reported_is_all_recorded_crime_and_anti_social_behaviour() -> None:
    everything = set(measure("all-records").crime_types)

    assert everything == set(CRIME_TYPES) | set(RETIRED_TYPES)
    assert everything - set(measure("all-recorded-crime").crime_types) == {"anti-social-behaviour"}


def test_measures_of_what_police_find_are_marked() -> None:
    marked = {id_ for id_, m in load_measures().items() if m.police_generated}

    assert marked == {"drugs", "weapons", "stops"}
    assert all(
        set(m.crime_types) <= POLICE_GENERATED_TYPES
        for m in load_measures().values()
        if m.police_generated
    )


def test_robbery_stands_in_for_knife_robbery_which_open_data_cannot_count() -> None:
    assert measure("robbery").proxy_for.startswith("Knife-enabled robbery.")
    assert measure("knife-robbery").flags == ["knife used"]
    assert "police.uk" not in measure("knife-robbery").sources


def test_every_crime_measure_breaks_where_the_met_changed_its_system() -> None:
    for each in load_measures().values():
        months = [(b.force, b.first_month) for b in each.series_breaks]
        assert months == ([("metropolitan", "2024-03")] if each.records == "crimes" else [])
