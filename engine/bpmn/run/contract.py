"""What goes into the executor and what comes out of it.

    step(graph, state, stimulus, at, evaluate) -> Outcome(state, facts)

`step` is pure. It never changes the state it is given; an exception leaves nothing behind. All outcomes that came from
outside the graph (conditions, timer instants, multi-instance items ...) are asked through `evaluate`, one `Question`
at a time, and each answer leaves as an `Answered` fact. Rebuilding is the same `step` with an `evaluate` that gives the
recorded answers back in order, so it evaluates no FEEL.

Ids are ordinals from `state.seq`: never random. `at` is an aware datetime.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from schuldhulp.engine.bpmn.graph import Expression


class Purpose(StrEnum):
    """Why the executor asks, and what type it expects back.

    CONDITION bool · TIMER list[datetime] or (cycles) see TimerAnswer · ITEMS list · COUNT int >= 0 · KEY any scalar ·
    PAYLOAD any · VALUE any (mappings) · TEXT str
    """

    CONDITION = "condition"
    TIMER = "timer"
    ITEMS = "items"
    COUNT = "count"
    KEY = "key"
    PAYLOAD = "payload"
    VALUE = "value"
    TEXT = "text"


class TimerAnswer(msgspec.Struct, frozen=True):
    """When a timer is due. `period` (ISO 8601 duration) and `repeats` (None = for ever) only for a cycle.

    The n-th due instant of a cycle is always computed from `first` and n x `period` (never from the previous one).
    """

    first: datetime
    period: str | None = None
    repeats: int | None = None


class Question(msgspec.Struct, frozen=True):
    """One thing the executor wants to know. `locals` are the local variables of the scope (loop counter, item ...)."""

    element: str
    purpose: Purpose
    expression: Expression
    locals: Mapping[str, Any]


Evaluate = Callable[[Question], Any]
"""Gives the answer, or raises: the step is then undone as a whole."""


# --- stimuli: what happens to an instance -----------------------------------------------------------------------------


class Stimulus(msgspec.Struct, frozen=True, tag_field="stimulus"):
    """Base of all stimuli."""


class Start(Stimulus, frozen=True, tag="start"):
    """Begin a new instance; only on an empty state. `node`: the start event (or other startable) that was triggered,
    None for the process's own none start. For an instantiating event gateway: the event behind it that happened."""

    node: str | None = None
    payload: Any = None


class WorkDone(Stimulus, frozen=True, tag="work_done"):
    """Work (user, manual, script, service, rule, send task; called process) was completed."""

    work: int


class WorkFailed(Stimulus, frozen=True, tag="work_failed"):
    """Work ended in a BPMN error with this code, which an error boundary event or event sub-process may catch."""

    work: int
    code: str | None = None


class WorkEscalated(Stimulus, frozen=True, tag="work_escalated"):
    """Work raised an escalation while it goes on."""

    work: int
    code: str | None = None


class MessageArrived(Stimulus, frozen=True, tag="message"):
    """A message for one subscription. The sender (engine) has matched name and keys: see `Subscribed`."""

    subscription: int
    payload: Any = None


class SignalArrived(Stimulus, frozen=True, tag="signal"):
    """A signal broadcast to every subscription of this instance with that name."""

    name: str
    payload: Any = None


class TimerDue(Stimulus, frozen=True, tag="timer"):
    """The timer with this id reached its due instant (`at` of the step may be later; before it: `Stale`).

    A cycle keeps its timer id: it says TimerEnded(fired) and TimerSet with its next due instant, one turn per stimulus, so
    send TimerDue again while the timer is still due.
    """

    timer: int


class TimerMoved(Stimulus, frozen=True, tag="timer_moved"):
    """The due instant of an open timer changes to `due` (a statutory term moved)."""

    timer: int
    due: datetime


class DataChanged(Stimulus, frozen=True, tag="data"):
    """Data were changed: conditional events are looked at again (edge-triggered)."""


class AdHocStart(Stimulus, frozen=True, tag="adhoc_start"):
    """A person starts an activity of an open ad-hoc sub-process. `scope`: the open scope's id."""

    scope: int
    node: str


class AdHocEnd(Stimulus, frozen=True, tag="adhoc_end"):
    """A person closes an ad-hoc sub-process; refused while work in it is open unless `cancel` is true."""

    scope: int
    cancel: bool = False


class Skip(Stimulus, frozen=True, tag="skip"):
    """A person skips open work: the token goes on as if it were completed, visibly marked."""

    work: int


class Jump(Stimulus, frozen=True, tag="jump"):
    """A person moves the token of open work to another node of the same scope, visibly marked."""

    work: int
    to: str


