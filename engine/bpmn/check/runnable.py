"""What the engine needs to run a model, beyond what BPMN asks; and what in a model it leaves out."""

from __future__ import annotations

from collections.abc import Iterator

from schuldhulp.engine.bpmn.check.subject import EVENTS, Subject, called
from schuldhulp.engine.bpmn.graph import Finding, Trigger
from schuldhulp.engine.bpmn.read import people
from schuldhulp.engine.bpmn.read.document import Element, camunda, child, children, flag, local, own_text, reference

T = Trigger


def events(subject: Subject) -> Iterator[Finding]:
    """Each event of an executable process names what it waits for or throws."""
    for event in subject.of(*EVENTS):
        if not subject.executable(event):
            continue
        throws = local(event) in ("endEvent", "intermediateThrowEvent")
        for trigger, element in subject.triggers(event):
            if trigger is T.TIMER and not any(own_text(part).strip() for part in _when(element)):
                yield subject.error(
                    "timer-missing", event, f"The timer {called(event)} does not say when.",
                    "Give it a duration (P28D), a date or a repetition (R3/P7D), or FEEL.",
                )  # fmt: skip
            if trigger is T.SIGNAL and reference(element.get("signalRef")) is None:
                yield subject.error(
                    "signal-missing", event, f"The signal event {called(event)} names no signal.",
                    "Choose the signal (signalRef).",
                )  # fmt: skip
            if trigger is T.ERROR and throws and reference(element.get("errorRef")) is None:
                yield subject.error(
                    "error-missing", event, f"The end event {called(event)} names no error.",
                    "Choose the error (errorRef).",
                )  # fmt: skip


def _when(element: Element) -> Iterator[Element]:
    return children(element, "timeDate", "timeDuration", "timeCycle")


def tasks(subject: Subject) -> Iterator[Finding]:
    """Each task of an executable process says who or what does it."""
    for task in subject.of("serviceTask", "sendTask", "receiveTask", "businessRuleTask", "scriptTask"):
        if subject.executable(task):
            yield from _task(subject, task)
    for task in subject.document.all("globalBusinessRuleTask", "globalScriptTask"):
        yield from _task(subject, task)


def _task(subject: Subject, task: Element) -> Iterator[Finding]:
    tag = local(task).removeprefix("global")
    tag = tag[:1].lower() + tag[1:]
    external, message = camunda(task, "topic") is not None, subject.refers(task, "messageRef")
    names = {name for name, _, _ in people.properties(task, subject.document)}
    if tag == "serviceTask" and not external and not _java(task):
        yield subject.error(
            "service-without-topic", task, f"No worker does {called(task)}: it has no topic.",
            'Give it camunda:type="external" and a camunda:topic, or make it a user or script task.',
        )  # fmt: skip
    if tag == "sendTask" and not (message or names & {"letter", "handover"} or _operation(task)):
        yield subject.error(
            "send-without-message", task, f"{called(task)} does not say what it sends.",
            'Choose a message, or give it the property "letter" or "handover".',
        )  # fmt: skip
    if tag == "receiveTask" and not (message or _operation(task)):
        yield subject.error(
            "receive-without-message", task, f"{called(task)} does not say what it waits for.", "Choose a message.",
        )  # fmt: skip
    if tag == "businessRuleTask" and camunda(task, "decisionRef") is None and not _java(task):
        yield subject.error(
            "decision-missing", task, f"{called(task)} names no decision.", "Fill in camunda:decisionRef.",
        )  # fmt: skip
    script = child(task, "script")
    if tag == "scriptTask" and (script is None or not own_text(script).strip()) and not camunda(task, "resource"):
        yield subject.error(
            "script-missing", task, f"The script task {called(task)} has no script.",
            "Write lines `name = expression` in FEEL.",
        )  # fmt: skip


def _java(task: Element) -> bool:
    """Refused elsewhere, in its own words."""
    return any(camunda(task, name) for name in ("class", "delegateExpression", "expression", "type"))


def _operation(task: Element) -> bool:
    return reference(task.get("operationRef")) is not None


def choices(subject: Subject) -> Iterator[Finding]:
    """A choice can always be made: each flow has a condition, save for the default."""
    for gateway in subject.of("exclusiveGateway", "inclusiveGateway"):
        flows, default = subject.outgoing(gateway), reference(gateway.get("default"))
        if not subject.executable(gateway) or len(flows) < 2:
            continue
        for flow in flows:
            if child(flow, "conditionExpression") is None and flow.get("id") != default:
                yield subject.error(
                    "condition-missing", flow, f"A flow out of the gateway {called(gateway)} has no condition.",
                    "Write a condition in FEEL, or make it the default flow.",
                )  # fmt: skip
        if default is None:
            yield subject.warning(
                "default-missing", gateway, f"The gateway {called(gateway)} has no default flow.",
                "Choose one: when no condition holds, the case stops with an incident.",
            )  # fmt: skip
    for gateway in subject.of("complexGateway"):
        merges = len(subject.incoming(gateway)) > 1
        if subject.executable(gateway) and merges and child(gateway, "activationCondition") is None:
            yield subject.error(
                "activation-missing", gateway, f"The complex gateway {called(gateway)} does not say when to go on.",
                "Write its activationCondition in FEEL.",
            )  # fmt: skip


def left_out(subject: Subject) -> Iterator[Finding]:
    """What is drawn but not run."""
    for process in subject.document.all("process"):
        if not flag(process, "isExecutable", True):
            yield subject.warning(
                "not-executable", process, f"The process {called(process)} is not executable and will not run.",
                'Set isExecutable="true" when it must.',
            )  # fmt: skip
    for element in subject.document.all("choreography", "globalChoreographyTask", "globalConversation"):
        yield subject.warning(
            "drawn-only", element, f"The {local(element)} {called(element)} is not run.",
            "Nothing to do when it only explains.",
        )  # fmt: skip
    for element in subject.document.all("import"):
        yield subject.warning(
            "import-left-out", element, f"The import of {element.get('location')} is not followed.",
            "Put what it holds in a file of the same deployment.",
        )  # fmt: skip
    for element in subject.document.all("auditing", "monitoring", "resourceRole"):
        yield subject.warning(
            "element-left-out", element, f"<{local(element)}> has no effect here.", "Leave it out.",
        )  # fmt: skip
    for element in subject.document.all("dataStoreReference"):
        yield subject.warning(
            "data-store", element, f"The data store {called(element)} is a variable of the instance here.",
            "Use a datum of the case to keep it longer.",
        )  # fmt: skip
    for element in subject.of("transaction"):
        if (element.get("method") or "##Compensate").strip() != "##Compensate":
            yield subject.warning(
                "transaction-method", element, f"The method of the transaction {called(element)} is not used.",
                "Cancelling compensates what was done: leave the method out.",
            )  # fmt: skip
    for element in subject.document.all("performer", "humanPerformer", "potentialOwner"):
        parent = element.getparent()
        if parent is not None and local(parent) not in ("userTask", "globalUserTask"):
            yield subject.warning(
                "role-left-out", element, f"<{local(element)}> has no effect on {called(parent)}.",
                "Only user tasks are offered to people.",
            )  # fmt: skip


RULES = (events, tasks, choices, left_out)
