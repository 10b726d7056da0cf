"""Gateways (BPMN 2.0.2, 13.4). What merges counts tokens per incoming flow; nothing looks at history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schuldhulp.engine.bpmn.graph import Flow, Kind, Node
from schuldhulp.engine.bpmn.run.draft import Draft
from schuldhulp.engine.bpmn.run.events import arm
from schuldhulp.engine.bpmn.run.flow import consume, follow, leave, park, release, replace, several
from schuldhulp.engine.bpmn.run.reach import locals_at
from schuldhulp.engine.bpmn.run.state import Scope, Token


def arrive(draft: Draft, ident: int, token: Token, node: Node) -> None:
    """A token came in at a gateway."""
    match node.kind:
        case Kind.EXCLUSIVE:
            leave(draft, ident)
        case Kind.PARALLEL:
            _parallel(draft, ident, token, node)
        case Kind.INCLUSIVE:
            if token.flow is None or len(node.incoming) < 2:
                leave(draft, ident)
            else:
                park(draft, ident, token)  # decided by `settle` when nothing else can move
        case Kind.COMPLEX:
            if token.flow is None or (len(node.incoming) < 2 and node.activation is None):
                leave(draft, ident)
            else:
                park(draft, ident, token)
                _activate(draft, token.owner, node)
        case _:
            for flow in node.outgoing:
                arm(draft, ident, draft.graph.nodes[draft.graph.flows[flow].target])
                if draft.token(ident) != token:
                    return  # a condition was true already: the choice is made


def _parallel(draft: Draft, ident: int, token: Token, node: Node) -> None:
    if token.flow is None or len(node.incoming) < 2:
        leave(draft, ident)
        return
    waiting = park(draft, ident, token)
    if all(flow in waiting for flow in node.incoming):
        leave(draft, release(draft, token.owner, node.id, dict.fromkeys(node.incoming, 1)))


# --- inclusive and complex: when nothing else can move ----------------------------------------------------------------


def settle(draft: Draft) -> bool:
    """Let one inclusive or complex gateway go on that no other token can reach any more. False when none can."""
    while draft.touched:
        scope_id = draft.touched[0]
        scope = draft.scope(scope_id)
        if scope is not None:
            for ident in draft.plan.joins.get(scope.element, ()):
                if _settle(draft, scope_id, scope, draft.graph.nodes[ident]):
                    return True  # the scope stays touched: its next gateway is looked at after this one's tokens
        draft.settled()
    return False


def _settle(draft: Draft, scope_id: int, scope: Scope, node: Node) -> bool:
    waiting = scope.joins.get(node.id, {})
    if node.kind is Kind.INCLUSIVE:
        if not waiting or _awaited(draft, scope_id, scope, node, frozenset(waiting)):
            return False
        leave(draft, release(draft, scope_id, node.id, dict.fromkeys(waiting, 1)))
        return True
    if node.id not in scope.resets:
        return False
    return _reset(draft, scope_id, scope, node, waiting)


def _awaited(draft: Draft, scope_id: int, scope: Scope, node: Node, filled: frozenset[str]) -> bool:
    """Whether a token may still come in over an incoming flow outside *filled* (the path rule of 13.4.3).

    A token elsewhere is awaited when it can reach an empty incoming flow without passing this gateway, unless it can
    reach a filled one in the same way. Boundary events and link events count as paths.
    """
    empty = [flow for flow in node.incoming if flow not in filled]
    if not empty:
        return False
    reach = draft.plan.reaches
    places = {other for other in scope.joins if other != node.id}
    for ident in draft.below(scope_id):
        token = draft.token(ident)
        if token is not None:
            places.add(token.node)
    return any(
        any(where in reach(flow, node.id) for flow in empty)
        and not any(where in reach(flow, node.id) for flow in node.incoming if flow in filled)
        for where in sorted(places)
    )


# --- complex gateway (table 13.5) -------------------------------------------------------------------------------------


def _activate(draft: Draft, scope_id: int, node: Node) -> None:
    """Waiting for start: fire when the activation condition holds. Without one, the first token fires."""
    scope = draft.scope(scope_id)
    assert scope is not None
    waiting = scope.joins.get(node.id, {})
    if not waiting or node.id in scope.resets:
        return
    local = _gateway_locals(draft, scope_id, waiting, start=True)
    if node.activation is not None and not draft.holds(node.id, node.activation, local):
        return
    fired = tuple(flow for flow in node.incoming if flow in waiting)
    draft.put(scope_id, replace(scope, resets={**scope.resets, node.id: fired}))
    ident = release(draft, scope_id, node.id, dict.fromkeys(fired, 1))
    token = draft.token(ident)
    assert token is not None
    flows = [draft.graph.flows[flow] for flow in node.outgoing]
    follow(draft, ident, token, several(draft, node, flows, local) if flows else [])


def _reset(draft: Draft, scope_id: int, scope: Scope, node: Node, waiting: Mapping[str, tuple[int, ...]]) -> bool:
    """Waiting for reset: take the tokens of the other incoming flows once no more of them can come.

    Only flows with a condition that is true now get a token at the reset: a flow without one was served at the start.
    """
    fired = frozenset(scope.resets[node.id])
    expected = frozenset(flow for flow in node.incoming if flow not in fired)
    present = frozenset(flow for flow in expected if flow in waiting)
    if _awaited(draft, scope_id, scope, node, fired | present):
        return False
    draft.put(scope_id, replace(scope, resets={key: flows for key, flows in scope.resets.items() if key != node.id}))
    if present:
        local = _gateway_locals(draft, scope_id, waiting, start=False)
        ident = release(draft, scope_id, node.id, {flow: 1 for flow in node.incoming if flow in present})
        token = draft.token(ident)
        assert token is not None
        flows = [draft.graph.flows[flow] for flow in node.outgoing]
        _follow_reset(draft, ident, token, node, flows, local)
    _activate(draft, scope_id, node)
    return True


def _follow_reset(
    draft: Draft, ident: int, token: Token, node: Node, flows: list[Flow], local: Mapping[str, Any]
) -> None:
    taken = [each for each in flows if each.condition is not None and draft.holds(node.id, each.condition, local)]
    if taken:
        follow(draft, ident, token, taken)
    else:
        consume(draft, ident, token)


def _gateway_locals(
    draft: Draft, scope_id: int, waiting: Mapping[str, tuple[int, ...]], *, start: bool
) -> dict[str, Any]:
    return {
        **locals_at(draft, scope_id),
        "activationCount": sum(len(tokens) for tokens in waiting.values()),
        "waitingForStart": start,
    }