class Arm(Stimulus, frozen=True, tag="arm"):
    """The instance was moved to another version of its process: wait for events that are new there, on behalf of what is
    open already. `events`: (id of the open token or scope, boundary event or start of an event sub-process). Nothing moves: a
    condition that holds already must become false first."""

    events: tuple[tuple[int, str], ...]


class Terminate(Stimulus, frozen=True, tag="terminate"):
    """End the whole instance: all work, timers and subscriptions are cancelled."""


# --- facts: what the executor says happened ---------------------------------------------------------------------------


class Fact(msgspec.Struct, frozen=True, tag_field="fact"):
    """Base of all facts of the executor. Element ids only, no personal data, except `Answered.answer`."""


class Answered(Fact, frozen=True, tag="answered"):
    element: str
    purpose: Purpose
    answer: Any


class ScopeOpened(Fact, frozen=True, tag="scope_opened"):
    scope: int
    element: str
    parent: int | None
    index: int | None = None
    """Number (from 0) of a multi-instance body or loop turn."""


class ScopeClosed(Fact, frozen=True, tag="scope_closed"):
    scope: int
    how: str
    """completed | cancelled | terminated | failed"""


class Entered(Fact, frozen=True, tag="entered"):
    """A token came in at a node, over `flow` (None at a start, boundary event, loop body ...)."""

    token: int
    element: str
    flow: str | None = None


class Left(Fact, frozen=True, tag="left"):
    """A token left a node over these flows (none = the token ended here)."""

    token: int
    element: str
    flows: tuple[str, ...] = ()


class Withdrawn(Fact, frozen=True, tag="withdrawn"):
    """A token was taken away from a node by an interruption, termination or jump."""

    token: int
    element: str


class LoopStarted(Fact, frozen=True, tag="loop_started"):
    element: str
    count: int | None
    sequential: bool


class WorkCreated(Fact, frozen=True, tag="work_created"):
    """The engine must see to this work and come back with WorkDone, WorkFailed ... `kind` is the BPMN tag.

    `locals`: local variables in reach (multi-instance item, loopCounter ...). `index`: multi-instance number.
    """

    work: int
    element: str
    kind: str
    scope: int
    locals: Mapping[str, Any]
    index: int | None = None
    compensates: str | None = None


class WorkEnded(Fact, frozen=True, tag="work_ended"):
    work: int
    element: str
    how: str
    """completed | cancelled | failed | skipped | jumped"""


class TimerSet(Fact, frozen=True, tag="timer_set"):
    timer: int
    element: str
    due: datetime


class TimerEnded(Fact, frozen=True, tag="timer_ended"):
    timer: int
    element: str
    fired: bool


class Subscribed(Fact, frozen=True, tag="subscribed"):
    """Waits for a message or signal. `keys`: correlation keys by name with the values that a message must have."""

    subscription: int
    element: str
    kind: str
    name: str
    keys: Mapping[str, Any]


class Unsubscribed(Fact, frozen=True, tag="unsubscribed"):
    subscription: int
    element: str
    hit: bool


class Caught(Fact, frozen=True, tag="caught"):
    """An event happened at a node (start, catch, boundary). `payload` is what a message or signal carried."""

    element: str
    trigger: str
    name: str | None = None
    payload: Any = None
    variable: str | None = None


class Thrown(Fact, frozen=True, tag="thrown"):
    """An event left a node: message, signal, error, escalation, compensate, cancel, terminate.

    `handled`: error/escalation found a catcher inside this instance. Messages and signals leave through the outbox.
    A signal has reached every catcher of this instance within the step: send it to the *other* instances only.
    """

    element: str
    trigger: str
    name: str | None = None
    payload: Any = None
    handled: bool = True


class AdHocOffered(Fact, frozen=True, tag="adhoc_offered"):
    """An ad-hoc scope is open and offers these activities to a person."""

    scope: int
    element: str
    offers: tuple[str, ...]


class Assigned(Fact, frozen=True, tag="assigned"):
    """The executor set a variable (output collection of a multi-instance, output mapping, caught payload)."""

    variable: str
    value: Any
    scope: int


class Stale(Fact, frozen=True, tag="stale"):
    """A stimulus came for something that is no longer open; nothing changed."""

    what: str
    ref: int


class Completed(Fact, frozen=True, tag="completed"):
    """The instance ended. `how`: completed | terminated | error | cancelled; `code`: of an uncaught error."""

    how: str
    code: str | None = None


class Outcome(msgspec.Struct, frozen=True):
    """The new state and what happened, in order."""

    state: Any
    facts: tuple[Fact, ...]
