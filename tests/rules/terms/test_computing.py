"""Rules of the law applied to dates, with hand-made expectations and the dates of other readings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from schuldhulp.rules.terms import (
    AcceptanceNeeded,
    Adjournment,
    AdjournmentNotAllowed,
    AlreadyAdjourned,
    Calendar,
    Computed,
    CountsInHours,
    FactsContradict,
    LengthNotAllowed,
    NoLength,
    Readings,
    RuleNotInForce,
    Unit,
    UnknownReading,
    check_moratorium,
    compute,
    compute_hours,
    law,
    wsnp_end,
)

Due = Callable[..., Computed]


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("rule_id", "trigger", "more", "ends"),
    [
        ("wgs-4-1-a", "2027-04-08", {}, "2027-05-10"),  # 6 May is Ascension, 7 May KB, weekend
        ("wgs-4-1-a", "2019-11-27", {}, "2019-12-27"),  # both Christmas days
        ("wgs-4-2", "2028-04-25", {}, "2028-05-02"),  # 26 April, then King's day, KB Friday and a weekend; 1 and 2 May
        ("wgs-4a-3", "2026-05-04", {"length": 5}, "2026-06-08"),
        ("wgs-2-4-d", "2026-03-09", {"length": 4}, "2026-04-06"),  # own target: stays on Easter Monday
        ("wgs-5", "2026-08-31", {}, "2027-02-28"),
        ("awb-3-47-3", "2026-04-20", {}, "2026-04-28"),
        ("awb-4-13-2", "2026-03-20", {}, "2026-05-18"),  # 15 May is KB
        ("awb-4-17-3", "2026-05-11", {}, "2026-05-26"),
        ("awb-7-10", "2026-07-13", {"committee": True}, "2026-10-05"),
        ("awb-9-11", "2026-03-23", {}, "2026-05-04"),
        ("fw-349a", "2026-03-31", {}, "2027-09-29"),
        ("msnp-18", "2022-01-10", {}, "2025-01-10"),
        ("nvvk-120", "2026-01-01", {}, "2026-05-01"),
        ("swn-m10-nazorg", "2027-12-31", {}, "2028-12-31"),
        ("avg-12-3", "2026-03-06", {}, "2026-04-07"),  # 6 April is Easter Monday: the next working day
        ("avg-12-3", "2026-01-31", {"adjournments": [Adjournment(2, Unit.MONTHS)]}, "2026-04-30"),
    ],
)
def test_a_rule_gives_its_last_day(rule_id: str, trigger: str, more: dict[str, Any], ends: str, due: Due) -> None:
    assert due(rule_id, trigger, **more).ends == day(ends)


@pytest.mark.parametrize(
    ("rule_id", "trigger", "more", "switch", "other"),
    [
        ("wgs-4-2", "2028-04-25", {}, "equated_days_are_working_days", "2028-05-01"),
        ("wgs-4-1-b", "2026-09-01", {"accepted": date(2026, 9, 15)}, "signal_term_from_acceptance", "2026-10-13"),
        ("wgs-4a-3", "2026-03-09", {"length": 4}, "atw_on_ordinance_term", "2026-04-07"),
        ("awb-4-17-3", "2026-04-13", {}, "atw_on_notice_weeks", "2026-04-29"),  # two weeks end on King's day
        ("awb-6-12-2", "2026-04-13", {}, "atw_on_notice_weeks", "2026-04-29"),
    ],
)
def test_a_contested_rule_gives_the_other_date_too_and_the_switch_turns_them_round(
    rule_id: str, trigger: str, more: dict[str, Any], switch: str, other: str, due: Due
) -> None:
    by_default = due(rule_id, trigger, **more)
    switched = due(rule_id, trigger, readings=Readings(**{switch: True}), **more)

    assert by_default.other_reading == switched.ends == day(other)
    assert switched.other_reading == by_default.ends
    assert by_default.alternatives[0].switches == (switch,)


def test_readings_that_agree_give_no_other_date(due: Due) -> None:
    assert due("awb-4-17-3", "2026-04-20").other_reading is None  # the two weeks end on Monday 4 May, an ordinary day


def test_counting_from_acceptance_needs_its_date(due: Due) -> None:
    with pytest.raises(AcceptanceNeeded, match="Record the date"):
        due("wgs-4-1-b", "2026-09-01", readings=Readings(signal_term_from_acceptance=True))


def test_an_own_shorter_target_is_policy_and_is_not_extended(due: Due) -> None:
    target, legal = due("wgs-4-1-a", "2026-03-23", length=2), due("wgs-4-1-a", "2026-03-23")

    assert (target.ends, legal.ends) == (day("2026-04-06"), day("2026-04-20"))  # Easter Monday stays
    assert "own_length_not_extended" in [note.code for note in target.explanation.notes]


@pytest.mark.shows("C-L03")
@pytest.mark.parametrize(
    ("rule_id", "length", "complaint"),
    [
        ("wgs-4a-3", 9, "from 1 to 8"),
        ("wgs-4a-3", 0, "at least 1"),
        ("wgs-4a-3", None, "set a number of weeks, from 1 to 8"),
        ("wgs-4-1-a", 5, "an own target may only be shorter than 4 weeks"),
        ("awb-6-7", 5, "the law fixes it at 6 weeks, both ways"),
        ("awb-6-7", 8, "the law fixes it at 6 weeks, both ways"),
        ("awb-4-17-3", 1, "the law fixes it"),
        ("nvvk-120", True, "give a whole number"),
    ],
)
def test_a_length_that_the_law_does_not_allow_is_refused(
    rule_id: str, length: int | None, complaint: str, due: Due
) -> None:
    with pytest.raises(LengthNotAllowed, match=complaint):
        due(rule_id, "2026-06-01", length=length)


def test_a_term_ordered_by_a_court_is_not_extended(due: Due) -> None:
    assert due("awb-8-55d", "2026-04-13").ends == day("2026-04-28")
    assert due("awb-8-55d", "2026-03-30", length=4).ends == day("2026-04-27")


def test_a_policy_term_is_the_organisations_own(due: Due) -> None:
    assert due("nvvk-120", "2026-01-01", length=150).ends == day("2026-05-31")


@pytest.mark.parametrize(
    ("adjournments", "committee", "ends"),
    [
        ([Adjournment(6)], False, "2026-10-05"),
        ([Adjournment(42, Unit.DAYS)], False, "2026-10-05"),
        ([Adjournment(6), Adjournment(2, consent=True)], False, "2026-10-19"),
        ([Adjournment(6), Adjournment(2, consent=True), Adjournment(1, consent=True)], True, "2026-12-07"),
        ([Adjournment(6, on=date(2026, 8, 24))], False, "2026-10-05"),
        ([Adjournment(6, on=date(2026, 8, 25))], False, "2026-08-24"),  # a day too late: no effect
    ],
)
def test_a_decision_on_objection_is_adjourned(
    adjournments: list[Adjournment], committee: bool, ends: str, due: Due
) -> None:
    assert due("awb-7-10", "2026-07-13", adjournments=adjournments, committee=committee).ends == day(ends)


@pytest.mark.parametrize(
    ("rule_id", "adjournments", "error", "article"),
    [
        ("awb-7-10", [Adjournment(7)], AdjournmentNotAllowed, "Awb art. 7:10 lid 3"),
        ("awb-7-10", [Adjournment(3), Adjournment(3)], AlreadyAdjourned, "Awb art. 7:10 lid 3"),
        ("awb-7-10", [Adjournment(1, Unit.MONTHS)], AdjournmentNotAllowed, "Awb art. 7:10 lid 3"),
        ("awb-9-11", [Adjournment(2, consent=True)], AdjournmentNotAllowed, "Awb art. 9:11 lid 2"),
        ("wgs-4a-3", [Adjournment(2)], AdjournmentNotAllowed, "Awb art. 4:14 lid 1"),
        ("awb-6-7", [Adjournment(1)], AdjournmentNotAllowed, "Awb art. 6:7 en 6:8"),
    ],
)
def test_more_adjournment_than_the_law_knows_is_refused_by_article(
    rule_id: str, adjournments: list[Adjournment], error: type[Exception], article: str, due: Due
) -> None:
    length = 8 if rule_id == "wgs-4a-3" else None

    with pytest.raises(error, match=article):
        due(rule_id, "2026-07-13", adjournments=adjournments, length=length)


def test_after_adjournment_past_twelve_weeks_the_atw_is_contested(due: Due) -> None:
    # objection term ended Thursday 21 August 2025; 12 + 6 weeks later is Christmas Day
    found = due("awb-7-10", "2025-08-21", committee=True, adjournments=[Adjournment(6)])

    assert (found.ends, found.other_reading) == (day("2025-12-29"), day("2025-12-25"))


def test_the_wsnp_takes_its_law_from_the_judgment_and_its_start_from_an_earlier_payment(calendar: Calendar) -> None:
    assert wsnp_end(day("2023-06-30"), calendar=calendar).ends == day("2026-06-29")
    assert wsnp_end(day("2023-07-10"), day("2023-03-01"), calendar=calendar).ends == day("2024-08-31")
    assert wsnp_end(day("2024-01-15"), day("2024-06-01"), calendar=calendar).ends == day("2025-07-14")


def test_a_moratorium_longer_than_six_months_is_refused(calendar: Calendar) -> None:
    assert check_moratorium(day("2026-01-15"), day("2026-07-15"), calendar=calendar).ends == day("2026-07-15")
    with pytest.raises(FactsContradict, match="at the latest on 2026-07-15"):
        check_moratorium(day("2026-01-15"), day("2026-07-16"), calendar=calendar)
    with pytest.raises(FactsContradict, match=r"ends .* before it begins"):
        check_moratorium(day("2026-01-15"), day("2026-01-14"), calendar=calendar)


def test_a_date_past_the_table_of_equated_days_says_so(due: Due) -> None:
    found = due("awb-6-7", "2028-12-01")

    assert not found.calendar_complete
    assert "calendar_incomplete" in [note.code for note in found.explanation.notes]
    assert due("awb-6-7", "2028-10-01").calendar_complete
    assert due("nvvk-120", "2030-01-01").calendar_complete  # no calendar is asked for a policy term


def test_terms_in_hours_take_a_moment_and_terms_in_days_a_date(calendar: Calendar) -> None:
    portal, objection = law().rule("awb-2-10", day("2026-02-01")), law().rule("awb-6-7", day("2026-02-01"))

    with pytest.raises(CountsInHours, match="compute_hours"):
        compute(portal, day("2026-02-01"), calendar=calendar)
    with pytest.raises(CountsInHours, match="Use compute with a date"):
        compute_hours(objection, datetime(2026, 2, 1, 9))  # noqa: DTZ001
    with pytest.raises(FactsContradict, match="is a moment"):
        compute(objection, datetime(2026, 2, 1, 9), calendar=calendar)  # noqa: DTZ001
    with pytest.raises(RuleNotInForce):
        compute_hours(portal, datetime(2025, 12, 31, 23, 59))  # noqa: DTZ001


def test_a_duty_without_term_and_a_version_of_another_time_give_no_date(due: Due, calendar: Calendar) -> None:
    with pytest.raises(NoLength, match="Record when it was done"):
        due("wgs-4-3", "2026-01-05")
    with pytest.raises(RuleNotInForce):
        compute(law().rule("fw-349a", day("2020-01-01")), day("2026-01-01"), calendar=calendar)


def test_settings_of_a_municipality_choose_readings_and_nothing_else() -> None:
    assert Readings.from_mapping({"atw_on_notice_weeks": True}) == Readings(atw_on_notice_weeks=True)
    for wrong in ({"atw": True}, {"atw_on_notice_weeks": "yes"}, {"atw_on_notice_weeks": 1}):
        with pytest.raises(UnknownReading, match="Known: equated_days_are_working_days"):
            Readings.from_mapping(wrong)
