"""Moving a running instance to another version of its process: its state, rewritten for the new graph.

Pure, and the same when a case is rebuilt: no id changes, nothing is evaluated, nothing fires. What is open must have a place
in the new graph that means the same: an element of the same kind, in the corresponding scope. An event that only stood by
(a boundary event, the start of an event sub-process) may be gone: then it is no longer waited for, and is told as lost. One
that is new is told, so that the stimulus `Arm` lets what is open wait for it. Everything else is refused, with every reason.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schuldhulp.engine.bpmn.graph import EventDefinition, Graph, Kind, Node, Place, Trigger
from schuldhulp.engine.bpmn.run.events import ARMED
from schuldhulp.engine.bpmn.run.flow import replace
from schuldhulp.engine.bpmn.run.plan import definitions_of, plan_of
from schuldhulp.engine.bpmn.run.state import AnyRecord, Compensation, Entry, Scope, State, Token, Wait, Work, made
from schuldhulp.engine.bpmn.run.views import is_ended

_NO_FLOW = ("", "*")
"""Keys under which tokens wait that came over no flow, or over any."""


class CannotMigrate(Exception):
    """The state has no place in the new graph. `reasons`: a sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(reasons))


@dataclass(frozen=True, slots=True)
class Moved:
    """The state in the new graph.

    `lost`: (wait, old element) no longer waited for; `new`: (token or scope that is open, new event) to be armed;
    `notes`: what goes on as it was begun; `moves`: (old element, new element) -> how many tokens rest there.
    """

    state: State
    lost: tuple[tuple[int, str], ...] = ()
    new: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()
    moves: Mapping[tuple[str, str], int] = field(default_factory=dict)


def migrate(state: State, old: Graph, new: Graph, mapping: Mapping[str, str]) -> Moved:
    """*state* of an instance of *old* as one of *new*. *mapping*: old element -> new, for those with another id (the process
    itself too); the others keep theirs. Raises CannotMigrate."""
    return _Migration(state, old, new, mapping).done()


