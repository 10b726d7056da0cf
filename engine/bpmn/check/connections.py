"""How nodes are connected: flows in and out of events, sub-processes and everything else (BPMN 2.0.2 section 10.5)."""

from __future__ import annotations

from collections.abc import Iterator

from schuldhulp.engine.bpmn.check.subject import (
    ACTIVITIES,
    EVENTS,
    GATEWAYS,
    Subject,
    called,
    event_sub_process,
    local_parent,
)
from schuldhulp.engine.bpmn.graph import Finding, Trigger
from schuldhulp.engine.bpmn.read.document import Element, child, children, flag, local, own_text, reference
from schuldhulp.engine.bpmn.read.flows import CONTAINERS

_INTERMEDIATE = frozenset({"intermediateCatchEvent", "intermediateThrowEvent"})
_FROM_ANYWHERE = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"}) | ACTIVITIES


def start_events(subject: Subject) -> Iterator[Finding]:
    """Nothing flows into a start event, and what flows out of it has no condition."""
    for event in subject.of("startEvent"):
        for flow in subject.incoming(event):
            yield subject.error(
                "start-event-incoming", flow, f"A sequence flow leads to the start event {called(event)}.",
                "Let it lead to the first step after the start event.",
            )  # fmt: skip
        for flow in subject.outgoing(event):
            if child(flow, "conditionExpression") is not None:
                yield subject.error(
                    "start-event-condition", flow, f"A flow out of the start event {called(event)} has a condition.",
                    "Put an exclusive gateway after the start event and the condition on its flow.",
                )  # fmt: skip


def end_events(subject: Subject) -> Iterator[Finding]:
    for event in subject.of("endEvent"):
        for flow in subject.outgoing(event):
            yield subject.error(
                "end-event-outgoing", flow, f"A sequence flow leaves the end event {called(event)}.",
                "Make it an intermediate event, or remove the flow.",
            )  # fmt: skip


def starts_and_ends(subject: Subject) -> Iterator[Finding]:
    """A start event asks for an end event and the other way round, level by level."""
    for container in subject.containers:
        starts, ends = subject.nodes_in(container, "startEvent"), subject.nodes_in(container, "endEvent")
        if starts and not ends and not event_sub_process(container):
            yield subject.error(
                "end-event-missing", container, f"{called(container)} has a start event but no end event.",
                "Add an end event after the last step, or remove the start event.",
            )  # fmt: skip
        if ends and not starts and not event_sub_process(container) and not _instantiating(subject, container):
            yield subject.error(
                "start-event-missing", container, f"{called(container)} has an end event but no start event.",
                "Add a start event before the first step, or remove the end event.",
            )  # fmt: skip


def _instantiating(subject: Subject, container: Element) -> bool:
    return any(flag(node, "instantiate") for node in subject.nodes_in(container, "receiveTask", "eventBasedGateway"))


def loose_ends(subject: Subject) -> Iterator[Finding]:
    """With a start event, every other node has a flow in; with an end event, every other node has a flow out."""
    for container in subject.containers:
        if local(container) == "adHocSubProcess":
            continue
        has_start = bool(subject.nodes_in(container, "startEvent"))
        has_end = bool(subject.nodes_in(container, "endEvent"))
        for node in subject.nodes_in(container):
            if event_sub_process(node) or flag(node, "isForCompensation") or local(node) in _INTERMEDIATE:
                continue
            if has_start and not subject.incoming(node) and not _needs_no_incoming(node):
                yield subject.error(
                    "incoming-missing", node, f"Nothing leads to {called(node)}, while this level has a start event.",
                    "Draw a sequence flow to it, or remove it.",
                )  # fmt: skip
            if has_end and not subject.outgoing(node) and not _needs_no_outgoing(node):
                yield subject.error(
                    "outgoing-missing", node, f"Nothing follows {called(node)}, while this level has an end event.",
                    "Draw a sequence flow from it to what comes next, or to an end event.",
                )  # fmt: skip


def _needs_no_incoming(node: Element) -> bool:
    return local(node) in ("startEvent", "boundaryEvent") or flag(node, "instantiate")


