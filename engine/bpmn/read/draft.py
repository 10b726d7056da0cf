"""A graph in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

from schuldhulp.engine.bpmn.graph import DataObject, Kind, Node, Scope, Trigger

_NEVER_OF_ITSELF = frozenset({Kind.START, Kind.BOUNDARY, Kind.EVENT_SUBPROCESS})


@dataclass
class ProcessDraft:
    """All nodes and scopes of one process, sub-processes included; document order."""

    nodes: dict[str, Node] = field(default_factory=dict)
    scopes: dict[str, Scope] = field(default_factory=dict)


@dataclass
class Draft:
    """One scope of a process while its nodes are read."""

    id: str
    kind: Kind | None
    parent: str | None
    lanes: tuple[str, ...]
    """Of the sub-process itself: its nodes stand in these too."""
    process: ProcessDraft
    own: list[Node] = field(default_factory=list)

    def add(self, node: Node) -> None:
        self.own.append(node)
        self.process.nodes[node.id] = node

    def close(self, data: tuple[DataObject, ...]) -> None:
        self.process.scopes[self.id] = Scope(
            id=self.id, kind=self.kind, parent=self.parent, nodes=tuple(node.id for node in self.own),
            starts=starts(self.own),
            event_subprocesses=tuple(node.id for node in self.own if node.kind is Kind.EVENT_SUBPROCESS), data=data,
        )  # fmt: skip


def starts(nodes: list[Node]) -> tuple[str, ...]:
    """Where a token starts when the scope starts of itself (BPMN 2.0.2 section 13.2 and 10.5.2).

    With start events: those without a trigger. Without any: what nothing flows into, except what waits for something
    outside its own place: boundary events, event sub-processes, link catches, compensation handlers, and receive tasks
    and event gateways that start an instance when something arrives.
    """
    if any(node.kind is Kind.START for node in nodes):
        return tuple(node.id for node in nodes if node.kind is Kind.START and not node.definitions)
    return tuple(node.id for node in nodes if not node.incoming and not _waits(node))


def _waits(node: Node) -> bool:
    linked = node.kind is Kind.CATCH and any(one.trigger is Trigger.LINK for one in node.definitions)
    return node.kind in _NEVER_OF_ITSELF or node.for_compensation or node.instantiate or linked


def startable(nodes: list[Node]) -> tuple[str, ...]:
    """The nodes by which an instance may start from outside."""
    return tuple(
        node.id for node in nodes if (node.kind is Kind.START and node.definitions) or node.instantiate
    )  # fmt: skip
