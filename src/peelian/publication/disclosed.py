"""What may be shown: the only types that templates, charts, maps and files accept.

Made by `disclosure.disclose` alone. Every sentence is final, every count has passed the
small-number rule, and nothing here can be turned back into the true numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from peelian.core.results import PersistenceClass, Verdict
from peelian.core.wards import Channel, CommitmentStatus, Evidence, TeamMember

# (easting, northing) metres, EPSG:27700. Of a shape with holes, each outer ring runs
# anticlockwise and is followed by its holes, which run clockwise.
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class DisclosedCount:
    """A count as it may be shown. `value` is None unless shown; `text` is what a reader reads."""

    value: int | None
    state: Literal["shown", "suppressed", "missing"]
    text: str  # "31"; "about 30" at places; "fewer than 5"; "not shown"; "no data"


@dataclass(frozen=True)
class DisclosedMonth:
    """One bar of a chart and one row of its table."""

    month: str  # 2018-03
    label: str  # March 2018
    count: DisclosedCount
    year_before: DisclosedCount | None  # the same month a year earlier, where it is in the series
    note: str  # why the month is missing; otherwise empty


@dataclass(frozen=True)
class DisclosedBreak:
    """A line across a chart: counts on its two sides are not counts of the same thing."""

    month: str  # the first month after
    reason: str


@dataclass(frozen=True)
class DisclosedComparison:
    """Two sums that a sentence compares, and the months each is the sum of (YYYY-MM)."""

    before: DisclosedCount
    after: DisclosedCount
    before_months: tuple[str, ...]
    after_months: tuple[str, ...]


@dataclass(frozen=True)
class DisclosedHow:
    """How we know: what stands folded under every figure."""

    source: str
    licence: str
    months_held: str  # "January 2016 to March 2018, 26 of 27 months"
    months_missing: tuple[str, ...]  # "March 2016: the archive has no file"
    boundary_set: str
    boundary_rule: str
    proxy: str  # what the measure stands in for; empty where it is the thing itself
    police_generated: str  # a sentence where records mostly follow police activity; else empty
    method: str
    code_version: str
    seed: int
    download: str  # file name beside the page: "p2-robbery.csv"
    definition: str = ""  # what is counted
    why_it_matters: str = ""


@dataclass(frozen=True)
class DisclosedMeasure:
    """A measure as chart, table and sentence."""

    id: str  # unique on the page: "p2-robbery"
    measure_id: str
    title: str  # the measure's: "Recorded robbery"
    finding: str  # the chart's title and text alternative, a sentence
    subtitle: str  # measure, unit, place
    change: str  # finding, number, how sure; or why there is no comparison
    certainty: str  # a word of wording's fixed scale; empty where there is no comparison
    months: tuple[DisclosedMonth, ...]
    breaks: tuple[DisclosedBreak, ...]
    is_proxy: bool
    police_generated: bool
    how: DisclosedHow
    compared: DisclosedComparison | None = None
    place: str = ""  # where it was counted; empty for the whole ward


@dataclass(frozen=True)
class DisclosedPlace:
    """A ranked place: a numbered circle on the map and a row of the list beside it."""

    rank: int
    place_id: str
    name: str
    easting: float
    northing: float
    longitude: float
    latitude: float
    records: DisclosedCount
    recent: DisclosedCount
    expected: float | None  # None where the count behind it is suppressed
    expected_text: str  # "6 expected in three months (2 to 11)"
    persistence: PersistenceClass
    persistence_words: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class DisclosedRanking:
    """The ward's places for one measure. Places too small to name are counted, not listed."""

    id: str  # "p2-places"
    title: str
    subtitle: str
    places: tuple[DisclosedPlace, ...]
    not_listed: str  # "23 further places had fewer than 5 records each."; or empty
    edge: str
    how: DisclosedHow
    recent_months: str = ""  # what `recent` counts: "April 2017 to March 2018"


@dataclass(frozen=True)
class DisclosedClaim:
    """A sentence of the page, and what the records say to it."""

    id: str
    sentence: str
    verdict: Verdict
    verdict_words: str
    explanation: str  # with the numbers, or why they cannot tell
    measure_id: str = ""
    compared: DisclosedComparison | None = None
    place: str = ""  # where it was counted; empty for the whole ward


@dataclass(frozen=True)
class DisclosedCommitment:
    """A promise, and what is known of it."""

    id: str
    priority_id: str
    text: str
    said_in: str
    status: CommitmentStatus
    status_words: str
    reported: str
    owner: str
    due: str  # "30 June 2018"
    evidence: tuple[Evidence, ...]
    due_date: str = ""  # YYYY-MM-DD


