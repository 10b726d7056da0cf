"""What is wrong with a model or a table, all of it at once, each with a place and a remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from schuldhulp.rules.dmn.model import Place

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The designer's own text and the part of it that is meant (half-open positions)."""

    text: str
    start: int
    end: int

    def render(self) -> str:
        """The line of the text that holds `start`, with carets below the part meant.

        >>> print(Excerpt(">= EUR 500", 3, 6).render())
            >= EUR 500
               ^^^
        """
        line_start = self.text.rfind("\n", 0, self.start) + 1
        line_end = self.text.find("\n", self.start)
        line = self.text[line_start : line_end if line_end >= 0 else None]
        column = self.start - line_start
        width = max(1, min(self.end, line_start + len(line)) - self.start)
        lead = "".join("\t" if mark == "\t" else " " for mark in line[:column])
        return f"    {line}\n    {lead}{'^' * width}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint: what, where, and what to do. `counter_example` holds inputs that show it, when there are any."""

    severity: Severity
    code: str
    message: str
    remedy: str
    place: Place
    counter_example: Mapping[str, object] | None = None
    excerpt: Excerpt | None = None
    rules: tuple[int, ...] = ()

    def render(self) -> str:
        lines = [f"{self.place}: {self.message}"]
        if self.excerpt is not None:
            lines.append(self.excerpt.render())
        if self.remedy:
            lines.append(f"    {self.remedy}")
        return "\n".join(lines)


class DmnErrors(Exception):
    """A model was refused; `findings` holds every complaint, in the order of the file."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(finding.render() for finding in self.findings))
