"""One step of one instance: the door to the executor.

A step takes what happened (a stimulus), does everything that follows from it without anyone or anything outside, and
stops when only work, messages, timers, conditions and people can move the instance on. Order inside a step: conditions
after a change of data; what waits and routes; what throws; inclusive and complex gateways when nothing else can move.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from schuldhulp.engine.bpmn.graph import ACTIVITIES, GATEWAYS, Graph, Kind
from schuldhulp.engine.bpmn.run import activities, adhoc, compensation, gateways, scopes, throwing
from schuldhulp.engine.bpmn.run.contract import Evaluate, Outcome, Stimulus
from schuldhulp.engine.bpmn.run.draft import Draft, scope_id_of
from schuldhulp.engine.bpmn.run.events import ARMED, arm, look_at_conditions
from schuldhulp.engine.bpmn.run.flow import leave
from schuldhulp.engine.bpmn.run.reach import locals_at
from schuldhulp.engine.bpmn.run.state import State
from schuldhulp.engine.bpmn.run.stimuli import receive

BUDGET = 100_000
"""Moves in one step. Ten thousand parallel instances stay far below it, a loop without a wait does not."""


def step(
    graph: Graph, state: State, stimulus: Stimulus, at: datetime, evaluate: Evaluate, *, budget: int = BUDGET
) -> Outcome:
    """The state after *stimulus* at moment *at* (aware), and what happened, in order.

    Pure: *state* is never changed. Raises StepError (Refused, NoFlowTaken, InvalidAnswer, BudgetExceeded ...) and
    whatever *evaluate* raises; nothing of such a step is kept. A stimulus for something no longer open is harmless: the
    same state with one `Stale` fact.
    """
    if at.tzinfo is None:
        raise ValueError("at must be an aware datetime")
    draft = Draft(graph, state, at.astimezone(UTC), evaluate, budget)
    if not receive(draft, stimulus):
        return Outcome(state, tuple(draft.facts))
    _run(draft)
    return Outcome(draft.state(), tuple(draft.facts))


def _run(draft: Draft) -> None:
    while True:
        if draft.data_changed:
            draft.data_changed = False
            look_at_conditions(draft)
        elif draft.soon:
            verb, ident, what = draft.soon.popleft()
            VERBS[verb](draft, ident, what)
        elif draft.later:
            verb, ident, what = draft.later.popleft()
            VERBS[verb](draft, ident, what)
        elif not gateways.settle(draft):
            return


def _arrive(draft: Draft, ident: int, _: str) -> None:
    """A token came in at a node."""
    token = draft.token(ident)
    if token is None:
        return
    node = draft.node_of(token)
    if node.kind in ACTIVITIES:
        activities.arrive(draft, ident, token, node)
    elif node.kind in GATEWAYS:
        gateways.arrive(draft, ident, token, node)
    elif node.kind in (Kind.THROW, Kind.END):
        throwing.arrive(draft, ident, token, node)
    elif node.kind is Kind.CATCH and any(each.trigger in ARMED for each in node.definitions):
        arm(draft, ident, node)
    else:  # start and boundary events have happened; a link catch or an event without definition only passes on
        _event_done(draft, ident, "")


def _event_done(draft: Draft, ident: int, _: str) -> None:
    """The event that a token waited for has happened: set its outputs, go on."""
    token = draft.token(ident)
    if token is None:
        return
    node = draft.node_of(token)
    if node.outputs:
        activities.outputs(draft, node, locals_at(draft, ident), scope_id_of(draft, token.owner))
        draft.soon_do("leave", ident)  # after the conditions that look at what was set
    else:
        leave(draft, ident)


VERBS: dict[str, Callable[[Draft, int, str], None]] = {
    "arrive": _arrive,
    "leave": lambda draft, ident, _: leave(draft, ident),
    "body": activities.begin_body,
    "complete": lambda draft, ident, _: activities.complete(draft, ident),
    "received": lambda draft, ident, _: activities.received(draft, ident),
    "event_done": _event_done,
    "begin": scopes.begin,
    "end_scope": scopes.end,
    "thrown": lambda draft, ident, _: throwing.thrown(draft, ident),
    "compensate": lambda draft, ident, _: compensation.run_next(draft, ident),
    "adhoc_check": lambda draft, ident, _: adhoc.check(draft, ident),
}
"""What can stand on the agenda. Each verb looks first whether its record is still there."""
