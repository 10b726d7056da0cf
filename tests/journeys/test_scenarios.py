"""Every scenario beside the processes, in every mode: to the day and the cent, refusals included."""

from __future__ import annotations

from pathlib import Path

import pytest

from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle.library import Kept
from schuldhulp.tasks.scenarios import MODES, load_scenario, play

PROCESSES = Path(__file__).parents[2] / "processes"
STORIES = sorted(PROCESSES.rglob("scenarios/*.yaml"))
KEPT = Kept()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("story", STORIES, ids=[f"{story.parts[-3]}-{story.stem}" for story in STORIES])
def test_a_client_story_comes_out_as_written(story: Path, mode: str) -> None:
    scenario = load_scenario(story.read_bytes(), name=story.name)
    report = play(scenario, read_files(), mode, KEPT)

    assert report.passed, [f"{step.step}: {problem}" for step in report.steps for problem in step.problems]


def test_the_stories_of_the_first_release_are_there() -> None:
    names = {story.stem for story in STORIES}

    assert {"verhaal-1-fenna", "verhaal-2-joris", "verhaal-4-bram"} <= names


def test_a_scenario_that_expects_something_else_fails() -> None:
    story = next(story for story in STORIES if story.stem == "geen-crisis")
    wrong = story.read_bytes().replace(b"M5: running", b"M5: completed").replace(b"wgs-4-1-a: 20", b"wgs-4-1-a: 19")
    scenario = load_scenario(wrong, name=story.name)

    assert not play(scenario, read_files(), "straight", KEPT).passed
