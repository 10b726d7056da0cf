"""A small language for graphs in tests.

    graph = process(
        start("s"), user("a"), exclusive("x"), end("e"),
        flows="s > a > x; x >[done] e; x >* a",
    )

`>` is a sequence flow, `>[...]` one with a condition, `>*` the default flow of its source; flow ids are "source-target".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from schuldhulp.engine.bpmn.graph import (
    ComplexBehavior,
    EventDefinition,
    Expression,
    Flow,
    Graph,
    Kind,
    MultiInstance,
    Node,
    Place,
    Scope,
    StandardLoop,
    TimerKind,
    Trigger,
)

HERE = Place("test.bpmn", 1, 1)


def feel(text: str) -> Expression:
    return Expression(text, HERE)


@dataclass
class Part:
    id: str
    kind: Kind
    fields: dict[str, Any] = field(default_factory=dict)
    inner: tuple[Part, ...] = ()
    flows: str = ""


# --- event definitions ------------------------------------------------------------------------------------------------

_numbers = itertools.count(1)


def _definition(trigger: Trigger, **fields: Any) -> EventDefinition:
    return EventDefinition(trigger, f"d{next(_numbers)}", HERE, **fields)


def message(name: str, **fields: Any) -> EventDefinition:
    return _definition(Trigger.MESSAGE, name=name, **fields)


def signal(name: str | None, **fields: Any) -> EventDefinition:
    return _definition(Trigger.SIGNAL, name=name, **fields)


def timer(text: str) -> EventDefinition:
    """R... is a cycle, P... a duration, anything else a date."""
    kind = {"R": TimerKind.CYCLE, "P": TimerKind.DURATION}.get(text[0], TimerKind.DATE)
    return _definition(Trigger.TIMER, timer=kind, expression=feel(text))


def condition(text: str) -> EventDefinition:
    return _definition(Trigger.CONDITIONAL, expression=feel(text))


def error(code: str | None = None) -> EventDefinition:
    return _definition(Trigger.ERROR, name=code)


def escalation(code: str | None = None) -> EventDefinition:
    return _definition(Trigger.ESCALATION, name=code)


def compensate(activity: str | None = None, *, wait: bool = True) -> EventDefinition:
    return _definition(Trigger.COMPENSATE, activity=activity, wait=wait)


def link(name: str) -> EventDefinition:
    return _definition(Trigger.LINK, name=name)


def cancel() -> EventDefinition:
    return _definition(Trigger.CANCEL)


def terminate() -> EventDefinition:
    return _definition(Trigger.TERMINATE)


# --- nodes ------------------------------------------------------------------------------------------------------------


def node(kind: Kind, ident: str, **fields: Any) -> Part:
    return Part(ident, kind, fields)


def start(ident: str, *definitions: EventDefinition, **fields: Any) -> Part:
    return node(Kind.START, ident, definitions=definitions, **fields)


def end(ident: str, *definitions: EventDefinition) -> Part:
    return node(Kind.END, ident, definitions=definitions)


def catch(ident: str, *definitions: EventDefinition, **fields: Any) -> Part:
    return node(Kind.CATCH, ident, definitions=definitions, **fields)


def throw(ident: str, *definitions: EventDefinition) -> Part:
    return node(Kind.THROW, ident, definitions=definitions)


def boundary(ident: str, on: str, *definitions: EventDefinition, **fields: Any) -> Part:
    return node(Kind.BOUNDARY, ident, attached_to=on, definitions=definitions, **fields)


def user(ident: str, **fields: Any) -> Part:
    return node(Kind.USER, ident, **fields)


def script(ident: str, **fields: Any) -> Part:
    return node(Kind.SCRIPT, ident, **fields)


def receive(ident: str, name: str, **fields: Any) -> Part:
    return node(Kind.RECEIVE, ident, message=message(name), **fields)


def call(ident: str, **fields: Any) -> Part:
    return node(Kind.CALL, ident, called=feel("other"), **fields)


def exclusive(ident: str) -> Part:
    return node(Kind.EXCLUSIVE, ident)


def parallel(ident: str) -> Part:
    return node(Kind.PARALLEL, ident)


def inclusive(ident: str) -> Part:
    return node(Kind.INCLUSIVE, ident)


def complex_gateway(ident: str, activation: str | None = None) -> Part:
    return node(Kind.COMPLEX, ident, activation=None if activation is None else feel(activation))


def event_gateway(ident: str, **fields: Any) -> Part:
    return node(Kind.EVENT_BASED, ident, **fields)


def sub(ident: str, *inner: Part, flows: str = "", kind: Kind = Kind.SUBPROCESS, **fields: Any) -> Part:
    return Part(ident, kind, fields, inner, flows)


def transaction(ident: str, *inner: Part, flows: str = "", **fields: Any) -> Part:
    return sub(ident, *inner, flows=flows, kind=Kind.TRANSACTION, **fields)


def adhoc(ident: str, *inner: Part, flows: str = "", **fields: Any) -> Part:
    return sub(ident, *inner, flows=flows, kind=Kind.ADHOC, **fields)


def event_sub(ident: str, *inner: Part, flows: str = "", **fields: Any) -> Part:
    return sub(ident, *inner, flows=flows, kind=Kind.EVENT_SUBPROCESS, **fields)


def loop(text: str | None = None, *, test_before: bool = False, maximum: str | None = None) -> StandardLoop:
    return StandardLoop(
        HERE, None if text is None else feel(text), test_before, None if maximum is None else feel(maximum)
    )


def multi(
    count: str | None = None,
    *,
    sequential: bool = False,
    over: str | None = None,
    until: str | None = None,
    **more: Any,
) -> MultiInstance:
    return MultiInstance(
        HERE,
        sequential,
        cardinality=None if count is None else feel(count),
        collection=None if over is None else feel(over),
        completion=None if until is None else feel(until),
        **more,
    )


def when(text: str, event: EventDefinition) -> ComplexBehavior:
    return ComplexBehavior(feel(text), event)


# --- the graph --------------------------------------------------------------------------------------------------------

_STEP = re.compile(r">\s*(?:(\*)|\[([^\]]*)\])?\s*([^\s>;]+)")


def process(*parts: Part, flows: str, ident: str = "p") -> Graph:
    nodes: dict[str, Node] = {}
    all_flows: dict[str, Flow] = {}
    scopes: dict[str, Scope] = {}
    todo: list[tuple[str, Kind | None, str | None, tuple[Part, ...], str]] = [(ident, None, None, parts, flows)]
    while todo:
        scope, kind, parent, inside, text = todo.pop()
        defaults: dict[str, str] = {}
        here = list(_flows(text, scope, defaults))
        for flow in here:
            if flow.id in all_flows:
                raise AssertionError(f"two flows {flow.id}")
            all_flows[flow.id] = flow
        for part in inside:
            if part.id in nodes:
                raise AssertionError(f"two nodes {part.id}")
            nodes[part.id] = Node(
                part.id,
                part.kind,
                part.id,
                scope,
                HERE,
                incoming=tuple(flow.id for flow in here if flow.target == part.id),
                outgoing=tuple(flow.id for flow in here if flow.source == part.id),
                default=defaults.get(part.id),
                boundary=tuple(
                    each.id
                    for each in inside
                    if each.fields.get("attached_to") == part.id and each.kind is Kind.BOUNDARY
                ),
                **part.fields,
            )
            if part.inner or part.kind in (Kind.SUBPROCESS, Kind.TRANSACTION, Kind.ADHOC, Kind.EVENT_SUBPROCESS):
                todo.append((part.id, part.kind, scope, part.inner, part.flows))
        scopes[scope] = Scope(scope, kind, parent, tuple(part.id for part in inside), _starts(inside, nodes))
        scopes[scope] = replace(
            scopes[scope],
            event_subprocesses=tuple(part.id for part in inside if part.kind is Kind.EVENT_SUBPROCESS),
        )
    for flow in all_flows.values():
        for end_point in (flow.source, flow.target):
            if end_point not in nodes:
                raise AssertionError(f"no node {end_point}")
    startable = tuple(
        each
        for each in scopes[ident].nodes
        if (nodes[each].kind is Kind.START and nodes[each].definitions) or nodes[each].instantiate
    )
    return Graph(
        ident, ident, "test.bpmn", "0" * 64, True, scopes, nodes, all_flows, HERE, startable=startable
    ).frozen()


def _starts(inside: tuple[Part, ...], nodes: dict[str, Node]) -> tuple[str, ...]:
    starts = [part for part in inside if part.kind is Kind.START]
    if starts:
        return tuple(part.id for part in starts if not part.fields.get("definitions"))
    return tuple(
        part.id
        for part in inside
        if not nodes[part.id].incoming
        and part.kind not in (Kind.BOUNDARY, Kind.EVENT_SUBPROCESS)
        and not nodes[part.id].for_compensation
        and not nodes[part.id].instantiate
        and not any(each.trigger is Trigger.LINK for each in nodes[part.id].definitions)
    )


def _flows(text: str, scope: str, defaults: dict[str, str]) -> Iterator[Flow]:
    for chain in text.split(";"):
        if not chain.strip():
            continue
        source = chain.split(">")[0].strip()
        for default, guard, target in _STEP.findall(chain):
            ident = f"{source}-{target}"
            if default:
                defaults[source] = ident
            yield Flow(ident, source, target, scope, HERE, condition=feel(guard) if guard else None)
            source = target
