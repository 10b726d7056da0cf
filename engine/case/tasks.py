"""What people do with tasks: claim, release, assign, defer, complete, skip, send back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schuldhulp.engine.bpmn.graph import ACTIVITIES, Graph, Node
from schuldhulp.engine.bpmn.run import contract as run
from schuldhulp.engine.case import letters, work
from schuldhulp.engine.case.advance import graph_of, settle
from schuldhulp.engine.case.data import record_data
from schuldhulp.engine.case.errors import (
    BadData,
    DataChanged,
    NoSuchThing,
    NotAllowed,
    NotNow,
    PreconditionFailed,
    ReasonNeeded,
    TaskClaimedByOther,
)
from schuldhulp.engine.case.evaluate import holds
from schuldhulp.engine.case.roles import COORDINATOR, as_person
from schuldhulp.engine.case.scope import load
from schuldhulp.engine.case.seals import reason_of, seal_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.values import decode, encode
from schuldhulp.engine.case.work import letters_of, map_outputs, split_precondition
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Task
from schuldhulp.rules.dictionary import NotThisType, Type
from schuldhulp.rules.feel import Value, feel_value, to_python

COVERING = "waarneming"
"""The reason that is kept when a cover takes over a task."""
TELL_CLIENT = "Cliënt vertellen wie de contactpersoon is"
"""The task that is opened when all of somebody's tasks in a case go to another."""


@dataclass(frozen=True)
class Completion:
    """What a person sends with a task. `answers`: plain values by dictionary key; `seen`: sequence up to which the file
    was read when the form was shown; `reason`: for a warning that is passed; `letters`: key -> (subject, text) edited."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    seen: int | None = None
    reason: str = ""
    letters: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def open_task(turn: Turn, number: int) -> Task:
    task = turn.case.tasks.get(number)
    if task is None:
        raise NoSuchThing("task", number, turn.case.number)
    return task


def _moving(turn: Turn, number: int) -> Task:
    """The open task, when its module is not suspended. Raises NotNow."""
    task = open_task(turn, number)
    running = turn.case.instances.get(task.instance) if task.instance is not None else None
    if running is not None and running.status == "suspended":
        raise NotNow(
            f"task {number} waits: module {running.module} (instance {running.instance}) is suspended. Resume it first."
        )
    return task


def may_do(turn: Turn, number: int) -> Task:
    """The open task, when it is for this person now. Raises TaskClaimedByOther, NotAllowed."""
    task = open_task(turn, number)
    if task.claimed_by == turn.world.by.account:
        return task
    if task.claimed_by is not None and task.claimed_by not in turn.world.covered:
        raise TaskClaimedByOther(number, task.claimed_by, task.claimed_at)
    _may(turn, task)
    return task


def claim(turn: Turn, number: int) -> None:
    """The task becomes this person's. What an absent colleague has, their cover takes over: that is told as such."""
    task, account = may_do(turn, number), turn.world.by.account
    if task.claimed_by is None:
        turn.record(f.TaskClaimed(task=number, account=account))
    elif task.claimed_by != account:
        turn.record(f.TaskAssigned(task=number, account=account, personal=_reason(turn, number, COVERING)))


def reassign(turn: Turn, holder: int, account: int, reason: str, *, tell: bool) -> int:
    """Everything that *holder* has in this case goes to *account* (C-E08): the terms and the history stay. *tell*: a task is
    opened to tell the client who the contact person is now. Gives how many tasks went over."""
    if turn.world.by.role != COORDINATOR:
        raise NotAllowed("assigning the tasks of another", turn.world.by.role, (COORDINATOR,))
    _needs(reason, "assigning tasks")
    held = [task for task in turn.case.tasks.values() if task.claimed_by == holder]
    for task in held:
        turn.record(f.TaskAssigned(task=task.task, account=account, personal=_reason(turn, task.task, reason)))
    if held and tell:
        turn.record(
            f.TaskOpened(
                task=turn.case.next("task"),
                kind="notice",
                instance=held[0].instance,
                work=None,
                element=None,
                name=TELL_CLIENT,
                roles=held[0].roles,
                assignee=account,
            )
        )
    return len(held)


def release(turn: Turn, number: int, reason: str = "") -> None:
    task = open_task(turn, number)
    if task.claimed_by is None:
        return
    if task.claimed_by != turn.world.by.account and turn.world.by.role != COORDINATOR:
        raise TaskClaimedByOther(number, task.claimed_by, task.claimed_at)
    turn.record(f.TaskReleased(task=number, personal=_reason(turn, number, reason)))


