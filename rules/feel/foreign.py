"""Texts that can be read as FEEL but were meant in another language: a check refuses them, evaluating gives null."""

from __future__ import annotations

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.errors import FeelSyntaxError
from schuldhulp.rules.feel.expressions import Compiled


def refuse_foreign(compiled: Compiled) -> None:
    """Raises FeelSyntaxError for a field of a literal, as in `"text".execute()`: that is a method of another language."""
    waiting: list[nodes.Part] = [compiled.tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, nodes.Path) and isinstance(part.subject, nodes.Text | nodes.Number | nodes.Boolean):
            message = f"a literal has no field {part.name!r}; FEEL has functions instead, as in upper case(x)"
            raise FeelSyntaxError(compiled.text, part.start, part.end, message)
        waiting.extend(nodes.parts(part))
