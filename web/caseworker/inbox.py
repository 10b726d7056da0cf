"""The inbox: what is there to do, most urgent by law first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.inbox import PAGE, Inbox, Item, inbox
from schuldhulp.web.pages import render
from schuldhulp.web.visitors import Asker, Visitor
from schuldhulp.web.words import Countdown, count, countdown, moment

router = APIRouter(include_in_schema=False)

LISTS = {
    "mijn": ("mine", "Mijn taken"),
    "groep": ("group", "Mijn groepen"),
    "waarneming": ("cover", "Waarneming"),
    "alles": ("all", "Alles"),
}
ORDERS = {"wet": "Eerst wat moet van de wet", "nieuw": "Nieuwste eerst", "oud": "Oudste eerst", "zaak": "Op zaaknummer"}
MOST = 1_000
"""Tasks that are looked through when something is searched for."""


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class ListTab:
    label: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A task in the list."""

    url: str
    name: str
    module: str
    note: str
    case: str
    case_url: str
    who: str
    fatal: Countdown | None
    target: Countdown | None
    holder: str


@dataclass(frozen=True, slots=True)
class PageLink:
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    lists: tuple[ListTab, ...]
    list: str
    search: str
    module: str
    order: str
    modules: tuple[Choice, ...]
    orders: tuple[Choice, ...]
    rows: tuple[Row, ...]
    summary: str
    empty: str
    filtered: bool
    pages: tuple[PageLink, ...]
    title: str = "Taken"
    section: str = "taken"


@router.get("/")
def home() -> Response:
    return RedirectResponse("/taken", 303)


@router.get("/taken")
def show_inbox(
    who: Asker, lijst: str = "", zoek: str = "", module: str = "", volgorde: str = "wet", bladzijde: int = 1
) -> Response:
    chosen = lijst if lijst in LISTS else _where_there_is_work(who)
    order = volgorde if volgorde in ORDERS else "wet"
    number = max(1, min(bladzijde, 10_000))
    filtered = bool(zoek.strip() or module or order != "wet")
    found = inbox(who.engine, who.person, LISTS[chosen][0], 1 if filtered else number)
    titles = module_titles(who.engine)
    items = _filtered(who, found, zoek, module, order, titles) if filtered else found.items
    now = who.engine.clock()
    rows = tuple(row_of(who, item, titles, now) for item in items)
    page = InboxPage(
        lists=tuple(
            ListTab(label, found.counts[which], f"/taken?{urlencode({'lijst': key})}", key == chosen)
            for key, (which, label) in LISTS.items()
            if which in found.counts
        ),
        list=chosen,
        search=zoek,
        module=module,
        order=order,
        modules=tuple(Choice(key, title) for key, title in titles.items()),
        orders=tuple(Choice(key, label) for key, label in ORDERS.items()),
        rows=rows,
        summary=f"{count(len(rows), 'taak', 'taken')}{', ' + ORDERS[order].lower() if len(rows) > 1 else ''}",
        empty=_empty(chosen, filtered),
        filtered=filtered,
        pages=() if filtered else tuple(_pages(chosen, found.counts[LISTS[chosen][0]], number)),
    )
    return render("inbox.html", page, who.shell)


def module_titles(engine: Engine) -> dict[str, str]:
    """Modules in force by key, with their Dutch name."""
    return {
        key: next((value for name, value, _ in graph.properties if name == "title"), key)
        for key, graph in engine.deployment().modules.items()
    }


def row_of(who: Visitor, item: Item, titles: dict[str, str], now: datetime) -> Row:
    today = now.astimezone(CIVIL).date()
    calendar = who.engine.calendar
    return Row(
        url=f"/zaken/{item.case}/taken/{item.task}",
        name=item.name,
        module=titles.get(item.module or "", item.module or "Hele zaak"),
        note=NOTES.get(item.kind, "") or f"sinds {moment(item.opened_at, today)}",
        case=item.case,
        case_url=f"/zaken/{item.case}",
        who=item.title,
        fatal=countdown(item.fatal, today, calendar) if item.fatal else None,
        target=countdown(day_of(item.target), today, calendar) if item.target else None,
        holder="U" if item.claimed_by == who.person.account else item.claimed_name or "Niemand",
    )


NOTES = {"referral": "verwijzing", "notice": "vertellen", "escalation": "termijn verstreken"}


def day_of(at: datetime) -> date:
    return at.astimezone(CIVIL).date()


def _where_there_is_work(who: Visitor) -> str:
    counts = inbox(who.engine, who.person, "mine").counts
    return "mijn" if counts["mine"] or not counts["group"] else "groep"


def _filtered(
    who: Visitor, first: Inbox, search: str, module: str, order: str, titles: dict[str, str]
) -> Sequence[Item]:
    wanted = search.casefold().split()
    found = [
        item
        for item in _all_pages(who, first)
        if (not module or item.module == module)
        and all(
            word in f"{item.case} {item.title} {item.name} {titles.get(item.module or '', '')}".casefold() for word in wanted
        )
    ]
    if order == "zaak":
        return sorted(found, key=lambda item: (item.case, item.task))
    if order == "wet":
        return found
    return sorted(found, key=lambda item: item.opened_at, reverse=order == "nieuw")


def _all_pages(who: Visitor, first: Inbox) -> Iterator[Item]:
    yield from first.items
    shown, number = len(first.items), 2
    while shown < min(first.counts[first.which], MOST):
        page = inbox(who.engine, who.person, first.which, number)
        if not page.items:
            return
        yield from page.items
        shown, number = shown + len(page.items), number + 1


def _pages(chosen: str, whole: int, current: int) -> Iterator[PageLink]:
    last = -(-whole // PAGE)
    if last > 1:
        for number in sorted({1, last, *range(max(1, current - 2), min(last, current + 2) + 1)}):
            url = f"/taken?{urlencode({'lijst': chosen, 'bladzijde': number})}"
            yield PageLink(f"Bladzijde {number}" if number == current else str(number), url, number == current)


def _empty(chosen: str, filtered: bool) -> str:
    if filtered:
        return "Geen taken gevonden met dit filter."
    return EMPTY[chosen]


EMPTY = {
    "mijn": "U hebt geen taken.",
    "groep": "Er is nu niets voor uw groepen.",
    "waarneming": "Uw collega's die weg zijn hebben geen taken.",
    "alles": "Er is nu niets te doen.",
}
