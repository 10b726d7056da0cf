"""Activities: quantities, loops, sub-processes, call activities (BPMN 2.0.2 section 10.3)."""

from __future__ import annotations

from collections.abc import Iterator

from schuldhulp.engine.bpmn.check.subject import (
    ACTIVITIES,
    GLOBAL_TASKS,
    SUB_PROCESSES,
    Subject,
    called,
    event_sub_process,
)
from schuldhulp.engine.bpmn.graph import Finding
from schuldhulp.engine.bpmn.read.document import Element, camunda, child, children, flag, local, own_text, reference
from schuldhulp.engine.bpmn.read.events import TRIGGERS

_QUANTITIES = ("startQuantity", "completionQuantity")
_LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")


def quantities(subject: Subject) -> Iterator[Finding]:
    for node in subject.of(*ACTIVITIES):
        for name in _QUANTITIES:
            value = _whole(node.get(name))
            if value is not None and value < 1:
                yield subject.error(
                    "quantity-too-small", node, f"{name} of {called(node)} is {value}.", "It must be at least 1.",
                )  # fmt: skip


def loops(subject: Subject) -> Iterator[Finding]:
    for node in subject.of(*ACTIVITIES):
        found = list(children(node, *_LOOPS))
        if len(found) > 1:
            yield subject.error(
                "loop-twice", node, f"{called(node)} has {len(found)} loop markers.", "Keep one of them.",
            )  # fmt: skip
        for loop in found:
            yield from (_standard if local(loop) == _LOOPS[0] else _multi)(subject, node, loop)


def _standard(subject: Subject, node: Element, loop: Element) -> Iterator[Finding]:
    maximum = _whole(loop.get("loopMaximum"))
    if maximum is not None and maximum < 1:
        yield subject.error(
            "loop-maximum", loop, f"The loop of {called(node)} may run {maximum} times.",
            "Let loopMaximum be at least 1, or leave it out.",
        )  # fmt: skip
    if subject.executable(node) and loop.get("loopMaximum") is None and child(loop, "loopCondition") is None:
        yield subject.error(
            "loop-without-end", loop, f"The loop of {called(node)} has neither a condition nor a maximum.",
            "Say when to go round again (loopCondition), or how often at most (loopMaximum).",
        )  # fmt: skip


def _multi(subject: Subject, node: Element, loop: Element) -> Iterator[Finding]:
    cardinality = child(loop, "loopCardinality")
    collection = child(loop, "loopDataInputRef") is not None or camunda(loop, "collection") is not None
    if subject.executable(node) and (cardinality is None) is not collection:
        return_or = "both a number and a collection" if collection else "neither a number nor a collection"
        yield subject.error(
            "multi-instance-source", loop, f"The multi-instance activity {called(node)} has {return_or}.",
            "Give it either loopCardinality or a collection (camunda:collection, loopDataInputRef).",
        )  # fmt: skip
    number = _whole(None if cardinality is None else own_text(cardinality).strip().removeprefix("="))
    if number is not None and number < 0:
        yield subject.error(
            "multi-instance-negative", loop, f"{called(node)} would have {number} instances.",
            "The number of instances must be 0 or more.",
        )  # fmt: skip
    yield from _behavior(subject, node, loop)


def _behavior(subject: Subject, node: Element, loop: Element) -> Iterator[Finding]:
    behavior = (loop.get("behavior") or "All").strip()
    complex_ones = list(children(loop, "complexBehaviorDefinition"))
    if complex_ones and behavior != "Complex":
        yield subject.error(
            "complex-behavior-unused", complex_ones[0],
            f"{called(node)} has complex behavior, but its behavior is {behavior}: it would never be looked at.",
            'Set behavior="Complex", or remove it.',
        )  # fmt: skip
    if behavior == "Complex" and not complex_ones:
        yield subject.error(
            "complex-behavior-missing", loop, f"{called(node)} has behavior Complex but does not say what to do.",
            "Add a complexBehaviorDefinition, or choose another behavior.",
        )  # fmt: skip
    for name, needed in (("noneBehaviorEventRef", "None"), ("oneBehaviorEventRef", "One")):
        ref = loop.get(name)
        if behavior == needed and subject.document.find(ref, *TRIGGERS) is None:
            yield subject.error(
                "behavior-event-missing", loop, f"{called(node)} has behavior {needed} but throws no event.",
                f"Let {name} point to an event definition at the root of the file.",
            )  # fmt: skip
        elif ref is not None and behavior != needed:
            yield subject.warning(
                "behavior-event-unused", loop, f"{name} of {called(node)} is not used: its behavior is {behavior}.",
                f'Set behavior="{needed}", or remove {name}.',
            )  # fmt: skip


