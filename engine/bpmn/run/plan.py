"""What the executor wants to know about a graph, computed once per graph and kept beside it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from schuldhulp.engine.bpmn.graph import EventDefinition, Graph, Kind, MultiInstance, Node, Scope, Trigger

_JOINING = frozenset({Kind.INCLUSIVE, Kind.COMPLEX})
_KEPT = 256


@dataclass(slots=True)
class Plan:
    """Derived facts of one graph. All lookups are by element id."""

    graph: Graph
    throwers: frozenset[str]
    """Nodes that throw something: they run after everything that could still arm a catcher."""
    links: dict[tuple[str, str], str]
    """(scope, link name) -> catching link event."""
    joins: dict[str, tuple[str, ...]]
    """Scope -> its inclusive and complex gateways in document order."""
    has_joins: bool
    """Whether there are any such gateways at all."""
    compensates: bool
    """Whether anything in this graph can ever ask for compensation."""
    starts_of: dict[str, tuple[Node, ...]]
    """Event sub-process -> its start events."""
    _reach: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def reaches(self, flow: str, around: str) -> frozenset[str]:
        """Nodes from which a token can still come in over *flow* without passing through the gateway *around*."""
        key = (flow, around)
        found = self._reach.get(key)
        if found is None:
            found = self._reach[key] = self._walk_back(flow, around)
        return found

    def _walk_back(self, flow: str, around: str) -> frozenset[str]:
        graph = self.graph
        seen: set[str] = set()
        todo = [graph.flows[flow].source]
        while todo:
            ident = todo.pop()
            if ident in seen or ident == around:
                continue
            seen.add(ident)
            node = graph.nodes[ident]
            todo.extend(graph.flows[incoming].source for incoming in node.incoming)
            if node.kind is Kind.BOUNDARY and node.attached_to is not None:
                todo.append(node.attached_to)
            elif node.kind is Kind.CATCH:
                name = link_name(node)
                if name is not None:
                    todo.extend(
                        other
                        for other in graph.scopes[node.scope].nodes
                        if graph.nodes[other].kind is Kind.THROW and link_name(graph.nodes[other]) == name
                    )
        return frozenset(seen)


def link_name(node: Node) -> str | None:
    """The link that this event throws or catches; None when it is no link event."""
    return next((each.name or "" for each in node.definitions if each.trigger is Trigger.LINK), None)


def definitions_of(node: Node) -> tuple[EventDefinition, ...]:
    """What the node waits for: its event definitions, or the message of a receive task."""
    if node.kind is Kind.RECEIVE:
        return (node.message,) if node.message is not None else ()
    return node.definitions


def plan_of(graph: Graph) -> Plan:
    """The plan of *graph*, from a small cache keyed by the graph object itself."""
    with _LOCK:
        kept = _PLANS.get(id(graph))
        if kept is not None and kept.graph is graph:
            _PLANS.move_to_end(id(graph))
            return kept
    made = _make(graph)
    with _LOCK:
        _PLANS[id(graph)] = made  # holds the graph, so its id cannot be given to another one
        while len(_PLANS) > _KEPT:
            _PLANS.popitem(last=False)
    return made


_PLANS: OrderedDict[int, Plan] = OrderedDict()
_LOCK = Lock()


def _make(graph: Graph) -> Plan:
    nodes = graph.nodes.values()
    return Plan(
        graph=graph,
        throwers=frozenset(
            node.id
            for node in nodes
            if node.kind in (Kind.THROW, Kind.END)
            and any(each.trigger is not Trigger.LINK for each in node.definitions)
        ),
        links={
            (node.scope, name): node.id
            for node in nodes
            if node.kind is Kind.CATCH and (name := link_name(node)) is not None
        },
        joins={scope.id: _joins(graph, scope) for scope in graph.scopes.values()},
        has_joins=any(node.kind in _JOINING for node in nodes),
        compensates=any(
            each.trigger in (Trigger.COMPENSATE, Trigger.CANCEL)
            for node in nodes
            if node.kind in (Kind.THROW, Kind.END)
            for each in node.definitions
        )
        or any(_throws_compensation(node) for node in nodes),
        starts_of={
            scope.id: tuple(graph.nodes[ident] for ident in scope.nodes if graph.nodes[ident].kind is Kind.START)
            for scope in graph.scopes.values()
            if scope.kind is Kind.EVENT_SUBPROCESS
        },
    )


def _joins(graph: Graph, scope: Scope) -> tuple[str, ...]:
    return tuple(ident for ident in scope.nodes if graph.nodes[ident].kind in _JOINING)


def _throws_compensation(node: Node) -> bool:
    if not isinstance(node.loop, MultiInstance):
        return False
    events = [node.loop.none_event, node.loop.one_event, *(each.event for each in node.loop.complex)]
    return any(event is not None and event.trigger is Trigger.COMPENSATE for event in events)
