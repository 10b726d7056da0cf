"""Ad-hoc sub-processes (BPMN 2.0.2, 10.3.5 and 13.3.5).

Every activity inside that no flow leads to is *offered*; a person starts it, as often as needed, whatever its kind: a
script or service in an ad-hoc sub-process runs when someone picks it and never by itself. Flows between its activities
are followed. It ends when the completion condition is true after an activity, or when a person closes it.
"""

from __future__ import annotations

from schuldhulp.engine.bpmn.graph import ACTIVITIES, Graph, Kind
from schuldhulp.engine.bpmn.run.contract import AdHocEnd, AdHocStart, Stale
from schuldhulp.engine.bpmn.run.draft import Draft
from schuldhulp.engine.bpmn.run.errors import Refused
from schuldhulp.engine.bpmn.run.flow import place, replace
from schuldhulp.engine.bpmn.run.reach import locals_at
from schuldhulp.engine.bpmn.run.state import Scope
from schuldhulp.engine.bpmn.run.tree import interrupt


def offered(graph: Graph, element: str) -> tuple[str, ...]:
    """Activities of ad-hoc sub-process *element* that a person can start, in document order."""
    nodes = (graph.nodes[each] for each in graph.scopes[element].nodes)
    return tuple(
        node.id for node in nodes if node.kind in ACTIVITIES and not node.incoming and not node.for_compensation
    )


def start(draft: Draft, stimulus: AdHocStart) -> None:
    """A person starts an offered activity. Raises Refused; a scope that is gone gives a `Stale` fact."""
    scope = _open(draft, stimulus.scope)
    if scope is None:
        draft.say(Stale("adhoc_start", stimulus.scope))
        return
    names = offered(draft.graph, scope.element)
    if stimulus.node not in names:
        raise Refused(
            stimulus.node,
            f"{stimulus.node} is not offered by ad-hoc sub-process {scope.element}; choose one of: {', '.join(names)}.",
        )
    if draft.graph.nodes[scope.element].ordering_sequential and scope.live:
        raise Refused(
            stimulus.node,
            f"{scope.element} does one activity at a time; finish the open one before starting {stimulus.node}.",
        )
    place(draft, stimulus.scope, stimulus.node)


def close(draft: Draft, stimulus: AdHocEnd) -> None:
    """A person closes the sub-process. Raises Refused while work is open, unless that is to be cancelled."""
    scope = _open(draft, stimulus.scope)
    if scope is None:
        draft.say(Stale("adhoc_end", stimulus.scope))
        return
    if scope.live and not stimulus.cancel:
        raise Refused(
            scope.element,
            f"{scope.element} still has {scope.live} open; complete it first, or close it with cancel=True.",
        )
    _close(draft, stimulus.scope)


def check(draft: Draft, ident: int) -> None:
    """An activity in the sub-process was completed: is that enough?"""
    scope = draft.scope(ident)
    if scope is None or scope.closing or scope.interrupted:
        return
    node = draft.graph.nodes[scope.element]
    if node.completion is None or not draft.holds(node.id, node.completion, locals_at(draft, ident)):
        return
    if node.cancel_remaining:
        _close(draft, ident)
    else:
        draft.put(ident, replace(scope, closing=True))
        draft.soon_do("end_scope", ident)


def _close(draft: Draft, ident: int) -> None:
    interrupt(draft, ident)
    scope = draft.scope(ident)
    assert scope is not None
    draft.put(ident, replace(scope, closing=True))
    draft.soon_do("end_scope", ident)


def _open(draft: Draft, ident: int) -> Scope | None:
    scope = draft.scope(ident)
    if scope is None or scope.closing or scope.interrupted:
        return None
    return scope if draft.graph.scopes[scope.element].kind is Kind.ADHOC else None
