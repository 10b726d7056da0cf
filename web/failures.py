"""What people see when a request cannot be answered."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.handle.library import NothingDeployed
from schuldhulp.engine.printing import PressFailed
from schuldhulp.tasks.access import MayNotSee
from schuldhulp.web.pages import render
from schuldhulp.web.refusals import in_dutch, status_of
from schuldhulp.web.uploads import UploadRefused
from schuldhulp.web.visitors import ForgedPost, NeedsLogin

_log = logging.getLogger("schuldhulp.web")


@dataclass(frozen=True, slots=True)
class FailurePage:
    """`ask_reason`: the address that may be opened all the same, with a reason."""

    title: str
    text: str
    number: str = ""
    ask_reason: str = ""
    back_url: str = "/"
    back_text: str = "Naar mijn taken"
    section: str = ""


def add_failures(app: FastAPI) -> None:
    """Every failure gets a page: what is the matter, and where to go."""
    app.add_exception_handler(NeedsLogin, _login)
    app.add_exception_handler(ForgedPost, _forged)
    app.add_exception_handler(CommandRefused, _refused)
    app.add_exception_handler(UploadRefused, _not_sent)
    app.add_exception_handler(NothingDeployed, _nothing)
    app.add_exception_handler(PressFailed, _no_pdf)
    app.add_exception_handler(RequestValidationError, _unknown)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


def _login(request: Request, error: Exception) -> Response:
    assert isinstance(error, NeedsLogin)
    return RedirectResponse(f"/inloggen?{urlencode({'naar': error.wanted})}", 303)


def _forged(request: Request, error: Exception) -> Response:
    text = "De pagina was verlopen. Ga terug, ververs de pagina en probeer het nog een keer."
    return render("error.html", FailurePage("Niet verstuurd", text), status=403)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, CommandRefused)
    engine, status = request.app.state.engine, status_of(error)
    titles = {404: "Niet gevonden", 403: "Geen toegang", 409: "Een ander was u voor", 500: "Er ging iets mis"}
    ask = request.url.path if isinstance(error, MayNotSee) and request.url.path.count("/") == 2 else ""
    page = FailurePage(titles.get(status, "Dit kan nu niet"), in_dutch(engine, error), ask_reason=ask)
    return render("error.html", page, status=status)


def _not_sent(request: Request, error: Exception) -> Response:
    assert isinstance(error, UploadRefused)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"melding": error.text, "documenten": []}, error.status)
    back = FailurePage("Niet verstuurd", error.text, back_url=request.url.path, back_text="Terug naar de documenten")
    return render("error.html", back, status=error.status)


def _nothing(request: Request, error: Exception) -> Response:
    text = "Er zijn nog geen processen uitgerold. De beheerder kan dat doen met schuldhulp deploy."
    return render("error.html", FailurePage("Nog niets uitgerold", text), status=503)


def _no_pdf(request: Request, error: Exception) -> Response:
    _log.error("no PDF at %s: %s", request.url.path, error)
    text = "Van deze brief kon nu geen PDF worden gemaakt. Maak de tekst korter, of vraag de beheerder om hulp."
    return render("error.html", FailurePage("Geen PDF", text), status=503)


def _unknown(request: Request, error: Exception) -> Response:
    return render("error.html", FailurePage("Niet gevonden", "Deze pagina is er niet."), status=404)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code in (404, 405):
        return _unknown(request, error)
    return render("error.html", FailurePage("Dit kan nu niet", str(error.detail)), status=error.status_code)


def _broken(request: Request, error: Exception) -> Response:
    """A fault of ours. The number stands in the log beside what happened; nothing of it is shown."""
    number = secrets.token_hex(4)
    _log.error("fault %s at %s", number, request.url.path, exc_info=error)
    text = "Door een fout in het systeem kan dit nu niet. Wat u al bewaard had is er nog."
    return render("error.html", FailurePage("Er ging iets mis", text, number), status=500)
