"""camunda:assignee and candidateUsers: a task that is somebody's at once, or may be taken by people by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.errors import ExpressionFailed, NotAllowed
from schuldhulp.engine.definitions.check import check_files
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
from schuldhulp.tasks.access import person_by_login
from schuldhulp.tasks.inbox import inbox
from tests.engine.case.sample import FILES, PROCESS

CLERK = Actor(account=1, role="aanmeldmedewerker")
JORIS = {"client_naam": "Joris Voorbeeld", "dreiging": "geen", "aangemeld_op": "2026-04-07"}


def engine_with(folder: Path, assignee: str) -> Engine:
    process = PROCESS.replace(
        b'camunda:formRef="gesprek"', f'camunda:formRef="gesprek" camunda:assignee="{assignee}"'.encode()
    )
    engine = open_engine(Settings(f"sqlite:///{folder / 'a.db'}", folder / "keys", synchronous="OFF"))
    engine.deploy({**FILES, "processes/M5/M5.bpmn": process}, CLERK)
    return engine


def test_a_login_gives_the_task_to_that_person_at_once(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, "karim")
    number = engine.put_account("karim", "Karim (verzonnen)", ("sociaal_werker",), CLERK)
    case = work.open_with_values(engine, "M5", JORIS, CLERK).case

    (task,) = case.tasks.values()
    assert task.claimed_by == number
    assert engine.verify(case.number) == []


def test_a_login_that_nobody_has_is_an_error_that_names_it(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, "niemand")

    with pytest.raises(ExpressionFailed, match="niemand"):
        work.open_with_values(engine, "M5", JORIS, CLERK)


def test_people_by_name_may_take_a_task_beside_the_roles_it_is_for(tmp_path: Path) -> None:
    users = PROCESS.replace(b'camunda:formRef="gesprek"', b'camunda:formRef="gesprek" camunda:candidateUsers="tess, ruben"')
    engine = open_engine(Settings(f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "keys", synchronous="OFF"))
    engine.deploy({**FILES, "processes/M5/M5.bpmn": users}, CLERK)
    assert not [one for one in check_files({**FILES, "processes/M5/M5.bpmn": users}) if "candidateUsers" in one.message]
    accounts = {login: engine.put_account(login, login.title(), ("vrijwilliger",), CLERK) for login in ("tess", "ruben", "bo")}
    case = work.open_with_values(engine, "M5", JORIS, CLERK).case.number
    seen = {login: inbox(engine, person_by_login(engine, login), "group").counts["group"] for login in accounts}
    assert seen == {"tess": 1, "ruben": 1, "bo": 0}
    with pytest.raises(NotAllowed):
        engine.claim(case, 1, person_by_login(engine, "bo").actor())
    engine.claim(case, 1, person_by_login(engine, "tess").actor())
    assert engine.case(case).tasks[1].claimed_by == accounts["tess"]
    assert engine.verify(case) == []


def test_candidates_are_names_and_no_expressions() -> None:
    wrong = PROCESS.replace(b'camunda:formRef="gesprek"', b'camunda:formRef="gesprek" camunda:candidateUsers="=wie"')
    found = [one.code for one in check_files({**FILES, "processes/M5/M5.bpmn": wrong})]
    assert "candidates-expression" in found
