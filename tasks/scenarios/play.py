"""Playing a scenario: real engine, own database, virtual clock; every step is done and then checked.

Modes: `straight`; `reload`: the engine is thrown away and opened anew before each step; `rebuild`: before each step the
snapshot is thrown away, the case is rebuilt from its log and compared with what was kept.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import yaml

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.errors import CommandRefused, NoSuchThing
from schuldhulp.engine.case.post import Posted
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.definitions.deployment import PARAMETERS, TRIAL
from schuldhulp.engine.handle import Done, Engine
from schuldhulp.engine.handle.library import Kept
from schuldhulp.engine.model.case import Task
from schuldhulp.engine.model.facts import Actor, Advanced
from schuldhulp.rules.feel import feel_value
from schuldhulp.tasks import work
from schuldhulp.tasks.scenarios import term_steps
from schuldhulp.tasks.scenarios.expect import problems_of
from schuldhulp.tasks.scenarios.load import Scenario, Step

MODES = ("straight", "reload", "rebuild")


@dataclass(frozen=True, slots=True)
class StepReport:
    step: Step
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a scenario. `log`: "sequence fact" lines of the case at the end; `flows`: ids of the sequence flows
    that were gone; `letters`: those of the case, oldest first."""

    scenario: Scenario
    mode: str
    steps: tuple[StepReport, ...]
    case: str | None
    log: tuple[str, ...] = ()
    flows: frozenset[str] = frozenset()
    letters: tuple[Posted, ...] = ()

    @property
    def passed(self) -> bool:
        return all(not step.problems for step in self.steps)


class Hand(Protocol):
    """How tasks are completed: by itself a scenario fills in values; a test may have a browser do it. Takes what
    `work.complete_with_values` takes. Raises CommandRefused."""

    def __call__(
        self,
        engine: Engine,
        case: str,
        task: int,
        values: Mapping[str, Any],
        by: Actor,
        *,
        reason: str = "",
        letters: Mapping[str, tuple[str, str]] | None = None,
    ) -> tuple[Any, ...]: ...


def fill_in(
    engine: Engine,
    case: str,
    task: int,
    values: Mapping[str, Any],
    by: Actor,
    *,
    reason: str = "",
    letters: Mapping[str, tuple[str, str]] | None = None,
) -> tuple[Any, ...]:
    """The facts of completing a task with values, no pages between."""
    return work.complete_with_values(engine, case, task, values, by, reason=reason, letters=letters).facts


@dataclass
class _Stage:
    scenario: Scenario
    settings: Settings
    engine: Engine
    mode: str
    kept: Kept
    hand: Hand = fill_in
    case: str | None = None
    now: datetime = field(default_factory=lambda: datetime(2026, 1, 1, tzinfo=UTC))

    def reopen(self) -> None:
        self.engine.store.close()
        self.engine = open_engine(self.settings, lambda: self.now, self.kept)

    def number(self) -> str:
        if self.case is None:
            raise NoSuchThing("case", "(none opened yet)", "-")
        return self.case


def play(
    scenario: Scenario,
    files: Mapping[str, bytes],
    mode: str = "straight",
    kept: Kept | None = None,
    hand: Hand = fill_in,
) -> Report:
    """Play *scenario* against the definitions *files*. A step that goes wrong is reported and the play stops there.

    *kept*: definitions that were read already; share one between plays, reading takes longer than playing.
    """
    with tempfile.TemporaryDirectory(prefix="schuldhulp-") as folder:
        stage = _stage(scenario, files, Path(folder), mode, kept or Kept(), hand)
        reports = []
        for step in scenario.steps:
            found = _play_step(stage, step)
            reports.append(StepReport(step, tuple(found)))
            if found and not step.copy:
                break
        log = _log(stage) if stage.case else ()
        flows = _flows(stage) if stage.case else frozenset()
        made = tuple(stage.engine.letters(stage.case).values()) if stage.case else ()
        stage.engine.store.close()
        return Report(scenario, mode, tuple(reports), stage.case, log, flows, made)


def _stage(
    scenario: Scenario, files: Mapping[str, bytes], folder: Path, mode: str, kept: Kept, hand: Hand
) -> _Stage:
    settings = Settings(f"sqlite:///{folder / 'scenario.db'}", folder / "keys", synchronous="OFF")
    first = next((step.at for step in scenario.steps if step.at is not None), None)
    stage = _Stage(scenario, settings, open_engine(settings, kept=kept), mode, kept, hand)
    stage.now = first or stage.now
    stage.reopen()
    stage.engine.deploy(with_settings(files, scenario), Actor(account=1, role="procesontwerper", program="scenario"))
    return stage


