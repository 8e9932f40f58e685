"""A ward page with true numbers, made by hand: what disclosure starts from.

Ward, force and numbers are invented. Sums that tests read are written out beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapely.geometry import LineString, Point, Polygon, box

from peelian.analysis.place_features import ReasonNearby
from peelian.core.areas import Area, BoundarySet
from peelian.core.counts import Series
from peelian.core.measures import Measure
from peelian.core.months import Month, MonthSpan
from peelian.core.places import NamedPlace, Resolution
from peelian.core.results import EdgeSensitivity, RankedPlace, RateRatio
from peelian.core.wards import (
    Channel,
    Claim,
    Commitment,
    Corridor,
    Priority,
    TeamMember,
    WardFile,
)
from peelian.products.surroundings import Surroundings
from peelian.products.ward_page import (
    CheckedClaim,
    CheckedPriority,
    HeldSource,
    MapLayers,
    MappedStreet,
    MeasureResult,
    PlaceRanking,
    Totals,
    WardPage,
)
from peelian.scanning.change import change_since_year_before

WARD = "Quayside and Millfield"
SPAN = MonthSpan.parse("2016-01/2018-03")
NO_FILE = {Month(2016, 3): "the archive has no file"}

# January 2016 to March 2018; the last six months of robbery sum to 31, a year before to 42.
ROBBERY = (
    7, 9, None, 6, 8, 7, 9, 5, 6, 9, 8, 6, 6, 7, 6, 6, 5, 5, 7, 9, 8, 5, 3, 6, 5, 7, 5,
)  # fmt: skip
ASB = (
    61, 58, None, 66, 71, 74, 80, 77, 69, 63, 55, 52, 57, 54, 62, 70, 75, 82, 88, 79, 73, 64,
    60, 51, 49, 46, 53,
)  # fmt: skip
OTHER = (
    90, 82, None, 89, 93, 94, 94, 88, 83, 80, 86, 102, 88, 79, 95, 95, 96, 102, 99, 90, 88, 88,
    97, 92, 87, 85, 94,
)  # fmt: skip

SLIP = (
    "On Canal Street a stop and search found cannabis, and the subject gave officers valuable "
    "intelligence on drug dealing nearby."
)


def measure_of(id_: str, title: str, crime_types: Sequence[str], **more: object) -> Measure:
    plain: dict[str, object] = {
        "definition": f"{title}, every record.",
        "why_it_matters": "It is what people ask about.",
        "records": "crimes",
        "unit": "records",
        "is_proxy": False,
        "police_generated": False,
        "author": "Made Town",
        "reviewed": "2018-01-01",
        "review_due": "2019-01-01",
    }
    return Measure(id=id_, title=title, crime_types=list(crime_types), **(plain | more))  # type: ignore[arg-type]


ROBBERY_MEASURE = measure_of(
    "robbery", "Recorded robbery", ["robbery"], is_proxy=True, proxy_for="Knife-enabled robbery"
)
ASB_MEASURE = measure_of(
    "anti-social-behaviour", "Anti-social behaviour", ["anti-social-behaviour"], unit="incidents"
)
ALL_MEASURE = measure_of(
    "all-records",
    "All published records",
    ["anti-social-behaviour", "burglary", "drugs", "robbery", "violent-crime"],
)


def series_of(
    measure: Measure,
    counts: Sequence[int | None],
    *,
    place: str = WARD,
    span: MonthSpan = SPAN,
    missing: Mapping[Month, str] = NO_FILE,
) -> Series:
    return Series(measure.id, place, span, tuple(counts), missing)


def result_of(
    measure: Measure,
    counts: Sequence[int | None],
    *,
    place: str = WARD,
    span: MonthSpan = SPAN,
    missing: Mapping[Month, str] = NO_FILE,
) -> MeasureResult:
    series = series_of(measure, counts, place=place, span=span, missing=missing)
    return MeasureResult(measure, place, series, change_since_year_before(series, months=6), "")


def everything(*counts: Sequence[int | None]) -> tuple[int | None, ...]:
    """Month by month the sum of series; missing where one is missing."""
    return tuple(
        None if None in month else sum(n for n in month if n is not None)
        for month in zip(*counts, strict=True)
    )


def ranked(rank: int, name: str, records: int, recent: int) -> RankedPlace:
    return RankedPlace(
        rank=rank,
        place_id=name.lower().replace(" ", "-"),
        name=name,
        easting=530_000 + 90.04 * rank,
        northing=183_000 + 40.06 * rank,
        snap_points=1,
        records=records,
        recent=recent,
        expected=recent / 4,
        low=0,
        high=recent / 2 + 1,
        level=0.9,
        horizon_months=3,
        persistence="persistent",
        why=(f"{recent} of the ward's records.",),
    )


# Records 176 and recent 78: what the ward's robbery series holds, in all and in twelve months.
PLACES = (
    ranked(1, "Canal Street", 71, 31),
    ranked(2, "Market Parade", 44, 21),
    ranked(3, "Station Approach", 33, 17),
    ranked(4, "Chapel Street", 18, 3),
    ranked(5, "Basin Walk", 4, 3),
    ranked(6, "Tanner's Yard", 3, 2),
    ranked(7, "Old Wharf", 3, 1),
)


def true_page(
    *,
    robbery: Sequence[int | None] = ROBBERY,
    span: MonthSpan = SPAN,
    missing: Mapping[Month, str] = NO_FILE,
    asb: Sequence[int | None] = ASB,
    other: Sequence[int | None] = OTHER,
    action: str = f"Officers patrolled at peak times.\n{SLIP}",
    snapshot_date: str = "2018-05-01",
    places: tuple[RankedPlace, ...] = PLACES,
) -> WardPage:
    """A page of two priorities with everything on it."""
    robberies = result_of(ROBBERY_MEASURE, robbery, span=span, missing=missing)
    incidents = result_of(ASB_MEASURE, asb, span=span, missing=missing)
    everything_held = everything(robbery, asb, other)
    public_reported = result_of(ALL_MEASURE, everything_held, span=span, missing=missing)
    lately = MonthSpan.ending(span.last, months=12)
    twelve = [
        sum(result.series.at(month) or 0 for month in lately)
        for result in (robberies, incidents, public_reported)
    ]
    rest = twelve[2] - twelve[0] - twelve[1]
    outline = Polygon(
        [(530_000, 182_900), (530_900, 182_900), (530_900, 183_500), (530_000, 183_500)]
    )
    area = Area(
        "E05999901",
        WARD,
        BoundarySet("made_wards_2022", "ward", 2022, "wards.geojson", "OGL"),
        outline,
    )
    claims = _claims(robberies.change)
    ward_file = _ward_file(action, [claim.claim for claim in claims])
    return WardPage(
        ranking=None,
        ward_file=ward_file,
        force="metropolitan",
        force_name="Metropolitan Police Service",
        area=area,
        population=13_900,
        population_source="Census 2021",
        snapshot_date=snapshot_date,
        last_month=span.last,
        held=span,
        missing=dict(missing),
        includes_btp=True,
        totals=Totals(
            records=public_reported.series.total,
            snap_points=50,
            span=span,
            british_transport_police=0,
            by_type=(
                ("violent-crime", rest - 43),
                ("anti-social-behaviour", twelve[1]),
                ("robbery", twelve[0]),
                ("drugs", 40),
                ("burglary", 3),
            ),
            edge=EdgeSensitivity(10, 420, 96, public_reported.series.total, 6, 3),
        ),
        public_reported=public_reported,
        priorities=(
            CheckedPriority(
                ward_file.priorities[0], (robberies, incidents),
                PlaceRanking(
                    ROBBERY_MEASURE, span, places, EdgeSensitivity(10, 20, 4, 176, 2, 1),
                    "Ordered by records expected next.",
                ),
                box(530_100, 183_000, 530_400, 183_200), "Every street on a short way.",
                claims, ("Whether a knife was used.",),
            ),
            CheckedPriority(ward_file.priorities[1], (incidents,), None, None, "", (), ()),
        ),
        stops=None,
        surroundings=Surroundings(
            100,
            {
                places[0].place_id: (
                    ReasonNearby("station", 1, "Canal Street station", 80),
                    ReasonNearby("licensed_premises", 2, "The Made Arms", 0),
                )
            }
            if places
            else {},
        ),
        place_names=(Resolution("Canal Street", "exact", _street("Canal Street")),),
        layers=MapLayers(
            (
                MappedStreet("Canal Street", "residential", _street("Canal Street").shape),
                MappedStreet("Far Road", "primary", LineString([(540_000, 1), (540_100, 1)])),
            ),
            (
                NamedPlace("Millfield Gardens", "park", box(530_500, 183_000, 530_700, 183_300)),
                NamedPlace("Quayside", "station", Point(530_850, 183_450)),
            ),
        ),
        sources=(
            HeldSource(
                "crimes", "police.uk", "made-town", tuple(m for m in span if m not in missing),
                "c0ffee", "Open Government Licence v3.0", 51_000,
            ),
            HeldSource("areas", "made_wards_2022", "", (), "facade", "OGL", 5),
        ),
        seed=7,
        code_version="0.1.0",
    )  # fmt: skip


def _street(name: str) -> NamedPlace:
    return NamedPlace(name, "street", LineString([(529_000, 183_100), (531_500, 183_100.04)]))


def _claims(ratio: RateRatio | None) -> tuple[CheckedClaim, ...]:
    fell = Claim(
        id="p1-k1",
        sentence="There has been a drop in robberies.",
        measure="robbery",
        direction="down",
        period="over the past 6 months",
    )
    near = Claim(
        id="p1-k2",
        sentence="Robberies near Canal Street are down.",
        measure="robbery",
        place="Canal Street",
        direction="down",
        period="",
    )
    felt = Claim(
        id="p1-k3", sentence="People feel safer.", direction="up", period="",
        unmeasurable="No open record measures how people feel.",
    )  # fmt: skip
    assert ratio is not None
    few = RateRatio(4, 9, 6, 2.25, 0.6, 10.0, 0.95, ratio.span, ratio.compared, 0.2)
    return (
        CheckedClaim(fell, "not_supported", WARD, ratio, ""),
        CheckedClaim(near, "not_supported", "Canal Street and 50 m around it", few, ""),
        CheckedClaim(felt, "cannot_be_measured", "", None, felt.unmeasurable),
    )


def _ward_file(action: str, claims: list[Claim]) -> WardFile:
    return WardFile(
        ward="E05999901",
        name=WARD,
        operator="Made Town Police",
        address="https://example.org/quayside",
        force="made-town",
        channels=[
            Channel(kind="email", value="[email protected]", note="obfuscated on the page"),
            Channel(kind="telephone", value="101"),
        ],
        team=[TeamMember(name="Sgt Made Up", rank="Sergeant")],
        priorities=[
            Priority(
                id="p1",
                title="Robbery by the canal",
                issue="Residents told us about robberies by the canal.\nWe will patrol on foot.",
                action=action,
                issue_date="2018-01-20T00:00:00",
                measure="robbery",
                corridor=Corridor(start="Quayside", end="Market Parade"),
                review_due="2018-09-30",
                claims=claims,
                commitments=[
                    Commitment(
                        id="p1-c1",
                        text="Foot patrols",
                        sentence="We will patrol on foot.",
                        said_in="issue",
                        status="in_progress",
                        reported="Officers patrolled at peak times.",
                        due="2018-07-01",
                    ),
                    Commitment(
                        id="p1-c2",
                        text="Better lighting",
                        sentence="We will ask for lights.",
                        said_in="issue",
                    ),
                ],
            ),
            Priority(
                id="p2",
                title="Noise at night",
                issue="Noise at night.",
                commitments=[
                    Commitment(
                        id="p2-c1",
                        text="Late shifts",
                        sentence="More late shifts.",
                        said_in="issue",
                    ),
                ],
            ),
        ],
    )
