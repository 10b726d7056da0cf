"""Interfaces and operations: tasks, callable elements and calls that promise data (BPMN 2.0.2 sections 8.4 and 10.3)."""

from __future__ import annotations

from collections.abc import Iterator

from schuldhulp.engine.bpmn.check.data import equivalent, item_of
from schuldhulp.engine.bpmn.check.subject import GLOBAL_TASKS, Subject, called
from schuldhulp.engine.bpmn.graph import Finding
from schuldhulp.engine.bpmn.read.document import Element, child, children, own_text, reference


def operations(subject: Subject) -> Iterator[Finding]:
    """A service task with an operation takes what its in-message carries and gives what its out-message carries."""
    for task in subject.of("serviceTask"):
        operation = subject.document.find(task.get("operationRef"), "operation")
        if operation is None:
            continue
        for thing, group, name in (
            ("dataInput", "inputSet", "inMessageRef"), ("dataOutput", "outputSet", "outMessageRef"),
        ):  # fmt: skip
            message = subject.document.find(subject.refers(operation, name), "message")
            if message is not None:
                yield from _exactly_one(subject, task, thing, group, message)


def _exactly_one(subject: Subject, task: Element, thing: str, group: str, message: Element) -> Iterator[Finding]:
    spec = child(task, "ioSpecification")
    data = [] if spec is None else list(children(spec, thing))
    sets = [] if spec is None else list(children(spec, group))
    if len(data) != 1 or len(sets) != 1:
        yield subject.error(
            "operation-data", task,
            f"{called(task)} exchanges the message {called(message)}, but has {len(data)} {thing} elements in "
            f"{len(sets)} sets.",
            f"Give it exactly one {thing} in one {group}.",
        )  # fmt: skip
    else:
        yield from _same_item(subject, data[0], message)


def _same_item(subject: Subject, data: Element, message: Element) -> Iterator[Finding]:
    item = subject.document.find(message.get("itemRef"), "itemDefinition")
    if item is not None and not equivalent(item_of(subject, data), item):
        yield subject.error(
            "message-data-type", data, f"{called(data)} and the message {called(message)} are of different types.",
            "Give them the same item definition.",
        )  # fmt: skip


def messages(subject: Subject) -> Iterator[Finding]:
    """A send task has at most one input, a receive task at most one output: that of its message."""
    for task, thing, group in (
        *((task, "dataInput", "inputSet") for task in subject.of("sendTask")),
        *((task, "dataOutput", "outputSet") for task in subject.of("receiveTask")),
    ):
        spec = child(task, "ioSpecification")
        if spec is None:
            continue
        data, sets = list(children(spec, thing)), list(children(spec, group))
        if len(data) > 1 or len(sets) > 1:
            yield subject.error(
                "message-data", task, f"{called(task)} has {len(data)} {thing} elements in {len(sets)} sets.",
                f"Give it at most one {thing} in one {group}: what its message carries.",
            )  # fmt: skip
            continue
        message = subject.document.find(task.get("messageRef"), "message")
        for element in data if message is not None else ():
            yield from _same_item(subject, element, message) if message is not None else ()


def message_references(subject: Subject) -> Iterator[Finding]:
    for element in subject.of("sendTask", "receiveTask"):
        ref = element.get("messageRef")
        if ref is not None and subject.document.find(ref, "message") is None:
            yield subject.error(
                "message-unknown", element, f'There is no message "{ref}" in this file.',
                "Choose an existing message, or add it.",
            )  # fmt: skip


def bindings(subject: Subject) -> Iterator[Finding]:
    """A callable element binds each operation of the interfaces it supports to an input and an output."""
    for element in subject.document.all("process", *GLOBAL_TASKS):
        bound = {reference(one.get("operationRef")) for one in children(element, "ioBinding")}
        for ref in children(element, "supportedInterfaceRef"):
            interface = subject.document.find(own_text(ref), "interface")
            for operation in () if interface is None else children(interface, "operation"):
                if operation.get("id") not in bound:
                    yield subject.error(
                        "io-binding-missing", element,
                        f"{called(element)} supports {called(operation)}, but does not bind it to its data.",
                        "Add an ioBinding for the operation.",
                    )  # fmt: skip
        for binding in children(element, "ioBinding"):
            yield from _binding(subject, binding)


def _binding(subject: Subject, binding: Element) -> Iterator[Finding]:
    operation = subject.document.find(binding.get("operationRef"), "operation")
    if operation is None:
        return
    for attribute, name in (("inputDataRef", "inMessageRef"), ("outputDataRef", "outMessageRef")):
        data = subject.document.find(binding.get(attribute))
        message = subject.document.find(subject.refers(operation, name), "message")
        if data is not None and message is not None:
            yield from _same_item(subject, data, message)


def calls(subject: Subject) -> Iterator[Finding]:
    """When a call activity declares data, they are those of what it calls, in number, order and type."""
    for node in subject.of("callActivity"):
        spec = child(node, "ioSpecification")
        target = subject.document.find(node.get("calledElement"), "process", *GLOBAL_TASKS)
        if spec is None or target is None:
            continue
        other = child(target, "ioSpecification")
        for thing in ("dataInput", "dataOutput"):
            mine = list(children(spec, thing))
            theirs = [] if other is None else list(children(other, thing))
            same = len(mine) == len(theirs) and all(
                equivalent(item_of(subject, one), item_of(subject, two)) for one, two in zip(mine, theirs, strict=True)
            )
            if not same:
                yield subject.error(
                    "call-data-differs", node,
                    f"The {thing} elements of {called(node)} are not those of {called(target)}, which it calls.",
                    "Declare the same data in the same order, or none.",
                )  # fmt: skip


RULES = (operations, messages, message_references, bindings, calls)
