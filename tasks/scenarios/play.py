"""Playing a scenario: real engine, own database, virtual clock; every step is done and then checked.

Modes: `straight`; `reload`: the engine is thrown away and opened anew before each step; `rebuild`: before each step the
snapshot is thrown away, the case is rebuilt from its log and compared with what was kept.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.post import Posted
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.definitions.deployment import PARAMETERS, TRIAL
from schuldhulp.engine.handle.library import Kept
from schuldhulp.engine.model.facts import Actor, Advanced
from schuldhulp.tasks.scenarios.expect import problems_of
from schuldhulp.tasks.scenarios.load import Scenario, Step
from schuldhulp.tasks.scenarios.stage import ByValues, Hand, Stage, perform

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


def play(
    scenario: Scenario,
    files: Mapping[str, bytes],
    mode: str = "straight",
    kept: Kept | None = None,
    hand: Hand | None = None,
) -> Report:
    """Play *scenario* against the definitions *files*. A step that goes wrong is reported and the play stops there.

    *kept*: definitions that were read already; share one between plays, reading takes longer than playing.
    """
    with tempfile.TemporaryDirectory(prefix="schuldhulp-") as folder:
        stage = _stage(scenario, files, Path(folder), mode, kept or Kept(), hand or ByValues())
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
) -> Stage:
    settings = Settings(f"sqlite:///{folder / 'scenario.db'}", folder / "keys", synchronous="OFF")
    first = next((step.at for step in scenario.steps if step.at is not None), None)
    stage = Stage(scenario, settings, open_engine(settings, kept=kept), mode, kept, hand)
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


def _play_step(stage: Stage, step: Step) -> list[str]:
    if step.at is not None:
        stage.now = step.at
    if step.copy:
        with _on_a_copy(stage) as copied:
            return _do_and_check(copied, step)
    if stage.mode == "reload":
        stage.reopen()
    different = _rebuilt_differs(stage) if stage.mode == "rebuild" and stage.case else []
    return different or _do_and_check(stage, step)


def _do_and_check(stage: Stage, step: Step) -> list[str]:
    try:
        done = perform(stage, step)
    except CommandRefused as error:
        if step.refused is None:
            return [f"refused: {error}"]
        missing = [] if step.refused in str(error) or step.refused == error.code else [f"refused otherwise: {error}"]
        return missing + (problems_of(stage.engine, stage.number(), (), step.expect) if stage.case else [])
    if step.refused is not None:
        return [f"not refused, though {step.refused!r} was expected"]
    return problems_of(stage.engine, stage.number(), done, step.expect)


def _rebuilt_differs(stage: Stage) -> list[str]:
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
def _on_a_copy(stage: Stage) -> Iterator[Stage]:
    """The same case in a database of its own that is thrown away."""
    path = Path(stage.settings.database.removeprefix("sqlite:///"))
    stage.engine.store.close()
    with tempfile.TemporaryDirectory(prefix="schuldhulp-copy-") as folder:
        for file in path.parent.iterdir():
            shutil.copy(file, folder)
        settings = Settings(
            f"sqlite:///{Path(folder) / path.name}", Path(folder) / stage.settings.keys.name, synchronous="OFF"
        )
        copied = Stage(
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


def _flows(stage: Stage) -> frozenset[str]:
    steps = [stored.fact for stored in stage.engine.facts(stage.number()) if isinstance(stored.fact, Advanced)]
    return frozenset(flow for step in steps for fact in step.facts for flow in fact.get("flows") or ())


def _log(stage: Stage) -> tuple[str, ...]:
    return tuple(
        f"{stored.sequence:4} {stored.at:%Y-%m-%d %H:%M} {type(stored.fact).__name__}"
        for stored in stage.engine.facts(stage.number())
    )
