"""Crimes recorded by police, as data.police.uk publishes them: the table, and its vocabularies.

One row is one published record. A month is the finest time and a snap point the finest
place, so a distance below the spacing of snap points means nothing. Anti-social
behaviour has no Crime ID; other IDs can repeat, and every row is kept.
"""

from __future__ import annotations

import polars as pl

# Columns of the crimes table, in order. `easting` and `northing` (EPSG:27700, metres) are
# added when the store is read; the store itself keeps the published degrees.
CRIMES_SCHEMA: dict[str, pl.DataType] = {
    "crime_id": pl.String(),  # null for anti-social behaviour and British Transport Police
    "crime_id_repeats": pl.Boolean(),  # the same Crime ID stands earlier in the same file
    "month": pl.Date(),  # first day of the month
    "reported_by": pl.String(),
    "falls_within": pl.String(),
    "longitude": pl.Float64(),  # EPSG:4326; null where the publisher gives no location
    "latitude": pl.Float64(),
    "location": pl.String(),  # "On or near Pratt Street"
    "lsoa_code": pl.String(),  # of the snap point; 2011 or 2021 vintage, as published
    "lsoa_name": pl.String(),
    "crime_type": pl.String(),  # a slug of CRIME_TYPES or RETIRED_TYPES
    "last_outcome": pl.String(),
    "context": pl.String(),
}

# Columns that only an exact extract has (a force's own, a council's): null elsewhere.
EXTRACT_SCHEMA: dict[str, pl.DataType] = {
    "occurred_from": pl.Datetime("us"),  # local time in London, earliest
    "occurred_to": pl.Datetime("us"),  # local time in London, latest; equal where exact
    "flags": pl.List(pl.String()),  # such as "knife used"
    "published_id": pl.String(),  # the extract's own row id
}

OUTCOMES_SCHEMA: dict[str, pl.DataType] = {
    "crime_id": pl.String(),
    "month": pl.Date(),
    "reported_by": pl.String(),
    "falls_within": pl.String(),
    "longitude": pl.Float64(),
    "latitude": pl.Float64(),
    "location": pl.String(),
    "lsoa_code": pl.String(),
    "lsoa_name": pl.String(),
    "outcome": pl.String(),
}

# Slug (as the API writes it) to label (as the archive writes it).
CRIME_TYPES: dict[str, str] = {
    "anti-social-behaviour": "Anti-social behaviour",
    "bicycle-theft": "Bicycle theft",
    "burglary": "Burglary",
    "criminal-damage-arson": "Criminal damage and arson",
    "drugs": "Drugs",
    "other-crime": "Other crime",
    "other-theft": "Other theft",
    "possession-of-weapons": "Possession of weapons",
    "public-order": "Public order",
    "robbery": "Robbery",
    "shoplifting": "Shoplifting",
    "theft-from-the-person": "Theft from the person",
    "vehicle-crime": "Vehicle crime",
    "violent-crime": "Violence and sexual offences",
}

# Labels that the publisher no longer uses. "Public disorder and weapons" was split in 2013
# into two of today's types and cannot be divided afterwards, so it stays a type of its own.
RETIRED_TYPES: dict[str, str] = {"public-disorder-weapons": "Public disorder and weapons"}
LABEL_ALIASES: dict[str, str] = {
    "violent crime": "violent-crime",
    "violence and sexual offences": "violent-crime",
    "public disorder and weapons": "public-disorder-weapons",
    "public disorder & weapons": "public-disorder-weapons",
    "anti social behaviour": "anti-social-behaviour",
    "criminal damage & arson": "criminal-damage-arson",
    "theft from person": "theft-from-the-person",
}

# Types that mostly exist because police looked: more patrol and search records more of them.
POLICE_GENERATED_TYPES = frozenset({"drugs", "possession-of-weapons", "public-disorder-weapons"})

# The force slug of the archive for records of the British Transport Police.
BRITISH_TRANSPORT_POLICE = "btp"


def slug_of_label(label: str) -> str | None:
    """The slug of a published crime type, retired and variant labels included; None if unknown."""
    wanted = " ".join(label.split()).casefold()
    for slug, name in (CRIME_TYPES | RETIRED_TYPES).items():
        if wanted in (slug, name.casefold()):
            return slug
    return LABEL_ALIASES.get(wanted)


def label_of_slug(slug: str) -> str:
    """The label readers know for a crime type's slug."""
    return (CRIME_TYPES | RETIRED_TYPES)[slug]
