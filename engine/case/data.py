"""Recording data: from values to `DataRecorded` facts, sealed per subject; only what really changes is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from schuldhulp.engine.case.errors import BadData
from schuldhulp.engine.case.seals import seal_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.values import NotStorable, encode
from schuldhulp.engine.model.facts import DataRecorded
from schuldhulp.engine.model.paths import Change, changes, list_changes, split
from schuldhulp.rules.dictionary import ORDINAL, Entry, NotThisType, Type, store_item
from schuldhulp.rules.feel import Value, to_python


def record_data(turn: Turn, instance: int | None, values: Mapping[str, Any], why: str) -> None:
    """Plain *values* by key go to their places: the file, or *instance* when the dictionary says so.

    Raises BadData for an unknown key or a value that does not fit.
    """
    dictionary = turn.deployment_of(instance).dictionary
    instance = turn.case.owner(instance)
    file: list[tuple[str, Change, Entry]] = []
    own: list[tuple[str, Change, Entry]] = []
    for key, value in values.items():
        entry = dictionary.entries.get(key)
        if entry is None:
            raise BadData(f"{key!r} is not in the data dictionary. Add it there, or leave it out.")
        if entry.derived is not None:
            continue
        here = own if entry.scope == "instance" else file
        current = turn.case.instances[instance].data if entry.scope == "instance" and instance else turn.case.data
        try:
            here += [(path, change, entry) for path, change in _changes(current, entry, value)]
        except NotThisType as error:
            raise BadData(str(error)) from error
    for path, change, entry in (*file, *own):
        _documents_are_there(turn, path, change, entry)
    _record(turn, None, file, why)
    _record(turn, instance, own, why)


def assign(turn: Turn, instance: int, name: str, value: Value, why: str) -> None:
    """The FEEL *value* of a script, decision or mapping becomes *name*: a datum of the dictionary, else a variable."""
    if name in turn.deployment_of(instance).dictionary:
        record_data(turn, instance, {name: to_python(value)}, why)
        return
    try:
        new = encode(value)
    except NotStorable as error:
        raise BadData(f"{name}: {error}") from error
    assign_encoded(turn, instance, name, new, why)


def assign_encoded(turn: Turn, instance: int, name: str, new: Any, why: str) -> None:
    """The same for a variable whose value is in storage form already."""
    owner = turn.case.owner(instance)
    assert owner is not None
    old = turn.case.instances[owner].data.get(name)
    if old != new:
        personal = {seal_of(turn, owner): {"changes": {name: [old, new]}}}
        turn.record(DataRecorded(instance=owner, paths=(name,), why=why, personal=personal))


def _changes(current: Mapping[str, Any], entry: Entry, value: Any) -> Iterable[tuple[str, Change]]:
    if entry.type is not Type.LIST:
        return changes(current, entry.key, entry.store(value))
    if not isinstance(value, list | tuple | None):
        raise NotThisType(entry.key, value, "a list of items")
    numbered = [(_ordinal(entry, item), store_item(entry, item)) for item in value or ()]
    return list_changes(current, entry.key, numbered)


def _ordinal(entry: Entry, item: Any) -> int | None:
    if not isinstance(item, Mapping):
        raise NotThisType(entry.key, item, "an item with fields")
    number = item.get(ORDINAL)
    return None if number is None else int(number)


def _documents_are_there(turn: Turn, path: str, change: Change, entry: Entry) -> None:
    """A datum that points to a document points to one that the case has. Raises BadData."""
    _, item, name = split(path)
    new = change[1]
    if item is None or entry.type is not Type.LIST:
        pointing = {path: new} if entry.type is Type.DOCUMENT else {}
    else:
        fields = {name: new} if name is not None else new or {}
        pointing = {one: value for one, value in fields.items() if _is_document(entry, one)}
    for key, number in pointing.items():
        if number is not None and not turn.case.papers.get(number):
            raise BadData(f"{key}: case {turn.case.number} has no document {number}. Add it first.")


def _is_document(entry: Entry, name: str) -> bool:
    return name in entry.item and entry.item[name].type is Type.DOCUMENT


def _record(turn: Turn, instance: int | None, changed: list[tuple[str, Change, Entry]], why: str) -> None:
    if not changed:
        return
    personal: dict[str, dict[str, Any]] = {}
    for path, change, entry in changed:
        personal.setdefault(entry.sealed_under, {"changes": {}})["changes"][path] = list(change)
    turn.record(
        DataRecorded(instance=instance, paths=tuple(path for path, _, _ in changed), why=why, personal=personal)
    )
