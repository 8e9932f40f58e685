"""What the store holds for an area: which months are whole, from which files."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from peelian.core.crimes import BRITISH_TRANSPORT_POLICE
from peelian.core.errors import CoverageError
from peelian.core.months import Month, MonthSpan
from peelian.products.ward_page import HeldSource
from peelian.scanning.series import HeldMonth

if TYPE_CHECKING:
    import polars as pl

    from peelian.core.counts import Series
    from peelian.core.measures import Measure
    from peelian.store import Partition, Store


_REASONS_SAID = 3


def months_held(store: Store, table: str, *, source: str, area_code: str) -> tuple[HeldMonth, ...]:
    """Every month held of one kind of record for an area, as the catalogue describes it.

    Saved answers of the API cover only the areas that were asked for: a partition of theirs
    that does not name the area says nothing about it.
    """
    return tuple(
        HeldMonth(
            month=Month.parse(partition.key.month),
            force=partition.key.force,
            types=frozenset(partition.facts.get("crime_types", ())),
            part=partition.facts.get("part_of_month") or "",
            source=source,
            placed=_share_placed(partition),
        )
        for partition in store.partitions(table, source=source)
        if area_code in partition.facts.get("extent", (area_code,))
    )


def _share_placed(partition: Partition) -> float:
    rows = partition.counts.kept
    return 1 - partition.facts.get("blank_coordinates", 0) / rows if rows else 1.0


def own_force(rows: pl.DataFrame, *, said: str, where: str) -> str:
    """The force whose area this is: the one the ward file names, or that with most records.

    rows: records in the area, with `force`. A CoverageError where there is none.
    """
    tally: Counter[str] = Counter(rows["force"].to_list())
    del tally[BRITISH_TRANSPORT_POLICE]
    if said in tally:
        return said
    if not tally:
        raise CoverageError(
            f"A ward's page needs records that lie in it, and the store has none in {where}. "
            f"Ingest an archive of its force, and check that the boundary is the right ward's."
        )
    return max(sorted(tally), key=tally.__getitem__)


def span_of(held: Iterable[HeldMonth], *, force: str) -> MonthSpan:
    """From a force's first month held to its last."""
    months = sorted(each.month for each in held if each.force == force)
    return MonthSpan(months[0], months[-1])


def why_not_counted(series: Series) -> str:
    """Why a series cannot be compared with the year before: a sentence for the page."""
    if series.held:
        return "No month compared is held together with the same month a year before."
    reasons = list(dict.fromkeys(series.missing.values()))
    if not reasons:
        return "No month of it is held."
    others = "; and for other reasons" if len(reasons) > _REASONS_SAID else ""
    return f"No month of it can be counted: {'; '.join(reasons[:_REASONS_SAID])}{others}."


def without_transport_police(
    inside: pl.DataFrame, held: Iterable[HeldMonth], measure: Measure, span: MonthSpan
) -> dict[Month, str]:
    """Months that lack the British Transport Police's file, where they record some of a measure.

    inside: the records in the area that are to be counted. Without their file a month would
    look as if the stations had been quiet.
    """
    theirs = inside.filter(force=BRITISH_TRANSPORT_POLICE)["crime_type"].unique().to_list()
    if not set(theirs) & set(measure.crime_types):
        return {}
    months = {each.month for each in held if each.force == BRITISH_TRANSPORT_POLICE}
    why = "no file of the British Transport Police is held, whose records are part of the count"
    return {month: why for month in span if month not in months}


def sources_used(
    store: Store,
    tables: Collection[tuple[str, str]],
    *,
    forces: Collection[str],
    spans: Mapping[str, MonthSpan],
) -> tuple[HeldSource, ...]:
    """The partitions behind a page, one row a table, source and force.

    tables: (table, source) pairs. spans: the months that were read of a table of records.
    Tables without months (areas, streets) are taken whole; record tables by force and
    within their span.
    """
    grouped: dict[tuple[str, str, str], list[Partition]] = {}
    for partition in store.partitions():
        key = partition.key
        if (key.table, key.source) not in tables:
            continue
        if key.force and key.force not in forces:
            continue
        if key.month and Month.parse(key.month) not in spans[key.table]:
            continue
        grouped.setdefault((key.table, key.source, key.force), []).append(partition)
    return tuple(_held_source(key, parts) for key, parts in sorted(grouped.items()))


def _held_source(key: tuple[str, str, str], parts: list[Partition]) -> HeldSource:
    table, source, force = key
    files = [file.sha256 for part in parts for file in part.sources]
    digest = files[0] if len(files) == 1 else hashlib.sha256("".join(files).encode()).hexdigest()
    licences = dict.fromkeys(part.licence for part in parts)
    months = tuple(Month.parse(part.key.month) for part in parts if part.key.month)
    rows = sum(part.counts.kept for part in parts)
    return HeldSource(table, source, force, months, digest, ", ".join(licences), rows)
