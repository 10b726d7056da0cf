"""Sequence flows: which lead from one node to another of the same scope, and what is wrong with the others."""

from __future__ import annotations

from schuldhulp.engine.bpmn.graph import Flow, Kind
from schuldhulp.engine.bpmn.read.document import (
    Document,
    Element,
    child,
    local,
    reference,
)
from schuldhulp.engine.bpmn.read.report import Report

CONTAINERS = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})
NODES = frozenset(kind.value for kind in Kind) - {Kind.EVENT_SUBPROCESS.value}


class Flows:
    """The flows of a document, by id and by node; document order throughout."""

    def __init__(self, document: Document, report: Report) -> None:
        self.document, self.report = document, report
        self.by_id: dict[str, Flow] = {}
        self.outgoing: dict[str, list[str]] = {}
        self.incoming: dict[str, list[str]] = {}
        for element in document.all("sequenceFlow"):
            parent = element.getparent()
            if parent is not None and local(parent) in CONTAINERS:
                self._add(element)

    def _add(self, element: Element) -> None:
        ends = self._end(element, "sourceRef"), self._end(element, "targetRef")
        source, target = ends
        if source is None or target is None:
            return
        scope = source.getparent()
        if scope is None or scope is not target.getparent():
            self.report.error(
                "flow-crosses-scope", element,
                f"This sequence flow goes from {_called(source)} to {_called(target)}, across the border of a "
                "sub-process or process.",
                "Connect nodes of the same sub-process or process; use a message flow between processes, an event to "
                "leave a sub-process.",
            )  # fmt: skip
            return
        flow = self._flow(element, source.get("id") or "", target.get("id") or "", scope.get("id") or "")
        if flow.id not in self.by_id:
            self.by_id[flow.id] = flow
            self.outgoing.setdefault(flow.source, []).append(flow.id)
            self.incoming.setdefault(flow.target, []).append(flow.id)

    def _flow(self, element: Element, source: str, target: str, scope: str) -> Flow:
        return Flow(
            id=element.get("id") or self._made_up(source, target), source=source, target=target, scope=scope,
            place=self.document.place(element), name=(element.get("name") or "").strip() or None,
            condition=self.document.expression(child(element, "conditionExpression")),
        )  # fmt: skip

    def _made_up(self, source: str, target: str) -> str:
        """BPMN lets a flow have no id: `a->b`, the second of its kind `a->b#2`."""
        name, number = f"{source}->{target}", 2
        given = name
        while given in self.by_id:
            given, number = f"{name}#{number}", number + 1
        return given

    def _end(self, element: Element, side: str) -> Element | None:
        ref = reference(element.get(side))
        found = self.document.find(ref)
        if found is not None and local(found) in NODES:
            return found
        end = "source" if side == "sourceRef" else "target"
        if ref is None:
            problem = f"This sequence flow has no {end}."
        elif found is None:
            problem = f'The {end} of this sequence flow, "{ref}", is not in this file.'
        else:
            problem = f'The {end} of this sequence flow, "{ref}", is a {local(found)}: no sequence flow can touch that.'
        self.report.error(
            f"flow-{end}-missing", element, problem,
            "Draw the flow again, from one activity, event or gateway to another.",
        )  # fmt: skip
        return None


def _called(element: Element) -> str:
    return f'"{element.get("name") or element.get("id")}"'