class _Migration:
    """One state on its way."""

    def __init__(self, state: State, old: Graph, new: Graph, mapping: Mapping[str, str]) -> None:
        self.state, self.old, self.new = state, old, new
        self.mapping = {old.process: new.process, **mapping}
        self.reasons: list[str] = []
        self.lost: list[tuple[int, str]] = []
        self.events: list[tuple[int, str]] = []
        self.notes: dict[str, None] = {}
        self.moves: dict[tuple[str, str], int] = {}

    def done(self) -> Moved:
        if is_ended(self.state) or self.state.status == "new":
            raise CannotMigrate([f"the instance is {self.state.status}: only a running one can be moved."])
        for name in self.mapping:
            if name != self.old.process and name not in self.old.nodes and name not in self.old.flows:
                self.reasons.append(f"the mapping names {name}, which {self.old.process} does not have.")
        records: list[tuple[int, AnyRecord]] = []
        for ident, record in self.state.records.items():
            changed = self._record(ident, record)
            if changed is not None:
                records.append((ident, changed))
        if self.reasons:
            raise CannotMigrate(list(dict.fromkeys(self.reasons)))
        moved = made(self.state.seq, self.state.status, self.state.root, records)
        return Moved(moved, tuple(self.lost), tuple(self.events), tuple(self.notes), self.moves)

    def name(self, element: str) -> str:
        return self.mapping.get(element, element)

    # --- records ------------------------------------------------------------------------------------------------------

    def _record(self, ident: int, record: AnyRecord) -> AnyRecord | None:
        match record:
            case Scope():
                return self._scope(ident, record)
            case Token():
                return self._token(ident, record)
            case Wait():
                return self._wait(ident, record)
            case Compensation():
                entries = tuple(self._entry(entry) for entry in record.entries)
                return replace(record, entries=entries, current=record.current and self.name(record.current))
            case Work():
                self._begun(record)
                return record

    def _scope(self, ident: int, scope: Scope) -> Scope:
        element = self.name(scope.element)
        shape, before = self.new.scopes.get(element), self.old.scopes[scope.element]
        if shape is None:
            self.reasons.append(f"{scope.element} is open, and {self._goes(scope.element)}.")
            return scope
        if shape.kind != before.kind:
            self.reasons.append(
                f"{scope.element} is open as {before.kind}; {element} is {shape.kind} in the new process."
            )
        if scope.owner and self._around(scope.owner) != shape.parent:
            self.reasons.append(f"{scope.element} is open, and {element} stands in another scope ({shape.parent}).")
        if not (scope.interrupted or scope.closing):
            self._new_event_subprocesses(ident, before.event_subprocesses, shape.event_subprocesses)
        return replace(
            scope,
            element=element,
            joins={self.name(node): self._join(node, flows) for node, flows in scope.joins.items()},
            resets={self.name(node): self._flows_of(node, flows) for node, flows in scope.resets.items()},
            log=tuple(self._entry(entry) for entry in scope.log),
        )

    def _token(self, ident: int, token: Token) -> Token:
        node = self._node(token.node, "a token rests there")
        if node is None:
            return token
        before = self.old.nodes[token.node]
        self.moves[token.node, node.id] = self.moves.get((token.node, node.id), 0) + 1
        if isinstance(self.state.records.get(token.owner), Scope) and self._around(token.owner) != node.scope:
            self.reasons.append(f"{token.node} is open, and {node.id} stands in another scope ({node.scope}).")
        if _shape(before.loop) != _shape(node.loop):
            self.reasons.append(f"{token.node} is open, and its loop or multi-instance is another in the new process.")
        if before.kind is Kind.EVENT_BASED and self._targets(before, self.old) != self._targets(node, self.new):
            self.reasons.append(f"{token.node} waits for the first of its events, and these are others now.")
        self._new_boundary(ident, token, before, node)
        flow = None if token.flow is None else self.name(token.flow)
        return replace(token, node=node.id, flow=flow if flow in self.new.flows else None)

    def _wait(self, ident: int, wait: Wait) -> Wait | None:
        before, node = self.old.nodes[wait.element], self.new.nodes.get(self.name(wait.element))
        stands_by = before.kind is Kind.BOUNDARY or before.kind is Kind.START
        if node is None or (stands_by and not self._still_stands_by(wait, before, node)):
            if stands_by:
                if not wait.met:
                    self.lost.append((ident, wait.element))
                return None
            self.reasons.append(f"{wait.element} is waited for, and {self._goes(wait.element)}.")
            return wait
        definitions = definitions_of(node)
        earlier = definitions_of(before)
        if node.kind is not before.kind or _kinds(definitions) != _kinds(earlier):
            self.reasons.append(f"{wait.element} is waited for, and {node.id} waits for something else.")
        elif wait.kind in (Trigger.MESSAGE, Trigger.SIGNAL):
            this, other = earlier[wait.at], definitions[wait.at]
            if (this.name, {key.name for key in this.keys}) != (other.name, {key.name for key in other.keys}):
                self.reasons.append(
                    f"{wait.element} waits for {wait.kind} {this.name!r}, and {node.id} for {other.name!r} or by other keys."
                )
        return replace(wait, element=node.id)

    def _begun(self, work: Work) -> None:
        """Work that is out stays out as it was given."""
        token = self.state.records.get(work.owner)
        assert isinstance(token, Token)
        before, node = self.old.nodes[token.node], self.new.nodes.get(self.name(token.node))
        if node is None:
            return
        if before.topic != node.topic:
            self.notes[f"{token.node}: work that is out keeps topic {before.topic!r}; new work has {node.topic!r}."] = (
                None
            )
        if _shape(before.called) != _shape(node.called) and before.called and node.called:
            self.notes[f"{token.node}: {before.called.text} goes on; later calls start {node.called.text}."] = None

    # --- what belongs to them -----------------------------------------------------------------------------------------

    def _node(self, element: str, why: str) -> Node | None:
        """The new node of *element*; None, with a reason, when there is none of the same kind."""
        node, before = self.new.nodes.get(self.name(element)), self.old.nodes[element]
        if node is None:
            self.reasons.append(f"{element}: {why}, and {self._goes(element)}.")
        elif node.kind is not before.kind:
            self.reasons.append(f"{element}: {why}; it is a {before.kind} and {node.id} a {node.kind}.")
            return None
        return node

    def _goes(self, element: str) -> str:
        to = self.name(element)
        known = f"{to}, to which it is mapped, is not" if to != element else "it is not"
        return f"{known} in the new process; map it to an element that is"

    def _around(self, owner: int) -> str | None:
        """The new id of the scope around what record *owner* holds."""
        while owner:
            record = self.state.records.get(owner)
            if isinstance(record, Scope):
                return self.name(record.element)
            owner = 0 if record is None else record.owner
        return None

    def _still_stands_by(self, wait: Wait, before: Node, node: Node) -> bool:
        """Whether the event is still attached to the activity, or starts an event sub-process of the scope, that it was."""
        if node.kind is not before.kind:
            return False
        if before.attached_to is not None:
            return node.attached_to == self.name(before.attached_to)
        here = self.new.scopes.get(node.scope)
        return here is not None and here.kind is Kind.EVENT_SUBPROCESS and here.parent == self._around(wait.owner)

    def _join(self, element: str, flows: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
        """Tokens that wait together must still be able to: over the same flows, and for something still to come."""
        node = self._node(element, "tokens wait there for others")
        if node is None:
            return dict(flows)
        waiting = {flow if flow in _NO_FLOW else self.name(flow): ids for flow, ids in flows.items()}
        for flow in waiting:
            if flow not in _NO_FLOW and flow not in node.incoming:
                self.reasons.append(
                    f"{element}: tokens wait that came over flow {flow}, which does not lead there any more."
                )
        before = self.old.nodes[element]
        if node.kind in (Kind.INCLUSIVE, Kind.COMPLEX) and {self.name(f) for f in before.incoming} != set(
            node.incoming
        ):
            self.reasons.append(
                f"{element}: tokens wait there for others, and other flows lead there in the new process."
            )
        if node.kind is Kind.PARALLEL and all(flow in waiting for flow in node.incoming):
            self.reasons.append(
                f"{element}: tokens wait there, and no other flow leads there any more: they would for ever."
            )
        if node.start_quantity != before.start_quantity:
            self.reasons.append(f"{element}: tokens wait there, and it needs another number of them now.")
        self.moves[element, node.id] = self.moves.get((element, node.id), 0) + sum(len(ids) for ids in flows.values())
        return waiting

    def _flows_of(self, element: str, flows: tuple[str, ...]) -> tuple[str, ...]:
        node = self._node(element, "it has still to be reset")
        named = tuple(self.name(flow) for flow in flows)
        if node is not None and not set(named) <= set(node.incoming):
            self.reasons.append(f"{element}: it has still to be reset, and other flows lead there now.")
        return named

    def _entry(self, entry: Entry) -> Entry:
        node = self._node(entry.element, "it is done and can be compensated")
        if node is None:
            return entry
        had = self.old.nodes[entry.element].compensation_handler
        if (had is None) != (node.compensation_handler is None):
            self.reasons.append(
                f"{entry.element} is done and can be compensated; not in the same way in the new process."
            )
        return replace(entry, element=node.id, inner=tuple(self._entry(each) for each in entry.inner))

    def _targets(self, node: Node, graph: Graph) -> set[str]:
        found = {graph.flows[flow].target for flow in node.outgoing}
        return {self.name(target) for target in found} if graph is self.old else found

    # --- what is new --------------------------------------------------------------------------------------------------

    def _new_boundary(self, ident: int, token: Token, before: Node, node: Node) -> None:
        above = self.state.records.get(token.owner)
        if isinstance(above, Scope) and any(ident in ids for flows in above.joins.values() for ids in flows.values()):
            return  # it has not begun: its boundary is armed when it does
        known = {self.name(event) for event in before.boundary if _armed(self.old.nodes[event])}
        self._arm(ident, (self.new.nodes[event] for event in node.boundary if event not in known))

    def _new_event_subprocesses(self, ident: int, before: tuple[str, ...], now: tuple[str, ...]) -> None:
        known = {self.name(start.id) for each in before for start in plan_of(self.old).starts_of[each] if _armed(start)}
        starts = (start for each in now for start in plan_of(self.new).starts_of[each])
        self._arm(ident, (start for start in starts if start.id not in known))

    def _arm(self, owner: int, nodes: Iterable[Node]) -> None:
        self.events += [(owner, node.id) for node in nodes if _armed(node)]


def _armed(node: Node) -> bool:
    return any(definition.trigger in ARMED for definition in definitions_of(node))


def _kinds(definitions: tuple[EventDefinition, ...]) -> list[Trigger]:
    return [each.trigger for each in definitions]


def _shape(value: Any) -> Any:
    """What a loop says, without where it says so."""
    if isinstance(value, Place):
        return None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return (type(value).__name__, *(_shape(getattr(value, each.name)) for each in dataclasses.fields(value)))
    if isinstance(value, tuple):
        return tuple(_shape(each) for each in value)
    return value


__all__ = ["CannotMigrate", "Moved", "migrate"]
