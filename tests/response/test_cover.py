from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles import cover as oracle
from peelian.core.errors import InputError, MonthOnlyError
from peelian.core.patrols import Visit
from peelian.core.tasking import ConcernHours, RosteredShift
from peelian.response.concern_hours import concern_from_records, concern_from_words
from peelian.response.cover import (
    cover_of,
    cover_share,
    delivered_hours,
    fit_index,
    hours_of_band,
    rostered_hours,
    worked_hours,
)
from peelian.response.cover_changes import changes_of, smallest_change
from peelian.response.roster import WeeklyShift, weekly_shifts

MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)
LATE = RosteredShift(band="late", start="14:00", end="22:00", units=1)
FRIDAY_NIGHT = ConcernHours(days=["friday"], start="22:00", end="02:00", share=1.0)


def shift(day: int, hour: float, hours: float, unit: str = "A") -> WeeklyShift:
    return WeeklyShift(day, int(60 * hour), "late", unit, int(60 * hours))


# A roster


def test_a_shift_without_days_is_on_all_of_them_for_every_unit():
    found = weekly_shifts([RosteredShift(band="late", start="14:00", end="22:00", units=2)])

    assert [(each.day, each.unit) for each in found] == [(d, u) for d in range(7) for u in "AB"]
    assert {each.minutes for each in found} == {480}


def test_two_shifts_of_one_day_and_band_have_units_of_their_own():
    more = RosteredShift(band="late", start="18:00", end="23:00", units=1, days=["friday"])

    found = weekly_shifts([LATE, more])

    assert [(s.unit, s.start) for s in found if s.day == 4] == [("A", 14 * 60), ("B", 18 * 60)]


def test_an_end_before_the_start_is_the_next_morning():
    night = RosteredShift(band="night", start="22:00", end="06:30", units=1, days=["sunday"])

    assert [(s.first_minute, s.minutes) for s in weekly_shifts([night])] == [(9960, 510)]


def test_a_sunday_night_runs_into_monday():
    hours = rostered_hours([shift(6, 22, 8)])

    assert hours[6, 22:].tolist() == [1, 1]
    assert hours[0, :6].tolist() == [1] * 6
    assert hours.sum() == 8


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (RosteredShift(band="late", start="14:00", end="22:00", days=["Funday"]), "'Funday'"),
        (RosteredShift(band="late", start="14", end="22:00"), "found '14'"),
        (RosteredShift(band="late", start="14:00", end="24:00"), "found '24:00'"),
        (RosteredShift(band="late", start="14:00", end="22:00", units=0), "found 0 in 'late'"),
    ],
)
def test_what_is_no_day_time_or_number_of_units_is_refused_in_words(wrong, said):
    with pytest.raises(InputError, match=said):
        weekly_shifts([wrong])


# Hours delivered


def test_a_visit_is_counted_in_the_hours_that_it_touches():
    visit = Visit("p", datetime(2026, 11, 24, 14, 50), datetime(2026, 11, 24, 15, 5), "foot", "A")

    hours = delivered_hours([visit], first=MONDAY, last=SUNDAY)

    assert hours[1, 14] == pytest.approx(10 / 60)  # a Tuesday
    assert hours[1, 15] == pytest.approx(5 / 60)


def test_background_patrol_and_time_out_of_uniform_are_no_cover():
    start, end = datetime(2026, 11, 24, 14), datetime(2026, 11, 24, 15)
    seen = Visit("p", start, end, "foot", "A")
    background = Visit("", start, end, "foot", "B")
    plain = Visit("p", start, end, "foot", "C", visible=False)

    hours = delivered_hours([seen, background, plain], first=MONDAY, last=SUNDAY)
    assert hours.sum() == 1