@dataclass(frozen=True)
class DisclosedPriority:
    """One priority in reading order."""

    id: str
    title: str
    issue: tuple[str, ...]  # paragraphs, plain text
    action: tuple[str, ...]
    withheld: tuple[str, ...]  # why a paragraph of the team's text is not repeated here
    dates: str  # "Issue of 20 September 2018"; "The team's page gives no dates."
    review_due: str
    state: str  # one line, with numbers and certainty
    measures: tuple[DisclosedMeasure, ...]
    ranking: DisclosedRanking | None
    corridor: tuple[Ring, ...]
    corridor_rule: str
    claims: tuple[DisclosedClaim, ...]
    commitments: tuple[DisclosedCommitment, ...]
    cannot_know: tuple[str, ...]
    issue_date: str = ""  # as published: 2018-09-20T00:00:00; empty where not given
    action_date: str = ""
    review_date: str = ""  # YYYY-MM-DD; empty where none is set


@dataclass(frozen=True)
class DisclosedPlaces:
    """What one map of the page shows. id: of the priority, or "ward"."""

    id: str
    ranking: DisclosedRanking
    corridor: tuple[Ring, ...] = ()
    corridor_rule: str = ""


@dataclass(frozen=True)
class DisclosedStreet:
    """A street under the map."""

    name: str
    highway: str
    lines: tuple[Ring, ...]


@dataclass(frozen=True)
class DisclosedGround:
    """A park, estate or station under the map."""

    name: str
    kind: str
    rings: tuple[Ring, ...]  # empty for a point
    point: tuple[float, float]  # where its label goes


@dataclass(frozen=True)
class DisclosedMap:
    """The ward's own streets and shapes, EPSG:27700 metres."""

    outline: tuple[Ring, ...]
    streets: tuple[DisclosedStreet, ...]
    grounds: tuple[DisclosedGround, ...]
    attribution: str


@dataclass(frozen=True)
class DisclosedType:
    """A crime type's records in the last twelve months held."""

    label: str
    count: DisclosedCount
    police_generated: bool
    id: str = ""  # the publisher's slug: "violent-crime"


@dataclass(frozen=True)
class DisclosedSource:
    """A row of the table of sources."""

    what: str
    source: str
    force: str
    months: str
    rows: str
    sha256: str
    licence: str


@dataclass(frozen=True)
class DisclosedWardPage:
    """All that the page of one ward says."""

    ward_code: str
    ward_name: str
    operator: str
    address: str
    force: str
    neighbourhood: str
    state: str  # one sentence of state, first on the page
    snapshot_date: str  # "31 March 2018"
    last_month: str  # "March 2018"
    population: str
    channels: tuple[Channel, ...]
    team: tuple[TeamMember, ...]
    priorities: tuple[DisclosedPriority, ...]
    commitments: tuple[DisclosedCommitment, ...]  # of all priorities, in order
    public_reported: DisclosedMeasure
    by_type: tuple[DisclosedType, ...]
    totals: str  # "4,163 records at 50 snap points, January 2016 to March 2018."
    stops: DisclosedMeasure | None
    edge: str
    place_names: tuple[str, ...]  # one sentence a name
    cannot_know: tuple[str, ...]
    map: DisclosedMap
    sources: tuple[DisclosedSource, ...]
    licence: str
    code_version: str
    seed: int
    snapshot_day: str = ""  # YYYY-MM-DD; `snapshot_date` is the same in words
    recent_months: tuple[str, ...] = ()  # the months that `by_type` counts, YYYY-MM
    boundary_set: str = ""  # "camden_wards_2022"
    boundary_source: str = ""
    notice: str = ""  # what a reader has to know first; otherwise empty
    ranking: DisclosedRanking | None = None  # of all that the public reported


def measures_of(page: DisclosedWardPage) -> tuple[DisclosedMeasure, ...]:
    """Every series of the page: all records, those of each priority, stop and search."""
    of_priorities = (measure for priority in page.priorities for measure in priority.measures)
    return (page.public_reported, *of_priorities, *((page.stops,) if page.stops else ()))


def places_of(page: DisclosedWardPage) -> tuple[DisclosedPlaces, ...]:
    """Every list of places on the page: those of its priorities, then the ward's own."""
    of_priorities = (
        DisclosedPlaces(p.id, p.ranking, p.corridor, p.corridor_rule)
        for p in page.priorities
        if p.ranking
    )
    return (*of_priorities, *((DisclosedPlaces("ward", page.ranking),) if page.ranking else ()))
