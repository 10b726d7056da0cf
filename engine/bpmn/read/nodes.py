"""From one XML element to one flow node: the task parsers that SpiffWorkflow's tag dispatch calls.

Only the library's way in is used: it finds the class for a tag, builds it with the process parser around, and calls
`parse_node`. Its own `parse_node` builds run-time specs and refuses legal models; ours gives a `Node`.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser

from schuldhulp.engine.bpmn.graph import ACTIVITIES, Expression, Kind, Node
from schuldhulp.engine.bpmn.read import people
from schuldhulp.engine.bpmn.read.document import Element, camunda, child, children, flag, local, own_text, reference
from schuldhulp.engine.bpmn.read.events import definitions, task_message
from schuldhulp.engine.bpmn.read.loops import loop
from schuldhulp.engine.bpmn.read.tables import Tables


class NodeReader(TaskParser):  # type: ignore[misc]
    """Reads what every flow node has; its subclasses add what belongs to their kind."""

    node: Element
    process_parser: Any

    @property
    def tables(self) -> Tables:
        tables: Tables = self.process_parser.parser.tables
        return tables

    @property
    def kind(self) -> Kind:
        return Kind(local(self.node))

    def parse_node(self) -> Node:
        """The node, also put into the draft of its scope."""
        draft = self.process_parser.spec
        node = Node(**self.common(), **self.own())
        draft.add(node)
        return node

    def common(self) -> dict[str, Any]:
        element, draft, kind = self.node, self.process_parser.spec, self.kind
        given = element.get("id") or ""
        lanes = (*draft.lanes, *(self.tables.lanes.get(given) or ()))
        found: dict[str, Any] = {
            "id": given, "kind": kind, "name": text_or_none(element.get("name")), "scope": draft.id,
            "place": self.tables.document.place(element), "incoming": tuple(self.tables.flows.incoming.get(given, ())),
            "outgoing": tuple(self.tables.flows.outgoing.get(given, ())), "default": reference(element.get("default")),
            "lane": lanes[-1] if lanes else None, "lanes": lanes,
            "properties": people.properties(element, self.tables.document), "documentation": documentation(element),
            "inputs": people.parameters(element, "inputParameter", self.tables.document),
            "outputs": people.parameters(element, "outputParameter", self.tables.document),
            "form": camunda(element, "formRef") or camunda(element, "formKey"),
        }  # fmt: skip
        return found | self.of_activity() if kind in ACTIVITIES else found

    def of_activity(self) -> dict[str, Any]:
        element, tables = self.node, self.tables
        given = element.get("id") or ""
        groups, users = people.candidates(element, tables.document)
        messaging = self.kind in (Kind.SEND, Kind.RECEIVE)
        return {
            "boundary": tuple(tables.boundary.get(given, ())),
            "compensation_handler": tables.handlers.get(given),
            "for_compensation": flag(element, "isForCompensation"), "loop": loop(element, tables),
            "start_quantity": self.quantity("startQuantity"),
            "completion_quantity": self.quantity("completionQuantity"),
            "inputs": data_inputs(self.node, tables, self.kind), "outputs": data_outputs(self.node, tables, self.kind),
            "message": task_message(element, tables) if messaging else None,
            "assignee": people.assignee(element, tables.document), "candidate_groups": groups, "candidate_users": users,
            "due": tables.document.inline(camunda(element, "dueDate"), element),
            "follow_up": tables.document.inline(camunda(element, "followUpDate"), element),
            "priority": tables.document.inline(camunda(element, "priority"), element),
            "topic": camunda(element, "topic"), "decision": people.decision(element),
            "result_variable": camunda(element, "resultVariable"),
        }  # fmt: skip

    def quantity(self, name: str) -> int:
        said = (self.node.get(name) or "1").strip()
        try:
            return int(said)
        except ValueError:
            self.tables.report.error(
                "quantity-not-a-number", self.node, f'{name} is "{said}"; it must be a whole number.',
                f"Write a number of at least 1 in {name}, or leave it out.",
            )  # fmt: skip
            return 1

    def own(self) -> dict[str, Any]:
        return {}


class EventReader(NodeReader):
    def own(self) -> dict[str, Any]:
        kind = self.kind
        interrupts = {Kind.BOUNDARY: "cancelActivity", Kind.START: "isInterrupting"}.get(kind)
        return {
            "definitions": definitions(self.node, self.tables),
            "parallel_multiple": flag(self.node, "parallelMultiple"),
            "interrupting": True if interrupts is None else flag(self.node, interrupts, True),
            "attached_to": reference(self.node.get("attachedToRef")) if kind is Kind.BOUNDARY else None,
        }


class GatewayReader(NodeReader):
    def own(self) -> dict[str, Any]:
        kind = self.kind
        event_based = kind is Kind.EVENT_BASED
        condition = child(self.node, "activationCondition") if kind is Kind.COMPLEX else None
        return {
            "activation": self.tables.document.expression(condition),
            "instantiate": event_based and flag(self.node, "instantiate"),
            "parallel_start": event_based and self.node.get("eventGatewayType", "").strip() == "Parallel",
        }


class ReceiveReader(NodeReader):
    def own(self) -> dict[str, Any]:
        return {"instantiate": flag(self.node, "instantiate")}


class ScriptReader(NodeReader):
    def own(self) -> dict[str, Any]:
        return {"script": script(self.node, self.tables)}


class CallReader(NodeReader):
    def own(self) -> dict[str, Any]:
        return {"called": called(self.node, self.tables)}


class SubProcessReader(NodeReader):
    """A node that is a scope: the nodes in it are read by a process parser of its own."""

    @property
    def kind(self) -> Kind:
        if local(self.node) == "subProcess" and flag(self.node, "triggeredByEvent"):
            return Kind.EVENT_SUBPROCESS
        return Kind(local(self.node))

    def own(self) -> dict[str, Any]:
        if self.kind is not Kind.ADHOC:
            return {}
        condition = child(self.node, "completionCondition")
        return {
            "ordering_sequential": self.node.get("ordering", "").strip() == "Sequential",
            "completion": self.tables.document.expression(condition),
            "cancel_remaining": flag(self.node, "cancelRemainingInstances", True),
        }

    def parse_node(self) -> Node:
        node = super().parse_node()
        self.process_parser.parser.read_inside(self.node, node, self.process_parser)
        return node


def text_or_none(text: str | None) -> str | None:
    text = (text or "").strip()
    return text or None


def documentation(element: Element) -> str:
    """The documentation elements, a blank line between them."""
    return "\n\n".join(text for part in children(element, "documentation") if (text := own_text(part).strip()))


def called(element: Element, tables: Tables) -> Expression | None:
    """calledElement is a QName; `camunda:` models sometimes put an expression there, which stays whole."""
    said = (element.get("calledElement") or "").strip()
    name = said if said.startswith(("=", "$", "#")) else reference(said)
    return Expression(name, tables.document.place(element)) if name else None


def script(element: Element, tables: Tables) -> Expression | None:
    language = (element.get("scriptFormat") or element.get("scriptLanguage") or "").strip() or None
    return tables.document.expression(child(element, "script"), language)


def data_inputs(element: Element, tables: Tables, kind: Kind) -> tuple[Any, ...]:
    """Input mappings of an activity: data associations, then camunda's (a send task's payload is in its message)."""
    found = () if kind is Kind.SEND else tables.data.mappings(element, "dataInputAssociation")
    calls = people.call_mappings(element, "in", tables.document) if kind is Kind.CALL else ()
    return (*found, *people.parameters(element, "inputParameter", tables.document), *calls)


def data_outputs(element: Element, tables: Tables, kind: Kind) -> tuple[Any, ...]:
    """Output mappings; what a receive task caught goes to the variable of its message."""
    found = () if kind is Kind.RECEIVE else tables.data.mappings(element, "dataOutputAssociation")
    calls = people.call_mappings(element, "out", tables.document) if kind is Kind.CALL else ()
    return (*found, *people.parameters(element, "outputParameter", tables.document), *calls)