def test_a_weekday_that_comes_twice_counts_by_its_mean():
    start, end = datetime(2026, 11, 24, 14), datetime(2026, 11, 24, 15)
    visit = Visit("p", start, end, "foot", "A")
    later = Visit("p", start + timedelta(days=1), end + timedelta(days=1), "foot", "A")

    hours = delivered_hours([visit, later], first=MONDAY, last=date(2026, 12, 1))  # two Tuesdays

    assert (hours[1, 14], hours[2, 14]) == (0.5, 1)


def test_a_visit_of_other_days_is_not_of_the_period():
    visit = Visit("p", datetime(2026, 11, 24, 14), datetime(2026, 11, 24, 15), "foot", "A")

    hours = delivered_hours([visit], first=date(2026, 11, 25), last=SUNDAY)

    assert hours.sum() == 0


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(InputError, match="2026-11-29 to 2026-11-23"):
        worked_hours([], first=SUNDAY, last=MONDAY)


def test_time_that_ends_before_it_starts_is_refused():
    with pytest.raises(InputError, match="2026-11-24 15:00 to 2026-11-24 14:00"):
        worked_hours(
            [(datetime(2026, 11, 24, 15), datetime(2026, 11, 24, 14))], first=MONDAY, last=SUNDAY
        )


# Concern that people say


def test_what_people_say_falls_in_their_hours_and_the_rest_in_the_others():
    said = ConcernHours(
        days=["friday", "saturday"], start="20:00", end="00:00", share=0.5, said_by="ward panel"
    )

    concern = concern_from_words([said])

    assert concern.shares[4, 20:].sum() + concern.shares[5, 20:].sum() == pytest.approx(0.5)
    assert concern.shares[0, 0] == pytest.approx(0.5 / 160)
    assert concern.said_by == ("ward panel",)
    assert len(concern.replicates) == 0


def test_two_that_name_the_same_hour_are_added():
    one = ConcernHours(days=["monday"], start="20:00", end="21:00", share=0.4)
    two = ConcernHours(days=["monday"], start="20:00", end="22:00", share=0.6)

    concern = concern_from_words([one, two])

    assert concern.shares[0, 20:22].tolist() == pytest.approx([0.7, 0.3])


@pytest.mark.parametrize("shares", [[0.7, 0.7], [-0.1], [1.2]])
def test_shares_that_are_none_are_refused(shares):
    said = [
        ConcernHours(days=["monday"], start="1:00".zfill(5), end="02:00", share=s) for s in shares
    ]

    with pytest.raises(InputError, match="from 0 to 1, and 1 at most in all"):
        concern_from_words(said)


def test_with_neither_times_nor_words_the_question_is_unanswered():
    with pytest.raises(MonthOnlyError, match="only to the month"):
        concern_from_words([])
    with pytest.raises(MonthOnlyError, match="there is none"):
        concern_from_records(np.zeros((7, 24)), seed=1)


# Concern in records


def test_one_record_draws_the_shares_a_little_towards_it_and_no_more():
    counts = np.zeros((7, 24))
    counts[4, 23] = 1

    concern = concern_from_records(counts, seed=1, replicates=9)

    # Averaged over three hours, and all of its weekday's and hour's pattern: Friday 22:00 to
    # Saturday 01:00 holds Friday's two parts in three and Saturday's one.
    assert concern.shares.sum() == pytest.approx(1)
    assert concern.shares[4, 23] > concern.shares[4, 21] == 0
    assert concern.records == 1


def test_many_records_leave_each_hour_near_its_own_share():
    counts = np.ones((7, 24))
    counts[4, 20:24] = 9
    counts *= 1000

    concern = concern_from_records(counts, seed=1, replicates=9)

    assert concern.shares[4, 21] == pytest.approx(9 / 200, rel=0.01)  # 164 + 36 parts
    assert concern.shares[0, 10] == pytest.approx(1 / 200, rel=0.01)


