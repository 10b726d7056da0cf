"""Why a table gave what it gave: the decision as it was recorded, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from schuldhulp.engine.case.errors import NoSuchThing
from schuldhulp.engine.handle import Engine
from schuldhulp.rules.dictionary import Dictionary
from schuldhulp.rules.dmn import Why
from schuldhulp.rules.feel import to_python
from schuldhulp.tasks.audit import Decided, decisions
from schuldhulp.tasks.saying import in_words, label_of

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