def assign_to(turn: Turn, number: int, account: int, reason: str) -> None:
    """A task is given to a person, by the coordinator or by who has it; always with a reason."""
    task = open_task(turn, number)
    if turn.world.by.role != COORDINATOR and task.claimed_by != turn.world.by.account:
        raise NotAllowed("assigning a task of another", turn.world.by.role, (COORDINATOR,))
    _needs(reason, "assigning a task")
    turn.record(f.TaskAssigned(task=number, account=account, personal=_reason(turn, number, reason)))


def defer(turn: Turn, number: int, until: date, reason: str) -> None:
    task = open_task(turn, number)
    _may(turn, task)
    _needs(reason, "putting a task off")
    if until <= turn.world.today:
        raise NotNow(f"task {number} can only be put off to a later day than {turn.world.today}.")
    turn.record(f.TaskDeferred(task=number, until=until, personal=_reason(turn, number, reason)))


def complete(turn: Turn, number: int, given: Completion) -> None:
    """The task is done with these answers; the process goes on. Raises CommandRefused, and then nothing happened."""
    task = _moving(turn, number)
    claim(turn, number)
    _refuse_changed(turn, task, given)
    node = _node(turn, task)
    kept, local = _split(turn, task, given.answers)
    turn.local[(task.instance, task.element)] = {**_local_names(turn), **local_values(task), **local}
    record_data(turn, task.instance, kept, "form")
    _check_preconditions(turn, task, node, given.reason)
    if node is not None:
        assert task.instance is not None
        map_outputs(turn, task.instance, node, local_values(task))
        _send_letters(turn, task, node, given)
    encoded = {name: encode(value) for name, value in local.items()}
    turn.record(f.TaskCompleted(task=number, personal={seal_of(turn, task.instance): {"local": encoded}} if encoded else {}))
    _go_on(turn, task, lambda number: run.WorkDone(work=number))
    settle(turn)


def skip(turn: Turn, number: int, reason: str) -> None:
    """Leave an optional step out. Only roles that the step's `skip` property names, with a reason."""
    task = _moving(turn, number)
    node = _node(turn, task)
    allowed = tuple(role.strip() for role in ((node.property("skip") if node else "") or "").split(",") if role.strip())
    if turn.world.by.role not in allowed:
        raise NotAllowed(f"leaving out {task.name!r}", turn.world.by.role, allowed)
    _not_of_another(turn, task)
    _needs(reason, "leaving a step out")
    turn.record(f.TaskSkipped(task=number, personal=_reason(turn, number, reason)))
    _go_on(turn, task, lambda number: run.Skip(work=number))
    settle(turn)


def jump_back(turn: Turn, number: int, to: str, reason: str) -> None:
    """Go back to an earlier step of the same scope, with a reason: whoever the task is for and nobody else has, and the
    coordinator. Earlier is where the process comes from: a step from which flows lead here. Raises NotAllowed, NotNow."""
    task = _moving(turn, number)
    node = _node(turn, task)
    if turn.world.by.role != COORDINATOR:
        _may(turn, task)
    _not_of_another(turn, task)
    _needs(reason, "going back to an earlier step")
    if node is None or task.instance is None:
        raise NotNow(f"task {number} is no step of a process: nothing to go back to.")
    target = graph_of(turn, task.instance).nodes.get(to)
    if target is None or target.scope != node.scope:
        raise NotNow(f"{to!r} is no step beside {node.id}. Choose a step of the same part of the process.")
    if to not in earlier_than(graph_of(turn, task.instance), node):
        raise NotNow(f"{to!r} does not come before {node.id}: one can go back, not ahead. Leave the step out instead.")
    turn.record(f.JumpedBack(task=number, to=to, personal=_reason(turn, number, reason)))
    _go_on(turn, task, lambda number: run.Jump(work=number, to=to))
    settle(turn)


def earlier_than(graph: Graph, node: Node) -> frozenset[str]:
    """Activities beside *node* from which flows lead to it, also by way of a boundary event: where one can go back to."""
    sources: dict[str, set[str]] = {}
    for flow in graph.flows.values():
        sources.setdefault(flow.target, set()).add(flow.source)
    seen: set[str] = set()
    todo = [node.id]
    while todo:
        here = graph.nodes[todo.pop()]
        before = {*sources.get(here.id, ()), *((here.attached_to,) if here.attached_to else ())}
        todo += before - seen
        seen |= before
    found = (graph.nodes[each] for each in seen - {node.id})
    return frozenset(each.id for each in found if each.kind in ACTIVITIES and each.scope == node.scope)


