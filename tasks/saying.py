"""Values of data as Dutch sentences say them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.definitions import dutch
from schuldhulp.rules.dictionary import Dictionary, Entry, Type
from schuldhulp.tasks.forms import words


def said(entry: Entry, value: Any) -> str:
    """A value in Dutch: labels of codes, amounts and dates as people write them."""
    if value is None:
        return ""
    match entry.type:
        case Type.ENUM:
            return entry.values.get(str(value), str(value))
        case Type.SET:
            return ", ".join(entry.values.get(code, code) for code in value)
        case Type.BOOLEAN:
            return "ja" if value else "nee"
        case Type.AMOUNT:
            return f"€ {words.write(Type.AMOUNT, Decimal(value))}"
        case Type.DATE:
            return f"{value:%d-%m-%Y}"
        case Type.DATETIME:
            return f"{value.astimezone(CIVIL):%d-%m-%Y %H:%M}"
        case Type.LIST:
            return "; ".join(_said_item(entry, item) for item in value)
        case Type.DOCUMENT:
            return f"document {value}"
        case Type.BSN:
            return masked(str(value))
    return str(value)


def masked(bsn: str) -> str:
    """A burgerservicenummer as lists, histories and overviews show it (C-P03): enough to tell two apart, no more.

    >>> masked("111222333")
    '••••••333'
    """
    return "•" * max(0, len(bsn) - 3) + bsn[-3:]


def _said_item(entry: Entry, item: Mapping[str, Any]) -> str:
    parts = [
        f"{field.label}: {said(field, item[name])}"
        for name, field in entry.item.items()
        if item.get(name) not in (None, "")
    ]
    return ", ".join(parts)


def _entry(name: str, dictionary: Dictionary) -> Entry | None:
    """The datum with this key, or with this label: a column of a table may be headed by either."""
    found = dictionary.entries.get(name)
    return found or next((entry for entry in dictionary.entries.values() if entry.label == name), None)


def label_of(name: str, dictionary: Dictionary) -> str:
    entry = _entry(name, dictionary)
    return entry.label if entry else name.replace("_", " ")


def in_words(name: str, value: Any, dictionary: Dictionary) -> str:
    """A value as people read it: in the words of the dictionary when it has the name."""
    entry = _entry(name, dictionary)
    if entry is not None and value is not None and entry.type is not Type.LIST:
        return said(entry, value)
    match value:
        case None:
            return "niet bekend"
        case bool():
            return "ja" if value else "nee"
        case Decimal() | int():
            return dutch.number(value)
        case datetime():
            return f"{value.astimezone(dutch.CIVIL):%d-%m-%Y %H:%M}"
        case date():
            return dutch.short_date(value)
        case list():
            return dutch.listed([in_words("", one, dictionary) for one in value]) or "geen"
        case Mapping():
            pairs = (f"{label_of(str(key), dictionary)}: {in_words(str(key), one, dictionary)}" for key, one in value.items())
            return ", ".join(pairs)
    return str(value).replace("_", " ")