def test_the_same_seed_gives_the_same_interval_and_another_another():
    counts = np.random.default_rng(3).poisson(2, (7, 24)).astype(float)
    hours = rostered_hours(weekly_shifts([LATE]))

    fits = [cover_of(concern_from_records(counts, seed=s), hours).fit for s in (1, 1, 2)]

    assert fits[0] == fits[1] != fits[2]
    assert fits[0].estimate == fits[2].estimate


@pytest.mark.parametrize("records", [100, 1000])
def test_the_interval_of_the_fit_holds_the_true_one_in_four_of_five_towns_or_more(records):
    chance = np.random.default_rng(11)
    hour = 0.3 + 2 * np.exp(-0.5 * ((np.arange(24) - 20) / 3) ** 2)
    true = np.outer([1, 1, 1, 1.1, 1.5, 1.8, 1.2], hour)
    true /= true.sum()
    hours = rostered_hours(weekly_shifts([LATE]))
    true_fit = float(fit_index(true, cover_share(hours)))

    held = 0
    for seed in range(60):
        counts = chance.multinomial(records, true.ravel()).reshape(7, 24).astype(float)
        fit = cover_of(concern_from_records(counts, seed=seed, replicates=199), hours).fit
        held += fit.low <= true_fit <= fit.high

    # The docstring's simulation found 83 to 94 of 100, so about 50 to 56 of 60.
    assert held >= 48


def test_a_roster_that_follows_concern_is_not_called_a_bad_one_for_few_records():
    hours = rostered_hours(weekly_shifts([LATE]))
    counts = np.random.default_rng(4).multinomial(50, cover_share(hours).ravel()).reshape(7, 24)

    found = cover_of(concern_from_records(counts.astype(float), seed=1), hours)

    assert found.fit.is_perfect_possible
    assert found.fit.high == 1


# The fit


def test_the_fit_is_one_for_hours_alike_and_none_for_hours_apart():
    night = rostered_hours([shift(4, 22, 4)])
    day = rostered_hours([shift(4, 8, 4)])
    concern = concern_from_words([FRIDAY_NIGHT])

    assert cover_of(concern, night).fit.estimate == pytest.approx(1)
    assert cover_of(concern, 3 * night).fit.estimate == pytest.approx(1)
    assert cover_of(concern, day).fit.estimate == 0


def test_a_fit_counted_by_hand():
    concern = concern_from_words(
        [
            ConcernHours(days=["monday"], start="10:00", end="11:00", share=0.75),
            ConcernHours(days=["monday"], start="12:00", end="13:00", share=0.25),
        ]
    )

    fit = cover_of(concern, rostered_hours([shift(0, 10, 4)])).fit

    assert fit.estimate == pytest.approx(0.25 + 0.25)  # a quarter of cover in each of four hours
    assert (fit.low, fit.high) == (None, None)


def test_no_hours_have_no_fit():
    with pytest.raises(InputError, match="there are none"):
        cover_of(concern_from_words([FRIDAY_NIGHT]), np.zeros((7, 24)))


QUARTERS = st.integers(0, 95).map(lambda quarters: 15 * quarters)
LENGTHS = st.integers(1, 40).map(lambda quarters: 15 * quarters)
PLAIN = st.lists(st.tuples(st.integers(0, 6), QUARTERS, LENGTHS), min_size=1, max_size=5)
WEIGHTS = st.lists(st.integers(0, 9), min_size=168, max_size=168).filter(any)


@given(PLAIN, WEIGHTS)
def test_the_fit_is_what_counting_every_minute_gives(plain, weights):
    concern = [Fraction(w, sum(weights)) for w in weights]

    found = fit_index(
        np.array([float(c) for c in concern]).reshape(7, 24),
        cover_share(rostered_hours([WeeklyShift(d, s, "x", "A", m) for d, s, m in plain])),
    )

    assert float(found) == pytest.approx(float(oracle.fit(concern, plain)))
    assert -1e-9 <= found <= 1 + 1e-9


# Parts of the day


