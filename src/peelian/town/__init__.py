"""A made town with known truth, written in exactly the layouts that publishers use.

It lets the demo and the tests go through the same door as real records, without any. No
method is tested against its own assumptions here: the truth is planted, not estimated.
"""

from peelian.town.build import build_town
from peelian.town.files import TownFiles, write_town
from peelian.town.truth import (
    ArchiveFile,
    PlantedEffect,
    PlantedEmergence,
    PlantedFaults,
    PlantedHotSpot,
    Town,
)

__all__ = [
    "ArchiveFile",
    "PlantedEffect",
    "PlantedEmergence",
    "PlantedFaults",
    "PlantedHotSpot",
    "Town",
    "TownFiles",
    "build_town",
    "write_town",
]
