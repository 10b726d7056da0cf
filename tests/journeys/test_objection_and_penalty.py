"""Objection and penalty to the day, with every branch of their processes; story 4 from report to the end."""

from __future__ import annotations

import pytest

from schuldhulp.tasks.scenarios import MODES
from tests.journeys.playing import plays, shipped_story

IN_ALL_MODES = ("bezwaar/verhaal-4b-bram-houdt-vol", "dwangsom/te-laat-besloten")
STRAIGHT = (
    "bezwaar/verhaal-4a-bram-trekt-in",
    "bezwaar/te-laat",
    "bezwaar/commissie-aanvullen-verdagen",
    "dwangsom/nooit-besloten",
)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", IN_ALL_MODES)
def test_a_story_goes_the_same_whether_the_case_is_kept_reloaded_or_rebuilt(name: str, mode: str) -> None:
    plays(shipped_story(name), mode, name)


@pytest.mark.parametrize("name", STRAIGHT)
def test_a_story_goes_as_it_is_told(name: str) -> None:
    plays(shipped_story(name), "straight", name)
