"""The state of one running instance: a small tree of open things, as plain data.

Every open thing is a record with an ordinal id and an owner. Owners form a tree with the root scope on top, so that
interrupting something means taking away what hangs below it:

    Scope (process, sub-process, event sub-process)
      Token                    rests at a node
        Work                   for an activity: one per inner instance
        Scope                  for a sub-process: one per inner instance
        Wait                   catch event, receive task, armed boundary event
      Scope                    running event sub-process
      Wait                     armed start event of an event sub-process
      Compensation             runs handlers one after the other
        Token, Scope

What is finished is not in the state: history lives in the facts. `dumps` gives the same bytes for the same state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from schuldhulp.engine.bpmn.run.table import Table

# Records hold no record, so they can be in no cycle: the garbage collector need not look at them (`gc=False`), which halves the
# time to load ten thousand.


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A completed activity that can be compensated. `inner`: the log of a completed sub-process.

    `locals` are the local variables (as `values.to_plain`) that the activity had.
    """

    element: str
    inner: tuple[Entry, ...] = ()
    locals: Mapping[str, Any] = {}


class Loop(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Where a loop or multi-instance activity is. `count`: inner instances in all; None for a standard loop without
    maximum. `outputs`: (index, value) as gathered so far."""

    sequential: bool
    count: int | None = None
    items: tuple[Any, ...] | None = None
    started: int = 0
    completed: int = 0
    outputs: tuple[tuple[int, Any], ...] = ()


class Record(msgspec.Struct, frozen=True, omit_defaults=True, gc=False, tag_field="is"):
    """Base of all records. `owner` is the id of the record above it; 0 for the root scope."""

    owner: int


class Scope(Record, frozen=True, omit_defaults=True, gc=False, tag="scope"):
    """An open scope. `element`: id of the process or sub-process.

    `live`: its tokens (those that wait at joins too), running event sub-processes and compensations; at zero it is
    complete. `joins`: per node and incoming flow the ids of tokens that wait there. `resets`: complex gateways that
    have fired and the flows they had tokens from. `log`: what can be compensated, oldest first.
    """

    element: str
    live: int = 0
    index: int | None = None
    joins: Mapping[str, Mapping[str, tuple[int, ...]]] = {}
    resets: Mapping[str, tuple[str, ...]] = {}
    log: tuple[Entry, ...] = ()
    locals: Mapping[str, Any] = {}
    interrupted: bool = False
    """An interrupting event sub-process has taken over; no other can start."""
    closing: bool = False
    """Ad-hoc: offers nothing any more and ends with its last token."""
    cancelled: bool = False
    """Transaction: compensates, then leaves by its cancel event."""


class Token(Record, frozen=True, omit_defaults=True, gc=False, tag="token"):
    """Rests at `node`, which it reached over `flow` (None at a start or boundary event)."""

    node: str
    flow: str | None = None
    loop: Loop | None = None
    locals: Mapping[str, Any] = {}


class Work(Record, frozen=True, omit_defaults=True, gc=False, tag="work"):
    """Work outside the executor, for the activity where its owner rests."""

    index: int | None = None
    locals: Mapping[str, Any] = {}


class Wait(Record, frozen=True, omit_defaults=True, gc=False, tag="wait"):
    """Waits for definition number `at` of the event `element` (or for the message of a receive task).

    `name`: of the message or signal. `due`: next due instant (UTC) of a timer; `first`, `period`, `repeats` as
    answered, `fired` times so far. `level`: what a condition last gave. `met`: happened, while others of a parallel
    multiple event have not. `index`: inner instance of a receive task.
    """

    element: str
    kind: str
    at: int = 0
    name: str | None = None
    keys: Mapping[str, Any] = {}
    due: datetime | None = None
    first: datetime | None = None
    period: str | None = None
    repeats: int | None = None
    fired: int = 0
    level: bool = False
    met: bool = False
    index: int | None = None


class Compensation(Record, frozen=True, omit_defaults=True, gc=False, tag="compensation"):
    """Runs the handlers of `entries`, last one first. `token` waits until it is done (0: none does)."""

    entries: tuple[Entry, ...] = ()
    current: str | None = None
    """The activity whose handler runs now."""
    token: int = 0


AnyRecord = Scope | Token | Work | Wait | Compensation


@dataclass(frozen=True, slots=True)
class State:
    """One instance. `status`: new, running, or how it ended. Never changed: a step makes another.

    `below` (children by owner) and `armed` (waits by what they wait for) are indexes over `records`.
    """

    seq: int = 0
    status: str = "new"
    root: int = 0
    records: Table[AnyRecord] = field(default_factory=Table)
    below: Table[Table[None]] = field(default_factory=Table)
    armed: Mapping[str, Table[None]] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, State) and dumps(self) == dumps(other)

    def __hash__(self) -> int:
        return hash((self.seq, self.status, len(self.records)))


EMPTY = State()


class _Stored(msgspec.Struct, omit_defaults=True):
    seq: int
    status: str
    root: int = 0
    records: list[tuple[int, AnyRecord]] = []


_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(_Stored)


def dumps(state: State) -> bytes:
    """Canonical JSON: the same state always gives the same bytes."""
    return _ENCODER.encode(_Stored(state.seq, state.status, state.root, list(state.records.items())))


def loads(data: bytes) -> State:
    """The state that `dumps` was given. Raises msgspec.DecodeError for anything else."""
    stored = _DECODER.decode(data)
    return made(stored.seq, stored.status, stored.root, stored.records)


def made(seq: int, status: str, root: int, records: Sequence[tuple[int, AnyRecord]]) -> State:
    """The state of these records, with its indexes."""
    below: dict[int, list[int]] = {}
    armed: dict[str, list[int]] = {}
    for ident, record in records:
        owner = record.owner
        if owner in below:
            below[owner].append(ident)
        elif owner:
            below[owner] = [ident]
        if record.__class__ is Wait:
            key = armed_key(record)
            if key is not None:
                armed.setdefault(key, []).append(ident)
    return State(
        seq,
        status,
        root,
        Table.of(records),
        Table.of((owner, Table.of_keys(children)) for owner, children in below.items()),
        {key: Table.of_keys(waits) for key, waits in armed.items()},
    )


def armed_key(record: AnyRecord) -> str | None:
    """Under which key a wait can be found: conditions together, signals by name; the rest is found by id."""
    if not isinstance(record, Wait) or record.met:
        return None
    if record.kind == "conditional":
        return "conditional"
    return f"signal:{record.name}" if record.kind == "signal" else None
