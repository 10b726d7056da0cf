"""A letter as frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field

from jinja2 import Template

CHANNELS = ("post", "email", "portal", "handed_over")
CLAUSES = {
    "none": (),
    "bezwaar": ("bezwaar", "zes weken"),
    "beroep": ("beroep", "zes weken"),
}
"""Clauses on legal remedies (Awb 3:45, 6:23), and the words that a letter with one must hold (the term: Awb 6:7)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that can be made. `names`: data that its text refers to; `hash`: SHA-256 of the file."""

    key: str
    file: str
    addressee: str
    channel: str
    clause: str
    hash: str
    names: frozenset[str]
    subject: Template = field(repr=False, compare=False)
    body: Template = field(repr=False, compare=False)
    body_line: int = 1
    address: Template | None = field(default=None, repr=False, compare=False)
    """Who it goes to, line by line, when that is not the client (whose address is in the file)."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter as written: one line of subject, and the text in Markdown."""

    subject: str
    text: str


class LetterError(ValueError):
    """A letter cannot be made from these data: which file and line, why, and what to do."""

    def __init__(self, file: str, line: int, message: str, remedy: str) -> None:
        self.file, self.line, self.message, self.remedy = file, line, message, remedy
        super().__init__(f"{file}, line {line}: {message}. {remedy}.")
