"""Values by key (from a file, a scenario, a command line) spread over the inputs of a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import yaml

from schuldhulp.engine.definitions.forms.model import Field, Form, Rows, walk
from schuldhulp.rules.dictionary import ORDINAL, Type
from schuldhulp.rules.yaml_reader import YamlError, read_yaml
from schuldhulp.tasks.forms.raw import Context, fields, list_of, name_in_row, prefill, written


class ValuesError(ValueError):
    """A file or text with answers cannot be read; says where and what to write."""


class _Exact(yaml.SafeLoader):
    """YAML with decimals as decimals: amounts must not pass through binary fractions."""


def _decimal(loader: _Exact, node: yaml.ScalarNode) -> Decimal:
    text = str(loader.construct_scalar(node)).replace("_", "")
    try:
        return Decimal(text)
    except ArithmeticError:
        raise yaml.constructor.ConstructorError(None, None, f"not a number: {text}", node.start_mark) from None


_Exact.add_constructor("tag:yaml.org,2002:float", _decimal)


def load_values(text: str, *, name: str) -> dict[str, Any]:
    """Answers in a YAML or JSON text: a mapping from keys to values. Raises ValuesError."""
    try:
        values = read_yaml(text, _Exact)
    except YamlError as error:
        raise ValuesError(f"{name}: {error}") from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ValuesError(f"{name}: expected a mapping from keys to answers, such as 'dreiging: ontruiming'")
    return {str(key): value for key, value in values.items()}


def set_values(settings: list[str] | tuple[str, ...]) -> dict[str, Any]:
    """Answers from `key=value` arguments; a value is text as one would type it, nothing after = empties the field."""
    values: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key.strip():
            raise ValuesError(f"{setting!r}: write key=value, such as dreiging=ontruiming")
        values[key.strip()] = value
    return values


def spread(form: Form, values: Mapping[str, Any], context: Context) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The inputs of the form with *values* over what the file holds, and what cannot be put in one (name to Dutch text)."""
    raw = prefill(form, context)
    refused: dict[str, str] = {}
    known = {part.key: part for part in walk(form.parts) if isinstance(part, Field | Rows)}
    for key, value in values.items():
        part = known.get(key)
        if part is None:
            refused[key] = f"Dit formulier vraagt dit niet. Het vraagt: {', '.join(known) or 'niets'}."
        elif isinstance(part, Rows):
            _spread_rows(part, value, context, raw, refused)
        else:
            _put(part, key, value, raw, refused)
    return raw, refused


def _put(question: Field, name: str, value: Any, raw: dict[str, list[str]], refused: dict[str, str]) -> None:
    try:
        raw[name] = _input(question, value)
    except TypeError:
        raw[name] = [str(value)]
        refused[name] = f"{value!r} is hier geen antwoord. Nodig is: {_NEEDED.get(question.type, 'tekst')}."


def _input(question: Field, value: Any) -> list[str]:
    """What would be typed for *value*. Raises TypeError for a value of another kind (a binary fraction among them)."""
    if value is None:
        return []
    if question.type is Type.SET:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",")]
        if isinstance(value, list | tuple) and all(isinstance(code, str) for code in value):
            return list(value)
        raise TypeError
    if isinstance(value, str):
        return [value]
    kinds = _KINDS.get(question.type, (str,))
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise TypeError
    if isinstance(value, datetime) and (question.type is not Type.DATETIME or value.tzinfo is None):
        raise TypeError
    return written(question, Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value)


_KINDS: Mapping[Type, tuple[type, ...]] = {
    Type.BOOLEAN: (bool,),
    Type.INTEGER: (int, Decimal),
    Type.DECIMAL: (int, Decimal),
    Type.AMOUNT: (int, Decimal),
    Type.DOCUMENT: (int, Decimal),
    Type.DATE: (date,),
    Type.TIME: (time,),
    Type.DATETIME: (datetime,),
}
_NEEDED: Mapping[Type, str] = {
    Type.BOOLEAN: "ja of nee",
    Type.INTEGER: "een heel getal",
    Type.DECIMAL: "een getal",
    Type.AMOUNT: "een bedrag",
    Type.DOCUMENT: "het nummer van een document van deze zaak",
    Type.DATE: "een datum",
    Type.TIME: "een tijd",
    Type.DATETIME: "een datum met tijd",
    Type.SET: "een lijst van antwoorden",
}


def _spread_rows(rows: Rows, value: Any, context: Context, raw: dict[str, list[str]], refused: dict[str, str]) -> None:
    if value is None:
        value = []
    if not isinstance(value, list | tuple) or not all(isinstance(item, Mapping) for item in value):
        refused[rows.key] = "Nodig is: een lijst van regels, elk met vragen en antwoorden."
        return
    old = {str(item.get(ORDINAL)) for item in list_of(context.value(rows.key))}
    order: list[str] = []
    for item in value:
        number = str(item[ORDINAL]) if ORDINAL in item else None
        if number is not None and number not in old:
            refused[rows.key] = f"Regel {number} bestaat niet. Laat {ORDINAL} weg bij een nieuwe regel."
            continue
        handle = number or f"n{sum(one.startswith('n') for one in order) + 1}"
        order.append(handle)
        _spread_item(rows, handle, item, raw, refused)
    raw[rows.key] = order


def _spread_item(
    rows: Rows, handle: str, item: Mapping[str, Any], raw: dict[str, list[str]], refused: dict[str, str]
) -> None:
    questions = {field.key: field for field in fields(rows.parts)}
    for key, field in questions.items():
        name = name_in_row(rows, handle, key)
        if handle.startswith("n"):
            raw[name] = written(field, field.default)
        if key in item:
            _put(field, name, item[key], raw, refused)
    for key in item:
        if key not in questions and key != ORDINAL:
            name = name_in_row(rows, handle, str(key))
            refused[name] = f"Deze lijst vraagt dit niet. Zij vraagt: {', '.join(questions)}."