def _not_of_another(turn: Turn, task: Task) -> None:
    """Raises TaskClaimedByOther, except to the coordinator."""
    if task.claimed_by not in (None, turn.world.by.account) and turn.world.by.role != COORDINATOR:
        raise TaskClaimedByOther(task.task, task.claimed_by, task.claimed_at)


def _go_on(turn: Turn, task: Task, stimulus: Any) -> None:
    if task.instance is not None and task.work is not None:
        turn.pending.append((task.instance, run.DataChanged()))
        turn.pending.append((task.instance, stimulus(task.work)))
        work.tell_others(turn, task.instance)


def _node(turn: Turn, task: Task) -> Node | None:
    if task.instance not in turn.case.instances or task.element is None:
        return None
    return graph_of(turn, task.instance).nodes[task.element]


def _may(turn: Turn, task: Task) -> None:
    by = turn.world.by
    if task.roles and not {by.role, as_person(by.account)} & set(task.roles):
        raise NotAllowed(f"task {task.task} {task.name!r}", by.role, task.roles)


def _needs(reason: str, what: str) -> None:
    if len(reason.strip()) < 3:
        raise ReasonNeeded(what)


def _reason(turn: Turn, number: int, text: str) -> f.Personal:
    task = turn.case.tasks.get(number)
    return reason_of(turn, None if task is None else task.instance, text)


def _refuse_changed(turn: Turn, task: Task, given: Completion) -> None:
    """A datum on the form that another changed since it was shown, to something else than is sent now (architecture 4)."""
    if given.seen is None:
        return
    dictionary = turn.deployment_of(task.instance).dictionary
    changed: dict[str, tuple[Any, Any]] = {}
    for key, value in given.answers.items():
        entry = dictionary.entries.get(key)
        if entry is None or entry.scope != "case" or turn.case.changed.get(key, 0) <= given.seen:
            continue
        now = to_python(load(entry, turn.case.data.get(key)))
        if entry.type is Type.LIST or not _same(entry, value, now):
            changed[key] = (value, now)
    if changed:
        raise DataChanged(task.task, changed)


def _same(entry: Any, one: Any, other: Any) -> bool:
    try:
        return bool(entry.store(one) == entry.store(other))
    except NotThisType:
        return False


def _split(turn: Turn, task: Task, answers: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Value]]:
    """Answers that are kept, and those that exist only while the task is completed (checked, as FEEL values)."""
    dictionary = turn.deployment_of(task.instance).dictionary
    kept: dict[str, Any] = {}
    local: dict[str, Value] = {}
    for key, value in answers.items():
        entry = dictionary.entries.get(key)
        if entry is None or entry.scope != "local":
            kept[key] = value
            continue
        try:
            entry.store(value)
        except NotThisType as error:
            raise BadData(str(error)) from error
        local[key] = feel_value(value)
    return kept, local


def local_values(task: Task) -> dict[str, Value]:
    """The local variables that a task sees: the item of a multi-instance step, its number."""
    return {name: decode(value) for name, value in task.locals.items()}


def _local_names(turn: Turn) -> dict[str, Value]:
    return {"uitvoerder": feel_value(turn.world.by.account), "rol": turn.world.by.role}


def _check_preconditions(turn: Turn, task: Task, node: Node | None, reason: str) -> None:
    failed: list[tuple[str, str, bool]] = []
    for value in node.all_properties("precondition") if node is not None else ():
        requirement, level, text, sentence = split_precondition(value)
        if not holds(turn, task.instance, task.element or "", text):
            failed.append((requirement, sentence, level == "blok"))
    if any(hard for _, _, hard in failed) or (failed and len(reason.strip()) < 3):
        raise PreconditionFailed(failed)
    for requirement, _, _ in failed:
        passed = f.PreconditionPassed(
            task=task.task, instance=task.instance, requirement=requirement, personal=_reason(turn, task.task, reason)
        )
        turn.record(passed)


def letters_now(turn: Turn, task: Task) -> list[str]:
    """Keys of the letters that are looked at and sent with this task."""
    node = _node(turn, task)
    return [] if node is None else letters_of(turn, task.instance, node)


def _send_letters(turn: Turn, task: Task, node: Node, given: Completion) -> None:
    for key in letters_now(turn, task):
        letters.send(turn, letters.make(turn, task.instance, node.id, key, given.letters.get(key)), None)
