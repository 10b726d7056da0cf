"""A decision is signed only by who stands in the register of mandates for it, once the organisation keeps one (C-W17)."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from schuldhulp.tasks.scenarios import load_scenario, play
from tests.journeys.broken import BPMN, CAMUNDA
from tests.journeys.playing import KEPT, shipped

STORY = "processes/M5/scenarios/verhaal-4-bram.yaml"
BO = "medewerker: 3"  # the third of the people in the story
SIGNING = "Afwijzing besluiten (L05a)"


def problems(mandates: str) -> list[str]:
    """What goes otherwise than in the story, with these entries in the register."""
    text = (Path(__file__).parents[2] / STORY).read_text(encoding="utf-8")
    text = text.replace("people:\n", f"parameters: {{mandaten: [{mandates}]}}\npeople:\n", 1)
    report = play(load_scenario(text.encode(), name=STORY), shipped(), "straight", KEPT)
    return [f"{step.step}: {problem}" for step in report.steps for problem in step.problems]


@pytest.mark.parametrize(
    "mandate",
    [
        f"{{{BO}, besluit: alle, grondslag: Mandaatbesluit 2026, van: 2026-01-01}}",
        f"{{{BO}, besluit: afwijzing, grondslag: Mandaatbesluit 2026, van: 2026-01-01, tot: 2026-12-31}}",
    ],
)
def test_who_has_the_mandate_signs(mandate: str) -> None:
    assert problems(mandate) == []


@pytest.mark.parametrize(
    "mandate",
    [
        f"{{{BO}, besluit: toelating, grondslag: Mandaatbesluit 2026, van: 2026-01-01}}",
        f"{{{BO}, besluit: alle, grondslag: Mandaatbesluit 2025, van: 2025-01-01, tot: 2026-03-15}}",
        "{medewerker: 99, besluit: alle, grondslag: Mandaatbesluit 2026, van: 2026-01-01}",
    ],
)
def test_nobody_signs_without_a_valid_mandate_for_this_decision(mandate: str) -> None:
    (problem,) = problems(mandate)
    assert SIGNING in problem
    assert "U staat niet in het mandaatregister voor dit besluit." in problem


def signed() -> list[tuple[str, str, list[str]]]:
    """Of every task that sends a decision (a letter with a remedy clause): its id, its letter, its preconditions."""
    found = []
    for path, data in shipped().items():
        for task in etree.fromstring(data).iter(f"{{{BPMN}}}userTask", f"{{{BPMN}}}sendTask") if path.endswith(".bpmn") else ():
            said = [(one.get("name"), one.get("value", "")) for one in task.iter(f"{{{CAMUNDA}}}property")]
            for letter in (value.split()[0] for name, value in said if name == "letter"):
                head = shipped()[f"tasks/letters/{letter}.md.j2"].decode().split("---")[1]
                if "clause: none" not in head:
                    found.append((task.get("id", ""), letter, [value for name, value in said if name == "precondition"]))
    return found


def test_every_decision_with_a_remedy_asks_for_the_mandate_and_looks_in_the_register() -> None:
    assert {letter for _, letter, _ in signed()} == {"L04", "L04b", "L05a", "L05b", "L11", "L15", "L24", "P04"}
    for task, letter, preconditions in signed():
        guards = [one for one in preconditions if one.startswith("C-W17 | blok")]
        assert any("mandaat_grondslag != null" in one for one in guards), (task, letter)
        assert any("p.mandaten" in one and "uitvoerder" in one for one in guards), (task, letter)
