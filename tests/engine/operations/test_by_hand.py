"""What a professional may do beside the model: pick optional steps, leave one out, go back. By role, with a reason, visible."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.errors import NotAllowed, NotNow, ReasonNeeded, TaskClaimedByOther
from schuldhulp.engine.case.tasks import Completion
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case
from schuldhulp.engine.model.facts import Actor

from .sample import (
    CLERK,
    DESIGNER,
    FILES,
    LEADER,
    Clock,
    assert_proved,
    elements,
    open_case,
    process,
    properties,
    task_at,
    user,
)

STEPS = process(
    "M6",
    f"""<startEvent id="Start"/>{user("Intake", "Intake")}
    {user("Cursus", "Cursus volgen", more=properties(skip="sociaal_werker"))}
    {user("Plan", "Plan maken")}
    <adHocSubProcess id="Extra">{user("Huisbezoek", "Huisbezoek")}{user("Tolk", "Tolk regelen")}
      <completionCondition xsi:type="tFormalExpression">false</completionCondition></adHocSubProcess>
    <endEvent id="Klaar"/>
    --
    Start -> Intake
    Intake -> Cursus
    Cursus -> Plan
    Plan -> Extra
    Extra -> Klaar
    """,
)


@pytest.fixture
def engine(sqlite_url: str, tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    opened = open_engine(Settings(sqlite_url, tmp_path / "keys", synchronous="OFF"), clock)
    opened.deploy({**FILES, "processes/M6/M6.bpmn": STEPS}, DESIGNER)
    yield opened
    opened.store.close()


def do(engine: Engine, case: Case, element: str) -> None:
    engine.complete(case.number, task_at(engine, case, element).task, Completion(), CLERK)


def marks(engine: Engine, case: Case, kind: type[f.Fact]) -> list[f.Fact]:
    return [stored.fact for stored in engine.facts(case.number) if isinstance(stored.fact, kind)]


def moved(engine: Engine, case: Case, name: str) -> list[str]:
    """How the executor says that work ended, in its own facts."""
    steps = (stored.fact for stored in engine.facts(case.number) if isinstance(stored.fact, f.Advanced))
    return [each["element"] for step in steps for each in step.facts if each.get("how") == name]


def test_a_step_is_left_out_only_by_a_role_that_may_with_a_reason_and_it_shows(engine: Engine) -> None:
    case = open_case(engine, "M6")
    with pytest.raises(NotAllowed, match="nobody"):
        engine.skip(case.number, task_at(engine, case, "Intake").task, "is al gedaan", CLERK)
    do(engine, case, "Intake")
    task = task_at(engine, case, "Cursus").task
    with pytest.raises(NotAllowed, match="sociaal_werker"):
        engine.skip(case.number, task, "kan de taal niet", Actor(account=9, role="vrijwilliger"))
    with pytest.raises(ReasonNeeded):
        engine.skip(case.number, task, "", CLERK)
    engine.skip(case.number, task, "kan de taal niet", CLERK)
    assert elements(engine, case) == ["Plan"]
    (skipped,) = marks(engine, case, f.TaskSkipped)
    assert skipped.personal[f.DOSSIER]["reason"] == "kan de taal niet"
    assert moved(engine, case, "skipped") == ["Cursus"]
    rows = engine.rows("tasks_of_case", case=f"case/{case.number}")
    assert [(row["element"], row["status"]) for row in rows][:2] == [("Intake", "done"), ("Cursus", "skipped")]
    assert_proved(engine, case)


def test_a_person_goes_back_to_an_earlier_step_with_a_reason_and_both_passes_show(engine: Engine) -> None:
    case = open_case(engine, "M6")
    do(engine, case, "Intake")
    do(engine, case, "Cursus")
    task = task_at(engine, case, "Plan").task
    with pytest.raises(ReasonNeeded):
        engine.jump_back(case.number, task, "Intake", "", CLERK)
    with pytest.raises(NotNow, match="same part"):
        engine.jump_back(case.number, task, "Huisbezoek", "verkeerd", CLERK)
    engine.jump_back(case.number, task, "Intake", "gegevens klopten niet", CLERK)
    assert elements(engine, case) == ["Intake"]
    (back,) = marks(engine, case, f.JumpedBack)
    assert isinstance(back, f.JumpedBack)
    assert (back.to, back.personal[f.DOSSIER]["reason"]) == ("Intake", "gegevens klopten niet")
    assert moved(engine, case, "jumped") == ["Plan"]
    assert_proved(engine, case)


def test_going_back_is_for_whoever_has_the_task_and_the_coordinator_and_never_ahead(engine: Engine) -> None:
    case = open_case(engine, "M6")
    do(engine, case, "Intake")
    task = task_at(engine, case, "Cursus").task
    colleague = Actor(account=8, role="sociaal_werker")
    engine.claim(case.number, task, colleague)
    with pytest.raises(NotAllowed, match="sociaal_werker"):
        engine.jump_back(case.number, task, "Intake", "verkeerd", Actor(account=9, role="vrijwilliger"))
    with pytest.raises(TaskClaimedByOther):
        engine.jump_back(case.number, task, "Intake", "verkeerd", CLERK)
    with pytest.raises(TaskClaimedByOther):
        engine.skip(case.number, task, "verkeerd", CLERK)
    with pytest.raises(NotNow, match="not ahead"):
        engine.jump_back(case.number, task, "Plan", "vooruit", colleague)
    engine.jump_back(case.number, task, "Intake", "collega is ziek", LEADER)
    assert elements(engine, case) == ["Intake"]


def test_optional_steps_are_for_the_roles_that_the_designer_named(engine: Engine) -> None:
    case = open_case(engine, "M6")
    for element in ("Intake", "Cursus", "Plan"):
        do(engine, case, element)
    volunteer = Actor(account=9, role="vrijwilliger")
    with pytest.raises(NotAllowed, match="starting Tolk is for sociaal_werker, not for vrijwilliger"):
        engine.start_optional(case.number, 1, "Tolk", volunteer)
    with pytest.raises(NotAllowed, match="closing Extra"):
        engine.end_optional(case.number, 1, "Extra", volunteer)
    engine.start_optional(case.number, 1, "Tolk", LEADER)
    assert elements(engine, case) == ["Tolk"]


def test_a_professional_picks_optional_steps_in_any_order_and_closes_them(engine: Engine) -> None:
    case = open_case(engine, "M6")
    for element in ("Intake", "Cursus", "Plan"):
        do(engine, case, element)
    ((_, offered),) = engine.case(case.number).instances[1].offers.values()
    assert set(offered) == {"Huisbezoek", "Tolk"}
    with pytest.raises(NotNow, match="On offer: Huisbezoek, Tolk"):
        engine.start_optional(case.number, 1, "Cursus", CLERK)
    engine.start_optional(case.number, 1, "Tolk", CLERK)
    engine.start_optional(case.number, 1, "Huisbezoek", CLERK)
    engine.start_optional(case.number, 1, "Tolk", CLERK)
    assert elements(engine, case) == ["Tolk", "Huisbezoek", "Tolk"]
    with pytest.raises(NotNow, match="open"):
        engine.end_optional(case.number, 1, "Extra", CLERK)
    for element in ("Huisbezoek", "Tolk", "Tolk"):
        do(engine, case, element)
    engine.end_optional(case.number, 1, "Extra", CLERK)
    assert engine.case(case.number).instances == {}
    assert_proved(engine, case)


def test_an_optional_step_is_offered_again_after_the_module_was_suspended(engine: Engine) -> None:
    case = open_case(engine, "M6")
    for element in ("Intake", "Cursus", "Plan"):
        do(engine, case, element)
    engine.suspend(case.number, 1, "client is op reis", LEADER)
    with pytest.raises(NotNow, match="suspended"):
        engine.start_optional(case.number, 1, "Tolk", CLERK)
    engine.resume(case.number, 1, LEADER)
    engine.start_optional(case.number, 1, "Tolk", CLERK)
    assert elements(engine, case) == ["Tolk"]
    assert_proved(engine, case)
