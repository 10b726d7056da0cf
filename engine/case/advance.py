"""Moving processes on: each stimulus is one step of the executor; what it reports becomes facts and further work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from schuldhulp.engine.bpmn.graph import Graph, Kind, Node, Trigger
from schuldhulp.engine.bpmn.run import EMPTY, Refused, StepError, step, work_at
from schuldhulp.engine.bpmn.run import contract as run
from schuldhulp.engine.case import ending, taking, terms, work
from schuldhulp.engine.case.data import assign, assign_encoded
from schuldhulp.engine.case.errors import ModelFailed, NotNow
from schuldhulp.engine.case.evaluate import answering
from schuldhulp.engine.case.seals import seal_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.values import decode
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Incident, Instance

CALLED_OFF = "cancelled"
"""The error code under which an error boundary event of a call activity catches that a person cancelled what it called."""

_PERSONAL: Mapping[str, tuple[str, ...]] = {
    "answered": ("answer",),
    "work_created": ("locals",),
    "subscribed": ("keys",),
    "caught": ("payload",),
    "thrown": ("payload",),
    "assigned": ("value",),
}
_CLEAR_PURPOSES = {run.Purpose.CONDITION, run.Purpose.TIMER, run.Purpose.COUNT}


def settle(turn: Turn) -> None:
    """Take pending stimuli until every instance waits for people, time or the outside. Raises ModelFailed."""
    while turn.pending:
        instance, stimulus = turn.pending.popleft()
        turn.budget.stimulus(None, instance)
        running = turn.case.instances.get(instance)
        if running is None:
            continue
        if running.status == "suspended" and not isinstance(stimulus, run.Terminate | run.Arm):
            _hold(turn, running, stimulus)
        else:
            _advance(turn, instance, stimulus)


def _hold(turn: Turn, running: Instance, stimulus: run.Stimulus) -> None:
    """A suspended instance takes it when it is resumed. Conditions are looked at then in any case; a signal that it does not
    wait for passes it by."""
    if isinstance(stimulus, run.DataChanged):
        return
    if isinstance(stimulus, run.SignalArrived) and ("signal", stimulus.name) not in {
        w[:2] for w in running.waits.values()
    }:
        return
    plain = msgspec.to_builtins(stimulus)
    payload = plain.pop("payload", None)
    personal = {seal_of(turn, running.instance): {"payload": payload}} if payload is not None else {}
    turn.record(f.StimulusHeld(instance=running.instance, stimulus=plain, personal=personal))


def held(running: Instance) -> list[run.Stimulus]:
    """What waits for an instance to be resumed, in order."""
    return [msgspec.convert(plain, STIMULI) for plain in running.held]


def graph_of(turn: Turn, instance: int) -> Graph:
    return turn.deployment_of(instance).graph(turn.case.instances[instance].process)


def _advance(turn: Turn, instance: int, stimulus: run.Stimulus) -> None:
    outcome = _step(turn, instance, stimulus)
    if isinstance(stimulus, run.DataChanged) and not outcome.facts:
        return  # no condition waits for data: nothing happened, so nothing is recorded
    turn.states[instance] = outcome.state
    turn.record(advanced(instance, stimulus, outcome.facts, seal_of(turn, instance)))
    for fact in outcome.facts:
        handler = _HANDLERS.get(type(fact))
        if handler is not None:
            handler(turn, instance, fact)


def _step(turn: Turn, instance: int, stimulus: run.Stimulus) -> run.Outcome:
    """Raises NotNow when a person asked for what is not possible, ModelFailed when the model cannot go on."""
    state = turn.states.get(instance, EMPTY)
    turn.stimulus = stimulus
    try:
        outcome = step(
            graph_of(turn, instance),
            state,
            stimulus,
            turn.world.now,
            answering(turn, instance),
            budget=turn.budget.moves,
        )
    except Refused as error:
        raise NotNow(str(error)) from error
    except StepError as error:
        raise ModelFailed(error.element, str(error), instance) from error
    except ModelFailed as error:
        error.instance = instance if error.instance is None else error.instance
        raise
    turn.budget.moved(len(outcome.facts))
    return outcome


def advanced(
    instance: int, stimulus: run.Stimulus, facts: tuple[run.Fact, ...], subject: str = f.DOSSIER
) -> f.Advanced:
    """The step as a fact of the log: values that may be personal apart, to be sealed under *subject*."""
    values: dict[str, Any] = {}
    clear: list[dict[str, Any]] = []
    for position, fact in enumerate(facts):
        plain = msgspec.to_builtins(fact)
        for name in _PERSONAL.get(plain["fact"], ()):
            if plain[name] and not (isinstance(fact, run.Answered) and fact.purpose in _CLEAR_PURPOSES):
                values[str(position)] = plain.pop(name)
        clear.append(plain)
    plain_stimulus = msgspec.to_builtins(stimulus)
    if plain_stimulus.get("payload") is not None:
        values["stimulus"] = plain_stimulus.pop("payload")
    personal = {subject: {"values": values}} if values else {}
    return f.Advanced(instance=instance, stimulus=plain_stimulus, facts=tuple(clear), personal=personal)


def restored(fact: f.Advanced) -> tuple[run.Stimulus, tuple[run.Fact, ...]]:
    """The executor's stimulus and facts of a stored step, with their sealed values put back."""
    values = f.sealed(fact).get("values", {})
    stimulus = dict(fact.stimulus)
    if "stimulus" in values:
        stimulus["payload"] = values["stimulus"]
    plain = [dict(item) for item in fact.facts]
    for position, value in values.items():
        if position != "stimulus":
            item = plain[int(position)]
            item[_PERSONAL[item["fact"]][0]] = value
    for item in plain:
        for name in _PERSONAL.get(item["fact"], ()):
            item.setdefault(name, {} if name in ("locals", "keys") else None)
    return (
        msgspec.convert(stimulus, STIMULI),
        tuple(msgspec.convert(item, FACTS) for item in plain),
    )


