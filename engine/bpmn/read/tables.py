"""What the meaning of a node needs from elsewhere in the file: names, message keys, handlers, lanes, flows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schuldhulp.engine.bpmn.graph import Expression, Trigger
from schuldhulp.engine.bpmn.read.data import Data
from schuldhulp.engine.bpmn.read.document import Document, Element, bpmn, child, children, flag, own_text, reference
from schuldhulp.engine.bpmn.read.flows import NODES, Flows
from schuldhulp.engine.bpmn.read.lanes import lane_paths
from schuldhulp.engine.bpmn.read.report import Report


@dataclass(frozen=True)
class MessageKey:
    """A correlation property as one message carries it."""

    id: str
    name: str
    path: Expression


class Tables:
    """Look-ups over one document. The names of root elements come from SpiffWorkflow's tables (see parser.py)."""

    def __init__(self, document: Document, report: Report) -> None:
        self.document = document
        self.report = report
        self.data = Data(document)
        self.flows = Flows(document, report)
        self.names: dict[Trigger, dict[str, str]] = {}
        self.lanes = lane_paths(document)
        self.boundary: dict[str, list[str]] = {}
        for event in document.all("boundaryEvent"):
            attached, given = document.find(event.get("attachedToRef"), *NODES), event.get("id") or ""
            first = document.ids.get(given) is event  # a second one with its id is not read
            if attached is not None and first and attached.getparent() is event.getparent():
                self.boundary.setdefault(attached.get("id") or "", []).append(given)
        self.handlers = self._handlers()
        self._keys: dict[str, list[MessageKey]] | None = None

    def take_names(self, parser: Any) -> None:
        """Take over SpiffWorkflow's tables: a message or signal by name, an error or escalation by code."""
        self.names[Trigger.MESSAGE] = {id_: name or id_ for id_, name in parser.messages.items()}
        self.names[Trigger.SIGNAL] = {id_: name or id_ for id_, name in parser.signals.items()}
        self.names[Trigger.ERROR] = {
            id_: entry["error_code"] or entry["name"] or id_ for id_, entry in parser.errors.items()
        }
        self.names[Trigger.ESCALATION] = {
            id_: entry["escalation_code"] or entry["name"] or id_ for id_, entry in parser.escalations.items()
        }

    def name_of(self, trigger: Trigger, ref: str | None) -> str | None:
        return None if ref is None else self.names.get(trigger, {}).get(ref)

    def message_of_operation(self, element: Element) -> str | None:
        """A send or receive task or message event may name an operation instead of a message: its inMessageRef."""
        ref = element.get("operationRef") or next((own_text(part) for part in children(element, "operationRef")), None)
        operation = self.document.find(ref, "operation")
        message = None if operation is None else child(operation, "inMessageRef")
        return None if message is None else reference(own_text(message))

    def _handlers(self) -> Mapping[str, str]:
        """Activity -> its compensation handler, from the association that leaves its compensation boundary event."""
        found: dict[str, str] = {}
        for association in self.document.all("association"):
            ends = (association.get("sourceRef"), association.get("targetRef"))
            for one, other in (ends, ends[::-1]):
                event, handler = self.document.find(one, "boundaryEvent"), self.document.find(other, *NODES)
                if event is None or handler is None or not self._compensates(event):
                    continue
                activity = self.document.find(event.get("attachedToRef"))
                same = activity is not None and activity.getparent() is handler.getparent()
                if activity is not None and same and flag(handler, "isForCompensation"):
                    found.setdefault(activity.get("id") or "", handler.get("id") or "")
        return found

    def _compensates(self, event: Element) -> bool:
        if child(event, "compensateEventDefinition") is not None:
            return True
        refs = children(event, "eventDefinitionRef")
        return any(self.document.find(own_text(ref), "compensateEventDefinition") is not None for ref in refs)

    def message_keys(self, message: str | None) -> list[MessageKey]:
        if self._keys is None:
            self._keys = {}
            for prop in self.document.all("correlationProperty"):
                given = prop.get("id") or ""
                for retrieval in children(prop, "correlationPropertyRetrievalExpression"):
                    path = self.document.expression(next(children(retrieval, "messagePath", "formalExpression"), None))
                    ref = reference(retrieval.get("messageRef"))
                    if ref and path is not None:
                        key = MessageKey(given, (prop.get("name") or "").strip() or given, path)
                        self._keys.setdefault(ref, []).append(key)
        return self._keys.get(message or "", [])

    def bindings_around(self, element: Element) -> dict[str, Expression]:
        """Correlation property id -> FEEL over the process's data, from the correlationSubscription of its process."""
        process = next(element.iterancestors(bpmn("process")), None)
        found: dict[str, Expression] = {}
        if process is None:
            return found
        for subscription in children(process, "correlationSubscription"):
            for binding in children(subscription, "correlationPropertyBinding"):
                ref = reference(binding.get("correlationPropertyRef"))
                path = self.document.expression(next(children(binding, "dataPath", "formalExpression"), None))
                if ref and path is not None:
                    found.setdefault(ref, path)
        return found
