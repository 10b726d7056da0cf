"""A decision is signed only by who stands in the register of mandates for it, once the organisation keeps one (C-W17)."""

from __future__ import annotations

from pathlib import Path

import pytest

from schuldhulp.tasks.scenarios import load_scenario, play
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
