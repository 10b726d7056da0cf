"""Tokens over sequence flows: entering, waiting together, leaving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from schuldhulp.engine.bpmn.graph import ACTIVITIES, GATEWAYS, Flow, Kind, Node
from schuldhulp.engine.bpmn.run.contract import Entered, Left, Withdrawn
from schuldhulp.engine.bpmn.run.draft import Draft
from schuldhulp.engine.bpmn.run.errors import NoFlowTaken
from schuldhulp.engine.bpmn.run.reach import locals_at
from schuldhulp.engine.bpmn.run.state import Token

replace = msgspec.structs.replace


def place(draft: Draft, owner: int, node: str, flow: str | None = None, local: Mapping[str, Any] | None = None) -> int:
    """A new token at *node* below *owner*; what the node does with it is on the agenda."""
    token = draft.add(Token(owner, node, flow, locals=local or {}))
    _entered(draft, token, owner, node, flow)
    return token


def move(draft: Draft, ident: int, token: Token, node: str, flow: str | None) -> None:
    """The token goes to *node*."""
    draft.put(ident, Token(token.owner, node, flow, locals=token.locals))
    _entered(draft, ident, token.owner, node, flow)


def _entered(draft: Draft, ident: int, owner: int, node: str, flow: str | None) -> None:
    draft.spend(node)
    draft.touch(owner)
    draft.say(Entered(ident, node, flow))
    # What throws goes last, so that everything which can be armed is armed by then.
    (draft.later if node in draft.plan.throwers else draft.soon).append(("arrive", ident, ""))


def consume(draft: Draft, ident: int, token: Token) -> None:
    """The token ends where it is."""
    draft.say(Left(ident, token.node))
    draft.remove(ident)
    handler_ended(draft, token)


def withdraw(draft: Draft, ident: int, token: Token) -> None:
    """The token is taken away by an interruption. What hangs below it must be gone already."""
    draft.say(Withdrawn(ident, token.node))
    draft.remove(ident)


def handler_ended(draft: Draft, token: Token) -> None:
    """When the token ran a compensation handler, the next handler has its turn."""
    if draft.scope(token.owner) is None:
        draft.soon_do("compensate", token.owner)


# --- waiting together -------------------------------------------------------------------------------------------------


def park(draft: Draft, ident: int, token: Token, flow: str | None = None) -> dict[str, tuple[int, ...]]:
    """Let the token wait at its node under *flow* (its own when not given); gives all that wait there now."""
    key = flow if flow is not None else (token.flow or "")
    draft.extract(ident, token)
    scope = draft.scope(token.owner)
    assert scope is not None
    waiting = dict(scope.joins.get(token.node, {}))
    waiting[key] = (*waiting.get(key, ()), ident)
    draft.put(token.owner, replace(scope, joins={**scope.joins, token.node: waiting}))
    draft.touch(token.owner)
    return waiting


def release(draft: Draft, scope_id: int, node: str, taken: Mapping[str, int]) -> int:
    """Merge *taken* tokens per flow that wait at *node* into one token there; gives its id (the youngest's)."""
    scope = draft.scope(scope_id)
    assert scope is not None
    waiting = dict(scope.joins[node])
    merged: list[int] = []
    for flow, number in taken.items():
        merged.extend(waiting[flow][:number])
        waiting[flow] = waiting[flow][number:]
        if not waiting[flow]:
            del waiting[flow]
    joins = {**scope.joins, node: waiting}
    if not waiting:
        del joins[node]
    draft.put(scope_id, replace(scope, joins=joins))
    stays = max(merged)
    for ident in sorted(merged):
        if ident != stays:
            draft.say(Left(ident, node))
    draft.insert(stays, Token(scope_id, node))
    draft.count(scope_id, 1 - len(merged))
    return stays


# --- leaving ----------------------------------------------------------------------------------------------------------


def leave(draft: Draft, ident: int) -> None:
    """The token has done what its node asks and goes on over the outgoing flows."""
    token = draft.token(ident)
    if token is None:
        return
    node = draft.node_of(token)
    follow(draft, ident, token, chosen(draft, ident, node), node.completion_quantity if node.kind in ACTIVITIES else 1)


def follow(draft: Draft, ident: int, token: Token, flows: list[Flow], quantity: int = 1) -> None:
    """The token goes over all *flows*, *quantity* tokens over each; over none it ends."""
    if not flows:
        consume(draft, ident, token)
        return
    draft.say(Left(ident, token.node, tuple(flow.id for flow in flows)))
    first = True
    for flow in flows:
        for _ in range(quantity):
            if first:
                move(draft, ident, token, flow.target, flow.id)
                first = False
            else:
                place(draft, token.owner, flow.target, flow.id)


def chosen(draft: Draft, ident: int, node: Node) -> list[Flow]:
    """The flows that a token leaving *node* takes, by the rule of its kind. Raises NoFlowTaken."""
    flows = [draft.graph.flows[flow] for flow in node.outgoing]
    if not flows or node.kind in (Kind.PARALLEL, Kind.EVENT_BASED):
        return flows
    local = _lazy_locals(draft, ident, flows)
    if node.kind is Kind.EXCLUSIVE:
        return [exclusive(draft, node, flows, local)]
    return several(draft, node, flows, local)


def exclusive(draft: Draft, node: Node, flows: list[Flow], local: Mapping[str, Any]) -> Flow:
    """The first flow in document order whose condition is true, else the default (13.4.2)."""
    for flow in flows:
        if flow.id != node.default and (flow.condition is None or draft.holds(node.id, flow.condition, local)):
            return flow
    default = next((flow for flow in flows if flow.id == node.default), None)
    if default is None:
        raise NoFlowTaken(node.id)
    return default


def several(draft: Draft, node: Node, flows: list[Flow], local: Mapping[str, Any]) -> list[Flow]:
    """Every flow without a condition or with a true one.

    The default is taken when no *condition* is true for an activity (its unconditional flows do not count: they are
    taken besides), and when no other flow is taken for a gateway (13.4.3).
    """
    taken: list[Flow] = []
    conditional = False
    for flow in flows:
        if flow.id == node.default:
            continue
        if flow.condition is None:
            taken.append(flow)
        elif draft.holds(node.id, flow.condition, local):
            taken.append(flow)
            conditional = True
    others = bool(taken) if node.kind in GATEWAYS else conditional
    if not others:
        taken.extend(flow for flow in flows if flow.id == node.default)
    if not taken:
        raise NoFlowTaken(node.id)
    return taken


def _lazy_locals(draft: Draft, ident: int, flows: list[Flow]) -> Mapping[str, Any]:
    return locals_at(draft, ident) if any(flow.condition is not None for flow in flows) else {}
