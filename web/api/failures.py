"""What a program is told when it cannot have what it asks: JSON with `type` and `message`, as Camunda's tools read them.

Nothing of the inside is told: an error that nobody foresaw gets a number, under which it stands in the server's log.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from schuldhulp.engine.case.errors import BadData, CommandRefused, ModelFailed, NoSuchThing, NotNow
from schuldhulp.engine.case.papers.refusals import FileErased, PaperGone, PaperRefused, PaperThere, PaperTooLarge
from schuldhulp.engine.handle import NoSuchCase, OutOfScope, TooBusy
from schuldhulp.engine.handle.library import NothingDeployed

_log = logging.getLogger("schuldhulp.web.api")


class ApiError(Exception):
    """An answer that refuses. `more`: what goes beside type and message."""

    def __init__(self, status: int, kind: str, message: str, more: Mapping[str, Any] | None = None) -> None:
        self.status, self.kind, self.message, self.more = status, kind, message, dict(more or {})
        super().__init__(message)


def add_failures(api: FastAPI) -> None:
    api.add_exception_handler(ApiError, _told)
    api.add_exception_handler(CommandRefused, _refused)
    api.add_exception_handler(NothingDeployed, _nothing)
    api.add_exception_handler(RequestValidationError, _not_read)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _broken)


def answer(status: int, kind: str, message: str, more: Mapping[str, Any] | None = None) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    headers |= {"Retry-After": "60"} if status in (429, 503) else {}
    return JSONResponse({"type": kind, "message": message, **(more or {})}, status, headers)


def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return answer(error.status, error.kind, error.message, error.more)


def _refused(request: Request, error: Exception) -> Response:
    match error:
        case OutOfScope():
            return answer(403, "AuthorizationException", str(error))
        case NoSuchCase() | NoSuchThing():
            return answer(404, "NotFoundException", "There is no such thing.")
        case BadData() | NotNow():
            return answer(400, "BadUserRequestException", str(error))
        case PaperThere():
            return answer(409, "DocumentThereException", str(error), {"number": error.number})
        case PaperTooLarge():
            return answer(413, "DocumentTooLargeException", str(error))
        case PaperRefused():
            return answer(400, "DocumentRefusedException", str(error), {"code": error.code})
        case PaperGone() | FileErased():
            return answer(410, "GoneException", str(error))
        case TooBusy():
            return answer(503, "TooBusyException", "Others kept changing this case. Try again.")
        case ModelFailed():  # the text may tell of a person; whoever keeps things running finds it as an incident
            text = f"The process could not go on at {error.element or 'this point'}; an incident says why. Nothing was kept."
            return answer(500, "ProcessEngineException", text)
    assert isinstance(error, CommandRefused)
    return answer(400, "BadUserRequestException", f"Refused ({error.code}).")


def _nothing(request: Request, error: Exception) -> Response:
    return answer(503, "NothingDeployedException", str(error))


def _not_read(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    where = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return answer(400, "InvalidRequestException", where)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kinds = {404: "NotFoundException", 405: "MethodNotAllowedException"}
    text = f"{request.method} {request.url.path}: {error.detail}. See openapi.json for what there is."
    return answer(error.status_code, kinds.get(error.status_code, "RestException"), text)


def _broken(request: Request, error: Exception) -> Response:
    number = secrets.token_hex(4)
    _log.error("%s %s failed (%s)", request.method, request.url.path, number, exc_info=error)
    return answer(500, "ProcessEngineException", f"Something went wrong here. The server's log has it under {number}.")
