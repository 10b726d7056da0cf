"""camunda:assignee: a task that is somebody's at once, by login."""

from __future__ import annotations

from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.errors import ExpressionFailed
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
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
