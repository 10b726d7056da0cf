"""Which event may stand where, and what its definition must say (BPMN 2.0.2 section 10.5, tables 10.84 to 10.93)."""

from __future__ import annotations

from collections.abc import Iterator

from schuldhulp.engine.bpmn.check.subject import (
    ACTIVITIES,
    EVENTS,
    Subject,
    called,
    event_sub_process,
    local_parent,
)
from schuldhulp.engine.bpmn.graph import Finding, Trigger
from schuldhulp.engine.bpmn.read.document import Element, children, flag, local, own_text, reference
from schuldhulp.engine.bpmn.read.events import REFERENCES, TRIGGERS

T = Trigger
PROCESS_START = frozenset({T.MESSAGE, T.TIMER, T.CONDITIONAL, T.SIGNAL})
EVENT_SUB_PROCESS_START = PROCESS_START | {T.ERROR, T.ESCALATION, T.COMPENSATE}
CATCH = frozenset({T.MESSAGE, T.TIMER, T.CONDITIONAL, T.SIGNAL, T.LINK})
THROW = frozenset({T.MESSAGE, T.SIGNAL, T.ESCALATION, T.COMPENSATE, T.LINK})
BOUNDARY = frozenset({T.MESSAGE, T.TIMER, T.ERROR, T.ESCALATION, T.CANCEL, T.COMPENSATE, T.CONDITIONAL, T.SIGNAL})
END = frozenset({T.MESSAGE, T.ERROR, T.ESCALATION, T.CANCEL, T.COMPENSATE, T.SIGNAL, T.TERMINATE})
ALWAYS_INTERRUPTS = frozenset({T.ERROR, T.CANCEL, T.COMPENSATE})


def positions(subject: Subject) -> Iterator[Finding]:
    """Each kind of event knows only some triggers."""
    for event in subject.of(*EVENTS):
        allowed, where = _allowed(event)
        for trigger, element in subject.triggers(event):
            if trigger not in allowed:
                yield subject.error(
                    "event-trigger-not-allowed", event,
                    f"The {where} {called(event)} cannot have a {trigger} trigger.",
                    f"Allowed here: {', '.join(sorted(allowed)) or 'no trigger at all'}.",
                )  # fmt: skip
            elif trigger in ALWAYS_INTERRUPTS and not _interrupts(event):
                yield subject.error(
                    "event-must-interrupt", event, f"The {trigger} event {called(event)} is marked as non-interrupting.",
                    f"An event with {trigger} always interrupts: remove the mark.",
                )  # fmt: skip
            del element


def _allowed(event: Element) -> tuple[frozenset[Trigger], str]:
    tag, parent = local(event), event.getparent()
    if tag != "startEvent":
        return {
            "endEvent": (END, "end event"), "intermediateCatchEvent": (CATCH, "catching event"),
            "intermediateThrowEvent": (THROW, "throwing event"), "boundaryEvent": (BOUNDARY, "boundary event"),
        }[tag]  # fmt: skip
    if parent is not None and event_sub_process(parent):
        return EVENT_SUB_PROCESS_START, "start event of an event sub-process"
    if parent is not None and local(parent) != "process":
        return frozenset(), "start event of a sub-process"
    return PROCESS_START, "start event"


def _interrupts(event: Element) -> bool:
    if local(event) == "boundaryEvent":
        return flag(event, "cancelActivity", True)
    return flag(event, "isInterrupting", True)


def needs_trigger(subject: Subject) -> Iterator[Finding]:
    """Boundary and catching events, and the start event of an event sub-process, wait for something."""
    for event in subject.of("boundaryEvent", "intermediateCatchEvent", "startEvent"):
        parent = event.getparent()
        if local(event) == "startEvent" and (parent is None or not event_sub_process(parent)):
            continue
        if not subject.triggers(event):
            yield subject.error(
                "event-trigger-missing", event, f"The event {called(event)} does not say what it waits for.",
                "Give it a trigger: a message, timer, signal, condition ...",
            )  # fmt: skip


def cancels(subject: Subject) -> Iterator[Finding]:
    """Cancel events belong to a transaction: on its edge, and as an end inside it."""
    for event in subject.of("boundaryEvent", "endEvent"):
        if not subject.triggered(event, T.CANCEL):
            continue
        if local(event) == "boundaryEvent":
            right = subject.document.find(event.get("attachedToRef"), "transaction") is not None
        else:
            right = any(local(around) == "transaction" for around in event.iterancestors())
        if not right:
            yield subject.error(
                "cancel-outside-transaction", event, f"The cancel event {called(event)} has no transaction.",
                "Use an error event, or make the sub-process a transaction.",
            )  # fmt: skip


def event_sub_process_starts(subject: Subject) -> Iterator[Finding]:
    for node in subject.of("subProcess"):
        if not event_sub_process(node):
            continue
        number = len(subject.nodes_in(node, "startEvent"))
        if number != 1:
            yield subject.error(
                "event-sub-process-start", node, f"The event sub-process {called(node)} has {number} start events.",
                "Give it exactly one start event, with a trigger.",
            )  # fmt: skip


