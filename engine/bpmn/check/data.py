"""Data: objects, inputs and outputs, their sets and associations (BPMN 2.0.2 section 10.4)."""

from __future__ import annotations

from collections.abc import Iterator

from schuldhulp.engine.bpmn.check.subject import (
    EVENTS,
    GLOBAL_TASKS,
    SUB_PROCESSES,
    Subject,
    called,
    local_parent,
)
from schuldhulp.engine.bpmn.graph import Finding, Trigger
from schuldhulp.engine.bpmn.read.document import Element, child, children, flag, local, own_text, reference

_SIDES = (
    ("dataInput", "inputSet", "dataInputRefs", ("optionalInputRefs", "whileExecutingInputRefs")),
    ("dataOutput", "outputSet", "dataOutputRefs", ("optionalOutputRefs", "whileExecutingOutputRefs")),
)
_STRUCTURED = {
    Trigger.MESSAGE: ("messageRef", "message", "itemRef"), Trigger.SIGNAL: ("signalRef", "signal", "structureRef"),
    Trigger.ERROR: ("errorRef", "error", "structureRef"),
    Trigger.ESCALATION: ("escalationRef", "escalation", "structureRef"),
}  # fmt: skip


def collections(subject: Subject) -> Iterator[Finding]:
    """isCollection of a data element and of its item definition agree."""
    for element in subject.document.all("dataInput", "dataOutput", "dataObject"):
        item = subject.document.find(element.get("itemSubjectRef"), "itemDefinition")
        if item is not None and flag(item, "isCollection") is not flag(element, "isCollection"):
            yield subject.error(
                "collection-differs", element,
                f"{called(element)} and its item definition {called(item)} do not agree on being a collection.",
                "Give both the same isCollection.",
            )  # fmt: skip


def states(subject: Subject) -> Iterator[Finding]:
    """A data object reference with a state is called `object [state]`."""
    for element in subject.document.all("dataObjectReference"):
        state, target = child(element, "dataState"), subject.document.find(element.get("dataObjectRef"), "dataObject")
        name = "" if target is None else (target.get("name") or "").strip()
        said = "" if state is None else (state.get("name") or "").strip()
        if name and said and " ".join((element.get("name") or "").split()) != f"{name} [{said}]":
            yield subject.error(
                "data-state-name", element, f"{called(element)} shows {name} in state {said}, but is not called so.",
                f'Call it "{name} [{said}]".',
            )  # fmt: skip


def sets(subject: Subject) -> Iterator[Finding]:
    """Every input is in an input set, optional ones included; sets refer to each other both ways."""
    for spec in subject.document.all("ioSpecification"):
        for thing, group, refs, special in _SIDES:
            groups = list(children(spec, group))
            used = {reference(own_text(part)) for one in groups for part in children(one, refs)}
            for element in children(spec, thing):
                if element.get("id") not in used:
                    yield subject.error(
                        "data-not-in-set", element, f"The {thing} {called(element)} is in no {group}.",
                        f"Add it to an {group} with {refs}.",
                    )  # fmt: skip
            for one in groups:
                yield from _special(subject, one, refs, special)
        yield from _crossed(subject, spec)


def _special(subject: Subject, one: Element, refs: str, special: tuple[str, ...]) -> Iterator[Finding]:
    mine = {reference(own_text(part)) for part in children(one, refs)}
    for part in children(one, *special):
        if reference(own_text(part)) not in mine:
            yield subject.error(
                "data-special-not-in-set", part,
                f'"{own_text(part).strip()}" is named in {local(part)}, but is not in the same {local(one)}.',
                f"Name it in {refs} of this {local(one)} too.",
            )  # fmt: skip


def _crossed(subject: Subject, spec: Element) -> Iterator[Finding]:
    pairs = [
        {(one.get("id"), reference(own_text(part))) for one in children(spec, group) for part in children(one, refs)}
        for group, refs in (("inputSet", "outputSetRefs"), ("outputSet", "inputSetRefs"))
    ]
    forward, back = pairs[0], {(there, here) for here, there in pairs[1]}
    if forward != back:
        yield subject.error(
            "data-sets-one-way", spec, "An input set and an output set do not both refer to each other.",
            "Let outputSetRefs and inputSetRefs name each other.",
        )  # fmt: skip


def places_of_data(subject: Subject) -> Iterator[Finding]:
    """Embedded sub-processes have no inputs and outputs of their own, save for multi-instance ones."""
    for node in subject.of(*SUB_PROCESSES):
        spec = child(node, "ioSpecification")
        inside = False if spec is None else any(True for _ in children(spec, "dataInput", "dataOutput"))
        if inside and child(node, "multiInstanceLoopCharacteristics") is None:
            yield subject.error(
                "sub-process-data", node, f"The sub-process {called(node)} declares inputs or outputs.",
                "Remove its ioSpecification: it sees the data around it.",
            )  # fmt: skip


def associations(subject: Subject) -> Iterator[Finding]:
    for association in subject.document.all("dataInputAssociation", "dataOutputAssociation"):
        sources = [subject.document.find(own_text(part)) for part in children(association, "sourceRef")]
        targets = [subject.document.find(own_text(part)) for part in children(association, "targetRef")]
        transformed = child(association, "transformation") is not None
        if len(sources) > 1 and not transformed:
            yield subject.error(
                "association-sources", association, f"A data association has {len(sources)} sources.",
                "Give it a transformation that makes one value of them, or make it several associations.",
            )  # fmt: skip
        for end in (*children(association, "sourceRef"), *children(association, "targetRef")):
            ref = own_text(end).strip()
            if ref and subject.document.find(ref) is None and not _elsewhere(subject, end, ref):
                yield subject.error(
                    "association-end-unknown", association, f'A data association refers to "{ref}", which is not there.',
                    "Draw it again, from or to a data object.",
                )  # fmt: skip
        yield from _process_data(subject, association, sources, targets)
        plain = not transformed and child(association, "assignment") is None
        if plain and len(sources) == 1 and targets and sources[0] is not None and targets[0] is not None:
            yield from _types(subject, association, sources[0], targets[0])


