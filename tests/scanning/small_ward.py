"""Places, measures and counts small enough to check by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from peelian.core.measures import Measure
from peelian.core.months import Month, MonthSpan
from peelian.core.places import MicroPlace, SnapPoint
from peelian.scanning.series import PlaceCounts


def made_measure(
    *crime_types: str,
    records: str = "crimes",
    flags: Sequence[str] = (),
    sources: Sequence[str] = ("police.uk",),
    breaks: Sequence[dict[str, str]] = (),
) -> Measure:
    import msgspec

    return msgspec.convert(
        {
            "id": "made",
            "title": "Made records",
            "definition": "Records made for a test.",
            "why_it_matters": "They are small.",
            "records": records,
            "unit": "records",
            "crime_types": list(crime_types),
            "flags": list(flags),
            "sources": list(sources),
            "is_proxy": False,
            "police_generated": False,
            "series_breaks": list(breaks),
            "author": "A test",
            "reviewed": "2026-11-01",
            "review_due": "2027-11-01",
        },
        Measure,
    )


def made_place(name: str, *, at: float = 0.0) -> MicroPlace:
    """A place of one snap point; `at` sets it apart from others."""
    point = SnapPoint(f"On or near {name}", -0.13, 51.53 + at, 529_000.0, 183_000.0 + at)
    return MicroPlace(f"place-{name.casefold()}", name, (point,))


def made_counts(*rows: Sequence[int | None], last: str = "2018-03") -> PlaceCounts:
    """Places A, B, C ... with these monthly counts; None is a missing month."""
    table = np.array([[np.nan if n is None else n for n in row] for row in rows], dtype=float)
    places = tuple(made_place(chr(65 + i), at=float(i)) for i in range(len(rows)))
    span = MonthSpan.ending(Month.parse(last), months=table.shape[1])
    return PlaceCounts("made", places, span, table)
