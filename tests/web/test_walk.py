"""Every form is filled in once in a real browser, on the way of a client story through its module; each is accessible."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle.library import Kept
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.scenarios import Scenario, Step, load_scenario, play
from schuldhulp.tasks.scenarios.play import with_settings
from tests.web.test_browser import chromium, violations
from tests.web.walk import SYSTEM, BrowserHand, pictures

pytestmark = pytest.mark.browser
PROCESSES = Path(__file__).parents[2] / "processes"
FILES, KEPT = read_files(), Kept()
DEPLOYMENT = Deployment(FILES)
FORMS = set(DEPLOYMENT.forms)
STARTS = {value for graph in DEPLOYMENT.graphs.values() for name, value, _ in graph.properties if name == "start.form"}
"""Forms that open a case or a module: pages of their own, with tests of their own."""
PICTURES = Path(os.environ["SCHULDHULP_PICTURES"]) if "SCHULDHULP_PICTURES" in os.environ else None
__all__ = ["chromium"]


def stories() -> list[Scenario]:
    """Every scenario, the long client stories first: they meet the most forms."""
    paths = sorted(PROCESSES.rglob("scenarios/*.yaml"), key=lambda path: (not path.stem.startswith("verhaal"), path))
    return [load_scenario(path.read_bytes(), name=path.name) for path in paths]


def walk(chromium: Browser, scenarios: list[Scenario], asked: set[str]) -> tuple[set[str], list[str]]:
    """The forms of *asked* that were filled in on the way of *scenarios*, each once, and what was wrong."""
    faults: list[str] = []
    walked: set[str] = set()
    look = _looker(faults, pictures(PICTURES))
    for scenario in scenarios:
        if walked >= asked:
            break
        hand = BrowserHand(scenario, chromium, lambda form: form in asked and form not in walked, look, walked)
        report = play(scenario, FILES, "straight", KEPT, hand)
        hand.close()
        faults += [f"{scenario.name}, {step.step}: {problem}" for step in report.steps for problem in step.problems]
        faults += [f"{scenario.name}: {fault}" for fault in hand.faults]
    return walked, faults


def test_the_forms_of_crisis_help_are_filled_in_with_a_browser(chromium: Browser) -> None:
    story = PROCESSES / "M2" / "scenarios" / "vroeg-klaar.yaml"
    walked, faults = walk(chromium, [load_scenario(story.read_bytes(), name=story.name)], FORMS - STARTS)

    assert faults == []
    assert len(walked) >= 6


@pytest.mark.endurance
def test_every_form_is_filled_in_with_a_browser_and_is_accessible(chromium: Browser) -> None:
    asked = FORMS - STARTS
    walked, faults = walk(chromium, stories(), asked)

    assert faults == []
    assert asked - walked == set()


def _looker(faults: list[str], keep: Callable[[Page, str], None]) -> Callable[[Page, str], None]:
    def look(page: Page, name: str) -> None:
        keep(page, name)
        if name.endswith("-ingevuld"):
            faults.extend(f"{name}: {fault}" for fault in violations(page))
            page.set_viewport_size({"width": 320, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                faults.append(f"{name}: does not fit in 320 pixels")
            page.set_viewport_size({"width": 1280, "height": 900})

    return look


def openings() -> list[tuple[Scenario, Step]]:
    """For each module that opens with a form, the first step of a scenario that opens it (in a new case)."""
    found: dict[str, tuple[Scenario, Step]] = {}
    for scenario in stories():
        step = scenario.steps[0]
        if step.action == "open" and step.refused is None and step.by is not None:
            found.setdefault(str(step.what), (scenario, step))
    return list(found.values())


@pytest.mark.parametrize(("scenario", "step"), [pytest.param(*one, id=str(one[1].what)) for one in openings()])
def test_a_case_is_opened_in_the_browser_with_the_form_of_the_module(
    scenario: Scenario, step: Step, chromium: Browser, tmp_path: Path
) -> None:
    assert step.at is not None
    assert step.by is not None
    moment = step.at
    engine = open_engine(Settings(f"sqlite:///{tmp_path / 'c.db'}", tmp_path / "keys", synchronous="OFF"), lambda: moment, KEPT)
    engine.deploy(with_settings(FILES, scenario), SYSTEM)
    faults: list[str] = []
    hand = BrowserHand(scenario, chromium, lambda _: True, _looker(faults, pictures(PICTURES)))
    by = Actor(account=list(scenario.people).index(step.by) + 1, role=scenario.people[step.by][0], program="test")

    opened = hand.open(engine, str(step.what), step.values, by)
    hand.close()

    assert faults == []
    assert hand.faults == []
    assert any(instance.module == step.what for instance in engine.case(opened).instances.values()) or engine.case(opened).ended
    engine.store.close()