def with_settings(files: Mapping[str, bytes], scenario: Scenario) -> dict[str, bytes]:
    """The definitions with the scenario's own parameters and readings of the law on top."""
    if scenario.readings:
        lines = [f"{name}: {str(value).lower()}" for name, value in scenario.readings.items()]
        files = {**files, "rules/readings.yaml@local": "\n".join(lines).encode()}
    if not scenario.parameters:
        return dict(files)
    values = [
        {"key": key, "value": _written(value), "valid_from": date(2000, 1, 1)}
        for key, value in scenario.parameters.items()
    ]
    return {**files, f"{PARAMETERS}{TRIAL}": yaml.safe_dump(values, allow_unicode=True).encode()}


def _written(value: Any) -> Any:
    """As it is written in a parameters file: an amount goes as text."""
    if isinstance(value, Mapping):
        return {key: _written(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_written(item) for item in value]
    return str(value) if isinstance(value, Decimal) else value


def _play_step(stage: _Stage, step: Step) -> list[str]:
    if step.at is not None:
        stage.now = step.at
    if step.copy:
        with _on_a_copy(stage) as copied:
            return _do_and_check(copied, step)
    if stage.mode == "reload":
        stage.reopen()
    different = _rebuilt_differs(stage) if stage.mode == "rebuild" and stage.case else []
    return different or _do_and_check(stage, step)


def _do_and_check(stage: _Stage, step: Step) -> list[str]:
    try:
        done = _ACTIONS[step.action](stage, step)
    except CommandRefused as error:
        if step.refused is None:
            return [f"refused: {error}"]
        missing = [] if step.refused in str(error) or step.refused == error.code else [f"refused otherwise: {error}"]
        return missing + (problems_of(stage.engine, stage.number(), (), step.expect) if stage.case else [])
    if step.refused is not None:
        return [f"not refused, though {step.refused!r} was expected"]
    return problems_of(stage.engine, stage.number(), done, step.expect)


def actor(scenario: Scenario, step: Step, roles: tuple[str, ...] = ()) -> Actor:
    """Who acts: an account for each person by position, with the role that fits *roles* best."""
    if step.by is None:
        return Actor(account=0, role="systeem", program="scenario")
    own = scenario.people[step.by]
    role = step.role or next((r for r in own if r in roles), own[0] if own else "geen")
    return Actor(account=list(scenario.people).index(step.by) + 1, role=role, program="scenario")


def _task(stage: _Stage, step: Step) -> Task:
    """The open task that a step names: by name, the nr-th of that name; of several, one that the person may do first."""
    case = stage.engine.case(stage.number())
    found = [task for task in case.tasks.values() if task.name == step.what or task.element == step.what]
    if len(found) < step.nr:
        names = ", ".join(sorted({task.name for task in case.tasks.values()})) or "none"
        raise NoSuchThing("task", f"{step.what!r} (open: {names})", stage.number())
    return sorted(found, key=lambda task: task.task)[step.nr - 1]


def _open(stage: _Stage, step: Step) -> tuple[Any, ...]:
    done = work.open_with_values(stage.engine, str(step.what), step.values, _starter(stage, step, str(step.what)))
    stage.case = done.case.number
    return done.facts


def _starter(stage: _Stage, step: Step, module: str) -> Actor:
    def roles(turn: Any) -> tuple[str, ...]:
        graph = turn.world.deployment.modules.get(module)
        named = [value for name, value, _ in graph.properties if name == "start.roles"] if graph else []
        return tuple(part.strip() for part in ",".join(named).split(","))

    return actor(stage.scenario, step, stage.engine.look_new(actor(stage.scenario, step), roles))


def _start_module(stage: _Stage, step: Step) -> tuple[Any, ...]:
    by = _starter(stage, step, str(step.what))
    return work.start_module_with_values(stage.engine, stage.number(), str(step.what), step.values, by).facts


def _complete(stage: _Stage, step: Step) -> tuple[Any, ...]:
    task = _task(stage, step)
    letters = {key: (str(value["onderwerp"]), str(value["tekst"])) for key, value in step.letters.items()}
    by = actor(stage.scenario, step, task.roles)
    return stage.hand(
        stage.engine, stage.number(), task.task, step.values, by, reason=step.reason, letters=letters
    )


def _on_task(act: Callable[[Engine, str, int, Actor, Step], Done]) -> Callable[[_Stage, Step], tuple[Any, ...]]:
    def do(stage: _Stage, step: Step) -> tuple[Any, ...]:
        task = _task(stage, step)
        return act(stage.engine, stage.number(), task.task, actor(stage.scenario, step, task.roles), step).facts

    return do


def _assign(engine: Engine, case: str, task: int, by: Actor, step: Step) -> Done:
    return engine.assign(case, task, int(step.to or 0), step.reason, by)


def _defer(engine: Engine, case: str, task: int, by: Actor, step: Step) -> Done:
    assert step.until is not None  # the reader sees to it
    return engine.defer(case, task, step.until, step.reason, by)


def _optional(stage: _Stage, step: Step) -> tuple[Any, ...]:
    """`start` and `end` name an element of an ad-hoc sub-process by its name or id."""
    number = stage.number()
    by = actor(stage.scenario, step)
    for instance, element in _offered(stage, step):
        if step.action == "start":
            return stage.engine.start_optional(number, instance, element, by).facts
        return stage.engine.end_optional(number, instance, element, by).facts
    raise NoSuchThing("optional step", step.what, number)


def _offered(stage: _Stage, step: Step) -> Iterator[tuple[int, str]]:
    case = stage.engine.case(stage.number())
    for instance in case.instances.values():
        for adhoc, offers in instance.offers.values():
            for element in offers if step.action == "start" else (adhoc,):
                if step.what in (element, stage.engine.name_of(case, instance.instance, element)):
                    yield instance.instance, element


def _message(stage: _Stage, step: Step) -> tuple[Any, ...]:
    send = stage.engine.message if step.action == "message" else stage.engine.signal
    return send(stage.number(), str(step.what), step.payload, actor(stage.scenario, step)).facts


def _correct(stage: _Stage, step: Step) -> tuple[Any, ...]:
    return stage.engine.correct(stage.number(), dict(step.what), step.reason, actor(stage.scenario, step)).facts


def _override(stage: _Stage, step: Step) -> tuple[Any, ...]:
    """Another outcome in place of a decision's, in the newest module that took it. `decision`: when another name keeps it."""
    ((variable, outcome),) = dict(step.what).items()
    number = stage.number()
    found = [each.instance for each in stage.engine.case(number).instances.values() if variable in each.data]
    if not found:
        raise NoSuchThing("outcome", variable, number)
    by = actor(stage.scenario, step)
    decision = step.decision or variable
    return stage.engine.override(number, max(found), variable, decision, feel_value(outcome), step.reason, by).facts


def _term(stage: _Stage, step: Step) -> tuple[Any, ...]:
    return term_steps.move(stage.engine, stage.number(), step.what, step.reason, actor(stage.scenario, step)).facts


def _tick(stage: _Stage, step: Step) -> tuple[Any, ...]:
    """Time passes; the first case that fails is reported."""
    facts: list[Any] = []
    for _, done in stage.engine.tick(actor(stage.scenario, step)):
        if isinstance(done, CommandRefused):
            raise done
        facts += done.facts
    return tuple(facts)


def _check(stage: _Stage, step: Step) -> tuple[Any, ...]:
    return ()


_ACTIONS: dict[str, Callable[[_Stage, Step], tuple[Any, ...]]] = {
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


def _rebuilt_differs(stage: _Stage) -> list[str]:
    """Throws the snapshot away and rebuilds the case from its facts; what was kept must be the same."""
    number = stage.number()
    with stage.engine.store.begin() as log:
        kept = stage.engine.kept(log, number)
        log.drop_snapshot(stream_of(number))
        rebuilt = stage.engine.kept(log, number)
    if kept != rebuilt:
        return ["the case rebuilt from its log differs from the one that was kept"]
    return []


@contextmanager
def _on_a_copy(stage: _Stage) -> Iterator[_Stage]:
    """The same case in a database of its own that is thrown away."""
    path = Path(stage.settings.database.removeprefix("sqlite:///"))
    stage.engine.store.close()
    with tempfile.TemporaryDirectory(prefix="schuldhulp-copy-") as folder:
        for file in path.parent.iterdir():
            shutil.copy(file, folder)
        settings = Settings(
            f"sqlite:///{Path(folder) / path.name}", Path(folder) / stage.settings.keys.name, synchronous="OFF"
        )
        copied = _Stage(
            stage.scenario,
            settings,
            open_engine(settings, lambda: stage.now, stage.kept),
            stage.mode,
            stage.kept,
            stage.hand,
            stage.case,
            stage.now,
        )
        try:
            yield copied
        finally:
            copied.engine.store.close()
    stage.engine = open_engine(stage.settings, lambda: stage.now, stage.kept)


def _flows(stage: _Stage) -> frozenset[str]:
    steps = [stored.fact for stored in stage.engine.facts(stage.number()) if isinstance(stored.fact, Advanced)]
    return frozenset(flow for step in steps for fact in step.facts for flow in fact.get("flows") or ())


def _log(stage: _Stage) -> tuple[str, ...]:
    return tuple(
        f"{stored.sequence:4} {stored.at:%Y-%m-%d %H:%M} {type(stored.fact).__name__}"
        for stored in stage.engine.facts(stage.number())
    )
