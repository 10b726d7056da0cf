"""The application for programs, mounted beside the pages: bearer tokens only, JSON in and out, never a cookie.

It speaks the part of the Camunda 7 REST API that the public external-task clients and Camunda Modeler's deploy button use,
so that these work unchanged. Pages of any origin may call it (CORS without credentials): what counts is the token.
"""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from schuldhulp.engine.handle import Engine
from schuldhulp.web.api import deployments, documents, external_tasks, messages
from schuldhulp.web.api.callers import Anybody
from schuldhulp.web.api.failures import add_failures
from schuldhulp.web.throttle import Throttle
from schuldhulp.web.uploads import Room

PATHS = ("/engine-rest", "/api/v1")
"""Where Camunda's tools look for it, and its own name. One application."""
SPOKEN = "7.21.0"
"""The version of the Camunda REST API that is spoken here, as `GET /version` says it."""

status = APIRouter(tags=["version"])


@status.get("/version", summary="The version of the REST API")
def version(caller: Anybody) -> dict[str, str]:
    """Camunda Modeler asks it before it deploys."""
    return {"version": SPOKEN}


def create_api(engine: Engine, room: Room) -> FastAPI:
    """The application over *engine*, with *room* for files that come in; described at `openapi.json`."""
    cors = Middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "accept", "idempotency-key"],
        max_age=600,
    )
    api = FastAPI(title="Schuldhulp for programs", version=SPOKEN, docs_url=None, redoc_url=None, middleware=[cors])
    api.state.engine, api.state.throttle, api.state.room = engine, Throttle(most=20), room
    for part in (status, external_tasks.router, messages.router, documents.router, deployments.router):
        api.include_router(part)
    add_failures(api)
    return api
