"""A term in a case: every step gives a new value with its end counted anew, or is refused by an article."""

from __future__ import annotations

from datetime import date

import pytest

from schuldhulp.rules.terms import (
    Adjournment,
    AdjournmentNotAllowed,
    AlreadyAdjourned,
    AlreadyMet,
    AlreadySuspended,
    Calendar,
    FactsContradict,
    GroundNotAllowed,
    LengthNotAllowed,
    NoTermSet,
    NotSuspended,
    RuleNotInForce,
    Suspension,
    TermExpired,
    load_equated_days,
)
from schuldhulp.rules.terms.errors import BadSuspension
from schuldhulp.rules.terms.running import (
    Counting,
    DelayNotice,
    RunningTerm,
    Status,
    adjourn,
    computed,
    correct,
    correct_trigger,
    meet,
    notify_delay,
    recompute,
    resume,
    start,
    suspend,
)

COUNTING = Counting()


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


@pytest.fixture
def decision() -> RunningTerm:
    """Eight weeks from Monday 1 June: ends on Monday 27 July."""
    return start("wgs-4a-3", day("06-01"), COUNTING, length=8)


@pytest.fixture
def on_objection() -> RunningTerm:
    """Six weeks after the objection term of 13 July: ends on Monday 24 August."""
    return start("awb-7-10", day("07-13"), COUNTING)


def invite(asked: str, set_term: str | None) -> Suspension:
    return Suspension("4:15-1-a", asked=day(asked), set_term=day(set_term) if set_term else None)


def test_a_term_is_started_and_met_in_time_or_late(decision: RunningTerm) -> None:
    assert decision.ends == day("07-27")
    assert decision.status(day("07-27"), COUNTING) is Status.RUNNING
    assert decision.status(day("07-28"), COUNTING) is Status.MISSED
    assert meet(decision, day("07-27")).status(day("09-01"), COUNTING) is Status.MET
    assert meet(decision, day("07-28")).status(day("09-01"), COUNTING) is Status.MET_LATE


def test_a_term_cannot_be_met_before_it_began_or_twice(decision: RunningTerm) -> None:
    with pytest.raises(FactsContradict, match="before its trigger"):
        meet(decision, day("05-31"))
    met = meet(decision, day("06-10"))
    for again in (
        lambda: meet(met, day("06-11")),
        lambda: suspend(met, invite("06-11", "06-20"), COUNTING),
        lambda: resume(met, day("06-11"), COUNTING),
        lambda: notify_delay(met, DelayNotice(day("06-11"), day("06-20")), COUNTING),
        lambda: adjourn(met, Adjournment(1, on=day("06-11"), reason="drukte"), COUNTING),
    ):
        with pytest.raises(AlreadyMet, match="was met on 2026-06-10"):
            again()


def test_an_invitation_with_a_term_for_the_answer_suspends_until_the_answer(decision: RunningTerm) -> None:
    asked = suspend(decision, invite("06-10", "06-24"), COUNTING)

    assert asked.ends == day("08-09")  # as if it lapses unused: thirteen days, and an ordinance term stays on a Sunday
    assert asked.status(day("06-10"), COUNTING) is Status.RUNNING
    assert asked.status(day("06-11"), COUNTING) is Status.SUSPENDED
    answered = resume(asked, day("06-16"), COUNTING)
    assert answered.ends == day("08-01")
    assert answered.status(day("06-16"), COUNTING) is Status.RUNNING


def test_an_invitation_without_a_term_for_the_answer_suspends_nothing(decision: RunningTerm) -> None:
    with pytest.raises(NoTermSet, match=r"Awb art. 4:5 lid 1"):
        suspend(decision, invite("06-10", None), COUNTING)
    with pytest.raises(BadSuspension, match="must lie after the day of asking"):
        suspend(decision, invite("06-10", "06-10"), COUNTING)


def test_nothing_suspends_after_the_term_has_run_out(decision: RunningTerm) -> None:
    with pytest.raises(TermExpired, match="the term ran out on 2026-07-27"):
        suspend(decision, invite("07-28", "08-10"), COUNTING)
    with pytest.raises(TermExpired):  # the invitation of the last day would suspend from the day after it
        suspend(decision, invite("07-27", "08-10"), COUNTING)
    assert suspend(decision, invite("07-26", "08-10"), COUNTING).ends == day("08-10")


