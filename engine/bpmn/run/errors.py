"""Why a step was refused. Nothing of a refused step is kept: the caller still has the state it gave."""

from __future__ import annotations

from schuldhulp.engine.bpmn.run.contract import Purpose


class StepError(Exception):
    """Base: a step that could not be taken. `element` is the id of the flow node concerned, when there is one."""

    def __init__(self, element: str | None, message: str) -> None:
        self.element = element
        super().__init__(message)


class Refused(StepError):
    """The stimulus is not possible in this state; the message says why and what to do."""


class BudgetExceeded(StepError):
    """One step moved more tokens than it may: almost always a loop without a wait in it."""

    def __init__(self, element: str, budget: int) -> None:
        self.budget = budget
        super().__init__(
            element,
            f"{element}: more than {budget} moves in one step. The process goes round without waiting for anyone or "
            f"anything; put a task, event or condition in the loop that stops it.",
        )


class NoFlowTaken(StepError):
    """No condition of the outgoing flows is true and there is no default flow (BPMN 2.0.2, 13.4.2 and 13.4.3)."""

    def __init__(self, element: str) -> None:
        super().__init__(
            element,
            f"{element}: none of the conditions on its outgoing flows is true and it has no default flow. "
            f"Mark one flow as default, or make the conditions cover this case.",
        )


class InvalidAnswer(StepError):
    """An expression gave something that cannot be used there."""

    def __init__(self, element: str, purpose: Purpose, answer: object, wanted: str) -> None:
        self.purpose, self.answer = purpose, answer
        super().__init__(element, f"{element}: the {purpose} expression must give {wanted}, but gave {answer!r}.")


class CompensationLogFull(StepError):
    """A scope would remember more completed activities for compensation than it may."""

    def __init__(self, element: str, limit: int) -> None:
        self.limit = limit
        super().__init__(
            element,
            f"{element}: more than {limit} completed activities wait here for a possible compensation. "
            f"Put the loop in a sub-process of its own, or take the compensation handler out of the loop.",
        )


class NotPlain(StepError):
    """A value that the state would have to keep is not plain data."""

    def __init__(self, element: str | None, value: object) -> None:
        self.value = value
        super().__init__(
            element,
            f"{element or 'state'}: cannot keep {value!r} ({type(value).__name__}); give text, numbers, booleans, "
            f"dates, times, durations, lists or contexts of these.",
        )


class ReplayMismatch(StepError):
    """While rebuilding, the executor asked something else than what was recorded."""

    def __init__(self, element: str, asked: str, recorded: str) -> None:
        self.asked, self.recorded = asked, recorded
        super().__init__(element, f"{element}: the rebuilt process asked {asked}, but {recorded}.")