def sub_process_starts(subject: Subject) -> Iterator[Finding]:
    """A sub-process that is entered by a flow has at most one start event; an ad-hoc one has none, but has work."""
    for node in subject.of(*SUB_PROCESSES):
        if event_sub_process(node):
            continue
        starts = subject.nodes_in(node, "startEvent")
        if local(node) == "adHocSubProcess":
            yield from _ad_hoc(subject, node)
        elif len(starts) > 1:
            yield subject.error(
                "sub-process-starts", node, f"The sub-process {called(node)} has {len(starts)} start events.",
                "A sub-process has one start event: merge them.",
            )  # fmt: skip


def _ad_hoc(subject: Subject, node: Element) -> Iterator[Finding]:
    for event in subject.nodes_in(node, "startEvent", "endEvent"):
        yield subject.error(
            "ad-hoc-event", event, f"The ad-hoc sub-process {called(node)} has a {local(event)}.",
            "Remove it: people pick the activities in any order.",
        )  # fmt: skip
    if not subject.nodes_in(node, *ACTIVITIES):
        yield subject.error(
            "ad-hoc-empty", node, f"The ad-hoc sub-process {called(node)} has no activities.", "Add at least one.",
        )  # fmt: skip


def triggered_by_event(subject: Subject) -> Iterator[Finding]:
    for node in subject.of("transaction", "adHocSubProcess"):
        if flag(node, "triggeredByEvent"):
            yield subject.error(
                "triggered-by-event", node, f"The {local(node)} {called(node)} is marked as triggered by an event.",
                "Put it inside an event sub-process.",
            )  # fmt: skip


def call_activities(subject: Subject) -> Iterator[Finding]:
    """A called process of the same file can start of itself, and its data are the call's data."""
    for node in subject.of("callActivity"):
        ref = reference(node.get("calledElement"))
        if ref is None:
            if subject.executable(node) and not camunda(node, "caseRef"):
                yield subject.error(
                    "called-element-missing", node, f"The call activity {called(node)} does not say what to call.",
                    "Fill in calledElement: the id of a process.",
                )  # fmt: skip
            continue
        found = subject.document.ids.get(ref)
        if found is None or found is node:
            continue  # a process of another file
        if local(found) not in GLOBAL_TASKS and local(found) != "process":
            yield subject.error(
                "called-element-wrong", node, f'{called(node)} calls "{ref}", which is a {local(found)}.',
                "Call a process or a global task.",
            )  # fmt: skip
        elif local(found) == "process" and not _starts_of_itself(subject, found):
            yield subject.error(
                "called-process-start", node, f'{called(node)} calls "{ref}", where every start event has a trigger.',
                "Give the called process a start event without a trigger.",
            )  # fmt: skip


def _starts_of_itself(subject: Subject, process: Element) -> bool:
    starts = subject.nodes_in(process, "startEvent")
    return not starts or any(not subject.triggers(event) for event in starts)


def receive_tasks(subject: Subject) -> Iterator[Finding]:
    """A receive task that starts the process is where it begins."""
    for node in subject.of("receiveTask"):
        if not flag(node, "instantiate"):
            continue
        for flow in subject.incoming(node):
            yield subject.error(
                "instantiate-incoming", flow, f"A flow leads to {called(node)}, which starts the process.",
                'Remove the flow, or instantiate="true".',
            )  # fmt: skip


def public_processes(subject: Subject) -> Iterator[Finding]:
    for process in subject.document.all("process"):
        if (process.get("processType") or "").strip() == "Public" and flag(process, "isExecutable"):
            yield subject.error(
                "public-executable", process, f"{called(process)} is public and executable.",
                'A public process shows only what others see: set processType="Private" or isExecutable="false".',
            )  # fmt: skip


def _whole(text: str | None) -> int | None:
    """The whole number in *text*, None when it is something else (judged elsewhere)."""
    try:
        return int((text or "").strip())
    except ValueError:
        return None


RULES = (
    quantities, loops, sub_process_starts, triggered_by_event, call_activities, receive_tasks, public_processes,
)  # fmt: skip
