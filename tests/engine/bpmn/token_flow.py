"""The token game on sequence flows: which a token takes, and gateways that wait until nothing more can come.

The path rule of the inclusive join (BPMN 2.0.2, 13.4.3) walks forward over the graph from every token.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schuldhulp.engine.bpmn.graph import Expression, Flow, Graph, Kind, Node
from tests.engine.bpmn.token_pieces import Frame, Locals

Decide = Callable[[str, Locals], Any]
"""Gives what an expression says at this moment, to one who sees these local variables."""


class Flowing:
    """Tokens that lie on sequence flows."""

    def __init__(self, graph: Graph, decide: Decide) -> None:
        self.graph, self.decide = graph, decide

    def _out(self, frame: Frame, node: Node, quantity: int = 1) -> None:
        flows = [self.graph.flows[each] for each in node.outgoing]
        if node.kind in (Kind.EXCLUSIVE, Kind.INCLUSIVE, Kind.COMPLEX):
            chosen = [each.id for each in flows if each.id != node.default and self._open_flow(frame, each)]
            chosen = (chosen[:1] if node.kind is Kind.EXCLUSIVE else chosen) or [node.default or ""]
        else:
            chosen = [each.id for each in flows]
        for _ in range(quantity):
            frame.flows.update(chosen)

    def _open_flow(self, frame: Frame, flow: Flow) -> bool:
        return flow.condition is None or self._true(flow.condition, frame.locals())

    def _true(self, condition: Expression, seen: Locals) -> bool:
        return bool(self.decide(condition.text, seen))

    # --- inclusive and complex gateways -----------------------------------------------------------------------------------

    def _settle(self, frame: Frame) -> bool:
        for ident in self.graph.scopes[frame.element].nodes:
            node = self.graph.nodes[ident]
            if frame.gone or node.kind not in (Kind.INCLUSIVE, Kind.COMPLEX):
                continue
            filled = {each for each in node.incoming if frame.flows[each]}
            if node.kind is Kind.COMPLEX:
                if ident in frame.fired and not awaited(self.graph, frame, node, filled | frame.fired[ident]):
                    self._reset(frame, node, filled - frame.fired.pop(ident))
                    return True
            elif len(node.incoming) > 1 and filled and not awaited(self.graph, frame, node, filled):
                frame.flows.subtract(filled)
                self._out(frame, node)
                return True
        return False

    def _into_complex(self, frame: Frame, node: Node, flow: str) -> bool:
        """Table 13.5: tokens come in one by one; at each the activation condition is looked at."""
        if frame.arrived[flow] == frame.flows[flow]:
            return False
        frame.arrived[flow] += 1
        self._activate(frame, node)
        return True

    def _activate(self, frame: Frame, node: Node) -> None:
        present = {each for each in node.incoming if frame.arrived[each]}
        if not present or node.id in frame.fired:
            return
        count = sum(frame.arrived[each] for each in node.incoming)
        seen = {**frame.locals(), "activationCount": count, "waitingForStart": True}
        if node.activation is None or self._true(node.activation, seen):
            frame.fired[node.id] = present
            frame.flows.subtract(present)
            frame.arrived.subtract(present)
            self._out(frame, node)

    def _reset(self, frame: Frame, node: Node, present: set[str]) -> None:
        """Of the flows that did not start it the tokens are taken; only flows with a true condition get one then."""
        if present:
            frame.flows.subtract(present)
            frame.arrived.subtract(present)
            flows = [self.graph.flows[each] for each in node.outgoing]
            frame.flows.update(each.id for each in flows if each.condition and self._open_flow(frame, each))
        self._activate(frame, node)


def awaited(graph: Graph, frame: Frame, node: Node, filled: set[str]) -> bool:
    """Whether a token elsewhere in the scope may still come in over an incoming flow of *node* outside *filled*."""
    empty = set(node.incoming) - filled
    starts: list[list[str]] = [[flow] for flow in +frame.flows if flow not in node.incoming]
    for place in [running.node for running in frame.running] + [catching.node for catching in frame.catching]:
        exits = list(place.outgoing)
        for boundary in place.boundary:
            exits.extend(graph.nodes[boundary].outgoing)
        starts.append(exits)
    found = (_ends(graph, node, flows) for flows in starts)
    return any(bool(ends & empty) and not ends & filled for ends in found)


def _ends(graph: Graph, node: Node, flows: list[str]) -> set[str]:
    """Incoming flows of *node* at the end of some path that starts with one of *flows* and does not visit *node*."""
    seen: set[str] = set()
    todo = list(flows)
    while todo:
        flow = todo.pop()
        if flow in seen:
            continue
        seen.add(flow)
        target = graph.nodes[graph.flows[flow].target]
        if target.id != node.id:
            todo.extend(target.outgoing)
            for boundary in target.boundary:
                todo.extend(graph.nodes[boundary].outgoing)
    return seen & set(node.incoming)
