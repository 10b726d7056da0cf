"""Paths into the file: `saldo`, `schulden[3]`, `schulden[3].saldo`; and the changes that lead from one file to another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PATH = re.compile(r"([a-z_A-Z][\w ]*)(?:\[(\d+)\](?:\.(\w+))?)?")
Change = tuple[Any, Any]
"""Old and new value in storage form; None = not there."""


def split(path: str) -> tuple[str, str | None, str | None]:
    """Key, item number and field of a path. Raises ValueError when it is none."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise ValueError(f"{path!r} is not a path such as saldo or schulden[3].saldo")
    return match.group(1), match.group(2), match.group(3)


def put(data: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """*data* with *value* at *path*; None at an item removes the item. The given mapping is not changed."""
    key, item, name = split(path)
    if item is None:
        return {**data, key: value}
    listed = data.get(key) or {"next": 1, "items": {}}
    items = dict(listed["items"])
    if name is None:
        if value is None:
            items.pop(item, None)
        else:
            items[item] = value
    else:
        items[item] = {**items.get(item, {}), name: value}
    return {**data, key: {"next": max(listed["next"], int(item) + 1), "items": items}}


def get(data: Mapping[str, Any], path: str) -> Any:
    """The value at *path*, None when nothing is there."""
    key, item, name = split(path)
    value = data.get(key)
    if item is None or value is None:
        return value
    found = value["items"].get(item)
    return found if name is None or found is None else found.get(name)


def changes(data: Mapping[str, Any], key: str, value: Any) -> Iterator[tuple[str, Change]]:
    """What must change so that scalar *key* holds *value* (nothing when it does already)."""
    old = data.get(key)
    if old != value:
        yield key, (old, value)


def list_changes(
    data: Mapping[str, Any], key: str, items: list[tuple[int | None, dict[str, Any]]]
) -> Iterator[tuple[str, Change]]:
    """What must change so that list *key* holds *items*: (number, fields); number None = a new item.

    Items that are no longer named are removed. New items get the next numbers.
    """
    listed = data.get(key) or {"next": 1, "items": {}}
    number = listed["next"]
    kept: set[str] = set()
    for given, fields in items:
        name = str(given) if given is not None and str(given) in listed["items"] else str(number)
        if name == str(number):
            number += 1
        kept.add(name)
        old = listed["items"].get(name)
        if old is None:
            yield f"{key}[{name}]", (None, fields)
            continue
        for field, new in fields.items():
            if old.get(field) != new:
                yield f"{key}[{name}].{field}", (old.get(field), new)
    for name, old in listed["items"].items():
        if name not in kept:
            yield f"{key}[{name}]", (old, None)


def items(stored: Any) -> list[dict[str, Any]]:
    """The items of a stored list in the order of their numbers, each with its number under "nr"."""
    if not stored:
        return []
    return [
        {"nr": int(number), **fields} for number, fields in sorted(stored["items"].items(), key=lambda p: int(p[0]))
    ]
