"""Scopes: how one begins, and what happens when nothing lives in it any more."""

from __future__ import annotations

from schuldhulp.engine.bpmn.graph import Kind, Trigger
from schuldhulp.engine.bpmn.run.activities import body_done
from schuldhulp.engine.bpmn.run.adhoc import offered
from schuldhulp.engine.bpmn.run.compensation import append
from schuldhulp.engine.bpmn.run.contract import AdHocOffered, Caught, ScopeClosed
from schuldhulp.engine.bpmn.run.draft import Draft
from schuldhulp.engine.bpmn.run.ending import end_instance
from schuldhulp.engine.bpmn.run.events import ARMED, arm, interrupt_activity
from schuldhulp.engine.bpmn.run.flow import consume, place
from schuldhulp.engine.bpmn.run.reach import locals_at
from schuldhulp.engine.bpmn.run.state import Compensation, Scope, Token
from schuldhulp.engine.bpmn.run.tree import interrupt


def begin(draft: Draft, ident: int, start: str) -> None:
    """Arm the event sub-processes of a scope just opened, then start it at *start*.

    "" is wherever it starts of itself; "-" is nowhere: its tokens are there already.
    """
    scope = draft.scope(ident)
    if scope is None:
        return
    shape = draft.graph.scopes[scope.element]
    for each in shape.event_subprocesses:
        for event in draft.plan.starts_of[each]:
            if any(definition.trigger in ARMED for definition in event.definitions):
                arm(draft, ident, event)
                scope = draft.scope(ident)
                if scope is None or scope.interrupted:
                    return  # a condition was true already
    if shape.kind is Kind.ADHOC:
        draft.say(AdHocOffered(ident, scope.element, offered(draft.graph, scope.element)))
        return
    if start == "-":
        return
    starts = (start,) if start else shape.starts
    for node in starts:
        place(draft, ident, node)
    if not starts:
        draft.soon_do("end_scope", ident)


def end(draft: Draft, ident: int, how: str) -> None:
    """Close a scope in which nothing lives any more (*how* "terminated": in which nothing may)."""
    scope = draft.scope(ident)
    if scope is None or scope.live > 0:
        return
    adhoc = draft.graph.scopes[scope.element].kind is Kind.ADHOC
    if adhoc and not (scope.closing or scope.interrupted or how):
        return  # stays open until a person or its completion condition closes it
    how = "cancelled" if scope.cancelled else (how or "completed")
    if scope.owner == 0:
        end_instance(draft, how)
        return
    local = locals_at(draft, ident)
    interrupt(draft, ident)
    draft.remove(ident)
    draft.say(ScopeClosed(ident, how))
    match draft.get(scope.owner):
        case Token() as token if scope.cancelled:
            _leave_cancelled(draft, scope.owner, token)
        case Token():
            body_done(draft, scope.owner, scope.index, local, scope.log if how == "completed" else ())
        case Scope():
            append(draft, scope.owner, scope.log)
        case Compensation():
            draft.soon_do("compensate", scope.owner)
        case _:
            pass


def _leave_cancelled(draft: Draft, ident: int, token: Token) -> None:
    """A cancelled transaction goes on from its cancel boundary event; without one its token ends."""
    for boundary in draft.node_of(token).boundary:
        event = draft.graph.nodes[boundary]
        if any(each.trigger is Trigger.CANCEL for each in event.definitions):
            draft.say(Caught(event.id, Trigger.CANCEL.value))
            interrupt_activity(draft, ident, event)
            return
    interrupt(draft, ident)
    consume(draft, ident, token)
