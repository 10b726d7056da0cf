"""Compensation and the cancelling of transactions (BPMN 2.0.2, 10.7, 13.5.5 and 13.5.6).

Each scope keeps a log of the completed activities that can be compensated; a completed sub-process takes its log along
into the entry its parent keeps, so it outlives the scope. Handlers run one after the other, latest completion first.
What has been compensated is not compensated again. Nothing is logged in a graph in which nothing can ask for
compensation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schuldhulp.engine.bpmn.graph import SCOPES, EventDefinition, Kind, Node, Trigger
from schuldhulp.engine.bpmn.run.contract import Thrown
from schuldhulp.engine.bpmn.run.draft import Draft, scope_id_of
from schuldhulp.engine.bpmn.run.errors import CompensationLogFull, Refused
from schuldhulp.engine.bpmn.run.flow import place, replace
from schuldhulp.engine.bpmn.run.state import Compensation, Entry, Scope, Token
from schuldhulp.engine.bpmn.run.tree import interrupt, new_scope
from schuldhulp.engine.bpmn.run.values import to_plain

LIMIT = 1000
"""Entries in the log of one scope: a loop must not let the state grow for ever."""


def remember(draft: Draft, token: Token, node: Node, local: Mapping[str, Any], inner: tuple[Entry, ...]) -> None:
    """Note in the log of its scope that an activity (one inner instance of it) was completed."""
    scope = draft.scope(token.owner)
    if scope is None or not draft.plan.compensates or node.for_compensation:
        return
    own = node.compensation_handler is not None
    if own or (node.kind in SCOPES and (inner or _own_start(draft, node.id) is not None)):
        kept = to_plain(dict(local), node.id)
        append(draft, token.owner, (Entry(node.id, () if own else inner, kept),))


def append(draft: Draft, scope_id: int, entries: tuple[Entry, ...]) -> None:
    """Add to the log of a scope. Raises CompensationLogFull."""
    scope = draft.scope(scope_id)
    if scope is None or not entries:
        return
    if len(scope.log) + len(entries) > LIMIT:
        raise CompensationLogFull(entries[-1].element, LIMIT)
    draft.put(scope_id, replace(scope, log=scope.log + entries))


def _own_start(draft: Draft, element: str) -> Node | None:
    """The start of the compensation event sub-process of sub-process *element*."""
    for each in draft.graph.scopes[element].event_subprocesses:
        for start in draft.plan.starts_of[each]:
            if any(definition.trigger is Trigger.COMPENSATE for definition in start.definitions):
                return start
    return None


# --- asking for it ----------------------------------------------------------------------------------------------------


def compensate_for(draft: Draft, scope_id: int, node: Node, definition: EventDefinition, token: int) -> bool:
    """Carry out a compensation throw. True when the throwing token must wait for the handlers."""
    if definition.activity is not None and definition.activity not in draft.graph.nodes:
        raise Refused(node.id, f"{node.id}: compensates {definition.activity}, which this process does not have.")
    draft.say(Thrown(node.id, Trigger.COMPENSATE.value, definition.activity))
    waits = False
    for target in _targets(draft, scope_id, definition.activity):
        entries = _take(draft, target, definition.activity)
        if entries:
            _run(draft, target, entries, token if definition.wait else 0)
            waits = definition.wait
    return waits


def _targets(draft: Draft, scope_id: int, activity: str | None) -> list[int]:
    """Scopes whose logs are meant: one's own, and from within an event sub-process those of the scope around it too;
    for a named activity the scope it stands in."""
    targets: list[int] = []
    wanted = None if activity is None else draft.graph.nodes[activity].scope
    while scope_id:
        scope = draft.scope(scope_id)
        assert scope is not None
        if wanted is None or scope.element == wanted:
            targets.append(scope_id)
        if wanted is None and draft.graph.scopes[scope.element].kind is not Kind.EVENT_SUBPROCESS:
            break
        if wanted is not None and targets:
            break
        scope_id = scope_id_of(draft, scope.owner) if scope.owner else 0
    return targets


def _take(draft: Draft, scope_id: int, activity: str | None) -> tuple[Entry, ...]:
    scope = draft.scope(scope_id)
    assert scope is not None
    taken = tuple(entry for entry in scope.log if activity is None or entry.element == activity)
    if taken:
        kept = tuple(entry for entry in scope.log if activity is not None and entry.element != activity)
        draft.put(scope_id, replace(scope, log=kept))
    return taken


def _run(draft: Draft, scope_id: int, entries: tuple[Entry, ...], token: int) -> None:
    draft.soon_do("compensate", draft.add(Compensation(scope_id, entries, token=token)))


# --- carrying it out --------------------------------------------------------------------------------------------------


def run_next(draft: Draft, ident: int) -> None:
    """Run the next handler of a compensation, or let the token that waited for it go on."""
    compensation = draft.get(ident)
    if not isinstance(compensation, Compensation):
        return
    if not compensation.entries:
        draft.remove(ident)
        if compensation.token and not _others(draft, compensation.token):
            draft.soon_do("thrown", compensation.token)
        return
    *rest, entry = compensation.entries
    draft.put(ident, replace(compensation, entries=tuple(rest), current=entry.element))
    node = draft.graph.nodes[entry.element]
    draft.spend(node.id)
    if node.compensation_handler is not None:
        place(draft, ident, node.compensation_handler, local=entry.locals)
        return
    _reopen(draft, ident, entry)


def _reopen(draft: Draft, ident: int, entry: Entry) -> None:
    """Compensate a completed sub-process: by its compensation event sub-process, else all that is in its log."""
    reopened = new_scope(draft, entry.element, ident, local=entry.locals)
    scope = draft.scope(reopened)
    assert scope is not None
    start = _own_start(draft, entry.element)
    draft.put(reopened, replace(scope, interrupted=True, log=entry.inner if start is not None else ()))
    if start is not None:
        draft.soon_do("begin", new_scope(draft, start.scope, reopened), start.id)
    else:
        _run(draft, reopened, entry.inner, 0)


def _others(draft: Draft, token: int) -> bool:
    """Whether the token still waits for another compensation."""
    throwing = draft.token(token)
    if throwing is None:
        return False
    scope_id = scope_id_of(draft, throwing.owner)
    while scope_id:
        for child in draft.below(scope_id):
            record = draft.get(child)
            if isinstance(record, Compensation) and record.token == token:
                return True
        scope = draft.scope(scope_id)
        assert scope is not None
        scope_id = scope_id_of(draft, scope.owner) if scope.owner else 0
    return False


# --- transactions -----------------------------------------------------------------------------------------------------


def cancel_transaction(draft: Draft, scope_id: int) -> None:
    """Cancel the nearest transaction: stop what runs, compensate what was done, leave by its cancel event."""
    while scope_id:
        scope = draft.scope(scope_id)
        assert scope is not None
        if draft.graph.scopes[scope.element].kind is Kind.TRANSACTION:
            _cancel(draft, scope_id, scope)
            return
        scope_id = scope_id_of(draft, scope.owner) if scope.owner else 0


def _cancel(draft: Draft, scope_id: int, scope: Scope) -> None:
    entries = scope.log
    interrupt(draft, scope_id)
    left = draft.scope(scope_id)
    assert left is not None
    draft.put(scope_id, replace(left, cancelled=True, interrupted=True, log=()))
    if entries:
        _run(draft, scope_id, entries, 0)
    else:
        draft.soon_do("end_scope", scope_id)
