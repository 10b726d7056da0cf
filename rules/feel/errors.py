"""What goes wrong in FEEL: syntax errors with a caret, limits, strict evaluation, and remarks about nulls."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """Why a value became null: a stable code, a sentence, and the place in the text (start and end are offsets).

    Codes: null-operand (a null came in; no error by itself), type-mismatch, argument-type, argument-count, argument-name,
    invalid-argument, invalid-literal, invalid-range, invalid-pattern, out-of-range, not-whole, not-a-number,
    division-by-zero, empty-list, index, duplicate-key, zone-mismatch, unknown-name, unknown-member, unknown-type, no-value
    (a name in scope without a value), no-match, no-clock, not-a-function, external, time-limit.
    """

    kind: str
    message: str
    text: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.message}\n{caret(self.text, self.start, self.end)}"


class FeelError(Exception):
    """Anything that FEEL refuses; every subclass has a message for people."""


class FeelPlaceError(FeelError):
    """An error at a place in a text; `start` and `end` are offsets, str() shows the line with a caret."""

    def __init__(self, text: str, start: int, end: int, message: str) -> None:
        self.text, self.start, self.end, self.message = text, start, end, message
        super().__init__(f"{message}\n{caret(text, start, end)}")

    @property
    def line(self) -> int:
        return self.text.count("\n", 0, self.start) + 1

    @property
    def column(self) -> int:
        return self.start - (self.text.rfind("\n", 0, self.start) + 1) + 1


class FeelSyntaxError(FeelPlaceError):
    """The text is not FEEL 1.5, or names something that is not in scope under `strict_names`."""


class UnknownName(FeelSyntaxError):
    """A name that is not in scope, under `strict_names`."""


class FeelEvaluationError(FeelPlaceError):
    """Strict evaluation met an error that would have become null; `remark` holds its kind."""

    def __init__(self, remark: Remark) -> None:
        self.remark = remark
        super().__init__(remark.text, remark.start, remark.end, remark.message)


class WorkLimitExceeded(FeelPlaceError):
    """The evaluation took more steps, or nested function calls deeper, than it was allowed."""


class FeelValueError(FeelError):
    """A Python value that FEEL has no kind for, or text that is not the literal of the kind asked for."""


class NullResult(Exception):
    """Raised inside an operation or a built-in: the result is null, for this reason."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind, self.message = kind, message
        super().__init__(message)


def caret(text: str, start: int, end: int) -> str:
    """The line of `text` that holds `start`, with a caret under the part from `start` to `end`."""
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", start)
    stop = len(text) if stop < 0 else stop
    first = max(begin, start - 80)
    last = min(stop, max(first + 120, start + 1))
    width = max(1, min(end, last) - start)
    pad = "".join("\t" if char == "\t" else " " for char in text[first:start])
    return f"    {text[first:last]}\n    {pad}{'^' * width}"
