"""Plays one model of the BPMN execution suite: reader, check, executor and FEEL, on a clock that jumps to what is due.

`run` is the adapter that the suite's runner calls; `play` is the same with a choice of how the state is treated:

* ``straight``: it stays in memory;
* ``reload``: it is written out and read back after every step;
* ``rebuild``: as ``straight``, and afterwards every instance is rebuilt from its recorded stimuli and answers; every step
  must give the same bytes and the same facts.

Scripts, and whatever else is work, are done after the step that created them: they take (virtual) time, so timers can
interrupt them and parallel ones overlap. An ad-hoc sub-process is played by someone who picks every offered activity
once, in order, and closes it then.
"""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from schuldhulp.engine.bpmn.check import CheckContext, check
from schuldhulp.engine.bpmn.graph import EventDefinition, Graph, Kind, Model, Node, Severity, Trigger
from schuldhulp.engine.bpmn.read import read
from schuldhulp.engine.bpmn.run import (
    EMPTY,
    State,
    StepError,
    dumps,
    is_ended,
    loads,
    offers,
    open_subscriptions,
    open_timers,
    open_work,
    replaying,
    step,
)
from schuldhulp.engine.bpmn.run.contract import (
    AdHocEnd,
    AdHocStart,
    Assigned,
    Completed,
    Fact,
    MessageArrived,
    Purpose,
    Question,
    SignalArrived,
    Start,
    Stimulus,
    Terminate,
    Thrown,
    TimerDue,
    WorkCreated,
    WorkDone,
    WorkEnded,
    WorkEscalated,
    WorkFailed,
)
from schuldhulp.engine.bpmn.run.timers import TimerTextError, parse
from schuldhulp.rules.feel import FeelError, compile_expression, feel_value, to_python

EXPR = "feel"
SCRIPT = "marker"
TIMER = "raw"

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_INSTANCES = 50
"""More instances than this is a model that starts itself for ever."""

Runner = Callable[[str, dict[str, Any], Callable[[float], None]], None]


