"""A case from storage: from its snapshot and the facts after it, or from the facts alone. No FEEL is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from schuldhulp.engine.bpmn.run import EMPTY, dumps, loads, migrate, replaying, step
from schuldhulp.engine.case.advance import restored
from schuldhulp.engine.case.turn import StateOf
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.apply import apply
from schuldhulp.engine.model.case import Case

SNAPSHOT_VERSION = 1
"""Raised whenever the shape of Case or of the token state changes: older snapshots are then rebuilt from the log."""


class Snapshot(msgspec.Struct, frozen=True):
    version: int
    case: Case
    states: dict[int, bytes]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Snapshot)


def write_snapshot(case: Case, states: StateOf) -> bytes:
    """The case as a cache that may be thrown away."""
    return _encoder.encode(Snapshot(SNAPSHOT_VERSION, case, {key: dumps(state) for key, state in states.items()}))


def read_snapshot(blob: bytes) -> tuple[Case, StateOf] | None:
    """What `write_snapshot` kept; None when another version wrote it."""
    try:
        snapshot = _decoder.decode(blob)
    except msgspec.DecodeError:
        return None
    if snapshot.version != SNAPSHOT_VERSION:
        return None
    return snapshot.case, {key: loads(state) for key, state in snapshot.states.items()}


def rebuild(
    facts: Iterable[tuple[f.Fact, datetime]],
    pinned: Callable[[str], Deployment],
    case: Case | None = None,
    states: StateOf | None = None,
) -> tuple[Case, StateOf]:
    """Case and token states after *facts*: the executor is driven with its recorded stimuli and answers."""
    case = Case() if case is None else case
    states = {} if states is None else dict(states)
    for fact, at in facts:
        if isinstance(fact, f.Advanced):
            instance = case.instances[fact.instance]
            graph = pinned(instance.deployment).graph(instance.process)
            stimulus, answers = restored(fact)
            outcome = step(graph, states.get(fact.instance, EMPTY), stimulus, at, replaying(answers))
            states[fact.instance] = outcome.state
        elif isinstance(fact, f.InstanceMigrated):
            instance = case.instances[fact.instance]
            old = pinned(instance.deployment).graph(instance.process)
            new = pinned(fact.deployment).graph(fact.process)
            states[fact.instance] = migrate(states[fact.instance], old, new, fact.mapping).state
        elif isinstance(fact, f.InstanceEnded):
            states.pop(fact.instance, None)
        case = apply(case, fact, at)
    return case, states