def test_the_parts_of_the_day_hold_every_hour_once():
    hours = [hour for name in ("early", "late", "night") for hour in hours_of_band(name, None)]

    assert sorted(hours) == list(range(168))


def test_a_night_belongs_to_the_day_on_which_it_begins():
    assert hours_of_band("night", 4) == [4 * 24 + 23, *range(5 * 24, 5 * 24 + 7)]


def test_late_hours_that_are_short_are_said_to_be_short():
    concern = concern_from_words([FRIDAY_NIGHT])
    found = cover_of(concern, rostered_hours([shift(4, 8, 8)]))

    week = {each.band: each for each in found.bands if each.day is None}
    assert week["night"].concern == pytest.approx(0.75)  # 23:00 to 02:00
    assert week["night"].short == pytest.approx(0.75)
    assert week["early"].hours == 7
    assert found.stretches[0].first == 4 * 24 + 22
    assert found.stretches[0].hours == 4
    assert found.stretches[0].concern == pytest.approx(1)


def test_a_part_is_surely_short_only_below_its_whole_interval():
    counts = np.zeros((7, 24))
    counts[:, 20] = 40
    found = cover_of(concern_from_records(counts, seed=1), rostered_hours([shift(0, 8, 8)]))

    late = next(each for each in found.bands if each.day is None and each.band == "late")
    assert late.is_surely_short
    assert late.low > 0.9


@pytest.mark.parametrize("records", [30, 2_000])
def test_the_interval_of_a_part_of_the_day_holds_its_true_share_as_often_as_asked(records):
    """Steep hours at a part's ends: averaged ones would move records over them."""
    hour = np.arange(24)
    true = np.tile(np.where((hour >= 22) | (hour < 3), 6.0, 1.0), (7, 1))
    true[4:6] *= 1.6
    true /= true.sum()
    chance, held, total = np.random.default_rng(20), 0, 0
    for seed in range(100):
        counts = chance.multinomial(records, true.ravel()).reshape(7, 24).astype(float)
        concern = concern_from_records(counts, seed=seed, replicates=9)
        for part in cover_of(concern, rostered_hours([shift(0, 8, 8)])).bands:
            share = true.ravel()[hours_of_band(part.band, part.day)].sum()
            held += part.low <= share <= part.high
            total += 1

    assert held / total >= 0.95  # exact intervals hold it at least so often


# The smallest change


def test_moving_a_shift_by_two_hours_is_the_smallest_change_where_that_is_enough():
    concern = concern_from_words(
        [ConcernHours(days=["friday"], start="16:00", end="00:00", share=1.0)]
    )

    change = smallest_change(concern, [shift(4, 14, 8)], reach=0.95)

    assert change.kind == "start"
    assert change.becomes.start == 16 * 60
    assert (change.hours, change.before, change.after) == (2, 0.75, pytest.approx(1))
    assert change.reaches


def test_another_day_comes_before_one_more_shift():
    concern = concern_from_words(
        [ConcernHours(days=["friday", "saturday"], start="14:00", end="22:00", share=1.0)]
    )

    change = smallest_change(concern, [shift(4, 14, 8), shift(0, 14, 8)], reach=0.9)

    assert change.kind == "day"
    assert (change.shift.day, change.becomes.day) == (0, 5)


def test_of_units_alike_the_first_is_changed():
    concern = concern_from_words(
        [ConcernHours(days=["friday"], start="16:00", end="00:00", share=1.0)]
    )

    change = smallest_change(concern, [shift(4, 14, 8, "B"), shift(4, 14, 8, "A")])

    assert change.shift.unit == "A"


def test_one_more_shift_has_the_usual_length():
    lengths = {
        b.minutes
        for kind, _now, b in changes_of([shift(0, 8, 8), shift(1, 8, 8), shift(2, 8, 6)])
        if kind == "added"
    }

    assert lengths == {480}


