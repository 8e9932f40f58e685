"""The watch over the made town's store, and over the real wards where they are here."""

from __future__ import annotations

import json

import pytest

from peelian.cli.app import run
from peelian.core.errors import CoverageError, InputError, UnknownPlaceError
from peelian.core.months import Month
from peelian.products import watch as watching
from peelian.products.watch import watch_ward
from peelian.store import Store

LARKFIELD = "E05999901"
FEBRUARY = Month(2025, 2)  # the emergence begins in January


def printed(capsys: pytest.CaptureFixture[str], store: Store, *arguments: str) -> str:
    code = run(["watch", *arguments, "--store", str(store.path)])
    out, err = capsys.readouterr()
    assert code == 0, err
    return out


def test_the_planted_emergence_is_told_in_its_second_month(town_store: Store) -> None:
    report = watch_ward(town_store, LARKFIELD, month=FEBRUARY)

    (alert,) = report.alerts
    assert (alert.name, alert.measure_id, alert.state) == (
        "Lantern Row",
        "anti-social-behaviour",
        "new",
    )
    assert alert.since == Month(2025, 1)
    assert alert.observed > alert.high
    assert report.expected_false_alarms <= 5 / 1200


def test_what_is_told_of_a_month_uses_no_record_after_it(town_store: Store) -> None:
    early = watch_ward(town_store, LARKFIELD, month=FEBRUARY)

    assert early.held.last == FEBRUARY
    assert all(past.alert.month < FEBRUARY for past in early.past)


def test_the_emergence_is_judged_by_the_months_after_it(town_store: Store) -> None:
    report = watch_ward(town_store, LARKFIELD)

    judged = [past for past in report.past if past.alert.name == "Lantern Row"]
    assert [past.came_true for past in judged] == [True]
    assert report.month == Month(2025, 12)
    assert report.record.is_too_few_to_say


def test_what_police_make_is_watched_only_if_asked_for(town_store: Store) -> None:
    by_default = watch_ward(town_store, LARKFIELD, month=FEBRUARY)
    asked = watch_ward(
        town_store, LARKFIELD, measures=["drugs", "anti-social-behaviour"], month=FEBRUARY
    )

    assert not {"drugs", "weapons", "stops"} & set(by_default.watched + by_default.too_few)
    assert {"drugs", "anti-social-behaviour"} == set(asked.watched)


def test_what_police_make_stands_apart(
    town_store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made_by_police = replace_measure("anti-social-behaviour", police_generated=True)
    monkeypatch.setattr(watching, "measure_of", lambda _: made_by_police)

    report = watch_ward(town_store, LARKFIELD, measures=["anti-social-behaviour"], month=FEBRUARY)
    lines = printed(
        capsys, town_store, LARKFIELD, "--measure", "anti-social-behaviour", "--month", "2025-02"
    )

    assert report.alerts == ()
    assert [alert.name for alert in report.police_generated] == ["Lantern Row"]
    assert "Records that police make by looking" in lines


def replace_measure(measure_id: str, **changes: object) -> object:
    import msgspec

    from peelian.measures import measure

    return msgspec.structs.replace(measure(measure_id), **changes)


def test_after_a_break_only_later_months_are_learned_from(
    town_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from peelian.core.measures import SeriesBreak

    def broken_in(month: str) -> object:
        each = SeriesBreak(first_month=month, force="made-town", reason="A new system.")
        return replace_measure("anti-social-behaviour", series_breaks=[each])

    monkeypatch.setattr(watching, "measure_of", lambda _: broken_in("2023-06"))
    long_ago = watch_ward(town_store, LARKFIELD, measures=["asb"], month=FEBRUARY)
    monkeypatch.setattr(watching, "measure_of", lambda _: broken_in("2024-06"))
    lately = watch_ward(town_store, LARKFIELD, measures=["asb"], month=FEBRUARY)

    assert [alert.name for alert in long_ago.alerts] == ["Lantern Row"]
    assert long_ago.breaks == {"anti-social-behaviour": "A new system."}
    # June to November 2024 are fewer than twelve months.
    assert (lately.alerts, lately.watched) == ((), ())
    assert lately.too_few == ("anti-social-behaviour",)


def test_a_missing_month_is_not_looked_at_and_says_why(
    town_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    report = watch_ward(town_store, LARKFIELD, month=Month(2021, 9))
    lines = printed(capsys, town_store, LARKFIELD, "--month", "2021-09")

    assert set(report.missing.values()) == {"no file of the force is held"}
    assert "Nothing could be looked at" in lines
    assert "Nothing unusual" not in lines


def test_too_few_months_and_months_not_held_are_errors(town_store: Store) -> None:
    with pytest.raises(CoverageError, match=r"15 in all.* has 14 up to February 2021"):
        watch_ward(town_store, LARKFIELD, month=Month(2021, 2))
    with pytest.raises(CoverageError, match=r"covers January 2020 to December 2025; found Jan"):
        watch_ward(town_store, LARKFIELD, month=Month(2026, 1))


def test_unknown_wards_and_measures_are_errors(town_store: Store) -> None:
    with pytest.raises(UnknownPlaceError):
        watch_ward(town_store, "E05000000")
    with pytest.raises(InputError, match="no measure is called 'crime'"):
        watch_ward(town_store, LARKFIELD, measures=["crime"])
    with pytest.raises(InputError, match="stops counts stops"):
        watch_ward(town_store, LARKFIELD, measures=["stops"])


def test_the_lines_tell_what_a_sergeant_needs(
    town_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = printed(capsys, town_store, "Larkfield", "--month", "2025-02").splitlines()

    assert lines[0] == "Larkfield (E05999901), to February 2025"
    assert lines[1].startswith("  NEW  Lantern Row: Anti-social behaviour, ")
    assert "Since January 2025. By chance " in lines[1]
    assert lines[-2].startswith("Tuned to at most 5 false alarms in 100 ward-years")
    assert lines[-1].startswith("Past alerts: none yet that could be judged")


def test_the_json_holds_the_same(town_store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    report = watch_ward(town_store, LARKFIELD, month=FEBRUARY)

    told = json.loads(printed(capsys, town_store, LARKFIELD, "--month", "2025-02", "--json"))

    (ward,) = told["wards"]
    (alert,) = ward["alerts"]
    assert (ward["code"], ward["month"]) == (LARKFIELD, "2025-02")
    assert alert["observed"] == report.alerts[0].observed
    assert alert["p_value"] == report.alerts[0].p_value
    assert alert["months"] == [str(month) for month in report.alerts[0].months]
    assert told["record"]["too_few_to_say"] is True


def test_many_wards_are_told_in_turn_with_one_record(
    town_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = printed(capsys, town_store, LARKFIELD, "E05999902")

    assert lines.count(", to December 2025") == 2
    assert lines.count("Past alerts: ") == 1


def test_more_false_alarms_borne_find_no_less(town_store: Store) -> None:
    strict = watch_ward(town_store, LARKFIELD, month=FEBRUARY)
    loose = watch_ward(town_store, LARKFIELD, month=FEBRUARY, false_alarms=500)

    assert {a.place_id for a in strict.alerts} <= {a.place_id for a in loose.alerts}
    assert loose.expected_false_alarms > strict.expected_false_alarms
