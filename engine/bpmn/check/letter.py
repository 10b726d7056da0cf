"""Constraints of BPMN 2.0.2 that our dialect relaxes: looked at only when a model is judged by the letter."""

from __future__ import annotations

from collections.abc import Iterator

from schuldhulp.engine.bpmn.check.subject import ARTIFACTS, EVENTS, Subject, called
from schuldhulp.engine.bpmn.graph import Finding, Trigger
from schuldhulp.engine.bpmn.read.document import child, local, own_text

_IDENTIFIED = (
    "sequenceFlow", "dataObject", "dataObjectReference", "dataStoreReference", "dataStore", "message", "signal", "error",
    "escalation", "itemDefinition", "interface", "operation", "participant", "messageFlow", "collaboration", "lane",
    "laneSet", "property", "category", "categoryValue", *sorted(ARTIFACTS),
)  # fmt: skip


def ids(subject: Subject) -> Iterator[Finding]:
    """Section 8.3.1: elements have an id. Here flows may go without: they get one from their ends."""
    for element in subject.document.all(*_IDENTIFIED):
        if not element.get("id"):
            yield subject.error(
                "id-missing", element, f"This {local(element)} has no id.", "Give it an id.",
            )  # fmt: skip


def message_operations(subject: Subject) -> Iterator[Finding]:
    """MessageEventDefinition (chapter 10): a message event of an executable process names an operation. Here it does not."""
    for event in subject.of(*EVENTS):
        for trigger, element in subject.triggers(event):
            if trigger is Trigger.MESSAGE and subject.executable(event) and not subject.refers(element, "operationRef"):
                yield subject.error(
                    "message-operation-missing", event, f"The message event {called(event)} names no operation.",
                    "Fill in operationRef.",
                )  # fmt: skip


def script_formats(subject: Subject) -> Iterator[Finding]:
    """Script task (chapter 10): a script comes with its format. Here a script without one is FEEL."""
    for task in subject.of("scriptTask"):
        script = child(task, "script")
        written = script is not None and own_text(script).strip()
        if subject.executable(task) and written and not (task.get("scriptFormat") or "").strip():
            yield subject.error(
                "script-format-missing", task, f"The script of {called(task)} does not say what it is written in.",
                "Fill in scriptFormat.",
            )  # fmt: skip


def operation_outputs(subject: Subject) -> Iterator[Finding]:
    """Section 10.3.3: a service task whose operation gives no message has no output."""
    for task in subject.of("serviceTask"):
        operation = subject.document.find(task.get("operationRef"), "operation")
        spec = child(task, "ioSpecification")
        if operation is None or spec is None or child(operation, "outMessageRef") is not None:
            continue
        if child(spec, "dataOutput") is not None:
            yield subject.error(
                "operation-data", task, f"{called(task)} has an output, but its operation gives no message.",
                "Remove the output, or give the operation an out-message.",
            )  # fmt: skip


RULES = (ids, message_operations, script_formats, operation_outputs)
