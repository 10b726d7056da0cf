"""Every form is filled in once in a real browser, on the way of a client story; each is accessible and speaks plain Dutch.

Every form: `pytest -m endurance tests/web/test_walk.py -n 2 -s`; pictures of all of them in a folder with SCHULDHULP_PICTURES.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from schuldhulp.tasks.scenarios import Scenario, play
from tests.web.test_browser import chromium, violations
from tests.web.walk import BrowserHand, Look
from tests.web.walk_plan import FILES, KEPT, forms, planned, scenario_of, start_forms

pytestmark = pytest.mark.browser
PLAN = planned()
CRISIS = {
    "M2-melding": 1, "M2-verificatie": 1, "M2-afspraken": 1, "M2-herfinanciering": 1, "M2-rustgesprek": 1, "M2-maatregel": 2,
    "M2-afronden": 1,
}  # fmt: skip
WRONGLY = frozenset({
    "M5-aanmelding", "M6-gegevens", "M2-verificatie", "M3-aanvraag-fonds", "M8-voorstel", "M4-brief", "M7-plan",
    "M9-hulpverleners", "M10-gesprek", "M1-signaal", "bezwaar-horen-plannen", "klacht-ontvangst",
    "machtiging-schriftelijk", "avg-ontvangst",
})  # fmt: skip
"""Forms that are filled in wrongly before they are filled in rightly."""
PICTURES = Path(os.environ["SCHULDHULP_PICTURES"]) if "SCHULDHULP_PICTURES" in os.environ else None
NOT_FOR_PEOPLE = {
    "a key of a datum": re.compile(r"\b[a-z][a-z0-9]*_[a-z0-9_]+\b"),
    "a date that is not written the Dutch way": re.compile(r"\b\d{4}-\d\d-\d\d\b"),
    "a word of a program": re.compile(r"\b(?:null|None|undefined|NaN|True|False|true|false)\b"),
    "an amount that is not written the Dutch way": re.compile(r"€ ?-?(?:\d{4,}|[\d.]+\.\d\d\b(?!\d)|\d+,\d{3})"),
}
__all__ = ["chromium"]


def walk(chromium: Browser, scenario: Scenario, wanted: Mapping[str, int]) -> None:
    """Play a scenario; the forms of *wanted* by browser."""
    faults: list[str] = []
    hand = BrowserHand(scenario, chromium, wanted, _looker(faults), _told, WRONGLY)
    report = play(scenario, FILES, "straight", KEPT, hand)
    hand.close()
    faults += [*hand.faults, *(f"{step.step}: {problem}" for step in report.steps for problem in step.problems)]
    for fault in faults:
        print(f"  {scenario.file}: {fault}", file=sys.stderr, flush=True)

    assert not faults, "\n".join(faults)
    assert set(wanted) - hand.walked == set()


def openings() -> dict[str, Scenario]:
    """Start form -> the opening of a case with it. Modules that are only ever started in a case that is there are left out."""
    scenarios, starting = [(scenario_of(name), each) for name, each in PLAN.items()], start_forms()
    return {
        form: replace(scenario, steps=scenario.steps[:1])
        for scenario, each in scenarios
        for form in each.keys() & starting.get(str(scenario.steps[0].what), set())
        if scenario.steps[0].action == "open" and scenario.steps[0].refused is None
    }


def test_every_form_has_its_place_in_the_walk() -> None:
    assert forms() == {form for each in PLAN.values() for form in each}, "plan anew: python -m tests.web.walk_plan"


def test_the_forms_of_crisis_help_are_filled_in_with_a_browser(chromium: Browser) -> None:
    walk(chromium, scenario_of("M2/vroeg-klaar"), CRISIS)


@pytest.mark.parametrize(("form", "scenario"), openings().items(), ids=openings())
def test_a_case_is_opened_in_the_browser_with_the_form_of_the_module(form: str, scenario: Scenario, chromium: Browser) -> None:
    walk(chromium, scenario, {form: 1})


@pytest.mark.endurance
@pytest.mark.parametrize("name", PLAN)
def test_every_form_is_filled_in_with_a_browser_and_is_accessible(name: str, chromium: Browser) -> None:
    walk(chromium, scenario_of(name), PLAN[name])


def _told(form: str, seconds: float) -> None:
    print(f"{form:32} {seconds:6.1f} s", file=sys.stderr, flush=True)


def _looker(faults: list[str]) -> Look:
    def look(page: Page, name: str) -> None:
        _keep(page, name)
        faults.extend(f"{name}: {fault}" for fault in _odd_words(page))
        if name.endswith(("-ingevuld", "-fout")):
            faults.extend(f"{name}: {fault}" for fault in violations(page))
            page.set_viewport_size({"width": 320, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                faults.append(f"{name}: does not fit in 320 pixels")
            _keep(page, f"{name}-smal")
            page.set_viewport_size({"width": 1280, "height": 900})

    return look


def _odd_words(page: Page) -> list[str]:
    text = page.locator("main").inner_text()
    return [f"shows {what}: {found[0]!r}" for what, odd in NOT_FOR_PEOPLE.items() if (found := odd.search(text))]


def _keep(page: Page, name: str) -> None:
    if PICTURES is not None and not name.endswith("-leeg"):
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
