"""External work: a service task is done by a program outside, which answers as a command of its own.

An answer that comes too late (a timer took the work away, another worker was first) changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from schuldhulp.engine.bpmn.graph import Kind
from schuldhulp.engine.bpmn.run import contract as run
from schuldhulp.engine.case.advance import open_at, settle
from schuldhulp.engine.case.data import assign
from schuldhulp.engine.case.errors import NotNow
from schuldhulp.engine.case.roles import may_work
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.model import facts as f
from schuldhulp.rules.feel import Value

JOB_FAILED = "job-failed"
"""The code of an incident about external work that was given up. It holds no timer up: that may be there to help."""


def answer(turn: Turn, instance: int, work: int, variables: Mapping[str, Value], error: str | None = None) -> bool:
    """The work came back with its results, or with a BPMN error code. False when it is no longer open: nothing changes.

    Raises NotNow when the instance is suspended, ModelFailed when the model cannot go on.
    """
    may_work(turn.world.by.role)
    if not is_open(turn, instance, work):
        return False
    if turn.case.instances[instance].status == "suspended":
        raise NotNow(f"instance {instance} of case {turn.case.number} is suspended: answer again when it was resumed.")
    for name, value in variables.items():
        assign(turn, instance, name, value, "import")
    turn.pending.append((instance, run.DataChanged()))
    outcome = run.WorkDone(work=work) if error is None else run.WorkFailed(work=work, code=error)
    turn.pending.append((instance, outcome))
    settle(turn)
    return True


def give_up(turn: Turn, instance: int, work: int, text: str) -> bool:
    """The work failed for the last time: it waits for a person. False when it is no longer open."""
    may_work(turn.world.by.role)
    node = open_at(turn, instance, work)
    if node is None:
        return False
    turn.record(
        f.IncidentRaised(
            incident=turn.case.next("incident"),
            instance=instance,
            element=node.id,
            code=JOB_FAILED,
            work=work,
            personal={f.DOSSIER: {"error": text}},
        )
    )
    turn.change_job(instance, work, "failed")
    return True


def is_open(turn: Turn, instance: int, work: int) -> bool:
    """Whether external work is still waited for."""
    node = open_at(turn, instance, work)
    return node is not None and node.kind is Kind.SERVICE
