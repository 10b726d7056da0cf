"""Which local variables are in reach of a record: loop counters, multi-instance items, input mappings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schuldhulp.engine.bpmn.graph import MultiInstance
from schuldhulp.engine.bpmn.run.draft import Draft
from schuldhulp.engine.bpmn.run.state import Loop, Scope, Token, Wait, Work
from schuldhulp.engine.bpmn.run.values import from_plain


def locals_at(draft: Draft, ident: int) -> dict[str, Any]:
    """Local variables of record *ident* and of everything above it; the nearest wins.

    Values come back as the evaluator once gave them.
    """
    found: dict[str, Any] = {}
    while ident:
        record = draft.get(ident)
        if record is None:
            break
        if isinstance(record, Token | Work | Scope):
            _merge(found, record.locals)
        if isinstance(record, Work | Scope | Wait) and record.index is not None:
            owner = draft.token(record.owner)
            if owner is not None and owner.loop is not None:
                for key, value in body_locals(draft, owner, owner.loop, record.index).items():
                    found.setdefault(key, value)
        ident = record.owner
    return found


def body_locals(draft: Draft, token: Token, loop: Loop, index: int) -> dict[str, Any]:
    """What one inner instance or turn sees: `loopCounter` from 1 (BPMN 2.0.2 tables 10.27, 10.30) and its item."""
    local: dict[str, Any] = {"loopCounter": index + 1}
    definition = draft.node_of(token).loop
    if isinstance(definition, MultiInstance):
        local["numberOfInstances"] = loop.count or 0
        if loop.items is not None and definition.element is not None:
            local[definition.element] = from_plain(loop.items[index])
    return local


def counts(loop: Loop) -> dict[str, Any]:
    """The counters of a multi-instance activity (BPMN 2.0.2 chapter 10, instance attributes), under Camunda's names too."""
    total, active, completed = loop.count or 0, loop.started - loop.completed, loop.completed
    return {
        "numberOfInstances": total,
        "numberOfActiveInstances": active,
        "numberOfCompletedInstances": completed,
        "numberOfTerminatedInstances": 0,
        "nrOfInstances": total,
        "nrOfActiveInstances": active,
        "nrOfCompletedInstances": completed,
    }


def _merge(found: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if key not in found:
            found[key] = from_plain(value)
