"""Playing a story against the definitions that ship, in each mode."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle.library import Kept
from schuldhulp.tasks.scenarios import load_scenario, play

KEPT = Kept()


@cache
def shipped() -> Mapping[str, bytes]:
    return read_files()


def plays(text: str, mode: str, name: str = "story.yaml", files: Mapping[str, bytes] | None = None) -> None:
    """Fails with every step that did not go as it should."""
    report = play(load_scenario(text.encode(), name=name), files or shipped(), mode, KEPT)
    assert report.passed, "\n".join(f"{step.step}: {problem}" for step in report.steps for problem in step.problems)
