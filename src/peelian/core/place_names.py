"""How a place name is compared: one spelling for "St Martin’s Gdns" and "Saint Martin's Gardens".

Nothing here knows which places exist; `gazetteer` does.
"""

from __future__ import annotations

import re
import unicodedata

# Written short to written long. "st" is not here: it is a saint unless it ends the name.
_SHORT = {
    "rd": "road", "ave": "avenue", "av": "avenue", "sq": "square", "gdns": "gardens",
    "gdn": "garden", "pl": "place", "ln": "lane", "ct": "court", "cres": "crescent",
    "terr": "terrace", "hse": "house", "stn": "station", "pk": "park", "bldg": "building",
    "bldgs": "buildings", "est": "estate", "inst": "institute", "str": "street",
}  # fmt: skip

# Words that say what kind of place a name is: the last of them in a name does. A name never
# suggests one of another kind: "Curnock Street" does not mean Curnock Street Estate.
KIND_WORDS = frozenset(
    {
        "street", "road", "lane", "avenue", "way", "place", "mews", "close", "court", "terrace",
        "row", "walk", "crescent", "grove", "hill", "square", "yard", "passage", "gardens",
        "garden", "park", "green", "common", "field", "fields", "heath", "wood", "estate",
        "house", "station", "school", "hospital", "church", "institute", "hotel", "library",
        "bridge", "market", "canal", "lock", "museum", "theatre", "college", "university",
        "centre", "tower", "towers", "mansions", "buildings", "cemetery",
    }
)  # fmt: skip

# What may stand before a place's name in a sentence without being part of it.
_WHEREABOUTS = frozenset(
    {
        "in", "and", "on", "at", "of", "around", "near", "outside", "inside", "within", "along",
        "opposite", "behind", "beside", "by", "off", "area", "streets",
    }
)  # fmt: skip

# Words a station's name may carry or leave out without meaning another station.
_STATION_WORDS = frozenset(
    {
        "station", "stations", "railway", "rail", "train", "british", "national", "network",
        "london", "international", "mainline", "line", "underground", "overground", "tube",
        "lu",
    }
)  # fmt: skip


def normalised(name: str) -> str:
    """The name in the one spelling that is compared.

    Case, accents, apostrophes, punctuation and "the" make no difference; & is "and"; St is
    Saint, or Street where it ends the name; Rd is Road. Never empty unless the name is.
    """
    # Twice, because folding case can bring accents back, and taking letters apart, capitals.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    plain = re.sub(r"['’‘`´ʼ]", "", plain).replace("&", " and ")
    words = [w for w in re.findall(r"[^\W_]+", plain) if w != "the"]
    spelt = [_SHORT.get(w, w) if i else w for i, w in enumerate(words)]
    last = len(spelt) - 1
    spelt = [
        w if w != "st" else "street" if i == last and last > 0 else "saint"
        for i, w in enumerate(spelt)
    ]
    return " ".join(spelt) or folded.strip()


def without_whereabouts(name: str) -> str:
    """A normalised name without the "in and around" or "outside" that it begins with."""
    words = name.split()
    while len(words) > 1 and words[0] in _WHEREABOUTS:
        words = words[1:]
    return " ".join(words)


def station_key(name: str) -> str:
    """A station's name without the words that come and go: "euston" for "London Euston".

    The name itself, normalised, where nothing else would be left.
    """
    words = normalised(re.sub(r"\([^)]*\)", " ", name)).split()
    return " ".join(w for w in words if w not in _STATION_WORDS) or normalised(name)


def place_key(kind: str, name: str) -> str:
    """What two objects of one kind share when they may be one place: its name, or its station's."""
    return station_key(name) if kind == "station" else normalised(name)


def kind_word(name: str) -> str:
    """The last word of a normalised name that says what kind of place it is; or empty."""
    return next((word for word in reversed(name.split()) if word in KIND_WORDS), "")


def slips_between(one: str, other: str, *, at_most: int) -> int:
    """How many letters are added, dropped, changed or swapped with their neighbour.

    The optimal string alignment distance; counting stops beyond `at_most`.
    """
    if abs(len(one) - len(other)) > at_most:
        return at_most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, above, row = row[:], before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > at_most:
            return at_most + 1
    return row[-1]
