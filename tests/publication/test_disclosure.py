"""No small count leaves, and none can be worked out from what does."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.publication.consistent_tables import Asked, Known, to_nearest_five
from peelian.publication.disclosure import (
    PROTECTED_THRESHOLD,
    Held,
    part_may_be_shown,
    possible_values,
    suppress,
)


def months(*counts: int) -> list[Asked]:
    return [Asked(f"m{i}", n, frozenset({f"m{i}"})) for i, n in enumerate(counts)]


def total(key: str, counts: list[Asked], *, keep: int = 1) -> Asked:
    parts = frozenset[str]().union(*(c.parts for c in counts))
    return Asked(key, sum(c.value for c in counts), parts, keep=keep)


def test_a_count_under_five_is_hidden_and_a_zero_is_shown() -> None:
    held = suppress(months(0, 1, 4, 5))

    assert held.small == {"m1", "m2"}
    assert not held.beside


def test_a_table_crossing_a_protected_characteristic_hides_under_ten() -> None:
    held = suppress(months(9, 10, 0), threshold=PROTECTED_THRESHOLD)

    assert held.keys == {"m0"}


def test_one_small_month_in_a_shown_sum_takes_the_smallest_other_month_with_it() -> None:
    cells = months(3, 9, 6, 0)

    held = suppress([*cells, total("window", cells)])

    assert held == Held(frozenset({"m0"}), frozenset({"m2"}))


def test_two_small_months_protect_each_other_unless_their_sum_gives_them_away() -> None:
    safe, least, most = months(2, 3, 9), months(1, 1, 9), months(4, 4, 9)

    assert not suppress([*safe, total("w", safe)]).beside
    assert suppress([*least, total("w", least)]).beside == {"m2"}  # 2 can only be 1 + 1
    assert suppress([*most, total("w", most)]).beside == {"m2"}  # 8 can only be 4 + 4


def test_a_sum_goes_where_no_other_month_can() -> None:
    cells = months(3, 0, 0)
    twelve = Asked("twelve", 3 + 40, frozenset({"m0", "m1", "m2", "rest"}), keep=1)
    rest = Known({"rest": 1}, 40)

    held = suppress([*cells, twelve], known=[rest])

    assert held.beside == {"twelve"}


def test_two_windows_that_differ_by_one_small_month_are_not_both_shown() -> None:
    cells = months(8, 7, 3)
    first, second = total("first", cells[:2]), total("second", cells)

    held = suppress([*cells, first, second])
    left = possible_values([*cells, first, second], held)

    assert "m2" in held.small
    assert all(low < high for low, high in left.values())


def test_a_window_shown_by_an_earlier_snapshot_is_reckoned_with() -> None:
    cells = months(8, 7, 3)
    moved = total("moved", cells[1:])  # 7 + 3, where last month's snapshot showed 8 + 7
    without = suppress([*cells, moved])

    held = suppress([*cells, moved], known=[Known({"m0": 1, "m1": 1}, 15), Known({"m1": 1}, 7)])

    assert without.beside == {"m1"}
    assert held.beside == {"moved"}  # hiding m1 is of no use: last month's page shows it


def test_what_is_public_already_is_hidden_all_the_same_without_going_round_for_ever() -> None:
    cells = months(3)

    held = suppress(cells, known=[Known({"m0": 1}, 3)])

    assert held == Held(frozenset({"m0"}), frozenset())


def test_a_part_and_its_rest_are_both_large_or_none() -> None:
    assert part_may_be_shown(40, 100)
    assert part_may_be_shown(100, 100)
    assert part_may_be_shown(0, 100)
    assert not part_may_be_shown(3, 100)
    assert not part_may_be_shown(97, 100)


def test_places_are_shown_to_the_nearest_five() -> None:
    assert [to_nearest_five(n) for n in (5, 7, 8, 12, 13, 100)] == [5, 5, 10, 10, 15, 100]


def test_the_only_place_that_is_not_listed_cannot_be_told_from_the_total() -> None:
    places = [Asked(f"p{i}", n, frozenset({f"p{i}"}), rounded=True) for i, n in enumerate((22, 4))]
    whole = Known({"p0": 1, "p1": 1}, 26)

    held = suppress(places, known=[whole])

    # "About 20" is 18 to 22, so the other would be 4 to 8; it is 4 at the most.
    assert held == Held(frozenset({"p1"}), frozenset({"p0"}))


def test_an_empty_page_hides_nothing() -> None:
    assert suppress([]) == Held(frozenset(), frozenset())


counts = st.lists(st.integers(0, 7), min_size=1, max_size=3)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Asked], list[Known]]:
    rounded = draw(st.booleans())
    cells = [replace(cell, rounded=rounded) for cell in months(*draw(counts))]
    asked = list(cells)
    for number in range(draw(st.integers(0, 3))):
        chosen = draw(st.sets(st.integers(0, len(cells) - 1), min_size=1))
        asked.append(total(f"sum{number}", [cells[i] for i in sorted(chosen)]))
    known = []
    if draw(st.booleans()):
        known.append(Known(dict.fromkeys((c.key for c in cells), 1), sum(c.value for c in cells)))
    return asked, known


def every_consistent_table(
    asked: list[Asked], known: list[Known], held: Held, *, threshold: int
) -> list[dict[str, int]]:
    """The oracle: try every table of counts, and keep those a reader could not rule out."""
    parts = sorted({p for a in asked for p in a.parts})
    top = max((a.value for a in asked), default=0) + threshold + 1
    tables = (
        dict(zip(parts, n, strict=True)) for n in itertools.product(range(top), repeat=len(parts))
    )

    def allows(table: dict[str, int]) -> bool:
        for a in asked:
            found = sum(table[p] for p in a.parts)
            if a.key in held.small:
                fits = 0 < found < threshold
            elif a.key in held.beside:
                fits = found >= threshold
            elif a.rounded:
                close = to_nearest_five(found) == to_nearest_five(a.value)
                fits = found >= threshold and close if a.value else found == 0
            else:
                fits = found == a.value
            if not fits:
                return False
        return all(sum(table[p] * f for p, f in k.parts.items()) == k.value for k in known)

    return [table for table in tables if allows(table)]


@settings(max_examples=60, deadline=None)
@given(tables())
def test_every_hidden_count_keeps_two_possible_values(
    table: tuple[list[Asked], list[Known]],
) -> None:
    asked, known = table
    asked = [a for a in asked if a.value < 15]

    held = suppress(asked, known=known, threshold=3)

    left = every_consistent_table(asked, known, held, threshold=3)
    assert left
    for a in asked:
        if a.key in held.keys and not _known_alone_gives_it_away(a, asked, known):
            assert len({sum(t[p] for p in a.parts) for t in left}) >= 2, (a, held)


def _known_alone_gives_it_away(a: Asked, asked: list[Asked], known: list[Known]) -> bool:
    everything = Held(
        frozenset(b.key for b in asked if 0 < b.value < 3),
        frozenset(b.key for b in asked if b.value >= 3),
    )
    left = every_consistent_table(asked, known, everything, threshold=3)
    return len({sum(t[p] for p in a.parts) for t in left}) < 2


@settings(max_examples=40, deadline=None)
@given(tables())
def test_possible_values_are_those_of_every_consistent_table(
    table: tuple[list[Asked], list[Known]],
) -> None:
    asked, known = table
    asked = [a for a in asked if a.value < 15]
    held = Held(frozenset(a.key for a in asked if 0 < a.value < 5), frozenset())

    found = possible_values(asked, held, known=known)

    left = every_consistent_table(asked, known, held, threshold=5)
    for a in asked:
        if a.key in held.small:
            values = {sum(t[p] for p in a.parts) for t in left}
            assert found[a.key] == (min(values), max(values))
