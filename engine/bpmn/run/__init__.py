"""The token executor: pure steps over small plain state.

    outcome = step(graph, EMPTY, Start(), at, evaluate)
    outcome = step(graph, outcome.state, WorkDone(open_work(outcome.state)[0].id), at, evaluate)

`contract` has the stimuli, the facts and the questions; `step` does everything that follows from a stimulus by itself.
"""

from schuldhulp.engine.bpmn.run.errors import (
    BudgetExceeded,
    CompensationLogFull,
    InvalidAnswer,
    NoFlowTaken,
    NotPlain,
    Refused,
    ReplayMismatch,
    StepError,
)
from schuldhulp.engine.bpmn.run.migrate import CannotMigrate, Moved, migrate
from schuldhulp.engine.bpmn.run.replay import Replay, replaying
from schuldhulp.engine.bpmn.run.state import EMPTY, State, dumps, loads
from schuldhulp.engine.bpmn.run.step import BUDGET, step
from schuldhulp.engine.bpmn.run.views import (
    Offer,
    OpenSubscription,
    OpenTimer,
    OpenWork,
    is_ended,
    offers,
    open_subscriptions,
    open_timers,
    open_work,
    where,
    work_at,
)

__all__ = [
    "BUDGET",
    "EMPTY",
    "BudgetExceeded",
    "CannotMigrate",
    "CompensationLogFull",
    "InvalidAnswer",
    "Moved",
    "NoFlowTaken",
    "NotPlain",
    "Offer",
    "OpenSubscription",
    "OpenTimer",
    "OpenWork",
    "Refused",
    "Replay",
    "ReplayMismatch",
    "State",
    "StepError",
    "dumps",
    "is_ended",
    "loads",
    "migrate",
    "offers",
    "open_subscriptions",
    "open_timers",
    "open_work",
    "replaying",
    "step",
    "where",
    "work_at",
]
