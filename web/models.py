"""Models of deployments as files, for the diagram in the browser."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from schuldhulp.engine.definitions.deployment import DefinitionNotFound
from schuldhulp.web.visitors import Asker

router = APIRouter(include_in_schema=False)


@router.get("/modellen/{deployment}/{process}.bpmn")
def model(who: Asker, deployment: str, process: str) -> Response:
    """The BPMN file that holds a process. A deployment never changes, so neither does the answer."""
    try:
        found = who.engine.deployment(deployment)
        data = found.files[found.graph(process).file]
    except (DefinitionNotFound, KeyError):
        return PlainTextResponse("Dit model is er niet.", 404)
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return Response(data, media_type="application/xml", headers=headers)
