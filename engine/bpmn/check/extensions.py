"""Extensions: what of Camunda's attributes and elements the engine reads, what it leaves out, and what it cannot do.

Everything in the namespaces of process engines is accounted for: read, left out with a warning, or refused. Extensions of
drawing tools carry no behaviour and are left out; one warning per namespace says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from schuldhulp.engine.bpmn.check.subject import ACTIVITIES, EVENTS, GATEWAYS, Subject, called
from schuldhulp.engine.bpmn.graph import Finding
from schuldhulp.engine.bpmn.read.document import BPMN, CAMUNDA, Element, bpmn, flag, local, namespace

_OURS = dict.fromkeys(CAMUNDA, "camunda")
_OTHERS = {
    "http://activiti.org/bpmn": "activiti", "http://flowable.org/bpmn": "flowable",
    "http://camunda.org/schema/zeebe/1.0": "zeebe", "http://www.operaton.com/fox": "fox",
    "http://www.camunda.com/fox": "fox",
}  # fmt: skip
_QUIET = (
    "http://www.omg.org/spec/DD/", "http://www.omg.org/spec/BPMN/", "http://www.w3.org/", "http://camunda.org/schema/modeler",
    "http://operaton.org/schema/modeler", "http://bpmn.io/schema",
)  # fmt: skip
_ANY = frozenset(ACTIVITIES | EVENTS | GATEWAYS | {"process"})
_USER, _RULE = frozenset({"userTask"}), frozenset({"businessRuleTask"})
_LOOP, _SERVICE = frozenset({"multiInstanceLoopCharacteristics"}), frozenset({"serviceTask"})
READ: dict[str, frozenset[str]] = {
    "formRef": _USER, "formKey": _USER, "assignee": _USER, "candidateGroups": _USER, "dueDate": _USER,
    "candidateUsers": _USER,
    "followUpDate": _USER, "priority": _USER, "decisionRef": _RULE, "resultVariable": _RULE, "topic": _SERVICE,
    "mapDecisionResult": _RULE,
    "type": _SERVICE, "collection": _LOOP, "elementVariable": _LOOP, "versionTag": frozenset({"process"}),
    "errorCodeVariable": frozenset({"errorEventDefinition"}),
    "escalationCodeVariable": frozenset({"escalationEventDefinition"}),
}  # fmt: skip
"""Attribute -> the elements on which the engine acts on it."""
MAPPED = ("singleEntry", "singleResult", "collectEntries", "resultList")
"""In which forms the outcome of a decision can be kept."""
LEFT_OUT = frozenset(
    {"async", "asyncBefore", "asyncAfter", "exclusive", "jobPriority", "taskPriority", "historyTimeToLive",
     "isStartableInTasklist", "initiator", "formRefBinding", "formRefVersion", "decisionRefBinding",
     "decisionRefVersion", "decisionRefVersionTag", "decisionRefTenantId", "calledElementBinding", "calledElementVersion",
     "calledElementVersionTag", "calledElementTenantId", "modelerTemplate", "modelerTemplateVersion",
     "modelerTemplateIcon", "diagramRelationId", "candidateStarterGroups", "candidateStarterUsers", "category"}
)  # fmt: skip
"""Attributes without which the process does the same: the engine saves every step, retries by itself, and binds a case
to its deployment."""
_INSTEAD = {
    "class": "Use an external task (camunda:type=\"external\", camunda:topic), or a script task in FEEL.",
    "delegateExpression": "Use an external task (camunda:type=\"external\", camunda:topic).",
    "expression": "Use a script task in FEEL, or an external task.",
    "resource": "Write the script in the model, in FEEL.",
    "formRef": "On a start event: name the form in the property start.form of the process.",
    "formKey": "On a start event: name the form in the property start.form of the process.",
    "topic": "Only a service task is done by a worker: make it one.",
    "resultVariable": "Use an output parameter (camunda:inputOutput).",
    "caseRef": "Call a process: cases in CMMN are not known.",
    "variableMappingClass": "Map the data with camunda:in and camunda:out.",
    "variableMappingDelegateExpression": "Map the data with camunda:in and camunda:out.",
    "formHandlerClass": "Use camunda:formRef with a form.",
    "errorMessageVariable": "Use camunda:errorCodeVariable.",
    "variableName": "Name the variable in the condition itself.",
    "variableEvents": "Write what must hold in the condition itself.",
    "formData": "Make a form (form-js) and name it in camunda:formRef.",
    "formProperty": "Make a form (form-js) and name it in camunda:formRef.",
    "executionListener": "Draw what must happen as a step of its own.",
    "taskListener": "Draw what must happen as a step of its own.",
    "connector": "Use an external task (camunda:type=\"external\", camunda:topic).",
    "script": "Write the value in FEEL.",
    "errorEventDefinition": "Let the worker report a BPMN error.",
}  # fmt: skip
ELEMENTS: dict[str, frozenset[str]] = {
    "properties": _ANY, "inputOutput": frozenset(ACTIVITIES), "in": frozenset({"callActivity"}),
    "out": frozenset({"callActivity"}),
}  # fmt: skip
"""What may stand in the extensionElements of which element."""
_PAYLOAD = frozenset({"signalEventDefinition", "messageEventDefinition"})
_INSIDE = frozenset({"property", "inputParameter", "outputParameter", "list", "map", "entry", "value"})
_LEFT_OUT_ELEMENTS = frozenset({"failedJobRetryTimeCycle", "potentialStarter"})


def attributes(subject: Subject) -> Iterator[Finding]:
    for element in subject.document.elements:
        for key in element.attrib:
            uri, _, name = str(key)[1:].rpartition("}")
            if str(key).startswith("{") and uri in _OURS:
                yield from _attribute(subject, element, name, str(element.attrib[key]))
            elif str(key).startswith("{") and uri in _OTHERS:
                yield _foreign(subject, element, f"{_OTHERS[uri]}:{name}", name)


def _attribute(subject: Subject, element: Element, name: str, value: str) -> Iterator[Finding]:
    if name == "type" and value.strip() != "external" and local(element) in READ["type"]:
        yield subject.error(
            "task-type", element, f'camunda:type "{value}" of {called(element)} is not known.',
            'Only camunda:type="external" is.',
        )  # fmt: skip
    elif name in ("candidateGroups", "candidateUsers") and local(element) in _USER and ("{" in value or "=" in value):
        yield subject.error(
            "candidates-expression", element, f'camunda:{name} "{value}" of {called(element)} is an expression.',
            "Name roles or logins; who it is for by the data is for camunda:assignee.",
        )  # fmt: skip
    elif name == "mapDecisionResult" and local(element) in _RULE and value not in MAPPED:
        yield subject.error(
            "decision-mapping", element, f'camunda:mapDecisionResult "{value}" of {called(element)} is not known.',
            f"Choose one of {', '.join(MAPPED)}, or leave it out.",
        )  # fmt: skip
    elif local(element) in READ.get(name, ()):
        return
    elif name in LEFT_OUT:
        yield subject.warning(
            "extension-left-out", element, f"camunda:{name} of {called(element)} has no effect here.",
            "Leave it out, or keep it for other engines.",
        )  # fmt: skip
    else:
        yield subject.error(
            "extension-not-supported", element, f"camunda:{name} of {called(element)} is not supported here.",
            _INSTEAD.get(name, "Remove it, or draw what it does."),
        )  # fmt: skip


def _foreign(subject: Subject, element: Element, said: str, name: str) -> Finding:
    if name in LEFT_OUT:
        return subject.warning(
            "extension-left-out", element, f"{said} has no effect here.", "Leave it out, or keep it for other engines.",
        )  # fmt: skip
    advice = f"Write it as camunda:{name}." if name in READ or name in ELEMENTS else _INSTEAD.get(name, "Remove it.")
    return subject.error("extension-not-supported", element, f"{said} belongs to another engine.", advice)


def elements(subject: Subject) -> Iterator[Finding]:
    for element in subject.document.elements:
        uri = namespace(element)
        if uri in _OURS:
            yield from _element(subject, element)
        elif uri in _OTHERS and namespace_of_parent(element) != uri:
            yield _foreign(subject, element, f"<{_OTHERS[uri]}:{local(element)}>", local(element))


def namespace_of_parent(element: Element) -> str:
    parent = element.getparent()
    return "" if parent is None else namespace(parent)


def _element(subject: Subject, element: Element) -> Iterator[Finding]:
    name, holder = local(element), element.getparent()
    owner = None if holder is None else holder.getparent()
    if name in _LEFT_OUT_ELEMENTS or (name == "in" and element.get("businessKey") is not None):
        yield subject.warning(
            "extension-left-out", element, f"<camunda:{name}> has no effect here.",
            "Leave it out, or keep it for other engines.",
        )  # fmt: skip
    elif not _may_stand(name, holder, owner):
        yield subject.error(
            "extension-not-supported", element, f"<camunda:{name}> is not supported here.",
            _INSTEAD.get(name, "Remove it, or draw what it does."),
        )  # fmt: skip


def _may_stand(name: str, holder: Element | None, owner: Element | None) -> bool:
    """Whether an element is read where it stands, or is part of one that is refused as a whole."""
    if holder is not None and namespace(holder) in _OURS:
        return name in _INSIDE or local(holder) not in (*ELEMENTS, *_INSIDE)
    if owner is None:
        return False
    return local(owner) in ELEMENTS.get(name, ()) or (name == "in" and local(owner) in _PAYLOAD)


def unread_namespaces(subject: Subject) -> Iterator[Finding]:
    """One warning per namespace of extensions that nobody here knows."""
    seen = {BPMN, "", *_OURS, *_OTHERS}
    for element in subject.document.elements:
        for uri in (namespace(element), *(str(key)[1:].rpartition("}")[0] for key in element.attrib)):
            if uri in seen or uri.startswith(_QUIET):
                continue
            seen.add(uri)
            yield subject.warning(
                "extension-unknown", element, f"Extensions of {uri} are not read.",
                "Nothing to do when they only serve a drawing tool.",
            )  # fmt: skip


def must_understand(subject: Subject) -> Iterator[Finding]:
    for element in subject.document.root.iterchildren(bpmn("extension")):
        if flag(element, "mustUnderstand"):
            yield subject.error(
                "extension-must-understand", element,
                f'The file asks to be read only by who understands "{element.get("definition")}".',
                "Remove the extension, or its mustUnderstand.",
            )  # fmt: skip


RULES = (attributes, elements, unread_namespaces, must_understand)
