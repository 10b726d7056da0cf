"""The post room's page: all letters by post of a day, in one PDF, marked as printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.definitions.dutch import weekday_date
from schuldhulp.rules.dictionary import Type
from schuldhulp.tasks.forms.words import read
from schuldhulp.tasks.post_room import mark, post_of, print_post, summary
from schuldhulp.web.caseworker.letter import pdf_answer
from schuldhulp.web.pages import render
from schuldhulp.web.visitors import Asker, Posted, Poster, Visitor, first
from schuldhulp.web.words import count

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class PostRow:
    number: str
    case: str
    letter: str
    state: str


@dataclass(frozen=True, slots=True)
class PostPage:
    day: str
    heading: str
    rows: tuple[PostRow, ...]
    summary: str
    waiting: int
    before: str
    after: str
    complaint: str = ""
    title: str = "Post"
    section: str = "post"


@router.get("/post")
def show_post(who: Asker, dag: str = "") -> Response:
    """The post list of a day: today, unless another is asked for."""
    day, complaint = _day(who, dag)
    lines = post_of(who.engine, who.person, day)
    total, waiting = summary(lines)
    page = PostPage(
        day=f"{day:%d-%m-%Y}",
        heading=f"Post van {weekday_date(day)}",
        rows=tuple(
            PostRow(f"{place}", line.number, line.letter, "afgedrukt" if line.printed else "nog af te drukken")
            for place, line in enumerate(lines, 1)
        ),
        summary=f"{count(total, 'brief', 'brieven')}, {waiting} nog af te drukken",
        waiting=waiting,
        before=f"/post?dag={day - timedelta(1):%d-%m-%Y}" if day > date.min else "",
        after=f"/post?dag={day + timedelta(1):%d-%m-%Y}" if day < date.max else "",
        complaint=complaint,
    )
    return render("post.html", page, who.shell, status=422 if complaint else 200)


@router.post("/post/afdrukken")
def print_day(who: Poster, fields: Posted) -> Response:
    """The letters that were not printed yet as one PDF; they are marked as printed by this person."""
    day, complaint = _day(who, first(fields, "dag"))
    again = first(fields, "opnieuw") == "ja"
    batch = None if complaint else print_post(who.engine, who.person, day, again=again)
    if batch is None:
        return RedirectResponse(f"/post?dag={day:%d-%m-%Y}", 303)
    if not again:
        mark(who.engine, batch)
    return pdf_answer(batch.pdf, f"post-{day:%Y-%m-%d}.pdf")


def _day(who: Visitor, text: str) -> tuple[date, str]:
    today = who.engine.clock().astimezone(CIVIL).date()
    if not text.strip():
        return today, ""
    try:
        found = read(Type.DATE, text)
    except ValueError:
        found = None
    return (found, "") if isinstance(found, date) else (today, "Vul een datum in, zoals 21-04-2026.")
