"""How an instance begins: of itself, by an event, by an instantiating receive task or event gateway (BPMN 2.0.2, 13.2)."""

from __future__ import annotations

from schuldhulp.engine.bpmn.graph import Kind, Node
from schuldhulp.engine.bpmn.run.contract import Entered, Start
from schuldhulp.engine.bpmn.run.draft import Draft
from schuldhulp.engine.bpmn.run.errors import Refused
from schuldhulp.engine.bpmn.run.events import caught
from schuldhulp.engine.bpmn.run.flow import place
from schuldhulp.engine.bpmn.run.plan import definitions_of
from schuldhulp.engine.bpmn.run.state import Token
from schuldhulp.engine.bpmn.run.tree import new_scope


def start_instance(draft: Draft, stimulus: Start) -> None:
    """Open the process. Raises Refused when the instance exists already or cannot start so."""
    graph = draft.graph
    if draft.status != "new":
        raise Refused(None, f"the instance of {graph.process} has started already; Start needs an empty state.")
    node = None if stimulus.node is None else _startable(draft, stimulus.node)
    if node is None and not graph.root.starts:
        raise Refused(
            graph.process,
            f"{graph.process} has no start of its own; start it by one of: {', '.join(graph.startable) or 'nothing'}.",
        )
    draft.status = "running"
    draft.root = new_scope(draft, graph.process, 0)
    if node is None:
        draft.soon_do("begin", draft.root)
        return
    if definitions_of(node):
        caught(draft, node, definitions_of(node)[0], stimulus.payload, draft.root)
        draft.data_changed = False  # nothing is armed yet
    if node.kind is Kind.START:
        draft.soon_do("begin", draft.root, node.id)
    else:
        _by_wait(draft, node)


def _startable(draft: Draft, ident: str) -> Node:
    graph = draft.graph
    allowed = {each for start in graph.startable for each in _entries(draft, graph.nodes[start])}
    allowed.update(each for each in graph.root.starts if graph.nodes[each].kind is Kind.START)
    if ident not in allowed:
        raise Refused(
            ident,
            f"{graph.process} cannot be started by {ident}; "
            f"start it by one of: {', '.join(sorted(allowed)) or 'nothing'}.",
        )
    return graph.nodes[ident]


def _entries(draft: Draft, node: Node) -> list[str]:
    """The events by which *node* starts an instance: those behind an event gateway, else itself."""
    if node.kind is not Kind.EVENT_BASED:
        return [node.id]
    return [draft.graph.flows[flow].target for flow in node.outgoing]


def _by_wait(draft: Draft, node: Node) -> None:
    """Start with what a receive task or an event behind an instantiating gateway waited for.

    Behind a parallel gateway all events must still come: the others are waited for by tokens of their own.
    """
    gateway = _gateway_before(draft, node)
    draft.soon_do("begin", draft.root, "-")
    ident = draft.add(Token(draft.root, node.id))
    draft.say(Entered(ident, node.id))
    draft.soon_do("event_done", ident)
    if gateway is not None and gateway.parallel_start:
        for other in _entries(draft, gateway):
            if other != node.id:
                place(draft, draft.root, other)


def _gateway_before(draft: Draft, node: Node) -> Node | None:
    for flow in node.incoming:
        source = draft.graph.nodes[draft.graph.flows[flow].source]
        if source.kind is Kind.EVENT_BASED and source.instantiate:
            return source
    return None
