"""Event definitions: in the event itself, or referenced (eventDefinitionRef) and then read as if they stood there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schuldhulp.engine.bpmn.graph import CorrelationKey, EventDefinition, Expression, TimerKind, Trigger
from schuldhulp.engine.bpmn.read.document import (
    Document,
    Element,
    camunda,
    child,
    children,
    extensions,
    flag,
    local,
    reference,
)

if TYPE_CHECKING:
    from schuldhulp.engine.bpmn.read.tables import Tables

TRIGGERS = {f"{trigger.value}EventDefinition": trigger for trigger in Trigger}
REFERENCES = {
    Trigger.MESSAGE: "messageRef", Trigger.SIGNAL: "signalRef", Trigger.ERROR: "errorRef",
    Trigger.ESCALATION: "escalationRef",
}  # fmt: skip
TIMERS = {kind.value: kind for kind in TimerKind}


def definitions(event: Element, tables: Tables) -> tuple[EventDefinition, ...]:
    """The definitions of an event, in document order; what an eventDefinitionRef points to is read in its place."""
    found = []
    for index, (element, given) in enumerate(definition_elements(event, tables.document)):
        found.append(definition(element, f"{given}/{index}", event, tables))
    return tuple(found)


def definition_elements(event: Element, document: Document) -> Iterator[tuple[Element, str]]:
    """Each definition element of *event*, with the id of the event."""
    given = event.get("id") or ""
    for element in children(event, *TRIGGERS, "eventDefinitionRef"):
        if local(element) == "eventDefinitionRef":
            found = document.find(element.text, *TRIGGERS)
            if found is not None:
                yield found, given
        else:
            yield element, given


def definition(element: Element, fallback: str, event: Element, tables: Tables) -> EventDefinition:
    """One definition. *fallback* is its id when it has none of its own; *event* carries payload and data."""
    document = tables.document
    trigger = TRIGGERS[local(element)]
    ref = reference(element.get(REFERENCES[trigger])) if trigger in REFERENCES else None
    timer, expression = _when(element, trigger, document)
    name = tables.name_of(trigger, ref)
    if trigger is Trigger.LINK:
        name = (element.get("name") or event.get("name") or "").strip() or None
    if trigger is Trigger.MESSAGE and ref is None:
        ref = tables.message_of_operation(element)
        name = tables.name_of(trigger, ref)
    return EventDefinition(
        trigger=trigger, id=element.get("id") or fallback, place=document.place(element), name=name, ref=ref,
        timer=timer, expression=expression,
        activity=reference(element.get("activityRef")) if trigger is Trigger.COMPENSATE else None,
        wait=flag(element, "waitForCompletion", True),
        keys=keys(ref, event, tables) if trigger is Trigger.MESSAGE else (),
        payload=payload(element, event, tables), variable=variable(event, tables) or code_variable(element),
    )  # fmt: skip


def task_message(task: Element, tables: Tables) -> EventDefinition | None:
    """The message that a send task throws or a receive task waits for."""
    ref = reference(task.get("messageRef")) or tables.message_of_operation(task)
    if ref is None:
        return None
    return EventDefinition(
        trigger=Trigger.MESSAGE, id=f"{task.get('id')}/message", place=tables.document.place(task),
        name=tables.name_of(Trigger.MESSAGE, ref), ref=ref, keys=keys(ref, task, tables),
        payload=payload(task, task, tables), variable=variable(task, tables),
    )  # fmt: skip


def _when(element: Element, trigger: Trigger, document: Document) -> tuple[TimerKind | None, Expression | None]:
    if trigger is Trigger.CONDITIONAL:
        return None, document.expression(child(element, "condition"))
    if trigger is Trigger.TIMER:
        for part in children(element, *TIMERS):
            return TIMERS[local(part)], document.expression(part)
    return None, None


def keys(message: str | None, event: Element, tables: Tables) -> tuple[CorrelationKey, ...]:
    """How an arriving message is matched: its correlation properties, bound to the data of the process.

    A property without a binding (correlationPropertyBinding) is compared with the variable of its name.
    """
    bindings = tables.bindings_around(event)
    found = []
    for key in tables.message_keys(message):
        bound = bindings.get(key.id, Expression(key.name, key.path.place))
        found.append(CorrelationKey(key.name, key.path, bound))
    return tuple(found)


def payload(element: Element, event: Element, tables: Tables) -> Expression | None:
    """What a thrown message or signal carries: the data input of the event, or camunda:in of the definition."""
    if local(event) in ("endEvent", "intermediateThrowEvent", "sendTask", "event"):
        for association in children(event, "dataInputAssociation"):
            for _, source in tables.data.associated(association):
                return source
    parts = [_entry(part) for part in extensions(element, "in")]
    whole = ", ".join(part for part in parts if part)
    return Expression("{" + whole + "}", tables.document.place(element)) if whole else None


def _entry(part: Element) -> str | None:
    target = part.get("target")
    source = part.get("source") or (part.get("sourceExpression") or "").strip().removeprefix("=").strip()
    return f'"{target}": {source}' if target and source else None


def variable(event: Element, tables: Tables) -> str | None:
    """Where a caught payload goes: the target of the event's data output."""
    if local(event) in ("startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"):
        for association in children(event, "dataOutputAssociation"):
            for target, _ in tables.data.associated(association):
                return target
    return None


def code_variable(element: Element) -> str | None:
    """Where the code of a caught error or escalation goes."""
    return camunda(element, "errorCodeVariable") or camunda(element, "escalationCodeVariable")
