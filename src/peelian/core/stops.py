"""Stop-and-search records, as data.police.uk publishes them.

The only open record with a time. It holds protected characteristics, so the rooms that
rank or target places may not import this file (a tested wall).
"""

from __future__ import annotations

import polars as pl

STOPS_SCHEMA: dict[str, pl.DataType] = {
    "type": pl.String(),
    "date_utc": pl.Datetime("us", "UTC"),  # as published
    "date_local": pl.Datetime("us"),  # the clock in London
    "month": pl.Date(),  # the publisher's month (the file's), first day
    "part_of_operation": pl.Boolean(),
    "operation": pl.String(),
    "longitude": pl.Float64(),  # EPSG:4326; null where the publisher gives no location
    "latitude": pl.Float64(),
    "gender": pl.String(),
    "age_range": pl.String(),
    "self_defined_ethnicity": pl.String(),
    "officer_defined_ethnicity": pl.String(),
    "legislation": pl.String(),
    "object_of_search": pl.String(),
    "outcome": pl.String(),
    "outcome_linked_to_object": pl.Boolean(),
    "removal_of_more_than_outer_clothing": pl.Boolean(),
}
