"""Values that the state keeps (items, locals, gathered results) as JSON that loses nothing.

JSON has no decimals, dates or times; these become an object with one key that starts with "$". Contexts whose own keys
start with "$" are wrapped, so every plain value comes back as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from schuldhulp.engine.bpmn.run.errors import NotPlain

_WRITE: dict[type, tuple[str, Callable[[Any], Any]]] = {
    Decimal: ("$decimal", str),
    datetime: ("$datetime", datetime.isoformat),
    date: ("$date", date.isoformat),
    time: ("$time", time.isoformat),
    timedelta: ("$duration", lambda value: [value.days, value.seconds, value.microseconds]),
}
_READ: dict[str, Callable[[Any], Any]] = {
    "$decimal": Decimal,
    "$datetime": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
    "$duration": lambda parts: timedelta(*parts),
    "$context": lambda entries: {key: from_plain(value) for key, value in entries.items()},
}


def to_plain(value: Any, element: str | None = None) -> Any:
    """The value as JSON data.

    Raises NotPlain for anything but null, booleans, numbers, text, dates, times, durations, lists and contexts.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [to_plain(item, element) for item in value]
    if isinstance(value, Mapping):
        entries = {str(key): to_plain(item, element) for key, item in value.items()}
        return {"$context": entries} if any(key.startswith("$") for key in entries) else entries
    written = _WRITE.get(type(value))
    if written is None:
        raise NotPlain(element, value)
    tag, write = written
    return {tag: write(value)}


def from_plain(plain: Any) -> Any:
    """The value that `to_plain` was given."""
    if isinstance(plain, list):
        return [from_plain(item) for item in plain]
    if isinstance(plain, dict):
        if len(plain) == 1:
            tag, inner = next(iter(plain.items()))
            if tag in _READ:
                return _READ[tag](inner)
        return {key: from_plain(item) for key, item in plain.items()}
    return plain
