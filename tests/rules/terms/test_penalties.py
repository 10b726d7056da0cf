"""Dwangsom (Awb 4:17, 4:18), day by day."""

from __future__ import annotations

from datetime import date

import pytest

from schuldhulp.rules.terms import Calendar, FactsContradict, NotAWholeNumber, Penalty, Readings, RuleNotInForce, law
from schuldhulp.rules.terms import penalty as compute_penalty
from schuldhulp.rules.terms.penalties import check_notice, penalty_cents, shares


def day(text: str) -> date:
    return date.fromisoformat(text)


def penalty(due: str, notice: str, published: str | None, calendar: Calendar, **more: object) -> Penalty:
    until = more.pop("until", None)
    readings = more.pop("readings", Readings())
    assert isinstance(readings, Readings)
    return compute_penalty(
        day(notice),
        decision_due=day(due),
        decision_published=day(published) if published else None,
        until=day(until) if isinstance(until, str) else None,
        calendar=calendar,
        readings=readings,
    )


def test_a_late_decision_costs_an_amount_for_each_day_until_it_is_made_known(calendar: Calendar) -> None:
    # the public example: received 2 January, two weeks from 3 to 16 January, first day 17 January
    found = penalty("2025-12-19", "2026-01-02", "2026-02-02", calendar)

    assert found.first_day == day("2026-01-17")
    assert found.last_day == day("2026-02-01")  # the day of announcement is not counted
    assert [each.cents for each in found.days] == [2300] * 14 + [3500] * 2
    assert [each.number for each in found.days] == list(range(1, 17))
    assert found.days[-1].total_cents == found.total_cents == 14 * 2300 + 2 * 3500
    assert found.determination_due == day("2026-02-16")  # 1 February + two weeks is Sunday 15 February


def test_without_a_decision_it_stops_after_42_days_at_1442_euros(calendar: Calendar) -> None:
    found = penalty("2026-03-02", "2026-03-10", None, calendar)

    assert (found.first_day, found.last_day, len(found.days)) == (day("2026-03-25"), day("2026-05-05"), 42)
    assert found.total_cents == 144_200
    assert found.determination_due == day("2026-05-19")  # all days count, also Easter and 5 May


def test_the_amounts_are_those_of_the_day_the_notice_was_received(calendar: Calendar) -> None:
    assert penalty("2018-12-03", "2018-12-31", None, calendar).total_cents == 126_000
    assert penalty("2018-12-03", "2019-01-01", None, calendar).total_cents == 144_200


@pytest.mark.parametrize(("notice", "premature"), [("2026-06-14", True), ("2026-06-15", True), ("2026-06-16", False)])
def test_a_notice_on_or_before_the_last_day_is_premature(notice: str, premature: bool, calendar: Calendar) -> None:
    found = penalty("2026-06-15", notice, None, calendar)

    assert found.premature is premature
    assert (found.total_cents == 0) is premature
    assert (found.first_day is None) is premature


@pytest.mark.parametrize(
    ("published", "days"),
    [("2026-06-30", 0), ("2026-07-01", 0), ("2026-07-02", 1), ("2026-06-01", 0), ("2027-01-01", 42)],
)
def test_a_decision_before_the_first_day_has_passed_costs_nothing(
    published: str, days: int, calendar: Calendar
) -> None:
    found = penalty("2026-06-15", "2026-06-16", published, calendar)  # first day 1 July

    assert len(found.days) == days
    assert (found.determination_due is None) == (days == 0)


def test_both_contested_points_show_what_the_other_reading_costs(calendar: Calendar) -> None:
    # received on Saturday 6 June: the two weeks end on Saturday 20 June; decided on Thursday 25 June
    found = penalty("2026-06-01", "2026-06-06", "2026-06-25", calendar)
    other = {each.switches: (each.first_day, each.days, each.total_cents) for each in found.alternatives}

    assert (found.first_day, len(found.days)) == (day("2026-06-21"), 4)
    assert other == {
        ("atw_on_notice_weeks",): (day("2026-06-23"), 2, 4600),
        ("penalty_counts_announcement",): (day("2026-06-21"), 5, 11500),
        ("atw_on_notice_weeks", "penalty_counts_announcement"): (day("2026-06-23"), 3, 6900),
    }
    strict = Readings(atw_on_notice_weeks=True, penalty_counts_announcement=True)
    assert len(penalty("2026-06-01", "2026-06-06", "2026-06-25", calendar, readings=strict).days) == 3


def test_the_state_on_a_day_counts_up_to_that_day_and_is_not_final(calendar: Calendar) -> None:
    running = penalty("2026-06-15", "2026-06-16", None, calendar, until="2026-07-10")

    assert len(running.days) == 10
    assert (running.last_day, running.determination_due, running.finished) == (None, None, False)
    assert penalty("2026-06-15", "2026-06-16", None, calendar, until="2026-06-20").days == ()
    assert penalty("2026-06-15", "2026-06-16", "2026-07-05", calendar, until="2026-07-10").finished


def test_several_applicants_share_equally_to_the_cent() -> None:
    assert shares(144_200, 3) == (48_067, 48_067, 48_066)
    assert sum(shares(2300, 7)) == 2300
    with pytest.raises(NotAWholeNumber):
        shares(2300, 0)


def test_before_the_act_on_penalties_there_are_no_amounts(calendar: Calendar) -> None:
    with pytest.raises(RuleNotInForce, match="2009-10-01"):
        penalty("2009-08-01", "2009-09-30", None, calendar)


def test_a_count_of_days_that_is_no_whole_number_is_refused() -> None:
    rates = law().penalty_rates(day("2026-01-01"))

    assert [penalty_cents(days, rates) for days in (0, 14, 15, 42, 99)] == [0, 32_200, 35_700, 144_200, 144_200]
    for wrong in (-1, True):
        with pytest.raises(NotAWholeNumber):
            penalty_cents(wrong, rates)


def test_a_notice_without_effect_is_explained() -> None:
    with pytest.raises(FactsContradict, match="A new notice can be sent from 2026-06-16"):
        check_notice(day("2026-06-15"), day("2026-06-15"), None)
    with pytest.raises(FactsContradict, match="nothing is due"):
        check_notice(day("2026-06-20"), day("2026-06-15"), day("2026-06-18"))
    check_notice(day("2026-06-16"), day("2026-06-15"), None)
