"""A scenario that claims to show a requirement fails when what the requirement is cited on is broken."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle.library import Kept
from schuldhulp.tasks.scenarios import load_scenario, play
from tests.journeys.broken import broken

PROCESSES = Path(__file__).parents[2] / "processes"
FILES = read_files()


def claims() -> list[tuple[Path, str]]:
    """Every scenario with every id that it claims and that a task is cited on."""
    found = []
    for path in sorted(PROCESSES.rglob("scenarios/*.yaml")):
        shows = load_scenario(path.read_bytes(), name=path.name).shows
        found += [(path, requirement) for requirement in shows if broken(FILES, requirement)[1]]
    return found


def noticed(path: Path, requirement: str) -> bool:
    files, _ = broken(FILES, requirement)
    return not play(load_scenario(path.read_bytes(), name=path.name), files, "straight", Kept()).passed


def test_twenty_claims_taken_at_random_fail_when_what_they_show_is_broken() -> None:
    sample = random.Random(2016).sample(claims(), 20)

    assert [f"{path.stem}: {requirement}" for path, requirement in sample if not noticed(path, requirement)] == []


@pytest.mark.endurance
def test_every_claim_fails_when_what_it_shows_is_broken() -> None:
    assert [f"{path.stem}: {requirement}" for path, requirement in claims() if not noticed(path, requirement)] == []