def references(subject: Subject) -> Iterator[Finding]:
    """What an executable event throws or waits for must be named."""
    for event in subject.of(*EVENTS):
        if not subject.executable(event):
            continue
        throws = local(event) in ("endEvent", "intermediateThrowEvent")
        for trigger, element in subject.triggers(event):
            if trigger is T.MESSAGE and reference(element.get("messageRef")) is None:
                yield subject.error(
                    "message-missing", event, f"The message event {called(event)} names no message.",
                    "Choose the message (messageRef).",
                )  # fmt: skip
            if trigger is T.ESCALATION and throws:
                found = subject.document.find(element.get("escalationRef"), "escalation")
                if found is None or not (found.get("escalationCode") or "").strip():
                    yield subject.error(
                        "escalation-code-missing", event, f"The escalation that {called(event)} throws has no code.",
                        "Choose an escalation and give it an escalationCode.",
                    )  # fmt: skip
            if trigger is T.ERROR and throws and local(event) == "endEvent":
                found = subject.document.find(element.get("errorRef"), "error")
                if found is not None and not (found.get("errorCode") or "").strip():
                    yield subject.error(
                        "error-code-missing", event, f"The error that {called(event)} throws has no code.",
                        "Give the error an errorCode.",
                    )  # fmt: skip


def definition_refs(subject: Subject) -> Iterator[Finding]:
    """eventDefinitionRef points to a definition at the root of the file."""
    for element in subject.document.all("eventDefinitionRef"):
        ref = reference(own_text(element))
        found = subject.document.find(ref, *TRIGGERS)
        if found is None or local_parent(found) != "definitions":
            yield subject.error(
                "event-definition-unknown", element, f'There is no reusable event definition "{ref}".',
                "Write the definition at the root of the file, or in the event itself.",
            )  # fmt: skip


def root_references(subject: Subject) -> Iterator[Finding]:
    """messageRef, signalRef, errorRef and escalationRef point to what they should."""
    for trigger, name in REFERENCES.items():
        for element in subject.document.all(f"{trigger}EventDefinition"):
            if element.get(name) is not None and subject.document.find(element.get(name), trigger) is None:
                yield subject.error(
                    f"{trigger}-unknown", element, f'There is no {trigger} "{element.get(name)}" in this file.',
                    f"Choose an existing {trigger}, or add it.",
                )  # fmt: skip


def compensation(subject: Subject) -> Iterator[Finding]:
    """A compensation boundary event has a handler; a compensation throw names something that can be compensated."""
    for event in subject.of("boundaryEvent"):
        if not subject.triggered(event, T.COMPENSATE):
            continue
        handlers = [other for _, other in subject.associated(event) if other is not None and _handles(other, event)]
        if len(handlers) != 1:
            yield subject.error(
                "compensation-handler-missing", event,
                f"The compensation event {called(event)} has {len(handlers) or 'no'} handlers.",
                'Connect it with one association to one activity of the same level with isForCompensation="true".',
            )  # fmt: skip
    for element in subject.document.all("compensateEventDefinition"):
        ref = element.get("activityRef")
        if ref is not None and subject.document.find(ref, *ACTIVITIES) is None:
            yield subject.error(
                "compensation-activity-unknown", element, f'There is no activity "{ref}" to compensate.',
                "Choose an activity of the process.",
            )  # fmt: skip


def _handles(other: Element, event: Element) -> bool:
    return local(other) in ACTIVITIES and flag(other, "isForCompensation") and other.getparent() is event.getparent()


def links(subject: Subject) -> Iterator[Finding]:
    """Throwing and catching links pair up, by name or by source and target, inside one level."""
    for container in subject.containers:
        throws = _links(subject, container, "intermediateThrowEvent")
        catches = _links(subject, container, "intermediateCatchEvent")
        for event, element in throws:
            partners = [other for _, other in catches if _paired(element, other)]
            if len(partners) != 1:
                yield subject.error(
                    "link-target", event, f"The link {called(event)} has {len(partners) or 'no'} targets at its level.",
                    "Draw exactly one catching link of the same name in the same process or sub-process.",
                )  # fmt: skip
        for event, element in catches:
            if not any(_paired(other, element) for _, other in throws):
                yield subject.error(
                    "link-source", event, f"No link leads to {called(event)} at its level.",
                    "Draw a throwing link of the same name in the same process or sub-process, or remove this one.",
                )  # fmt: skip


def _links(subject: Subject, container: Element, tag: str) -> list[tuple[Element, Element]]:
    return [
        (event, element)
        for event in subject.nodes_in(container, tag)
        for trigger, element in subject.triggers(event)
        if trigger is T.LINK
    ]


def _paired(source: Element, target: Element) -> bool:
    """By reference when either says so, else by name. Two sides that name each other must agree."""
    targets = {reference(own_text(part)) for part in children(source, "target")}
    sources = {reference(own_text(part)) for part in children(target, "source")}
    if targets or sources:
        return (not targets or target.get("id") in targets) and (not sources or source.get("id") in sources)
    name, other = (source.get("name") or "").strip(), (target.get("name") or "").strip()
    return bool(name) and name == other


RULES = (
    positions, needs_trigger, cancels, event_sub_process_starts, references, definition_refs, root_references,
    compensation, links,
)  # fmt: skip
