"""Why a table gave what it gave: the decision as it was recorded, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from schuldhulp.engine.case.errors import NoSuchThing
from schuldhulp.engine.definitions import dutch
from schuldhulp.engine.handle import Engine
from schuldhulp.rules.dictionary import Dictionary, Entry, Type
from schuldhulp.rules.dmn import Why
from schuldhulp.rules.feel import to_python
from schuldhulp.tasks.audit import Decided, decisions
from schuldhulp.tasks.cases import said

PARAMETERS = "p"
"""Every parameter of the organisation at once: recorded with the decision, too much to read."""
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RuleReason:
    """A rule that matched: what the designer wrote beside it, and the cells that decided."""

    number: int
    texts: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A decision in words. `erased`: the personal part was destroyed, so only the numbers of the rules are left."""

    name: str
    decision: str
    at: datetime
    hash: str
    inputs: Pairs
    outputs: Pairs
    rules: tuple[RuleReason, ...]
    used_default: bool
    erased: bool


def reason(engine: Engine, number: str, sequence: int) -> Reason:
    """The decision that is the fact *sequence* of a case. Raises NoSuchThing, NoSuchCase."""
    for decided in decisions(engine, number):
        if decided.sequence == sequence:
            return _reason(decided, engine.deployment().dictionary)
    raise NoSuchThing("decision", sequence, number)


def _reason(decided: Decided, dictionary: Dictionary) -> Reason:
    why = decided.why
    if why is None:
        bare = tuple(RuleReason(number, (), ()) for number in decided.matched)
        return Reason(decided.decision, decided.decision, decided.at, decided.hash, (), (), bare, False, True)
    outputs = decided.outputs if isinstance(decided.outputs, Mapping) else {why.name: decided.outputs}
    return Reason(
        name=why.name,
        decision=decided.decision,
        at=decided.at,
        hash=decided.hash,
        inputs=tuple(
            (label_of(name, dictionary), in_words(name, to_python(value), dictionary))
            for name, value in why.inputs
            if name != PARAMETERS
        ),
        outputs=tuple((label_of(name, dictionary), in_words(name, value, dictionary)) for name, value in outputs.items()),
        rules=tuple(_rules(why, dictionary)),
        used_default=any(table.used_default for table in why.tables),
        erased=False,
    )


def _rules(why: Why, dictionary: Dictionary) -> Iterator[RuleReason]:
    for table in why.tables:
        for hit in table.rules:
            texts = tuple(str(to_python(value)) for _, value in hit.annotations if value)
            cells = tuple(
                f"{label_of(cell.column, dictionary)} is {in_words(cell.column, to_python(cell.value), dictionary)}"
                f" (de regel vraagt: {cell.test})"
                for cell in hit.cells
            )
            yield RuleReason(hit.number, texts, cells)


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
