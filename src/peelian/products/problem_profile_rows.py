"""What a profile's tests by chance are made on, and what it is called where they cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelian.core.crimes import BRITISH_TRANSPORT_POLICE

if TYPE_CHECKING:
    import polars as pl

    from peelian.core.measures import Measure
    from peelian.products.ward_records import WardRecords


def each_crime_once(rows: pl.DataFrame) -> pl.DataFrame:
    """The first of the rows that share a Crime ID in one force's month; all rows that have none.

    rows: those that a measure counts already, since one ID may stand at rows of several types.
    Rows of one event are no sign of another, and to a test by chance they would be several.
    """
    import polars as pl

    is_first = pl.struct("force", "month", "crime_id").is_first_distinct()
    return rows.filter(is_first | pl.col("crime_id").is_null())


def forces_counted(ward: WardRecords) -> tuple[str, ...]:
    """Whose records count in the ward, and so around it: those of its stations only where any is.

    Another ward's stations would make this one look quiet.
    """
    stations = ward.inside.filter(force=BRITISH_TRANSPORT_POLICE).height > 0
    return (ward.force, BRITISH_TRANSPORT_POLICE) if stations else (ward.force,)


def of(measure: Measure) -> str:
    """A measure inside a sentence: recorded drug offences."""
    return measure.title[:1].lower() + measure.title[1:]


def in_words(reason: str, measure: Measure) -> str:
    """A method's refusal with the measure's title in place of its id, for those who know no ids."""
    return reason.replace(measure.id, of(measure))
