"""What each stimulus does before the agenda runs. False when nothing changed."""

from __future__ import annotations

from datetime import UTC

from schuldhulp.engine.bpmn.run import adhoc, interventions
from schuldhulp.engine.bpmn.run.activities import work_done
from schuldhulp.engine.bpmn.run.contract import (
    AdHocEnd,
    AdHocStart,
    Arm,
    DataChanged,
    Jump,
    MessageArrived,
    SignalArrived,
    Skip,
    Stale,
    Start,
    Stimulus,
    Terminate,
    TimerDue,
    TimerMoved,
    TimerSet,
    WorkDone,
    WorkEnded,
    WorkEscalated,
    WorkFailed,
)
from schuldhulp.engine.bpmn.run.draft import Draft, scope_id_of
from schuldhulp.engine.bpmn.run.ending import end_instance
from schuldhulp.engine.bpmn.run.errors import Refused
from schuldhulp.engine.bpmn.run.events import hit
from schuldhulp.engine.bpmn.run.flow import replace
from schuldhulp.engine.bpmn.run.start import start_instance
from schuldhulp.engine.bpmn.run.throwing import broadcast, throw_error, throw_escalation


def receive(draft: Draft, stimulus: Stimulus) -> bool:
    """Let *stimulus* in. Raises Refused when it is not possible in this state."""
    if isinstance(stimulus, Start):
        start_instance(draft, stimulus)
        return True
    if draft.status == "new":
        raise Refused(None, "the instance has not started yet; send Start first.")
    if draft.status != "running":
        draft.say(Stale(_tag(stimulus), _ref(stimulus)))
        return False
    before = len(draft.facts)
    changed = _let_in(draft, stimulus)
    return changed and not (len(draft.facts) > before and isinstance(draft.facts[-1], Stale))


def _let_in(draft: Draft, stimulus: Stimulus) -> bool:
    match stimulus:
        case WorkDone() | WorkFailed() | WorkEscalated():
            return _work(draft, stimulus)
        case MessageArrived() | TimerDue() | TimerMoved():
            return _wait(draft, stimulus)
        case SignalArrived(name=name, payload=payload):
            return broadcast(draft, name, payload)
        case DataChanged():
            draft.data_changed = True
        case AdHocStart():
            adhoc.start(draft, stimulus)
        case AdHocEnd():
            adhoc.close(draft, stimulus)
        case Skip():
            interventions.skip(draft, stimulus)
        case Jump():
            interventions.jump(draft, stimulus)
        case Arm():
            interventions.arm(draft, stimulus)
        case Terminate():
            end_instance(draft, "terminated")
        case _:
            raise Refused(None, f"{type(stimulus).__name__} is not a stimulus that the executor knows.")
    return True


def _work(draft: Draft, stimulus: WorkDone | WorkFailed | WorkEscalated) -> bool:
    work = draft.work(stimulus.work)
    token = None if work is None else draft.token(work.owner)
    if work is None or token is None:
        draft.say(Stale(_tag(stimulus), stimulus.work))
        return False
    scope_id = scope_id_of(draft, token.owner)
    match stimulus:
        case WorkDone():
            work_done(draft, stimulus.work, work)
            draft.data_changed = True  # looked at before the token moves on
        case WorkFailed(code=code):
            draft.remove(stimulus.work)
            draft.say(WorkEnded(stimulus.work, token.node, "failed"))
            throw_error(draft, token.node, code, scope_id, work.owner)
        case WorkEscalated(code=code):
            throw_escalation(draft, token.node, code, scope_id, work.owner)
    return True


def _wait(draft: Draft, stimulus: MessageArrived | TimerDue | TimerMoved) -> bool:
    ident = stimulus.subscription if isinstance(stimulus, MessageArrived) else stimulus.timer
    wait = draft.wait(ident)
    kind = "message" if isinstance(stimulus, MessageArrived) else "timer"
    if wait is None or wait.met or wait.kind != kind:
        draft.say(Stale(_tag(stimulus), ident))
        return False
    match stimulus:
        case MessageArrived(payload=payload):
            hit(draft, ident, wait, payload)
        case TimerDue():
            if wait.due is None or wait.due > draft.at:  # it was moved, or this turn of the cycle was reported twice
                draft.say(Stale(_tag(stimulus), ident))
                return False
            hit(draft, ident, wait)
        case TimerMoved(due=due):
            if due.tzinfo is None:
                raise Refused(wait.element, f"{wait.element}: a timer can only move to a moment with a time zone.")
            draft.put(ident, replace(wait, due=due.astimezone(UTC)))
            draft.say(TimerSet(ident, wait.element, due.astimezone(UTC)))
    return True


def _tag(stimulus: Stimulus) -> str:
    return str(type(stimulus).__struct_config__.tag)


def _ref(stimulus: Stimulus) -> int:
    """The id that a stimulus is about; 0 when it is about the whole instance."""
    for name in ("work", "timer", "subscription", "scope"):
        found = getattr(stimulus, name, None)
        if isinstance(found, int):
            return found
    return 0