def test_a_roster_that_fits_needs_no_change():
    concern = concern_from_words(
        [ConcernHours(days=["friday"], start="14:00", end="22:00", share=1.0)]
    )

    assert smallest_change(concern, [shift(4, 14, 8)]) is None
    assert smallest_change(concern, [shift(4, 14, 7)], reach=0.8) is None


def test_a_fit_out_of_reach_gives_the_best_single_change_and_says_so():
    concern = concern_from_words([FRIDAY_NIGHT])

    change = smallest_change(concern, [shift(d, 8, 8) for d in range(7)], reach=0.9)

    assert change.reaches is False
    assert change.after > change.before == 0


def test_a_reach_that_is_no_share_is_refused():
    with pytest.raises(InputError, match="found 70"):
        smallest_change(concern_from_words([FRIDAY_NIGHT]), [shift(0, 8, 8)], reach=70)


def test_a_gain_by_chance_is_too_few_to_say():
    counts = np.random.default_rng(2).multinomial(12, np.ones(168) / 168).reshape(7, 24)
    concern = concern_from_records(counts.astype(float), seed=1)

    change = smallest_change(concern, weekly_shifts([LATE]), reach=0.99)

    assert change.gain_low <= change.after - change.before <= change.gain_high


def test_the_interval_of_a_gain_allows_for_the_change_being_picked_for_it():
    """Without that, in these towns, it held the true gain in about 30 of 100."""
    hour = np.arange(24)
    true = np.outer([1, 1, 1, 1, 1.4, 1.6, 1.2], np.exp(1.2 * np.cos((hour - 20) / 12 * np.pi)))
    true /= true.sum()
    roster = [
        shift(day, start, 8, unit) for day in range(7) for start, unit in ((7, "A"), (14, "B"))
    ]
    now, chance, held = rostered_hours(roster), np.random.default_rng(6), 0
    for seed in range(30):
        counts = chance.multinomial(100, true.ravel()).reshape(7, 24).astype(float)

        change = smallest_change(concern_from_records(counts, seed=seed, replicates=99), roster)

        then = now - rostered_hours([change.shift] if change.shift else [])
        then = then + rostered_hours([change.becomes])
        gain = fit_index(true, then / then.sum()) - fit_index(true, now / now.sum())
        held += change.gain_low <= gain <= change.gain_high

    assert held >= 22  # of 30; 95 % asked, 0.8 to 0.93 found


@settings(max_examples=10)
@given(
    PLAIN.filter(lambda plain: len(plain) <= 3), WEIGHTS, st.integers(1, 19).map(lambda t: t / 20)
)
def test_the_change_is_what_trying_every_one_gives(plain, weights, reach):
    concern = [Fraction(w, sum(weights)) for w in weights]
    shares = np.array([float(c) for c in concern]).reshape(7, 24)
    told = concern_from_words([FRIDAY_NIGHT])
    told = type(told)(shares, told.replicates, 0)

    change = smallest_change(
        told, [WeeklyShift(d, s, "x", "A", m) for d, s, m in plain], reach=reach
    )

    now = oracle.fit(concern, plain)
    tried = [
        (hours, kind, oracle.fit(concern, after))
        for hours, kind, after in oracle.all_changes(plain)
    ]
    enough = [one for one in tried if one[2] >= Fraction(reach) - Fraction(1, 10**9)]
    best = max(one[2] for one in tried)
    if now >= Fraction(reach) - Fraction(1, 10**9) or best <= now + Fraction(1, 10**9):
        assert change is None
    elif enough:
        least = min((hours, kind) for hours, kind, _fit in enough)
        assert change.reaches
        assert (change.hours, ("start", "day", "added").index(change.kind)) == (
            pytest.approx(float(least[0])),
            least[1],
        )
        assert change.after == pytest.approx(float(max(f for h, k, f in enough if (h, k) == least)))
    else:
        assert not change.reaches
        assert change.after == pytest.approx(float(best))
