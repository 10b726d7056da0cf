"""What formulas among the words of a form give, as people read it: the label of a choice, an amount, a date.

A formula that is the key of a datum (`inkomen`), or a field of an item of a list (`schulden[nr = 3][1].saldo`), is written as the
dictionary says. Of any other formula only what comes out is known: a code that has the same label wherever it is a choice is
written as that label.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from schuldhulp.engine.definitions.forms.formula import Formula
from schuldhulp.rules.dictionary import Dictionary, Entry, Type
from schuldhulp.tasks.forms import words

_NAME = re.compile(r"=?\s*(\w+)\s*")
_OF_ITEM = re.compile(r"=?\s*(\w+)\[.*\]\.(\w+)\s*", re.DOTALL)
_LIST = re.compile(r"=?\s*(\w+)")
_LOOP = re.compile(r"=?\s*for\s+(\w+)\s+in\s+(\w+)")
_CODE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def entry_of(formula: Formula, dictionary: Dictionary | None) -> Entry | None:
    """The datum, or the field of a list, that a formula is; None for anything that is worked out."""
    if dictionary is None:
        return None
    if whole := _NAME.fullmatch(formula.text):
        return dictionary.entries.get(whole[1])
    if (part := _OF_ITEM.fullmatch(formula.text)) and part[1] in dictionary:
        return dictionary.entries[part[1]].item.get(part[2])
    return None


def said(formula: Formula, value: Any, dictionary: Dictionary | None) -> str | None:
    """*value*, which is what *formula* gave, in words; None when nothing is known of it."""
    entry = entry_of(formula, dictionary)
    if entry is not None and is_known(entry):
        return in_words(entry, value)
    if isinstance(value, str) and f'"{value}"' in formula.text:
        return None
    return with_label(value, dictionary)


def columns_of(rows: Formula, columns: Sequence[str], dictionary: Dictionary | None) -> Mapping[str, Entry]:
    """What the dictionary says of the columns of a table of *rows*: a list, part of one, or `for x in list return {...}`."""
    loop = _LOOP.match(rows.text)
    name = loop[2] if loop else (found[1] if (found := _LIST.match(rows.text)) else "")
    if dictionary is None or name not in dictionary:
        return {}
    fields = dictionary.entries[name].item
    taken = dict(re.findall(rf"(\w+)\s*:\s*{loop[1]}\.(\w+)\s*[,}}]", rows.text)) if loop else {key: key for key in columns}
    return {key: fields[taken[key]] for key in columns if taken.get(key) in fields}


def with_label(value: Any, dictionary: Dictionary | None) -> str | None:
    """A code, or codes, with the label that it has wherever it is a choice."""
    if dictionary is None:
        return None
    labels = _labels(dictionary)
    codes = value if isinstance(value, list) else re.split(r", ", value) if isinstance(value, str) else []
    if codes and all(isinstance(code, str) and _CODE.fullmatch(code) and labels.get(code) for code in codes):
        return ", ".join(labels[code] for code in codes)
    return None


def is_known(entry: Entry) -> bool:
    """Whether the dictionary says how its values are written."""
    return bool(entry.values) or entry.type not in (Type.STRING, Type.LIST)


def in_words(entry: Entry, value: Any) -> str:
    """A value of a datum as people read it; an amount without its sign."""
    if isinstance(value, list | tuple):
        return ", ".join(entry.values.get(str(code), str(code)) for code in value) or "geen"
    if entry.values and not isinstance(value, bool):
        return entry.values.get(str(value), str(value))
    return words.write(entry.type, value)


def is_number(entry: Entry | None, value: Any) -> bool:
    kinds = (Type.AMOUNT, Type.DECIMAL, Type.INTEGER)
    return entry.type in kinds if entry is not None else isinstance(value, Decimal | int) and not isinstance(value, bool)


@lru_cache(maxsize=8)
def _labels_of(entries: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for code, label in entries:
        found[code] = label if found.get(code, label) == label else ""
    return found


def _labels(dictionary: Dictionary) -> Mapping[str, str]:
    """Code -> label, nothing where two data give it different ones."""
    each = (one for entry in dictionary.entries.values() for one in (entry, *entry.item.values()))
    return _labels_of(tuple((code, label) for entry in each for code, label in entry.values.items()))
