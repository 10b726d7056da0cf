"""Service tasks as jobs: handed out by topic, answered once, and harmless when a worker dies or comes too late."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from schuldhulp.engine.case.errors import BadData, ModelFailed, NotNow
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.jobs import Job, job_of

from .sample import CLERK, LEADER, ROBOT, Clock, assert_proved, elements, facts, open_case


def fetch(engine: Engine, worker: str = "w1", **more: int) -> list[Job]:
    return engine.fetch_and_lock(["inkomen"], worker, **more)


def test_a_worker_gets_its_work_and_the_process_goes_on_with_what_it_found(either: Engine) -> None:
    case = open_case(either, "M1")
    (job,) = fetch(either)
    assert (job.case, job.element, job.process, job.variables) == (
        case.number, "Opvragen", "M1", {"naam": "Fenna Testema"},
    )  # fmt: skip
    assert (job.attempts, job.retries) == (1, None)
    assert either.fetch_and_lock(["iets anders"], "w1") == []
    assert fetch(either, "w2") == []
    answer = either.complete_external(*job_of(job.id), "w1", {"inkomen": Decimal("1250.50")}, ROBOT)
    assert answer.taken
    now = either.case(case.number)
    assert now.data["inkomen"] == 125050
    assert elements(either, case) == ["Bekijken"]
    assert either.jobs() == []
    assert_proved(either, case)


def test_a_lock_that_ran_out_gives_the_work_to_another_and_the_first_comes_too_late(
    either: Engine, clock: Clock
) -> None:
    case = open_case(either, "M1")
    (job,) = fetch(either, lock_seconds=60)
    clock.on(seconds=61)
    (again,) = fetch(either, "w2")
    assert again.attempts == 2
    before = facts(either, case)
    late = either.complete_external(*job_of(job.id), "w1", {"inkomen": Decimal(1)}, ROBOT)
    assert not late.taken
    assert "w1" in str(late.late)
    assert facts(either, case) == before
    assert either.complete_external(*job_of(job.id), "w2", {"inkomen": Decimal(2)}, ROBOT).taken
    assert not either.complete_external(*job_of(job.id), "w2", {"inkomen": Decimal(3)}, ROBOT).taken
    assert either.case(case.number).data["inkomen"] == 200
    assert facts(either, case).count("TaskOpened") == 1
    assert_proved(either, case)


def test_work_that_a_timer_took_back_is_not_handed_out_and_its_answer_changes_nothing(
    either: Engine, clock: Clock
) -> None:
    case = open_case(either, "M1")
    (job,) = fetch(either, lock_seconds=3600)
    clock.on(days=3)
    late = either.complete_external(*job_of(job.id), "w1", {"inkomen": Decimal(1)}, ROBOT)
    assert not late.taken  # the timer was due before the answer came, and fires first
    assert elements(either, case) == ["Navragen"]
    assert "inkomen" not in either.case(case.number).data
    assert fetch(either) == []
    assert either.jobs() == []
    assert_proved(either, case)


def test_failing_work_is_tried_again_later_and_at_last_waits_for_a_person(either: Engine, clock: Clock) -> None:
    case = open_case(either, "M1")
    (job,) = fetch(either)
    hour = timedelta(hours=1)
    assert either.fail_external(
        *job_of(job.id), "w1", "register antwoordt niet aan F. Testema", ROBOT, retries=1, retry_after=hour
    ).taken
    assert fetch(either) == []
    (row,) = either.jobs()
    assert (row["state"], row["retries"], row["said"]) == ("waiting", 1, "register antwoordt niet aan F. Testema")
    clock.on(hours=1)
    (job,) = fetch(either)
    assert (job.attempts, job.retries) == (2, 1)
    assert either.fail_external(*job_of(job.id), "w1", "nog steeds niet", ROBOT, retries=0).taken
    assert fetch(either) == []
    (incident,) = either.incidents()
    assert (incident.case, incident.element, incident.name, incident.code, incident.cause) == (
        case.number, "Opvragen", "Inkomen opvragen", "job-failed", "nog steeds niet",
    )  # fmt: skip
    assert [row["state"] for row in either.jobs()] == ["failed"]
    either.retry(case.number, incident.incident, LEADER)
    assert either.incidents() == []
    (job,) = fetch(either)
    assert either.complete_external(*job_of(job.id), "w1", {}, ROBOT).taken
    assert_proved(either, case)


def test_an_incident_about_a_job_does_not_hold_up_the_timer_that_is_there_to_help(either: Engine, clock: Clock) -> None:
    case = open_case(either, "M1")
    (job,) = fetch(either)
    either.fail_external(*job_of(job.id), "w1", "kapot", ROBOT, retries=0)
    clock.on(days=3)
    assert [number for number, _ in either.tick(CLERK)] == [case.number]
    assert elements(either, case) == ["Navragen"]
    assert either.incidents() == []  # nothing is left to try again
    assert_proved(either, case)


def test_a_bpmn_error_takes_the_way_that_the_designer_drew(either: Engine) -> None:
    case = open_case(either, "M1")
    (job,) = fetch(either)
    assert either.bpmn_error(*job_of(job.id), "w1", "onbekend", {}, ROBOT).taken
    assert elements(either, case) == ["Zoeken"]
    assert either.jobs() == []
    assert_proved(either, case)


def test_a_worker_can_ask_for_more_time_or_give_its_work_back(either: Engine, clock: Clock) -> None:
    open_case(either, "M1")
    (job,) = fetch(either, lock_seconds=60)
    assert either.extend_lock(*job_of(job.id), "w1", 600).taken
    clock.on(seconds=300)
    assert fetch(either, "w2") == []
    assert not either.unlock(*job_of(job.id), "w2").taken
    assert either.unlock(*job_of(job.id), "w1").taken
    assert [found.worker for found in fetch(either, "w2")] == ["w2"]
    assert not either.extend_lock(*job_of(job.id), "w1", 600).taken


def test_a_suspended_module_hands_out_no_work_and_keeps_what_is_out(engine: Engine) -> None:
    case = open_case(engine, "M1")
    (job,) = fetch(engine)
    engine.suspend(case.number, 1, "register in onderhoud", LEADER)
    with pytest.raises(NotNow, match="suspended"):
        engine.complete_external(*job_of(job.id), "w1", {}, ROBOT)
    engine.unlock(*job_of(job.id), "w1")
    assert fetch(engine) == []
    engine.resume(case.number, 1, LEADER)
    assert len(fetch(engine)) == 1


def test_work_is_handed_out_once_and_oldest_case_first(either: Engine) -> None:
    numbers = [open_case(either, "M1").number for _ in range(5)]
    first, rest = fetch(either, "w1", limit=2), fetch(either, "w2", limit=10)
    assert [job.case for job in (*first, *rest)] == numbers
    assert fetch(either, "w3") == []


def test_an_answer_that_does_not_fit_is_refused_and_the_worker_keeps_its_work(engine: Engine) -> None:
    case = open_case(engine, "M1")
    (job,) = fetch(engine)
    with pytest.raises(BadData, match="inkomen"):
        engine.complete_external(*job_of(job.id), "w1", {"inkomen": "veel"}, ROBOT)
    assert engine.complete_external(*job_of(job.id), "w1", {"inkomen": Decimal(1)}, ROBOT).taken
    assert_proved(engine, case)


@pytest.mark.parametrize(
    ("worker", "limit", "seconds"), [("", 1, 60), ("w", 0, 60), ("w", 1, 0), ("w", 1, 10**9), ("w", 10**6, 60)]
)
def test_senseless_demands_are_refused(engine: Engine, worker: str, limit: int, seconds: int) -> None:
    with pytest.raises(BadData):
        engine.fetch_and_lock(["inkomen"], worker, limit=limit, lock_seconds=seconds)


@pytest.mark.parametrize("text", ["", "2026-000001", "2026-000001/1", "2026-000001/a/2", "/1/2"])
def test_what_is_no_job_is_named(text: str) -> None:
    with pytest.raises(BadData, match="jobs list"):
        job_of(text)


def test_the_answer_of_a_job_that_breaks_the_model_is_rolled_back_and_kept_as_one_incident(
    engine: Engine, clock: Clock
) -> None:
    case = open_case(engine, "M4")  # the timer of M4 computes with an income that is not known
    clock.on(days=1)
    for _ in range(3):
        with pytest.raises(ModelFailed):
            engine.retry(case.number, _incident(engine, case.number, clock), LEADER)
    (incident,) = engine.incidents()
    assert incident.element == "Rekenen"
    assert_proved(engine, case)


def _incident(engine: Engine, number: str, clock: Clock) -> int:
    found = list(engine.case(number).incidents)
    if not found:
        list(engine.tick(CLERK))
        found = list(engine.case(number).incidents)
    return found[0]
