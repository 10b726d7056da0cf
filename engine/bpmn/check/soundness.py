"""Soundness, as warnings: what is never reached, what never ends, and gateways that do not fit together.

Each scope is played as a token game over its flows: a choice is taken every way, one node at a time (the order of
independent tokens does not matter here, so it is not tried). The work is bounded: a scope that needs more states is
judged only as far as they go. Data are not looked at, so a path may be one that conditions rule out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from schuldhulp.engine.bpmn.check.subject import Subject
from schuldhulp.engine.bpmn.graph import Finding, Graph, Kind, Node, Scope, Severity, Trigger

MOST_STATES = 2_000
LONGEST_PATH = 14
_CHOOSES_ONE = frozenset({Kind.EXCLUSIVE, Kind.EVENT_BASED})
_CHOOSES_SOME = frozenset({Kind.INCLUSIVE, Kind.COMPLEX})
_JOINS_LATE = frozenset({Kind.INCLUSIVE, Kind.COMPLEX})

State = tuple[str, ...]
"""Where tokens are: flow ids, sorted; "@id" for a token that is in a node without having come over a flow."""


def soundness(subject: Subject) -> Iterator[Finding]:
    for graph in subject.model.graphs.values():
        if graph.executable:
            for scope in graph.scopes.values():
                if scope.kind is not Kind.ADHOC:
                    yield from _Game(graph, scope, subject.context.dialect).findings()


@dataclass
class _Game:
    graph: Graph
    scope: Scope
    mild: bool
    """A scope that can never complete is a warning too; by the letter it is an error: no such process is valid."""

    def __post_init__(self) -> None:
        self.nodes = [self.graph.nodes[name] for name in self.scope.nodes]
        self.links = _links(self.nodes)

    def findings(self) -> Iterator[Finding]:
        begins = self._begins()
        reached = self._reached({name[1:] for begin in begins for name in begin})
        for node in self.nodes:
            if node.id not in reached and node.incoming:
                yield _warning(node, "unreachable", "No path from a start leads here.", "Connect it, or remove it.")
        yield from self._endless(reached)
        told: set[str] = set()
        for begin in begins:
            for finding in self._play(begin):
                if f"{finding.code} {finding.element}" not in told:
                    told.add(f"{finding.code} {finding.element}")
                    yield finding

    def _begins(self) -> list[State]:
        """Each way in which the scope can begin."""
        begins: list[State] = [tuple(sorted(f"@{name}" for name in self.scope.starts))] if self.scope.starts else []
        for node in self.nodes:
            if (node.kind is Kind.START and node.definitions) or node.instantiate:
                begins.append((f"@{node.id}",))
        return begins

    def _reached(self, starts: set[str]) -> set[str]:
        handlers = {node.compensation_handler for node in self.nodes if node.compensation_handler}
        todo, reached = deque(starts | handlers | set(self.scope.event_subprocesses)), set(starts)
        while todo:
            name = todo.popleft()
            reached.add(name)
            node = self.graph.nodes[name]
            after = [self.graph.flows[flow].target for flow in node.outgoing] + list(node.boundary)
            after += [self.links[name]] if name in self.links else []
            todo.extend(one for one in after if one not in reached)
            reached.update(after)
        return reached

    def _endless(self, reached: set[str]) -> Iterator[Finding]:
        """Nodes from which no path ends: everything after them goes round for ever."""
        before: dict[str, list[str]] = {}
        for node in self.nodes:
            for flow in node.outgoing:
                before.setdefault(self.graph.flows[flow].target, []).append(node.id)
            for event in node.boundary:
                before.setdefault(event, []).append(node.id)
        ends = {node.id for node in self.nodes if not node.outgoing}
        todo = deque(ends)
        while todo:
            for name in before.get(todo.popleft(), ()):
                if name not in ends:
                    ends.add(name)
                    todo.append(name)
        stuck = [node for node in self.nodes if node.id in reached and node.id not in ends]
        if stuck:
            names = ", ".join(_called(node) for node in stuck[:LONGEST_PATH])
            yield _warning(
                stuck[0], "never-ends", f"From here no path leads to an end: {names}.", "Add a way out of the loop.",
            )  # fmt: skip

    def _play(self, begin: State) -> Iterator[Finding]:
        came: dict[State, tuple[State, str] | None] = {begin: None}
        todo = deque([begin])
        noisy = any(not node.interrupting for node in self.nodes if node.kind is Kind.BOUNDARY)
        stuck: list[State] = []
        may_end = False
        while todo and len(came) < MOST_STATES:
            state = todo.popleft()
            node, following = self._step(state)
            if node is None:
                stuck += [state] if state else []
                may_end = may_end or not state
                continue
            for after in following:
                twice = next((name for name, other in pairwise(after) if name == other), None)
                if after in came:
                    continue
                came[after] = (state, node.id)
                if twice is None:
                    todo.append(after)
                else:
                    may_end = True  # not followed further
                    if not noisy:
                        yield self._twice(twice, after, came)
        certain = bool(stuck) and not may_end and not todo and not noisy and not self._interrupted()
        for state in stuck:
            yield self._stuck(state, came, certain)

    def _interrupted(self) -> bool:
        """Whether something else may end the scope: an event sub-process, or a boundary event on it."""
        around = self.graph.nodes.get(self.scope.id)
        return bool(self.scope.event_subprocesses) or (around is not None and bool(around.boundary))

    def _step(self, state: State) -> tuple[Node | None, list[State]]:
        """The first node that can go on, and the states after it; joins that wait for all paths come last."""
        late: tuple[Node, list[State]] | None = None
        for name in state:
            node = self.graph.nodes[name[1:] if name.startswith("@") else self.graph.flows[name].target]
            if node.kind is Kind.PARALLEL and not name.startswith("@"):
                taken = node.incoming
                if not all(flow in state for flow in taken):
                    continue
            elif node.kind in _JOINS_LATE and len(node.incoming) > 1 and not name.startswith("@"):
                present = tuple(flow for flow in node.incoming if flow in state)
                late = late or (node, self._after(state, present, node))
                continue
            else:
                taken = (name,)
            return node, self._after(state, taken, node)
        return late if late is not None else (None, [])

    def _after(self, state: State, taken: tuple[str, ...], node: Node) -> list[State]:
        rest = list(state)
        for name in taken:
            rest.remove(name)
        if any(one.trigger is Trigger.TERMINATE for one in node.definitions):
            return [()]
        return [tuple(sorted([*rest, *out])) for out in self._outs(node)]

    def _outs(self, node: Node) -> list[tuple[str, ...]]:
        """The sets of flows that a token may leave over."""
        if node.id in self.links:
            return [(f"@{self.links[node.id]}",)]
        flows = node.outgoing
        outs: list[tuple[str, ...]]
        if node.kind in _CHOOSES_ONE and flows:
            outs = [(flow,) for flow in flows]
        elif node.kind in _CHOOSES_SOME and len(flows) > 1:
            outs = [(flow,) for flow in flows] + [flows]
        else:
            always = tuple(flow for flow in flows if self.graph.flows[flow].condition is None and flow != node.default)
            free = [flow for flow in flows if flow not in always and flow != node.default]
            some = [always + chosen for size in range(1, len(free[:4]) + 1) for chosen in combinations(free[:4], size)]
            outs = [always + ((node.default,) if node.default in flows and node.default else ()), *some]
        for name in node.boundary:
            event = self.graph.nodes[name]
            if any(one.trigger is Trigger.COMPENSATE for one in event.definitions):
                continue
            outs += [(f"@{name}",)] if event.interrupting else [(*outs[0], f"@{name}")]
        return outs

    def _stuck(self, state: State, came: dict[State, tuple[State, str] | None], certain: bool) -> Finding:
        """A join that waits; *certain* when every way through the scope ends like this."""
        flow = self.graph.flows[state[0]]
        node = self.graph.nodes[flow.target]
        missing = [self.graph.flows[one].source for one in node.incoming if one not in state]
        names = ", ".join(_called(self.graph.nodes[one]) for one in missing)
        path = self._path(state, came)
        remedy = "Merge alternatives with the kind of gateway that split them."
        if certain:
            message = f"This gateway waits for ever, whatever is chosen before it: nothing comes from {names} ({path})."
            severity = Severity.WARNING if self.mild else Severity.ERROR
            return Finding(severity, "never-completes", message, remedy, node.place, node.id, node.name)
        message = f"This gateway may wait for ever: nothing comes from {names} on the path {path}."
        return _warning(node, "deadlock", message, remedy)

    def _twice(self, name: str, state: State, came: dict[State, tuple[State, str] | None]) -> Finding:
        node = self.graph.nodes[name[1:] if name.startswith("@") else self.graph.flows[name].target]
        return _warning(
            node, "runs-twice", f"This may run several times at once, on the path {self._path(state, came)}.",
            "Merge parallel paths with a parallel gateway.",
        )  # fmt: skip

    def _path(self, state: State, came: dict[State, tuple[State, str] | None]) -> str:
        names: list[str] = []
        step = came[state]
        while step is not None:
            names.append(_called(self.graph.nodes[step[1]]))
            step = came[step[0]]
        names.reverse()
        return " > ".join(names if len(names) <= LONGEST_PATH else [*names[:3], "...", *names[4 - LONGEST_PATH :]])


def _links(nodes: list[Node]) -> dict[str, str]:
    """Throwing link -> the catching one of the same name."""
    ends: dict[Kind, dict[str, str]] = {Kind.THROW: {}, Kind.CATCH: {}}
    for node in nodes:
        for one in node.definitions:
            if one.trigger is Trigger.LINK and one.name and node.kind in ends:
                ends[node.kind][node.id if node.kind is Kind.THROW else one.name] = (
                    one.name if node.kind is Kind.THROW else node.id
                )
    return {throw: ends[Kind.CATCH][name] for throw, name in ends[Kind.THROW].items() if name in ends[Kind.CATCH]}


def _called(node: Node) -> str:
    return node.name or node.id


def _warning(node: Node, code: str, message: str, remedy: str) -> Finding:
    return Finding(Severity.WARNING, code, message, remedy, node.place, node.id, node.name)


RULES = (soundness,)
