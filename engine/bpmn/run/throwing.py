"""Throwing: throw and end events, errors and escalations on their way up, what a multi-instance throws.

Errors and escalations look for a catcher statically, level by level: the boundary of the activity, the event
sub-processes of its scope, the boundary of the sub-process around it, and so on (BPMN 2.0.2, 10.5.1 and 13.5).
A specific code goes before a catcher of any code on the same level. Signals reach every catcher of this instance at
once, inside the step; for other instances they leave as a `Thrown` fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schuldhulp.engine.bpmn.graph import EventDefinition, Kind, Node, Trigger
from schuldhulp.engine.bpmn.run.compensation import cancel_transaction, compensate_for
from schuldhulp.engine.bpmn.run.contract import Caught, Left, Purpose, Thrown
from schuldhulp.engine.bpmn.run.draft import Draft, scope_id_of
from schuldhulp.engine.bpmn.run.ending import end_instance
from schuldhulp.engine.bpmn.run.errors import Refused
from schuldhulp.engine.bpmn.run.events import caught, hit, interrupt_activity, start_event_subprocess
from schuldhulp.engine.bpmn.run.flow import consume, leave, move, place
from schuldhulp.engine.bpmn.run.plan import link_name
from schuldhulp.engine.bpmn.run.reach import locals_at
from schuldhulp.engine.bpmn.run.state import Compensation, Scope, Token
from schuldhulp.engine.bpmn.run.tree import interrupt


def arrive(draft: Draft, ident: int, token: Token, node: Node) -> None:
    """A token came in at a throw or end event: throw everything it defines, compensation last."""
    name = link_name(node)
    if name is not None and node.kind is Kind.THROW:
        target = draft.plan.links.get((node.scope, name))
        if target is None:
            raise Refused(node.id, f"{node.id}: no link event of this scope catches {name!r}; add one with that name.")
        draft.say(Left(ident, token.node))
        move(draft, ident, token, target, None)
        return
    scope_id = scope_id_of(draft, token.owner)
    ordered = sorted(node.definitions, key=lambda each: each.trigger is Trigger.COMPENSATE)
    waits = False
    for definition in ordered:
        if draft.token(ident) is None:
            return  # an earlier throw took this scope away
        if definition.trigger is Trigger.COMPENSATE:
            waits = compensate_for(draft, scope_id, node, definition, ident) or waits
        else:
            throw(draft, scope_id, node, definition, locals_at(draft, ident))
    if not waits:
        thrown(draft, ident)


def thrown(draft: Draft, ident: int) -> None:
    """All was thrown (and compensated): the token goes on, or ends at an end event."""
    token = draft.token(ident)
    if token is None:
        return
    if draft.node_of(token).kind is Kind.END:
        consume(draft, ident, token)
    else:
        leave(draft, ident)


def throw(draft: Draft, scope_id: int, node: Node, definition: EventDefinition, local: Mapping[str, Any]) -> None:
    """Throw one definition from scope *scope_id*."""
    match definition.trigger:
        case Trigger.MESSAGE | Trigger.SIGNAL:
            payload = None
            if definition.payload is not None:
                payload = draft.ask(node.id, Purpose.PAYLOAD, definition.payload, local)
            draft.say(Thrown(node.id, definition.trigger.value, definition.name, payload))
            if definition.trigger is Trigger.SIGNAL:
                broadcast(draft, definition.name, payload)
        case Trigger.ERROR:
            throw_error(draft, node.id, definition.name, scope_id)
        case Trigger.ESCALATION:
            throw_escalation(draft, node.id, definition.name, scope_id)
        case Trigger.CANCEL:
            draft.say(Thrown(node.id, definition.trigger.value))
            cancel_transaction(draft, scope_id)
        case Trigger.TERMINATE:
            draft.say(Thrown(node.id, definition.trigger.value))
            draft.soon_do("end_scope", scope_id, "terminated")  # before the end that an empty scope asks for itself
            interrupt(draft, scope_id)
        case _:
            pass  # the check refuses what an event of this kind cannot throw


def broadcast(draft: Draft, name: str | None, payload: Any) -> bool:
    """Let every armed catcher of the signal have it. False when none waits."""
    waiting = draft.armed(f"signal:{name}")
    for ident in waiting:
        wait = draft.wait(ident)
        if wait is not None and not wait.met:  # an earlier catcher may have interrupted this one
            hit(draft, ident, wait, payload)
    return bool(waiting)


# --- errors and escalations -------------------------------------------------------------------------------------------


def throw_error(draft: Draft, element: str, code: str | None, scope_id: int, activity: int = 0) -> None:
    """An error from *element* (activity token *activity*): the nearest catcher has it, or the instance ends."""
    found = _nearest(draft, Trigger.ERROR, code, scope_id, activity)
    draft.say(Thrown(element, Trigger.ERROR.value, code, handled=found is not None))
    if found is None:
        end_instance(draft, "error", code)
        return
    owner, catcher = found
    draft.say(Caught(catcher.id, Trigger.ERROR.value, code))
    if catcher.kind is Kind.BOUNDARY:
        interrupt_activity(draft, owner, catcher)
    else:
        start_event_subprocess(draft, owner, catcher)


def throw_escalation(draft: Draft, element: str, code: str | None, scope_id: int, activity: int = 0) -> None:
    """An escalation: the nearest catcher has it; without one nothing happens."""
    found = _nearest(draft, Trigger.ESCALATION, code, scope_id, activity)
    draft.say(Thrown(element, Trigger.ESCALATION.value, code, handled=found is not None))
    if found is None:
        return
    owner, catcher = found
    draft.say(Caught(catcher.id, Trigger.ESCALATION.value, code))
    if catcher.kind is Kind.START:
        start_event_subprocess(draft, owner, catcher)
    elif catcher.interrupting:
        interrupt_activity(draft, owner, catcher)
    else:
        place(draft, scope_id_of(draft, owner), catcher.id)


def _nearest(draft: Draft, trigger: Trigger, code: str | None, scope_id: int, activity: int) -> tuple[int, Node] | None:
    """(token of the activity, boundary event) or (scope, start of an event sub-process)."""
    for owner, level in _levels(draft, scope_id, activity):
        for wanted in (code, None):
            for node in level:
                if any(each.trigger is trigger and each.name == wanted for each in node.definitions):
                    return owner, node
    return None


def _levels(draft: Draft, scope_id: int, activity: int) -> Iterator[tuple[int, list[Node]]]:
    graph = draft.graph
    inside: set[str] = set()  # event sub-processes that the throw comes from do not catch it themselves
    if activity:
        yield activity, _boundary(draft, activity)
    while scope_id:
        scope = draft.scope(scope_id)
        assert scope is not None
        if not scope.interrupted:
            yield (
                scope_id,
                [
                    start
                    for each in graph.scopes[scope.element].event_subprocesses
                    if each not in inside
                    for start in draft.plan.starts_of[each]
                ],
            )
        match draft.get(scope.owner):
            case Token() as token:
                yield scope.owner, _boundary(draft, scope.owner)
                scope_id = scope_id_of(draft, token.owner)
            case Scope():
                inside.add(scope.element)
                scope_id = scope.owner
            case Compensation() as compensation:
                scope_id = compensation.owner
            case _:
                scope_id = 0


def _boundary(draft: Draft, activity: int) -> list[Node]:
    token = draft.token(activity)
    return [] if token is None else [draft.graph.nodes[each] for each in draft.node_of(token).boundary]


# --- what a multi-instance throws -------------------------------------------------------------------------------------


def throw_implicit(
    draft: Draft, activity: int, node: Node, definition: EventDefinition | None, local: Mapping[str, Any]
) -> None:
    """An implicit throw of a multi-instance: for its own boundary without interrupting it (see `loops`), else as usual.

    Without a definition it is the default signal of `behavior` None and One, which a boundary signal event without name catches.
    """
    trigger = Trigger.SIGNAL if definition is None else definition.trigger
    name = None if definition is None else definition.name
    scope_id = scope_id_of(draft, activity)
    own = [
        event
        for event in _boundary(draft, activity)
        if any(each.trigger is trigger and each.name == name for each in event.definitions)
    ]
    if own:
        draft.say(Thrown(node.id, trigger.value, name))
        for event in own:
            which = next(each for each in event.definitions if each.trigger is trigger and each.name == name)
            caught(draft, event, which, None, scope_id)
            place(draft, scope_id, event.id)
    elif definition is not None:
        throw(draft, scope_id, node, definition, local)
