"""Beside the drawn way: going back to an earlier step, leaving one out. What may be chosen, for every face alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from schuldhulp.engine.case.errors import NotNow
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.case.roles import COORDINATOR
from schuldhulp.engine.case.tasks import earlier_than
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.access import Person
from schuldhulp.tasks.work import OpenTask

_DONE = ("done", "skipped")


@dataclass(frozen=True, slots=True)
class EarlierStep:
    """A step that was done (or left out) before, when it last was."""

    element: str
    name: str
    ended_at: datetime


def earlier_steps(engine: Engine, shown: OpenTask) -> tuple[EarlierStep, ...]:
    """Steps of this run of the module to which one can go back from a task, the last one first."""
    if shown.node is None or shown.module is None:
        return ()
    before = earlier_than(shown.module, shown.node)
    if not before:
        return ()
    found: dict[str, EarlierStep] = {}
    for row in engine.rows("tasks_of_case", case=stream_of(shown.case.number)):
        if row["instance"] == shown.task.instance and row["element"] in before and row["status"] in _DONE:
            name = shown.module.nodes[row["element"]].name or row["element"]
            found[row["element"]] = EarlierStep(row["element"], name, row["ended_at"])
    return tuple(sorted(found.values(), key=lambda step: step.ended_at, reverse=True))


def may_go_back(person: Person, shown: OpenTask) -> bool:
    """Whoever has the task, or may have it and nobody does; and the coordinator."""
    if COORDINATOR in person.roles:
        return True
    fits = not shown.task.roles or bool(set(shown.task.roles) & set(person.may_take))
    return fits and shown.task.claimed_by in (None, person.account)


def roles_to_go_back(person: Person, shown: OpenTask) -> Sequence[str]:
    """The roles in which this person goes back, the one of the task first."""
    fits = not shown.task.roles or bool(set(shown.task.roles) & set(person.may_take))
    return shown.task.roles if fits and shown.task.claimed_by in (None, person.account) else (COORDINATOR,)


def step_named(steps: Sequence[EarlierStep], text: str) -> EarlierStep:
    """The step with this element id or name. Raises NotNow."""
    found = [step for step in steps if text in (step.element, step.name)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"{step.element} ({step.name})" for step in steps) or "none"
    raise NotNow(f"{text!r} is no earlier step of this task. Earlier steps: {listed}.")


def skip_role(person: Person, shown: OpenTask) -> str | None:
    """The role in which this person may leave the step out."""
    allowed = (shown.node.property("skip") if shown.node else "") or ""
    return next((role.strip() for role in allowed.split(",") if role.strip() in person.roles), None)
