"""How a plan's minutes, and those delivered, fall among LSOAs: looked at afterwards.

Minutes at a hot spot are given to LSOAs by how much of its circle lies in each: LSOAs meet in
the middle of streets, where hot spots are centred, so the one that a centre falls in is chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peelian.products.lsoas import lsoas_of_wards
from peelian.response.fairness import AreaMinutes, Fairness, fairness_of
from peelian.store import places

if TYPE_CHECKING:
    from peelian.core.areas import Area
    from peelian.core.patrols import Hotspot, PatrolPlan, Visit
    from peelian.store import Store

Shares = dict[str, float]  # LSOA code: share of a circle

# LSOAs nest in no ward. One that lies in it with no more than this is another ward's: its
# residents would be counted as left out by a plan that is not for them.
_LEAST_SHARE = 0.5


@dataclass(frozen=True)
class PlanFairness:
    """Planned and delivered minutes of a plan's period by LSOA.

    delivered: None without a log. outside: planned minutes in none of these LSOAs, where a
    circle reaches over the ward's line. boundary_set: of the LSOAs. fifth_of: what the fifths
    of deprivation are of: "England". notices: what a reader has to know of residents,
    deprivation and boundaries, a sentence each.
    """

    planned: Fairness
    delivered: Fairness | None
    outside: float
    boundary_set: str
    fifth_of: str
    notices: tuple[str, ...]


@dataclass(frozen=True)
class _Ground:
    """The LSOAs of some wards with what is known of each."""

    lsoas: tuple[Area, ...]
    residents: dict[str, int | None]
    deprivation: dict[str, places.Deprivation]


def fairness_of_plan(
    store: Store, plan: PatrolPlan, visits: Sequence[Visit] | None = None, *, seed: int
) -> PlanFairness:
    """Set one ward's plan, and its log, against residents and deprivation.

    As `fairness_of_plans`. A ward has seven or eight LSOAs: too few to say more than their table.
    """
    return fairness_of_plans(store, [plan], visits, seed=seed)


def fairness_of_plans(
    store: Store, plans: Sequence[PatrolPlan], visits: Sequence[Visit] | None = None, *, seed: int
) -> PlanFairness:
    """Set the minutes of wards' plans, and those of a log, against residents and deprivation.

    visits: of the log, each counted once; those in no plan's days, in background patrol or at
    places of none of the plans are not counted. None where there is no log; an empty one is a
    log of nothing. LSOAs are those of the newest boundaries held, and in these the ones that lie
    in the wards with more than half of their area. A CoverageError where there is none.
    """
    ground = _ground(store, plans)
    circles = [
        {hotspot.place_id: _shares(hotspot, ground.lsoas) for hotspot in plan.hotspots}
        for plan in plans
    ]
    planned = [
        (visit.minutes, within.get(visit.place_id, {}))
        for plan, within in zip(plans, circles, strict=True)
        for visit in plan.visits
    ]
    by_lsoa = _by_lsoa(planned, ground)
    fifths = {each.fifth_of for each in ground.deprivation.values()}
    delivered = None
    if visits is not None:
        done = _by_lsoa(_delivered(plans, circles, visits), ground)
        delivered = fairness_of(_areas(done, ground), seed=seed)
    return PlanFairness(
        planned=fairness_of(_areas(by_lsoa, ground), seed=seed),
        delivered=delivered,
        outside=sum(minutes for minutes, _within in planned) - sum(by_lsoa.values()),
        boundary_set=ground.lsoas[0].boundary_set.name,
        fifth_of=next(iter(fifths), ""),
        notices=tuple(_notices(ground)),
    )


def _delivered(
    plans: Sequence[PatrolPlan], circles: Sequence[Mapping[str, Shares]], visits: Iterable[Visit]
) -> Iterator[tuple[float, Shares]]:
    """The minutes of each visit that a plan has the place and the day of, by its first plan."""
    for visit in visits:
        for plan, within in zip(plans, circles, strict=True):
            if visit.place_id in within and plan.first <= visit.start.date() <= plan.last:
                yield visit.minutes, within[visit.place_id]
                break


def _ground(store: Store, plans: Sequence[PatrolPlan]) -> _Ground:
    wards = [places.area(store, p.area_code, boundary_set=p.boundary_set) for p in plans]
    lsoas = lsoas_of_wards(store, wards, above=_LEAST_SHARE)
    return _Ground(
        lsoas=lsoas,
        residents={lsoa.code: places.population(store, lsoa)[0] for lsoa in lsoas},
        deprivation=places.deprivation(store, [lsoa.code for lsoa in lsoas]),
    )


def _shares(hotspot: Hotspot, lsoas: Iterable[Area]) -> Shares:
    """How much of a hot spot's circle lies in each LSOA; less than 1 in all at the ward's line."""
    import shapely

    circle = shapely.Point(hotspot.centre).buffer(hotspot.radius_m)
    parts = {lsoa.code: circle.intersection(lsoa.shape).area / circle.area for lsoa in lsoas}
    return {code: float(part) for code, part in parts.items() if part}


def _by_lsoa(spent: Iterable[tuple[float, Shares]], ground: _Ground) -> dict[str, float]:
    total = dict.fromkeys((lsoa.code for lsoa in ground.lsoas), 0.0)
    for minutes, within in spent:
        for code, share in within.items():
            total[code] += minutes * share
    return total


def _areas(minutes: dict[str, float], ground: _Ground) -> list[AreaMinutes]:
    return [
        AreaMinutes(
            code=lsoa.code,
            name=lsoa.name,
            minutes=minutes[lsoa.code],
            residents=ground.residents[lsoa.code],
            score=known.score if (known := ground.deprivation.get(lsoa.code)) else None,
            fifth=known.fifth if known else None,
        )
        for lsoa in ground.lsoas
    ]


def _notices(ground: _Ground) -> Iterable[str]:
    if not ground.deprivation:
        yield "No indices of deprivation are held: ingest the ministry's File 7, or its like."
    unknown = [a.code for a in ground.lsoas if a.code not in ground.deprivation]
    if ground.deprivation and unknown:
        yield (
            f"The indices held have no figure for {', '.join(unknown)}: their boundaries have "
            f"changed since, or the lookup of changes is not held."
        )
    empty = [code for code, residents in ground.residents.items() if residents is None]
    if empty:
        yield f"No population table held has {', '.join(empty)}: their minutes are in no rate."
    for code, known in ground.deprivation.items():
        if known.read_from:
            yield f"{code} has the deprivation of {known.read_from}."
    of = {known.fifth_of for known in ground.deprivation.values()} - {"England"}
    if of:
        yield f"Fifths of deprivation are of {', '.join(sorted(of))}, not of England."
