"""The inventory of a task as a spreadsheet: fetch it, bring it back, see what it changes, and only then take it over."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from schuldhulp.engine.history.errors import DraftConflict
from schuldhulp.tasks.imports.cells import FileRefused
from schuldhulp.tasks.inventory.filling import (
    SheetHasProblems,
    export_task,
    keep_sheet,
    kept,
    lists_of_task,
    look_at_sheet,
)
from schuldhulp.tasks.inventory.reading import Change, Looked, Problem
from schuldhulp.tasks.work import OpenTask, see_task
from schuldhulp.web.caseworker.access import admit
from schuldhulp.web.pages import render
from schuldhulp.web.visitors import Asker, FilePoster, PostedFile, Visitor, first, note, whole
from schuldhulp.web.words import count

router = APIRouter(include_in_schema=False, prefix="/zaken/{case}/taken/{task}/inventaris")
LARGEST = 1_000_000
"""Bytes of a file here; a larger one goes by the command line."""
SHOWN = 300
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOW = {"nieuw": "Nieuw", "gewijzigd": "Gewijzigd", "weg": "Verdwijnt"}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    sheet: str
    number: str
    how: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetPage:
    """`content`: the file that was looked at, in base64, to be taken over with the next post, which looks again."""

    case: str
    case_url: str
    task_url: str
    url: str
    task: str
    lists: tuple[tuple[str, str], ...]
    mine: bool
    chosen: str = ""
    complaint: str = ""
    problems: tuple[Problem, ...] = ()
    changes: tuple[ChangeRow, ...] = ()
    more: int = 0
    ready: str = ""
    ignored: str = ""
    content: str = ""
    version: int = 0
    title: str = "Rekenblad"
    section: str = "taken"


@router.get("")
def show(who: Asker, case: str, task: int) -> Response:
    admit(who, case, "rekenblad")
    return _page(who, _see(who, case, task), 200)


@router.get("/rekenblad.xlsx")
def workbook(who: Asker, case: str, task: int) -> Response:
    return _download(who, case, task, "")


@router.get("/{only}.csv")
def comma_separated(who: Asker, case: str, task: int, only: str) -> Response:
    return _download(who, case, task, only)


@router.post("")
def look(who: FilePoster, sent: PostedFile, case: str, task: int) -> Response:
    """What the file would change; nothing is taken over yet."""
    fields, content = sent
    admit(who, case, "rekenblad terugzetten")
    shown, only = _see(who, case, task), first(fields, "lijst")
    if len(content) > LARGEST:
        text = f"Het bestand is groter dan {LARGEST // 1_000_000} MB. Laat weg wat niet nodig is."
        return _page(who, shown, 422, chosen=only, complaint=text)
    return _looked(who, shown, content, only)


@router.post("/overnemen")
def take(who: FilePoster, sent: PostedFile, case: str, task: int) -> Response:
    """Into the draft: the file comes back with the page and is looked at once more."""
    fields, _ = sent
    admit(who, case, "rekenblad terugzetten")
    shown, only = _see(who, case, task), first(fields, "lijst")
    if shown.task.claimed_by != who.person.account:
        return _looked(who, shown, b"", only)
    try:
        content = base64.b64decode(first(fields, "bestand"), validate=True)
    except binascii.Error:
        return _page(who, shown, 422, chosen=only, complaint="Het bestand is niet goed aangekomen. Kies het opnieuw.")
    try:
        keep_sheet(who.engine, shown, who.person, content, only, whole(fields, "concept_versie") or 0)
    except DraftConflict:
        text = "Uw concept is intussen veranderd. Kijk hieronder wat het bestand nu wijzigt."
        return _looked(who, shown, content, only, text)
    except (FileRefused, SheetHasProblems):
        return _looked(who, shown, content, only)
    return note(RedirectResponse(f"/zaken/{case}/taken/{task}", 303), "overgenomen")


def _see(who: Visitor, case: str, task: int) -> OpenTask:
    return see_task(who.engine, case, task, who.person.actor())


def _download(who: Visitor, case: str, task: int, only: str) -> Response:
    admit(who, case, "rekenblad ophalen")
    shown = _see(who, case, task)
    content = export_task(shown, kept(who.engine, case, task, who.person.account).raw, only)
    name = f"{case}-{only}.csv" if only else f"{case}-inventarisatie.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv; charset=utf-8" if only else XLSX, headers=headers)


def _looked(who: Visitor, shown: OpenTask, content: bytes, only: str, complaint: str = "") -> Response:
    if shown.task.claimed_by != who.person.account:
        return _page(who, shown, 409, complaint="Deze taak is niet van u. Pak de taak eerst op.")
    try:
        looked, version = look_at_sheet(who.engine, shown, who.person, content, only)
    except FileRefused as error:
        return _page(who, shown, 422, chosen=only, complaint=str(error))
    return _page(
        who, shown, 422 if looked.problems or complaint else 200, chosen=only, complaint=complaint, looked=looked,
        content="" if looked.problems else base64.b64encode(content).decode(), version=version,
    )  # fmt: skip


def _page(
    who: Visitor, shown: OpenTask, status: int, *, chosen: str = "", complaint: str = "", looked: Looked | None = None,
    content: str = "", version: int = 0,
) -> Response:  # fmt: skip
    case, task = shown.case.number, shown.task
    problems = looked.problems if looked else ()
    changes = looked.changes if looked and not problems else ()
    task_url = f"/zaken/{case}/taken/{task.task}"
    lists = lists_of_task(shown, kept(who.engine, case, task.task, who.person.account).raw)
    page = SheetPage(
        case=case,
        case_url=f"/zaken/{case}",
        task_url=task_url,
        url=f"{task_url}/inventaris",
        task=task.name,
        lists=tuple((one.sheet.key, one.sheet.title) for one in lists),
        mine=task.claimed_by == who.person.account,
        chosen=chosen,
        complaint=complaint,
        problems=problems[:SHOWN],
        changes=tuple(_row(change) for change in changes[:SHOWN]),
        more=max(0, len(problems or changes) - SHOWN),
        ready=_ready(changes) if looked and not problems else "",
        ignored=", ".join(looked.ignored) if looked else "",
        content=content,
        version=version,
    )
    return render("inventory.html", page, who.shell, status=status)


def _ready(changes: tuple[Change, ...]) -> str:
    if not changes:
        return "Het bestand is gelijk aan wat er al staat. Er verandert niets."
    kinds = [(len([one for one in changes if one.how == how]), words) for how, words in
             (("nieuw", "nieuw"), ("gewijzigd", "gewijzigd"), ("weg", "weg"))]  # fmt: skip
    return ", ".join(f"{count(number, 'regel', 'regels')} {words}" for number, words in kinds if number) + "."


def _row(change: Change) -> ChangeRow:
    cells = tuple(
        f"{head}: {now}" if change.how == "nieuw" else f"{head}: {was}" if change.how == "weg"
        else f"{head}: {was or 'leeg'} wordt {now or 'leeg'}"
        for head, was, now in change.cells
    )  # fmt: skip
    return ChangeRow(change.sheet, change.number, HOW[change.how], cells)
