from pathlib import Path

import pytest
import yaml

from peelian.core.crimes import CRIME_TYPES, POLICE_GENERATED_TYPES
from peelian.core.errors import InputError, SchemaError
from peelian.measures import load_measures
from peelian.measures.harm_index import harm_index, load_harm_indices, read_harm_index

ONS = "ons-crime-severity-score-2016"


def written(folder: Path, change=lambda content: None, *, name: str = "ours") -> Path:
    """The package's index as a file of another name, after a change."""
    content = yaml.safe_load(index_file().read_text(encoding="utf-8"))
    content["id"] = name
    change(content)
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def index_file() -> Path:
    import peelian.measures

    return Path(peelian.measures.__file__).parent / "harm" / f"{ONS}.yaml"


def test_the_packages_own_index_has_the_published_weights() -> None:
    index = harm_index(ONS)

    assert {t: each.weight for t, each in index.by_type.items()} == {
        "robbery": 746, "burglary": 438, "theft-from-the-person": 86, "shoplifting": 13,
        "criminal-damage-arson": 7,
    }  # fmt: skip
    assert (index.year, index.unit) == (2016, "severity points")
    assert "Office for National Statistics" in index.source


def test_every_crime_type_is_weighed_or_says_why_not() -> None:
    for index in load_harm_indices().values():
        without = {each.crime_type: each.reason for each in index.without_weight}

        assert set(index.by_type) | set(without) == set(CRIME_TYPES)
        assert "not a recorded crime" in without["anti-social-behaviour"]
        assert not POLICE_GENERATED_TYPES & set(index.by_type)


def test_an_index_is_no_measure() -> None:
    assert not set(load_harm_indices()) & set(load_measures())


def test_an_unknown_index_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match=f"none is called 'cchi'. Use one of: {ONS}"):
        harm_index("cchi")


def test_an_index_of_ones_own_is_read_from_a_folder(tmp_path: Path) -> None:
    written(tmp_path, lambda content: content.update(year=2026))

    assert load_harm_indices(tmp_path)["ours"].year == 2026


def test_a_folder_without_an_index_has_none(tmp_path: Path) -> None:
    assert load_harm_indices(tmp_path) == {}


def first(content) -> dict:
    return content["weights"][0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c.update(id="theirs"), "the file's name, ours"),
        (lambda c: c.update(title=" "), "key title: found ' '"),
        (lambda c: c.update(colour="red"), "unknown field `colour`"),
        (lambda c: c.pop("source"), "missing required field `source`"),
        (lambda c: c.update(year="2016"), "Expected `int`, got `str` - at `$.year`"),
        (lambda c: c.update(weights=[]), "at least one weight"),
        (lambda c: first(c).update(crime_type="mugging"), "found 'mugging'"),
        (lambda c: c["weights"].append(first(c)), "each crime type once"),
        (lambda c: c["without_weight"].pop(), "nothing of possession-of-weapons"),
        (lambda c: first(c).update(weight=0, least=0), "0 < least <= weight <= most"),
        (lambda c: first(c).update(most=700), "0 < least <= weight <= most"),
        (lambda c: first(c).update(most=900), "where is_proxy is false"),
        (lambda c: first(c).update(weight=float("nan")), "0 < least <= weight <= most"),
        (lambda c: first(c).update(stands_for=""), "which offence it is of"),
        (lambda c: c["without_weight"][0].update(reason=""), "why it has none"),
        (lambda c: c.update(reviewed="24 November 2026"), "a date, YYYY-MM-DD"),
        (lambda c: c.update(review_due="2020-01-01"), "a date after 2026-11-24"),
    ],
)
def test_a_file_that_breaks_the_schema_says_where(tmp_path: Path, change, said: str) -> None:
    path = written(tmp_path, change)

    with pytest.raises(SchemaError) as error:
        read_harm_index(path)

    assert "ours.yaml" in str(error.value)
    assert said in str(error.value)


def test_what_police_generate_has_no_weight(tmp_path: Path) -> None:
    def weigh_drugs(content) -> None:
        content["without_weight"] = [
            each for each in content["without_weight"] if each["crime_type"] != "drugs"
        ]
        first(content)["crime_type"] = "drugs"
        robbery = {"crime_type": "robbery", "reason": "made up"}
        content["without_weight"].append(robbery)

    with pytest.raises(SchemaError, match="more patrol would add to a place's harm"):
        read_harm_index(written(tmp_path, weigh_drugs))


def test_a_file_that_is_no_yaml_says_so(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text("id: [", encoding="utf-8")

    with pytest.raises(SchemaError, match=r"ours\.yaml is not YAML"):
        read_harm_index(path)