def _subclasses(base: type[Any]) -> Any:
    union: Any = None
    for kind in base.__subclasses__():
        union = kind if union is None else union | kind
    return union


STIMULI = _subclasses(run.Stimulus)
FACTS = _subclasses(run.Fact)


def _left(turn: Turn, instance: int, fact: run.Left) -> None:
    node = graph_of(turn, instance).nodes[fact.element]
    terms.bind(turn, instance, fact.element, node)
    taking.take(turn, instance, fact.element, node)
    ending.end_modules(turn, instance, fact.element, node)
    turn.local.pop((instance, fact.element), None)


def _work_created(turn: Turn, instance: int, fact: run.WorkCreated) -> None:
    work.begin(turn, instance, graph_of(turn, instance).nodes[fact.element], fact)


def _work_ended(turn: Turn, instance: int, fact: run.WorkEnded) -> None:
    if graph_of(turn, instance).nodes[fact.element].kind is Kind.SERVICE:
        turn.change_job(instance, fact.work, "done")
        _resolve(turn, lambda incident: incident.instance == instance and incident.work == fact.work)
    if fact.how in ("completed", "skipped", "jumped"):
        return
    for task in list(turn.case.tasks.values()):
        if task.instance == instance and task.work == fact.work:
            turn.record(f.TaskCancelled(task=task.task))
    for child in list(turn.case.instances.values()):
        if child.caller == (instance, fact.work):
            turn.pending.append((child.instance, run.Terminate()))


def _assigned(turn: Turn, instance: int, fact: run.Assigned) -> None:
    name, value = fact.variable, fact.value
    if name in turn.deployment_of(instance).dictionary:
        assign(turn, instance, name, decode(value), "assignment")
    else:
        assign_encoded(turn, instance, name, value, "assignment")


def _caught(turn: Turn, instance: int, fact: run.Caught) -> None:
    if fact.variable is not None:
        assign(turn, instance, fact.variable, decode(fact.payload), "assignment")


def _thrown(turn: Turn, instance: int, fact: run.Thrown) -> None:
    """A message goes to one waiting place, a signal to all: in this case at once, in other cases after commit."""
    if fact.trigger not in ("message", "signal") or fact.name is None:
        return
    turn.record(f.MessageSent(instance=instance, element=fact.element, kind=fact.trigger, name=fact.name))
    if fact.trigger == "signal":
        for other in list(turn.case.instances.values()):
            if other.instance != instance:
                turn.pending.append((other.instance, run.SignalArrived(name=fact.name, payload=fact.payload)))
    elif work.deliver(turn, fact.name, fact.payload, but=instance):
        return
    payload = {"name": fact.name, "payload": fact.payload, "from": turn.case.number}
    turn.post(fact.trigger, f"{fact.trigger}/{turn.case.sequence}", payload)


def _completed(turn: Turn, instance: int, fact: run.Completed) -> None:
    """The instance is over; whoever called it goes on. A terminate end event completes the process (BPMN 2.0.2 13.5.6);
    terminated is what a person ended."""
    caller = turn.case.instances[instance].caller
    turn.states.pop(instance, None)
    by_hand = isinstance(turn.stimulus, run.Terminate)
    how = "completed" if fact.how == "terminated" and not by_hand else fact.how
    turn.record(f.InstanceEnded(instance=instance, how=how, code=fact.code))
    _resolve(turn, lambda incident: incident.instance == instance)
    node = None if caller is None else open_at(turn, *caller)
    if caller is None or node is None:  # nobody waits, or waits no longer
        return
    done: run.Stimulus
    if by_hand:
        done = (
            run.WorkFailed(work=caller[1], code=CALLED_OFF)
            if _told(turn, caller[0], node)
            else run.Skip(work=caller[1])
        )
    else:
        work.map_outputs(turn, caller[0], node, {})
        failed = fact.how == "error"
        done = run.WorkFailed(work=caller[1], code=fact.code) if failed else run.WorkDone(work=caller[1])
    turn.pending.append((caller[0], done))


def open_at(turn: Turn, instance: int, number: int) -> Node | None:
    """The activity where this work of an instance is open; None when it is not."""
    element = work_at(turn.states[instance], number) if instance in turn.states else None
    return None if element is None else graph_of(turn, instance).nodes[element]


def _told(turn: Turn, instance: int, call: Node) -> bool:
    """Whether the designer drew a way for called work that was cancelled: an error boundary event that catches it."""
    nodes = graph_of(turn, instance).nodes
    return any(
        each.trigger is Trigger.ERROR and each.name in (None, CALLED_OFF)
        for boundary in call.boundary
        for each in nodes[boundary].definitions
    )


def _resolve(turn: Turn, about: Callable[[Incident], bool]) -> None:
    """Incidents about something that is over are over too."""
    for incident in list(turn.case.incidents.values()):
        if about(incident):
            turn.record(f.IncidentResolved(incident=incident.incident))


_HANDLERS: dict[type[run.Fact], Callable[[Turn, int, Any], None]] = {
    run.Left: _left,
    run.WorkCreated: _work_created,
    run.WorkEnded: _work_ended,
    run.Assigned: _assigned,
    run.Caught: _caught,
    run.Thrown: _thrown,
    run.Completed: _completed,
}
