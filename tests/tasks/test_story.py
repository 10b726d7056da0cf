"""The history of a case in Dutch."""

from __future__ import annotations

import ast
from pathlib import Path

import schuldhulp.engine.handle
from schuldhulp.tasks.story import COMMANDS

NAMING = {"_command", "_given", "_on_term", "_answer"}


def commands() -> set[str]:
    """Names of the commands that the engine keeps of a case, as they stand in its own text."""
    found: set[str] = set()
    for path in Path(next(iter(schuldhulp.engine.handle.__path__))).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in NAMING:
                found |= {one.value for one in node.args[:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


def test_every_command_has_a_dutch_headline() -> None:
    assert len(commands()) > 30
    assert commands() - COMMANDS.keys() == set()
