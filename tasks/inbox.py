"""The inbox: what is there to do, most urgent by law first; list and counts come from the same conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.handle import Engine
from schuldhulp.rules.terms import Calendar, words_left
from schuldhulp.tasks.access import ROLES, SEE_EVERYTHING, Person, name_of

LISTS = {"mine": "my_tasks", "group": "group_tasks", "all": "visible_tasks"}
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
    """One of the three lists (`mine`, `group`, `all`) with the counts of each."""
    own, now = list(who.roles), engine.clock()
    seen = list(ROLES) if set(who.roles) & SEE_EVERYTHING else own
    roles = seen if which == "all" else own
    rows = engine.rows(LISTS[which], account=who.account, now=now, roles=roles, limit=PAGE, offset=PAGE * (page - 1))
    counts = engine.rows("task_counts", account=who.account, now=now, roles=own)[0]
    all_of_them = engine.rows("task_counts", account=who.account, now=now, roles=seen)[0]["visible"]
    today = engine.clock().astimezone(CIVIL).date()
    names = {row["claimed_by"]: "" for row in rows if row["claimed_by"] is not None}
    for account in names:
        names[account] = name_of(engine, account)
    calendar = engine.calendar
    items = tuple(_item(engine, row, today, calendar, names) for row in rows)
    return Inbox(items, {"mine": counts["mine"], "group": counts["group"], "all": all_of_them}, which, page)


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
