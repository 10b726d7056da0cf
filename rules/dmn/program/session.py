"""One act of deciding: its clock, limits and external functions, and what it notes on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from schuldhulp.rules.dmn.errors import ExpressionFailed, Remark
from schuldhulp.rules.dmn.findings import Excerpt
from schuldhulp.rules.dmn.model import Key, Place
from schuldhulp.rules.feel.callables import DEFAULT_LIMIT, External, Run
from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.feel.temporal import DaysTimeDuration, FeelDate, YearsMonthsDuration
from schuldhulp.rules.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DAYS_TIME_DURATION,
    NUMBER,
    STRING,
    YEARS_MONTHS_DURATION,
    FeelType,
    coerce,
)
from schuldhulp.rules.feel.values import Value

if TYPE_CHECKING:
    from schuldhulp.rules.dmn.program.table import CompiledTable

Scope = dict[str, Value]
Evaluate = Callable[[Scope, "Session"], Value]
_PYTHON: dict[FeelType, type] = {
    NUMBER: Decimal,
    STRING: str,
    BOOLEAN: bool,
    DATE: FeelDate,
    YEARS_MONTHS_DURATION: YearsMonthsDuration,
    DAYS_TIME_DURATION: DaysTimeDuration,
}


def python_type(kind: FeelType) -> type | None:
    """The Python class whose values are all of that type; None for a type that says more than its kind."""
    return _PYTHON.get(kind)


HARMLESS = frozenset({"null-operand"})  # a null that went in, not an error: strict deciding lets it pass


@dataclass(frozen=True, slots=True)
class TableTrace:
    """What a table evaluation leaves behind, from which its explanation can be made."""

    table: CompiledTable
    scope: Mapping[str, Value]
    values: Sequence[Value]
    rules: tuple[int, ...]
    rows: Mapping[int, Sequence[Value]]
    used_default: bool
    output: Value


class Session:
    """Mutable, lives as long as one call of `decide`; never shared between threads."""

    __slots__ = ("functions", "remarks", "run", "strict", "traces")

    def __init__(
        self,
        *,
        now: datetime | None = None,
        strict: bool = True,
        limit: int = DEFAULT_LIMIT,
        external: External | None = None,
    ) -> None:
        self.strict = strict
        self.run = Run("", now=now, limit=limit, external=external, strict=strict)
        self.remarks: list[Remark] = []
        self.traces: list[TableTrace] = []
        self.functions: dict[Key, Value] = {}

    def null(self, place: Place, kind: str, message: str, excerpt: Excerpt | None = None) -> None:
        """A null with its reason. Raises ExpressionFailed when deciding strictly."""
        if self.strict and kind not in HARMLESS:
            raise ExpressionFailed(place, message, kind=kind, excerpt=excerpt)
        self.remarks.append(Remark(place, kind, message, excerpt))

    def converted(self, value: Value, kind: FeelType, place: Place) -> Value:
        """The value as one of that type, by the implicit conversions (10.3.2.9.4); null with a reason if it is none."""
        if kind is ANY or value is None:
            return value
        try:
            return coerce(value, kind)
        except NullResult as error:
            self.null(place, error.kind, error.message)
            return None
