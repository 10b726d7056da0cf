"""Which form is filled in with a browser on the way of which scenario: `python -m tests.web.walk_plan` plans anew.

Every scenario is played once by values. A form is best seen where most of it is filled in, and few scenarios are better than
many: of the times that a form is met nearly as full as it ever gets, those are taken that need the fewest scenarios.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle import Done, Engine
from schuldhulp.engine.handle.library import Kept
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
from schuldhulp.tasks.scenarios import Scenario, load_scenario, play
from schuldhulp.tasks.scenarios.stage import ByValues, Letters

ROOT = Path(__file__).parents[2]
PLAN = Path(__file__).with_suffix(".yaml")
FILES, KEPT = read_files(), Kept()
FULL_ENOUGH = 0.8
Plan = dict[str, dict[str, int]]


def scenario_of(name: str) -> Scenario:
    """*name* as in the plan: module/file."""
    module, _, file = name.partition("/")
    return load_scenario((ROOT / "processes" / module / "scenarios" / f"{file}.yaml").read_bytes(), name=name)


def names() -> list[str]:
    found = (ROOT / "processes").rglob("scenarios/*.yaml")
    return sorted(f"{path.parents[1].name}/{path.stem}" for path in found)


def planned() -> Plan:
    """Scenario -> form -> the how-manieth time the form is met there."""
    read: Plan = yaml.safe_load(PLAN.read_text(encoding="utf-8"))
    return read


@cache
def deployment() -> Deployment:
    return Deployment(FILES)


def forms() -> set[str]:
    return set(deployment().forms)


def start_forms() -> dict[str, set[str]]:
    """Module -> the form that opens it."""
    found = deployment().modules.items()
    return {key: {value for name, value, _ in module.properties if name == "start.form"} for key, module in found}


class Watching(ByValues):
    """Notes how full each form is each time it is met and taken."""

    def __init__(self) -> None:
        self.met: Counter[str] = Counter()
        self.full: dict[tuple[str, int], int] = {}

    def open(self, engine: Engine, module: str, values: Mapping[str, Any], by: Actor) -> Done:
        form, _ = work.start_form(engine, module, by)
        return self._note(form.key if form else None, values, super().open, engine, module, values, by)

    def start(self, engine: Engine, case: str, module: str, values: Mapping[str, Any], by: Actor) -> Done:
        form, _ = work.start_form(engine, module, by)
        return self._note(form.key if form else None, values, super().start, engine, case, module, values, by)

    def complete(
        self, engine: Engine, case: str, task: int, values: Mapping[str, Any], by: Actor, reason: str, letters: Letters
    ) -> Done:
        open_tasks = engine.case(case).tasks
        form = open_tasks[task].form if task in open_tasks else None
        return self._note(form, values, super().complete, engine, case, task, values, by, reason, letters)

    def _note(self, form: str | None, values: Mapping[str, Any], act: Any, *how: Any) -> Done:
        if form is None:
            done: Done = act(*how)
            return done
        self.met[form] += 1
        time = self.met[form]
        done = act(*how)
        self.full[form, time] = size(values)
        return done


def size(value: Any) -> int:
    """How many answers there are in *value*; of a long list the first three items."""
    if isinstance(value, Mapping):
        return sum(size(one) for one in value.values())
    if isinstance(value, list):
        return sum(size(one) for one in value[:3])
    return 1


def watched() -> dict[str, dict[tuple[str, int], int]]:
    """For each scenario how full each form is each time."""
    seen = {}
    for name in names():
        hand = Watching()
        report = play(scenario_of(name), FILES, "straight", KEPT, hand)
        assert report.passed, f"{name} does not play to the end"
        seen[name] = hand.full
    return seen


def plan(seen: Mapping[str, Mapping[tuple[str, int], int]]) -> Plan:
    """The fewest scenarios (found greedily) that meet every form nearly as full as it gets."""
    fullest: Counter[str] = Counter()
    for full in seen.values():
        for (form, _), answers in full.items():
            fullest[form] = max(fullest[form], answers)
    offers = {name: dict(_good(full, fullest)) for name, full in seen.items()}
    made: Plan = {}
    left = set(fullest)
    while left:
        name = max(sorted(offers), key=lambda one: len(left & offers[one].keys()))
        made[name] = {form: time for form, time in sorted(offers[name].items()) if form in left}
        left -= offers[name].keys()
    return dict(sorted(made.items()))


def _good(full: Mapping[tuple[str, int], int], fullest: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """The fullest time of each form in one scenario, when it is full enough."""
    best: dict[str, tuple[int, int]] = {}
    for (form, time), answers in full.items():
        best[form] = max(best.get(form, (-1, 0)), (answers, -time))
    return ((form, -time) for form, (answers, time) in best.items() if answers >= FULL_ENOUGH * fullest[form])


if __name__ == "__main__":
    PLAN.write_text(yaml.safe_dump(plan(watched()), allow_unicode=True, sort_keys=False), encoding="utf-8")
