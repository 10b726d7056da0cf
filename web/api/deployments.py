"""Deployments over HTTP, as Camunda Modeler's deploy button sends them: files that replace or join those in force.

Everything in force is checked again with the files that were sent; while there is an error nothing changes, and every finding
is told at once. Running cases stay on what they have.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from schuldhulp.engine.bpmn.graph import Finding, Severity
from schuldhulp.engine.definitions.check import check_files
from schuldhulp.engine.definitions.deployment import Deployment, NotDeployable
from schuldhulp.engine.definitions.placing import placed
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.access import ROLES
from schuldhulp.web.api.callers import AnEngine, Anybody
from schuldhulp.web.api.failures import ApiError
from schuldhulp.web.api.values import encoded, moment

router = APIRouter(prefix="/deployment", tags=["deployments"])
MOST_FILES = 50
_TOLD = 200
"""Findings of one file that are told in one answer."""


@router.get("", summary="Deployments, newest first")
def deployments(caller: Anybody, engine: AnEngine, maxResults: int = 100, firstResult: int = 0) -> Response:
    """With `maxResults=0` a tool asks whether it may come in."""
    caller.actor("deploy")
    known = engine.deployments()[::-1][max(0, firstResult) :][: max(0, maxResults)]
    return _json([_told(each.deployment, "", "", each.valid_from) for each in known])


@router.post(
    "/create",
    summary="Deploy files",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "deployment-name": {"type": "string"},
                            "data": {"type": "string", "format": "binary"},
                        },
                    }
                }
            },
        }
    },
)
async def create(caller: Anybody, engine: AnEngine, request: Request) -> Response:
    """Files under any field name; .bpmn, .dmn, .form and .md.j2. The same files again change nothing."""
    import anyio.to_thread

    by = caller.actor("deploy")
    form = await request.form(max_files=MOST_FILES, max_fields=MOST_FILES)
    files: dict[str, bytes] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files[value.filename or name] = await value.read()
    if not files:
        raise ApiError(
            400, "InvalidRequestException", "No files were sent. Send multipart/form-data with at least one file."
        )
    told = {name: str(form[name]) for name in ("deployment-name", "deployment-source") if name in form}
    answer = await anyio.to_thread.run_sync(_deploy, engine, files, by, told)
    return _json(answer)


def _deploy(engine: Engine, files: dict[str, bytes], by: Actor, told: dict[str, str]) -> dict[str, Any]:
    before = engine.deployment()
    try:
        where = placed(files, before)
    except NotDeployable as error:
        raise _refused(error.findings) from error
    now = {**before.files, **where}
    if now == before.files:
        return _told(before.id, told.get("deployment-name", ""), told.get("deployment-source", ""), engine.clock())
    findings = check_files(now, ROLES)
    if any(one.severity is Severity.ERROR for one in findings):
        raise _refused(findings)
    deployment = engine.deploy(now, by)
    name, source = told.get("deployment-name", ""), told.get("deployment-source", "")
    return {**_told(deployment.id, name, source, engine.clock()), **_definitions(deployment, set(where))}


def _told(ident: str, name: str, source: str, at: datetime) -> dict[str, Any]:
    return {
        "links": [],
        "id": ident,
        "name": name or ident[:12],
        "source": source or None,
        "deploymentTime": moment(at),
        "tenantId": None,
        "deployedProcessDefinitions": None,
        "deployedDecisionDefinitions": None,
    }


def _definitions(deployment: Deployment, paths: set[str]) -> dict[str, Any]:
    """What the files that were sent define."""
    processes = {
        key: {"id": key, "key": key, "name": graph.name, "resource": graph.file, "deploymentId": deployment.id, "version": 1,
              "suspended": False, "tenantId": None, "versionTag": graph.version_tag}
        for key, graph in deployment.graphs.items() if graph.file in paths
    }  # fmt: skip
    decisions = {
        key: {"id": key, "key": key, "resource": model.name, "deploymentId": deployment.id, "version": 1, "tenantId": None}
        for key, model in deployment.decisions.items() if model.name in paths
    }  # fmt: skip
    return {"deployedProcessDefinitions": processes or None, "deployedDecisionDefinitions": decisions or None}


def _refused(findings: tuple[Finding, ...]) -> ApiError:
    """In Camunda's words, so that its tools show them: by file, with line, column and element."""
    errors = [one for one in findings if one.severity is Severity.ERROR]
    details: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for one in findings:
        kind = "errors" if one.severity is Severity.ERROR else "warnings"
        listed = details.setdefault(one.place.file, {"errors": [], "warnings": []})[kind]
        if len(listed) < _TOLD:
            listed.append(
                {
                    "message": f"{one.message} {one.remedy}",
                    "line": one.place.line,
                    "column": one.place.column,
                    "mainElementId": one.element,
                    "elementIds": [one.element] if one.element else [],
                    "code": one.code,
                }
            )
    shown = "\n".join(str(one) for one in errors[:20])
    more = f"\nand {len(errors) - 20} more" if len(errors) > 20 else ""
    text = f"Not deployed: {len(errors)} errors.\n{shown}{more}"
    return ApiError(400, "ParseException", text, {"details": details})


def _json(value: Any) -> Response:
    return Response(encoded(value), media_type="application/json")
