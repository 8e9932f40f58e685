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

# How the publisher and the Met have called the same thing over the years.
OUTCOME_ALIASES: dict[str, str] = {
    "a no further action disposal": "No further action",
    "nothing found - no further action": "No further action",
    "no further action disposal": "No further action",
    "suspect arrested": "Arrest",
    "arrest": "Arrest",
    "khat or cannabis warning": "Cannabis warning",
    "offender given drugs possession warning": "Cannabis warning",
    "community resolution": "Community resolution",
    "local resolution": "Community resolution",
    "article found - detailed outcome unavailable": "Article found, outcome unavailable",
    "summons / charged by post": "Summons or charged by post",
    "suspect summonsed to court": "Summons or charged by post",
    "penalty notice for disorder": "Penalty notice",
    "offender given penalty notice": "Penalty notice",
    "caution (simple or conditional)": "Caution",
    "offender cautioned": "Caution",
}
