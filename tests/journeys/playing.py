"""Playing a story against the definitions that ship, in each mode."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle.library import Kept
from schuldhulp.tasks.scenarios import load_scenario, play

KEPT = Kept()


@cache
def shipped() -> Mapping[str, bytes]:
    return read_files()


@cache
def part(*modules: str) -> Mapping[str, bytes]:
    """What ships, with these processes alone and the forms and letters that they name: quick to deploy."""
    files = shipped()
    kept = {path: data for path, data in files.items() if path.startswith(tuple(f"processes/{module}/" for module in modules))}
    text = b"".join(data for path, data in kept.items() if path.endswith(".bpmn")).decode()
    named = set(re.findall(r"[\w-]+", text))
    others = (path for path in files if not path.startswith("processes/"))
    return {**kept, **{path: files[path] for path in others if not _of_tasks(path) or path.split("/")[-1].split(".")[0] in named}}


def _of_tasks(path: str) -> bool:
    return path.startswith(("tasks/forms/", "tasks/letters/"))


def plays(text: str, mode: str, name: str = "story.yaml", files: Mapping[str, bytes] | None = None) -> None:
    """Fails with every step that did not go as it should."""
    report = play(load_scenario(text.encode(), name=name), files or shipped(), mode, KEPT)
    assert report.passed, "\n".join(f"{step.step}: {problem}" for step in report.steps for problem in step.problems)
