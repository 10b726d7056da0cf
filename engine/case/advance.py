"""Moving processes on: each stimulus is one step of the executor; what it reports becomes facts and further work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from schuldhulp.engine.bpmn.graph import Graph
from schuldhulp.engine.bpmn.run import EMPTY, Refused, StepError, open_work, step
from schuldhulp.engine.bpmn.run import contract as run
from schuldhulp.engine.case import terms, work
from schuldhulp.engine.case.data import assign, assign_encoded
from schuldhulp.engine.case.errors import ModelFailed, NotNow
from schuldhulp.engine.case.evaluate import answering
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.values import decode
from schuldhulp.engine.model import facts as f

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
        if instance in turn.case.instances and turn.case.instances[instance].status != "suspended":
            _advance(turn, instance, stimulus)


def graph_of(turn: Turn, instance: int) -> Graph:
    return turn.deployment_of(instance).graph(turn.case.instances[instance].process)


def _advance(turn: Turn, instance: int, stimulus: run.Stimulus) -> None:
    outcome = _step(turn, instance, stimulus)
    if isinstance(stimulus, run.DataChanged) and not outcome.facts:
        return  # no condition waits for data: nothing happened, so nothing is recorded
    turn.states[instance] = outcome.state
    turn.record(advanced(instance, stimulus, outcome.facts))
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


def advanced(instance: int, stimulus: run.Stimulus, facts: tuple[run.Fact, ...]) -> f.Advanced:
    """The step as a fact of the log: values that may be personal apart, to be sealed."""
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
    personal = {f.DOSSIER: {"values": values}} if values else {}
    return f.Advanced(instance=instance, stimulus=plain_stimulus, facts=tuple(clear), personal=personal)


def restored(fact: f.Advanced) -> tuple[run.Stimulus, tuple[run.Fact, ...]]:
    """The executor's stimulus and facts of a stored step, with their sealed values put back."""
    values = fact.personal.get(f.DOSSIER, {}).get("values", {})
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
    terms.bind(turn, instance, fact.element, graph_of(turn, instance).nodes[fact.element])
    turn.local.pop((instance, fact.element), None)


def _work_created(turn: Turn, instance: int, fact: run.WorkCreated) -> None:
    work.begin(turn, instance, graph_of(turn, instance).nodes[fact.element], fact)


def _work_ended(turn: Turn, instance: int, fact: run.WorkEnded) -> None:
    if fact.how in ("completed", "skipped", "jumped"):
        return
    for task in list(turn.case.tasks.values()):
        if task.instance == instance and task.work == fact.work and task.kind == "user":
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
    if caller is None or caller[0] not in turn.case.instances:
        return
    _map_call_outputs(turn, *caller)
    failed = fact.how == "error"
    done: run.Stimulus = run.WorkFailed(work=caller[1], code=fact.code) if failed else run.WorkDone(work=caller[1])
    turn.pending.append((caller[0], done))


def _map_call_outputs(turn: Turn, instance: int, number: int) -> None:
    """Output parameters of the call activity that waited."""
    for waiting in open_work(turn.states[instance]):
        if waiting.id == number:
            work.map_outputs(turn, instance, graph_of(turn, instance).nodes[waiting.element], {})


_HANDLERS: dict[type[run.Fact], Callable[[Turn, int, Any], None]] = {
    run.Left: _left,
    run.WorkCreated: _work_created,
    run.WorkEnded: _work_ended,
    run.Assigned: _assigned,
    run.Caught: _caught,
    run.Thrown: _thrown,
    run.Completed: _completed,
}
