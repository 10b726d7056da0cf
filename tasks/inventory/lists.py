"""Which lists of a case go into a spreadsheet, and how a cell of one reads. Shapes come from the data dictionary alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schuldhulp.rules.dictionary import ORDINAL, Dictionary, Entry, Type
from schuldhulp.tasks.forms import words

LISTS = ("inkomsten", "uitgaven", "schulden", "bezittingen")
NUMBER = ORDINAL
"""Head of the first column: the number of a row in the file, empty for a new row."""
_YES = {"ja": True, "j": True, "x": True, "true": True, "waar": True, "1": True}
_NO = {"nee": False, "n": False, "false": False, "onwaar": False, "0": False}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One list: its key, the name of its sheet, and its columns by their heads (the number not among them)."""

    key: str
    title: str
    columns: Mapping[str, Entry]

    def head_of(self, written: str) -> str | None:
        """The column that a head means: its label or its key, however capitals and spaces were typed."""
        bare = bare_of(written)
        return next((head for head, entry in self.columns.items() if bare in (bare_of(head), bare_of(entry.key))), None)


def sheets(dictionary: Dictionary, keys: Sequence[str] = LISTS) -> tuple[Sheet, ...]:
    """A sheet for each of *keys* that the dictionary has as a list."""
    found = (dictionary.entries.get(key) for key in keys)
    return tuple(
        Sheet(entry.key, _title(entry.label), dict(_columns(entry))) for entry in found if entry and entry.type is Type.LIST
    )


def _columns(entry: Entry) -> Iterator[tuple[str, Entry]]:
    """Heads with the fields of an item, each under its bare key. Two fields with the same label are told apart by it."""
    labels = [one.label for one in entry.item.values()]
    for key, one in entry.item.items():
        if one.type not in (Type.LIST, Type.SET):
            yield (one.label if labels.count(one.label) == 1 else f"{one.label} ({key})"), replace(one, key=key)


def _title(label: str) -> str:
    """Excel takes 31 characters, and none of []:*?/ in the name of a sheet."""
    return "".join(sign for sign in label if sign not in "[]:*?/\\'")[:31] or "Lijst"


def shown(entry: Entry, value: Any) -> str:
    """A plain value as people read it in a cell."""
    if value is not None and entry.type is Type.ENUM:
        return entry.values.get(str(value), str(value))
    return words.write(entry.type, value)


def understood(entry: Entry, text: str) -> Any:
    """The plain value of a cell that is not empty. Raises NotRead."""
    if entry.type is Type.ENUM:
        return _code(entry, text)
    if entry.type is Type.BOOLEAN:
        answer = {**_YES, **_NO}.get(text.strip().lower())
        if answer is None:
            raise words.NotRead("Vul ja of nee in.")
        return answer
    return words.read(entry.type, text)


def _code(entry: Entry, text: str) -> str:
    """The code that a label means, or the code itself; what is written exactly goes first."""
    bare = bare_of(text)
    for code, label in entry.values.items():
        if text in (code, label):
            return code
    for code, label in entry.values.items():
        if bare in (bare_of(label), bare_of(code)):
            return code
    raise words.NotRead(f"Kies uit: {', '.join(entry.values.values())}.")


def bare_of(text: str) -> str:
    """Letters and digits only, small, without marks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if sign.isalnum())
