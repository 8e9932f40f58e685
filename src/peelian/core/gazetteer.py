"""What a written place name means on the map: exactly, by alias, as a suggestion, or not at all.

A suggestion is never used on its own: a person confirms it in the ward file, and then it
is an alias. Where two places fit about equally well, none is chosen.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, get_args

from peelian.core.place_names import (
    kind_word,
    normalised,
    slips_between,
    station_key,
    without_whereabouts,
)
from peelian.core.places import NamedPlace, PlaceKind, Resolution

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry
    from shapely.strtree import STRtree

# A street's line runs along its middle, so a park beside it begins half a street's width away.
BORDERS_WITHIN_M = 20.0
BORDERING_KINDS: frozenset[PlaceKind] = frozenset({"park", "estate", "station"})

# How much of two names' weight must be shared before one suggests the other (less where the
# written name only leaves words out), and how far the second best must lie behind. Rare words
# weigh more: "Curnock" says more than "Street".
LEAST_SHARED = 0.72
LEAST_SHARED_OF_SHORTENED = 0.55
LEAST_LEAD = 0.08

# Two places of one name closer than this are told apart by kind, not by asking.
SAME_SPOT_M = 250.0

# Where one name means several kinds of place at one spot, the first of these is meant.
_KIND_ORDER = {kind: order for order, kind in enumerate(get_args(PlaceKind))}
_ALTERNATIVES = 5


class Gazetteer:
    """The named places of the map, to look names up in.

    near: a shape (EPSG:27700), such as the ward's; of several places with one name the
    nearest to it is meant. confirmed: written name to the gazetteer's name, as a person
    fixed it in the ward file; a confirmed name is an alias.
    """

    def __init__(
        self,
        places: Iterable[NamedPlace],
        *,
        near: BaseGeometry | None = None,
        confirmed: Mapping[str, str] | None = None,
    ) -> None:
        self.places = tuple(places)
        self.near = near
        self._confirmed = {normalised(w): m for w, m in (confirmed or {}).items() if m}
        self._by_name: dict[str, list[NamedPlace]] = defaultdict(list)
        self._by_alias: dict[str, list[NamedPlace]] = defaultdict(list)
        self._by_station: dict[str, list[NamedPlace]] = defaultdict(list)
        for place in self.places:
            self._by_name[normalised(place.name)].append(place)
            for alias in {normalised(a) for a in place.aliases}:
                self._by_alias[alias].append(place)
            if place.kind == "station":
                for key in {station_key(n) for n in (place.name, *place.aliases)}:
                    self._by_station[key].append(place)

    def resolve(self, written: str) -> Resolution:
        """What the name means: exact, alias, suggestion or unknown.

        Words that only say where about it ("in and around Curnock Estate") may stand before
        the name. Of equal candidates that lie apart none is chosen: unknown, with the
        alternatives.
        """
        whole = normalised(written)
        found = self._resolved(written, whole)
        if found.certainty in ("exact", "alias") or without_whereabouts(whole) == whole:
            return found
        return self._resolved(written, without_whereabouts(whole))

    def _resolved(self, written: str, name: str) -> Resolution:
        if name in self._confirmed:
            meant = normalised(self._confirmed[name])
            return self._chosen(written, "alias", self._by_name[meant] + self._by_alias[meant])
        if self._by_name.get(name):
            return self._chosen(written, "exact", self._by_name[name])
        if self._by_alias.get(name):
            return self._chosen(written, "alias", self._by_alias[name])
        if {"station", "stations"} & set(name.split()) and station_key(name) in self._by_station:
            return self._chosen(written, "alias", self._by_station[station_key(name)])
        return self._suggested(written, name)

    def borders(self, place: NamedPlace) -> tuple[str, ...]:
        """Names of the parks, estates and stations at most 20 m from the place, in order."""
        if not self._bordering:
            return ()
        near = self._borders_tree.query(place.shape, predicate="dwithin", distance=BORDERS_WITHIN_M)
        return tuple(
            sorted({self._bordering[i].name for i in near if self._bordering[i].name != place.name})
        )

    def _chosen(self, written: str, certainty: str, found: Sequence[NamedPlace]) -> Resolution:
        ranked = sorted(found, key=self._preference)
        if not ranked:
            return Resolution(written, "unknown")
        first = ranked[0]
        rivals = [p for p in ranked[1:] if self._is_rival(first, p)]
        if rivals:
            return Resolution(written, "unknown", alternatives=(first, *rivals)[:_ALTERNATIVES])
        return Resolution(
            written,
            "exact" if certainty == "exact" else "alias",
            first,
            tuple(ranked[1 : _ALTERNATIVES + 1]),
            self.borders(first),
        )

    def _suggested(self, written: str, name: str) -> Resolution:
        scored = self._scores(name)
        if not scored:
            return Resolution(written, "unknown")
        best = scored[0][0]
        close = [place for score, place in scored if score > best - LEAST_LEAD]
        first = min(
            (p for score, p in scored if score == best),
            key=self._preference,
        )
        rivals = [p for p in close if p is not first and self._is_rival(first, p)]
        if rivals:
            return Resolution(written, "unknown", alternatives=(first, *rivals)[:_ALTERNATIVES])
        others = tuple(p for _, p in scored if p is not first)
        return Resolution(written, "suggestion", first, others[:_ALTERNATIVES], self.borders(first))

    def _is_rival(self, first: NamedPlace, other: NamedPlace) -> bool:
        """Whether a person would have to say which of the two is meant."""
        one_name = normalised(first.name) == normalised(other.name)
        further = self._distance(other) - self._distance(first)
        if further > (0 if one_name else SAME_SPOT_M):
            return False
        return not one_name or bool(first.shape.distance(other.shape) > SAME_SPOT_M)

    def _preference(self, place: NamedPlace) -> tuple[float, int, str, tuple[float, ...]]:
        return (
            round(self._distance(place)),
            _KIND_ORDER[place.kind],
            place.name,
            tuple(place.shape.bounds),
        )

    def _distance(self, place: NamedPlace) -> float:
        return 0.0 if self.near is None else float(place.shape.distance(self.near))

    def _scores(self, name: str) -> list[tuple[float, NamedPlace]]:
        """Places that share enough with the name, a telling word among it, best first."""
        words = name.split()
        matched = {word: self._known_words(word) for word in words}
        candidates = {
            index
            for known in matched.values()
            for word in known
            if self._weight(word) >= self._telling
            for index in self._with_word[word]
        }
        best: dict[int, float] = {}
        for index in candidates:
            owner, spelt = self._spellings[index]
            if kind_word(name) not in ("", kind_word(spelt)):
                continue
            score = self._shared(words, spelt.split(), matched)
            shortened = len(words) > 1 and set(words) < set(spelt.split())
            if score >= (LEAST_SHARED_OF_SHORTENED if shortened else LEAST_SHARED):
                best[owner] = max(score, best.get(owner, 0.0))
        ranked = [(score, self.places[owner]) for owner, score in best.items()]
        return sorted(ranked, key=lambda s: (-s[0], self._preference(s[1])))

    def _shared(
        self, words: list[str], spelt: list[str], matched: Mapping[str, Mapping[str, float]]
    ) -> float:
        """The weight of the words two names share, over that of all their words together."""
        left = list(spelt)
        shared = lost = 0.0
        for word in words:
            known = {w: likeness for w, likeness in matched[word].items() if w in left}
            if not known:
                lost += self._weight(word)
                continue
            partner = max(known, key=lambda w: (known[w], w))
            left.remove(partner)
            shared += self._weight(partner) * known[partner]
            lost += self._weight(partner) * (1 - known[partner])
        return shared / (shared + lost + sum(map(self._weight, left)))

    def _known_words(self, word: str) -> dict[str, float]:
        """The map's words that this one may be, with how alike they are (1: the same)."""
        if word in self._with_word:
            return {word: 1.0}
        known = {}
        for other in self._with_word:
            letters = max(len(word), len(other))
            allowed = 0 if letters < 5 else 1 if letters < 9 else 2
            if abs(len(word) - len(other)) <= allowed:
                slips = slips_between(word, other, at_most=allowed)
                if slips <= allowed:
                    known[other] = 1 - 0.1 * slips
        return known

    def _weight(self, word: str) -> float:
        """How much a word tells: the rarer on the map, the more; a word not there, most."""
        return math.log((len(self._spellings) + 1) / (len(self._with_word.get(word, ())) + 0.5))

    @property
    def _telling(self) -> float:
        """The weight from which a word alone can point at a place: one name in fifty, or rarer."""
        return math.log(min(50.0, (len(self._spellings) + 1) / 2.5))

    @cached_property
    def _spellings(self) -> list[tuple[int, str]]:
        return [
            (owner, spelt)
            for owner, place in enumerate(self.places)
            for spelt in sorted({normalised(n) for n in (place.name, *place.aliases)})
        ]

    @cached_property
    def _with_word(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        for position, (_, spelt) in enumerate(self._spellings):
            for word in Counter(spelt.split()):
                index[word].append(position)
        return dict(index)

    @cached_property
    def _bordering(self) -> tuple[NamedPlace, ...]:
        return tuple(p for p in self.places if p.kind in BORDERING_KINDS)

    @cached_property
    def _borders_tree(self) -> STRtree:
        import shapely

        return shapely.STRtree([p.shape for p in self._bordering])
