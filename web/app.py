"""The web application over an engine."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from schuldhulp.engine.handle import Engine
from schuldhulp.web import login, models, theming
from schuldhulp.web.api.app import PATHS, create_api
from schuldhulp.web.assets import STATIC, folder, manifest
from schuldhulp.web.auditor import decision, replay
from schuldhulp.web.caseworker import (
    case,
    cover,
    dossier,
    groups,
    inbox,
    inventory,
    letter,
    overview,
    papers,
    post,
    registers,
    signals,
    start,
    task,
)
from schuldhulp.web.failures import add_failures
from schuldhulp.web.login import Hint
from schuldhulp.web.manager import figures, threats
from schuldhulp.web.security import Guard
from schuldhulp.web.throttle import Throttle
from schuldhulp.web.uploads import Room


class Built(StaticFiles):
    """Files with their hash in the name: kept by browsers for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if answer.status_code == 200:
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def create_app(engine: Engine, *, hints: Sequence[Hint] = ()) -> FastAPI:
    """The pages over *engine*. *hints*: trial accounts to show on the login page. Raises AssetsMissing."""
    manifest()
    app = FastAPI(title="Schuldhulp", docs_url=None, redoc_url=None, openapi_url=None, middleware=[Middleware(Guard)])
    app.state.engine, app.state.hints, app.state.throttle, app.state.room = engine, tuple(hints), Throttle(), Room()
    with as_file(folder()) as files:  # a real folder in a checkout and in an installed wheel
        app.mount(STATIC, Built(directory=Path(files)))
    api = create_api(engine, app.state.room)
    for path in PATHS:
        app.mount(path, api)
    ours = (inbox, overview, registers, cover, groups, figures, threats)
    work = (*ours, start, case, dossier, letter, papers, post, signals, inventory, task)
    for part in (login, theming, *work, models, replay, decision):
        app.include_router(part.router)
    app.add_api_route("/gezond", _healthy, include_in_schema=False)
    add_failures(app)
    return app


def _healthy() -> Response:
    """For whoever watches over the service: it answers."""
    return PlainTextResponse("ok")
