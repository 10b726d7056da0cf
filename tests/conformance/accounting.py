"""Accounts for every BPMN element of a model: in the graph, told by a finding, or without behaviour by its nature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from schuldhulp.engine.bpmn.graph import Finding, Model, Place
from schuldhulp.engine.bpmn.read.document import BPMN, Document, Element, flag, local, own_text

WITHOUT_BEHAVIOUR = frozenset(
    {"definitions", "documentation", "extensionElements", "incoming", "outgoing", "text", "textAnnotation", "group",
     "category", "categoryValue", "collaboration", "participant", "participantMultiplicity", "messageFlow", "laneSet",
     "childLaneSet", "itemDefinition", "ioSpecification", "inputSet", "outputSet", "dataInputRefs", "dataOutputRefs",
     "optionalInputRefs", "optionalOutputRefs", "whileExecutingInputRefs", "whileExecutingOutputRefs", "inputSetRefs",
     "outputSetRefs", "interface", "operation", "inMessageRef", "outMessageRef", "errorRef", "operationRef",
     "supportedInterfaceRef", "ioBinding", "resource", "resourceParameter", "resourceParameterBinding", "dataState",
     "conversation", "conversationLink", "callConversation", "participantRef", "messageFlowRef", "choreographyRef",
     "correlationKey", "correlationPropertyRef", "relationship", "source", "target", "endPoint", "partnerEntity",
     "partnerRole", "dataStore", "extension", "variable", "interfaceRef"}
)  # fmt: skip
"""Drawing, types, interfaces and who talks to whom: nothing that a token does hangs on these."""
BY_NAME = frozenset({"message", "signal", "error", "escalation", "correlationProperty", "lane", "flowNodeRef"})
"""Reach the graph as names in nodes; what refers to them is accounted for itself."""


def places(value: Any) -> Iterator[Place]:
    """Every place in a graph."""
    if isinstance(value, Place):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from places(getattr(value, one.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from places(part)
    elif hasattr(value, "values"):
        for part in value.values():
            yield from places(part)


def unaccounted(model: Model, findings: tuple[Finding, ...]) -> list[str]:
    """What of the model is neither in its graphs nor told: element and line."""
    document = Document(model.source, model.file)
    read = {(one.line, one.column) for graph in model.graphs.values() for one in places(graph)}
    told = {(one.place.line, one.place.column) for one in findings}
    known = read | told
    return [
        f"{local(element)} at line {document.place(element).line}"
        for element in document.elements
        if str(element.tag).startswith(f"{{{BPMN}}}") and not _accounted(element, document, known)
    ]


def _accounted(element: Element, document: Document, known: set[tuple[int, int]]) -> bool:
    tag = local(element)
    if tag in WITHOUT_BEHAVIOUR or tag in BY_NAME or _inside_told(element, document, known):
        return True
    place = document.place(element)
    if (place.line, place.column) in known:
        return True
    expression = document.expression(element)
    if expression is not None and (expression.place.line, expression.place.column) in known:
        return True
    return _small_print(element, document, known)


def _inside_told(element: Element, document: Document, known: set[tuple[int, int]]) -> bool:
    """Inside an extension, a choreography or a process that will not run, which are told as a whole."""
    for one in (element, *element.iterancestors()):
        if local(one) in ("extensionElements", "choreography", "globalConversation", "globalChoreographyTask"):
            return True
        place = document.place(one)
        if local(one) == "process" and not flag(one, "isExecutable", True):
            return (place.line, place.column) in known
    return False


def _small_print(element: Element, document: Document, known: set[tuple[int, int]]) -> bool:
    """Parts that are read together with the element around them, or say nothing that a token could do."""
    tag, parent = local(element), element.getparent()
    if parent is None:
        return False
    owner = document.place(parent)
    around = (owner.line, owner.column) in known
    if tag in ("dataInput", "dataOutput", "inputDataItem", "outputDataItem", "sourceRef", "targetRef", "loopDataInputRef",
               "loopDataOutputRef", "resourceRef", "formalExpression", "expression", "resourceAssignmentExpression",
               "from", "to", "transformation", "assignment", "dataPath", "messagePath", "event", "condition",
               "correlationPropertyBinding", "correlationPropertyRetrievalExpression"):  # fmt: skip
        return _accounted(parent, document, known) or around
    if tag in ("performer", "humanPerformer", "potentialOwner", "complexBehaviorDefinition", "script", "eventDefinitionRef"):
        return around
    if tag in ("dataInputAssociation", "dataOutputAssociation"):
        ends = [one for one in element if local(one) in ("sourceRef", "targetRef") and own_text(one).strip()]
        drawn = len(ends) < 2 or any("placeholder" in (document.ids[own_text(one).strip()].get("name") or "")
                                     for one in ends if own_text(one).strip() in document.ids)  # fmt: skip
        return drawn or local(parent).endswith("Event")
    if tag == "association":  # a compensation association is in the node's handler; the others are lines to notes
        return True
    if tag == "correlationSubscription":
        return around
    return tag.endswith("EventDefinition") and local(parent) == "definitions"  # reusable ones that no event uses
