"""Rebuilding: the same steps again, with the recorded answers instead of an evaluator."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from schuldhulp.engine.bpmn.run.contract import Answered, Fact, Question
from schuldhulp.engine.bpmn.run.errors import ReplayMismatch


class Replay:
    """An `Evaluate` that gives recorded answers back in order."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._answers = [fact for fact in facts if isinstance(fact, Answered)]
        self._next = 0

    def __call__(self, question: Question) -> Any:
        """The next recorded answer. Raises ReplayMismatch when it was an answer to something else."""
        asked = f"{question.purpose} of {question.element}"
        if self._next >= len(self._answers):
            raise ReplayMismatch(question.element, asked, "no answer is left in the record")
        recorded = self._answers[self._next]
        if (recorded.element, recorded.purpose) != (question.element, question.purpose):
            raise ReplayMismatch(
                question.element, asked, f"the record has the {recorded.purpose} of {recorded.element} next"
            )
        self._next += 1
        return recorded.answer

    def finish(self) -> None:
        """Raises ReplayMismatch when recorded answers were not asked for."""
        if self._next < len(self._answers):
            left = self._answers[self._next]
            raise ReplayMismatch(left.element, "nothing more", f"the record has the {left.purpose} of {left.element}")


def replaying(facts: Iterable[Fact]) -> Replay:
    """An `Evaluate` for rebuilding the step or steps that gave *facts*."""
    return Replay(facts)
