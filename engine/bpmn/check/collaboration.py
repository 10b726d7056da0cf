"""Pools, message flows, conversations, choreographies and artifacts (BPMN 2.0.2 chapters 8, 9 and 11)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schuldhulp.engine.bpmn.check.subject import (
    ACTIVITIES,
    ARTIFACTS,
    EVENTS,
    Subject,
    called,
    local_parent,
)
from schuldhulp.engine.bpmn.graph import Finding, Trigger
from schuldhulp.engine.bpmn.read.document import Element, bpmn, child, children, local, own_text, reference

_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?")
_MESSAGE_ENDS = ACTIVITIES | EVENTS | {"participant"}
_CHOREOGRAPHY = frozenset({"choreographyTask", "subChoreography", "callChoreography"})


def participants(subject: Subject) -> Iterator[Finding]:
    for participant in subject.document.all("participant"):
        ref = participant.get("processRef")
        if ref is not None and ":" not in ref and subject.document.find(ref, "process") is None:
            yield subject.error(
                "participant-process-unknown", participant, f'The pool {called(participant)} shows "{ref}", no process.',
                "Choose a process of this file, or leave processRef out.",
            )  # fmt: skip
        multiplicity = child(participant, "participantMultiplicity")
        if multiplicity is not None:
            yield from _multiplicity(subject, participant, multiplicity)


def _multiplicity(subject: Subject, participant: Element, element: Element) -> Iterator[Finding]:
    try:
        least, most = int(element.get("minimum", "0")), int(element.get("maximum", "1"))
    except ValueError:
        return
    if most < 1 or least < 0 or least > most:
        yield subject.error(
            "participant-multiplicity", participant,
            f"The pool {called(participant)} stands for at least {least} and at most {most} parties.",
            "Let the minimum be at least 0 and no more than the maximum, and the maximum at least 1.",
        )  # fmt: skip


def message_flows(subject: Subject) -> Iterator[Finding]:
    """A message flow goes between two pools, from something that sends to something that receives."""
    pools = _pools(subject)
    for flow in subject.document.all("messageFlow"):
        ends = {name: subject.document.find(flow.get(name)) for name in ("sourceRef", "targetRef")}
        for name, end in ends.items():
            if end is None or (local(end) not in _MESSAGE_ENDS and local(end) not in _CHOREOGRAPHY):
                if end is None and ":" in (flow.get(name) or ""):
                    continue
                what = "is not in this file" if end is None else f"is a {local(end)}"
                yield subject.error(
                    "message-flow-end", flow, f'An end of this message flow, "{flow.get(name)}", {what}.',
                    "Let it go from a pool, activity or event to one of another pool.",
                )  # fmt: skip
        source, target = ends["sourceRef"], ends["targetRef"]
        if source is not None and target is not None:
            yield from _two_pools(subject, flow, _pool(source, pools), _pool(target, pools))
        if source is not None:
            yield from _sends(subject, flow, source)
        if target is not None:
            yield from _receives(subject, flow, target)


def _pools(subject: Subject) -> dict[str, str]:
    """Process id -> id of its participant."""
    return {
        ref: participant.get("id") or ""
        for participant in subject.document.all("participant")
        if (ref := reference(participant.get("processRef"))) is not None
    }


def _pool(end: Element, pools: dict[str, str]) -> str | None:
    if local(end) == "participant":
        return end.get("id")
    process = next(end.iterancestors(bpmn("process")), None)
    return None if process is None else pools.get(process.get("id") or "", process.get("id"))


def _two_pools(subject: Subject, flow: Element, source: str | None, target: str | None) -> Iterator[Finding]:
    if source is not None and source == target:
        yield subject.error(
            "message-flow-inside-pool", flow, "This message flow stays inside one pool.",
            "Use a sequence flow, or connect it to another pool.",
        )  # fmt: skip


def _sends(subject: Subject, flow: Element, source: Element) -> Iterator[Finding]:
    tag = local(source)
    sends = tag not in EVENTS or (
        tag in ("endEvent", "intermediateThrowEvent") and subject.triggered(source, Trigger.MESSAGE)
    )
    if tag == "receiveTask" or not sends:
        yield subject.error(
            "message-flow-source", flow, f"A message flow leaves {called(source)}, which sends no message.",
            "Let it leave a send task, another task, or an end or throwing event with a message.",
        )  # fmt: skip


def _receives(subject: Subject, flow: Element, target: Element) -> Iterator[Finding]:
    tag = local(target)
    receives = tag not in EVENTS or (
        tag in ("startEvent", "intermediateCatchEvent", "boundaryEvent") and subject.triggered(target, Trigger.MESSAGE)
    )
    if tag == "sendTask" or not receives:
        yield subject.error(
            "message-flow-target", flow, f"A message flow leads to {called(target)}, which receives no message.",
            "Let it lead to a receive task, another task, or a start, catching or boundary event with a message.",
        )  # fmt: skip


def conversations(subject: Subject) -> Iterator[Finding]:
    """A global conversation holds no conversations, artifacts or choreographies; choreographies refer to none."""
    for element in subject.document.all("globalConversation"):
        for part in element.iterchildren():
            if local(part) in ARTIFACTS | {"conversation", "callConversation", "subConversation", "choreographyRef"}:
                yield subject.error(
                    "global-conversation-content", part, f"A global conversation cannot hold a {local(part)}.",
                    "Put it in the collaboration that calls the conversation.",
                )  # fmt: skip
    for element in subject.document.all("choreography", "globalChoreographyTask"):
        for part in children(element, "choreographyRef"):
            yield subject.error(
                "choreography-ref", part, f"The choreography {called(element)} refers to a choreography.",
                "Only a collaboration refers to choreographies: remove choreographyRef.",
            )  # fmt: skip


def choreographies(subject: Subject) -> Iterator[Finding]:
    for element in subject.document.all(*_CHOREOGRAPHY):
        if local_parent(element) not in ("choreography", "subChoreography"):
            continue  # the reader refuses it
        names = {reference(own_text(part)) for part in children(element, "participantRef")}
        first = reference(element.get("initiatingParticipantRef"))
        if first not in names:
            yield subject.error(
                "choreography-initiator", element, f"{first} starts {called(element)}, but takes no part in it.",
                "Choose one of its participants as the initiating one.",
            )  # fmt: skip


def media_types(subject: Subject) -> Iterator[Finding]:
    for element in subject.document.all("documentation", "textAnnotation"):
        said = element.get("textFormat")
        if said is not None and not _MEDIA_TYPE.fullmatch(said.strip()):
            yield subject.error(
                "text-format", element, f'textFormat "{said}" is no media type.', 'Write "text/plain", or leave it out.',
            )  # fmt: skip


def lanes(subject: Subject) -> Iterator[Finding]:
    for lane in subject.document.all("lane"):
        for part in children(lane, "flowNodeRef"):
            ref = reference(own_text(part))
            if ref is None or subject.document.find(ref) is None:
                yield subject.error(
                    "lane-node-unknown", part, f'The lane {called(lane)} holds "{ref or ""}", which is not there.',
                    "Draw the element in the lane again, or remove the reference.",
                )  # fmt: skip


def associations(subject: Subject) -> Iterator[Finding]:
    for element in subject.document.all("association"):
        for name in ("sourceRef", "targetRef"):
            ref = element.get(name)
            if ref is not None and subject.document.find(ref) is None and ":" not in ref:
                yield subject.warning(
                    "association-end-unknown", element, f'An end of this association, "{ref}", is not in this file.',
                    "Draw the line again, or remove it.",
                )  # fmt: skip


RULES = (participants, message_flows, conversations, choreographies, media_types, lanes, associations)
