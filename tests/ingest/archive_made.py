"""Archives made by hand: rows in the publisher's layout, as folder or zip."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

STREET_HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)
OUTCOMES_HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Outcome type"
)
STOPS_HEADER = (
    "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,"
    "Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
    "Outcome linked to object of search,Removal of more than just outer clothing"
)
MET = "Metropolitan Police Service"


def crime(
    crime_id: str = "",
    crime_type: str = "Drugs",
    *,
    month: str = "2018-01",
    force: str = MET,
    falls_within: str = "",
    longitude: str = "-0.139000",
    latitude: str = "51.537200",
    location: str = "On or near Pratt Street",
    lsoa: str = "E01000943",
) -> str:
    """One line of a street file."""
    return ",".join(
        [crime_id, month, force, falls_within or force, longitude, latitude, location, lsoa,
         "Camden 020A", crime_type, "Under investigation", ""]
    )  # fmt: skip


def outcome(crime_id: str = "a1", month: str = "2018-01", result: str = "Suspect charged") -> str:
    """One line of an outcomes file."""
    return (
        f"{crime_id},{month},{MET},{MET},-0.139000,51.537200,On or near Pratt Street,"
        f"E01000943,Camden 020A,{result}"
    )


def stop(
    date: str = "2018-01-15T14:30:00+00:00",
    *,
    latitude: str = "51.537200",
    longitude: str = "-0.139000",
    operation: str = "False",
    result: str = "A no further action disposal",
) -> str:
    """One line of a stop-and-search file."""
    return (
        f"Person search,{date},{operation},,{latitude},{longitude},Male,18-24,"
        f"Other ethnic group - Not stated,White,Misuse of Drugs Act 1971 (section 23),"
        f"Controlled drugs,{result},,"
    )


def street_file(*rows: str, header: str = STREET_HEADER) -> str:
    """A street file of these lines."""
    return "\n".join([header, *rows]) + "\n"


def stops_file(*rows: str) -> str:
    """A stop-and-search file of these lines."""
    return "\n".join([STOPS_HEADER, *rows]) + "\n"


def outcomes_file(*rows: str) -> str:
    """An outcomes file of these lines."""
    return "\n".join([OUTCOMES_HEADER, *rows]) + "\n"


def folder_of(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files ("2018-01-metropolitan-street.csv") in the archive's folders."""
    for name, content in files.items():
        file = path / name[:7] / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def zip_of(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """The same as a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name[:7]}/{name}", content)
    return path
