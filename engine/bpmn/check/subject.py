"""A model under judgement: its XML and graphs with the look-ups that rules share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from schuldhulp.engine.bpmn.check.context import CheckContext
from schuldhulp.engine.bpmn.graph import Finding, Model, Severity, Trigger
from schuldhulp.engine.bpmn.read.document import (
    Document,
    Element,
    bpmn,
    flag,
    local,
    own_text,
    reference,
)
from schuldhulp.engine.bpmn.read.events import TRIGGERS, definition_elements
from schuldhulp.engine.bpmn.read.flows import CONTAINERS, NODES
from schuldhulp.engine.bpmn.read.report import finding

TASKS = frozenset(
    {"task", "userTask", "manualTask", "scriptTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask"}
)
SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SUB_PROCESSES | {"callActivity"}
GLOBAL_TASKS = frozenset(
    {"globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask"}
)
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
ARTIFACTS = frozenset({"textAnnotation", "group", "association"})


class Subject:
    """What rules look at. Rules work on XML elements; `model.graphs` holds what they mean."""

    def __init__(self, model: Model, context: CheckContext) -> None:
        self.model, self.context = model, context
        self.document = Document(model.source, model.file)

    def error(self, code: str, element: Element, message: str, remedy: str) -> Finding:
        return self._finding(Severity.ERROR, code, element, message, remedy)

    def warning(self, code: str, element: Element, message: str, remedy: str) -> Finding:
        return self._finding(Severity.WARNING, code, element, message, remedy)

    def _finding(self, severity: Severity, code: str, element: Element, message: str, remedy: str) -> Finding:
        return finding(self.document, severity, code, element, message, remedy)

    @cached_property
    def containers(self) -> list[Element]:
        """Processes and sub-processes, in document order."""
        return [element for element in self.document.elements if local(element) in CONTAINERS and _is_bpmn(element)]

    @cached_property
    def nodes(self) -> list[Element]:
        """Every flow node of a process."""
        return [node for container in self.containers for node in self.nodes_in(container)]

    def nodes_in(self, container: Element, *names: str) -> list[Element]:
        wanted = frozenset(names) or NODES
        return [node for node in container if local(node) in wanted and _is_bpmn(node)]

    def of(self, *names: str) -> Iterator[Element]:
        """The flow nodes with these tags."""
        return (node for node in self.nodes if local(node) in names)

    @cached_property
    def flows(self) -> list[Element]:
        """The sequence flows of processes, also the broken ones."""
        return [flow for flow in self.document.all("sequenceFlow") if local_parent(flow) in CONTAINERS]

    @cached_property
    def _outgoing(self) -> dict[str, list[Element]]:
        return _grouped(self.flows, "sourceRef")

    @cached_property
    def _incoming(self) -> dict[str, list[Element]]:
        return _grouped(self.flows, "targetRef")

    def outgoing(self, node: Element) -> list[Element]:
        return self._outgoing.get(node.get("id") or "", [])

    def incoming(self, node: Element) -> list[Element]:
        return self._incoming.get(node.get("id") or "", [])

    def triggers(self, event: Element) -> list[tuple[Trigger, Element]]:
        """The definitions of an event, the referenced ones too."""
        return [(TRIGGERS[local(found)], found) for found, _ in definition_elements(event, self.document)]

    def triggered(self, event: Element, *wanted: Trigger) -> bool:
        return any(trigger in wanted for trigger, _ in self.triggers(event))

    def executable(self, element: Element) -> bool:
        """Whether the process around *element* is meant to be run; true outside a process too."""
        process = element if local(element) == "process" else next(element.iterancestors(bpmn("process")), None)
        return process is None or flag(process, "isExecutable", True)

    def refers(self, element: Element, name: str) -> str | None:
        """The id in a reference attribute, or in the child element of that name."""
        said = element.get(name)
        if said is None:
            found = next(element.iterchildren(bpmn(name)), None)
            said = None if found is None else own_text(found)
        return reference(said)

    def associated(self, node: Element) -> list[tuple[Element, Element | None]]:
        """(association, the thing at its other end) for each association of *node*."""
        return [(line, other) for line, other in self._associations.get(node.get("id") or "", ())]

    @cached_property
    def _associations(self) -> dict[str, list[tuple[Element, Element | None]]]:
        found: dict[str, list[tuple[Element, Element | None]]] = {}
        for line in self.document.all("association"):
            ends = reference(line.get("sourceRef")), reference(line.get("targetRef"))
            for one, other in (ends, ends[::-1]):
                if one:
                    found.setdefault(one, []).append((line, self.document.find(other)))
        return found


Rule = Callable[[Subject], Iterator[Finding]]
"""Looks at one thing in the whole model and yields what is wrong with it."""


def called(element: Element) -> str:
    """How a message names an element: by its name, else by its id."""
    return f'"{(element.get("name") or "").strip() or element.get("id") or local(element)}"'


def local_parent(element: Element) -> str:
    parent = element.getparent()
    return "" if parent is None else local(parent)


def event_sub_process(element: Element) -> bool:
    return local(element) == "subProcess" and flag(element, "triggeredByEvent")


def _is_bpmn(element: Element) -> bool:
    return str(element.tag).startswith(bpmn(""))


def _grouped(flows: list[Element], name: str) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for flow in flows:
        ref = reference(flow.get(name))
        if ref:
            found.setdefault(ref, []).append(flow)
    return found
