"""Names that formulas of a form see: the answers as they stand, over the data of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schuldhulp.engine.definitions.forms.formula import FormulaError, compile_formula
from schuldhulp.engine.definitions.forms.read import SURROUNDINGS
from schuldhulp.rules.feel import to_python
from schuldhulp.tasks.forms.raw import Context


class Names(Mapping[str, Any]):
    """Plain values by name. A derived datum is worked out anew from the answers, so that it never lags behind them."""

    def __init__(self, context: Context, answers: Mapping[str, Any], deriving: frozenset[str] = frozenset()) -> None:
        self._context, self._answers, self._deriving = context, answers, deriving

    def inside(self, item: Mapping[str, Any]) -> Names:
        """The same names with those of one row of a list before them."""
        return Names(self._context, {**self._answers, **item}, self._deriving)

    def __getitem__(self, name: str) -> Any:
        if name in self._answers:
            return self._answers[name]
        dictionary = self._context.dictionary
        entry = dictionary.entries.get(name) if dictionary else None
        if dictionary is not None and entry is not None and entry.derived is not None and name not in self._deriving:
            formula = compile_formula(entry.derived, frozenset(dictionary.entries) | SURROUNDINGS, strict=False)
            try:
                return formula.value(Names(self._context, self._answers, self._deriving | {name}), self._context.now)
            except FormulaError:
                return None
        if entry is not None and name not in self._context.data:
            return None
        return to_python(self._context.data[name])

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._answers, *self._context.data, *(self._context.dictionary or ())]))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        known = self._context.dictionary
        return name in self._answers or name in self._context.data or (known is not None and name in known)
