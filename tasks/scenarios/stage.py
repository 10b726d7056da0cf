"""The stage of a scenario: an engine with a clock moved by hand, and doing what a step says to the case it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.errors import CommandRefused, NoSuchThing
from schuldhulp.engine.handle import Done, Engine
from schuldhulp.engine.handle.library import Kept
from schuldhulp.engine.model.case import Task
from schuldhulp.engine.model.facts import Actor
from schuldhulp.rules.feel import feel_value
from schuldhulp.tasks import work
from schuldhulp.tasks.scenarios import term_steps
from schuldhulp.tasks.scenarios.load import Scenario, Step

Letters = Mapping[str, tuple[str, str]]
"""Letters of a task as a person changed them: key -> subject and text."""


class Hand(Protocol):
    """How cases are opened, modules started and tasks completed: by itself a scenario fills in values (`ByValues`); a test
    may have a browser do it. Each raises CommandRefused."""

    def open(self, engine: Engine, module: str, values: Mapping[str, Any], by: Actor) -> Done: ...

    def start(self, engine: Engine, case: str, module: str, values: Mapping[str, Any], by: Actor) -> Done: ...

    def complete(
        self, engine: Engine, case: str, task: int, values: Mapping[str, Any], by: Actor, reason: str, letters: Letters
    ) -> Done: ...


class ByValues:
    """Fills in values, no pages between."""

    def open(self, engine: Engine, module: str, values: Mapping[str, Any], by: Actor) -> Done:
        return work.open_with_values(engine, module, values, by)

    def start(self, engine: Engine, case: str, module: str, values: Mapping[str, Any], by: Actor) -> Done:
        return work.start_module_with_values(engine, case, module, values, by)

    def complete(
        self, engine: Engine, case: str, task: int, values: Mapping[str, Any], by: Actor, reason: str, letters: Letters
    ) -> Done:
        return work.complete_with_values(engine, case, task, values, by, reason=reason, letters=letters)


@dataclass
class Stage:
    scenario: Scenario
    settings: Settings
    engine: Engine
    mode: str
    kept: Kept
    hand: Hand = field(default_factory=ByValues)
    case: str | None = None
    now: datetime = field(default_factory=lambda: datetime(2026, 1, 1, tzinfo=UTC))

    cast: Mapping[str, int] | None = None
    """Account of each person of the scenario; left out: they are numbered from 1."""

    def actor(self, step: Step, roles: tuple[str, ...] = ()) -> Actor:
        """Who acts, with the role that fits *roles* best."""
        if step.by is None:
            return Actor(account=0, role="systeem", program="scenario")
        own = self.scenario.people[step.by]
        role = step.role or next((r for r in own if r in roles), own[0] if own else "geen")
        account = self.cast[step.by] if self.cast else list(self.scenario.people).index(step.by) + 1
        return Actor(account=account, role=role, program="scenario")

    def reopen(self) -> None:
        self.engine.store.close()
        self.engine = open_engine(self.settings, lambda: self.now, self.kept)

    def number(self) -> str:
        if self.case is None:
            raise NoSuchThing("case", "(none opened yet)", "-")
        return self.case


def perform(stage: Stage, step: Step) -> tuple[Any, ...]:
    """Do what a step says; gives the facts. Raises CommandRefused and NoSuchThing."""
    return _ACTIONS[step.action](stage, step)


def _task(stage: Stage, step: Step) -> Task:
    """The open task that a step names: by name, the nr-th of that name; of several, one that the person may do first."""
    case = stage.engine.case(stage.number())
    found = [task for task in case.tasks.values() if task.name == step.what or task.element == step.what]
    if len(found) < step.nr:
        names = ", ".join(sorted({task.name for task in case.tasks.values()})) or "none"
        raise NoSuchThing("task", f"{step.what!r} (open: {names})", stage.number())
    return sorted(found, key=lambda task: task.task)[step.nr - 1]


def _open(stage: Stage, step: Step) -> tuple[Any, ...]:
    done = stage.hand.open(stage.engine, str(step.what), step.values, _starter(stage, step, str(step.what)))
    stage.case = done.case.number
    return done.facts


def _starter(stage: Stage, step: Step, module: str) -> Actor:
    def roles(turn: Any) -> tuple[str, ...]:
        graph = turn.world.deployment.modules.get(module)
        named = [value for name, value, _ in graph.properties if name == "start.roles"] if graph else []
        return tuple(part.strip() for part in ",".join(named).split(","))

    return stage.actor(step, stage.engine.look_new(stage.actor(step), roles))


def _start_module(stage: Stage, step: Step) -> tuple[Any, ...]:
    by = _starter(stage, step, str(step.what))
    return stage.hand.start(stage.engine, stage.number(), str(step.what), step.values, by).facts


def _complete(stage: Stage, step: Step) -> tuple[Any, ...]:
    task = _task(stage, step)
    letters = {key: (str(value["onderwerp"]), str(value["tekst"])) for key, value in step.letters.items()}
    by = stage.actor(step, task.roles)
    return stage.hand.complete(
        stage.engine, stage.number(), task.task, step.values, by, step.reason, letters
    ).facts


def _on_task(act: Callable[[Engine, str, int, Actor, Step], Done]) -> Callable[[Stage, Step], tuple[Any, ...]]:
    def do(stage: Stage, step: Step) -> tuple[Any, ...]:
        task = _task(stage, step)
        return act(stage.engine, stage.number(), task.task, stage.actor(step, task.roles), step).facts

    return do


def _assign(engine: Engine, case: str, task: int, by: Actor, step: Step) -> Done:
    return engine.assign(case, task, int(step.to or 0), step.reason, by)


def _defer(engine: Engine, case: str, task: int, by: Actor, step: Step) -> Done:
    assert step.until is not None  # the reader sees to it
    return engine.defer(case, task, step.until, step.reason, by)


def _optional(stage: Stage, step: Step) -> tuple[Any, ...]:
    """`start` and `end` name an element of an ad-hoc sub-process by its name or id."""
    number = stage.number()
    by = stage.actor(step)
    for instance, element in _offered(stage, step):
        if step.action == "start":
            return stage.engine.start_optional(number, instance, element, by).facts
        return stage.engine.end_optional(number, instance, element, by).facts
    raise NoSuchThing("optional step", step.what, number)


def _offered(stage: Stage, step: Step) -> Iterator[tuple[int, str]]:
    case = stage.engine.case(stage.number())
    for instance in case.instances.values():
        for adhoc, offers in instance.offers.values():
            for element in offers if step.action == "start" else (adhoc,):
                if step.what in (element, stage.engine.name_of(case, instance.instance, element)):
                    yield instance.instance, element


def _message(stage: Stage, step: Step) -> tuple[Any, ...]:
    send = stage.engine.message if step.action == "message" else stage.engine.signal
    return send(stage.number(), str(step.what), step.payload, stage.actor(step)).facts


def _correct(stage: Stage, step: Step) -> tuple[Any, ...]:
    return stage.engine.correct(stage.number(), dict(step.what), step.reason, stage.actor(step)).facts


def _override(stage: Stage, step: Step) -> tuple[Any, ...]:
    """Another outcome in place of a decision's, in the newest module that took it. `decision`: when another name keeps it."""
    ((variable, outcome),) = dict(step.what).items()
    number = stage.number()
    found = [each.instance for each in stage.engine.case(number).instances.values() if variable in each.data]
    if not found:
        raise NoSuchThing("outcome", variable, number)
    by = stage.actor(step)
    decision = step.decision or variable
    return stage.engine.override(number, max(found), variable, decision, feel_value(outcome), step.reason, by).facts


