"""Looking at a state: what is open, for the engine's lists and the diagram."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from schuldhulp.engine.bpmn.graph import Graph, Kind
from schuldhulp.engine.bpmn.run.adhoc import offered
from schuldhulp.engine.bpmn.run.state import Scope, State, Token, Wait, Work
from schuldhulp.engine.bpmn.run.values import from_plain


class OpenWork(NamedTuple):
    """Work that is out: its id, the activity, and the number (from 0) of the inner instance, if it has several."""

    id: int
    element: str
    number: int | None


class OpenTimer(NamedTuple):
    """A running timer: its id, the event, and when it is due (UTC)."""

    id: int
    element: str
    due: datetime


class OpenSubscription(NamedTuple):
    """An awaited message or signal (`kind`) of this name, with the values its correlation keys must have."""

    id: int
    element: str
    kind: str
    name: str
    keys: Mapping[str, Any]


class Offer(NamedTuple):
    """An open ad-hoc sub-process and what a person can start in it now."""

    scope: int
    element: str
    nodes: tuple[str, ...]


def is_ended(state: State) -> bool:
    """Whether the instance is over (`state.status` says how)."""
    return state.status not in ("new", "running")


def open_work(state: State) -> tuple[OpenWork, ...]:
    """All open work, oldest first."""
    return tuple(
        OpenWork(ident, _node(state, record.owner), record.index)
        for ident, record in state.records.items()
        if isinstance(record, Work)
    )


def work_at(state: State, work: int) -> str | None:
    """The activity where this work is open; None when it is not open any more."""
    record = state.records.get(work)
    return _node(state, record.owner) if isinstance(record, Work) else None


def open_timers(state: State) -> tuple[OpenTimer, ...]:
    """All running timers, oldest first."""
    return tuple(OpenTimer(ident, wait.element, wait.due) for ident, wait in _waits(state) if wait.due is not None)


def open_subscriptions(state: State) -> tuple[OpenSubscription, ...]:
    """All awaited messages and signals, oldest first."""
    return tuple(
        OpenSubscription(
            ident,
            wait.element,
            wait.kind,
            wait.name or "",
            {key: from_plain(value) for key, value in wait.keys.items()},
        )
        for ident, wait in _waits(state)
        if wait.kind in ("message", "signal")
    )


def offers(state: State, graph: Graph) -> tuple[Offer, ...]:
    """What open ad-hoc sub-processes offer: nothing while a sequential one has an activity open."""
    found = []
    for ident, record in state.records.items():
        if isinstance(record, Scope) and graph.scopes[record.element].kind is Kind.ADHOC:
            if record.closing or record.interrupted or record.cancelled:
                continue
            if graph.nodes[record.element].ordering_sequential and record.live:
                continue
            found.append(Offer(ident, record.element, offered(graph, record.element)))
    return tuple(found)


def where(state: State) -> dict[str, int]:
    """How many tokens rest at each element: an activity with several inner instances counts once."""
    counted: dict[str, int] = {}
    for _, record in state.records.items():
        if isinstance(record, Token):
            counted[record.node] = counted.get(record.node, 0) + 1
        elif isinstance(record, Scope):
            for node, flows in record.joins.items():
                counted[node] = counted.get(node, 0) + sum(len(tokens) for tokens in flows.values())
    return dict(sorted(counted.items()))


def _waits(state: State) -> Iterator[tuple[int, Wait]]:
    for ident, record in state.records.items():
        if isinstance(record, Wait) and not record.met:
            yield ident, record


def _node(state: State, token: int) -> str:
    record = state.records.get(token)
    assert isinstance(record, Token)
    return record.node
