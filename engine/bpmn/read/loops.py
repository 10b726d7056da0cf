"""Loop characteristics of an activity."""

from __future__ import annotations

from schuldhulp.engine.bpmn.graph import (
    Behavior,
    ComplexBehavior,
    EventDefinition,
    Expression,
    MultiInstance,
    StandardLoop,
)
from schuldhulp.engine.bpmn.read.document import Element, camunda, child, children, flag, local, own_text
from schuldhulp.engine.bpmn.read.events import TRIGGERS, definition, definitions
from schuldhulp.engine.bpmn.read.tables import Tables


def loop(activity: Element, tables: Tables) -> StandardLoop | MultiInstance | None:
    """standardLoopCharacteristics or multiInstanceLoopCharacteristics, None for an activity that runs once."""
    for element in children(activity, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"):
        if local(element) == "standardLoopCharacteristics":
            return _standard(element, tables)
        return _multi(element, activity, tables)
    return None


def _standard(element: Element, tables: Tables) -> StandardLoop:
    document = tables.document
    return StandardLoop(
        place=document.place(element), condition=document.expression(child(element, "loopCondition")),
        test_before=flag(element, "testBefore"), maximum=document.inline(element.get("loopMaximum"), element),
    )  # fmt: skip


def _multi(element: Element, activity: Element, tables: Tables) -> MultiInstance:
    document = tables.document
    said = (element.get("behavior") or "All").strip()
    known = said in Behavior.__members__.values()
    if not known:
        tables.report.error(
            "multi-instance-behavior", element, f'The behavior "{said}" does not exist.',
            "Choose All, None, One or Complex.",
        )  # fmt: skip
    return MultiInstance(
        place=document.place(element), sequential=flag(element, "isSequential"),
        cardinality=document.expression(child(element, "loopCardinality")),
        collection=_collection(element, activity, tables), element=_element(element),
        completion=document.expression(child(element, "completionCondition")),
        behavior=Behavior(said) if known else Behavior.ALL,
        none_event=_behavior_event(element, "noneBehaviorEventRef", activity, tables),
        one_event=_behavior_event(element, "oneBehaviorEventRef", activity, tables),
        complex=_complex(element, activity, tables),
        output_collection=_output_collection(element, activity, tables),
        output_element=_output_element(element, tables),
    )  # fmt: skip


def _collection(element: Element, activity: Element, tables: Tables) -> Expression | None:
    given = camunda(element, "collection")
    if given is not None:
        return tables.document.inline(given, element)
    ref = child(element, "loopDataInputRef")
    if ref is None or not own_text(ref).strip():
        return None
    name = tables.data.loop_collection(activity, own_text(ref)) or own_text(ref).strip()
    return Expression(name, tables.document.place(ref))


def _element(element: Element) -> str | None:
    given = camunda(element, "elementVariable")
    item = child(element, "inputDataItem")
    if given is None and item is not None:
        given = (item.get("name") or "").strip() or item.get("id")
    return given


def _output_collection(element: Element, activity: Element, tables: Tables) -> str | None:
    ref = child(element, "loopDataOutputRef")
    if ref is None or not own_text(ref).strip():
        return None
    return tables.data.loop_output(activity, own_text(ref)) or own_text(ref).strip()


def _output_element(element: Element, tables: Tables) -> Expression | None:
    item = child(element, "outputDataItem")
    name = "" if item is None else (item.get("name") or "").strip() or item.get("id") or ""
    return None if item is None or not name else Expression(name, tables.document.place(item))


def _behavior_event(element: Element, name: str, activity: Element, tables: Tables) -> EventDefinition | None:
    found = tables.document.find(element.get(name), *TRIGGERS)
    return None if found is None else definition(found, f"{activity.get('id')}/{name}", element, tables)


def _complex(element: Element, activity: Element, tables: Tables) -> tuple[ComplexBehavior, ...]:
    found = []
    for index, part in enumerate(children(element, "complexBehaviorDefinition")):
        condition, event = tables.document.expression(child(part, "condition")), child(part, "event")
        thrown = () if event is None else definitions(event, tables)
        if condition is None or len(thrown) != 1:
            tables.report.warning(
                "complex-behavior-incomplete", part,
                f"Complex behavior {index + 1} of this multi-instance activity has no condition or not one event: "
                "it does nothing.",
                "Give it a condition (FEEL) and an event with one event definition.",
            )  # fmt: skip
            continue
        found.append(ComplexBehavior(condition, thrown[0]))
    return tuple(found)
