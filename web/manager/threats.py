"""One screen of all running threats, soonest first; it loads anew when something changes."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.definitions import dutch
from schuldhulp.tasks.threats import Threat, running_threats, state_of_threats
from schuldhulp.web.pages import render
from schuldhulp.web.visitors import Asker
from schuldhulp.web.words import Countdown, countdown

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ThreatRow:
    url: str
    one: Threat
    when: str
    left: Countdown | None
    until: str
    talk_by: str


@dataclass(frozen=True, slots=True)
class ThreatsPage:
    rows: tuple[ThreatRow, ...]
    state: str
    title: str = "Wie wordt wanneer ontruimd of afgesloten"
    section: str = "dreigingen"


@router.get("/dreigingen")
def show_threats(who: Asker) -> Response:
    """Every threat of a case in crisis help, by day and hour of execution; not known yet comes first."""
    found = running_threats(who.engine, who.person)
    today = who.engine.clock().astimezone(CIVIL).date()
    rows = []
    for one in found:
        local = one.at.astimezone(CIVIL) if one.at else None
        left = countdown(local.date(), today, who.engine.calendar) if local else None
        when = f"{dutch.weekday_date(local.date())} om {local:%H.%M} uur" if local else "nog niet bekend"
        until = dutch.weekday_date(one.averted_until) if one.averted_until else ""
        talk_by = dutch.weekday_date(one.talk_by) if one.talk_by else ""
        rows.append(ThreatRow(f"/zaken/{one.case}", one, when, left, until, talk_by))
    return render("threats.html", ThreatsPage(tuple(rows), state_of_threats(who.engine)), who.shell)


@router.get("/dreigingen/stand")
def tell_change(who: Asker, sinds: str = "") -> Response:
    """Nothing when all stands as it did; else the browser is told to load the page anew."""
    if state_of_threats(who.engine) == sinds:
        return Response(status_code=204)
    return Response(status_code=200, headers={"HX-Refresh": "true"})
