"""FEEL values as plain data and back, and the few questions about kinds that this folder asks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from schuldhulp.rules.feel.callables import Function
from schuldhulp.rules.feel.compare import equal as feel_equal
from schuldhulp.rules.feel.errors import FeelValueError
from schuldhulp.rules.feel.temporal import read_temporal
from schuldhulp.rules.feel.values import Range, Value


def to_plain(value: Value) -> Any:
    """JSON data: texts, booleans and null as they are, the rest tagged, so that `from_plain` gives the same value.

    Tags: {"n": "1.50"} number, {"t": "2026-03-16"} temporal, {"c": {...}} context, {"r": [...]} range. A function has
    no data; it is written as {"f": its signature} and comes back as that text.

    >>> to_plain({"termijn": Decimal("3")})
    {'c': {'termijn': {'n': '3'}}}
    """
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            return {"n": str(value)}
        case list():
            return [to_plain(item) for item in value]
        case dict():
            return {"c": {name: to_plain(item) for name, item in value.items()}}
        case Range():
            ends = [to_plain(value.start), to_plain(value.end)]
            return {"r": [*ends, value.start_included, value.end_included, value.operator]}
        case Function():
            return {"f": str(value)}
    return {"t": str(value)}


def from_plain(data: Any) -> Value:
    """The inverse of `to_plain`. Raises ValueError for data that it did not make."""
    if data is None or isinstance(data, bool | str):
        return data
    if isinstance(data, list):
        return [from_plain(item) for item in data]
    if isinstance(data, dict) and len(data) == 1:
        ((tag, content),) = data.items()
        match tag:
            case "n":
                return Decimal(content)
            case "c":
                return {name: from_plain(item) for name, item in content.items()}
            case "r":
                start, end, start_included, end_included, operator = content
                return Range(from_plain(start), from_plain(end), start_included, end_included, operator)
            case "f":
                return str(content)
            case "t":
                return read_temporal(content)
    raise ValueError(f"this is no value as to_plain writes it: {data!r}")


def temporal(text: str) -> Value:
    """The temporal value written in ISO 8601, or None when the text is none."""
    try:
        return read_temporal(text)
    except FeelValueError:
        return None


def equal(left: Value, right: Value) -> bool:
    """FEEL's equality with two answers: values of different kinds are not equal."""
    return feel_equal(left, right) is True
