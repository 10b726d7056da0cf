"""The inbox (C-E02): what is there to do, most urgent by law first; list and counts come from the same conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.handle import Engine
from schuldhulp.rules.terms import Calendar, words_left
from schuldhulp.tasks.access import ROLES, SEE_EVERYTHING, Person, name_of
from schuldhulp.tasks.covering import absent_of

LISTS = {"mine": "my_tasks", "group": "group_tasks", "all": "visible_tasks", "cover": "my_tasks"}
"""`cover`: what colleagues have who are away today and whom this person covers."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class Item:
    """A task in a list. `fatal`: last day by law; `target`: the organisation's own date; words in Dutch."""

    case: str
    title: str
    task: int
    name: str
    kind: str
    module: str | None
    roles: tuple[str, ...]
    claimed_by: int | None
    claimed_name: str
    opened_at: datetime
    fatal: date | None
    fatal_words: str
    target: datetime | None
    target_words: str
    light: str
    """green | yellow (the organisation's date came, or the last day is near) | red (the last day passed) | none"""
    priority: int
    follow_up: datetime | None


@dataclass(frozen=True, slots=True)
class Inbox:
    items: tuple[Item, ...]
    counts: Mapping[str, int]
    which: str
    page: int


def inbox(engine: Engine, who: Person, which: str = "mine", page: int = 1) -> Inbox:
    """One of the lists (`mine`, `group`, `all`, `cover`) with the counts of each; `cover` is counted only for who covers."""
    own, now = list(who.may_take), engine.clock()
    seen = [*ROLES, *own] if set(who.roles) & SEE_EVERYTHING else own
    roles = seen if which == "all" else own
    away = sorted(absent_of(engine, who.account))
    if which == "cover":
        rows = _covered(engine, away, roles, now, PAGE * page)[PAGE * (page - 1) :]
    else:
        rows = engine.rows(
            LISTS[which], account=who.account, now=now, roles=roles, limit=PAGE, offset=PAGE * (page - 1)
        )
    counts = engine.rows("task_counts", account=who.account, now=now, roles=own)[0]
    all_of_them = engine.rows("task_counts", account=who.account, now=now, roles=seen)[0]["visible"]
    today = engine.clock().astimezone(CIVIL).date()
    names = {row["claimed_by"]: "" for row in rows if row["claimed_by"] is not None}
    for account in names:
        names[account] = name_of(engine, account)
    calendar = engine.calendar
    items = tuple(_item(engine, row, today, calendar, names) for row in rows)
    known = {"mine": counts["mine"], "group": counts["group"], "all": all_of_them}
    if away or which == "cover":
        mine = (engine.rows("task_counts", account=one, now=now, roles=own)[0]["mine"] for one in away)
        known["cover"] = sum(mine)
    return Inbox(items, known, which, page)


def _covered(engine: Engine, away: list[int], roles: list[str], now: datetime, most: int) -> list[dict[str, Any]]:
    """The first *most* tasks of these colleagues together, most urgent first."""
    rows = [
        row
        for account in away
        for row in engine.rows("my_tasks", account=account, now=now, roles=roles, limit=most, offset=0)
    ]
    last = date.max.isoformat()
    rows.sort(key=lambda row: (str(row["fatal"] or last), str(row["target"] or last), row["opened_at"], row["case"], row["task"]))
    return rows[:most]


def _item(engine: Engine, row: Mapping[str, Any], today: date, calendar: Calendar, names: Mapping[int, str]) -> Item:
    fatal, target = row["fatal"], row["target"]
    target_day = target.astimezone(CIVIL).date() if target else None
    return Item(
        case=str(row["case"]).removeprefix("case/"),
        title=row["title_sealed"] or "",
        task=row["task"],
        name=row["name"],
        kind=row["kind"],
        module=row["module"],
        roles=tuple(row["roles"] or ()),
        claimed_by=row["claimed_by"],
        claimed_name=names.get(row["claimed_by"], ""),
        opened_at=row["opened_at"],
        fatal=fatal,
        fatal_words=words_left(today, fatal, calendar) if fatal else "",
        target=target,
        target_words=words_left(today, target_day, calendar) if target_day else "",
        light=_light(today, fatal, target_day),
        priority=row["priority"],
        follow_up=row["follow_up"],
    )


def _light(today: date, fatal: date | None, target: date | None) -> str:
    if fatal is not None and today > fatal:
        return "red"
    if target is not None and today > target:
        return "yellow"
    if fatal is not None and (fatal - today).days <= 2:
        return "yellow"
    return "green" if fatal is not None or target is not None else "none"