def test_days_that_only_the_atw_added_cannot_be_suspended() -> None:
    term = start("awb-4-13-2", day("06-13"), COUNTING)  # Saturday 8 August, extended to Monday 10 August

    with pytest.raises(TermExpired, match="only the Atw moved the last day to 2026-08-10"):
        suspend(term, Suspension("4:15-2-c", from_=day("08-10"), until=day("08-12")), COUNTING)


def test_a_delay_without_known_end_leaves_the_term_without_date_until_it_ends(decision: RunningTerm) -> None:
    waiting = suspend(decision, Suspension("4:15-1-b", asked=day("06-15")), COUNTING)

    assert (waiting.ends, computed(waiting, COUNTING)) == (None, None)
    assert waiting.status(day("12-31"), COUNTING) is Status.SUSPENDED
    assert resume(waiting, day("07-15"), COUNTING).ends == day("08-25")

    consent = suspend(decision, Suspension("4:15-2-a", from_=day("07-14")), COUNTING)
    assert resume(consent, day("07-27"), COUNTING).ends == day("08-10")


def test_two_grounds_may_run_at_once_and_each_ends_by_itself(decision: RunningTerm) -> None:
    both = suspend(
        suspend(decision, invite("06-10", "06-24"), COUNTING), Suspension("4:15-2-c", from_=day("06-12")), COUNTING
    )

    with pytest.raises(AlreadySuspended, match="4:15-2-c is still open"):
        suspend(both, Suspension("4:15-2-c", from_=day("06-14")), COUNTING)
    with pytest.raises(NotSuspended, match="name the ground"):
        resume(both, day("06-20"), COUNTING)
    ended = resume(resume(both, day("06-20"), COUNTING, ground="4:15-1-a"), day("06-22"), COUNTING, ground="4:15-2-c")
    assert ended.ends == day("08-08")  # 11 to 22 June: twelve days, each once
    with pytest.raises(NotSuspended, match="no suspension is open"):
        resume(ended, day("06-23"), COUNTING)


def test_a_suspension_cannot_end_before_it_began(decision: RunningTerm) -> None:
    asked = suspend(decision, invite("06-10", "06-24"), COUNTING)

    with pytest.raises(BadSuspension, match="lies before the day of asking"):
        resume(asked, day("06-09"), COUNTING)


def test_a_notice_of_delay_moves_nothing(decision: RunningTerm, on_objection: RunningTerm) -> None:
    told = notify_delay(decision, DelayNotice(day("07-20"), day("08-14")), COUNTING)

    assert (told.ends, told.notices) == (decision.ends, (DelayNotice(day("07-20"), day("08-14")),))
    assert told.status(day("07-28"), COUNTING) is Status.MISSED
    with pytest.raises(AdjournmentNotAllowed, match=r"Awb art. 4:14 lid 1"):
        adjourn(decision, Adjournment(2, on=day("07-20"), reason="drukte"), COUNTING)
    with pytest.raises(AdjournmentNotAllowed, match="record an adjournment"):
        notify_delay(on_objection, DelayNotice(day("07-20"), day("08-14")), COUNTING)
    with pytest.raises(FactsContradict, match="lies before the notice"):
        notify_delay(decision, DelayNotice(day("07-20"), day("07-19")), COUNTING)


def test_where_no_law_sets_a_term_a_notice_in_time_does_move_the_date() -> None:
    term = start("awb-4-13-2", day("06-01"), COUNTING)

    assert adjourn(term, Adjournment(4, on=day("07-27"), reason="advies nodig"), COUNTING).ends == day("08-24")
    with pytest.raises(TermExpired, match="came after 2026-07-27"):
        adjourn(term, Adjournment(4, on=day("07-28"), reason="advies nodig"), COUNTING)


def test_a_decision_on_objection_is_adjourned_once_with_a_reason_and_further_only_with_consent(
    on_objection: RunningTerm,
) -> None:
    with pytest.raises(AdjournmentNotAllowed, match="needs a reason"):
        adjourn(on_objection, Adjournment(6, on=day("08-03"), reason=" "), COUNTING)
    with pytest.raises(AdjournmentNotAllowed, match="give the day"):
        adjourn(on_objection, Adjournment(6, reason="hoorzitting"), COUNTING)
    with pytest.raises(AdjournmentNotAllowed, match="more than the 6 weeks"):
        adjourn(on_objection, Adjournment(7, on=day("08-03"), reason="hoorzitting"), COUNTING)
    once = adjourn(on_objection, Adjournment(4, on=day("08-03"), reason="hoorzitting"), COUNTING)
    assert once.ends == day("09-21")
    with pytest.raises(AlreadyAdjourned, match="once"):
        adjourn(once, Adjournment(1, on=day("09-01"), reason="hoorzitting"), COUNTING)
    with_consent = adjourn(once, Adjournment(2, on=day("09-01"), reason="overleg", consent=True), COUNTING)
    assert with_consent.ends == day("10-05")


