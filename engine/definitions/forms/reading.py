"""What is gathered while a form file is read: findings, and the names that its formulas may use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schuldhulp.engine.bpmn.graph import Finding, Place, Severity
from schuldhulp.engine.definitions.forms.formula import (
    Formula,
    FormulaError,
    Template,
    compile_formula,
    compile_template,
)
from schuldhulp.rules.dictionary import Dictionary, Entry

_KEY = re.compile(r".*\(([^()]+)\)")


@dataclass
class Reading:
    """What is gathered while a file is read."""

    file: str
    dictionary: Dictionary | None
    lines: Sequence[str] = ()
    names: frozenset[str] = frozenset()
    findings: list[Finding] = field(default_factory=list)
    count: int = 0

    def complain(self, place: str, message: str, remedy: str, line: int = 0) -> None:
        """`place` is a path in the file, such as `components[3] (naam).label`."""
        where = Place(self.file, line or self._line(place))
        self.findings.append(Finding(Severity.ERROR, "form", f"{message}.", f"{remedy}.", where, place or None))

    def _line(self, place: str) -> int:
        """The line of the component's key: JSON that was read tells no lines."""
        named = _KEY.search(place)
        key = re.compile(rf'"(?:key|path|id)"\s*:\s*"{re.escape(named[1])}"') if named else None
        return next((number for number, line in enumerate(self.lines, 1) if key and key.search(line)), 1)

    def formula(self, text: object, place: str, names: frozenset[str]) -> Formula | None:
        """The FEEL in *text*; None (and a finding) when it is not FEEL."""
        if not isinstance(text, str) or not text.strip().removeprefix("=").strip():
            self.complain(
                place, f"expected a FEEL expression, found {text!r}", 'Write FEEL, such as = dreiging != "geen"'
            )
            return None
        try:
            return compile_formula(text, names)
        except FormulaError as error:
            self.complain(place, str(error), "Mend the FEEL expression; names are keys of the dictionary")
            return None

    def template(self, text: object, place: str, names: frozenset[str]) -> Template | None:
        """Words with FEEL between {{ and }}; None for no words at all."""
        if text is None or text == "":
            return None
        if not isinstance(text, str):
            self.complain(place, f"expected text, found {text!r}", "Write words between quotes")
            return None
        try:
            return compile_template(text, names)
        except FormulaError as error:
            self.complain(place, str(error), "Mend the FEEL between {{ and }}, or leave the braces out")
            return None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a part stands: its place in the file, the data it may ask for, and whether it is inside a list."""

    place: str
    entries: Mapping[str, Entry] | None
    names: frozenset[str] = frozenset()
    in_list: bool = False
    depth: int = 0
