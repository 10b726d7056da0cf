"""Gateways split or merge, as their direction says (BPMN 2.0.2 section 10.6)."""

from __future__ import annotations

from collections.abc import Iterator

from schuldhulp.engine.bpmn.check.subject import GATEWAYS, Subject, called
from schuldhulp.engine.bpmn.graph import Finding, Trigger
from schuldhulp.engine.bpmn.read.document import Element, child, flag, local, reference

T = Trigger
_WAITS_FOR = frozenset({T.MESSAGE, T.SIGNAL, T.TIMER, T.CONDITIONAL})


def directions(subject: Subject) -> Iterator[Finding]:
    for gateway in subject.of(*GATEWAYS):
        said = (gateway.get("gatewayDirection") or "Unspecified").strip()
        came, goes = len(subject.incoming(gateway)), len(subject.outgoing(gateway))
        wrong = {
            "Converging": goes > 1 or came < 2, "Diverging": came > 1 or goes < 2, "Mixed": came < 2 or goes < 2,
        }.get(said, came < 2 and goes < 2 and not _may_be_single(gateway))  # fmt: skip
        if wrong:
            what = "neither splits nor merges" if said == "Unspecified" else f"is marked as {said}"
            yield subject.error(
                "gateway-direction", gateway,
                f"The gateway {called(gateway)} {what}: it has {came} flows in and {goes} out.",
                "Give it more flows, remove it, or change its gatewayDirection.",
            )  # fmt: skip


def _may_be_single(gateway: Element) -> bool:
    """An event gateway that starts the process may have a single event behind it: it waits, it does not split."""
    return local(gateway) == "eventBasedGateway"


def event_gateways(subject: Subject) -> Iterator[Finding]:
    for gateway in subject.of("eventBasedGateway"):
        flows = subject.outgoing(gateway)
        if len(flows) < 2:
            yield subject.error(
                "event-gateway-single", gateway, f"The event gateway {called(gateway)} waits for {len(flows)} events.",
                "Give it two or more events to wait for, or replace it by a catching event.",
            )  # fmt: skip
        for flow in flows:
            if child(flow, "conditionExpression") is not None:
                yield subject.error(
                    "event-gateway-condition", flow, f"A flow out of the event gateway {called(gateway)} has a condition.",
                    "Remove it: the event that happens first decides.",
                )  # fmt: skip
        targets = [found for flow in flows if (found := subject.document.find(flow.get("targetRef"))) is not None]
        for target in targets:
            yield from _target(subject, gateway, target)
        yield from _mixed(subject, gateway, targets)
        yield from _instantiating(subject, gateway)


def _target(subject: Subject, gateway: Element, target: Element) -> Iterator[Finding]:
    if not _waits(subject, target):
        yield subject.error(
            "event-gateway-target", target,
            f"{called(target)} follows the event gateway {called(gateway)}, but is no event to wait for.",
            "Only catching message, timer, signal and conditional events and receive tasks may follow it.",
        )  # fmt: skip
        return
    if len(subject.incoming(target)) > 1:
        yield subject.error(
            "event-gateway-target-incoming", target,
            f"{called(target)} follows an event gateway, but other flows lead to it too.",
            "Let the other flows lead to an event of their own.",
        )  # fmt: skip
    attached = [
        event for event in subject.of("boundaryEvent") if reference(event.get("attachedToRef")) == target.get("id")
    ]
    if local(target) == "receiveTask" and attached:
        yield subject.error(
            "event-gateway-target-boundary", attached[0],
            f"The receive task {called(target)} follows an event gateway and must not have boundary events.",
            "Remove the boundary event, or let the gateway wait for that event.",
        )  # fmt: skip


def _waits(subject: Subject, target: Element) -> bool:
    if local(target) == "receiveTask":
        return True
    triggers = [trigger for trigger, _ in subject.triggers(target)]
    return local(target) == "intermediateCatchEvent" and bool(triggers) and set(triggers) <= _WAITS_FOR


def _mixed(subject: Subject, gateway: Element, targets: list[Element]) -> Iterator[Finding]:
    tasks = any(local(target) == "receiveTask" for target in targets)
    if tasks and any(local(target) != "receiveTask" and subject.triggered(target, T.MESSAGE) for target in targets):
        yield subject.error(
            "event-gateway-mixed", gateway,
            f"Both receive tasks and message events follow the event gateway {called(gateway)}.",
            "Use one of the two for messages.",
        )  # fmt: skip


def _instantiating(subject: Subject, gateway: Element) -> Iterator[Finding]:
    parallel = (gateway.get("eventGatewayType") or "").strip() == "Parallel"
    if parallel and not flag(gateway, "instantiate"):
        yield subject.error(
            "event-gateway-parallel", gateway,
            f"The event gateway {called(gateway)} is parallel, but does not start the process.",
            'Set instantiate="true", or use an exclusive event gateway.',
        )  # fmt: skip
    sources = [subject.document.find(flow.get("sourceRef")) for flow in subject.incoming(gateway)]
    if flag(gateway, "instantiate") and not all(_plain_start(subject, source) for source in sources):
        yield subject.error(
            "event-gateway-incoming", gateway,
            f"The event gateway {called(gateway)} starts the process, but a flow leads to it.",
            'Remove the flow, or instantiate="true".',
        )  # fmt: skip


def _plain_start(subject: Subject, source: Element | None) -> bool:
    return source is not None and local(source) == "startEvent" and not subject.triggers(source)


RULES = (directions, event_gateways)
