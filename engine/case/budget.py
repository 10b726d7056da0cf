"""What one command may still do in a case: a model that goes on for ever is stopped here, with an error and no harm done.

Counted in steps and not in time, so that a command is refused today and in ten years at the same place.
"""

from __future__ import annotations

from dataclasses import dataclass

from schuldhulp.engine.case.errors import ModelFailed

MAX_STIMULI = 5_000
"""Steps of processes in one command."""
MAX_MOVES = 40_000
"""Moves of tokens in one command."""
MAX_INSTANCES = 1_000
"""Processes of one case that may run at the same time."""
MAX_WORK = 2_000_000
"""Steps of FEEL in one command, in all its expressions, tables and derived data."""
MAX_WORK_OF_ONE = 300_000
"""Steps of FEEL in one expression or decision."""
PER_EXPRESSION = 50
"""What beginning an expression costs, in steps of FEEL."""
PER_LETTER = 10_000
"""What a letter costs at most, in steps of FEEL."""


@dataclass
class Budget:
    """Counts down; raises ModelFailed at the end."""

    stimuli: int = MAX_STIMULI
    moves: int = MAX_MOVES
    work: int = MAX_WORK

    def stimulus(self, element: str | None, instance: int | None) -> None:
        self.stimuli -= 1
        if self.stimuli < 0:
            raise ModelFailed(
                element,
                f"the processes of this case went on for {MAX_STIMULI:,} steps without coming to rest. Look for a loop "
                f"without a task, event or condition that stops it.",
                instance,
            )

    def moved(self, facts: int) -> None:
        """A step of the executor with so many facts: about two for each move."""
        self.moves = max(0, self.moves - facts // 2)

    def one(self) -> int:
        """How many steps of FEEL the next expression may take."""
        return min(MAX_WORK_OF_ONE, max(0, self.work))

    def spend(self, steps: int, element: str | None, instance: int | None) -> None:
        self.work -= steps
        if self.work < 0:
            raise ModelFailed(
                element,
                f"the expressions of this command need more than {MAX_WORK:,} steps together. Look for a loop, a long "
                f"list or text that grows, or a letter that is sent again and again.",
                instance,
            )
