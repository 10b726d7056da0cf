"""A case through time (C-E03), for auditors: what happened, step by step, and what stood there at any moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from schuldhulp.engine.case.values import decode
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.apply import apply
from schuldhulp.engine.model.case import Case
from schuldhulp.rules.dictionary import Dictionary
from schuldhulp.rules.dmn import Why, render_dutch, render_text
from schuldhulp.rules.feel import to_python
from schuldhulp.tasks.access import name_of
from schuldhulp.tasks.telling import tell


@dataclass(frozen=True, slots=True)
class Happened:
    """One fact as a sentence. `who` and `role` are those of its command; `case`: the case right after it."""

    sequence: int
    at: datetime
    who: str
    role: str
    kind: str
    text: str
    fact: f.Fact
    case: Case
    erased: bool

    def plain(self) -> dict[str, Any]:
        """For programs."""
        return {
            "sequence": self.sequence,
            "at": self.at,
            "who": self.who,
            "role": self.role,
            "kind": self.kind,
            "text": self.text,
            "fact": msgspec.to_builtins(self.fact),
            "erased": self.erased,
        }


def history(engine: Engine, number: str, until: datetime | None = None) -> Iterator[Happened]:
    """Everything that happened in a case, oldest first, with the case after each fact. Reads the log alone: no rules, no
    clock, no token engine. Raises NoSuchCase."""
    case, who, role = Case(), "", ""
    names: dict[int, str] = {}
    for stored in engine.facts(number, until):
        fact = stored.fact
        if isinstance(fact, f.CommandGiven):
            if fact.by.account not in names:
                names[fact.by.account] = name_of(engine, fact.by.account)
            who, role = names[fact.by.account], fact.by.role
        before = case
        case = apply(case, fact, stored.at)
        text = tell(engine, fact, before, case)
        yield Happened(
            stored.sequence, stored.at, who, role, type(fact).__name__, text, fact, case, bool(stored.erased)
        )


def case_at(engine: Engine, number: str, at: datetime) -> Case:
    """The case as it was at a moment."""
    case = Case()
    for happened in history(engine, number, at):
        case = happened.case
    return case


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision of a table, with why. `overridden`: what a person put in its place."""

    sequence: int
    at: datetime
    decision: str
    inputs: Mapping[str, Any]
    outputs: Any
    matched: tuple[int, ...]
    hash: str
    why: Why | None
    erased: bool
    instance: int | None = None

    def text(self) -> str:
        return render_text(self.why) if self.why is not None else "the reasons were erased"

    def dutch(self, dictionary: Dictionary) -> str:
        labels = {key: entry.label for key, entry in dictionary.entries.items()}
        return render_dutch(self.why, labels) if self.why is not None else "De redenen zijn gewist."


def decisions(engine: Engine, number: str) -> list[Decided]:
    """Every decision that tables took in a case."""
    found = []
    for stored in engine.facts(number):
        fact = stored.fact
        if isinstance(fact, f.DecisionTaken):
            kept = f.sealed(fact) or None
            found.append(
                Decided(
                    stored.sequence,
                    stored.at,
                    fact.decision,
                    {name: to_python(decode(value)) for name, value in kept["inputs"].items()} if kept else {},
                    to_python(decode(kept["outputs"])) if kept else None,
                    fact.matched,
                    fact.hash,
                    Why.from_json(kept["why"]) if kept else None,
                    kept is None,
                    fact.instance,
                )
            )
    return found
