"""Catching: arming events, and what happens when one of them occurs (BPMN 2.0.2, 13.5).

Errors, escalations, cancel and compensation are found statically when they are thrown (`throwing`); only messages,
signals, timers and conditions are armed as `Wait` records. A wait belongs to the token of a catch event, receive task,
event gateway or activity with a boundary event, or to the scope whose event sub-process it starts.
"""

from __future__ import annotations

from typing import Any

from schuldhulp.engine.bpmn.graph import EventDefinition, Expression, Kind, Node, Trigger
from schuldhulp.engine.bpmn.run.contract import (
    Assigned,
    Caught,
    Entered,
    Left,
    Purpose,
    Subscribed,
    TimerAnswer,
    TimerEnded,
    TimerSet,
)
from schuldhulp.engine.bpmn.run.draft import Draft, scope_id_of
from schuldhulp.engine.bpmn.run.errors import Refused
from schuldhulp.engine.bpmn.run.flow import handler_ended, place, replace, withdraw
from schuldhulp.engine.bpmn.run.plan import definitions_of
from schuldhulp.engine.bpmn.run.reach import locals_at
from schuldhulp.engine.bpmn.run.state import Scope, Token, Wait
from schuldhulp.engine.bpmn.run.timers import later
from schuldhulp.engine.bpmn.run.tree import disarm, interrupt, new_scope, say_disarmed
from schuldhulp.engine.bpmn.run.values import from_plain, to_plain

ARMED = frozenset({Trigger.MESSAGE, Trigger.SIGNAL, Trigger.TIMER, Trigger.CONDITIONAL})


# --- arming -----------------------------------------------------------------------------------------------------------


def arm(draft: Draft, owner: int, node: Node, index: int | None = None) -> None:
    """Wait for every definition of *node* that must be waited for, on behalf of record *owner*.

    A condition that is true already happens at once, so *owner* may be gone afterwards.
    """
    armed = []
    for number, definition in enumerate(definitions_of(node)):
        if definition.trigger in ARMED:
            armed.append(_arm(draft, owner, node, number, definition, index))
    for ident in armed:
        wait = draft.wait(ident)
        if wait is not None and wait.kind == Trigger.CONDITIONAL:
            look(draft, ident, wait)


def arm_late(draft: Draft, owner: int, node: Node) -> None:
    """The same for an owner that was there before the event: nothing happens at once, also not a condition that is true."""
    for number, definition in enumerate(definitions_of(node)):
        if definition.trigger not in ARMED:
            continue
        ident = _arm(draft, owner, node, number, definition, None)
        wait = draft.wait(ident)
        if wait is not None and wait.kind == Trigger.CONDITIONAL:
            expression = _expression(node, definition)
            draft.put(ident, replace(wait, level=draft.holds(node.id, expression, locals_at(draft, owner))))


def _arm(draft: Draft, owner: int, node: Node, number: int, definition: EventDefinition, index: int | None) -> int:
    wait = Wait(owner, node.id, definition.trigger.value, number, index=index)
    if definition.trigger is Trigger.CONDITIONAL:
        return draft.add(wait)
    local = locals_at(draft, owner)
    if definition.trigger is Trigger.TIMER:
        answer: TimerAnswer = draft.ask(node.id, Purpose.TIMER, _expression(node, definition), local)
        wait = replace(wait, due=answer.first, first=answer.first, period=answer.period, repeats=answer.repeats)
        ident = draft.add(wait)
        draft.say(TimerSet(ident, node.id, answer.first))
        return ident
    keys = {key.name: draft.ask(node.id, Purpose.KEY, key.from_process, local) for key in definition.keys}
    stored = {name: to_plain(value, node.id) for name, value in keys.items()}
    ident = draft.add(replace(wait, name=definition.name, keys=stored))
    draft.say(Subscribed(ident, node.id, definition.trigger.value, definition.name or "", keys))
    return ident


def _expression(node: Node, definition: EventDefinition) -> Expression:
    if definition.expression is None:
        raise Refused(node.id, f"{node.id}: the {definition.trigger} event says nothing; give it an expression.")
    return definition.expression


# --- conditions -------------------------------------------------------------------------------------------------------


def look_at_conditions(draft: Draft) -> None:
    """Data changed: every armed condition is evaluated again. Those that *become* true happen (edge, not level)."""
    for ident in draft.armed("conditional"):
        wait = draft.wait(ident)
        if wait is not None:
            look(draft, ident, wait)


def look(draft: Draft, ident: int, wait: Wait) -> None:
    """Evaluate one armed condition."""
    node = draft.graph.nodes[wait.element]
    expression = _expression(node, definitions_of(node)[wait.at])
    level = draft.holds(wait.element, expression, locals_at(draft, wait.owner))
    if level == wait.level:
        return
    wait = replace(wait, level=level)
    draft.put(ident, wait)
    if level:
        hit(draft, ident, wait)


# --- something happened -----------------------------------------------------------------------------------------------


def hit(draft: Draft, ident: int, wait: Wait, payload: Any = None) -> None:
    """What wait *ident* waits for has happened."""
    node = draft.graph.nodes[wait.element]
    draft.spend(node.id)
    caught(draft, node, definitions_of(node)[wait.at], payload, scope_id_of(draft, wait.owner))
    if node.parallel_multiple and not _all_met(draft, ident, wait, node):
        return
    owner = draft.get(wait.owner)
    if node.kind is Kind.BOUNDARY:
        _boundary(draft, wait.owner, ident, wait, node)
    elif isinstance(owner, Scope):
        _event_subprocess(draft, wait.owner, ident, wait, node)
    elif isinstance(owner, Token):
        _caught_by_token(draft, wait.owner, owner, ident, wait, node)