class BpmnError(Exception):
    """A script threw a BPMN error."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class _Pause(Exception):
    """A script sleeps."""


@dataclass
class Instance:
    """One process instance, its variables and its record."""

    graph: Graph
    data: dict[str, Any]
    caller: tuple[Instance, int] | None = None
    state: State = EMPTY
    record: list[tuple[Stimulus, datetime, tuple[Fact, ...], bytes]] = field(default_factory=list)
    picked: dict[int, list[str]] = field(default_factory=dict)

    @property
    def code(self) -> str | None:
        """Code of the error that ended it."""
        return next(
            (fact.code for _, _, facts, _ in self.record for fact in facts if isinstance(fact, Completed)), None
        )


class Town:
    """All instances of one file, their shared clock and what is still to be delivered."""

    def __init__(self, model: Model, scripts: Any, mode: str) -> None:
        self.model, self.scripts, self.mode = model, scripts, mode
        self.now = BEGIN
        self.instances: list[Instance] = []
        self.ready: deque[tuple[Instance, int]] = deque()
        self.asleep: list[tuple[datetime, int, Instance, int, int]] = []
        self.outbox: deque[tuple[Instance, Thrown]] = deque()
        self._ties = itertools.count()

    # --- stepping -----------------------------------------------------------------------------------------------------

    def begin(
        self, process: str, data: Mapping[str, Any], start: Start, caller: tuple[Instance, int] | None = None
    ) -> Instance:
        if len(self.instances) >= _INSTANCES:
            raise StepError(None, f"more than {_INSTANCES} instances were started")
        graph = self.model.graphs[process]
        instance = Instance(graph, dict(data), caller)
        self.instances.append(instance)
        if start.node is None and not graph.root.starts and graph.startable:
            start = Start(_first_entry(graph))
        self.send(instance, start)
        return instance

    def send(self, instance: Instance, stimulus: Stimulus) -> None:
        outcome = step(instance.graph, instance.state, stimulus, self.now, lambda asked: self.answer(instance, asked))
        instance.state = loads(dumps(outcome.state)) if self.mode == "reload" else outcome.state
        saved = dumps(outcome.state) if self.mode == "rebuild" else b""
        instance.record.append((stimulus, self.now, outcome.facts, saved))
        for fact in outcome.facts:
            if isinstance(fact, WorkCreated):
                self.ready.append((instance, fact.work))
            elif isinstance(fact, WorkEnded) and fact.how == "cancelled":
                self._cancel_called(instance, fact.work)
            elif isinstance(fact, Thrown):
                self.outbox.append((instance, fact))
            elif isinstance(fact, Assigned):
                instance.data[fact.variable] = fact.value
        if is_ended(instance.state) and instance.caller is not None:
            self._answer_caller(instance)

    def _answer_caller(self, instance: Instance) -> None:
        assert instance.caller is not None
        caller, work = instance.caller
        instance.caller = None
        if instance.state.status == "error":
            self.send(caller, WorkFailed(work, instance.code))
        else:
            self.send(caller, WorkDone(work))

    def _cancel_called(self, caller: Instance, work: int) -> None:
        for instance in self.instances:
            if instance.caller == (caller, work) and not is_ended(instance.state):
                instance.caller = None
                self.send(instance, Terminate())

    # --- answers ------------------------------------------------------------------------------------------------------

    def answer(self, instance: Instance, question: Question) -> Any:
        """FEEL over the instance's variables; a plain ISO 8601 text is a timer too."""
        text = question.expression.text
        if question.purpose is Purpose.TIMER:
            definition = next(
                each
                for each in instance.graph.nodes[question.element].definitions
                if each.expression is question.expression
            )
            assert definition.timer is not None
            try:
                return parse(text, definition.timer, self.now)
            except TimerTextError:
                given = self._feel(instance, text, question.locals)
                return given if isinstance(given, datetime) else parse(str(given), definition.timer, self.now)
        return self._feel(instance, text, question.locals)

    def _feel(self, instance: Instance, text: str, local: Mapping[str, Any]) -> Any:
        names = {**instance.data, **local}
        compiled = compile_expression(text, tuple(names))
        return to_python(compiled({name: feel_value(value) for name, value in names.items()}))

    # --- time ---------------------------------------------------------------------------------------------------------

    def live(self, until: datetime) -> None:
        """Play until nothing happens any more before *until*."""
        while True:
            if self.outbox:
                self._deliver(*self.outbox.popleft())
            elif self.ready:
                self._do(*self.ready.popleft(), 0)
            elif not self._pick() and not self._wake(until):
                return

    def _wake(self, until: datetime) -> bool:
        """Jump to the next moment at which something is due."""
        timers = [
            (timer.due, number, timer.id)
            for number, instance in enumerate(self.instances)
            if not is_ended(instance.state)
            for timer in open_timers(instance.state)
        ]
        first = min(timers, default=None)
        slept = self.asleep[0] if self.asleep else None
        if first is not None and (slept is None or first[0] <= slept[0]):
            if first[0] > until:
                return False
            self.now = max(self.now, first[0])
            self.send(self.instances[first[1]], TimerDue(first[2]))
            return True
        if slept is None or slept[0] > until:
            return False
        heapq.heappop(self.asleep)
        self.now = max(self.now, slept[0])
        self._do(slept[2], slept[3], slept[4])
        return True

    # --- messages and signals -----------------------------------------------------------------------------------------

    def _deliver(self, sender: Instance, thrown: Thrown) -> None:
        if thrown.trigger == Trigger.ESCALATION and not thrown.handled and sender.caller is not None:
            caller, work = sender.caller
            self.send(caller, WorkEscalated(work, thrown.name))
        if thrown.trigger not in (Trigger.MESSAGE, Trigger.SIGNAL):
            return
        for instance in list(self.instances):
            if thrown.trigger == Trigger.SIGNAL:
                if instance is not sender:  # it had its own signal within the step
                    self.send(instance, SignalArrived(thrown.name or "", thrown.payload))
                continue
            waiting = [each for each in open_subscriptions(instance.state) if each.kind == "message"]
            hit = next((each for each in waiting if each.name == thrown.name), None)
            if hit is not None:
                self.send(instance, MessageArrived(hit.id, thrown.payload))
                return
        for process, graph in self.model.graphs.items():
            node = next((each for each in _entries(graph) if _awaits(graph.nodes[each], thrown)), None)
            if node is not None:
                self.begin(process, {}, Start(node, thrown.payload))

    # --- work ---------------------------------------------------------------------------------------------------------

    def _do(self, instance: Instance, work: int, slept: int) -> None:
        """Do a piece of work; *slept* pauses of its script are over."""
        found = next((each for each in open_work(instance.state) if each.id == work), None)
        if found is None:
            return  # interrupted while it waited for its turn
        node = instance.graph.nodes[found.element]
        match node.kind:
            case Kind.SCRIPT:
                self._script(instance, work, node, slept)
            case Kind.CALL:
                called = node.called.text if node.called is not None else ""
                self.begin(called, instance.data, Start(), (instance, work))
            case Kind.SEND:
                self.send(instance, WorkDone(work))
                if node.message is not None:
                    self.outbox.append((instance, Thrown(node.id, "message", node.message.name)))
            case _:
                self.send(instance, WorkDone(work))

    def _script(self, instance: Instance, work: int, node: Node, slept: int) -> None:
        """Run a marker script up to its next pause: from the start, on a copy, dropping what was traced before."""
        data, pauses = dict(instance.data), 0

        def sleep(seconds: float) -> None:
            nonlocal pauses
            pauses += 1
            if pauses > slept:
                heapq.heappush(
                    self.asleep,
                    (self.now + timedelta(seconds=seconds), next(self._ties), instance, work, pauses),
                )
                raise _Pause

        known = len(self.scripts.trace)
        done = self.scripts.done.get((id(instance), work), 0)
        try:
            self.scripts.run(node.script.text if node.script is not None else "", data, sleep)
        except _Pause:
            self._keep_new(known, done, instance, work)
            return
        except BpmnError as error:
            self._keep_new(known, done, instance, work)
            self.send(instance, WorkFailed(work, error.code))
            return
        self._keep_new(known, done, instance, work)
        instance.data = data
        for mapping in node.outputs:
            # Marker scripts write the data object itself; the task's data output is what they wrote.
            if mapping.source is not None and mapping.target in data:
                data.setdefault(mapping.source.text, data[mapping.target])
        self.send(instance, WorkDone(work))

    def _keep_new(self, known: int, done: int, instance: Instance, work: int) -> None:
        written = self.scripts.trace[known:]
        self.scripts.trace[known:] = written[done:]
        self.scripts.done[(id(instance), work)] = len(written)

    def _pick(self) -> bool:
        """Somebody picks the next activity of an ad-hoc sub-process, or closes it when all were done."""
        for instance in self.instances:
            for offer in offers(instance.state, instance.graph):
                picked = instance.picked.setdefault(offer.scope, [])
                left = [node for node in offer.nodes if node not in picked]
                if left:
                    picked.append(left[0])
                    self.send(instance, AdHocStart(offer.scope, left[0]))
                    return True
                if not self.asleep:
                    self.send(instance, AdHocEnd(offer.scope, cancel=True))
                    return True
        return False


