"""What the check is told about the world around a model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

FeelCheck = Callable[[str, Collection[str] | None], str | None]
"""(text, names in scope or None when they are not known) -> what is wrong with it, with a caret; None when nothing."""


@dataclass(frozen=True, slots=True)
class CheckContext:
    """Everything is optional: what is None is not checked.

    `dialect`: judge the model as something that our engine must run. False judges it by the letter of BPMN 2.0.2 alone:
    whatever its expressions and extensions say, but with the rules that the dialect relaxes (ADR 0002).
    `feel`: compiles a FEEL text. `names`: data of the dictionary, known in every expression (None: names are free).
    `forms`, `processes`, `roles`, `terms`, `letters`: the keys that exist. `decisions`: decision -> names of its inputs.
    """

    dialect: bool = True
    feel: FeelCheck | None = None
    names: Collection[str] | None = None
    forms: Collection[str] | None = None
    decisions: Mapping[str, Collection[str]] | None = None
    processes: Collection[str] | None = None
    roles: Collection[str] | None = None
    terms: Collection[str] | None = None
    letters: Collection[str] | None = None
