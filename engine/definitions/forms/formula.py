"""FEEL in forms: conditions, computed values, and words with FEEL between braces. Plain values in, plain values out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from schuldhulp.engine.definitions import dutch
from schuldhulp.rules.feel import Compiled, FeelError, compile_expression, feel_value, refuse_foreign, to_python


class FormulaError(ValueError):
    """A formula is not FEEL, or cannot be worked out within its limits; the text shows where."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A FEEL expression, read once."""

    text: str
    compiled: Compiled = field(repr=False, compare=False)

    def value(self, scope: Mapping[str, Any], now: datetime) -> Any:
        """What it gives with these names in scope (plain values); None for null. Raises FormulaError."""
        try:
            return to_python(self.compiled(_AsFeel(scope), now=now))
        except FeelError as error:
            raise FormulaError(str(error)) from error


class _AsFeel(Mapping[str, Any]):
    """Plain values as FEEL sees them, made when they are asked for."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self._plain = plain

    def __getitem__(self, name: str) -> Any:
        return feel_value(self._plain[name])

    def __contains__(self, name: object) -> bool:
        return name in self._plain

    def __iter__(self) -> Iterator[str]:
        return iter(self._plain)

    def __len__(self) -> int:
        return len(self._plain)


@lru_cache(maxsize=4096)
def compile_formula(text: str, names: frozenset[str], strict: bool = True) -> Formula:
    """*text* read with *names* in scope; a leading `=` may stand before it. Raises FormulaError.

    `strict`: a name that is not among them is an error; else it is null.
    """
    try:
        compiled = compile_expression(text.strip().removeprefix("="), names, strict_names=strict)
        refuse_foreign(compiled)
        return Formula(text, compiled)
    except FeelError as error:
        raise FormulaError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Template:
    """Words, with formulas among them."""

    pieces: tuple[str | Formula, ...]

    @property
    def formulas(self) -> bool:
        return any(isinstance(piece, Formula) for piece in self.pieces)

    def text(
        self,
        scope: Mapping[str, Any],
        now: datetime,
        quote: Callable[[str], str] | None = None,
        say: Callable[[Formula, Any], str | None] | None = None,
    ) -> str:
        """The words; for a formula that gives nothing, or fails, it says that this is not known yet. `say` puts what a formula
        gives into words, or leaves it with None; what follows on "€ " is an amount. `quote` is applied to what formulas give.
        """
        words = ""
        for piece in self.pieces:
            if isinstance(piece, str):
                words += piece
                continue
            value = _value(piece, scope, now)
            if value is None:
                words = words.removesuffix("€ ") + UNKNOWN
                continue
            amount = dutch.amount(value) if words.endswith("€ ") and isinstance(value, Decimal | int) else None
            known = amount or (say(piece, value) if say else None)
            told = known if known is not None else value if isinstance(value, str) else _dutch(value)
            words += quote(told) if quote else told
        return words


UNKNOWN = "nog niet bekend"


def _value(formula: Formula, scope: Mapping[str, Any], now: datetime) -> Any:
    try:
        return formula.value(scope, now)
    except FormulaError:
        return None


def _dutch(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list):
        return ", ".join(_dutch(item) for item in value)
    if hasattr(value, "strftime"):
        return str(value.strftime("%d-%m-%Y %H:%M" if hasattr(value, "hour") else "%d-%m-%Y"))
    return str(value).replace(".", ",") if not isinstance(value, str) else value


_BRACES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def compile_template(text: str, names: frozenset[str]) -> Template:
    """Words with FEEL between {{ and }}; the other forms of form-js templates ({{#if ..}}) are refused."""
    pieces: list[str | Formula] = []
    at = 0
    for match in _BRACES.finditer(text):
        inside = match[1].strip()
        if inside[:1] in ("#", "/"):
            raise FormulaError(f"{{{{{inside}}}}} is not supported: use two texts with a 'hide' condition each")
        pieces += [text[at : match.start()], compile_formula(inside, names)]
        at = match.end()
    pieces.append(text[at:])
    return Template(tuple(piece for piece in pieces if piece != ""))
