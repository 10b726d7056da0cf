"""Every form is filled in once in a real browser, on the way of a client story through its module; each is accessible."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.library import Kept
from schuldhulp.tasks.scenarios import Scenario, load_scenario, play
from schuldhulp.tasks.scenarios.play import fill_in
from tests.web.test_browser import chromium, violations
from tests.web.walk import BrowserHand, pictures

pytestmark = pytest.mark.browser
PROCESSES = Path(__file__).parents[2] / "processes"
FILES, KEPT = read_files(), Kept()
PICTURES = Path(os.environ["SCHULDHULP_PICTURES"]) if "SCHULDHULP_PICTURES" in os.environ else None
__all__ = ["chromium"]


def forms_of(scenario: Scenario) -> set[str]:
    """The forms that are completed while a scenario plays."""
    found: set[str] = set()

    def hand(engine: Engine, case: str, task: int, *rest: object, **more: object) -> tuple[object, ...]:
        form = engine.case(case).tasks[task].form
        done = fill_in(engine, case, task, *rest, **more)  # type: ignore[arg-type]
        if form is not None and not more.get("letters"):
            found.add(form)
        return done

    play(scenario, FILES, "straight", KEPT, hand)
    return found


def stories() -> list[tuple[Scenario, set[str]]]:
    """As few scenarios as it takes to meet every form, each with the forms to fill in there."""
    scenarios = [load_scenario(path.read_bytes(), name=path.name) for path in sorted(PROCESSES.rglob("scenarios/*.yaml"))]
    ways = [(scenario, forms_of(scenario)) for scenario in scenarios]
    left = set().union(*(forms for _, forms in ways))
    chosen = []
    while left:
        scenario, forms = max(ways, key=lambda way: len(way[1] & left))
        chosen.append((scenario, forms & left))
        left -= forms
    return chosen


def test_every_form_is_filled_in_with_a_browser_and_is_accessible(chromium: Browser) -> None:
    faults: list[str] = []
    walked: set[str] = set()
    keep = pictures(PICTURES)
    for scenario, forms in stories():
        hand = BrowserHand(scenario, chromium, _once(forms, walked), _looker(faults, keep))
        report = play(scenario, FILES, "straight", KEPT, hand)
        faults += [f"{scenario.name}, {step.step}: {problem}" for step in report.steps for problem in step.problems]
        faults += [f"{scenario.name}: {fault}" for fault in hand.faults]
        walked |= hand.walked
    assert faults == []
    assert len(walked) >= 48


def _once(forms: set[str], walked: set[str]) -> Callable[[str], bool]:
    return lambda form: form in forms and form not in walked


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
