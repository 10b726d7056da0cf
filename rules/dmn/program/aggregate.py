"""What COLLECT does with many results: the sum, minimum or maximum, as FEEL's own functions have it."""

from __future__ import annotations

from decimal import Decimal

from schuldhulp.rules.feel import arithmetic
from schuldhulp.rules.feel.compare import compare
from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.feel.temporal import DaysTimeDuration, YearsMonthsDuration
from schuldhulp.rules.feel.values import Value

_ADDABLE = (Decimal, DaysTimeDuration, YearsMonthsDuration)


def aggregate(name: str, values: list[Value]) -> Value:
    """The aggregate, or None when the values do not allow one (none at all, null among them, kinds that differ)."""
    if not values or any(value is None for value in values):
        return None
    best = values[0]
    for value in values[1:]:
        if name == "SUM":
            if not isinstance(value, _ADDABLE) or not isinstance(best, _ADDABLE):
                return None
            try:
                best = arithmetic.operate("+", best, value)
            except NullResult:
                return None
            continue
        order = compare(value, best)
        if order is None:
            return None
        if (order < 0) if name == "MIN" else (order > 0):
            best = value
    return best