def _needs_no_outgoing(node: Element) -> bool:
    return local(node) in ("endEvent", "boundaryEvent")  # boundary events have a rule of their own


def intermediate_events(subject: Subject) -> Iterator[Finding]:
    """Flow in and flow out, save for links, which replace one of them."""
    for event in subject.of("intermediateCatchEvent", "intermediateThrowEvent"):
        link, catch = subject.triggered(event, Trigger.LINK), local(event) == "intermediateCatchEvent"
        container = event.getparent()
        implicit = container is None or not subject.nodes_in(container, "startEvent")
        if not subject.incoming(event) and not (link and catch) and not (implicit and catch):
            yield subject.error(
                "incoming-missing", event, f"Nothing leads to the intermediate event {called(event)}.",
                "Draw a sequence flow to it, or make it a start event.",
            )  # fmt: skip
        if not subject.outgoing(event) and not (link and not catch):
            yield subject.error(
                "outgoing-missing", event, f"Nothing follows the intermediate event {called(event)}.",
                "Draw a sequence flow from it, or make it an end event.",
            )  # fmt: skip
        for flow in subject.incoming(event) if link and catch else ():
            yield subject.error(
                "link-catch-incoming", flow, f"A sequence flow leads to the link {called(event)}.",
                "A link is entered through its partner only: remove the flow.",
            )  # fmt: skip
        for flow in subject.outgoing(event) if link and not catch else ():
            yield subject.error(
                "link-throw-outgoing", flow, f"A sequence flow leaves the link {called(event)}.",
                "A link goes on at its partner: remove the flow.",
            )  # fmt: skip


def boundary_events(subject: Subject) -> Iterator[Finding]:
    for event in subject.of("boundaryEvent"):
        for flow in subject.incoming(event):
            yield subject.error(
                "boundary-incoming", flow, f"A sequence flow leads to the boundary event {called(event)}.",
                "A boundary event is entered from its activity only: remove the flow.",
            )  # fmt: skip
        compensation, outgoing = subject.triggered(event, Trigger.COMPENSATE), subject.outgoing(event)
        if compensation and outgoing:
            yield subject.error(
                "compensation-boundary-flow", outgoing[0],
                f"A sequence flow leaves the compensation event {called(event)}.",
                "Connect it to its handler with an association.",
            )  # fmt: skip
        if not compensation and not outgoing:
            yield subject.error(
                "boundary-outgoing-missing", event, f"Nothing follows the boundary event {called(event)}.",
                "Draw a sequence flow to what must happen then.",
            )  # fmt: skip
        attached = subject.document.find(event.get("attachedToRef"), *ACTIVITIES)
        if attached is None or attached.getparent() is not event.getparent() or event_sub_process(attached):
            yield subject.error(
                "boundary-not-attached", event, f"The boundary event {called(event)} stands on no activity.",
                "Put it on the edge of a task or sub-process of the same level.",
            )  # fmt: skip


def event_sub_processes(subject: Subject) -> Iterator[Finding]:
    for node in subject.of("subProcess"):
        if not event_sub_process(node):
            continue
        for flow in (*subject.incoming(node), *subject.outgoing(node)):
            yield subject.error(
                "event-sub-process-flow", flow, f"A sequence flow touches the event sub-process {called(node)}.",
                "An event sub-process is entered through its start event only: remove the flow.",
            )  # fmt: skip


def compensation_activities(subject: Subject) -> Iterator[Finding]:
    """A compensation handler stands outside the flow, at the end of an association."""
    for node in subject.of(*ACTIVITIES):
        if not flag(node, "isForCompensation") or event_sub_process(node):
            continue
        for flow in (*subject.incoming(node), *subject.outgoing(node)):
            yield subject.error(
                "compensation-activity-flow", flow, f"A sequence flow touches the compensation activity {called(node)}.",
                "Connect it to a compensation boundary event with an association, and remove the flow.",
            )  # fmt: skip


