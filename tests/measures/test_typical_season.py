from math import exp, log
from pathlib import Path
from statistics import fmean, median

import polars as pl
import pytest
import yaml

import peelian.measures
from peelian.core.crimes import CRIME_TYPES
from peelian.core.errors import SchemaError
from peelian.core.months import Month, MonthSpan
from peelian.measures.typical_season import OWN_FILE, read_seasons, typical_season

OWN = Path(peelian.measures.__file__).parent / OWN_FILE


def written(folder: Path, change=lambda content: None, *, name: str = "ours") -> Path:
    """The package's seasons as a file of another name, after a change."""
    content = yaml.safe_load(OWN.read_text(encoding="utf-8"))
    content["id"] = name
    change(content)
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def test_every_crime_type_has_a_season_or_says_why_not() -> None:
    table = read_seasons(OWN)

    with_season = {each.crime_type for each in table.seasons}
    assert with_season | {each.crime_type for each in table.without_season} == set(CRIME_TYPES)
    assert all((typical_season(name) is not None) == (name in with_season) for name in CRIME_TYPES)


def test_a_name_that_is_no_crime_type_has_no_season() -> None:
    assert typical_season("mugging") is None


def test_bicycles_are_stolen_in_summer_and_homes_entered_in_winter() -> None:
    bicycles, burglaries = typical_season("bicycle-theft"), typical_season("burglary")

    assert bicycles is not None
    assert burglaries is not None
    assert bicycles[6] > 1.2 > 0.8 > bicycles[0]
    assert burglaries[10] > 1.1 > 0.95 > burglaries[6]


def test_the_factors_are_those_of_the_official_counts(real_data: Path) -> None:
    table = read_seasons(OWN)
    counts = pl.read_parquet(
        real_data / "mps-recorded-crime" / "recorded-crime-borough-historical.parquet"
    )
    span = MonthSpan(Month.parse(table.first_month), Month.parse(table.last_month))
    columns = [f"{month.year}{month.number:02d}" for month in span]
    days = [(month.plus(1).first_day - month.first_day).days for month in span]

    for each in table.seasons:
        official = [name.upper() for name in each.read_from]
        of_type = counts.filter(
            pl.col("majortext").is_in(official)
            | (pl.col("majortext").eq("THEFT") & pl.col("minortext").is_in(official))
        )
        records = of_type.select(pl.col(columns).sum()).row(0)
        logs = [log(count / length) for count, length in zip(records, days, strict=True)]
        apart: dict[int, list[float]] = {}
        for i in range(6, len(logs) - 6):
            around = [*logs[i - 5 : i + 6], (logs[i - 6] + logs[i + 6]) / 2]
            apart.setdefault(span.first.plus(i).number, []).append(logs[i] - fmean(around))
        middle = [median(apart[number]) for number in range(1, 13)]

        # Rounded to two decimals.
        assert each.factors == pytest.approx(
            [exp(one - fmean(middle)) for one in middle], abs=0.005001
        )


def first(content) -> dict:
    return content["seasons"][0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c.update(id="theirs"), "the file's name, ours"),
        (lambda c: c.update(derivation=" "), "key derivation: found ' '"),
        (lambda c: c.update(colour="red"), "unknown field `colour`"),
        (lambda c: c.pop("source"), "missing required field `source`"),
        (lambda c: c.update(first_month="April 2010"), "key first_month: found 'April 2010'"),
        (lambda c: c.update(last_month="2010-04"), "a month after 2010-04"),
        (lambda c: first(c).update(crime_type="mugging"), "every crime type once"),
        (lambda c: c["seasons"].append(first(c)), "every crime type once"),
        (lambda c: c["without_season"].pop(), "every crime type once"),
        (lambda c: c["without_season"][0].update(reason=""), "why it has none"),
        (lambda c: first(c)["factors"].pop(), "twelve, above zero and finite"),
        (lambda c: first(c)["factors"].__setitem__(0, 0.0), "twelve, above zero and finite"),
        (lambda c: first(c)["factors"].__setitem__(0, float("nan")), "twelve, above zero"),
        (lambda c: first(c)["factors"].__setitem__(0, 0.9), "add up to zero, but for rounding"),
        (lambda c: first(c).update(read_from=[]), "at least one"),
        (lambda c: c.update(reviewed="24 November 2026"), "a date, YYYY-MM-DD"),
        (lambda c: c.update(review_due="2020-01-01"), "a date after 2026-11-24"),
    ],
)
def test_a_file_that_breaks_the_schema_says_where(tmp_path: Path, change, said: str) -> None:
    path = written(tmp_path, change)

    with pytest.raises(SchemaError) as error:
        read_seasons(path)

    assert "ours.yaml" in str(error.value)
    assert said in str(error.value)


def test_a_file_that_is_no_yaml_says_so(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text("id: [", encoding="utf-8")

    with pytest.raises(SchemaError, match=r"ours\.yaml is not YAML"):
        read_seasons(path)
