"""Absence cover as people use it: who is away, who takes over, and everything of a colleague handed to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.handle import Cover, Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.access import Person, name_of

MOST = 10_000
"""Tasks of one person that are handed over at once."""


@dataclass(frozen=True, slots=True)
class CoverLine:
    """An arrangement that holds today or later. `now`: it holds today."""

    account: int
    name: str
    by: int
    by_name: str
    first: date
    last: date
    now: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one case: how many tasks went over, or why none did."""

    case: str
    tasks: int
    refused: str = ""


def today_of(engine: Engine) -> date:
    return engine.clock().astimezone(CIVIL).date()


def absent_of(engine: Engine, account: int) -> frozenset[int]:
    """Colleagues who are away today and whom *account* covers."""
    today = today_of(engine)
    found = {one.account: one.by for one in engine.covers(today) if one.first <= today <= one.last}
    return frozenset(absent for absent, by in found.items() if by == account)


def covers(engine: Engine, account: int | None = None) -> tuple[CoverLine, ...]:
    """Arrangements for today and later, of everybody or of one *account*, soonest first. Of days that were said twice, what was
    said last."""
    today = today_of(engine)
    lines = [
        _line(engine, one, one.by, today)
        for one in _standing(engine.covers(today))
        if one.by is not None and account in (None, one.account)
    ]
    return tuple(sorted(lines, key=lambda line: (line.first, line.name)))


def _line(engine: Engine, one: Cover, by: int, today: date) -> CoverLine:
    away, cover = name_of(engine, one.account), name_of(engine, by)
    return CoverLine(one.account, away, by, cover, one.first, one.last, one.first <= today)


def _standing(found: tuple[Cover, ...]) -> Iterator[Cover]:
    """Without what a later arrangement of the same person speaks of wholly."""
    for number, one in enumerate(found):
        later = (other for other in found[number + 1 :] if other.account == one.account)
        if not any(other.first <= one.first and other.last >= one.last for other in later):
            yield one


def reassign_all(
    engine: Engine, holder: Person, to: Person, reason: str, by: Actor, *, case: str | None = None, tell: bool = True
) -> Iterator[Moved]:
    """Hand over what *holder* has, in one case or in all, case by case, and say what became of each. A case that cannot be
    changed now does not stop the others. A case in which *to* lacks the role of a task is left as it is."""
    now, roles_of = engine.clock(), list(holder.roles)
    rows = engine.rows("my_tasks", account=holder.account, now=now, roles=roles_of, limit=MOST, offset=0)
    rows += engine.rows("put_off_tasks", account=holder.account, now=now, limit=MOST, offset=0)
    by_case: dict[str, list[tuple[str, ...]]] = {}
    for row in rows:
        by_case.setdefault(str(row["case"]).removeprefix("case/"), []).append(tuple(row["roles"] or ()))
    for number, roles in by_case.items():
        if case not in (None, number):
            continue
        lacking = next((one for one in roles if one and not set(one) & set(to.roles)), None)
        if lacking is not None:
            yield Moved(number, 0, f"{to.login} is not {' or '.join(lacking)}")
            continue
        try:
            done = engine.reassign(number, holder.account, to.account, reason, by, tell=tell)
        except CommandRefused as error:
            yield Moved(number, 0, str(error))
        else:
            yield Moved(number, int(done.value))
