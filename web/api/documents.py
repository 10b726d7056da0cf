"""Documents of a case over HTTP: add one, list them, fetch one (C-D10)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from schuldhulp.engine.case.papers.deciding import Description, Paper
from schuldhulp.engine.case.papers.names import cleaned
from schuldhulp.engine.case.papers.refusals import PaperTooLarge
from schuldhulp.tasks.papers import OPENED
from schuldhulp.web.api.callers import AnEngine, Anybody, engine_of
from schuldhulp.web.api.failures import ApiError
from schuldhulp.web.downloads import file_answer
from schuldhulp.web.uploads import Room, Upload, UploadRefused, read_upload
from schuldhulp.web.visitors import first

router = APIRouter(prefix="/case/{case}/documents", tags=["documents"])
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        **{name: {"type": "string"} for name in ("kind", "description", "sender")},
                        **{name: {"type": "string", "format": "date"} for name in ("received", "dated")},
                    },
                }
            }
        },
    }
}


async def one_file(request: Request, caller: Anybody) -> AsyncIterator[Upload]:
    """The body, read only for a caller whose token is for it."""
    caller.actor("documents", "add")
    limits = await run_in_threadpool(engine_of(request).paper_limits)
    room: Room = request.app.state.room
    with room.share() as share:
        try:
            upload = await read_upload(request, limits.file_bytes, share)
        except UploadRefused as refusal:
            text = "Send one file as multipart/form-data, within the limit of the organisation."
            raise ApiError(refusal.status, "UploadRefusedException", text) from refusal
        yield upload


@router.post("", status_code=201, summary="Add a document", openapi_extra=_FORM)
def add(caller: Anybody, engine: AnEngine, case: str, upload: Annotated[Upload, Depends(one_file)]) -> Response:
    """One file. What it is, is seen from its bytes; the same bytes again give 409 with the number that they have."""
    if len(upload.files) != 1:
        raise ApiError(400, "InvalidRequestException", f"Send one file, not {len(upload.files)}.")
    (file,), fields = upload.files, upload.fields
    if file.content is None:
        raise PaperTooLarge(cleaned(file.name), engine.paper_limits().file_mb)
    given = Description(
        name=file.name,
        kind=first(fields, "kind"),
        description=first(fields, "description"),
        dated=_day("dated", first(fields, "dated")),
        received=_day("received", first(fields, "received")),
        sender=first(fields, "sender"),
    )
    number = engine.add_paper(case, file.content, given, caller.actor("documents", "add")).value
    return JSONResponse(_told(engine.paper(case, number)), 201, {"Location": f"{number}"})


@router.get("", summary="The documents of a case")
def documents(caller: Anybody, engine: AnEngine, case: str) -> list[dict[str, Any]]:
    by = caller.actor("documents", "read")
    found = engine.papers(case)
    engine.record_read(case, by, "documents")
    return [_told(paper) for paper in found if not paper.gone]


@router.get("/{number}", summary="The bytes of a document")
def document(caller: Anybody, engine: AnEngine, case: str, number: int) -> Response:
    by = caller.actor("documents", "read")
    engine.paper(case, number)
    engine.record_read(case, by, OPENED.format(number=number))
    return file_answer(*engine.read_paper(case, number), "attachment")


def _told(paper: Paper) -> dict[str, Any]:
    return {
        "number": paper.document,
        "name": paper.name,
        "mediaType": paper.media_type,
        "size": paper.size,
        "sha256": paper.sha256,
        "kind": paper.kind or None,
        "description": paper.description or None,
        "dated": paper.dated.isoformat() if paper.dated else None,
        "received": paper.received.isoformat() if paper.received else None,
        "sender": paper.sender or None,
        "task": paper.task,
    }


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ApiError(
            400, "InvalidRequestException", f"{name}: {text[:20]!r} is not a day such as 2026-03-16."
        ) from None