def _entries(graph: Graph) -> list[str]:
    """Nodes by which an event can start an instance: those behind an instantiating event gateway, else themselves."""
    found: list[Any] = []
    for each in graph.startable:
        node = graph.nodes[each]
        if node.kind is Kind.EVENT_BASED:
            found.extend(graph.flows[flow].target for flow in node.outgoing)
        else:
            found.append(each)
    return found


def _first_entry(graph: Graph) -> str:
    return _entries(graph)[0]


def _awaits(node: Node, thrown: Thrown) -> bool:
    definitions: tuple[EventDefinition, ...] = node.definitions
    if node.message is not None:
        definitions = (*definitions, node.message)
    return any(each.trigger == thrown.trigger and each.name == thrown.name for each in definitions)


# --- the doors --------------------------------------------------------------------------------------------------------


def refusals(path: str) -> tuple[Model | None, list[str]]:
    """The model, and what keeps it from being deployed. It is judged as when deploying, but for FEEL: marker scripts are none."""
    model, findings = read(Path(path).read_bytes(), file=Path(path).name)
    if model is not None:
        findings = (*findings, *check(model, CheckContext()))
    return model, [str(each) for each in findings if each.severity is Severity.ERROR]


def play(
    path: str,
    process: str,
    inputs: Mapping[str, Any],
    *,
    wait_s: float,
    also_start: list[str],
    scripts: Any,
    mode: str = "straight",
) -> dict[str, Any]:
    """Play a file. *scripts* has `trace` and `run(marker, data, sleep)`; a script error is raised as BpmnError."""
    model, refused = refusals(path)
    if model is None or refused or process not in model.graphs:
        return {"trace": [], "state": "not-deployed", "detail": "\n".join(refused) or f"no process {process}"}
    scripts.done = {}
    town = Town(model, scripts, mode)
    try:
        for other in also_start:
            town.begin(other, inputs, Start())
        main = town.begin(process, inputs, Start())
        town.live(BEGIN + timedelta(seconds=wait_s))
    except (StepError, FeelError, TimerTextError) as error:
        return {"trace": scripts.trace, "state": "error", "detail": str(error)}
    if mode == "rebuild":
        for instance in town.instances:
            _rebuild(instance)
    state = {"running": "waiting", "error": "error-end"}.get(main.state.status, "completed")
    return {"trace": scripts.trace, "state": state, "detail": main.state.status}


def _rebuild(instance: Instance) -> None:
    """Drive a new executor with the recorded answers; every step must give the same bytes."""
    state = EMPTY
    for stimulus, at, facts, saved in instance.record:
        replay = replaying(facts)
        outcome = step(instance.graph, state, stimulus, at, replay)
        replay.finish()
        if outcome.facts != facts or dumps(outcome.state) != saved:
            raise AssertionError(f"{instance.graph.process}: {stimulus} rebuilt differently")
        state = outcome.state


def throw_error(code: str) -> None:
    """What a marker script does to throw."""
    raise BpmnError(code)


def run(
    bpmn_path: str, process_id: str, inputs: Mapping[str, Any], *, wait_s: float, also_start: list[str]
) -> dict[str, Any]:
    """The suite's adapter (contract in its `run_cases.py`)."""
    from prepare import MarkerScripts  # type: ignore[import-not-found]  # stands beside the runner that calls this

    return play(bpmn_path, process_id, inputs, wait_s=wait_s, also_start=also_start, scripts=MarkerScripts(throw_error))