def caught(draft: Draft, node: Node, definition: EventDefinition, payload: Any, scope: int) -> None:
    """Say that an event happened at *node* and store what it carried."""
    draft.say(Caught(node.id, definition.trigger.value, definition.name, payload, definition.variable))
    if definition.variable is not None:
        draft.say(Assigned(definition.variable, payload, scope))
        draft.data_changed = True


def _all_met(draft: Draft, ident: int, wait: Wait, node: Node) -> bool:
    """A parallel multiple event: note this part; True when it was the last one."""
    say_disarmed(draft, ident, wait, hit=True)
    draft.put(ident, replace(wait, met=True))
    return all(part.met for _, part in _parts(draft, wait))


def _parts(draft: Draft, wait: Wait) -> list[tuple[int, Wait]]:
    found = []
    for ident in draft.below(wait.owner):
        part = draft.wait(ident)
        if part is not None and part.element == wait.element and part.index == wait.index:
            found.append((ident, part))
    return found


def _boundary(draft: Draft, owner: int, ident: int, wait: Wait, node: Node) -> None:
    token = draft.token(owner)
    assert token is not None
    if node.interrupting:
        _ended_by_hit(draft, ident)
        interrupt_activity(draft, owner, node)
    else:
        _stay_armed(draft, ident, wait, node)
        place(draft, scope_id_of(draft, token.owner), node.id)


def interrupt_activity(draft: Draft, activity: int, node: Node) -> None:
    """The activity of token *activity* is interrupted; a token goes on from boundary event *node*."""
    token = draft.token(activity)
    assert token is not None
    scope = scope_id_of(draft, token.owner)
    interrupt(draft, activity)
    place(draft, scope, node.id)
    withdraw(draft, activity, token)
    handler_ended(draft, token)


def _event_subprocess(draft: Draft, scope_id: int, ident: int, wait: Wait, node: Node) -> None:
    if node.interrupting:
        _ended_by_hit(draft, ident)
    else:
        _stay_armed(draft, ident, wait, node)
    start_event_subprocess(draft, scope_id, node)


def start_event_subprocess(draft: Draft, scope_id: int, start: Node) -> None:
    """Open the event sub-process of event *start* in scope *scope_id*; an interrupting one takes the scope over."""
    if start.interrupting:
        interrupt(draft, scope_id)
        scope = draft.scope(scope_id)
        assert scope is not None
        draft.put(scope_id, replace(scope, interrupted=True, joins={}, resets={}))
    draft.soon_do("begin", new_scope(draft, start.scope, scope_id), start.id)


def _caught_by_token(draft: Draft, owner: int, token: Token, ident: int, wait: Wait, node: Node) -> None:
    if token.node != node.id:  # an event gateway: this event wins
        _ended_by_hit(draft, ident)
        interrupt(draft, owner)
        flow = next(flow for flow in draft.node_of(token).outgoing if draft.graph.flows[flow].target == node.id)
        draft.say(Left(owner, token.node, (flow,)))
        draft.put(owner, Token(token.owner, node.id, flow, locals=token.locals))
        draft.say(Entered(owner, node.id, flow))
        draft.soon_do("event_done", owner)
    elif node.kind is Kind.RECEIVE:
        say_disarmed(draft, ident, wait, hit=True)
        draft.put(ident, replace(wait, met=True))
        draft.soon_do("received", ident)
    elif not node.parallel_multiple and _rearm(draft, ident, wait):
        # A cycle in the flow sends a token on each time, and waits on until the last one.
        sent = draft.add(Token(token.owner, node.id, token.flow, locals=token.locals))
        draft.say(Entered(sent, node.id, token.flow))
        draft.soon_do("event_done", sent)
    else:
        _ended_by_hit(draft, ident)
        interrupt(draft, owner)
        draft.soon_do("event_done", owner)


# --- staying armed ----------------------------------------------------------------------------------------------------


def _ended_by_hit(draft: Draft, ident: int) -> None:
    wait = draft.wait(ident)
    if wait is not None:
        disarm(draft, ident, wait, hit=True)


def _stay_armed(draft: Draft, ident: int, wait: Wait, node: Node) -> None:
    """A non-interrupting event happened: messages, signals and conditions stay, a timer stays while its cycle lasts."""
    if node.parallel_multiple:
        parts = _parts(draft, wait)
        for part_id, part in parts:
            disarm(draft, part_id, part, hit=True)
        for number, definition in enumerate(definitions_of(node)):
            again = _arm(draft, wait.owner, node, number, definition, wait.index)
            part_again = draft.wait(again)
            if part_again is not None and part_again.kind == Trigger.CONDITIONAL:
                # Edge: what was true when it happened must become false first.
                draft.put(again, replace(part_again, level=True))
    elif wait.kind == Trigger.TIMER and not _rearm(draft, ident, wait):
        disarm(draft, ident, wait, hit=True)


def _rearm(draft: Draft, ident: int, wait: Wait) -> bool:
    """Set a cycle's timer for its next time. False when there is none."""
    fired = wait.fired + 1
    if wait.kind != Trigger.TIMER or wait.period is None or wait.first is None:
        return False
    if wait.repeats is not None and fired >= wait.repeats:
        return False
    due = later(TimerAnswer(wait.first, wait.period, wait.repeats), fired)
    draft.say(TimerEnded(ident, wait.element, True))
    draft.put(ident, replace(wait, fired=fired, due=due))
    draft.say(TimerSet(ident, wait.element, due))
    return True


def keys_of(wait: Wait) -> dict[str, Any]:
    """The correlation keys that a message for *wait* must have."""
    return {name: from_plain(value) for name, value in wait.keys.items()}
