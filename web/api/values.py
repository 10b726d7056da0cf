"""Variables as programs send and get them: `{"name": {"value": ..., "type": "String"}}`, without floats.

Amounts and numbers are JSON numbers with all their digits; dates ISO text, moments as Camunda writes them; lists and
contexts JSON in a text (type `Json`), which the public clients turn into objects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.rules.dictionary import Dictionary, Entry, Type
from schuldhulp.web.api.failures import ApiError

NUMBERS = frozenset({"Integer", "Long", "Short", "Double", "Number"})
PLAIN = frozenset({"String", "Boolean", "Null", "Json", "Date", *NUMBERS})
_NUMERIC = frozenset({Type.INTEGER, Type.DECIMAL, Type.AMOUNT, Type.DOCUMENT})


class Variable(msgspec.Struct, frozen=True):
    """`type` may be left out: then the value says it."""

    value: Any = None
    type: str | None = None


def moment(at: datetime) -> str:
    """As Camunda writes moments: 2026-03-02T09:00:00.000+0100."""
    local = at.astimezone(CIVIL)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


def out(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Plain values as variables."""
    return {name: {"value": value, "type": kind, "valueInfo": {}} for name, (value, kind) in _each(values)}


def _each(values: Mapping[str, Any]) -> list[tuple[str, tuple[Any, str]]]:
    return [(name, _out(value)) for name, value in values.items()]


def _out(value: Any) -> tuple[Any, str]:
    match value:
        case None:
            return None, "Null"
        case bool():
            return value, "Boolean"
        case Decimal() if value == value.to_integral_value() and abs(value) < 2**53:
            return int(value), "Long"
        case Decimal():
            return value, "Double"
        case datetime():
            return moment(value), "Date"
        case list() | dict():
            return encoded(value).decode(), "Json"
    return _text(value), "String"


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _hook(value: Any) -> Any:
    if isinstance(value, timedelta):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not plain")


_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=_hook)


def encoded(value: Any) -> bytes:
    """JSON in which decimals are numbers with all their digits."""
    return _encoder.encode(value)


def taken(variables: Mapping[str, Variable], dictionary: Dictionary | None) -> dict[str, Any]:
    """Plain values of variables; texts become what the *dictionary* says of their name. Raises ApiError."""
    entries = {} if dictionary is None else dictionary.entries
    return {name: _taken(name, one, entries.get(name)) for name, one in variables.items()}


def _taken(name: str, variable: Variable, entry: Entry | None) -> Any:
    kind = variable.type[:1].upper() + variable.type[1:] if variable.type else ""
    if kind and kind not in PLAIN:
        raise _wrong(name, f"type {variable.type!r} is not taken. Send {', '.join(sorted(PLAIN))}.")
    try:
        value = _plain(kind, variable.value)
        return value if entry is None else _as_typed(entry, value)
    except (ValueError, InvalidOperation, RecursionError) as error:
        wanted = kind or (entry.type.value if entry else "a value")
        raise _wrong(name, f"{str(variable.value)[:60]!r} cannot be read as {wanted}.") from error


def _plain(kind: str, value: Any) -> Any:
    if kind == "Null" or value is None:
        return None
    if kind == "Json":
        return json.loads(value, parse_float=Decimal) if isinstance(value, str) else value
    if kind in NUMBERS:
        return _number(value)
    if kind == "Boolean" and not isinstance(value, bool):
        raise ValueError(value)
    if kind == "String" and not isinstance(value, str):
        raise ValueError(value)
    return _instant(value) if kind == "Date" else value


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or (isinstance(value, str) and not re.fullmatch(r"[+-]?\d{1,30}(\.\d{1,30})?", value)):
        raise ValueError(value)
    return Decimal(value)


def _instant(value: Any) -> datetime:
    if not isinstance(value, str):
        raise ValueError(value)
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=CIVIL)


def _as_typed(entry: Entry, value: Any) -> Any:
    """What a value means for a datum of the dictionary: texts in ISO form, numbers in text, items of a list."""
    match value:
        case datetime() if entry.type is Type.DATE:
            return value.astimezone(CIVIL).date()
        case list() if entry.type is Type.LIST:
            return [_item(entry, each) for each in value]
        case str() if entry.type in _NUMERIC:
            return _number(value)
        case str() if entry.type is Type.DATE:
            return date.fromisoformat(value) if len(value) == len("2026-03-02") else _as_typed(entry, _instant(value))
        case str() if entry.type is Type.DATETIME:
            return _instant(value)
        case str() if entry.type is Type.TIME:
            return time.fromisoformat(value)
    return value


def _item(entry: Entry, item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    return {name: _as_typed(entry.item[name], value) if name in entry.item else value for name, value in item.items()}


def _wrong(name: str, why: str) -> ApiError:
    return ApiError(400, "InvalidRequestException", f"variable {name}: {why}")
