"""Bezwaar: in time or not (Awb 6:7 to 6:11), and the term to decide (7:10)."""

from __future__ import annotations

from datetime import date

import pytest

from schuldhulp.rules.terms import (
    Adjournment,
    Calendar,
    FactsContradict,
    Suspension,
    decision_on_objection,
    objection_term,
    timeliness,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


# Made known on Monday 16 March 2026: six weeks end on Monday 27 April, King's day, so on Tuesday 28 April.
@pytest.mark.parametrize(
    ("received", "posted", "in_time", "article", "for_a_person"),
    [
        ("2026-04-28", None, True, "Awb art. 6:9 lid 1", False),
        ("2026-04-29", None, False, "Awb art. 6:11", True),
        ("2026-04-29", "2026-04-29", False, "Awb art. 6:11", True),
        ("2026-05-04", "2026-04-28", True, "Awb art. 6:9 lid 2", False),
        ("2026-05-06", "2026-04-28", True, "Awb art. 6:9 lid 2", False),  # the week ends on 5 May, so on 6 May
        ("2026-05-07", "2026-04-28", False, "Awb art. 6:11", True),
        ("2026-04-20", "2026-04-18", True, "Awb art. 6:9 lid 1", False),
        ("2026-03-15", None, True, "Awb art. 6:10", True),
        ("2026-03-16", None, True, "Awb art. 6:9 lid 1", False),
    ],
)
def test_an_objection_is_in_time_by_receipt_or_by_post(
    received: str, posted: str | None, in_time: bool, article: str, for_a_person: bool, calendar: Calendar
) -> None:
    found = timeliness(day("2026-03-16"), day(received), day(posted) if posted else None, calendar=calendar)

    assert (found.in_time, found.article, found.for_a_person) == (in_time, article, for_a_person)
    assert found.term.ends == day("2026-04-28")


def test_an_objection_posted_after_it_was_received_is_refused(calendar: Calendar) -> None:
    with pytest.raises(FactsContradict, match="check both dates"):
        timeliness(day("2026-03-16"), day("2026-04-01"), day("2026-04-02"), calendar=calendar)


@pytest.mark.parametrize(("committee", "ends"), [(False, "2026-06-09"), (True, "2026-07-21")])
def test_the_term_to_decide_starts_after_the_extended_objection_term(
    committee: bool, ends: str, calendar: Calendar
) -> None:
    assert objection_term(day("2026-03-16"), calendar=calendar).ends == day("2026-04-28")
    assert decision_on_objection(day("2026-03-16"), committee=committee, calendar=calendar).ends == day(ends)


def test_repair_adjournment_and_consent_together_move_the_decision_once_each(calendar: Calendar) -> None:
    found = decision_on_objection(
        day("2026-03-16"),
        calendar=calendar,
        suspensions=[
            Suspension("7:10-2", asked=day("2026-05-04"), set_term=day("2026-05-18"), done=day("2026-05-11")),
            Suspension("4:15-2-c", from_=day("2026-05-11"), until=day("2026-05-12")),
        ],
        adjournments=[Adjournment(6, on=day("2026-06-01")), Adjournment(1, on=day("2026-07-20"), consent=True)],
    )

    assert found.suspended_days == 8  # 5-10 May and 11-12 May
    assert found.ends == day("2026-08-05")  # 9 June + 49 + 8 days


def test_a_repair_asked_before_the_term_to_decide_began_suspends_only_its_own_days(calendar: Calendar) -> None:
    early = Suspension("7:10-2", asked=day("2026-04-20"), set_term=day("2026-05-04"), done=day("2026-05-01"))

    found = decision_on_objection(day("2026-03-16"), calendar=calendar, suspensions=[early])

    assert (found.suspended_days, found.ends) == (2, day("2026-06-11"))  # 29 and 30 April
