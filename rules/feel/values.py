"""FEEL's kinds of values, and how Python values become them.

null is None, numbers are Decimal, strings str, booleans bool, lists list, contexts dict; temporal values, ranges and
functions have classes of their own. Nothing else is a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Union

from schuldhulp.rules.feel import numbers
from schuldhulp.rules.feel.errors import FeelValueError
from schuldhulp.rules.feel.temporal import DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration
from schuldhulp.rules.feel.tokens import escape

if TYPE_CHECKING:
    from schuldhulp.rules.feel.callables import Function

Value = Union[
    None, bool, Decimal, str, FeelDate, FeelTime, FeelDateTime, YearsMonthsDuration, DaysTimeDuration,
    "Range", "Function", list["Value"], dict[str, "Value"],
]


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """An interval; an end that is None has no limit. `operator` is set for a test such as (< 10), which is never
    equal to an interval even when it holds the same values (10.3.2.7)."""

    start: Value
    end: Value
    start_included: bool
    end_included: bool
    operator: str | None = None


_KINDS: dict[type, str] = {
    type(None): "null", bool: "boolean", Decimal: "number", str: "string", FeelDate: "date", FeelTime: "time",
    FeelDateTime: "date and time", YearsMonthsDuration: "years and months duration",
    DaysTimeDuration: "days and time duration", Range: "range", list: "list", dict: "context",
}


def kind(value: Value) -> str:
    """The name of a value's kind, as type names write it; a function is "function".

    Raises FeelValueError for what is no value of FEEL, such as an int that was put in a scope as it was.
    """
    found = _KINDS.get(type(value))
    if found is not None:
        return found
    from schuldhulp.rules.feel.callables import Function

    if isinstance(value, Function):
        return "function"
    raise FeelValueError(f"a Python {type(value).__name__} is no value of FEEL: pass it through feel_value first")


def weight(value: Value) -> int:
    """How many values there are in a value, at all depths: what comparing it may cost."""
    count = 0
    stack = [value]
    while stack:
        current = stack.pop()
        count += 1
        if isinstance(current, list):
            stack.extend(current)
        elif isinstance(current, dict):
            stack.extend(current.values())
    return count


def feel_value(value: object) -> Value:
    """A Python value as a FEEL value; containers are copied. Raises FeelValueError, for a float above all."""
    if type(value) in _SCALARS:
        return value  # type: ignore[return-value]
    match value:
        case int():
            return numbers.CONTEXT.create_decimal(value)
        case Decimal():
            if not value.is_finite():
                raise FeelValueError(f"{value} is not a number of FEEL")
            return value
        case datetime():
            return FeelDateTime.from_python(value)
        case date():
            return FeelDate.from_python(value)
        case time():
            return FeelTime.from_python(value)
        case timedelta():
            return DaysTimeDuration.from_python(value)
        case str():
            return str(value)
        case list() | tuple():
            return [feel_value(item) for item in value]
        case Mapping():
            return {_key(name): feel_value(item) for name, item in value.items()}
        case float():
            raise FeelValueError(f"{value!r} is a float, which is not exact: pass a Decimal or a whole number")
    from schuldhulp.rules.feel.callables import Function

    if isinstance(value, Function):
        return value
    raise FeelValueError(f"FEEL has no kind for a Python {type(value).__name__}")


_SCALARS = frozenset(
    (type(None), bool, str, FeelDate, FeelTime, FeelDateTime, YearsMonthsDuration, DaysTimeDuration, Range)
)


def _key(name: object) -> str:
    if isinstance(name, str):
        return name
    raise FeelValueError(f"the keys of a context are texts, not {name!r}")


def to_python(value: Value) -> object:
    """Plain Python: date, time, datetime, timedelta where they fit. Raises FeelValueError where they do not."""
    match value:
        case list():
            return [to_python(item) for item in value]
        case dict():
            return {name: to_python(item) for name, item in value.items()}
        case FeelDate() | FeelTime() | FeelDateTime() | DaysTimeDuration():
            return value.to_python()
    return value


def render(value: Value) -> str:
    """The FEEL text that gives this value again (a function, which has none, as its signature)."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return numbers.text(value)
        case str():
            return escape(value)
        case list():
            return f"[{', '.join(map(render, value))}]"
        case dict():
            return f"{{{', '.join(f'{render_key(name)}: {render(item)}' for name, item in value.items())}}}"
        case Range():
            return render_range(value)
        case FeelDate() | FeelTime() | FeelDateTime() | YearsMonthsDuration() | DaysTimeDuration():
            return f'@"{value}"'
    return str(value)


def render_key(name: str) -> str:
    from schuldhulp.rules.feel.names import RESERVED, key, normal

    spelled = key(name)
    plain = spelled is not None and normal(name) == name and spelled[0] not in RESERVED
    return name if plain else escape(name)


def render_range(value: Range) -> str:
    if value.operator is not None:
        end = value.end if value.start is None or value.operator in ("<", "<=") else value.start
        return f"({value.operator} {render(end)})"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opening}{render(value.start)}..{render(value.end)}{closing}"


def brief(value: Value, length: int = 60) -> str:
    """A value for a message: its text, cut off, without walking through large lists."""
    if isinstance(value, list) and len(value) > 5:
        return f"a list of {len(value)} items"
    if isinstance(value, dict) and len(value) > 5:
        return f"a context of {len(value)} entries"
    if isinstance(value, str) and len(value) > length:
        return f"{escape(value[:length])[:-1]}...\""
    if isinstance(value, (list, dict)):
        return kind(value) if any(isinstance(item, (list, dict)) for item in _items(value)) else render(value)[:200]
    return render(value)


def _items(value: list[Value] | dict[str, Value]) -> list[Value]:
    return value if isinstance(value, list) else list(value.values())