def _elsewhere(subject: Subject, element: Element, ref: str) -> bool:
    """Whether a QName's prefix stands for a namespace other than that of this file."""
    prefix = ref.rpartition(":")[0]
    uri = element.nsmap.get(prefix) if prefix else None
    return uri is not None and uri != subject.document.root.get("targetNamespace")


def _process_data(
    subject: Subject, association: Element, sources: list[Element | None], targets: list[Element | None]
) -> Iterator[Finding]:
    for ends, tag, what in ((targets, "dataInput", "written"), (sources, "dataOutput", "read")):
        for end in ends:
            if end is not None and local(end) == tag and _of_callable(end):
                yield subject.error(
                    "process-data-direction", association, f"The {tag} {called(end)} of the process is {what} here.",
                    "A data input of a process is only read, a data output only written.",
                )  # fmt: skip


def _of_callable(data: Element) -> bool:
    spec = data.getparent()
    return spec is not None and local(spec) == "ioSpecification" and local_parent(spec) in GLOBAL_TASKS | {"process"}


def _types(subject: Subject, association: Element, source: Element, target: Element) -> Iterator[Finding]:
    items = [item_of(subject, end) for end in (source, target)]
    if items[0] is not None and items[1] is not None and not equivalent(items[0], items[1]):
        yield subject.error(
            "association-types", association,
            f"{called(source)} and {called(target)} are of different types.",
            "Give them the same item definition, or add a transformation.",
        )  # fmt: skip


def item_of(subject: Subject, element: Element) -> Element | None:
    """The item definition of a data element; a reference takes that of its data object."""
    target = subject.document.find(element.get("dataObjectRef"), "dataObject")
    source = element if target is None else target
    return subject.document.find(source.get("itemSubjectRef"), "itemDefinition")


def equivalent(one: Element | None, other: Element | None) -> bool:
    """Item definitions are equivalent when they are the same or have the same structure."""
    if one is None or other is None or one is other:
        return one is other
    structure = one.get("structureRef")
    return structure is not None and structure == other.get("structureRef")


def event_data(subject: Subject) -> Iterator[Finding]:
    """An event with data has one input or output per definition that carries something, in that order."""
    for event in subject.of(*EVENTS):
        name = "dataInput" if local(event) in ("endEvent", "intermediateThrowEvent") else "dataOutput"
        data = list(children(event, name))
        carried = [found for one in subject.triggers(event) if (found := _carried(subject, *one)) is not None]
        if not data or not carried:
            continue
        if len(data) != len(carried):
            yield subject.error(
                "event-data-number", event, f"{called(event)} has {len(data)} {name}s for {len(carried)} definitions.",
                f"Give it one {name} per message, signal, error or escalation, in the same order.",
            )  # fmt: skip
            continue
        for element, (what, item) in zip(data, carried, strict=True):
            if item is not None and not equivalent(item_of(subject, element), item):
                yield subject.error(
                    "event-data-type", element, f"{called(element)} and {called(what)} are of different types.",
                    "Give them the same item definition.",
                )  # fmt: skip


def _carried(subject: Subject, trigger: Trigger, element: Element) -> tuple[Element, Element | None] | None:
    """(message or signal ..., its item definition) of a definition that carries data; None for the others."""
    if trigger not in _STRUCTURED:
        return None
    name, tag, attribute = _STRUCTURED[trigger]
    found = subject.document.find(element.get(name), tag)
    return None if found is None else (found, subject.document.find(found.get(attribute), "itemDefinition"))


def multi_instance_data(subject: Subject) -> Iterator[Finding]:
    """loopDataInputRef and loopDataOutputRef name a collection of the activity; the items have its structure."""
    for loop in subject.document.all("multiInstanceLoopCharacteristics"):
        for ref_name, item_name, tag in (
            ("loopDataInputRef", "inputDataItem", "dataInput"), ("loopDataOutputRef", "outputDataItem", "dataOutput"),
        ):  # fmt: skip
            ref, item = child(loop, ref_name), child(loop, item_name)
            if ref is None:
                continue
            found = subject.document.find(own_text(ref), tag, "dataObject", "dataObjectReference", "property")
            owner = loop.getparent()
            if found is None or (local(found) == tag and owner is not None and owner not in found.iterancestors()):
                yield subject.error(
                    "loop-data-unknown", loop, f'{ref_name} names "{own_text(ref).strip()}", no {tag} of this activity.',
                    f"Name a {tag} of the activity, or a data object.",
                )  # fmt: skip
            elif item is not None:
                yield from _loop_item(subject, found, item)


def _loop_item(subject: Subject, whole: Element, item: Element) -> Iterator[Finding]:
    collection, single = item_of(subject, whole), item_of(subject, item)
    if collection is None or single is None:
        return
    structures = collection.get("structureRef"), single.get("structureRef")
    if flag(single, "isCollection") or (None not in structures and structures[0] != structures[1]):
        yield subject.error(
            "loop-item-type", item, f"{called(item)} is not one item of the collection {called(whole)}.",
            "Give it an item definition with the same structure that is no collection.",
        )  # fmt: skip


RULES = (collections, states, sets, places_of_data, associations, event_data, multi_instance_data)
