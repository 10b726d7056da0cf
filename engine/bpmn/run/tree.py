"""The tree of open things: opening a scope, and taking away all that hangs below something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schuldhulp.engine.bpmn.graph import Trigger
from schuldhulp.engine.bpmn.run.contract import ScopeClosed, ScopeOpened, TimerEnded, Unsubscribed, Withdrawn, WorkEnded
from schuldhulp.engine.bpmn.run.draft import Draft, scope_id_of
from schuldhulp.engine.bpmn.run.flow import replace, withdraw
from schuldhulp.engine.bpmn.run.state import Scope, Token, Wait, Work


def new_scope(
    draft: Draft, element: str, owner: int, index: int | None = None, local: Mapping[str, Any] | None = None
) -> int:
    """Open scope *element* below *owner* (0: the instance itself). It starts when verb "begin" is done."""
    ident = draft.add(Scope(owner, element, index=index, locals=local or {}))
    parent = scope_id_of(draft, owner) if owner else None
    draft.say(ScopeOpened(ident, element, parent, index))
    return ident


def interrupt(draft: Draft, ident: int) -> None:
    """Cancel everything below record *ident*, deepest first; the record itself stays."""
    order: list[int] = []
    todo = draft.below(ident)
    while todo:
        child = todo.pop()
        order.append(child)
        todo.extend(draft.below(child))
    for child in reversed(order):
        _take_away(draft, child)
    scope = draft.scope(ident)
    if scope is not None and scope.joins:
        parked = _withdraw_parked(draft, scope)
        draft.put(ident, replace(scope, joins={}, resets={}))
        draft.count(ident, -parked)


def _take_away(draft: Draft, ident: int) -> None:
    match draft.get(ident):
        case Token() as token:
            withdraw(draft, ident, token)
        case Work() as work:
            owner = draft.token(work.owner)
            assert owner is not None
            draft.say(WorkEnded(ident, owner.node, "cancelled"))
            draft.remove(ident)
        case Wait() as wait:
            disarm(draft, ident, wait, hit=False)
        case Scope() as scope:
            _withdraw_parked(draft, scope)
            draft.say(ScopeClosed(ident, "cancelled"))
            draft.remove(ident)
        case _:
            draft.remove(ident)


def _withdraw_parked(draft: Draft, scope: Scope) -> int:
    parked = sorted((ident, node) for node, flows in scope.joins.items() for ids in flows.values() for ident in ids)
    for ident, node in parked:
        draft.say(Withdrawn(ident, node))
    return len(parked)


def disarm(draft: Draft, ident: int, wait: Wait, *, hit: bool) -> None:
    """Wait no longer; what already happened as a part of a parallel multiple event was said then."""
    if not wait.met:
        say_disarmed(draft, ident, wait, hit=hit)
    draft.remove(ident)


def say_disarmed(draft: Draft, ident: int, wait: Wait, *, hit: bool) -> None:
    if wait.kind == Trigger.TIMER:
        draft.say(TimerEnded(ident, wait.element, hit))
    elif wait.kind != Trigger.CONDITIONAL:
        draft.say(Unsubscribed(ident, wait.element, hit))