def _term(stage: Stage, step: Step) -> tuple[Any, ...]:
    return term_steps.move(stage.engine, stage.number(), step.what, step.reason, stage.actor(step)).facts


def _tick(stage: Stage, step: Step) -> tuple[Any, ...]:
    """Time passes; the first case that fails is reported."""
    facts: list[Any] = []
    for _, done in stage.engine.tick(stage.actor(step)):
        if isinstance(done, CommandRefused):
            raise done
        facts += done.facts
    return tuple(facts)


def _check(stage: Stage, step: Step) -> tuple[Any, ...]:
    return ()


_ACTIONS: dict[str, Callable[[Stage, Step], tuple[Any, ...]]] = {
    "open": _open,
    "start module": _start_module,
    "start": _optional,
    "end": _optional,
    "complete": _complete,
    "claim": _on_task(lambda engine, case, task, by, step: engine.claim(case, task, by)),
    "release": _on_task(lambda engine, case, task, by, step: engine.release(case, task, by, step.reason)),
    "assign": _on_task(_assign),
    "defer": _on_task(_defer),
    "override": _override,
    "skip": _on_task(lambda engine, case, task, by, step: engine.skip(case, task, step.reason, by)),
    "back": _on_task(lambda engine, case, task, by, step: engine.jump_back(case, task, step.to or "", step.reason, by)),
    "message": _message,
    "signal": _message,
    "correct": _correct,
    "term": _term,
    "tick": _tick,
    "check": _check,
}
