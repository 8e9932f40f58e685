"""Made names: no street, estate or body here is meant to be a real one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

FORCE = "made-town"
FORCE_NAME = "Made Town Police"
RAIL_FORCE_NAME = "British Transport Police"
BOROUGH_CODE = "E09999901"
BOROUGH_NAME = "Made Town"
NOTE = (
    "Made by Peelian's town: no real place, record or person. Its coordinates lie in the sea "
    "off England, so that they project as real ones do."
)

_STEMS = (
    "Abbot", "Alder", "Almoner", "Anchor", "Avocet", "Barge", "Bellman", "Bittern", "Bobbin",
    "Bramble", "Brewhouse", "Brick", "Bullace", "Candle", "Capstan", "Carder", "Chandler",
    "Cloister", "Cordwain", "Curlew", "Damson", "Dunlin", "Dyer", "Eider", "Elder", "Fennel",
    "Filbert", "Flax", "Fletcher", "Fuller", "Glover", "Godwit", "Halyard", "Hawser", "Hayward",
    "Heron", "Hopper", "Keelman", "Ketch", "Kiln", "Knot", "Lace", "Lantern", "Lighter", "Lime",
    "Linnet", "Loom", "Lorimer", "Madder", "Mallard", "Malt", "Mariner", "Marram", "Medlar",
    "Mulberry", "Oakum", "Osier", "Osprey", "Petrel", "Pinder", "Pipit", "Plover", "Potter",
    "Quince", "Redshank", "Reeve", "Rigger", "Rope", "Rowan", "Saffron", "Sail", "Sallow",
    "Samphire", "Sawyer", "Sedge", "Shuttle", "Skylark", "Spindle", "Steeple", "Tallow", "Tansy",
    "Teal", "Thatcher", "Thimble", "Thrift", "Tiller", "Turnstone", "Vesper", "Wainman", "Walnut",
    "Warrener", "Weaver", "Wherry", "Whimbrel", "Wigeon", "Windlass", "Woad", "Yarrow",
)  # fmt: skip
_ENDINGS = ("Street", "Road", "Street", "Place", "Terrace", "Street", "Row", "Lane", "Walk")
_SHORT_ENDINGS = ("Mews", "Yard", "Passage", "Court", "Close")
_HOUSES = ("Eider", "Linnet", "Merlin", "Osprey", "Petrel", "Pipit", "Skua", "Tern", "Wren")
PUBS = ("The Made Bell", "The Paper Anchor", "The Plaster Swan", "The Painted Barge",
        "The Card Castle", "The Tin Fiddle", "The Wax Lantern", "The Straw Reeve")  # fmt: skip
SHOPS = ("Larkfield Stores", "Made Town Grocers", "Staithe Bakery", "Tanners Hardware",
         "Priory Chemist", "Millhythe News")  # fmt: skip


def street_names(rng: np.random.Generator, *, taken: set[str]) -> Iterator[str]:
    """Names for streets in a shuffled order, none of them in `taken`, none given twice."""
    yield from _pairs(rng, _ENDINGS, taken)


def mews_names(rng: np.random.Generator, *, taken: set[str]) -> Iterator[str]:
    """Names for short ways in a shuffled order, none of them in `taken`, none given twice."""
    yield from _pairs(rng, _SHORT_ENDINGS, taken)


def house_names(rng: np.random.Generator) -> Iterator[str]:
    """Names for blocks of flats, each given once and then again with a number."""
    stems = [str(stem) for stem in rng.permutation(_HOUSES)]
    yield from (f"{stem} House" for stem in stems)
    number = 2
    while True:
        yield from (f"{stem} House {number}" for stem in stems)
        number += 1


def _pairs(rng: np.random.Generator, endings: tuple[str, ...], taken: set[str]) -> Iterator[str]:
    # Each round pairs every stem with another ending, so that a stem comes back only
    # after all others have been used.
    stems = [str(stem) for stem in rng.permutation(_STEMS)]
    given: set[str] = set()
    for step in range(len(endings)):
        for index, stem in enumerate(stems):
            name = f"{stem} {endings[(index + step) % len(endings)]}"
            if name not in given and name not in taken:
                given.add(name)
                yield name
