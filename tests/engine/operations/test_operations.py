"""Keeping things running: incidents with their cause, one or many retried; instances cancelled, suspended, resumed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from schuldhulp.engine.case.errors import CommandRefused, NotAllowed, NotNow, ReasonNeeded
from schuldhulp.engine.case.tasks import Completion
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.operations import Which
from schuldhulp.engine.model import facts as f

from .sample import (
    BROKEN,
    CLERK,
    DESIGNER,
    FILES,
    LEADER,
    Clock,
    assert_proved,
    elements,
    facts,
    open_case,
    task_at,
)

APPLIED = date(2026, 3, 2)
REASON = "de aanvraag is ingetrokken"


def fail_some(engine: Engine, clock: Clock, number: int) -> list[str]:
    """Cases in which a script failed because the income is not known."""
    numbers = [open_case(engine, "M4").number for _ in range(number)]
    clock.on(days=1)
    assert all(isinstance(done, CommandRefused) for _, done in engine.tick(CLERK))
    return numbers


# --- incidents --------------------------------------------------------------------------------------------------------


def test_incidents_are_listed_with_case_element_name_and_cause(either: Engine, clock: Clock) -> None:
    numbers = fail_some(either, clock, 3)
    found = either.incidents()
    assert [(one.case, one.module, one.element, one.name) for one in found] == [
        (number, "M4", "Rekenen", "Budget rekenen") for number in numbers
    ]
    assert all("inkomen" in (one.cause or "") for one in found)
    assert either.incidents(element="Anders") == []
    (group,) = either.incident_groups()
    assert (group["module"], group["element"], group["number"]) == ("M4", "Rekenen", 3)


def test_many_are_tried_again_and_one_that_fails_again_does_not_stop_the_others(either: Engine, clock: Clock) -> None:
    first, second, third = fail_some(either, clock, 3)
    for number in (first, third):
        either.correct(number, {"inkomen": Decimal(1500)}, "stond niet in het dossier", CLERK)
    outcomes = list(either.retry_many(LEADER, element="Rekenen"))
    assert [(one.case, one.done) for one in outcomes] == [(first, True), (second, False), (third, True)]
    assert "inkomen" in outcomes[1].what
    assert [one.case for one in either.incidents()] == [second]
    for number in (first, second, third):
        assert_proved(either, either.case(number))
    assert elements(either, either.case(first)) == ["Klaar"]


def test_what_is_due_is_not_tried_again_by_itself_while_its_incident_is_open(engine: Engine, clock: Clock) -> None:
    (number,) = fail_some(engine, clock, 1)
    before = len(engine.facts(number))
    for _ in range(5):
        assert list(engine.tick(CLERK)) == []
    assert len(engine.facts(number)) == before


# --- cancelling -------------------------------------------------------------------------------------------------------


def test_a_cancelled_instance_takes_tasks_timers_work_and_called_instances_with_it(engine: Engine) -> None:
    case = open_case(engine, "M2", aangemeld_op=APPLIED)
    assert sorted(engine.case(case.number).instances) == [1, 2, 3]
    engine.cancel(case.number, 1, REASON, LEADER, "end")
    now = engine.case(case.number)
    assert (now.instances, now.tasks, now.terms) == ({}, {}, {})
    assert engine.rows("timers_of_case", case=f"case/{case.number}") == []
    rows = engine.rows("instances_of_case", case=f"case/{case.number}")
    assert [row["status"] for row in rows] == ["terminated"] * 3
    cancelled = next(s.fact for s in engine.facts(case.number) if isinstance(s.fact, f.InstanceCancelled))
    assert cancelled.personal[f.DOSSIER]["reason"] == REASON
    assert_proved(engine, case)


def test_external_work_of_a_cancelled_instance_is_called_off(either: Engine) -> None:
    case = open_case(either, "M1")
    either.cancel(case.number, 1, REASON, LEADER)
    assert either.fetch_and_lock(["inkomen"], "w") == []
    assert either.jobs() == []
    assert_proved(either, case)


def test_a_caller_goes_on_over_the_way_drawn_for_it_and_else_as_if_the_step_were_left_out(engine: Engine) -> None:
    case = open_case(engine, "M2", aangemeld_op=APPLIED)
    quiet, told = 2, 3
    engine.cancel(case.number, quiet, REASON, LEADER, "keep")
    assert "Daarna" in elements(engine, case)
    engine.cancel(case.number, told, REASON, LEADER, "keep")
    assert elements(engine, case) == ["Daarna", "Anders"]
    how = [
        moved["how"]
        for stored in engine.facts(case.number)
        if isinstance(stored.fact, f.Advanced) and stored.fact.instance == 1
        for moved in stored.fact.facts
        if moved["fact"] == "work_ended"
    ]
    assert how == ["skipped", "failed"]
    assert_proved(engine, case)


def test_terms_that_hang_on_an_instance_do_not_vanish_in_silence(engine: Engine) -> None:
    case = open_case(engine, "M3", aangemeld_op=APPLIED)
    with pytest.raises(NotNow, match=r"wgs-4-1-a, last day 30-03-2026.*\(end\).*\(keep\)"):
        engine.cancel(case.number, 1, REASON, LEADER)
    engine.cancel(case.number, 1, REASON, LEADER, "keep")
    (term,) = engine.case(case.number).terms.values()
    assert (term.rule, term.ends) == ("wgs-4-1-a", date(2026, 3, 30))
    assert_proved(engine, case)


def test_whoever_is_no_operator_suspends_resumes_retries_migrates_and_answers_nothing(engine: Engine) -> None:
    case = open_case(engine, "M1")
    number, work = case.number, next(iter(engine.fetch_and_lock(["inkomen"], "w"))).work
    refused: list[Callable[[], object]] = [
        lambda: engine.suspend(number, 1, REASON, CLERK),
        lambda: engine.resume(number, 1, CLERK),
        lambda: engine.retry(number, 1, CLERK),
        lambda: engine.retry_many(CLERK),
        lambda: engine.suspend_many(Which(), REASON, CLERK),
        lambda: engine.resume_many(Which(), CLERK),
        lambda: engine.cancel_many(Which(), REASON, CLERK),
        lambda: engine.migrate(engine.migration("current"), CLERK),
        lambda: engine.try_migration(engine.migration("current"), CLERK),
        lambda: engine.complete_external(number, 1, work, "w", {}, CLERK),
        lambda: engine.bpmn_error(number, 1, work, "w", "x", {}, CLERK),
        lambda: engine.fail_external(number, 1, work, "w", "x", CLERK, retries=0),
    ]
    for attempt in refused:
        with pytest.raises(NotAllowed, match=r"is for .*(teamleider).*, not for sociaal_werker"):
            attempt()
    assert facts(engine, case).count("CommandGiven") == 1


def test_cancelling_is_for_some_roles_and_needs_a_reason(engine: Engine) -> None:
    case = open_case(engine, "M1")
    with pytest.raises(NotAllowed, match="teamleider"):
        engine.cancel(case.number, 1, REASON, CLERK)
    with pytest.raises(ReasonNeeded):
        engine.cancel(case.number, 1, "  ", LEADER)
    with pytest.raises(CommandRefused, match="no open instance 7"):
        engine.cancel(case.number, 7, REASON, LEADER)
    assert facts(engine, case).count("CommandGiven") == 1


# --- suspending -------------------------------------------------------------------------------------------------------


def test_suspended_nothing_moves_and_what_happens_meanwhile_follows_when_it_is_resumed(
    engine: Engine, clock: Clock
) -> None:
    case = open_case(engine, "M2", aangemeld_op=APPLIED)
    engine.suspend(case.number, 1, "wachten op de rechter", LEADER)
    child = task_at(engine, case, "Praten")
    engine.complete(case.number, child.task, Completion(), CLERK)  # the called instance ends, its caller is suspended
    assert "Daarna" not in elements(engine, case)
    assert_proved(engine, case)
    engine.resume(case.number, 1, LEADER)
    assert "Daarna" in elements(engine, case)
    assert engine.case(case.number).instances[1].held == ()
    assert_proved(engine, case)


def test_a_task_of_a_suspended_module_waits_and_its_timer_fires_after_it_was_resumed(
    engine: Engine, clock: Clock
) -> None:
    case = open_case(engine, "M3", aangemeld_op=APPLIED)
    engine.suspend(case.number, 1, "wachten op de rechter", LEADER)
    with pytest.raises(NotNow, match="suspended"):
        engine.complete(case.number, task_at(engine, case, "Praten").task, Completion(), CLERK)
    clock.on(days=8)
    list(engine.tick(CLERK))
    assert elements(engine, case) == ["Praten"]
    engine.resume(case.number, 1, LEADER)
    assert elements(engine, case) == ["Praten", "Bellen"]
    assert_proved(engine, case)


def test_a_message_for_a_suspended_module_is_kept_sealed_and_read_once_when_it_is_resumed(engine: Engine) -> None:
    case = open_case(engine, "M7")
    engine.suspend(case.number, 1, "even niet", LEADER)
    engine.message(case.number, "brief", {"van": "de rechter"}, CLERK, key="post-1")
    engine.message(case.number, "brief", {"van": "de rechter"}, CLERK, key="post-1")
    with pytest.raises(NotNow, match="waits for message"):  # one letter is waited for, and that came
        engine.message(case.number, "brief", {"van": "een ander"}, CLERK, key="post-2")
    (kept,) = [s.fact for s in engine.facts(case.number) if isinstance(s.fact, f.StimulusHeld)]
    assert "rechter" not in str(kept.stimulus)
    assert elements(engine, case) == []
    assert_proved(engine, case)
    engine.resume(case.number, 1, LEADER)
    assert elements(engine, case) == ["Lezen"]
    assert_proved(engine, case)


def test_a_suspended_instance_can_be_cancelled(engine: Engine) -> None:
    case = open_case(engine, "M1")
    engine.suspend(case.number, 1, "even niet", LEADER)
    engine.cancel(case.number, 1, REASON, LEADER)
    assert engine.case(case.number).instances == {}
    assert_proved(engine, case)


# --- many at once -----------------------------------------------------------------------------------------------------


def test_many_are_suspended_resumed_and_cancelled_with_counts_that_add_up(either: Engine) -> None:
    for _ in range(3):
        open_case(either, "M1")
    for _ in range(2):
        open_case(either, "M2", aangemeld_op=APPLIED)
    assert either.count(Which()) == (9, 5)
    assert either.count(Which(module="M1")) == (3, 3)
    done = list(either.suspend_many(Which(module="M1"), "onderhoud", LEADER))
    assert len(done) == 3 == either.count(Which("M1", status="suspended"))[0]
    assert list(either.suspend_many(Which(module="M1"), "onderhoud", LEADER)) == []  # nothing is left to do
    assert all(one.done for one in either.resume_many(Which("M1"), LEADER))
    refused = list(either.cancel_many(Which(module="M2"), REASON, LEADER))
    assert [one.done for one in refused] == [False, False]
    assert "end" in refused[0].what
    done = list(either.cancel_many(Which(), REASON, LEADER, "end"))
    assert [one.done for one in done] == [True] * 5  # called instances went with their callers
    assert either.count(Which()) == (0, 0)
    assert either.jobs() == []


def test_bulk_work_goes_on_where_it_stopped(engine: Engine) -> None:
    cases = [open_case(engine, "M1") for _ in range(4)]
    running = engine.cancel_many(Which(module="M1"), REASON, DESIGNER)
    assert next(running).done
    del running  # the program stops here
    assert engine.count(Which(module="M1")) == (3, 3)
    assert len(list(engine.cancel_many(Which(module="M1"), REASON, DESIGNER))) == 3
    assert all(not engine.case(case.number).instances for case in cases)


def test_bulk_work_on_everything_is_for_some_roles(engine: Engine) -> None:
    open_case(engine, "M1")
    for act in (
        lambda: engine.cancel_many(Which(), REASON, CLERK),
        lambda: engine.suspend_many(Which(), REASON, CLERK),
        lambda: engine.resume_many(Which(), CLERK),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_mended_model_lets_new_cases_through_while_old_ones_keep_theirs(engine: Engine, clock: Clock) -> None:
    (old,) = fail_some(engine, clock, 1)
    mended = BROKEN.replace(b"inkomen - 100", b"if inkomen = null then 0 else inkomen - 100")
    engine.deploy({**FILES, "processes/M4/M4.bpmn": mended}, DESIGNER)
    new = open_case(engine, "M4")
    clock.on(days=1)
    list(engine.tick(CLERK))
    assert elements(engine, new) == ["Klaar"]
    assert [one.case for one in engine.incidents()] == [old]
    assert not next(engine.retry_many(LEADER)).done
