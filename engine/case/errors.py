"""Why a command is refused. Each says what, where and what to do; nothing has changed when one is raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any


class CommandRefused(Exception):
    """Base: the command cannot be carried out. `code` is stable, for programs."""

    code = "refused"


class NoSuchThing(CommandRefused):
    """The case has no such open task, instance, term ..."""

    code = "not-found"

    def __init__(self, what: str, number: object, number_of_case: str) -> None:
        self.what, self.number = what, number
        super().__init__(f"case {number_of_case} has no open {what} {number}.")


class TaskClosed(CommandRefused):
    """The task was ended by another, or by the process."""

    code = "task-closed"

    def __init__(self, task: int, how: str, by: str | None, at: datetime | None) -> None:
        self.task, self.how, self.by, self.at = task, how, by, at
        when = f" at {at:%d-%m-%Y %H:%M}" if at else ""
        who = f" by {by}" if by else ""
        super().__init__(f"task {task} is already {how}{who}{when}. Your input was kept as a draft.")


class TaskClaimedByOther(CommandRefused):
    """Another person has the task."""

    code = "task-claimed"

    def __init__(self, task: int, by: int, at: datetime | None) -> None:
        self.task, self.by, self.at = task, by, at
        when = f" since {at:%d-%m-%Y %H:%M}" if at else ""
        super().__init__(
            f"task {task} was claimed by account {by}{when}. Ask to release it, or have it assigned to you."
        )


class DataChanged(CommandRefused):
    """A datum that the form showed was changed by another in the meantime. `values`: key -> (shown then, now)."""

    code = "data-changed"

    def __init__(self, task: int, values: Mapping[str, tuple[Any, Any]]) -> None:
        self.task, self.values = task, dict(values)
        keys = ", ".join(values)
        super().__init__(
            f"task {task}: changed by another since you opened it: {keys}. Look at the new values and send again."
        )


class NotAllowed(CommandRefused):
    """The role may not do this."""

    code = "not-allowed"

    def __init__(self, what: str, role: str, needed: Sequence[str]) -> None:
        self.what, self.role, self.needed = what, role, tuple(needed)
        super().__init__(f"{what} is for {' or '.join(needed) or 'nobody'}, not for {role}.")


class PreconditionFailed(CommandRefused):
    """Preconditions of the step do not hold: list of (requirement, Dutch sentence, blocking)."""

    code = "precondition"

    def __init__(self, failed: Sequence[tuple[str, str, bool]]) -> None:
        self.failed = tuple(failed)
        lines = [f"{requirement}: {sentence}" for requirement, sentence, _ in failed]
        hint = "" if any(hard for _, _, hard in failed) else " Give a reason to go on all the same."
        super().__init__("; ".join(lines) + hint)

    @property
    def blocking(self) -> bool:
        return any(hard for _, _, hard in self.failed)


class ReasonNeeded(CommandRefused):
    """A deviation needs a reason."""

    code = "reason-needed"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} needs a reason of a few words.")


class NotNow(CommandRefused):
    """The state of the case does not allow this."""

    code = "not-now"


class TermRefused(CommandRefused):
    """The law does not allow this of a term; the text names the article."""

    code = "term"


class BadData(CommandRefused):
    """Values do not fit the dictionary."""

    code = "bad-data"


class ModelFailed(CommandRefused):
    """The model cannot go on: no way out of a gateway, a loop without end, ... Rolled back and kept as an incident."""

    code = "model"

    def __init__(self, element: str | None, message: str, instance: int | None = None) -> None:
        self.element, self.instance = element, instance
        super().__init__(message)


class ExpressionFailed(ModelFailed):
    """An expression of the model could not be evaluated."""

    code = "expression"

    def __init__(self, element: str, text: str, why: str, instance: int | None = None) -> None:
        self.text, self.why = text, why
        super().__init__(element, f"{element}: {text!r}: {why}", instance)


class ClockWentBack(CommandRefused):
    """The clock is before the case's last fact."""

    code = "clock"

    def __init__(self, now: datetime, last: datetime) -> None:
        super().__init__(
            f"it is {now.isoformat()} but this case was last changed at {last.isoformat()}: check the clock."
        )
