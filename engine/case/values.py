"""FEEL values as plain JSON and back, for variables, decisions and answers that no dictionary entry describes.

null, booleans and text stand for themselves and lists for lists; everything else is tagged: `{"$": "n", "v": "12.50"}` a
number, `{"$": "c", "v": {...}}` a context, `{"$": "f", "v": "date(...)"}` a temporal value or range as FEEL text.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from schuldhulp.rules.feel import Function, Value, compile_expression, render


class NotStorable(TypeError):
    """A value that cannot be kept: a function."""

    def __init__(self, value: object) -> None:
        super().__init__(f"a {type(value).__name__} cannot be kept as data. Keep its result instead.")


def encode(value: Value) -> Any:
    """*value* as JSON. Raises NotStorable."""
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            return {"$": "n", "v": format(value, "f") if -30 < value.adjusted() < 30 else str(value)}
        case list():
            return [encode(item) for item in value]
        case dict():
            return {"$": "c", "v": {key: encode(item) for key, item in value.items()}}
        case Function():
            raise NotStorable(value)
    return {"$": "f", "v": render(value)}


def decode(raw: Any) -> Value:
    """The value that `encode` gave."""
    match raw:
        case list():
            return [decode(item) for item in raw]
        case {"$": "n", "v": text}:
            return Decimal(text)
        case {"$": "c", "v": fields}:
            return {key: decode(item) for key, item in fields.items()}
        case {"$": "f", "v": text}:
            return _literal(text)
        case None | bool() | str():
            return raw
        case int():
            return Decimal(raw)
    raise TypeError(f"{raw!r} is no stored value.")


@lru_cache(maxsize=4096)
def _literal(text: str) -> Value:
    return compile_expression(text)({})
