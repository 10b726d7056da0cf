"""What who keeps things running does to a case: try again what failed, suspend, resume and cancel module instances."""

from __future__ import annotations

from typing import Literal

from schuldhulp.engine.bpmn.run import contract as run
from schuldhulp.engine.case import terms
from schuldhulp.engine.case.advance import held, settle
from schuldhulp.engine.case.commands import fire_due
from schuldhulp.engine.case.ending import terms_hanging_on
from schuldhulp.engine.case.errors import NoSuchThing, NotNow, ReasonNeeded
from schuldhulp.engine.case.roles import may_operate
from schuldhulp.engine.case.seals import reason_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Instance, Term

TermsOf = Literal["end", "keep"]
"""What becomes of the terms that hang on an instance that is cancelled."""


def cancel_instance(turn: Turn, number: int, reason: str, of_terms: TermsOf | None = None) -> None:
    """End a module instance before its time: its tasks, timers, external work and the instances it called end with it.

    A caller that waits for it goes on: by an error boundary event of its call activity that catches `cancelled` (or any
    error) when the designer drew one, else as if the step were left out. Statutory terms do not silently vanish: when some
    run that hang on the instance, *of_terms* must say whether they end with it. Raises NotAllowed, ReasonNeeded, NotNow.
    """
    _instance(turn, number)
    may_operate(turn.world.by.role, "cancelling a module")
    if len(reason.strip()) < 3:
        raise ReasonNeeded("cancelling a module")
    hanging = terms_hanging_on(turn, number)
    if hanging and of_terms is None:
        named = ", ".join(f"{term.term} ({term.rule}, {_last_day(term)})" for term in hanging)
        raise NotNow(
            f"terms hang on instance {number}: {named}. Say whether they end with it (end) or go on in the case (keep)."
        )
    turn.record(
        f.InstanceCancelled(instance=number, terms=of_terms or "keep", personal=reason_of(turn, number, reason))
    )
    if of_terms == "end":
        for term in hanging:
            terms.end(turn, term.term, "module geannuleerd")
    turn.pending.append((number, run.Terminate()))
    settle(turn)


def _last_day(term: Term) -> str:
    return "stands still" if term.ends is None else f"last day {term.ends:%d-%m-%Y}"


def suspend(turn: Turn, number: int, reason: str) -> None:
    """Nothing moves in the instance and its timers wait; what happens to it meanwhile is held.

    Raises NotAllowed, ReasonNeeded.
    """
    may_operate(turn.world.by.role, "suspending a module")
    if _instance(turn, number).status == "suspended":
        return
    if len(reason.strip()) < 3:
        raise ReasonNeeded("suspending a module")
    turn.record(f.InstanceSuspended(instance=number, personal=reason_of(turn, number, reason)))


def resume(turn: Turn, number: int) -> None:
    """The instance moves again: first what was held for it, then what became due. Raises NotAllowed."""
    may_operate(turn.world.by.role, "resuming a module")
    running = _instance(turn, number)
    if running.status != "suspended":
        return
    turn.record(f.InstanceResumed(instance=number))
    turn.pending.append((number, run.DataChanged()))
    turn.pending.extend((number, stimulus) for stimulus in held(running))
    settle(turn)
    fire_due(turn)


def retry(turn: Turn, number: int) -> None:
    """What failed is tried again: external work is handed out once more, whatever is due fires. Raises NotAllowed."""
    may_operate(turn.world.by.role, "trying again what failed")
    incident = turn.case.incidents.get(number)
    if incident is None:
        raise NoSuchThing("incident", number, turn.case.number)
    turn.record(f.IncidentResolved(incident=number))
    if incident.work is not None and incident.instance is not None:
        turn.change_job(incident.instance, incident.work, "waiting")
    fire_due(turn)


def _instance(turn: Turn, number: int) -> Instance:
    running = turn.case.instances.get(number)
    if running is None:
        raise NoSuchThing("instance", number, turn.case.number)
    return running
