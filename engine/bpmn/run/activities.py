"""Activities from the token that comes in to the token that goes out (BPMN 2.0.2, 13.3)."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from schuldhulp.engine.bpmn.graph import SCOPES, Kind, Node
from schuldhulp.engine.bpmn.run import loops
from schuldhulp.engine.bpmn.run.compensation import remember
from schuldhulp.engine.bpmn.run.contract import Assigned, Purpose, WorkCreated, WorkEnded
from schuldhulp.engine.bpmn.run.draft import Draft, scope_id_of
from schuldhulp.engine.bpmn.run.errors import Refused
from schuldhulp.engine.bpmn.run.events import ARMED, arm
from schuldhulp.engine.bpmn.run.flow import park, release
from schuldhulp.engine.bpmn.run.reach import body_locals, locals_at
from schuldhulp.engine.bpmn.run.state import Compensation, Entry, Token, Wait, Work
from schuldhulp.engine.bpmn.run.tree import interrupt, new_scope
from schuldhulp.engine.bpmn.run.values import to_plain

_ANY_FLOW = "*"
"""Start quantity counts tokens over all incoming flows together."""


def arrive(draft: Draft, ident: int, token: Token, node: Node) -> None:
    """A token came in at an activity: gather the start quantity, arm the boundary, then begin the body."""
    if node.start_quantity < 1 or node.completion_quantity < 1:
        raise Refused(node.id, f"{node.id}: start and completion quantity must be at least 1 (BPMN 2.0.2, table 10.3).")
    if node.start_quantity > 1 and draft.scope(token.owner) is not None:
        waiting = park(draft, ident, token, _ANY_FLOW)
        if len(waiting[_ANY_FLOW]) < node.start_quantity:
            return
        ident = release(draft, token.owner, node.id, {_ANY_FLOW: node.start_quantity})
        token = _here(draft, ident)
    for boundary in node.boundary:
        event = draft.graph.nodes[boundary]
        if any(each.trigger in ARMED for each in event.definitions):
            arm(draft, ident, event)
            if draft.token(ident) is None:
                return  # a condition was true already and interrupts before anything is done
    if node.loop is None:
        _begin_body(draft, ident, token, node, None)
    else:
        loops.begin(draft, ident, token, node, node.loop)


def _here(draft: Draft, ident: int) -> Token:
    token = draft.token(ident)
    assert token is not None
    return token


# --- one inner instance -----------------------------------------------------------------------------------------------


def begin_body(draft: Draft, ident: int, number: str) -> None:
    """Begin inner instance *number* of the looping activity where token *ident* rests."""
    token = draft.token(ident)
    if token is not None and token.loop is not None:
        draft.spend(token.node)
        _begin_body(draft, ident, token, draft.node_of(token), int(number))


def _begin_body(draft: Draft, ident: int, token: Token, node: Node, index: int | None) -> None:
    if node.kind is Kind.RECEIVE and node.message is not None:
        arm(draft, ident, node, index)
        return
    local = _inputs(draft, ident, token, node, index)
    if node.kind in SCOPES:
        draft.soon_do("begin", new_scope(draft, node.id, ident, index, local))
        return
    work = draft.add(Work(ident, index, local))
    above = draft.get(token.owner)
    draft.say(
        WorkCreated(
            work,
            node.id,
            node.kind.value,
            scope_id_of(draft, ident),
            locals_at(draft, work),
            index,
            above.current if isinstance(above, Compensation) else None,
        )
    )


def _inputs(draft: Draft, ident: int, token: Token, node: Node, index: int | None) -> dict[str, Any]:
    """Input parameters become local variables. Those of a call activity are for whoever starts the called process."""
    if node.kind is Kind.CALL or not node.inputs:
        return {}
    local = locals_at(draft, ident)
    if index is not None and token.loop is not None:
        local.update(body_locals(draft, token, token.loop, index))
    kept: dict[str, Any] = {}
    for mapping in node.inputs:
        if mapping.source is not None and mapping.target is not None:
            value = draft.ask(node.id, Purpose.VALUE, mapping.source, dict(local))
            local[mapping.target] = value
            kept[mapping.target] = to_plain(value, node.id)
    return kept


def work_done(draft: Draft, ident: int, work: Work, how: str = "completed") -> None:
    """The work of an inner instance is done (or skipped: then nothing of it counts as performed)."""
    token = _here(draft, work.owner)
    local = locals_at(draft, ident)
    draft.remove(ident)
    draft.say(WorkEnded(ident, token.node, how))
    body_done(draft, work.owner, work.index, local, performed=how == "completed")


def received(draft: Draft, ident: int) -> None:
    """The message of a receive task came."""
    wait = draft.wait(ident)
    if not isinstance(wait, Wait):
        return
    local = locals_at(draft, ident)
    draft.remove(ident)
    body_done(draft, wait.owner, wait.index, local)


def body_done(
    draft: Draft,
    ident: int,
    index: int | None,
    local: Mapping[str, Any],
    log: tuple[Entry, ...] = (),
    *,
    performed: bool = True,
) -> None:
    """An inner instance of the activity of token *ident* is done; maybe the activity is too."""
    token = _here(draft, ident)
    node = draft.node_of(token)
    if performed:
        outputs(draft, node, local, scope_id_of(draft, ident))
        remember(draft, token, node, local, log)
    if token.loop is None or loops.turn_done(draft, ident, token, node, index or 0, local, performed=performed):
        complete(draft, ident)


def outputs(draft: Draft, node: Node, local: Mapping[str, Any], scope: int) -> None:
    """Set what the output parameters give.

    Those of a call activity, a user, business rule or send task are for whoever did the work: they hold before the
    work is reported done, so that conditions and timers on the way see them.
    """
    if node.kind in (Kind.CALL, Kind.USER, Kind.RULE, Kind.SEND):
        return
    for mapping in node.outputs:
        if mapping.source is not None and mapping.target is not None:
            value = draft.ask(node.id, Purpose.VALUE, mapping.source, local)
            draft.say(Assigned(mapping.target, value, scope))
            draft.data_changed = True


def complete(draft: Draft, ident: int) -> None:
    """The activity of token *ident* is complete: nothing of it may happen any more, its token goes on."""
    token = draft.token(ident)
    if token is None:
        return
    interrupt(draft, ident)
    if token.loop is not None:  # inner instances that were still to begin
        draft.soon = deque(item for item in draft.soon if item[0] != "body" or item[1] != ident)
    draft.soon_do("leave", ident)
    scope = draft.scope(token.owner)
    if scope is not None and draft.graph.scopes[scope.element].kind is Kind.ADHOC:
        draft.soon_do("adhoc_check", token.owner)
