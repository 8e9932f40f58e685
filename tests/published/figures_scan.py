"""Published figures of the scan statistics: what SaTScan 10.3.2 reports for its sample data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import sin
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from peelian.scanning.scan import (
    ScanResult,
    scan_bernoulli,
    scan_poisson,
    scan_space_time_permutation,
)
from peelian.scanning.scan_expected import people_between, standardised
from peelian.scanning.zones import circles, nearest_first

Computed = Callable[[pytest.FixtureRequest], float]

REPLICATES = 99_999
SEED = 20_240_601
EARTH_KM = 6371.3  # SaTScan's


@dataclass(frozen=True)
class Scanned:
    """A scan of a sample data set. names: the locations, in SaTScan's order."""

    result: ScanResult
    names: tuple[str, ...]


def lines(path: Path) -> list[list[str]]:
    return [
        line.split() for line in path.read_text(encoding="latin-1").splitlines() if line.split()
    ]


def on_globe(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points in space, km from the middle of the earth."""
    up, round_ = np.radians(latitude), np.radians(longitude)
    return EARTH_KM * np.column_stack(
        [np.cos(up) * np.cos(round_), np.cos(up) * np.sin(round_), np.sin(up)]
    )


def through_globe(km: float) -> float:
    """The straight line between two points so far apart on the ground."""
    return 2 * EARTH_KM * sin(km / EARTH_KM / 2)


def located(path: Path) -> tuple[tuple[str, ...], dict[str, int], NDArray[np.float64]]:
    # SaTScan orders locations by their names, as text.
    table = sorted(lines(path), key=lambda row: row[0])
    names = tuple(row[0] for row in table)
    at = np.array([[float(cell) for cell in row[1:3]] for row in table])
    return names, {name: number for number, name in enumerate(names)}, at


@cache
def new_mexico(folder: Path) -> Scanned:
    """Brain cancer 1973-91: Poisson, yearly, up to half the study and half the people at risk."""
    names, number, at = located(folder / "nm.geo")
    people = lines(folder / "nm.pop")
    groups = sorted({(age, sex) for *_, age, sex in people})
    group_of = {group: nth for nth, group in enumerate(groups)}
    censuses = {"73": 0, "82": 1, "91": 2}
    counted = np.zeros((len(groups), len(names), 3))
    for county, year, number_of_people, age, sex in people:
        counted[group_of[age, sex], number[county], censuses[year]] += float(number_of_people)
    cases, by_group = np.zeros((len(names), 19)), np.zeros(len(groups))
    for county, count, year, age, sex in lines(folder / "nm.cas"):
        cases[number[county], int(year) - 1973] += int(count)
        by_group[group_of[age, sex]] += int(count)
    # SaTScan puts a count that is dated by its year alone at the middle of the year.
    midyear = [date(year, 7, 1).toordinal() for year in (1973, 1982, 1991)]
    new_year = [date(year, 1, 1).toordinal() for year in range(1973, 1993)]
    expected = standardised(by_group, people_between(midyear, counted, new_year))
    zones = nearest_first(on_globe(*at.T), weights=expected.sum(axis=1), most_share=0.5)
    return Scanned(
        scan_poisson(cases, expected, zones, longest_window=9, replicates=REPLICATES, seed=SEED),
        names,
    )


@cache
def new_york(folder: Path) -> Scanned:
    """Fever in November 2001: prospective space-time permutation, 3 km and 7 days at most."""
    names, number, at = located(folder / "NYCfever.geo")
    place, day = [], []
    for location, count, when in lines(folder / "NYCfever.cas"):
        year, month, of_month = (int(part) for part in when.split("/"))
        elapsed = (date(year, month, of_month) - date(2001, 11, 1)).days
        place += [number[location]] * int(count)
        day += [elapsed] * int(count)
    weights = np.bincount(place, minlength=len(names))
    zones = nearest_first(on_globe(*at.T), radius=through_globe(3), weights=weights, most_share=0.5)
    return Scanned(
        scan_space_time_permutation(
            place,
            day,
            zones,
            steps=24,
            longest_window=7,
            prospective=True,
            replicates=REPLICATES,
            seed=SEED,
        ),
        names,
    )


@cache
def north_humberside(folder: Path) -> Scanned:
    """Childhood leukaemia and lymphoma: Bernoulli, up to half the cases and controls."""
    names, number, at = located(folder / "NHumberside.geo")
    counts = {}
    for kind in ("cas", "ctl"):
        counts[kind] = np.zeros(len(names))
        for location, count in lines(folder / f"NHumberside.{kind}"):
            counts[kind][number[location]] += int(count)
    weights = counts["cas"] + counts["ctl"]
    zones = circles(*at.T, weights=weights, most_share=0.5)
    return Scanned(
        scan_bernoulli(counts["cas"], counts["ctl"], zones, replicates=REPLICATES, seed=SEED), names
    )


SCANS: dict[str, tuple[Callable[[Path], Scanned], str]] = {
    "Poisson": (new_mexico, "satscan/sample_data: nm, NewMexicoSpaceTimePoisson.prm"),
    "permutation": (new_york, "satscan/sample_data: NYCfever, NYCSpaceTimePermutation.prm"),
    "Bernoulli": (
        north_humberside,
        "satscan/sample_data: NHumberside, NHumbersideSpatialBernoulli.prm",
    ),
}

# The clusters that methods.md prints, in its order: places, first and last step or None.
PRINTED: dict[str, list[tuple[str, tuple[int, int] | None]]] = {
    "Poisson": [
        (
            "Torrance Bernalillo Valencia SantaFe Guadelupe Socorro Sandoval SanMiguel LosAlamos",
            (1985 - 1973, 1989 - 1973),
        ),
        ("Chaves", (1988 - 1973, 1989 - 1973)),
        ("Curry Roosevelt", (1982 - 1973, 1983 - 1973)),
    ],
    "permutation": [
        ("11418 11415 11419 11435 11416 11421 11451 11375 11417", (22 - 1, 24 - 1)),
        ("11372", None),
        ("10472", None),
    ],
    "Bernoulli": [
        ("170 173 172 169", (0, 0)),
        ("18 19 14 26", (0, 0)),
        ("130 134 135 118 115 124", (0, 0)),
    ],
}


def scanned(model: str, request: pytest.FixtureRequest) -> Scanned:
    folder = request.getfixturevalue("real_data") / "validation" / "satscan" / "sample_data"
    return SCANS[model][0](folder)


def of_cluster(model: str, nth: int, name: str) -> Computed:
    return lambda request: float(getattr(scanned(model, request).result.clusters[nth], name))


def places_as_printed(model: str, nth: int) -> Computed:
    """How many places the cluster has, if they and its window are those printed; or else 0."""

    def compute(request: pytest.FixtureRequest) -> float:
        scan = scanned(model, request)
        cluster = scan.result.clusters[nth]
        places, window = PRINTED[model][nth]
        same = [scan.names[place] for place in cluster.members] == places.split()
        if window is not None:
            same = same and (cluster.first, cluster.last) == window
        return len(cluster.members) * same

    return compute


def critical(model: str, level: float) -> Computed:
    return lambda request: scanned(model, request).result.critical_values[level]


FIGURES = {
    "observed": "observed",
    "expected": "expected",
    "log likelihood ratio": "statistic",
    "p": "p_value",
}
# Printed for some clusters only.
MORE = {
    ("Poisson", 0): {"relative risk": "relative_risk", "Gumbel p": "gumbel_p_value"},
    ("permutation", 0): {"Gumbel p": "gumbel_p_value"},
    ("Bernoulli", 0): {"relative risk": "relative_risk"},
    ("Bernoulli", 1): {"relative risk": "relative_risk"},
}

COMPUTED: dict[tuple[str, str], Computed] = {}
for _model, (_, _input) in SCANS.items():
    for _nth in range(3):
        _cluster = f"{_model} scan, cluster {_nth + 1}"
        COMPUTED[f"{_cluster}: places in order", _input] = places_as_printed(_model, _nth)
        for _figure, _name in {**FIGURES, **MORE.get((_model, _nth), {})}.items():
            COMPUTED[f"{_cluster}: {_figure}", _input] = of_cluster(_model, _nth, _name)
    for _level in (0.05, 0.01, 0.001):
        COMPUTED[f"{_model} scan: critical value at {_level}", _input] = critical(_model, _level)
