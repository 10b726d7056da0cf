"""Absence cover: one's own, and for the team leader everybody's, with handing over all tasks at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from schuldhulp.engine.case.roles import COORDINATOR
from schuldhulp.engine.handle import BadCover
from schuldhulp.tasks.access import Person, person
from schuldhulp.tasks.covering import CoverLine, covers, reassign_all, today_of
from schuldhulp.web.caseworker.inbox import Choice
from schuldhulp.web.pages import Message, render
from schuldhulp.web.visitors import Asker, Posted, Poster, Visitor, first, note, whole
from schuldhulp.web.words import count

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class CoverRow:
    away: str
    away_account: int
    by: str
    first: str
    last: str
    first_iso: str
    last_iso: str
    now: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class CoverPage:
    rows: tuple[CoverRow, ...]
    colleagues: tuple[Choice, ...]
    people: tuple[Choice, ...]
    """Everybody, for the team leader; else empty."""
    complaint: str
    typed: Mapping[str, str]
    title: str = "Waarneming"
    section: str = "waarneming"


@router.get("/waarneming")
def show_cover(who: Asker) -> Response:
    return _page(who)


@router.post("/waarneming")
def name_cover(who: Poster, fields: Posted) -> Response:
    """Name a cover, or take back what was said of those days (an empty `wie`)."""
    typed = {name: first(fields, name) for name in ("wie", "van", "tot")}
    away = whole(fields, "voor") or who.person.account
    begin, end = _day(typed["van"]), _day(typed["tot"])
    if begin is None or end is None:
        return _page(who, "Vul de eerste en de laatste dag in, zoals 31-01-2026.", typed)
    ending = first(fields, "actie") == "stoppen"
    colleague = whole(fields, "wie")
    if colleague is None and not ending:
        return _page(who, "Kies wie u waarneemt.", typed)
    if end < begin:
        return _page(who, "De laatste dag ligt voor de eerste dag.", typed)
    by = who.person.actor(wanted=(COORDINATOR,) if away != who.person.account else ())
    try:
        who.engine.name_cover(away, None if ending else colleague, begin, end, by)
    except BadCover:
        return _page(who, "Kies een collega die hier werkt, niet uzelf.", typed)
    return note(RedirectResponse("/waarneming", 303), "waarneming")


@router.post("/waarneming/overdragen")
def hand_over(who: Poster, fields: Posted) -> Response:
    """Everything of one person to another. For the team leader."""
    by = who.person.actor(wanted=(COORDINATOR,))
    giver, taker = (_person(who, whole(fields, name)) for name in ("wie_weg", "naar"))
    reason = first(fields, "reden").strip()
    if giver is None or taker is None or giver == taker or len(reason) < 3:
        return _page(who, "Kies van wie en naar wie de taken gaan, en schrijf op waarom.")
    found = list(reassign_all(who.engine, giver, taker, reason, by))
    stayed = [one for one in found if one.refused]
    tasks = sum(one.tasks for one in found)
    said = f"{count(tasks, 'taak', 'taken')} in {count(len(found) - len(stayed), 'zaak', 'zaken')} overgedragen aan {taker.name}."
    if stayed:
        said += f" Niet overgedragen: {', '.join(one.case for one in stayed)}; {taker.name} heeft daar niet de juiste rol voor."
    return _page(who, messages=(Message(said, "warning" if stayed else "done"),))


def _person(who: Visitor, account: int | None) -> Person | None:
    return person(who.engine, account) if account is not None else None


def _day(text: str) -> date | None:
    """A day as browsers send it (2026-01-31) or as people write it (31-01-2026)."""
    parts = text.strip().split("-")
    try:
        numbers = [int(part) for part in parts]
        return date(*numbers) if len(parts[0]) == 4 else date(*reversed(numbers))
    except (ValueError, TypeError):
        return None


def _page(
    who: Visitor, complaint: str = "", typed: Mapping[str, str] | None = None, messages: tuple[Message, ...] = ()
) -> Response:
    leads = COORDINATOR in who.person.roles
    people = [one for one in who.engine.accounts() if one.active and one.name]
    everyone = tuple(Choice(str(one.number), one.name or "") for one in sorted(people, key=lambda one: one.name or ""))
    lines = covers(who.engine, None if leads else who.person.account)
    others = tuple(one for one in covers(who.engine) if one.by == who.person.account and one not in lines)
    page = CoverPage(
        rows=tuple(_row(who, line) for line in (*lines, *others)),
        colleagues=tuple(one for one in everyone if one.key != str(who.person.account)),
        people=everyone if leads else (),
        complaint=complaint,
        typed=typed or {"wie": "", "van": f"{today_of(who.engine):%d-%m-%Y}", "tot": ""},
    )
    shell = who.shell
    shown = replace(shell, messages=messages or shell.messages)
    return render("cover.html", page, shown, status=422 if complaint else 200)


def _row(who: Visitor, line: CoverLine) -> CoverRow:
    mine = line.account == who.person.account or COORDINATOR in who.person.roles
    return CoverRow(
        line.name,
        line.account,
        line.by_name,
        f"{line.first:%d-%m-%Y}",
        f"{line.last:%d-%m-%Y}",
        line.first.isoformat(),
        line.last.isoformat(),
        line.now,
        mine,
    )
