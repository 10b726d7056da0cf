"""Running cases stay on their definitions until they are moved; moved, they keep everything and can still be proved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from schuldhulp.engine.case.errors import BadData, NotAllowed
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.case.tasks import Completion
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.jobs import job_of
from schuldhulp.engine.handle.migrating import CaseMove
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case

from .sample import (
    BROKEN,
    CALLED,
    CALLER,
    CLERK,
    DESIGNER,
    DICTIONARY,
    FILES,
    LEADER,
    REGISTER,
    ROBOT,
    Clock,
    assert_proved,
    elements,
    open_case,
    task_at,
    user,
)

APPLIED = date(2026, 3, 2)


def deploy(engine: Engine, **changed: bytes) -> str:
    """The sample with other processes; gives the id of the deployment."""
    files = {f"processes/{name}/{name}.bpmn": data for name, data in changed.items() if name != "dictionary"}
    dictionary = {"rules/dictionary.yaml": changed["dictionary"]} if "dictionary" in changed else {}
    return engine.deploy({**FILES, **files, **dictionary}, DESIGNER).id


def move(engine: Engine, to: str = "current", **asked: object) -> list[CaseMove]:
    """A dry run, then the run: both say the same."""
    target = engine.migration(to, **asked)  # type: ignore[arg-type]
    tried = list(engine.try_migration(target, DESIGNER))
    done = list(engine.migrate(target, DESIGNER))
    assert tried == done
    return done


def assert_rebuilt(engine: Engine, case: Case) -> None:
    """Without its snapshot the case is rebuilt from its facts alone, and is the same."""
    with engine.store.read() as reader:
        kept = engine.kept(reader, case.number)
    with engine.store.begin() as log:
        log.drop_snapshot(stream_of(case.number))
        assert engine.kept(log, case.number) == kept
    assert_proved(engine, case)


@pytest.mark.shows("C-L04")
def test_running_cases_stay_and_new_ones_start_on_what_was_deployed(engine: Engine) -> None:
    old = open_case(engine, "M3", aangemeld_op=APPLIED)
    deploy(engine, M3=CALLED.replace(b"Gesprek voeren", b"Kennismaken"))
    new = open_case(engine, "M3", aangemeld_op=APPLIED)
    assert [task_at(engine, case, "Praten").name for case in (old, new)] == ["Gesprek voeren", "Kennismaken"]
    engine.complete(old.number, task_at(engine, old, "Praten").task, Completion(), CLERK)
    assert_proved(engine, old)


def test_a_moved_case_keeps_claims_drafts_terms_and_due_moments_and_shows_the_new_task(
    either: Engine, clock: Clock
) -> None:
    case = open_case(either, "M3", aangemeld_op=APPLIED)
    task = task_at(either, case, "Praten").task
    either.claim(case.number, task, CLERK)
    either.save_draft(case.number, task, CLERK.account, 0, {"gesprek_op": "2026-03-05"})
    before, timers = either.case(case.number), either.rows("timers_of_case", case=stream_of(case.number))
    clock.on(days=2)
    deploy(either, M3=CALLED.replace(b"Gesprek voeren", b"Kennismaken").replace(b"P7D", b"P9D"))
    (moved,) = move(either, module="M3")
    assert moved.moved
    assert moved.moves[0].moves == (("Praten", "Praten", 1),)
    now = either.case(case.number)
    kept = now.tasks[task]
    assert (kept.name, kept.claimed_by, kept.claimed_at) == ("Kennismaken", 1, before.tasks[task].claimed_at)
    assert now.terms == before.terms
    assert either.rows("timers_of_case", case=stream_of(case.number)) == timers
    assert either.draft(case.number, task, CLERK.account) is not None
    assert now.instances[1].deployment != before.instances[1].deployment
    rows = either.rows("task", case=stream_of(case.number), task=task)
    assert (rows[0]["name"], rows[0]["claimed_by"]) == ("Kennismaken", 1)
    (fact,) = [s.fact for s in either.facts(case.number) if isinstance(s.fact, f.InstanceMigrated)]
    assert fact.source == before.instances[1].deployment
    assert_rebuilt(either, case)
    clock.on(days=5)
    list(either.tick(CLERK))
    assert elements(either, case) == ["Praten", "Bellen"]  # after the seven days it was armed with
    either.complete(case.number, task, Completion(), CLERK)
    assert_rebuilt(either, case)


def test_a_renamed_element_is_followed_by_map_and_refused_without(engine: Engine) -> None:
    case = open_case(engine, "M3", aangemeld_op=APPLIED)
    deploy(engine, M3=CALLED.replace(b"Praten", b"Kennismaken"))
    before = engine.facts(case.number)
    (stays,) = move(engine)
    assert not stays.moved
    assert "Praten: a token rests there, and it is not in the new process; map it" in stays.why
    assert engine.facts(case.number) == before
    (moved,) = move(engine, mapping={"Praten": "Kennismaken"})
    assert moved.moves[0].moves == (("Praten", "Kennismaken", 1),)
    assert moved.moves[0].lost == ()
    assert elements(engine, case) == ["Kennismaken"]
    assert engine.case(case.number).instances[1].tokens.values()
    assert_rebuilt(engine, case)
    engine.complete(case.number, task_at(engine, case, "Kennismaken").task, Completion(), CLERK)
    assert engine.case(case.number).instances == {}
    assert_rebuilt(engine, case)


def test_what_is_no_longer_waited_for_is_told_and_what_is_new_is_waited_for(either: Engine, clock: Clock) -> None:
    case, still = (open_case(either, "M3", aangemeld_op=APPLIED) for _ in range(2))
    either.suspend(still.number, 1, "even niet", LEADER)
    deploy(either, M3=CALLED.replace(b'"Herinneren', b'"Aansporen'))
    clock.on(days=3)
    target = either.migration("current")
    tried = [one.moves for one in either.try_migration(target, LEADER)]
    done = move(either)
    assert [one.moves for one in done] == tried, "the dry run says exactly what the run does"
    for moved in done:
        assert (moved.moves[0].lost, moved.moves[0].armed) == (("Herinneren",), ("Aansporen",))
    timers = either.rows("timers_of_case", case=stream_of(case.number))
    assert sorted(row["kind"] for row in timers) == ["bpmn", "term"]
    assert_rebuilt(either, case)
    clock.on(days=6, hours=23)
    list(either.tick(CLERK))
    assert elements(either, case) == ["Praten"], "seven days from the move, not from the start"
    clock.on(hours=2)
    list(either.tick(CLERK))
    assert elements(either, case) == ["Praten", "Bellen"]
    assert elements(either, still) == ["Praten"]
    either.resume(still.number, 1, LEADER)
    assert elements(either, still) == ["Praten", "Bellen"], "armed while suspended, due when resumed"
    for one in (case, still):
        assert_rebuilt(either, one)


def test_a_case_stays_where_it_is_when_a_new_event_cannot_be_worked_out(engine: Engine) -> None:
    case = open_case(engine, "M3", aangemeld_op=APPLIED)
    deploy(engine, M3=CALLED.replace(b'"Herinneren', b'"Aansporen').replace(b"P7D", b"gesprek_op + duration(&quot;P1D&quot;)"))
    before = engine.facts(case.number)
    (stays,) = move(engine)
    assert not stays.moved
    assert "Aansporen cannot be waited for" in stays.why
    assert stays.moves[0].reasons
    assert engine.facts(case.number) == before, "no incident either: the case is as it was"
    assert engine.incidents() == []


def test_an_instance_that_waits_for_a_called_one_and_the_called_one_move_together(engine: Engine) -> None:
    case = open_case(engine, "M2", aangemeld_op=APPLIED)
    deploy(
        engine,
        M2=CALLER.replace(b'name="Verder"', b'name="Verder met het plan"'),
        M3=CALLED.replace(b"Gesprek voeren", b"Kennismaken"),
    )
    (moved,) = move(engine)
    assert [one.process for one in moved.moves] == ["M2", "M3", "M3"]
    assert_rebuilt(engine, case)
    engine.complete(case.number, task_at(engine, case, "Praten").task, Completion(), CLERK)
    assert task_at(engine, case, "Daarna").name == "Verder met het plan"
    assert_rebuilt(engine, case)


def test_external_work_and_suspension_survive_a_move(engine: Engine) -> None:
    case = open_case(engine, "M1")
    (job,) = engine.fetch_and_lock(["inkomen"], "w")
    other = open_case(engine, "M1")
    engine.suspend(other.number, 1, "even niet", LEADER)
    deploy(engine, M1=REGISTER.replace(b'topic="inkomen"', b'topic="inkomen2"'))
    moved = move(engine)
    assert [one.moved for one in moved] == [True, True]
    assert "keeps topic 'inkomen'" in moved[0].moves[0].notes[0]
    assert engine.complete_external(*job_of(job.id), "w", {"inkomen": Decimal(5)}, ROBOT).taken
    assert elements(engine, case) == ["Bekijken"]
    assert engine.case(other.number).instances[1].status == "suspended"
    assert_rebuilt(engine, case)
    assert_rebuilt(engine, other)


def test_a_broken_model_is_mended_for_cases_that_run_and_then_tried_again(engine: Engine, clock: Clock) -> None:
    case = open_case(engine, "M4")
    clock.on(days=1)
    list(engine.tick(CLERK))
    assert len(engine.incidents()) == 1
    deploy(engine, M4=BROKEN.replace(b"inkomen - 100", b"if inkomen = null then 0 else inkomen - 100"))
    assert all(one.moved for one in move(engine))
    assert all(one.done for one in engine.retry_many(LEADER))
    assert elements(engine, case) == ["Klaar"]
    assert_rebuilt(engine, case)


def test_a_timer_that_is_due_fires_on_the_old_definitions_first_and_the_dry_run_knows(
    engine: Engine, clock: Clock
) -> None:
    case = open_case(engine, "M3", aangemeld_op=APPLIED)
    deploy(engine, M3=CALLED.replace(b'"Bellen"', b'"Opbellen"'))
    clock.on(days=7)
    (stays,) = move(engine)
    assert "Bellen" in stays.why
    (moved,) = move(engine, mapping={"Bellen": "Opbellen"})
    assert moved.moved
    assert elements(engine, case) == ["Praten", "Opbellen"]
    assert_rebuilt(engine, case)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda d: d.replace(b"<userTask", b"<manualTask", 1).replace(b"</userTask", b"</manualTask", 1), "manualTask"),
        (lambda d: d.replace(b"</userTask>", b"<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
                             b"</multiInstanceLoopCharacteristics></userTask>", 1), "multi-instance"),
        (lambda d: d.replace(b'id="M3"', b'id="M33"', 1), "there is no process M3"),
    ],
    ids=["another kind", "becomes multi-instance", "process gone"],
)  # fmt: skip
def test_what_does_not_mean_the_same_any_more_is_refused_with_the_reason(
    engine: Engine, change: Callable[[bytes], bytes], why: str
) -> None:
    case = open_case(engine, "M3", aangemeld_op=APPLIED)
    files = {name: data for name, data in FILES.items() if "M2" not in name}
    engine.deploy({**files, "processes/M3/M3.bpmn": change(CALLED)}, DESIGNER)
    (stays,) = move(engine)
    assert not stays.moved
    assert why in stays.why
    assert_proved(engine, case)


def test_data_that_would_mean_something_else_hold_a_case_back(engine: Engine) -> None:
    open_case(engine, "M1", inkomen=Decimal(1))
    without = open_case(engine, "M1")
    retyped = DICTIONARY.replace(b"inkomen: {type: amount", b"inkomen: {type: string")
    deploy(engine, dictionary=retyped)
    first, second = move(engine)
    assert "inkomen is filled in as amount" in first.why
    assert (second.case, second.moved) == (without.number, True)


def test_counts_of_the_dry_run_and_the_run_add_up_and_a_stopped_run_goes_on(either: Engine) -> None:
    for _ in range(4):
        open_case(either, "M3", aangemeld_op=APPLIED)
    for _ in range(2):
        open_case(either, "M1")
    old = either.deployment().id
    deploy(either, M3=CALLED.replace(b"Gesprek voeren", b"Kennismaken"))
    target = either.migration("current", source=old, module="M3")
    assert either.count_to_migrate(target) == (4, 4)
    assert sum(len(one.moves) for one in either.try_migration(target, DESIGNER)) == 4
    running = either.migrate(target, DESIGNER)
    assert [next(running).moved, next(running).moved] == [True, True]
    del running  # the program stops here
    assert either.count_to_migrate(target) == (2, 2)
    assert len(list(either.migrate(target, DESIGNER))) == 2
    assert list(either.migrate(target, DESIGNER)) == []
    assert either.count_to_migrate(either.migration("current")) == (2, 2)  # those of M1


def test_a_case_that_cannot_move_does_not_stop_the_others(engine: Engine) -> None:
    stuck, free = open_case(engine, "M3", aangemeld_op=APPLIED), open_case(engine, "M1")
    deploy(engine, M3=CALLED.replace(b'"Praten"', b'"Kennismaken"'), M1=REGISTER.replace(b"bekijken", b"lezen"))
    assert [(one.case, one.moved) for one in move(engine)] == [(stuck.number, False), (free.number, True)]


@pytest.mark.parametrize(
    ("to", "asked", "why"),
    [
        ("abc", {}, "no deployment"),
        ("ffffffff", {}, "names 0 deployment"),
        ("current", {"source": "000000"}, "names 0"),
        ("current", {"mapping": {"Nergens": "Praten"}}, "Nergens is in no running process"),
        ("current", {"mapping": {"Praten": "Nergens"}}, "Nergens is not in the new deployment"),
    ],
)
def test_what_cannot_be_meant_is_named(engine: Engine, to: str, asked: dict[str, object], why: str) -> None:
    open_case(engine, "M3", aangemeld_op=APPLIED)
    deploy(engine, M3=CALLED.replace(b"Gesprek voeren", b"Kennismaken"))
    with pytest.raises(BadData, match=why):
        engine.migration(to, **asked)  # type: ignore[arg-type]


def test_moving_cases_is_for_some_roles(engine: Engine) -> None:
    open_case(engine, "M1")
    deploy(engine, M1=REGISTER.replace(b"bekijken", b"lezen"))
    target = engine.migration("current")
    for run in (engine.migrate, engine.try_migration):
        with pytest.raises(NotAllowed, match="procesontwerper"):
            run(target, CLERK)


def test_a_case_can_move_more_than_once_and_back(engine: Engine) -> None:
    case, first = open_case(engine, "M3", aangemeld_op=APPLIED), engine.deployment().id
    second = deploy(engine, M3=CALLED.replace(b'"Praten"', b'"Kennismaken"'))
    deploy(engine, M3=CALLED.replace(b'"Praten"', b'"Ontmoeten"'))
    for to, names in ((second, ("Praten", "Kennismaken")), ("current", ("Kennismaken", "Ontmoeten"))):
        assert all(one.moved for one in move(engine, to, mapping=dict([names])))
    assert all(one.moved for one in move(engine, first, mapping={"Ontmoeten": "Praten"}))
    assert elements(engine, case) == ["Praten"]
    assert_rebuilt(engine, case)


def test_a_longer_process_is_walked_to_its_new_end(engine: Engine) -> None:
    case = open_case(engine, "M1")
    (job,) = engine.fetch_and_lock(["inkomen"], "w")
    engine.complete_external(*job_of(job.id), "w", {}, ROBOT)
    longer = REGISTER.replace(b'<endEvent id="Klaar"/>', user("Meer", "Nog iets").encode() + b'<endEvent id="Klaar"/>')
    longer = longer.replace(
        b'id="Bekijken_Klaar" sourceRef="Bekijken" targetRef="Klaar"/>',
        b'id="Bekijken_Meer" sourceRef="Bekijken" targetRef="Meer"/>'
        b'<sequenceFlow id="Meer_Klaar" sourceRef="Meer" targetRef="Klaar"/>',
    )
    deploy(engine, M1=longer)
    assert all(one.moved for one in move(engine))
    engine.complete(case.number, task_at(engine, case, "Bekijken").task, Completion(), CLERK)
    assert elements(engine, case) == ["Meer"]
    assert_rebuilt(engine, case)


def test_due_moments_are_those_of_before_to_the_microsecond(engine: Engine, clock: Clock) -> None:
    clock.on(microseconds=123456)
    case = open_case(engine, "M3", aangemeld_op=APPLIED)
    (due,) = [due for _, due in engine.case(case.number).instances[1].timers.values()]
    deploy(engine, M3=CALLED.replace(b"P7D", b"P1D"))
    clock.on(days=3)
    move(engine)
    assert [kept for _, kept in engine.case(case.number).instances[1].timers.values()] == [due]
    assert isinstance(due, datetime)
    assert due - (clock() - timedelta(days=3)) == timedelta(days=7)


def test_the_diagram_follows_a_moved_case_and_shows_nothing_that_is_not_on_it(engine: Engine) -> None:
    from schuldhulp.tasks.traces import drawing

    case = open_case(engine, "M1")
    (job,) = engine.fetch_and_lock(["inkomen"], "w")
    engine.complete_external(*job_of(job.id), "w", {}, ROBOT)
    shorter = REGISTER.replace(b'"Opvragen"', b'"Ophalen"').replace(b'"Opvragen_Bekijken"', b'"weg"')
    deploy(engine, M1=shorter.replace(b'"Bekijken"', b'"Lezen"'))
    before = drawing(engine, engine.facts(case.number), 1)
    assert before.own.now == {"Bekijken": 1}
    assert all(one.moved for one in move(engine, mapping={"Bekijken": "Lezen"}))
    after = drawing(engine, engine.facts(case.number), 1)
    assert (after.own.now, after.own.done) == ({"Lezen": 1}, ["Start"])
    assert set(after.drawn.marks()["flows"]) <= set(after.graph.flows)
    assert drawing(engine, engine.facts(case.number)[:-2], 1).deployment == before.deployment
