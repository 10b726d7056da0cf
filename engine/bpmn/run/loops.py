"""Standard loops and multi-instance activities (BPMN 2.0.2, 13.3.6 and 13.3.7).

`behavior` (chapter 10, attributes of MultiInstanceLoopCharacteristics) says which completions of inner instances throw an
event for a boundary event of the activity. None throws for *every* inner instance and One for the first of several that all
run to their end; so these implicit events never interrupt the activity that throws them, whatever `cancelActivity` says. A
true condition of Complex (ComplexBehaviorDefinition) does: the remaining instances are cancelled and the token goes on, and
its event goes to the boundary beside that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schuldhulp.engine.bpmn.graph import Behavior, EventDefinition, MultiInstance, Node, StandardLoop
from schuldhulp.engine.bpmn.run.contract import Assigned, LoopStarted, Purpose
from schuldhulp.engine.bpmn.run.draft import Draft, scope_id_of
from schuldhulp.engine.bpmn.run.errors import Refused
from schuldhulp.engine.bpmn.run.flow import replace
from schuldhulp.engine.bpmn.run.reach import counts, locals_at
from schuldhulp.engine.bpmn.run.state import Loop, Token
from schuldhulp.engine.bpmn.run.throwing import throw_implicit
from schuldhulp.engine.bpmn.run.values import from_plain, to_plain


def begin(draft: Draft, ident: int, token: Token, node: Node, definition: StandardLoop | MultiInstance) -> None:
    """Begin the first turn, or all inner instances at once, of the activity where the token rests."""
    local = locals_at(draft, ident)
    if isinstance(definition, StandardLoop):
        loop = _standard(draft, node, definition, local)
    else:
        loop = _multi_instance(draft, node, definition, local)
    draft.say(LoopStarted(node.id, loop.count, loop.sequential))
    draft.put(ident, replace(token, loop=loop))
    if loop.started == 0:
        if isinstance(definition, MultiInstance):
            _gather(draft, ident, definition, loop)
        draft.soon_do("complete", ident)
    for number in range(loop.started):
        draft.soon_do("body", ident, str(number))


def _standard(draft: Draft, node: Node, definition: StandardLoop, local: Mapping[str, Any]) -> Loop:
    maximum = None
    if definition.maximum is not None:
        maximum = draft.ask(node.id, Purpose.COUNT, definition.maximum, local)
    again = maximum != 0
    if again and definition.test_before and definition.condition is not None:
        again = draft.holds(node.id, definition.condition, {**local, "loopCounter": 0})
    return Loop(True, maximum, started=1 if again else 0)


def _multi_instance(draft: Draft, node: Node, definition: MultiInstance, local: Mapping[str, Any]) -> Loop:
    items: tuple[Any, ...] | None = None
    if definition.collection is not None:
        answer = draft.ask(node.id, Purpose.ITEMS, definition.collection, local)
        items = tuple(to_plain(item, node.id) for item in answer)
        count = len(items)
    elif definition.cardinality is not None:
        count = draft.ask(node.id, Purpose.COUNT, definition.cardinality, local)
    else:
        raise Refused(node.id, f"{node.id}: a multi-instance activity needs a cardinality or a collection.")
    started = min(count, 1) if definition.sequential else count
    return Loop(definition.sequential, count, items, started)


def turn_done(
    draft: Draft, ident: int, token: Token, node: Node, index: int, local: Mapping[str, Any], *, performed: bool
) -> bool:
    """An inner instance is done. True when the whole activity is; else the next one is on the agenda."""
    assert token.loop is not None
    loop = replace(token.loop, completed=token.loop.completed + 1)
    definition = node.loop
    if isinstance(definition, StandardLoop):
        return _next_turn(draft, ident, token, node, definition, loop, local)
    assert isinstance(definition, MultiInstance)
    if performed and definition.output_element is not None:
        value = draft.ask(node.id, Purpose.VALUE, definition.output_element, local)
        loop = replace(loop, outputs=(*loop.outputs, (index, to_plain(value, node.id))))
    draft.put(ident, replace(token, loop=loop))
    finished = _decide(draft, ident, node, definition, loop, local)
    if draft.token(ident) is None:
        return False  # what it threw took the activity away
    if finished:
        _gather(draft, ident, definition, loop)
    elif loop.sequential:
        draft.put(ident, replace(token, loop=replace(loop, started=loop.started + 1)))
        draft.soon_do("body", ident, str(loop.started))
    return finished


def _next_turn(
    draft: Draft, ident: int, token: Token, node: Node, definition: StandardLoop, loop: Loop, local: Mapping[str, Any]
) -> bool:
    if loop.count is not None and loop.completed >= loop.count:
        return True
    if definition.condition is not None and not draft.holds(node.id, definition.condition, local):
        return True
    draft.put(ident, replace(token, loop=replace(loop, started=loop.started + 1)))
    draft.soon_do("body", ident, str(loop.started))
    return False


def _decide(
    draft: Draft, ident: int, node: Node, definition: MultiInstance, loop: Loop, local: Mapping[str, Any]
) -> bool:
    """Throw what the behaviour asks; True when this completion ends the activity."""
    seen = {**local, **counts(loop)}
    finished = loop.completed == loop.count
    if definition.completion is not None and draft.holds(node.id, definition.completion, seen):
        finished = True
    events: list[EventDefinition | None] = []
    if definition.behavior is Behavior.NONE:
        events = [definition.none_event]
    elif definition.behavior is Behavior.ONE and loop.completed == 1:
        events = [definition.one_event]
    elif definition.behavior is Behavior.COMPLEX:
        events = [each.event for each in definition.complex if draft.holds(node.id, each.condition, seen)]
        finished = finished or bool(events)
    for event in events:
        if draft.token(ident) is not None:
            throw_implicit(draft, ident, node, event, seen)
    return finished


def _gather(draft: Draft, ident: int, definition: MultiInstance, loop: Loop) -> None:
    if definition.output_collection is None:
        return
    values = [from_plain(value) for _, value in sorted(loop.outputs, key=lambda pair: pair[0])]
    draft.say(Assigned(definition.output_collection, values, scope_id_of(draft, ident)))
    draft.data_changed = True
