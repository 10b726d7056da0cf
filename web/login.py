"""Logging in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from schuldhulp.tasks.access import authenticate
from schuldhulp.web.pages import Shell, render
from schuldhulp.web.theming import look_of
from schuldhulp.web.throttle import Throttle
from schuldhulp.web.visitors import COOKIE, NOTE, NOTES, Posted, Poster, engine_of, first, log_in, note

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Hint:
    """A trial account, shown only when whoever serves the pages says so."""

    login: str
    password: str
    roles: str


@dataclass(frozen=True, slots=True)
class LoginPage:
    next: str
    login: str = ""
    complaint: str = ""
    hints: Sequence[Hint] = field(default_factory=tuple)
    title: str = "Inloggen"
    section: str = ""


@router.get("/inloggen")
def login_page(request: Request, naar: str = "/") -> Response:
    said = NOTES.get(request.cookies.get(NOTE, ""))
    look = look_of(engine_of(request))
    shell = Shell(messages=(said,) if said else (), brand=look.name, style=look.style, logo=look.logo)
    return render("login.html", LoginPage(_inside(naar), hints=request.app.state.hints), shell)


@router.post("/inloggen")
def login(request: Request, fields: Posted) -> Response:
    name, password, wanted = first(fields, "naam").strip(), first(fields, "wachtwoord"), _inside(first(fields, "naar"))
    throttle: Throttle = request.app.state.throttle
    caller = request.client.host if request.client else ""
    if throttle.waits(name, caller):
        text = "Er is te vaak een verkeerd wachtwoord ingevuld. Wacht een kwartier en probeer het dan weer."
        return render("login.html", LoginPage(wanted, name, text), status=429)
    who = authenticate(engine_of(request), name, password) if name and password else None
    if who is None:
        throttle.failed(name, caller)
        text = "De gebruikersnaam of het wachtwoord klopt niet."
        return render("login.html", LoginPage(wanted, name, text, request.app.state.hints), status=422)
    throttle.passed(name)
    answer = RedirectResponse(wanted, 303)
    log_in(engine_of(request), who, answer, secure=request.url.scheme == "https")
    return answer


@router.post("/uitloggen")
def logout(request: Request, who: Poster) -> Response:
    who.engine.end_session(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/inloggen", 303)
    answer.delete_cookie(COOKIE, path="/")
    return note(answer, "uitgelogd")


def _inside(wanted: str) -> str:
    """A place of our own to go to; anything else becomes the first page."""
    local = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and "\n" not in wanted
    return wanted if local else "/"
