"""What happens beside the model: skipping work, moving its token elsewhere, waiting for new events. All of it stays visible."""

from __future__ import annotations

from schuldhulp.engine.bpmn.graph import Kind
from schuldhulp.engine.bpmn.run.activities import work_done
from schuldhulp.engine.bpmn.run.contract import Arm, Jump, Skip, Stale, WorkEnded
from schuldhulp.engine.bpmn.run.draft import Draft
from schuldhulp.engine.bpmn.run.errors import Refused
from schuldhulp.engine.bpmn.run.events import arm_late
from schuldhulp.engine.bpmn.run.flow import place, withdraw
from schuldhulp.engine.bpmn.run.tree import interrupt

_NO_TARGET = frozenset({Kind.BOUNDARY, Kind.START, Kind.EVENT_SUBPROCESS})


def skip(draft: Draft, stimulus: Skip) -> None:
    """The token goes on as if the work were done; nothing of it is gathered, mapped or compensated."""
    work = draft.work(stimulus.work)
    if work is None:
        draft.say(Stale("skip", stimulus.work))
        return
    work_done(draft, stimulus.work, work, "skipped")


def arm(draft: Draft, stimulus: Arm) -> None:
    """New events are waited for by what is open. What is over, or no longer there, is passed by."""
    for owner, element in stimulus.events:
        node = draft.graph.nodes.get(element)
        if node is not None and draft.get(owner) is not None:
            arm_late(draft, owner, node)


def jump(draft: Draft, stimulus: Jump) -> None:
    """The token of the work goes to another node of its scope. Raises Refused when that is not possible."""
    work = draft.work(stimulus.work)
    token = None if work is None else draft.token(work.owner)
    if work is None or token is None:
        draft.say(Stale("jump", stimulus.work))
        return
    here = draft.node_of(token)
    target = draft.graph.nodes.get(stimulus.to)
    if draft.scope(token.owner) is None:
        raise Refused(here.id, f"{here.id} compensates earlier work and cannot be moved; complete or skip it.")
    if target is None or target.scope != here.scope:
        raise Refused(
            stimulus.to, f"{stimulus.to} does not stand in the same scope as {here.id}; choose a node beside it."
        )
    if target.kind in _NO_TARGET or target.for_compensation:
        raise Refused(
            target.id, f"{target.id} is a {target.kind}, where no flow leads; choose a task, gateway or event."
        )
    draft.remove(stimulus.work)
    draft.say(WorkEnded(stimulus.work, here.id, "jumped"))
    interrupt(draft, work.owner)
    place(draft, token.owner, target.id)
    withdraw(draft, work.owner, token)
