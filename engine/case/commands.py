"""Commands on a whole case: open it, start modules, pick optional steps, deliver messages, let time pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from schuldhulp.engine.bpmn.run import contract as run
from schuldhulp.engine.case import terms, work
from schuldhulp.engine.case.advance import graph_of, settle
from schuldhulp.engine.case.data import assign, record_data
from schuldhulp.engine.case.errors import ModelFailed, NoSuchThing, NotAllowed, NotNow, ReasonNeeded, TermRefused
from schuldhulp.engine.case.jobs import JOB_FAILED
from schuldhulp.engine.case.roles import COORDINATOR
from schuldhulp.engine.case.seals import seal_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.values import encode
from schuldhulp.engine.case.work import roles_of
from schuldhulp.engine.model import facts as f
from schuldhulp.rules.feel import Value, feel_value
from schuldhulp.rules.terms import TermError

MAX_FIRINGS = 1_000
"""Timers of one case that may fire in one command; more means that a cycle runs away."""


def open_case(turn: Turn, number: str, module: str, data: Mapping[str, Any]) -> int:
    """A new case begins with *module*; gives the number of its first instance."""
    turn.record(f.CaseOpened(number=number))
    return start_module(turn, module, data)


def start_module(turn: Turn, module: str, data: Mapping[str, Any]) -> int:
    """A module starts by choice. *data*: answers of its start form. Raises NotAllowed when the role may not."""
    graph = turn.world.deployment.modules.get(module)
    if graph is None:
        known = ", ".join(sorted(turn.world.deployment.modules))
        raise NotNow(f"there is no module {module!r} here. There are: {known}.")
    roles = _listed({name: value for name, value, _ in graph.properties}.get("start.roles"))
    if roles and turn.world.by.role not in roles:
        raise NotAllowed(f"starting {module}", turn.world.by.role, roles)
    record_data(turn, None, {k: v for k, v in data.items() if not _own(turn, k)}, "form")
    own = {k: v for k, v in data.items() if _own(turn, k)}
    number = work.start_instance(turn, graph, deployment_id=turn.world.deployment.id, how="choice", given=own)
    settle(turn)
    return number


def _own(turn: Turn, key: str) -> bool:
    entry = turn.world.deployment.dictionary.entries.get(key)
    return entry is not None and entry.scope == "instance"


def _listed(text: str | None) -> Sequence[str]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def start_optional(turn: Turn, instance: int, element: str) -> None:
    """A professional picks a step of an open ad-hoc sub-process."""
    running = _moving(turn, instance)
    for scope, (_, offers) in running.offers.items():
        if element in offers:
            _may_pick(turn, instance, (element,), f"starting {element}")
            turn.pending.append((instance, run.AdHocStart(scope=scope, node=element)))
            settle(turn)
            return
    offered = ", ".join(name for _, offers in running.offers.values() for name in offers) or "nothing"
    raise NotNow(f"{element!r} cannot be started now in instance {instance}. On offer: {offered}.")


def end_optional(turn: Turn, instance: int, element: str) -> None:
    """A professional closes an ad-hoc sub-process: nothing more is picked in it."""
    for scope, (adhoc, _) in _moving(turn, instance).offers.items():
        if adhoc == element:
            graph = graph_of(turn, instance)
            _may_pick(turn, instance, (adhoc, *graph.scopes[adhoc].nodes), f"closing {element}")
            turn.pending.append((instance, run.AdHocEnd(scope=scope)))
            settle(turn)
            return
    raise NotNow(f"{element!r} is not open in instance {instance}.")


def _may_pick(turn: Turn, instance: int, elements: Sequence[str], what: str) -> None:
    """Whoever one of these steps is for, and the coordinator. Raises NotAllowed."""
    nodes = [graph_of(turn, instance).nodes[each] for each in elements]
    roles = {role for node in nodes for role in roles_of(node)}
    if roles and turn.world.by.role not in {*roles, COORDINATOR}:
        raise NotAllowed(what, turn.world.by.role, sorted(roles))


def _running(turn: Turn, instance: int) -> Any:
    running = turn.case.instances.get(instance)
    if running is None:
        raise NoSuchThing("instance", instance, turn.case.number)
    return running


def _moving(turn: Turn, instance: int) -> Any:
    running = _running(turn, instance)
    if running.status == "suspended":
        raise NotNow(f"module {running.module} (instance {instance}) is suspended. Resume it first.")
    return running


def message(turn: Turn, name: str, payload: Mapping[str, Any], key: str | None = None) -> None:
    """A message from outside; one whose *key* came in before changes nothing. Raises NotNow when nothing waits for it."""
    if _received(turn, "message", name, key):
        return
    if not work.deliver(turn, name, encode(feel_value(dict(payload)))):
        waiting = sorted({w[1] for i in turn.case.instances.values() for w in i.waits.values() if w[0] == "message"})
        raise NotNow(
            f"no process of this case waits for message {name!r}. They wait for: {', '.join(waiting) or 'nothing'}."
        )
    settle(turn)


def _received(turn: Turn, kind: str, name: str, key: str | None) -> bool:
    """Whether this message came in before; notes it when it did not."""
    if key is None:
        return False
    if key in turn.case.received:
        return True
    turn.record(f.MessageReceived(kind=kind, name=name, key=key))
    return False


def signal(turn: Turn, name: str, payload: Mapping[str, Any], key: str | None = None) -> None:
    """A signal from outside reaches every running instance; one whose *key* came in before changes nothing."""
    if _received(turn, "signal", name, key):
        return
    for instance in turn.case.instances:
        turn.pending.append((instance, run.SignalArrived(name=name, payload=encode(feel_value(dict(payload))))))
    settle(turn)


def fire_due(turn: Turn) -> int:
    """Let everything happen that is due by now, earliest first; gives how many timers and terms fired."""
    fired = 0
    while (due := _next_due(turn)) is not None:
        kind, instance, ref = due
        if fired >= MAX_FIRINGS:
            raise ModelFailed(
                None,
                f"more than {MAX_FIRINGS} timers of this case fired at once. Look for a cycle that is too short.",
                instance or None,
            )
        if kind == "term":
            terms.fire(turn, ref)
        else:
            turn.pending.append((instance, run.TimerDue(timer=ref)))
        settle(turn)
        fired += 1
    return fired


def _next_due(turn: Turn) -> tuple[str, int, int] | None:
    now = turn.world.now
    blocked = {incident.instance for incident in turn.case.incidents.values() if incident.code != JOB_FAILED}
    found: list[tuple[datetime, str, int, int]] = []
    for instance in turn.case.instances.values():
        if instance.running and instance.instance not in blocked:
            found += [
                (due, "bpmn", instance.instance, timer) for timer, (_, due) in instance.timers.items() if due <= now
            ]
    for term in turn.case.terms.values():
        moment = terms.due_moment(term)
        if moment is not None and moment <= now:
            found.append((moment, "term", 0, term.term))
    return min(found)[1:] if found else None


def correct_data(turn: Turn, values: Mapping[str, Any], reason: str) -> None:
    """A fact was entered wrongly and is put right at its source; terms that hang on it are corrected by hand or by model."""
    if len(reason.strip()) < 3:
        raise ReasonNeeded("a correction")
    record_data(turn, None, values, "correction")
    for instance in turn.case.instances:
        turn.pending.append((instance, run.DataChanged()))
    settle(turn)


def override(turn: Turn, instance: int, variable: str, decision: str, outcome: Value, reason: str) -> None:
    """A person puts another outcome in place of a table's; both stay in the log (C-E06)."""
    if len(reason.strip()) < 3:
        raise ReasonNeeded("deviating from a decision")
    before = _running(turn, instance).data.get(variable)
    overridden = f.DecisionOverridden(
        instance=instance,
        decision=decision,
        personal={seal_of(turn, instance): {"reason": reason, "before": before, "after": encode(outcome)}},
    )
    turn.record(overridden)
    assign(turn, instance, variable, outcome, "correction")
    turn.pending.append((instance, run.DataChanged()))
    settle(turn)


def on_term(turn: Turn, act: Callable[[], None]) -> None:
    """A person moves a term; what hangs on it follows in the same command. Raises TermRefused with the article."""
    try:
        act()
    except TermError as error:
        raise TermRefused(str(error)) from error
    settle(turn)