def conditions(subject: Subject) -> Iterator[Finding]:
    """Where a condition may stand on a flow, and which flow may be the default."""
    for flow in subject.flows:
        source = subject.document.find(flow.get("sourceRef"))
        if source is None or child(flow, "conditionExpression") is None or local(source) == "startEvent":
            continue
        if local(source) == "parallelGateway" and subject.context.dialect:
            yield subject.warning(
                "condition-not-used", flow, f"The flow out of the parallel gateway {called(source)} has a condition.",
                "Remove it, or use an inclusive gateway: a parallel one takes every flow.",
            )  # fmt: skip
        elif local(source) not in _FROM_ANYWHERE:
            yield subject.error(
                "condition-not-allowed", flow, f"The flow out of {called(source)} has a condition.",
                "Only flows out of activities and of exclusive, inclusive and complex gateways have conditions.",
            )  # fmt: skip
        elif local(source) in ACTIVITIES and len(subject.outgoing(source)) < 2:
            yield subject.error(
                "condition-without-alternative", flow,
                f"The only flow out of {called(source)} has a condition: without it the case stops there.",
                "Add another flow out of it, or remove the condition.",
            )  # fmt: skip


def defaults(subject: Subject) -> Iterator[Finding]:
    for node in subject.of(*_FROM_ANYWHERE):
        ref = reference(node.get("default"))
        if ref is None:
            continue
        mine = [flow for flow in subject.outgoing(node) if flow.get("id") == ref]
        if not mine:
            yield subject.error(
                "default-not-outgoing", node, f'The default flow of {called(node)}, "{ref}", does not leave it.',
                "Choose one of its outgoing flows as the default.",
            )  # fmt: skip
        elif child(mine[0], "conditionExpression") is not None and local(node) in GATEWAYS:
            yield subject.warning(
                "default-with-condition", mine[0], f"The default flow of {called(node)} has a condition, which is not used.",
                "Remove the condition.",
            )  # fmt: skip


def listed_flows(subject: Subject) -> Iterator[Finding]:
    """When nodes list their flows (<incoming>, <outgoing>), the lists agree with the flows themselves.

    Many tools write no such lists at all: a process without any is fine.
    """
    for process in (one for one in subject.containers if local(one) == "process"):
        nodes = [node for node in subject.nodes if node.getparent() is process or process in node.iterancestors()]
        if not any(True for node in nodes for _ in children(node, "incoming", "outgoing")):
            continue
        for node in nodes:
            for name, flows in (("incoming", subject.incoming(node)), ("outgoing", subject.outgoing(node))):
                listed = {reference(own_text(part)) for part in children(node, name)}
                drawn = {flow.get("id") for flow in flows if flow.get("id")}
                for ref in sorted(str(one) for one in listed ^ drawn):
                    yield subject.error(
                        "flow-lists-differ", node,
                        f'{called(node)} and the flow "{ref}" do not agree on whether it is {name} there.',
                        "Draw the flow again, or open and save the diagram in a modeler.",
                    )  # fmt: skip


def immediate(subject: Subject) -> Iterator[Finding]:
    for flow in subject.flows:
        if not flag(flow, "isImmediate", True) and subject.executable(flow):
            yield subject.error(
                "flow-not-immediate", flow, "This flow is marked as not immediate: other work may come in between.",
                "Draw that work too and remove isImmediate, or make the process not executable.",
            )  # fmt: skip


def misplaced(subject: Subject) -> Iterator[Finding]:
    """Flow nodes and sequence flows outside a process or choreography."""
    for element in subject.document.all("sequenceFlow", *EVENTS, *GATEWAYS):
        parent = local_parent(element)
        if parent not in CONTAINERS and parent not in ("choreography", "globalChoreographyTask", "subChoreography"):
            yield subject.error(
                "misplaced", element, f"A {local(element)} stands in a {parent}.", "Put it in a process.",
            )  # fmt: skip


RULES = (
    start_events, end_events, starts_and_ends, loose_ends, intermediate_events, boundary_events, event_sub_processes,
    compensation_activities, conditions, defaults, listed_flows, immediate, misplaced,
)  # fmt: skip
