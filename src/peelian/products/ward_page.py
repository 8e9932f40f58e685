"""The ward page before disclosure: every number of it, and where each came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from peelian.core.areas import Area
    from peelian.core.counts import Series
    from peelian.core.measures import Measure
    from peelian.core.months import Month, MonthSpan
    from peelian.core.places import NamedPlace, Resolution
    from peelian.core.results import EdgeSensitivity, RankedPlace, RateRatio, Verdict
    from peelian.core.wards import Claim, Priority, WardFile
    from peelian.products.surroundings import Surroundings


@dataclass(frozen=True)
class MeasureResult:
    """One measure in one place: its series, and its last months against the year before."""

    measure: Measure
    place: str
    series: Series
    change: RateRatio | None
    no_change_because: str  # why `change` is None: "fewer than twelve months are held"


@dataclass(frozen=True)
class PlaceRanking:
    """The ward's places in order of records expected next, for one measure."""

    measure: Measure
    span: MonthSpan  # the months the ranking read
    places: tuple[RankedPlace, ...]  # every place with a record, ranked
    edge: EdgeSensitivity
    method: str  # one sentence: how places were ranked


@dataclass(frozen=True)
class CheckedClaim:
    """A claim of the page held against the records."""

    claim: Claim
    verdict: Verdict
    place: str  # what was counted: "Curnock Street Estate and 50 m around it"
    ratio: RateRatio | None
    reason: str  # why it cannot be measured, where it cannot; otherwise empty
    series: Series | None = None  # what `ratio` compares the months of


@dataclass(frozen=True)
class CheckedPriority:
    """A priority with what the records say about it."""

    priority: Priority
    measures: tuple[MeasureResult, ...]  # the first is the one the priority is followed by
    ranking: PlaceRanking | None
    corridor: BaseGeometry | None  # clipped to the ward, EPSG:27700
    corridor_rule: str
    claims: tuple[CheckedClaim, ...]
    cannot_know: tuple[str, ...]


@dataclass(frozen=True)
class MappedStreet:
    """A street of the ward for the map: its name ("" where it has none), class and line."""

    name: str
    highway: str  # OpenStreetMap's class: primary, residential, footway ...
    line: BaseGeometry  # EPSG:27700


@dataclass(frozen=True)
class MapLayers:
    """What the map draws under the places, all in EPSG:27700, metres."""

    streets: tuple[MappedStreet, ...]
    places: tuple[NamedPlace, ...]  # parks, estates and stations that reach into the ward


@dataclass(frozen=True)
class HeldSource:
    """A published file that numbers on the page rest on."""

    table: str  # crimes, stops, areas, streets ...
    source: str  # "police.uk"
    force: str
    months: tuple[Month, ...]
    sha256: str  # of the published file; of several, over their checksums in order
    licence: str
    rows: int


@dataclass(frozen=True)
class Totals:
    """What lies in the ward in all: the figures a reader checks first."""

    records: int
    snap_points: int
    span: MonthSpan
    british_transport_police: int  # of `records`; 0 where they were left out
    by_type: tuple[tuple[str, int], ...]  # crime-type slug, records of the last twelve months
    edge: EdgeSensitivity


@dataclass(frozen=True)
class WardPage:
    """Everything the page of one ward says, with true numbers."""

    ward_file: WardFile
    area: Area
    force: str  # whose area it is: police.uk's id
    force_name: str  # as its records write it
    population: int | None
    population_source: str
    snapshot_date: str  # YYYY-MM-DD, given by the caller
    last_month: Month  # the newest month held for the ward's own force
    held: MonthSpan
    missing: dict[Month, str]  # months of `held` that are missing or partly held, and why
    includes_btp: bool
    totals: Totals
    public_reported: MeasureResult
    ranking: PlaceRanking | None  # for all that; only where no priority ranks places
    priorities: tuple[CheckedPriority, ...]
    stops: MeasureResult | None
    place_names: tuple[Resolution, ...]
    layers: MapLayers
    surroundings: Surroundings
    sources: tuple[HeldSource, ...]
    seed: int
    code_version: str
