"""Terms across cases: the team leader's overview, and a worker's own terms as a calendar file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from schuldhulp.tasks.calendar_feed import CONTENT_TYPE, calendar_feed
from schuldhulp.tasks.overview import OverviewLine, overview
from schuldhulp.web.pages import render
from schuldhulp.web.visitors import Asker
from schuldhulp.web.words import Countdown, count, countdown

router = APIRouter(include_in_schema=False)
DAYS = 7


@dataclass(frozen=True, slots=True)
class TermRow:
    url: str
    case: str
    name: str
    article: str
    left: Countdown | None
    why: str


@dataclass(frozen=True, slots=True)
class TermBlock:
    """One list: what it is, its rows, and what stands there when it is empty."""

    key: str
    heading: str
    caption: str
    empty: str
    rows: tuple[TermRow, ...]


@dataclass(frozen=True, slots=True)
class OverviewPage:
    blocks: tuple[TermBlock, ...]
    title: str = "Termijnen"
    section: str = "termijnen"


@router.get("/termijnen")
def show_overview(who: Asker) -> Response:
    """Due this week, missed, standing still and why. For roles that see every case."""
    found = overview(who.engine, who.person, DAYS)
    calendar = who.engine.calendar

    def rows(lines: Sequence[OverviewLine]) -> tuple[TermRow, ...]:
        return tuple(
            TermRow(
                f"/zaken/{line.case}",
                line.case,
                line.name,
                line.article,
                countdown(line.ends, found.today, calendar) if line.ends else None,
                line.why,
            )
            for line in lines
        )

    blocks = (
        _block("verstreken", "Verstreken", "Er is geen termijn verstreken.", rows(found.missed)),
        _block("deze-week", "Deze week", "Er loopt deze week geen termijn af.", rows(found.due)),
        _block("stil", "Staat stil", "Er staat geen termijn stil.", rows(found.suspended)),
    )
    return render("overview.html", OverviewPage(blocks), who.shell)


def _block(key: str, heading: str, empty: str, rows: tuple[TermRow, ...]) -> TermBlock:
    return TermBlock(key, heading, count(len(rows), "termijn", "termijnen"), empty, rows)


@router.get("/termijnen.ics")
def show_calendar(who: Asker) -> Response:
    """The terms of this worker's cases for a calendar program: case number and rule, nothing about people."""
    headers = {"Content-Disposition": 'attachment; filename="termijnen.ics"'}
    return Response(calendar_feed(who.engine, who.person), media_type=CONTENT_TYPE, headers=headers)
