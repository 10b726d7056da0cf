"""The registers as a team leader looks at them: what is missing, over, old or nearly over; and the preconditions of the modules
that rest on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from schuldhulp.engine.case.errors import CommandRefused, ExpressionFailed
from schuldhulp.engine.case.evaluate import holds
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.work import split_precondition
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.definitions.registers import Register
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor

STATES = ("over", "old", "soon", "later", "good")
"""Of an entry: no longer valid, not looked at for too long, nearly over, not yet valid, good."""
MAX_AGE = "register_maanden"
_LOOKER = Actor(account=0, role="systeem", program="view")


@dataclass(frozen=True, slots=True)
class EntryState:
    """`until`: the day on which it ends or becomes old, None for never."""

    name: str
    state: str
    until: date | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RegisterState:
    """`missing`: nothing is in it that counts today, though something should be."""

    register: Register
    entries: tuple[EntryState, ...]
    missing: bool

    @property
    def wrong(self) -> int:
        return self.missing + sum(entry.state in ("over", "old") for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Arranged:
    """A precondition at the start of a module that rests on registers. `holds` None: it hangs on the case."""

    module: str
    requirement: str
    level: str
    holds: bool | None
    sentence: str


def registers(deployment: Deployment, today: date, days: int = 60) -> tuple[RegisterState, ...]:
    """Every register of *deployment*, the worst first. *days*: how near its end an entry is nearly over. Variants are switches
    and not told here."""
    values = deployment.parameters.on(today)
    months = int(values.get(MAX_AGE, Decimal(12)))
    listed = {key: one for key, one in deployment.registers.items() if not one.pinned}
    found = [_state(one, values.get(key, []), today, days, months) for key, one in listed.items()]
    return tuple(sorted(found, key=lambda one: -one.wrong))


def _state(register: Register, entries: Any, today: date, days: int, months: int) -> RegisterState:
    states = [_entry(register, entry, today, days, months) for entry in entries]
    states.sort(key=lambda one: (STATES.index(one.state), one.until or date.max, one.name))
    counting = [one for one in states if one.state not in ("over", "later")]
    return RegisterState(register, tuple(states), not counting and not register.may_be_empty)


def _entry(register: Register, entry: Mapping[str, Any], today: date, days: int, months: int) -> EntryState:
    start = entry.get(register.starts) if register.starts else None
    ends = entry.get(register.ends) if register.ends else None
    checked = entry.get(register.checked) if register.checked else None
    old = _months_later(checked, months) if checked is not None else None
    until = min((day for day in (ends, old) if day is not None), default=None)
    if ends is not None and ends < today:
        state = "over"
    elif old is not None and old < today:
        state = "old"
    elif start is not None and start > today:
        state = "later"
    elif until is not None and until <= today + timedelta(days=days):
        state = "soon"
    else:
        state = "good"
    return EntryState(register.name_of(entry), state, until, entry)


def _months_later(day: date, months: int) -> date:
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("a month has 28 days")


def arranged(engine: Engine) -> tuple[Arranged, ...]:
    """How the preconditions of level register stand today, for every module that is switched on; those that do not hold first."""
    found = engine.look_new(_LOOKER, lambda turn: list(_arranged(turn)))
    return tuple(sorted(found, key=lambda one: (one.holds is not False, one.module, one.requirement)))


def _arranged(turn: Turn) -> Iterator[Arranged]:
    for module, graph in turn.world.deployment.modules.items():
        for name, value, _ in graph.properties:
            if name != "precondition.start":
                continue
            requirement, level, text, sentence = split_precondition(value)
            if level != "register":
                continue
            state: bool | None
            try:
                state = holds(turn, None, graph.process, text)
            except (ExpressionFailed, CommandRefused):
                state = None
            yield Arranged(module, requirement, level, state, sentence)
