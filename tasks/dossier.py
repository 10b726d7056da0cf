"""What the file of a case holds, ordered as people look for it: by subject, lists as tables with their totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schuldhulp.engine.case.errors import ExpressionFailed
from schuldhulp.engine.case.evaluate import scope_of
from schuldhulp.engine.case.scope import compiled
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case
from schuldhulp.engine.model.paths import items
from schuldhulp.rules.dictionary import Entry, Type
from schuldhulp.rules.feel import free_names, to_python
from schuldhulp.tasks.saying import said

LOOKER = f.Actor(account=0, role="systeem", program="view")
NUMBERS = {Type.AMOUNT, Type.DECIMAL, Type.INTEGER}


@dataclass(frozen=True, slots=True)
class Held:
    """A datum of the file with its plain value."""

    entry: Entry
    value: Any


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    number: bool


@dataclass(frozen=True, slots=True)
class Datum:
    """`text`: the value in words; of a list: how many items, and the total of its first amount."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A list datum: a row per item, and the totals of its amounts in the last row when there are several items."""

    key: str
    label: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Data that belong together (`group` in the dictionary)."""

    title: str
    data: tuple[Datum, ...]
    tables: tuple[Table, ...]


def dossier(engine: Engine, number: str) -> tuple[Section, ...]:
    """The file of a case in the order of the dictionary. Raises NoSuchCase."""
    groups: dict[str, list[Held]] = {}
    for held in held_data(engine, number):
        groups.setdefault(held.entry.group, []).append(held)
    return tuple(_section(group, found) for group, found in groups.items())


def file_in_words(engine: Engine, number: str) -> list[tuple[str, str, str]]:
    """(key, Dutch label, Dutch value) of every datum that has a value. Raises NoSuchCase."""
    return [(held.entry.key, held.entry.label, said(held.entry, held.value)) for held in held_data(engine, number)]


def held_data(engine: Engine, number: str) -> list[Held]:
    """Every datum of the case that has a value. Raises NoSuchCase."""
    return engine.look(number, LOOKER, lambda turn: list(_held(turn)))


def held_then(engine: Engine, case: Case) -> Iterator[Held]:
    """The data of a case as it was at some moment, in the words of the dictionary in force now; nothing is worked out."""
    entries = engine.deployment().dictionary.entries
    for key, raw in case.data.items():
        entry = entries.get(key)
        if entry is not None and raw is not None:
            yield Held(entry, entry.load(items(raw) if entry.type is Type.LIST else raw))


def _held(turn: Turn) -> Iterator[Held]:
    scope = scope_of(turn, None)
    for key, entry in turn.world.deployment.dictionary.entries.items():
        if entry.scope != "case" or not _rests_on_data(turn, key):
            continue
        try:
            value = to_python(scope[key])
        except ExpressionFailed:  # a derived datum that cannot be worked out (yet) is no reason to show nothing at all
            continue
        if value not in (None, [], ""):
            yield Held(entry, value)


def _rests_on_data(turn: Turn, key: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a datum was filled in, or is worked out from one that was: totals of nothing and dates that follow from nothing
    say something that nobody knows."""
    entry = turn.world.deployment.dictionary.entries.get(key)
    if entry is None or key in seen:
        return False
    if entry.derived is None:
        held = turn.case.data.get(key)
        return held is not None and (entry.type is not Type.LIST or bool(items(held)))
    names = free_names(compiled(turn.world.deployment, entry.derived).tree)
    return any(_rests_on_data(turn, name, seen | {key}) for name in names)


def _section(group: str, found: list[Held]) -> Section:
    tables = tuple(_table(held.entry, held.value) for held in found if held.entry.type is Type.LIST)
    data = (Datum(held.entry.key, held.entry.label, _in_short(held)) for held in found)
    return Section(title_of(group), tuple(data), tables)


def title_of(group: str) -> str:
    """
    >>> title_of("schuldregeling buiten de deur"), title_of("")
    ('Schuldregeling buiten de deur', 'Overig')
    """
    words = group.replace("_", " ") or "overig"
    return words[0].upper() + words[1:]


def _in_short(held: Held) -> str:
    if held.entry.type is not Type.LIST:
        return said(held.entry, held.value)
    number = f"{len(held.value)} {'regel' if len(held.value) == 1 else 'regels'}"
    for name, field in held.entry.item.items():
        if field.type is Type.AMOUNT and any(row.get(name) for row in held.value):
            return f"{number}, {field.label.lower()} samen {said(field, _sum(held.value, name))}"
    return number


def _table(entry: Entry, rows: list[Mapping[str, Any]]) -> Table:
    """Columns that hold nothing, or "nee" in every row, say nothing and are left out."""
    shown = {name: field for name, field in entry.item.items() if any(row.get(name) for row in rows)}
    total = {name: _sum(rows, name) for name, field in shown.items() if field.type is Type.AMOUNT}
    return Table(
        entry.key,
        entry.label,
        tuple(Column(field.label, field.type in NUMBERS) for field in shown.values()),
        tuple(tuple(said(field, row.get(name)) for name, field in shown.items()) for row in rows),
        tuple(said(field, total[name]) if name in total else "" for name, field in shown.items())
        if total and len(rows) > 1
        else (),
    )


def _sum(rows: list[Mapping[str, Any]], name: str) -> Decimal:
    return sum((Decimal(row[name]) for row in rows if row.get(name) is not None), Decimal(0))
