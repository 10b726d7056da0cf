"""Who asks: the session behind the cookie, and the token that proves that a post comes from our own page."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.access import SEE_EVERYTHING, Person, person
from schuldhulp.tasks.figures.collect import MAY_SEE as FIGURES
from schuldhulp.tasks.post_room import ROLES as POST_ROOM
from schuldhulp.tasks.threats import MAY_SEE as THREATS
from schuldhulp.web.pages import MenuItem, Message, Shell
from schuldhulp.web.theming import look_of

COOKIE = "schuldhulp"
NOTE = "schuldhulp_melding"
MOST_FIELDS = 5_000
GROUPS = frozenset({"sociaal_werker", "budgetbegeleider", "maatschappelijk_werker", "vrijwilligerscoordinator"})
"""Who leads groups; whether they may record a meeting is for the process to say."""

NOTES: Mapping[str, Message] = {
    "afgerond": Message("De taak is afgerond.", "done"),
    "bewaard": Message("Het concept is bewaard.", "done"),
    "overgenomen": Message("Het bestand staat in uw concept. Kijk het na en rond de taak af.", "done"),
    "teruggegeven": Message("De taak is terug bij de groep.", "done"),
    "toegewezen": Message("De taak is aan uw collega gegeven.", "done"),
    "uitgesteld": Message("De taak komt later terug.", "done"),
    "teruggegaan": Message("De zaak is terug bij een eerdere stap.", "done"),
    "overgeslagen": Message("De stap is overgeslagen.", "done"),
    "geopend": Message("De zaak is geopend.", "done"),
    "waarneming": Message("De waarneming is vastgelegd.", "done"),
    "gestart": Message("Gestart.", "done"),
    "vastgelegd": Message("Het is vastgelegd.", "done"),
    "document": Message("Het document staat in het dossier.", "done"),
    "weggehaald": Message("Het document is weggehaald.", "done"),
    "uitgelogd": Message("U bent uitgelogd.", "done"),
}
"""What may be said above the next page; the cookie holds only the key."""


class NeedsLogin(Exception):
    """Nobody is logged in. `wanted`: where to go afterwards."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        super().__init__(wanted)


class ForgedPost(Exception):
    """A post without the token that its page carried."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who is logged in, and what the page around them needs."""

    engine: Engine
    person: Person
    shell: Shell


def engine_of(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def csrf_of(token: str) -> str:
    """The token against forged posts that belongs to a session; it says nothing about the session's own."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def visitor(request: Request) -> Visitor:
    """The person behind the request. Raises NeedsLogin."""
    engine = engine_of(request)
    token = request.cookies.get(COOKIE, "")
    session = engine.session(token) if token else None
    who = person(engine, session.account) if session else None
    if who is None:
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        raise NeedsLogin(asked if request.method == "GET" else "/")
    note = NOTES.get(request.cookies.get(NOTE, ""))
    look = look_of(engine)
    said = (note,) if note else ()
    shell = Shell(
        who.account, who.name or who.login, csrf_of(token), menu_of(who), said, look.name, look.style, look.logo
    )
    return Visitor(engine, who, shell)


async def posted_with_file(request: Request) -> tuple[dict[str, list[str]], bytes]:
    """The same with one file: what was posted, and the bytes of the file (none when there is none)."""
    form = await request.form(max_fields=MOST_FIELDS, max_files=1, max_part_size=2_000_000)
    found: dict[str, list[str]] = {}
    content = b""
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
        else:
            found.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return found, content


async def posted(request: Request) -> dict[str, list[str]]:
    """What was posted, by the name of each input. Files are not taken."""
    form = await request.form(max_fields=MOST_FIELDS, max_files=0)
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            found.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return found


Asker = Annotated[Visitor, Depends(visitor)]
Posted = Annotated[dict[str, list[str]], Depends(posted)]


def poster(who: Asker, fields: Posted) -> Visitor:
    """The person behind a post that came from our own page. Raises ForgedPost."""
    if not hmac.compare_digest(first(fields, "csrf"), who.shell.csrf):
        raise ForgedPost
    return who


Poster = Annotated[Visitor, Depends(poster)]


PostedFile = Annotated[tuple[dict[str, list[str]], bytes], Depends(posted_with_file)]


def file_poster(who: Asker, sent: PostedFile) -> Visitor:
    """The person behind a post with a file that came from our own page. Raises ForgedPost."""
    if not hmac.compare_digest(first(sent[0], "csrf"), who.shell.csrf):
        raise ForgedPost
    return who


FilePoster = Annotated[Visitor, Depends(file_poster)]


def first(fields: Mapping[str, list[str]], name: str) -> str:
    """The last thing that stands in an input; nothing when it is not there."""
    return (fields.get(name) or [""])[-1]


def whole(fields: Mapping[str, list[str]], name: str) -> int | None:
    text = first(fields, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def menu_of(who: Person) -> tuple[MenuItem, ...]:
    roles = set(who.roles)
    overseeing = [MenuItem("termijnen", "Termijnen", "/termijnen")] if SEE_EVERYTHING & roles else []
    overseeing += [MenuItem("dreigingen", "Dreigingen", "/dreigingen")] if THREATS & roles else []
    overseeing += [MenuItem("cijfers", "Cijfers", "/cijfers")] if FIGURES & roles else []
    printing = [MenuItem("post", "Post", "/post")] if roles & set(POST_ROOM) else []
    taking_in = [MenuItem("signalen", "Signalen", "/invoer/signalen")] if "aanmeldmedewerker" in roles else []
    together = [MenuItem("groepen", "Groepen", "/groepen")] if GROUPS & roles else []
    overseeing += [MenuItem("registers", "Registers", "/registers")] if SEE_EVERYTHING & roles else []
    return (
        MenuItem("taken", "Taken", "/taken", "ctrl-alt-l"),
        MenuItem("zaken", "Zaken", "/zaken"),
        *overseeing,
        *printing,
        *taking_in,
        *together,
        MenuItem("nieuw", "Nieuwe zaak", "/zaken/nieuw", "ctrl-alt-p"),
        MenuItem("waarneming", "Waarneming", "/waarneming"),
    )


def log_in(engine: Engine, who: Person, response: Response, *, secure: bool) -> None:
    """A new session; the one before, if any, is of no use to anybody who set it."""
    token = secrets.token_urlsafe(32)
    engine.start_session(token, who.account)
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=secure, path="/")


def note(response: Response, key: str) -> Response:
    """Say *key* above the next page."""
    response.set_cookie(NOTE, key, max_age=30, httponly=True, samesite="lax", path="/")
    return response
