"""What a back-test keeps in the store: the records to expect next, and how the ranking did."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from peelian import __version__
from peelian.products.back_test import POINT, partitions_behind
from peelian.scanning.ranking import ExpectedRecords
from peelian.scanning.richer import Straying, forecast
from peelian.scanning.richer_evidence import EvidenceBook
from peelian.store.partitions import PartitionKey, SourceFile

if TYPE_CHECKING:
    from peelian.core.measures import Measure
    from peelian.core.places import MicroPlace
    from peelian.products.back_test import BackTestReport, PanelRead
    from peelian.store import Partition, Store

EXPECTED_RECORDS = "expected_records"  # the table of the store
HORIZON_MONTHS = 3  # how far ahead a ward's ranking looks
_OUTCOME = "what the back-test found"


@dataclass(frozen=True)
class KeptExpectation:
    """What the last back-test says of a measure, while it rests on the records held today.

    found: expected records of the places asked for, in their order, with a predictive
    interval; None where the default ranking was chosen. sentence: which ranking was chosen
    and how it did, for a reader.
    """

    found: ExpectedRecords | None
    sentence: str


def keep_expectation(
    store: Store, read: PanelRead, report: BackTestReport
) -> Literal["new", "replaced", "unchanged"]:
    """Keep a back-test's outcome in its store: shares by type, and what to expect next.

    One partition a source and force, replaced whole. Rows, for types whose richer model was
    chosen: force, crime_type, location, longitude, latitude, expected (records over the
    horizon). "unchanged" where the same records gave the same outcome before.
    """
    import polars as pl

    book, frames, types = EvidenceBook(read.panel), [], {}
    for test in report.tests:
        types[test.crime_type] = test.figures()
        if test.chosen != "richer":
            continue
        ahead = forecast(
            book,
            test.crime_type,
            origin=len(read.panel.span),
            horizon_months=report.horizon_months,
        ).richer
        types[test.crime_type] |= {
            "per_mean": ahead.straying.per_mean,
            "per_square": ahead.straying.per_square,
        }
        frames.append(
            read.points.select(
                pl.lit(read.force).alias("force"),
                pl.lit(test.crime_type).alias("crime_type"),
                *POINT,
                pl.Series("expected", ahead.expected),
            )
        )
    schema = dict.fromkeys(("force", "crime_type", "location"), pl.String()) | dict.fromkeys(
        ("longitude", "latitude", "expected"), pl.Float64()
    )
    rows = pl.concat([pl.DataFrame(schema=schema), *frames])
    facts = {
        "span": str(read.panel.span),
        "horizon_months": report.horizon_months,
        "includes_btp": read.includes_btp,
        "seed": report.seed,
        "code_version": __version__,
        "types": types,
    }
    outcome = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    with store.writer() as writer:
        return writer.replace(
            PartitionKey(EXPECTED_RECORDS, read.source, read.force),
            rows,
            sources=(*_files(read), SourceFile(_OUTCOME, outcome, 0)),
            licence=", ".join(sorted({part.licence for part in read.partitions})),
            facts=facts,
        )


def kept_expectation(
    store: Store,
    measure: Measure,
    places: Sequence[MicroPlace],
    *,
    force: str,
    counts_btp: bool,
    leaves_out_btp: bool = False,
    source: str = "police.uk",
    horizon_months: int = HORIZON_MONTHS,
    level: float = 0.9,
) -> KeptExpectation | None:
    """What the last kept back-test expects of a measure at these places.

    counts_btp: whether records of the British Transport Police are among those ranked; a
    back-test without them then says nothing. leaves_out_btp: whether they were asked to be left
    out; a back-test with them then says nothing. None where no back-test of the force is kept,
    it was made from other records than are held now, over another horizon, or does not have
    the measure, or where the measure is of several crime types or of flagged records alone.
    """
    kept = next(iter(store.partitions(EXPECTED_RECORDS, source=source, force=force)), None)
    if kept is None or len(measure.crime_types) != 1 or measure.flags:
        return None
    test = kept.facts["types"].get(measure.crime_types[0])
    with_btp = kept.facts["includes_btp"]
    if test is None or kept.facts["horizon_months"] != horizon_months:
        return None
    if (counts_btp and not with_btp) or (leaves_out_btp and with_btp):
        return None
    if _is_outdated(store, kept):
        return None
    sentence = _sentence(test, horizon_months)
    if test["chosen"] != "richer":
        return KeptExpectation(None, sentence)
    rows = store.table(EXPECTED_RECORDS, source=source).filter(
        force=force, crime_type=measure.crime_types[0]
    )
    by_point = {row[:3]: row[3] for row in rows.select(*POINT, "expected").iter_rows()}
    expected = np.array(
        [
            sum(by_point.get((p.location, p.longitude, p.latitude), 0.0) for p in place.snap_points)
            for place in places
        ]
    )
    straying = Straying(test["per_mean"], test["per_square"])
    low, high = straying.interval(expected, level=level)
    return KeptExpectation(ExpectedRecords(expected, low, high), sentence)


def outdated_expectations(store: Store) -> tuple[str, ...]:
    """Forces whose kept back-test was made from other records than the store holds today."""
    return tuple(
        kept.key.force for kept in store.partitions(EXPECTED_RECORDS) if _is_outdated(store, kept)
    )


def _is_outdated(store: Store, kept: Partition) -> bool:
    behind = partitions_behind(
        store, kept.key.force, include_btp=kept.facts["includes_btp"], source=kept.key.source
    )
    made_from = {file.sha256 for file in kept.sources if file.name != _OUTCOME}
    return made_from != {partition.sha256 for partition in behind}


def _files(read: PanelRead) -> tuple[SourceFile, ...]:
    return tuple(
        SourceFile(str(each.key), each.sha256, each.counts.kept) for each in read.partitions
    )


def _sentence(test: dict[str, object], horizon: int) -> str:
    """Which ranking was chosen and how it did, in the words of a page."""
    shares, origins = test["shares"], test["origins"]
    assert isinstance(shares, dict)
    assert isinstance(origins, list)
    top = shares["0.05"]
    decayed, richer = (f"{100 * top[name]:.1f} %" for name in ("decayed", "richer"))
    tested = (
        f"Tested at {len(origins)} past months on the force's records, {horizon} months ahead, "
    )
    if test["chosen"] == "richer":
        return (
            f"{tested}a model that also reads neighbouring places and other kinds of record "
            f"caught {richer} of later records in the top 5 % of the force's points, against "
            f"{decayed} by recent records alone, and is used here."
        )
    why_not = "no more" if top["richer"] <= top["decayed"] else "too unsure a gain to be used"
    return (
        f"{tested}this ranking caught {decayed} of later records in the top 5 % of the "
        f"force's points; a richer model caught {richer}, {why_not}."
    )