def test_an_objection_is_not_suspended_by_consent_to_wait(on_objection: RunningTerm) -> None:
    with pytest.raises(GroundNotAllowed, match=r"Awb art. 7:14"):
        suspend(on_objection, Suspension("4:15-2-a", from_=day("08-01"), until=day("08-10")), COUNTING)


def test_a_corrected_trigger_gives_what_a_term_with_these_facts_would_have_been(decision: RunningTerm) -> None:
    asked = resume(suspend(decision, invite("06-10", "06-24"), COUNTING), day("06-16"), COUNTING)

    corrected = correct_trigger(asked, day("06-04"), COUNTING)

    again = resume(
        suspend(start("wgs-4a-3", day("06-04"), COUNTING, length=8), invite("06-10", "06-24"), COUNTING),
        day("06-16"),
        COUNTING,
    )
    assert corrected == again
    assert corrected.ends == day("08-04")


def test_after_a_correction_a_suspension_outside_the_term_no_longer_counts(decision: RunningTerm) -> None:
    waiting = suspend(decision, Suspension("4:15-2-c", from_=day("07-20")), COUNTING)

    assert waiting.ends is None
    assert correct_trigger(waiting, day("04-20"), COUNTING).ends == day("06-15")


def test_a_correction_takes_the_law_of_the_new_date() -> None:
    term = start("fw-349a", date(2023, 7, 3), COUNTING)

    assert term.ends == date(2025, 1, 2)
    assert correct_trigger(term, date(2023, 6, 30), COUNTING).ends == date(2026, 6, 29)
    with pytest.raises(RuleNotInForce):
        correct_trigger(start("wgs-4-1-b", day("06-01"), COUNTING), date(2020, 12, 1), COUNTING)


def test_a_correction_cannot_put_the_trigger_after_the_act(decision: RunningTerm) -> None:
    with pytest.raises(FactsContradict, match="its trigger cannot be on"):
        correct_trigger(meet(decision, day("06-10")), day("06-11"), COUNTING)


def test_a_correction_reaches_every_term_that_hangs_on_the_corrected_one() -> None:
    objection = start("awb-6-7", day("03-16"), COUNTING)
    assert objection.ends is not None
    terms = {
        "bezwaar": objection,
        "beslissing": start("awb-7-10", objection.ends, COUNTING, anchor="bezwaar"),
        "aanvraag": start("wgs-4a-3", day("02-02"), COUNTING, length=8),
    }

    changed = correct(terms, "bezwaar", day("03-17"), COUNTING)

    assert {key: term.ends for key, term in changed.items()} == {"bezwaar": day("04-28"), "beslissing": day("06-09")}
    assert correct(terms, "bezwaar", day("03-23"), COUNTING)["beslissing"].trigger == day("05-04")
    assert set(correct(terms, "aanvraag", day("02-03"), COUNTING)) == {"aanvraag"}


def test_an_own_target_stands_beside_the_legal_date() -> None:
    term = start("wgs-4-1-a", day("06-01"), COUNTING, target_length=2)

    assert (term.target, term.ends) == (day("06-15"), day("06-29"))
    with pytest.raises(LengthNotAllowed):
        start("wgs-4-1-a", day("06-01"), COUNTING, target_length=5)
    with pytest.raises(LengthNotAllowed):
        start("awb-6-7", day("06-01"), COUNTING, target_length=5)


def test_a_longer_calendar_recomputes_the_end_and_names_its_version() -> None:
    term = start("awb-6-7", date(2029, 3, 30), COUNTING)  # six weeks: Friday 11 May 2029, the day after Ascension
    longer = Counting(
        calendar=Calendar(
            load_equated_days(
                b"format: 1\ndecrees: [{decree: KB, period: 2026-01-01..2031-12-31, days: [2029-05-11]}]", "kb"
            )
        )
    )

    again = recompute(term, longer)

    assert (term.ends, term.calendar_complete) == (date(2029, 5, 11), False)
    assert (again.ends, again.calendar_complete) == (date(2029, 5, 14), True)
    assert again.calendar_version != term.calendar_version
